"""Table A: text files as they come."""

import gzip
import io
import zipfile

import numpy as np

from .cases import ROWS, Case, clean, rows, text

_TABLE = rows(2)


def _line(number, change):
    """Live with one line changed; the header is line 1."""
    lines = text(_TABLE).splitlines()
    lines[number - 1] = change(lines[number - 1])
    return ("\n".join(lines) + "\n").encode()


def _without(number):
    lines = text(_TABLE).splitlines()
    del lines[number - 1]
    return ("\n".join(lines) + "\n").encode()


def _cut(content, count):
    return content[:-count]


def _last(age, rest):
    lines = text(_TABLE[:-1]).encode()
    return lines + f"{age}{rest}".encode()


def _thousands():
    table = [(f"{float(age) * 100:,.2f}", town, visits) for age, town, visits in _TABLE]
    return text(table).encode()


def _hundredfold():
    return text([(f"{float(age) * 100:.2f}", town, v) for age, town, v in _TABLE]).encode()


_TOKENS = ("-", "?", "N/A", "null", "#N/A", " ")


def _tokens():
    table = [(_TOKENS[i % 6] if i % 10 == 0 else a, t, v) for i, (a, t, v) in enumerate(_TABLE)]
    return text(table).encode()


def _holes():
    table = [("" if i % 10 == 0 else a, t, v) for i, (a, t, v) in enumerate(_TABLE)]
    return text(table).encode()


def _country(values, seed):
    chosen = np.random.default_rng(seed).choice(values, ROWS)
    return text([(a, str(c), v) for (a, _, v), c in zip(_TABLE, chosen, strict=True)]).encode()


def _blanks():
    header = (" age", "town ", " visits ")
    return text([(f" {a}", f" {t} ", f"{v} ") for a, t, v in _TABLE], header=header).encode()


def _workbook():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["age", "town", "visits"])
    for age, town, visits in _TABLE:
        book.active.append([float(age), town, int(visits)])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _wide(seed):
    rng = np.random.default_rng(seed)
    lines = [",".join(f"c{i}" for i in range(500))]
    lines += [",".join(map(str, row)) for row in rng.integers(0, 50, (10_000, 500)).tolist()]
    return ("\n".join(lines) + "\n").encode()


def _bomb():
    row = b"1.5,Oslo,3\n" * 100_000
    content = io.BytesIO()
    with gzip.open(content, "wb", compresslevel=1) as packed:
        packed.write(b"age,town,visits\n")
        for _ in range(20):
            packed.write(row)
    return content.getvalue()


def _sentinel():
    table = [("-999" if i % 5 == 0 else a, t, v) for i, (a, t, v) in enumerate(_TABLE)]
    return text(table).encode()


def _lines_inside(end):
    table = [(a, t.replace(", ", ",\n").replace("Oslo", 'O\n"s"lo'), v) for a, t, v in _TABLE]
    return text(table, end=end).encode()


def _code(values):
    chosen = np.random.default_rng(3).choice(values, ROWS)
    return text([(a, c, v) for (a, _, v), c in zip(_TABLE, chosen, strict=True)]).encode()


def _page():
    return b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>login</body></html>\n"


def _picture():
    noise = np.random.default_rng(1).integers(0, 256, 4000, dtype=np.uint8).tobytes()
    return b"\x89PNG\r\n\x1a\n" + noise


def _noise():
    return np.random.default_rng(2).integers(0, 256, 4000, dtype=np.uint8).tobytes()


def _zip():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/live.csv", clean())
    return content.getvalue()


_SMALL = "[reading.live]\nmax_mb = 1\n"
_NAMES = ("age", "town", "visits")

