"""Nothing raises out of `check`: frames of every dtype, and damaged bytes of text files.

`make fuzz` runs ten thousand of each; the suite runs fewer.
"""

import os

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pipeline import PROBLEMS, check
from core.settings import Settings

from .cases import rows, strictly, text
from .columns import ARROW, PANDAS

EXAMPLES = int(os.environ.get("TIDELINE_FUZZ", "120"))
many = settings(max_examples=EXAMPLES)
seeds = st.integers(0, 2**32 - 1)
LENIENT = Settings(max_dropped=1.0, time_column="none")
KINDS = [("pandas", name) for name in PANDAS] + [("arrow", name) for name in ARROW]


def column(kind, seed, size):
    library, name = kind
    rng = np.random.default_rng(seed)
    return (PANDAS if library == "pandas" else ARROW)[name](rng, size)


def frame(columns):
    """A pandas frame if all columns are of pandas, else a table of those that are of Arrow."""
    if all(isinstance(each, pd.Series) for each in columns):
        return pd.DataFrame({f"c{i}": each for i, each in enumerate(columns)})
    kept = [(f"c{i}", each) for i, each in enumerate(columns) if isinstance(each, pa.Array)]
    return pa.table(dict(kept))


def require_sound(report, names=None):
    document = strictly(report.model_dump_json())
    for side in (document["reference"], document["live"]):
        assert side["rows_read"] == side["rows_used"] + side["rows_dropped"]
    found = {each["name"] for each in document["features"]}
    assert names is None or found == set(names)
    for each in document["features"]:
        if each["jsd_bits"] is not None:
            assert 0 <= each["jsd_bits"] <= 1
            assert sum(one["reference"] for one in each["bins"]) == each["n"]
            assert sum(one["live"] for one in each["bins"]) == each["m"]
        else:
            assert each["reason"]
            assert each["code"] != "internal_error"
    assert sum(document["counts"].values()) == len(found)


@many
@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=4),
    seeds,
    st.integers(0, 60),
    st.integers(0, 60),
    st.booleans(),
)
def test_no_frame_raises_or_loses_a_feature(kinds, seed, size, live_size, swapped):
    live_kinds = kinds[1:] + kinds[:1] if swapped else kinds
    before = frame([column(kind, seed + i, size) for i, kind in enumerate(kinds)])
    after = frame([column(kind, seed + 7 + i, live_size) for i, kind in enumerate(live_kinds)])
    names = before.columns if isinstance(before, pd.DataFrame) else before.column_names
    try:
        report = check(before, after, LENIENT)
    except PROBLEMS as problem:
        assert str(problem).endswith(".")  # noqa: PT017 (either way is right)
        return
    require_sound(report, names)
    assert report.reference.rows_read == size
    assert report.live.rows_read == live_size


@settings(max_examples=max(EXAMPLES // 4, 1))
@given(st.lists(st.sampled_from(KINDS), min_size=3, max_size=3), seeds, st.integers(0, 60))
def test_any_column_is_a_label_or_a_sentence(kinds, seed, size):
    sides = [
        frame([column(kind, seed + first + i, size) for i, kind in enumerate(kinds)])
        for first in (0, 7)
    ]
    names = list(sides[0].columns if isinstance(sides[0], pd.DataFrame) else sides[0].column_names)
    outcomes = {"label": names[0], "predictions": names[1:2], "logits": names[2:]}
    try:
        report = check(*sides, LENIENT.with_choices(outcomes))
    except PROBLEMS as problem:
        assert str(problem).endswith(".")  # noqa: PT017 (either way is right)
        return
    require_sound(report, names)
    codes = {"no_label", "label_not_there"}
    told = [warning for warning in report.warnings if warning.code in codes]
    assert bool(told) != bool(report.outcomes.label)


WRITTEN = [
    lambda table: text(table).encode(),
    lambda table: text(table, delimiter=";", point=",").encode("cp1252"),
    lambda table: text(table, delimiter="\t", end="\r\n").encode(),
    lambda table: text(table).encode("utf-16"),
    lambda table: text([(a, v) for a, _, v in table], header=("age", "visits")).encode(),
]
BYTES = [
    b"\x00",
    b'"',
    b"'",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\xff",
    b"\xe9",
    b"\\",
    b"#",
    b" ",
    b"-",
    b"=",
    b"\xef\xbb\xbf",
    b"\x1b",
    b"1e999",
    b"nan",
    b",,,,",
]


def damaged(content, seed):
    """Change some bytes: flip, cut, insert, repeat, drop, cut off."""
    rng = np.random.default_rng(seed)
    for _ in range(rng.integers(1, 8)):
        at, length = int(rng.integers(0, len(content) + 1)), int(rng.choice([1, 1, 2, 30, 500]))
        match rng.integers(0, 6):
            case 0:
                content = content[:at] + bytes([rng.integers(0, 256)]) + content[at + 1 :]
            case 1:
                content = content[:at] + content[at + length :]
            case 2:
                content = content[:at] + BYTES[rng.integers(0, len(BYTES))] + content[at:]
            case 3:
                content = content[:at] + content[max(0, at - length) : at] + content[at:]
            case 4:
                lines = content.split(b"\n")
                del lines[int(rng.integers(0, len(lines)))]
                content = b"\n".join(lines)
            case 5:
                content = content[: at or 1]
        if not content:
            break
    return content


@many
@given(st.sampled_from(range(len(WRITTEN))), seeds)
def test_no_damaged_text_raises_or_loses_a_row(form, seed):
    before = WRITTEN[form](rows(1, 40))
    after = damaged(WRITTEN[form](rows(2, 40)), seed)
    try:
        report = check(before, after, LENIENT)
    except PROBLEMS as problem:
        assert str(problem).endswith(".")  # noqa: PT017 (either way is right)
        return
    require_sound(report)
    is_plain = not any(mark in after for mark in (b'"', b"'", b"\r", b"\\", b"#"))
    if form == len(WRITTEN) - 1 and is_plain and after.startswith(b"age,visits\n"):
        lines = [line for line in after.split(b"\n")[1:] if line.strip(b" ")]
        assert report.live.rows_read == len(lines)
