"""Numbers as people write them: thousands marks, decimal commas, percent, brackets for minus."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:inf|infinity|nan)$"

# Texts that stand for no value where a number or a time is meant, in lower case.
MISSING = frozenset(
    {
        "na",
        "n/a",
        "n.a.",
        "#n/a",
        "<na>",
        "nan",
        "nat",
        "null",
        "(null)",
        "none",
        "nil",
        "missing",
        "-",
        "--",
        "—",
        ".",
        "?",
        "*",
        "\\n",
        "#null!",
        "#value!",
        "#ref!",
        "#div/0!",
        "#name?",
        "#num!",
        "-nan",
        "1.#qnan",
    }
)

CLOCK = r"^(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?::(?P<rest>[0-5]\d(?:\.\d+)?))?$"

_BLANKS = " \u00a0\u2009\u202f'’_"  # between thousands, whatever the decimal mark
_CURRENCY = r"^([+-]?)\s*[$€£¥₹]\s*|\s*[$€£¥₹]$"
_BRACKETS = r"^\(\s*([0-9][^()+-]*)\)$"
_MINUS_BEHIND = r"^([0-9][^()+-]*)-$"


def is_missing(texts: pa.Array) -> pa.Array:
    """Tell which trimmed texts stand for no value; the empty one does not count."""
    return pc.is_in(pc.utf8_lower(texts), value_set=listed(sorted(MISSING)).cast(texts.type))


def listed(texts: Sequence[str]) -> pa.Array:
    """Give texts as an array; `pa.array` would import pandas, which takes a third of a second."""
    letters = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, letters)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(letters))]
    return pa.Array.from_buffers(pa.string(), len(letters), buffers)


def plain(texts: pa.Array, decimal: str, thousands: str | None = None) -> pa.Array:
    """Rewrite numbers in the usual form; what is no number stays as it is.

    >>> plain(pa.array(["1.234,5", "(12)", "7 %", "x"]), ",").to_pylist()
    ['1234.5', '-12', '7e-2', 'x']
    """
    texts = pc.replace_substring(pc.utf8_trim_whitespace(texts), "−", "-")
    texts = pc.replace_substring_regex(texts, _CURRENCY, r"\1")
    texts = pc.replace_substring_regex(texts, _BRACKETS, r"-\1")
    texts = pc.replace_substring_regex(texts, _MINUS_BEHIND, r"-\1")
    other = "." if decimal == "," else ","
    marks = re.escape(thousands or _BLANKS + other)
    mark = re.escape(decimal)
    groups = rf"^[+-]?[0-9]{{1,3}}([{marks}][0-9]{{2,3}})*[{marks}][0-9]{{3}}({mark}[0-9]*)?\s*%?$"
    grouped = pc.match_substring_regex(texts, groups)
    texts = pc.if_else(grouped, pc.replace_substring_regex(texts, f"[{marks}]", ""), texts)
    if decimal == ",":
        comma = pc.match_substring_regex(texts, r"^[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?\s*%?$")
        texts = pc.if_else(comma, pc.replace_substring(texts, ",", "."), texts)
        # 1.5 is no number there; unless the whole file says otherwise, see `decimal_of`
    return pc.replace_substring_regex(texts, r"^([+-]?[0-9]*\.?[0-9]+)\s*%$", r"\1e-2")


def seconds(texts: pa.Array) -> pa.Array:
    """Write times of day as seconds since midnight; what is none stays as it is.

    >>> seconds(pa.array(["10:30", "0:00:01.5", "x"])).to_pylist()
    ['37800', '1.5', 'x']
    """
    parts = pc.extract_regex(texts, CLOCK)
    if not len(parts.drop_null()):
        return texts
    hours, minutes, rest = (
        pc.coalesce(pc.if_else(pc.equal(part, ""), None, part), "0").cast(pa.float64())
        for part in (parts.field(name) for name in ("hours", "minutes", "rest"))
    )
    total = pc.add(pc.multiply(hours, 3600.0), pc.add(pc.multiply(minutes, 60.0), rest))
    return pc.if_else(pc.is_valid(parts), total.cast(pa.string()), texts)


def are_numbers(texts: pa.Array) -> pa.Array:
    """Tell which texts are numbers in the usual form."""
    return pc.match_substring_regex(texts, PLAIN)


def decimal_of(texts: pa.Array, likely: str) -> str:
    """Tell the decimal mark under which more of the texts are numbers; `likely` where equal."""
    unlikely = "." if likely == "," else ","
    hits = {mark: _hits(texts, mark) for mark in (likely, unlikely)}
    return max((likely, unlikely), key=lambda mark: hits[mark])


def _hits(texts: pa.Array, decimal: str) -> int:
    return count(are_numbers(plain(texts, decimal)))


def count(mask: pa.Array) -> int:
    """Count what is true."""
    return int(pc.sum(mask).as_py() or 0)


def share(part: Sequence[object] | pa.Array, matching: pa.Array) -> float:
    """Tell the share of `part` that is matching; 0 of nothing."""
    return count(matching) / len(part) if len(part) else 0.0
