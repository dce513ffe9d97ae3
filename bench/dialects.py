# ruff: noqa: INP001 (a script: its folder is no package)
"""How often the dialect of an odd text file is told right, beside `csv.Sniffer` and clevercsv.

    python bench/dialects.py      (clevercsv takes part if it is installed)

The corpus is made here, so the truth is known: encoding, delimiter, quote, decimal mark and the
line of the header. What another library does not tell is not asked of it.
"""

import csv
import io
import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from core.reading.dialects import decoded, detect
from core.reading.headers import find_header
from core.reading.options import Wishes

TOWNS = ["Oslo", "São Paulo", "Köln, Süd", "'s-Hertogenbosch", 'the "Hague"', "Łódź; Nord", "a|b"]
PROSE = [
    "It rained, and then it did not.",
    "See note 3; then go on.",
    'Size 5" pipe',
    "N/A",
    "O'Neil",
]


@dataclass(frozen=True)
class Truth:
    """One file and how it is written."""

    name: str
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    encoding: str = "utf-8"
    header_line: int = 1
    content: bytes = b""


def columns(kind: str, rng: random.Random, rows: int, decimal: str) -> list[list[str]]:
    """Make a table of one nature, header first."""

    def number() -> str:
        return f"{rng.gauss(50, 20):.2f}".replace(".", decimal)

    makers = {
        "numbers": lambda: [str(rng.randrange(1000)), number(), number()],
        "towns": lambda: [str(rng.randrange(99)), rng.choice(TOWNS), number()],
        "prose": lambda: [number(), rng.choice(PROSE), str(rng.randrange(5))],
        "times": lambda: [
            f"2026-{rng.randrange(1, 13):02}-11 {rng.randrange(24):02}:30:00",
            number(),
        ],
        "dates": lambda: [f"{rng.randrange(1, 29)}/{rng.randrange(1, 13)}/2026", rng.choice(TOWNS)],
        "holes": lambda: [rng.choice(["", number()]), rng.choice(["", "x"]), rng.choice(["", "7"])],
        "codes": lambda: [f"{rng.randrange(999):03}", rng.choice("ABC"), rng.choice(["yes", "no"])],
        "wide": lambda: [number() for _ in range(60)],
    }
    body = [makers[kind]() for _ in range(rows)]
    return [[f"{kind} {place}" for place in range(1, len(body[0]) + 1)], *body]


