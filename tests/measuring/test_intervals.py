import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, ncx2

from core.measuring import intervals
from core.measuring.bins import coarsen, quantile
from core.measuring.divergences import DIVERGENCES, JSD, PSI, TOTAL_VARIATION, js_distance
from core.measuring.intervals import (
    bias,
    corrected,
    interval,
    noise_level,
    noncentrality,
    rows_needed,
    smallest_visible,
)
from core.measuring.smoothing import BadCounts, probabilities

from .samples import binned

LN2 = np.log(2)
WARN = 0.1**2 * LN2


def tables(largest=10**6):
    rows = st.integers(0, largest)
    return st.integers(1, 7).flatmap(
        lambda bins: st.tuples(
            *(st.lists(rows, min_size=bins, max_size=bins).filter(any) for _ in range(2))
        )
    )


@given(tables())
def test_the_interval_holds_the_corrected_size_and_stays_within_0_and_ln_2(pair):
    low, high = interval(*pair)
    size = corrected(*pair)
    assert 0 <= low <= size + 1e-15
    assert min(size, LN2) <= high <= LN2


@given(tables())
def test_a_higher_level_gives_a_wider_interval_and_swapped_sides_the_same(pair):
    low, high = interval(*pair)
    wide_low, wide_high = interval(*pair, level=0.98)
    assert wide_low <= low
    assert wide_high >= high
    assert np.allclose(interval(*pair[::-1]), (low, high), rtol=1e-6, atol=1e-12)


@given(tables())
def test_empty_bins_and_their_order_change_nothing(pair):
    padded = [[*counts[::-1], 0] for counts in pair]
    assert np.allclose(interval(*padded), interval(*pair), rtol=1e-9, atol=1e-12)
    assert bias(*padded) == pytest.approx(float(bias(*pair)), rel=1e-9, abs=1e-12)


def test_many_tables_at_once_give_what_each_gives_alone():
    rng = np.random.default_rng(6)
    reference, live = rng.integers(0, 50, size=(2, 4, 6))
    low, high = interval(reference, live)
    assert (low[2], high[2]) == interval(reference[2], live[2])
    assert bias(reference, live)[3] == bias(reference[3], live[3])
    assert corrected(reference, live).shape == (4,)


@pytest.mark.parametrize("drift", [0.0, 0.5])
def test_bias_is_what_the_plug_in_jsd_has_too_much_with_and_without_drift(drift):
    rng = np.random.default_rng(17)
    q = np.full(10, 0.1)
    p = q * np.exp(drift * np.linspace(-1, 1, 10))
    p /= p.sum()
    reference, live = rng.multinomial(1000, q, size=4000), rng.multinomial(500, p, size=4000)
    excess = JSD(probabilities(live, 0), probabilities(reference, 0)).mean() - JSD(p, q)
    assert bias(reference, live).mean() == pytest.approx(float(excess), rel=0.05)


@pytest.mark.parametrize("freedom", [1, 9, 29, 2.5])
@pytest.mark.parametrize("x", [1.0, 30.0, 5000.0, 3e6])
@pytest.mark.parametrize("probability", [0.05, 0.95])
def test_noncentrality_is_that_of_the_law(freedom, x, probability):
    found = noncentrality(x, freedom, probability)
    if found:
        assert ncx2.cdf(x, freedom, found) == pytest.approx(probability, rel=1e-3)
    else:
        assert chi2.cdf(x, freedom) <= probability


def test_noncentrality_passes_smoothly_into_the_law_of_large_values():
    around = noncentrality([99_999.0, 100_001.0], 29, 0.05)
    assert np.diff(around) == pytest.approx(2, abs=0.1)
    assert np.isfinite(noncentrality(1e15, 29, 0.95))


@pytest.mark.parametrize("rows", [1, 5, 20])
def test_tiny_samples_and_constants_are_never_certified_stable(rows):
    assert interval([rows], [rows])[1] > WARN
    assert interval([10**6], [rows])[1] > WARN
    assert interval([rows, rows], [rows, rows])[1] > WARN


def test_one_row_on_each_side_excludes_nothing():
    assert interval([1, 1], [1, 1]) == (0, pytest.approx(LN2))


def test_all_missing_in_live_alone_is_a_drift_of_one_bit_within_its_interval():
    low, high = interval([1000, 0], [0, 1000])
    assert low > 0.6
    assert high == pytest.approx(LN2)


def test_batches_widen_the_interval_and_take_more_bias_away():
    pair = [2000, 1500, 1500], [400, 250, 350]
    _, plain = interval(*pair)
    _, batched = interval(*pair, freedom=1.6, inflation=3.0)
    assert batched > plain
    assert corrected(*pair, inflation=3.0) < corrected(*pair)
    assert np.allclose(interval(*pair, freedom=2.0), interval(*pair), rtol=0.02)


