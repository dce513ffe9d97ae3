import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deciding.binnings import Options, bin_numbers, fine_grid, unseen_share
from core.profiling.quantities import NumericCounts

RULES = [
    Options(),
    Options(bin_count=10),
    Options(rule="width"),
    Options(rule="blocks"),
    Options(rule="fixed", edges=(-1.0, 0.0, 5.5)),
]


def counts(values, **choices):
    values = np.array(values, np.float64)
    return NumericCounts(**choices).extended(values)


def binned(reference, live, options=Options()):  # noqa: B008
    return bin_numbers(counts(reference), counts(live), options=options, kind="numeric")


def shown(reference, live, options=Options()):  # noqa: B008
    bins, _ = binned(reference, live, options)
    return dict(zip(bins.labels, bins.counts.T.tolist(), strict=True))


numbers = st.lists(
    st.floats() | st.integers(-5, 5).map(float) | st.sampled_from([0.0, -0.0, np.nan, 1e308]),
    min_size=1,
    max_size=60,
)


@pytest.mark.parametrize("options", RULES)
@given(reference=numbers, live=numbers)
def test_every_row_is_in_one_bin_and_in_one_tested_bin(options, reference, live):
    bins, tested = binned(reference, live, options)
    assert bins.counts.sum(axis=1).tolist() == [len(reference), len(live)]
    assert tested.counts.sum(axis=1).tolist() == [len(reference), len(live)]
    assert len(bins.labels) == len(bins.roles) == bins.edges.shape[1] == bins.counts.shape[1]
    assert tested.ordered.shape == tested.counts.shape[1:]


@pytest.mark.parametrize("options", RULES)
@given(reference=numbers, live=numbers)
def test_counts_in_bins_are_those_of_the_values_themselves(options, reference, live):
    bins, _ = binned(reference, live, options)
    body = ~np.isnan(bins.edges[0])
    if "unseen" in bins.roles or len(set(bins.roles) & {"below", "above"}) + body.sum() < 2:
        return
    for side, values in enumerate((reference, live)):
        finite = np.array([value for value in values if np.isfinite(value)]) + 0.0
        held = [((finite >= low) & (finite < high)).sum() for low, high in bins.edges[:, body].T]
        assert bins.counts[side, body].tolist() == held


def test_few_values_have_a_bin_each_and_new_ones_fall_beside():
    reference, live = [1] * 50 + [2] * 50, [1] * 40 + [2] * 40 + [3] * 15 + [0] * 5
    assert shown(reference, live) == {
        "below 1": [0, 5],
        "1": [50, 40],
        "2": [50, 40],
        "above 2": [0, 15],
    }


def test_a_heavy_value_is_a_bin_of_its_own():
    rng = np.random.default_rng(1)
    zeros = np.where(rng.random(5000) < 0.6, 0, rng.exponential(1, 5000) + 0.5)
    bins, _ = binned(zeros, zeros)
    place = bins.labels.index("0")
    assert bins.counts[0, place] == (zeros == 0).sum()
    assert bins.edges[1, place] == np.nextafter(0, 1)


def test_values_between_are_a_bin_only_where_they_are_many():
    rng = np.random.default_rng(2)
    whole = rng.integers(0, 10, 8000).astype(float)
    tenths = whole[:1000] + rng.integers(1, 10, 1000) / 10
    bins, tested = binned(whole, np.append(whole[:500], tenths[:500]))
    assert "unseen" in bins.roles
    before, after = bins.counts[:, bins.roles.index("unseen")]
    assert (before, after > 400) == (0, True)  # the rest of the 500 lies above the range
    assert tested.counts.sum(axis=1).tolist() == [8000, 1000]
    few, _ = binned(whole, np.append(whole[:990], tenths[:10]))
    assert "unseen" not in few.roles


