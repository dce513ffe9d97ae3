import hashlib
import json
import re
import zlib
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import archives
from core.profiling.archives import MARK, CorruptProfile, is_profile
from core.profiling.categories import CategoryCounts
from core.profiling.engines.local import profile
from core.profiling.profiles import Profile
from core.profiling.quantities import NumericCounts
from tests.strategies import columns, frames, labels

TABLE = pa.table(
    {
        "age": [30.5, -2.0, None, float("inf"), 30.5, 7.0],
        "visits": [1.0, 2.0, 4.0, 8.0, 9.0, None],
        "town": ["Oslo", "Rome", "Oslo", None, "Bern", "Cork"],
        "team": ["a", "b", "c", "d", "e", None],
        "pair": [[1], None, [2], [], [3], [4]],
    }
)
SMALL = profile(TABLE, budget=3, limit=4)  # "visits" keeps hashes, "team" is pooled


def same(name, counts):
    """The small profile with other counts of one feature."""
    return replace(SMALL, features={**SMALL.features, name: counts})


def sealed(header, arrays=b""):
    """A file of any header and arrays, with a right digest."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    plain = len(text).to_bytes(8, "little") + text + arrays
    return closed(len(plain).to_bytes(8, "little") + pa.Codec("zstd").compress(plain, asbytes=True))


def closed(rest, version=archives.VERSION):
    """A file of any compressed rest, with a right digest."""
    mark = version.to_bytes(2, "little")
    return MARK + mark + hashlib.sha256(mark + rest).digest() + rest


def opened(data):
    """The header and the arrays of a file."""
    rest = data[len(MARK) + 34 :]
    inflated = int.from_bytes(rest[:8], "little")
    plain = pa.Codec("zstd").decompress(rest[8:], inflated, asbytes=True)
    size = int.from_bytes(plain[:8], "little")
    return json.loads(plain[8 : 8 + size]), plain[8 + size :]


@given(columns, st.sampled_from([2, 8, 4096]))
def test_numbers_come_back_to_the_last_bit(values, budget):
    counts = NumericCounts(budget=budget).extended(values, missing=2, unreadable=1)
    (read,) = archives.unpack(archives.pack({}, {"x": counts}))[1].values()
    assert read == counts
    assert (read.mean, read.moment, read.budget) == (counts.mean, counts.moment, counts.budget)


@given(st.lists(labels, max_size=40), st.sampled_from([2, 8, 65_536]))
def test_labels_come_back_as_they_were_pooled_or_not(texts, limit):
    counts = CategoryCounts(limit=limit).extended(
        pa.array(texts, pa.string()), np.ones(len(texts), np.int64), missing=3
    )
    (read,) = archives.unpack(archives.pack({}, {"x": counts}))[1].values()
    assert read == counts
    assert read.as_dict() == counts.as_dict()
    assert read.limit == counts.limit


@given(frames(), st.sampled_from([2, 4096]), st.sampled_from([2, 65_536]))
def test_reading_and_writing_again_gives_the_same_bytes(table, budget, limit):
    data = profile(table, budget=budget, limit=limit).to_bytes()
    assert Profile.from_bytes(data).to_bytes() == data


def test_a_saved_profile_is_told_by_its_first_bytes():
    assert is_profile(SMALL.to_bytes()[:64])
    assert not is_profile(b"age,town\n1,Oslo\n")
    assert not is_profile(b"")


def test_a_numeric_feature_of_a_million_rows_takes_at_most_10_kilobytes():
    rng = np.random.default_rng(4)
    for values in (rng.normal(size=1_000_000), rng.integers(0, 10**9, 1_000_000).astype(float)):
        counts = NumericCounts().extended(values)
        assert len(archives.pack({}, {"x": counts})) <= 10_000


def test_damage_to_any_byte_is_found():
    data = SMALL.to_bytes()
    for place in range(len(data)):
        damaged = data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]
        with pytest.raises(CorruptProfile, match=r"^x\.profile (is|was) "):
            Profile.from_bytes(damaged, name="x.profile")


def test_a_file_cut_anywhere_is_found():
    data = SMALL.to_bytes()
    for size in range(len(data)):
        with pytest.raises(CorruptProfile, match=r"^x\.profile is "):
            Profile.from_bytes(data[:size], name="x.profile")


def test_a_newer_version_is_refused_with_what_to_do():
    data = SMALL.to_bytes()
    newer = data[: len(MARK)] + (archives.VERSION + 1).to_bytes(2, "little") + data[len(MARK) + 2 :]
    with pytest.raises(CorruptProfile, match=r"newer version of Tideline; update"):
        Profile.from_bytes(newer)


def test_what_inflates_without_end_is_refused(monkeypatch):
    header, arrays = opened(SMALL.to_bytes())
    monkeypatch.setattr(archives, "_MOST_BYTES", 10_000)
    with pytest.raises(CorruptProfile):
        Profile.from_bytes(sealed(header, arrays + bytes(1_000_000)))


def test_version_1_that_zlib_compressed_is_read_for_ever(monkeypatch):
    header, arrays = opened(SMALL.to_bytes())
    text = json.dumps(header).encode()
    plain = len(text).to_bytes(8, "little") + text + arrays
    assert Profile.from_bytes(closed(zlib.compress(plain), version=1)) == SMALL
    monkeypatch.setattr(archives, "_MOST_BYTES", len(plain) - 1)
    with pytest.raises(CorruptProfile, match="not a profile that Tideline wrote"):
        Profile.from_bytes(closed(zlib.compress(plain), version=1))


@pytest.mark.parametrize("told", [-1, 1, 2**40])
def test_what_inflates_to_another_size_than_it_says_is_refused(told):
    rest = SMALL.to_bytes()[len(MARK) + 34 :]
    size = told if told > 1 else int.from_bytes(rest[:8], "little") + told
    with pytest.raises(CorruptProfile, match="not a profile that Tideline wrote"):
        Profile.from_bytes(closed(size.to_bytes(8, "little") + rest[8:]))


AGE, VISITS, TOWN, TEAM, PAIR = (SMALL.features[name] for name in TABLE.column_names)
FALSE_COUNTS = {
    "age": {
        "a negative count": {"counts": AGE.counts * [-1, 1, 1]},
        "a count of zero": {"counts": AGE.counts + AGE.counts[0] * np.array([-1, 1, 0])},
        "a count too many": {"counts": AGE.counts + 1},
        "counts whose sum overflows": {"counts": np.full(AGE.cells.size, 2**62)},
        "fewer counts than cells": {"counts": AGE.counts[:0]},
        "cells that fall": {"cells": AGE.cells[::-1]},
        "a cell twice": {"cells": AGE.cells[[0, 0, 2]]},
        "cells without counts": {"cells": AGE.cells[:2], "counts": AGE.counts[:2]},
        "more cells than its budget": {"budget": 2},
        "no budget": {"budget": 0},
        "a negative level": {"level": -1},
        "a level beyond the bits": {"level": 64},
        "a fractional level": {"level": 1.0},
        "another number of rows": {"rows": 7},
        "fractional rows": {"rows": 6.0},
        "more missing than rows": {"missing": 9},
        "negative missing": {"missing": -1},
        "fractional missing": {"missing": 0.5, "unreadable": 0},
        "missing that is not a number": {"missing": float("nan")},
        "more unreadable than missing": {"unreadable": 2},
        "a negative infinity": {"negative_infinity": -1, "positive_infinity": 2},
        "more zeros than values": {"zeros": 5},
        "negative zeros": {"zeros": -1},
        "no minimum": {"minimum": None},
        "a minimum that is not a number": {"minimum": float("nan")},
        "an infinite maximum": {"maximum": float("inf")},
        "a minimum outside its cells": {"minimum": -1e9},
        "a mean that is not a number": {"mean": float("nan")},
        "a negative moment": {"moment": -1.0},
        "a moment that is not a number": {"moment": float("nan")},
        "hashes of fractions": {"hashes": np.array([1, 2], np.uint64)},
        "labels instead of numbers": TOWN,
    },
    "visits": {
        "hashes that fall": {"hashes": VISITS.hashes[::-1]},
        "no hashes": {"hashes": None},
        "too many hashes": {"hashes": np.arange(2_000, dtype=np.uint64)},
    },
    "town": {
        "a label twice": {"labels": pa.array(["Bern", "Bern", "Oslo", "Rome"])},
        "labels in disorder": {"labels": pa.array(["Rome", "Oslo", "Cork", "Bern"])},
        "no label": {"labels": pa.array(["Bern", "Cork", "Oslo", None])},
        "more labels than its limit": {"limit": 3},
        "no limit": {"limit": 0},
        "a count too few": {"counts": TOWN.counts - [0, 0, 1, 0]},
        "a negative count": {"counts": TOWN.counts * [3, 1, 1, -1]},
        "numbers instead of labels": AGE,
    },
    "team": {
        "a pooled count too many": {"pool": replace(TEAM.pool, counts=TEAM.pool.counts + 1)},
        "pooled cells that fall": {"pool": replace(TEAM.pool, cells=TEAM.pool.cells[::-1])},
        "a pool at no level": {"pool": replace(TEAM.pool, level=99)},
        "pooled hashes that fall": {"pool": replace(TEAM.pool, hashes=TEAM.pool.hashes[::-1])},
        "more cells than its limit": {"limit": 2},
    },
    "pair": {"labels of lists": {"labels": pa.array(["[1]"]), "counts": np.array([4])}},
}


@pytest.mark.parametrize(
    ("feature", "what"),
    [(feature, what) for feature in FALSE_COUNTS for what in FALSE_COUNTS[feature]],
)
def test_counts_that_cannot_be_are_refused_and_name_file_and_feature(feature, what):
    false = FALSE_COUNTS[feature][what]
    counts = replace(SMALL.features[feature], **false) if isinstance(false, dict) else false
    sentence = rf"^x\.profile is damaged: feature '{feature}' "
    with pytest.raises(CorruptProfile, match=sentence):
        Profile.from_bytes(same(feature, counts).to_bytes(), name="x.profile")


@pytest.mark.parametrize(
    "change",
    [
        {"features": {"age": 3}},
        {"features": {"age": {"cells": "many"}}},
        {"features": {"age": {"cells": -1}}},
        {"features": {"age": {"labels": [1, 2]}}},
        {"features": {"age": {"labels": [], "colour": "red"}}},
        {"features": []},
        {"features": None},
        {"kinds": {}},
        {"kinds": dict.fromkeys(TABLE.column_names, "text")},
        {"kinds": {name: [] for name in TABLE.column_names}},
        {"rows": "6"},
        {"rows": None},
        {"source": {}},
        {"source": None},
        {"source": {"notes": [{"code": "x"}]}},
        {"source": {"notes": [], "name": "x", "colour": "red"}},
    ],
    ids=json.dumps,
)
def test_headers_that_cannot_be_are_refused(change):
    header, arrays = opened(SMALL.to_bytes())
    with pytest.raises(CorruptProfile, match=re.escape("x.profile is ")):
        Profile.from_bytes(sealed({**header, **change}, arrays), name="x.profile")


@pytest.mark.parametrize("header", [b"", b"[]", b"{", b"\xff", b"3", b"{}"])
def test_headers_that_are_none_are_refused(header):
    with pytest.raises(CorruptProfile, match=re.escape("x.profile is not a profile")):
        Profile.from_bytes(sealed(header), name="x.profile")


@given(st.binary(max_size=300))
def test_no_bytes_with_a_right_digest_do_more_than_be_refused(rest):
    with pytest.raises(CorruptProfile):
        Profile.from_bytes(sealed(rest))