def test_rows_needed_are_the_fewest_that_exclude_the_drift():
    reference, bins = 5000, 12
    rows = rows_needed(reference, lambda _: bins, WARN)

    def bound(live):
        harmonic = reference * live / (reference + live)
        return ncx2.ppf(0.05, bins - 1, 8 * harmonic * WARN)

    # The drift is excluded where its law exceeds the mean of no drift 95 times in 100.
    assert bound(rows) >= bins - 1 > bound(rows - 1)


def test_rows_needed_follow_the_bins_that_so_many_rows_are_given():
    steps = lambda rows: 9 if rows < 500 else 16 if rows < 1000 else 28  # noqa: E731
    assert rows_needed(10_000, steps, WARN) == rows_needed(10_000, lambda _: 9, WARN)
    strict = rows_needed(10_000, steps, WARN / 3)
    assert strict > 500
    assert strict == rows_needed(10_000, lambda _: 16, WARN / 3)


def test_a_reference_too_small_for_any_live_rows_says_so():
    assert rows_needed(120, lambda _: 2, WARN) is None
    assert rows_needed(130, lambda _: 2, WARN) > 1000


@pytest.mark.parametrize(("n", "m", "bins"), [(1000, 1000, 10), (10_000, 500, 20)])
def test_the_smallest_visible_drift_is_found_with_the_power_it_promises(n, m, bins):
    distance = smallest_visible(n, m, bins, power=0.8, alpha=0.05)
    rng = np.random.default_rng(30)
    direction = np.where(np.arange(bins) % 2, 1.0, -1.0)
    q = np.full(bins, 1 / bins)
    sizes = np.linspace(0, 0.9, 9001)
    reached = js_distance(JSD(q * (1 + sizes[:, None] * direction), q))
    p = q * (1 + sizes[np.searchsorted(reached, distance)] * direction)
    jsd = JSD(rng.multinomial(m, p, size=4000) / m, rng.multinomial(n, q, size=4000) / n)
    found = 8 * n * m / (n + m) * jsd > chi2.ppf(0.95, bins - 1)
    assert found.mean() == pytest.approx(0.8, abs=0.05)


def test_nothing_beyond_distance_1_is_called_visible():
    assert smallest_visible(2, 2, 10) == 1


def test_noise_level_follows_the_curvature_and_has_no_answer_without_one():
    assert noise_level(JSD, 10, n=500, m=500) == pytest.approx(
        noise_level(PSI, 10, n=500, m=500) / 8
    )
    assert noise_level(TOTAL_VARIATION, 10, n=500, m=500) is None
    assert all(noise_level(d, 1, n=9, m=9) == 0 for d in DIVERGENCES.values() if d.curvature)


@pytest.mark.parametrize(
    ("n", "m", "fine_bins", "window_bins"),
    [(1000, 200, 0.00, 0.03), (10_000, 300, 0.44, 0.81), (1000, 500, 0.53, 0.71)],
)
def test_small_windows_are_certified_on_coarser_bins_as_often_as_designed(
    n, m, fine_bins, window_bins
):
    # statistics.md, section 6: shares of runs without drift whose upper bound excludes `warn`
    rng = np.random.default_rng(33)
    pairs = [(np.sort(rng.normal(size=n)), rng.normal(size=m)) for _ in range(250)]
    stable = np.zeros(2)
    for reference, live in pairs:
        offers = np.append(reference, np.nextafter(reference[-1], np.inf)), np.ones(n)
        for each, edges in enumerate((quantile(*offers, 20), coarsen(*offers, 20, m))):
            high = interval(binned(reference, edges), binned(live, edges))[1]
            stable[each] += high <= WARN
    assert stable / len(pairs) == pytest.approx([fine_bins, window_bins], abs=0.1)


@pytest.mark.parametrize("measure", [bias, corrected, interval])
def test_a_side_without_rows_is_refused(measure):
    with pytest.raises(BadCounts, match="reference has no rows"):
        measure([0, 0], [1, 2])


def test_a_feature_of_30_bins_is_judged_within_two_milliseconds():
    # 500 features in a second (the goal); measured 0.3 ms, the bound leaves room for a busy machine
    from time import process_time  # noqa: PLC0415

    from core.measuring import significance  # noqa: PLC0415

    rng = np.random.default_rng(2)
    q = rng.dirichlet(np.full(30, 5), size=500)
    pairs = [(rng.multinomial(10**4, each), rng.multinomial(10**3, each)) for each in q]
    start = process_time()
    for reference, live in pairs:
        significance.test_counts(reference, live, ordered=True)
        intervals.interval(reference, live)
    assert process_time() - start < 1
