import numpy as np
import pyarrow as pa
import pytest

from core.deciding.binnings import Chunks, Options
from core.deciding.comparisons import Comparison, compare
from core.deciding.evidence import live_rows_needed, weigh
from core.measuring import intervals
from core.measuring.significance import test_counts as significance
from core.profiling.categories import CategoryCounts
from core.profiling.profiles import Profile
from core.profiling.quantities import NumericCounts

WARN = 0.1**2 * np.log(2)


def numbers(values):
    return NumericCounts().extended(np.asarray(values, float))


def labels(rows):
    rows = np.asarray(rows)
    seen = np.flatnonzero(rows)
    return CategoryCounts().extended(pa.array([f"label {i:04}" for i in seen]), rows[seen])


def pair(reference, live):
    kind = "numeric" if isinstance(reference, NumericCounts) else "categorical"
    sides = (Profile(side.rows, {"x": side}, {"x": kind}) for side in (reference, live))
    (comparison,) = compare(*sides, options=Options(identifiers=True))
    return comparison


def normal(n, m, mean=0.0):
    rng = np.random.default_rng(5)
    return pair(numbers(rng.normal(size=n)), numbers(rng.normal(mean, 1, m)))


def equal(size, rows):
    return np.full(size, rows // size)


def test_what_was_not_compared_cannot_be_weighed():
    with pytest.raises(ValueError, match="x was not compared"):
        weigh(Comparison("x", "numeric", None, None))
    assert live_rows_needed(Comparison("x", "numeric", None, None), WARN) is None


def test_the_test_has_its_own_bins_and_the_size_those_that_are_shown():
    comparison = normal(5000, 3000, mean=0.2)
    evidence, tested = weigh(comparison), comparison.tested
    expected = significance(*tested.counts, ordered=tested.ordered, singles=tested.singles)
    shown = comparison.bins.counts
    assert evidence.p == expected.p
    assert evidence.location == expected.components["location"].statistic > 5
    assert evidence.scale == expected.components["scale"].statistic
    assert evidence.interval == tuple(map(float, intervals.interval(*shown)))
    assert evidence.corrected == intervals.corrected(*shown)
    assert (evidence.rows, evidence.bins) == ((5000, 3000), np.count_nonzero(shown.any(axis=0)))


def test_labels_have_neither_location_nor_scale():
    evidence = weigh(pair(labels([500, 500]), labels([400, 600])))
    assert (evidence.location, evidence.scale) == (None, None)
    assert evidence.p < 1e-4


@pytest.mark.parametrize(
    ("live", "words"), [(1000, ""), (999, "tenths and the tails"), (499, "fifths and the tails")]
)
def test_small_windows_are_bounded_on_fewer_bins_and_say_which(live, words):
    evidence = weigh(normal(10_000, live))
    assert evidence.resolution == words
    assert (evidence.bound == evidence.interval[1]) == (live >= 1000)
    assert evidence.bound <= evidence.interval[1]


def test_the_smaller_side_is_the_window_whichever_it_is():
    assert weigh(normal(400, 10_000)).resolution == "fifths and the tails"


@pytest.mark.parametrize(("rows", "bound"), [(1000, 0.001747091), (100, 0.017470909)])
def test_a_constant_is_bounded_by_its_rows(rows, bound):
    for comparison in (pair(labels([rows]), labels([rows])), pair(*[numbers([3.5] * rows)] * 2)):
        evidence = weigh(comparison)
        assert evidence.bound == pytest.approx(bound, rel=1e-6)
        assert (evidence.p, evidence.interval[0]) == (0.9, 0)


def test_labels_too_rare_to_see_are_never_stable_while_they_hold_a_quarter():
    assert weigh(pair(labels(equal(400, 1200)), labels(equal(400, 800)))).bound == np.inf
    seen, rare = [900, 900, 900], [2] * 150
    evidence = weigh(pair(labels(seen + rare), labels(seen + rare)))
    assert evidence.bound < WARN
    assert evidence.resolution == "3 categories, the rest together"
    assert weigh(pair(labels([350] * 3 + rare), labels([350] * 3 + rare))).bound < np.inf
    assert weigh(pair(labels([280] * 3 + rare), labels([280] * 3 + rare))).bound == np.inf


def test_every_label_that_can_be_seen_is_bounded_and_not_only_those_shown():
    before = np.full(400, 100)
    after = before + np.where(np.arange(400) % 2, 35, -35)
    comparison = pair(labels(before), labels(after))
    assert len(comparison.bins.labels) < 400
    assert weigh(comparison).bound > WARN
    assert weigh(pair(labels(before), labels(before))).bound < WARN
    assert weigh(pair(labels(before), labels(before))).resolution == ""


def test_a_reference_too_small_cannot_be_settled_by_live_rows():
    assert live_rows_needed(normal(150, 150), WARN) is None
    assert live_rows_needed(pair(labels(equal(400, 400)), labels(equal(400, 4000))), WARN) is None


def test_the_live_rows_needed_are_those_that_mostly_settle_it():
    rng = np.random.default_rng(6)
    reference = numbers(rng.normal(size=20_000))
    rows = live_rows_needed(pair(reference, numbers(rng.normal(size=100))), WARN)
    assert 150 <= rows <= 250
    bounds = {
        size: np.median(
            [weigh(pair(reference, numbers(rng.normal(size=size)))).bound for _ in range(60)]
        )
        for size in (rows // 2, rows, 2 * rows)
    }
    assert bounds[rows // 2] > WARN
    assert bounds[rows] == pytest.approx(WARN, rel=0.15)
    assert bounds[2 * rows] < WARN


def test_labels_need_live_rows_enough_to_see_three_quarters_of_them():
    comparison = pair(labels(equal(400, 40_000)), labels(equal(400, 400)))
    rows = live_rows_needed(comparison, WARN)
    assert rows >= 3 * 400
    assert weigh(comparison).bound == np.inf
    assert weigh(pair(labels(equal(400, 40_000)), labels(equal(400, 3 * 400)))).bound < np.inf


def test_chunks_are_judged_by_how_much_they_differ_and_have_no_order():
    rng = np.random.default_rng(7)
    days = rng.multinomial(500, rng.dirichlet(np.full(5, 20.0), 20))
    live = rng.multinomial(500, rng.dirichlet(np.full(5, 20.0), 1))
    plain = pair(labels(days.sum(axis=0)), labels(live.sum(axis=0)))
    chunked = Comparison(
        "x",
        "categorical",
        plain.reference,
        plain.live,
        bins=plain.bins,
        tested=plain.tested,
        chunks=Chunks(days, live, grows=True),
    )
    rows, batches = weigh(plain), weigh(chunked)
    assert rows.p < 0.05 < batches.p
    assert batches.interval[1] > rows.interval[1]
    assert batches.corrected < rows.corrected
    assert (batches.location, batches.bound) == (None, batches.interval[1])
    assert live_rows_needed(chunked, WARN) is None