CASES = [
    Case("A01", "E", "empty_file", lambda: b"", words=("live.csv",)),
    Case("A01-reference", "E", "empty_file", clean, lambda: b"", role="reference"),
    Case("A02", "E", "no_rows", lambda: b"age,town,visits\n"),
    Case("A02-reference", "E", "no_rows", clean, lambda: b"age,town,visits\n", role="reference"),
    Case("A03", "OK", live=lambda: b"\xef\xbb\xbf" + clean(), clean=clean),
    Case("A04", "OK", live=lambda: text(_TABLE).encode("utf-16"), clean=clean, words=("UTF-16",)),
    Case("A04-big-endian", "OK", live=lambda: "\ufeff".encode("utf-16-be") + text(_TABLE).encode("utf-16-be"), clean=clean),
    Case("A05", "W", "encoding_guessed", lambda: text(_TABLE).encode("cp1252"), clean=clean, words=("cp1252",)),
    Case("A05-fixed", "E", "wrong_encoding", lambda: text(_TABLE).encode("cp1252"), settings='[reading]\nencoding = "utf-8"\n', words=("utf-8",), page=False),
    Case("A06", "OK", live=lambda: text(_TABLE, delimiter=";", point=",").encode(), clean=clean, words=("semicolon", "decimal comma")),
    Case("A07", "OK", live=lambda: text(_TABLE, delimiter="\t").encode(), clean=clean),
    Case("A07-bar", "OK", live=lambda: text(_TABLE, delimiter="|").encode(), clean=clean),
    Case("A08", "OK", live=lambda: text(_TABLE, end="\r").encode(), clean=clean),
    Case("A08-crlf", "OK", live=lambda: text(_TABLE, end="\r\n").encode(), clean=clean),
    Case("A08-mixed", "OK", live=lambda: text(_TABLE[:200], end="\r\n").encode() + text(_TABLE[200:], header=None).encode(), clean=clean),
    Case("A09", "W", "truncated_row", lambda: _last("-0.12", ""), clean=lambda: text(_TABLE[:-1]).encode(), words=("401",)),
    Case("A09-quoted", "W", "truncated_row", lambda: _last("-0.12", ',"Köl'), clean=lambda: text(_TABLE[:-1]).encode()),
    Case("A09-fits", "W", "no_final_newline", lambda: clean().rstrip(b"\n"), clean=clean),
    Case("A10", "E", "unclosed_quote", lambda: _line(57, lambda line: f'1.5,"{line}'), words=("57",)),
    Case("A10-last", "E", "unclosed_quote", lambda: _line(401, lambda _: '1.5,"Oslo,3'), words=("401",)),
    Case("A11", "W", "bad_rows", lambda: _line(40, lambda line: line + ",9"), clean=lambda: _without(40), words=("40",)),
    Case("A12", "W", "bad_rows", lambda: _line(77, lambda _: "1.5"), clean=lambda: _without(77), words=("77",)),
    Case("A13", "E", "duplicate_columns", lambda: text(_TABLE, header=("age", "town", "age")).encode(), words=("age",)),
    Case("A13-trimmed", "E", "duplicate_columns", lambda: text(_TABLE, header=("age", "town", " age")).encode()),
    Case("A14", "W", "unnamed_column", lambda: text(_TABLE, header=("age", "town", "")).encode(), words=("column_3",), extra={"missing": "visits"}),
    Case("A14-trailing", "W", "unnamed_column", lambda: text(_TABLE, end=",\n").encode(), clean=clean),
    Case("A14-body", "W", "unnamed_column", lambda: b"age,town,visits\n" + text(_TABLE, header=None, end=",\n").encode(), clean=clean),
    Case("A15", "W", "preamble_skipped", lambda: "Visitors\nof May, 2026\n".encode() + clean(), clean=clean),
    Case("A15-none", "E", "no_header", lambda: b"Visitors\nof May\n" + text(_TABLE, header=None).encode(), words=("age",)),
    Case("A16", "E", "no_header", lambda: text(_TABLE, header=None).encode(), words=("age, town, visits", _TABLE[0][0])),
    Case("A16-reference", "E", "no_header", clean, lambda: text(_TABLE, header=None).encode(), role="reference"),
    Case("A17", "E", "not_a_table", _page, words=("HTML",)),
    Case("A18", "E", "not_a_table", _picture),
    Case("A18-noise", "E", "not_a_table", _noise),
    Case("A19", "OK", live=_workbook, clean=clean, words=("workbook",)),
    Case("A20", "OK", live=lambda: gzip.compress(clean()), clean=clean),
    Case("A20-zip", "OK", live=_zip, clean=clean),
    Case("A21", "E", "too_big", _bomb, settings=_SMALL, words=("1 MB", "max_mb"), page=False),
    Case("A22", "E", "nul_bytes", lambda: _line(30, lambda line: line[:2] + "\0" + line[2:]), words=("30",)),
    Case("A23", "W", "numbers_reformatted", _thousands, _hundredfold, clean=_hundredfold, feature="age"),
    Case("A24", "W", "missing_tokens", _tokens, clean=_holes, feature="age", words=("N/A (", "#N/A (")),
    Case("A25", "OK", live=lambda: _country(["NA", "None", "DE", "null"], 5), reference=lambda: _country(["NA", "None", "DE", "null"], 4), extra={"labels": {"NA", "None", "DE", "null"}}),
    Case("A26", "OK", live=lambda: _code(["7", "12"]), reference=lambda: _code(["007", "12"]), extra={"new": ["7"], "vanished": ["007"]}),
    Case("A27", "W", "names_trimmed", _blanks, clean=clean),
    Case("A28", "E", "too_big", lambda: text(rows(2, 60_000)).encode(), settings=_SMALL, words=("max_mb", "drift profile"), page=False),
    Case("A29", "OK", live=lambda: _wide(2), reference=lambda: _wide(1), verdict="stable", page=False),
    Case("A30", "E", "line_too_long", lambda: b"age,town,visits\n" + b"x" * 50_000_000, page=False),
    Case("A31", "OK", live=lambda: _lines_inside("\n"), reference=lambda: _lines_inside("\n")),
    Case("A31-crlf", "OK", live=lambda: _lines_inside("\r\n"), reference=lambda: _lines_inside("\n"), clean=lambda: _lines_inside("\n")),
    Case("A32", "OK", live=_sentinel, verdict="drift", extra={"first": ("age", -999.0)}),
    Case("A33", "W", "preamble_skipped", lambda: b"# made by a tool\n# on a day, 2026\n" + clean(), clean=clean),
    Case("A33-reference", "W", "preamble_skipped", clean, lambda: b"# made by, a tool\n#\n" + clean(), role="reference"),
]