def written(table: list[list[str]], truth: Truth, *, end: str = "\n", every: bool = False) -> str:
    """Write a table in the dialect of `truth`."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(
        text, delimiter=truth.delimiter, quotechar=truth.quote, lineterminator=end, quoting=quoting
    ).writerows(table)
    return text.getvalue()


def corpus() -> Iterator[Truth]:
    """Make the files: every nature in every delimiter, then what is odd about real ones."""
    rng = random.Random(7)  # noqa: S311 (a corpus, no secret)
    kinds = ("numbers", "towns", "prose", "times", "dates", "holes", "codes", "wide")
    for kind, mark in itertools.product(kinds, ",;\t|"):
        decimal = "," if mark == ";" else "."
        truth = Truth(
            f"{kind} by {mark!r}", mark, decimal=decimal if kind not in {"dates", "codes"} else "."
        )
        yield finished(truth, written(columns(kind, rng, 60, truth.decimal), truth))
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"):
        truth = Truth(f"towns in {encoding}", encoding=encoding)
        table = [[c.replace("Łódź", "Lodz") for c in row] for row in columns("towns", rng, 60, ".")]
        yield finished(truth, written(table, truth))
    for rows, kind in itertools.product((1, 2, 4), ("numbers", "towns", "prose")):
        truth = Truth(f"{kind} of {rows} rows", ";", decimal=",")
        yield finished(truth, written(columns(kind, rng, rows, ","), truth))
    for end in ("\r\n", "\r"):
        truth = Truth(f"towns with ends {end!r}", ";", decimal=",")
        yield finished(truth, written(columns("towns", rng, 60, ","), truth, end=end))
    for kind in ("numbers", "towns", "times"):
        truth = Truth(f"{kind}, all quoted", ",")
        yield finished(truth, written(columns(kind, rng, 60, "."), truth, every=True))
        truth = Truth(f"{kind}, single quotes", ";", quote="'")
        table = [[c.replace("'", "") for c in row] for row in columns(kind, rng, 60, ".")]
        yield finished(truth, written(table, truth, every=True))
    yield from with_preambles(rng)
    yield from others(rng)
    yield from hard(rng)


def with_preambles(rng: random.Random) -> Iterator[Truth]:
    """Put titles, comments and blank lines before the header."""
    above = {
        "two titles": "Report\nof May, 2026\n",
        "comments": "# tool 1.2, build 7\n# a, b, c\n",
        "title and blank line": "Sales; all of them\n\n",
        "seven lines": "".join(f"Line {i} of the preamble\n" for i in range(7)),
        "a key and a value": "Created:,2026-01-01\n\n",
    }
    for (name, lines), kind in itertools.product(above.items(), ("numbers", "towns")):
        truth = Truth(f"{kind} after {name}", ",", header_line=lines.count("\n") + 1)
        yield finished(truth, lines + written(columns(kind, rng, 60, "."), truth))


def others(rng: random.Random) -> Iterator[Truth]:
    """Make what fits nowhere else."""
    semicolon = Truth("decimal commas with thousands points", ";", decimal=",")
    rows = [[f"{i}.{i:03},{i:02}", rng.choice(TOWNS)] for i in range(10, 70)]
    yield finished(semicolon, written([["amount", "town"], *rows], semicolon))
    comma = Truth("thousands commas in quotes")
    yield finished(
        comma,
        written([["amount", "n"], *([f"{i},{i:03}.50", str(i)] for i in range(10, 70))], comma),
    )
    quoted = Truth("decimal commas in quotes", decimal=",")
    yield finished(
        quoted, written([["amount", "n"], *([f"{i},5", str(i)] for i in range(60))], quoted)
    )
    ragged = Truth("ragged rows")
    table = columns("numbers", rng, 60, ".")
    table[9] = [*table[9], "9"]
    table[20] = table[20][:1]
    yield finished(ragged, written(table, ragged))
    trailing = Truth("trailing delimiters", ";")
    yield finished(
        trailing, written([[*row, ""] for row in columns("codes", rng, 60, ".")], trailing)
    )
    lines = Truth("line breaks in quotes")
    table = [[c.replace(", ", ",\n") for c in row] for row in columns("towns", rng, 60, ".")]
    yield finished(lines, written(table, lines))
    escaped = Truth("quotes escaped by a backslash")
    body = "".join(f'{i},"say \\"{i}, twice\\", then",x\n' for i in range(60))
    yield finished(escaped, "n,said,mark\n" + body)
    blank = Truth("blank lines between", ";")
    yield finished(blank, written(columns("codes", rng, 60, "."), blank).replace("\n", "\n\n"))
    for mark in "^~\x01":
        rare = Truth(f"codes by {mark!r}", mark)
        yield finished(rare, written(columns("codes", rng, 60, "."), rare))
    years = Truth("years as names")
    yield finished(
        years,
        written(
            [["town", "2024", "2025", "2026"], *([t, "1.5", "2.5", "3.5"] for t in "abcdefgh")],
            years,
        ),
    )
    spaced = Truth("blanks after delimiters")
    yield finished(spaced, written(columns("numbers", rng, 60, "."), spaced).replace(",", ", "))


def hard(rng: random.Random) -> Iterator[Truth]:
    """Make short files, files of one column, and values that hold other delimiters."""
    values = {
        "names": lambda: f"{rng.choice(['Doe', 'Roe', 'Poe'])}, {rng.choice(['Jo', 'Al', 'Di'])}",
        "lists": lambda: ";".join("abc"[: rng.randrange(1, 4)]),
        "places": lambda: f"{rng.random() * 90:.4f},{rng.random() * 90:.4f}",
        "records": lambda: f'{{"a": {rng.randrange(9)}, "b": [1, 2]}}',
        "links": lambda: f"http://host:80/a?b={rng.randrange(9)}|c;d",
        "versions": lambda: f"{rng.randrange(9)}.{rng.randrange(9)}.{rng.randrange(9)}",
        "spans": lambda: f"{rng.randrange(24):02}:{rng.randrange(60):02} - 23:59",
        "commas": lambda: f"{rng.random():.2f}".replace(".", ","),
    }
    for (kind, value), mark, rows in itertools.product(values.items(), ",;\t", (3, 40)):
        decimal = "," if kind == "commas" else "."
        truth = Truth(f"{kind} by {mark!r} in {rows} rows", mark, decimal=decimal)
        table = [["id", kind], *([str(i), value()] for i in range(rows))]
        yield finished(truth, written(table, truth))
    for kind in ("names", "versions", "spans", "commas"):
        truth = Truth(f"{kind} alone", "", decimal="," if kind == "commas" else ".")
        yield finished(truth, kind + "\n" + "".join(f"{values[kind]()}\n" for _ in range(40)))
    for mark in ";\t":
        told = Truth(f"sep={mark!r} in the first line", mark, header_line=2)
        table = written(columns("codes", rng, 40, "."), told)
        yield finished(told, f"sep={mark}\n{table}")


def finished(truth: Truth, text: str) -> Truth:
    """Encode the text."""
    return replace(truth, content=text.encode(truth.encoding))


def ours(truth: Truth) -> dict[str, object]:
    """Tell the dialect with the product's own reader."""
    dialect = detect(truth.content)
    text = decoded(truth.content, dialect.encoding).removeprefix("\ufeff")
    lines = io.StringIO(text, newline=None).readlines()
    header = find_header(lines, dialect, Wishes())
    return {
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "decimal": dialect.decimal,
        "encoding": dialect.encoding,
        "header_line": header.lines,
    }