def test_missing_values_and_infinities_have_bins_beside_the_axis():
    found = shown([1.5, np.nan, np.inf] * 20, [1.5, np.nan, -np.inf] * 20)
    assert found["missing"] == [20, 20]
    assert found["+∞"] == [20, 0]
    assert found["−∞"] == [0, 20]


def test_missing_values_may_be_dropped():
    found = shown([1.5, np.nan] * 20, [1.5, 2.5] * 20, Options(missing=False))
    assert "missing" not in found
    assert sum(reference for reference, _ in found.values()) == 20


def test_without_reference_values_there_is_present_and_missing():
    assert shown([np.nan] * 9, [1.0] * 5) == {"present": [0, 5], "missing": [9, 0]}


def test_explicit_edges_hold_for_values_the_reference_never_had():
    found = shown([1, 2, 30] * 9, [9.5, 10, 10.5] * 9, Options(rule="fixed", edges=(0, 10, 20)))
    assert found == {"0 to 10": [18, 9], "10 to 20": [0, 18], "20 or more": [9, 0]}


def test_the_ends_that_the_reference_cannot_fill_are_tested_with_their_neighbours():
    rng = np.random.default_rng(3)
    reference = rng.normal(size=2000)
    bins, tested = binned(reference, np.append(rng.normal(size=500), [-9, 9]))
    assert bins.counts[0, [0, -1]].tolist() == [0, 0]
    assert tested.counts.shape[1] == bins.counts.shape[1] - 2
    assert tested.ordered.all()


def test_the_test_has_the_edges_of_both_sides_and_the_bins_those_of_the_reference():
    rng = np.random.default_rng(5)
    reference, live = rng.normal(size=1000), rng.normal(3, 1, 20_000)
    bins, tested = binned(reference, live)
    assert bins.counts[0].max() <= 51
    assert tested.counts.sum(axis=0).max() <= 1.01 * 21_000 / 20
    assert binned(live, reference)[1].counts[::-1].tolist() == tested.counts.tolist()


def test_the_largest_bin_is_sought_among_the_tails_as_a_whole_too():
    rng = np.random.default_rng(6)
    _, tested = binned(rng.normal(size=1000), rng.normal(size=1000))
    bins = tested.counts.shape[1]
    low = [tested.counts[:, :size].sum(axis=1).tolist() for size in (2, 3, 4)]
    high = [tested.counts[:, -size:].sum(axis=1).tolist() for size in (2, 3, 4)]
    assert tested.singles[:, :bins].tolist() == tested.counts.tolist()
    assert tested.singles[:, bins:].T.tolist() == low + high


def test_coarser_live_cells_move_the_edges_for_both_sides():
    rng = np.random.default_rng(4)
    reference, live = rng.normal(size=3000), rng.normal(size=3000)
    coarse = counts(live, budget=32)
    bins, _ = bin_numbers(counts(reference), coarse, options=Options(), kind="numeric")
    body = bins.edges[:, [role == "body" for role in bins.roles]]
    held = [((reference >= low) & (reference < high)).sum() for low, high in body.T]
    mine = bins.counts[0, [role == "body" for role in bins.roles]]
    assert mine.tolist() == held


def test_the_share_of_new_values_counts_those_inside_the_range():
    grid = fine_grid(counts([1, 2, 4]), counts([0, 1, 3, 3, 5, 4, 2, 2]))
    assert unseen_share(grid) == 2 / 8


def test_cells_of_many_octaves_have_edges_and_positions_that_are_numbers():
    octaves = np.array([sign * 2.0**power for power in range(-1074, 1024) for sign in (-1, 1)])
    sides = counts(octaves, budget=16), counts(octaves[::3], budget=16)
    bins, tested = bin_numbers(*sides, options=Options(), kind="numeric")
    assert not np.isnan(bins.edges).any()
    assert np.isfinite(fine_grid(*sides).positions).all()
    assert tested.counts.sum(axis=1).tolist() == [octaves.size, octaves[::3].size]
