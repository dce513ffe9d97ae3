from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.profiling import profiles
from core.profiling.categories import CategoryCounts
from core.profiling.engines.local import profile
from core.profiling.profiles import CorruptProfile, Incompatible, Note, Profile, Source
from core.profiling.quantities import NumericCounts
from tests.strategies import frames, kinds, splits

# Each written once by `golden().save` of its version, and never again: old files are read for ever.
GOLDEN = [Path(__file__).parents[1] / "golden" / f"profile_v{number}.profile" for number in (1, 2)]

budgets = st.sampled_from([2, 8, 4096])
limits = st.sampled_from([2, 8, 65_536])


def golden():
    """A feature of each nature, at level 0 and above it, pooled and not."""
    steps = np.arange(3_000)
    even = steps * 0.618033988749895 % 1  # spread evenly over [0, 1), without a generator
    table = pa.table(
        {
            "amount": pa.array(np.where(steps % 50, 100 * even - 20, np.nan)),
            "rate": np.where(steps % 300, np.round(even, 1), np.where(steps % 7, np.inf, -np.inf)),
            "visits": steps * 7 % 2_003,
            "price": [["1.5", "NA", "12a", "-0.0"][step % 4] for step in steps],
            "seen": pa.array(steps * 60_000, pa.timestamp("ms", "UTC")),
            "town": [["Oslo", "Zürich", None, "", "💧"][step % 5] for step in steps],
            "user": [f"user {step * 31 % 997}" for step in steps],
            "member": [[True, False, None][step % 3] for step in steps],
            "tags": [[1], None, []] * 1_000,
        }
    )
    counted = profile(table, {"price": "numeric"}, budget=128, limit=64)
    notes = (Note("bad_rows", "2 rows were left out", None, 2, "line 7"),)
    return replace(counted, source=Source("golden.csv", "0" * 64, 3_002, 2, notes))


@given(st.data(), frames(), budgets, limits)
def test_parts_in_any_order_sum_to_the_whole(data, table, budget, limit):
    parts = [
        profile(table.slice(start, end - start), budget=budget, limit=limit)
        for start, end in data.draw(splits(table.num_rows))
    ]
    whole = profile(table, budget=budget, limit=limit)
    assert reduce(add, parts) == whole
    assert whole.rows == table.num_rows == whole.features["numeric"].rows


@given(frames(max_rows=8), frames(max_rows=8), frames(max_rows=8), budgets, limits)
def test_sums_commute_and_associate_and_the_empty_profile_is_neutral(a, b, c, budget, limit):
    a, b, c = profile(a), profile(b, budget=budget), profile(c, limit=limit)
    empty = Profile.empty(a.kinds)
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + empty == a == empty + a


def test_windows_kept_small_add_up_under_the_smallest_budget():
    values = np.random.default_rng(8).normal(size=6_000)
    hours = [profile(pa.table({"x": part}), budget=64) for part in np.array_split(values, 24)]
    day = profile(pa.table({"x": values}))
    assert reduce(add, hours) == profile(pa.table({"x": values}), budget=64)
    assert (day + hours[0]).features["x"].cells.size <= 64


@pytest.mark.parametrize(("mine", "its"), [("numeric", "categorical"), ("numeric", "datetime")])
def test_profiles_of_different_kinds_do_not_add_and_name_feature_and_kinds(mine, its):
    left, right = (Profile.empty({"age": "numeric", "town": kind}) for kind in (mine, its))
    with pytest.raises(Incompatible, match=f"'town' is {mine} .* and {its}"):
        left + right


def test_profiles_of_different_features_do_not_add_whichever_has_more():
    one, two = (
        Profile.empty({"age": "numeric"}),
        Profile.empty({"age": "numeric", "town": "boolean"}),
    )
    for left, right in ((one, two), (two, one)):
        with pytest.raises(Incompatible, match="'town'"):
            left + right
    with pytest.raises(TypeError):
        one + 1


def test_profiles_are_equal_by_counts_and_kinds_whatever_the_order_and_the_source():
    table = pa.table({"a": [1.0, 2.0], "b": ["x", "y"]})
    counted = profile(table)
    assert profile(table.select(["b", "a"])) == counted == replace(counted, source=Source("x"))
    assert profile(table.slice(1)) != counted
    assert profile(table, {"a": "categorical"}) != counted
    assert counted != "counts"


