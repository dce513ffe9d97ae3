"""Other tools' rules against oracles: each rule written again here, on the raw rows."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr

from core.measuring import conventions
from core.measuring.samples import Numbers

RNG = np.random.default_rng(8)
BEFORE = RNG.normal(10, 2, 1500).round(2)
AFTER = RNG.normal(10.6, 2.5, 1200).round(2)
WHOLE = RNG.poisson(60, 1500), RNG.poisson(64, 1200)
SMALL = BEFORE[:400], AFTER[:300]
LABELS = np.array([[700, 500, 290, 10, 0], [500, 400, 200, 80, 20]])


def pair(before, after):
    """Count two samples as a profile does."""
    values = np.unique(np.concatenate([before, after]))
    counts = [
        np.bincount(np.searchsorted(values, side), minlength=values.size)
        for side in (before, after)
    ]
    whole = np.issubdtype(np.asarray(before).dtype, np.integer)
    return Numbers(values.astype(float), np.array(counts), whole=whole)


def by_measure(figures):
    return {figure.measure: figure for figure in figures}


def close(value):
    return pytest.approx(value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("before", "after"), [(BEFORE, AFTER), WHOLE])
def test_evidently_by_its_rule(before, after):
    found = by_measure(conventions.evidently(pair(before, after)))
    moved = stats.wasserstein_distance(before, after) / max(np.std(before), 0.001)
    edges = np.histogram_bin_edges(np.concatenate([before, after]), bins="sturges")
    q, p = (np.histogram(side, edges)[0] / len(side) for side in (before, after))
    assert found["Wasserstein, normed"].value == close(moved)
    assert found["JS distance"].value == close(jensenshannon(q, p, 2))
    for side in (q, p):
        least = side[side > 0].min()
        side[side == 0] = least / 1e6 if least <= 1e-4 else 1e-4
    assert found["KL(ref‖live)"].value == close(stats.entropy(q, p))
    assert found["PSI"].value == close(((q - p) * np.log(q / p)).sum())
    assert next(iter(found)) == "Wasserstein, normed"
    assert found["Wasserstein, normed"].flagged == (moved >= 0.1)


def test_evidently_tests_small_samples():
    figure = conventions.evidently(pair(*SMALL))[0]
    assert figure.value == close(stats.ks_2samp(*SMALL).pvalue)
    assert figure.flagged == (figure.value < 0.05)


def test_evidently_tests_few_labels_by_chi_square_and_two_by_z():
    before, after = np.array([300, 200, 100]), np.array([250, 260, 90])
    figure = conventions.evidently_labels(np.array([before, after]))[0]
    assert figure.value == close(stats.chisquare(after, before * (600 / 600)).pvalue)
    figure = conventions.evidently_labels(np.array([[300, 100], [200, 120]]))[0]
    pooled = 220 / 720
    z = (100 / 400 - 120 / 320) / np.sqrt(pooled * (1 - pooled) * (1 / 400 + 1 / 320))
    assert figure.value == close(2 * stats.norm.sf(abs(z)))
    same = conventions.evidently_labels(np.array([[300], [200]]))[0]
    assert (same.value, same.flagged) == (1.0, False)


def test_evidently_takes_large_labels_by_the_distance():
    figure = conventions.evidently_labels(LABELS)[0]
    assert figure.value == close(jensenshannon(*LABELS, base=2))
    assert figure.measure == "JS distance"


@pytest.mark.parametrize(("before", "after"), [(BEFORE, AFTER), SMALL])
def test_nannyml_by_doane_with_a_bin_for_what_lies_outside(before, after):
    edges = np.histogram_bin_edges(before, bins="doane")
    q, p = (np.histogram(side, edges)[0] / len(side) for side in (before, after))
    left = 1 - p.sum()
    oracle = jensenshannon(np.append(q, 0), np.append(p, left), base=2)
    assert conventions.nannyml(pair(before, after))[0].value == pytest.approx(oracle, abs=1e-9)


def test_nannyml_takes_few_values_and_labels_one_by_one():
    before, after = WHOLE[0] % 7, np.append(WHOLE[1] % 7, [90, 91])
    q, p = (np.array([np.mean(side == value) for value in range(7)]) for side in (before, after))
    oracle = jensenshannon(np.append(q, 0), np.append(p, 1 - p.sum()), base=2)
    assert conventions.nannyml(pair(before, after))[0].value == pytest.approx(oracle, abs=1e-9)


def test_frouros_reads_two_histograms_at_ten_points():
    points = np.linspace(min(BEFORE.min(), AFTER.min()), max(BEFORE.max(), AFTER.max()), 10)
    q, p = (
        np.diff(stats.rv_histogram(np.histogram(side, bins="auto")).cdf(points))
        for side in (BEFORE, AFTER)
    )
    found = by_measure(conventions.frouros(pair(BEFORE, AFTER)))
    assert found["JS distance"].value == close(jensenshannon(q, p))
    assert found["KL(live‖ref)"].value == close(rel_entr(p, q).sum())
    edges = np.histogram(np.hstack([BEFORE, AFTER]), bins=10)[1]
    q, p = (np.histogram(side, edges)[0] / len(side) for side in (BEFORE, AFTER))
    q, p = (np.where(side == 0, np.finfo(float).tiny, side) for side in (q, p))
    assert found["PSI"].value == close(((p - q) * np.log(p / q)).sum())
    assert all(figure.flagged is None for figure in found.values())


def popmon_oracle(before, after, origin, width):
    bins = [np.floor((side - origin) / width).astype(int) for side in (before, after)]
    low, high = min(map(np.min, bins)), max(map(np.max, bins))
    q, p = (np.bincount(side - low, minlength=high - low + 1).astype(float) for side in bins)
    m, e = (p + q) / 2, 10e-6
    psi = ((p - q) * np.log((p + e) / (q + e))).sum()
    jsd = sum(((side + e) * np.log((side + e) / (m + e))).sum() for side in (p, q)) / 2
    return jsd, psi


def test_popmon_takes_counts_that_are_not_scaled():
    low, high = np.quantile(BEFORE, [0.05, 0.95])
    covered = (high - low) / 0.9
    jsd, psi = popmon_oracle(BEFORE, AFTER, low - 0.05 * covered, covered / 40)
    found = by_measure(conventions.popmon(pair(BEFORE, AFTER)))
    assert (found["JSD"].value, found["PSI"].value) == (close(jsd), close(psi))


def test_popmon_cuts_whole_numbers_around_them():
    low, high = WHOLE[0].min(), WHOLE[0].max()
    jsd, psi = popmon_oracle(*WHOLE, low - 0.5, max(np.round((high - low) / 40), 1))
    found = by_measure(conventions.popmon(pair(*WHOLE)))
    assert (found["JSD"].value, found["PSI"].value) == (close(jsd), close(psi))


def test_whylogs_tests_at_quantiles_and_takes_hellinger_in_thirty_bins():
    found = by_measure(conventions.whylogs(pair(BEFORE, AFTER)))
    quantiles = [
        np.sort(side)[np.minimum((np.linspace(0, 1, 100) * side.size).astype(int), side.size - 1)]
        for side in (BEFORE, AFTER)
    ]
    at = np.concatenate(quantiles)
    gap = np.abs([np.mean(x > BEFORE) - np.mean(x > AFTER) for x in at]).max()
    assert found["KS test at quantiles"].value == close(
        stats.kstwo.sf(gap, round(1500 * 1200 / 2700))
    )
    low, high = min(BEFORE.min(), AFTER.min()), max(BEFORE.max(), AFTER.max()) * (1 + 1e-7)
    q, p = (
        np.histogram(side, np.linspace(low, high, 31))[0] / side.size for side in (BEFORE, AFTER)
    )
    hellinger = np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2)
    assert found["Hellinger distance"].value == close(hellinger)


def test_whylogs_expects_whole_rows_of_labels():
    known = LABELS[:, :4]
    expected = np.floor(known[0] / known[0].sum() * known[1].sum())
    oracle = stats.chi2.sf(((known[1] - expected) ** 2 / expected).sum(), 3)
    assert conventions.whylogs_labels(known)[0].value == close(oracle)
    assert conventions.whylogs_labels(LABELS)[0].value == 0  # the last label is new


def test_tfdv_aligns_two_histograms_and_takes_the_divergence():
    (q, edges_q), (p, edges_p) = (np.histogram(side, bins=10) for side in (BEFORE, AFTER))
    cuts = np.union1d(edges_q, edges_p)
    q, p = (
        np.array(
            [
                sum(
                    n * max(0, min(b, hi) - max(a, lo)) / (hi - lo)
                    for n, lo, hi in zip(counts, own, own[1:], strict=False)
                )
                for a, b in pairwise(cuts)
            ]
        )
        for counts, own in ((q, edges_q), (p, edges_p))
    )
    figure = conventions.tfdv(pair(BEFORE, AFTER))[0]
    assert figure.value == pytest.approx(jensenshannon(q, p, base=2) ** 2, rel=1e-6)
    assert figure.unit == "bits, divergence"


def test_tfdv_knows_a_single_value_and_the_largest_gap_of_labels():
    ones = np.ones(50)
    assert conventions.tfdv(pair(ones, ones))[0].value == 0
    assert conventions.tfdv(pair(ones, AFTER))[0].value == 1
    gap = np.abs(LABELS[0] / LABELS[0].sum() - LABELS[1] / LABELS[1].sum()).max()
    assert conventions.tfdv_labels(LABELS)[0].value == close(gap)


@pytest.mark.parametrize(("before", "after"), [(BEFORE, AFTER), SMALL])
def test_azure_by_its_rule(before, after):
    found = by_measure(conventions.azure(pair(before, after)))
    moved = stats.wasserstein_distance(before, after) / np.std(before, ddof=1)
    low, high = min(before.min(), after.min()), max(before.max(), after.max())
    number = int(np.ceil(np.log2(min(before.size, after.size)) + 1))
    edges = [low + i * ((high - low) / number) for i in range(number + 1)]
    q, p = (np.histogram(side, edges)[0] for side in (before, after))
    assert found["Wasserstein, normed"].value == close(moved)
    assert found["JS distance"].value == close(jensenshannon(q, p, base=2))
    q, p = (q + 1) / before.size, (p + 1) / after.size
    assert found["PSI"].value == close(((p - q) * np.log(p / q)).sum())


def test_azure_takes_labels_by_the_distance():
    figure = conventions.azure_labels(LABELS)[0]
    oracle = jensenshannon(*LABELS, base=2)
    assert (figure.value, figure.flagged) == (close(oracle), oracle > 0.1)


def test_the_same_sample_is_flagged_by_no_tool():
    same, labels = pair(BEFORE, BEFORE), LABELS[[0, 0]][:, :4]
    for tool in ("evidently", "nannyml", "frouros", "popmon", "whylogs", "tfdv", "azure"):
        figures = [*getattr(conventions, tool)(same)]
        if tool != "frouros":
            figures += getattr(conventions, f"{tool}_labels")(labels)
        assert not any(figure.flagged for figure in figures), tool