def sniffed(truth: Truth) -> dict[str, object]:
    """Tell the dialect with the standard library."""
    found = csv.Sniffer().sniff(truth.content.decode(truth.encoding)[:8192])
    return {"delimiter": found.delimiter, "quote": found.quotechar}


def clever(truth: Truth) -> dict[str, object]:
    """Tell the dialect with clevercsv."""
    import clevercsv  # noqa: PLC0415 (it need not be there)

    found = clevercsv.Sniffer().sniff(truth.content.decode(truth.encoding))
    if found is None:
        raise ValueError("no dialect")
    return {"delimiter": found.delimiter, "quote": found.quotechar or '"'}


def main() -> None:
    """Print the score of each reader, and what ours got wrong."""
    files = list(corpus())
    right: Counter[tuple[str, str]] = Counter()
    wrong = []
    for truth, (name, tell) in itertools.product(files, READERS.items()):
        try:
            told = tell(truth)
        except ImportError:
            continue
        except Exception as error:  # noqa: BLE001 (a reader that gives up is wrong)
            told = {"delimiter": f"{type(error).__name__}: {error}"[:60]}
        for key in ("delimiter", "quote", "decimal", "encoding", "header_line"):
            is_right = told.get(key) == getattr(truth, key)
            if key == "delimiter" and not truth.delimiter:  # one column: a mark that is not there
                is_right = str(told.get(key)).encode() not in truth.content
            right[name, key] += is_right
            if name == "ours" and not is_right:
                wrong.append(
                    f"{truth.name}: {key} {told.get(key)!r}, truly {getattr(truth, key)!r}"
                )
    print(f"{len(files)} files")  # noqa: T201
    for (name, key), count in right.items():
        if count:
            print(f"{name:10} {key:12} {count:3} right")  # noqa: T201
    print(*wrong, sep="\n")  # noqa: T201


READERS = {"ours": ours, "Sniffer": sniffed, "clevercsv": clever}

if __name__ == "__main__":
    main()