@given(kinds)
def test_no_rows_are_counts_of_the_kind(kind):
    counts = profiles.no_rows(kind, 7, 9)
    assert isinstance(counts, NumericCounts) == (kind in {"numeric", "datetime"})
    assert counts.rows == 0
    assert (counts.budget if isinstance(counts, NumericCounts) else counts.limit) in {7, 9}


def test_where_rows_came_from_is_kept_and_stays_short():
    note = Note("bad_rows", "rows were left out", None, 2, "line 7")
    hours = [Source(f"{hour:02}.csv", "digest", 100, 2, (note,)) for hour in range(24)]
    day = reduce(add, hours)
    assert (day.rows_read, day.rows_dropped, day.digest) == (2_400, 48, None)
    assert day.name == "00.csv and others"
    assert day.notes == (replace(note, count=48),)
    assert hours[0] + Source() == Source() + hours[0] == hours[0]
    assert (hours[0] + hours[0]).name == "00.csv"


@given(frames(), budgets, limits)
def test_saved_and_loaded_it_is_the_same_profile_and_the_same_file(
    tmp_path_factory, table, budget, limit
):
    path = tmp_path_factory.mktemp("profiles") / "x.profile"
    saved = replace(profile(table, budget=budget, limit=limit), source=Source("x.csv", "d", 9, 1))
    saved.save(path)
    loaded = Profile.load(path)
    assert loaded == saved
    assert loaded.source == saved.source
    assert list(loaded.kinds) == list(saved.kinds)
    assert loaded.to_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "name", ["", "größe", "a\nb", "'; --", "__class__", "features", "x" * 10_000, "💧", "\ud800"]
)
def test_any_name_of_a_feature_is_kept(name):
    counted = Profile(1, {name: NumericCounts(rows=1, missing=1)}, {name: "numeric"})
    assert Profile.from_bytes(counted.to_bytes()) == counted


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "june.profile"
    path.write_bytes(golden().to_bytes()[:-1])
    with pytest.raises(CorruptProfile, match=r"^june\.profile is damaged or cut off"):
        Profile.load(path)
    path.write_text("age,town\n")
    with pytest.raises(CorruptProfile, match=r"^june\.profile is not a saved profile"):
        Profile.load(path)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.integers(1, 6))
def test_no_label_is_stored_that_is_rarer_than_allowed_and_no_row_is_lost(texts, least):
    counted = profile(pa.table({"town": pa.array([*texts, None], pa.string())}))
    kept = Profile.from_bytes(counted.without_rare_labels(least).to_bytes())
    before, after = (side.features["town"] for side in (counted, kept))
    common = {label: count for label, count in before.as_dict().items() if count >= least}
    rare = before.present - sum(common.values())
    assert after.as_dict() == {**common, **({profiles.OTHER: rare} if rare else {})}
    assert (after.rows, after.missing) == (before.rows, before.missing)
    assert least > 1 or kept == counted


def test_no_rare_label_is_left_in_the_file_pooled_or_not(tmp_path):
    texts = ["common"] * 30 + [f"secret {number}" for number in range(200)]
    for limit in (8, 65_536):
        counted = profile(pa.table({"town": texts}), limit=limit)
        counted.save(tmp_path / "x.profile", min_label_count=5)
        loaded = Profile.load(tmp_path / "x.profile")
        labels = loaded.features["town"].as_dict()
        assert labels["common"] == 30
        assert not any(label.startswith("secret") for label in labels)
        assert loaded.features["town"].present == 230
        assert loaded.features["town"].pooled().counts.sum() == 230


def test_numbers_are_not_touched_by_the_limit_of_labels():
    counted = profile(pa.table({"age": [1.0, 2.0]}))
    assert counted.without_rare_labels(5) == counted


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_profile_of_any_version_still_loads(path):
    loaded, built = Profile.load(path), golden()
    assert loaded == built
    assert loaded.source == built.source
    for name, counts in loaded.features.items():
        made = built.features[name]
        if isinstance(counts, CategoryCounts):
            assert counts.as_dict() == made.as_dict()
            assert counts.distinct == made.distinct
        else:
            assert counts.distinct == made.distinct
            assert (counts.mean, counts.moment) == pytest.approx((made.mean, made.moment), rel=1e-9)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_profiles_of_old_versions_hold_a_feature_of_each_nature(path):
    features = Profile.load(path).features
    assert features["amount"].level > 0
    assert features["rate"].level == 0
    assert features["rate"].negative_infinity > 0 < features["rate"].positive_infinity
    assert features["visits"].hashes is not None
    assert (features["price"].unreadable, features["price"].zeros) == (750, 750)
    assert features["user"].pool is not None
    assert features["town"].pool is None
