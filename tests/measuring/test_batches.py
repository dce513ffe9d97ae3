import numpy as np
import pytest
from scipy.stats import chi2_contingency, f

from core.measuring import batches, significance
from core.measuring.smoothing import BadCounts

SHARES = np.array([5, 4, 3, 3, 2, 2, 1.0])


def days(rng, number, rows=500, concentration=600):
    """Chunks whose rows resemble each other: Dirichlet-multinomial, correlation 1/(c + 1)."""
    return rng.multinomial(rows, rng.dirichlet(SHARES / SHARES.sum() * concentration, size=number))


def by_the_book(chunks, live):
    """Steps 1 to 5 of statistics.md, section 7, as written there."""
    n, m, total = chunks.sum(), live.sum(), len(chunks)
    df = chunks.shape[1] - 1
    y = [
        chi2_contingency([chunk, chunks.sum(axis=0) - chunk], correction=False).statistic
        for chunk in chunks
    ]
    phi0, s2 = np.mean(y) / df, np.var(y, ddof=1)
    m0 = n / total
    n1 = n - m0
    rho = max(0, (phi0 - 1) * (1 / m0 + 1 / n1) / ((m0 - 1) / m0 + (m0 - 1) / n1))
    phi = ((1 + (m - 1) * rho) / m + (1 + (m0 - 1) * rho) / n) / (1 / m + 1 / n)
    first = max(df * (phi0 - 1), 0)
    second = np.clip(s2 / 2 - df - 2 * first, first**2 / df, first**2)
    g = (phi - 1) / (phi0 - 1) if phi0 > 1 else 0
    nu = np.clip((df + g * first) ** 2 / (df + 2 * g * first + g**2 * second), 1, df)
    x = chi2_contingency([chunks.sum(axis=0), live], correction=False).statistic
    return f.sf(x / (df * phi), nu, (total - 1) * nu), nu, phi


@pytest.mark.parametrize("concentration", [60, 600, 1e9])
def test_p_freedom_and_inflation_follow_the_formulas(concentration):
    rng = np.random.default_rng(12)
    chunks = days(rng, 15, concentration=concentration)
    live = days(rng, 1, rows=800, concentration=concentration)[0]
    test = batches.test_batches(batches.overdispersion(chunks), live)
    assert (test.p, test.freedom, test.inflation) == pytest.approx(by_the_book(chunks, live))


def test_correlation_of_rows_is_found():
    chunks = days(np.random.default_rng(3), 400, concentration=99)
    assert batches.overdispersion(chunks).correlation == pytest.approx(0.01, rel=0.1)


def test_pooled_batches_are_inflated_by_the_rows_of_each_and_not_by_all():
    rng = np.random.default_rng(13)
    reference = batches.overdispersion(days(rng, 20))
    live = days(rng, 3, rows=800)
    own, theirs = 1 + 799 * reference.correlation, 1 + 499 * reference.correlation
    expected = (own / 2400 + theirs / 10_000) / (1 / 2400 + 1 / 10_000)
    assert batches.test_batches(reference, live).inflation == pytest.approx(expected)


def false_alarms(rng, number, **law):
    p, independent, together = [], [], []
    for _ in range(1000):
        chunks = days(rng, number + 3, **law)
        reference = batches.overdispersion(chunks[:number])
        p.append(batches.test_batches(reference, chunks[number]).p)
        together.append(batches.test_batches(reference, chunks[number:]).p)
        plain = significance.omnibus(reference.counts, chunks[number])[1]
        independent.append(plain)
    return [(np.array(each) <= 0.01).mean() for each in (p, together, independent)]


def test_batches_that_differ_by_nature_do_not_alarm_and_would_as_independent_rows():
    one, three, independent = false_alarms(np.random.default_rng(21), 15)
    assert one <= 0.02
    assert three <= 0.02
    assert independent >= 0.08


def test_independent_rows_do_not_alarm_either():
    one, three, _ = false_alarms(np.random.default_rng(22), 10, concentration=1e12)
    assert one <= 0.02
    assert three <= 0.02


def test_bins_that_a_chunk_hardly_fills_are_judged_as_one():
    rng = np.random.default_rng(24)
    shares = np.append(np.full(20, 0.049), np.full(20, 0.001))
    chunks, live = rng.multinomial(500, shares, 30), rng.multinomial(500, shares, 2000)
    reference = batches.overdispersion(chunks)
    together = batches.overdispersion(np.column_stack([chunks[:, :20], chunks[:, 20:].sum(axis=1)]))
    assert (reference.freedom, reference.inflation) == (together.freedom, together.inflation)
    p = np.array([batches.test_batches(reference, each).p for each in live])
    assert (p <= 0.01).mean() <= 0.015
    assert batches.test_batches(reference, np.append(live[0, :-1], 100)).p < 1e-6


def test_whole_groups_have_the_inflation_of_the_reference_however_many_there_are():
    rng = np.random.default_rng(25)
    reference = batches.overdispersion(10 * rng.multinomial(50, SHARES / SHARES.sum(), 30))
    live = 10 * rng.multinomial(1500, SHARES / SHARES.sum(), 1000)  # groups of ten equal rows
    tests = [batches.test_batches(reference, each, grows=False) for each in live]
    assert {test.inflation for test in tests} == {reference.inflation}
    assert reference.inflation == pytest.approx(10, rel=0.15)
    assert 0.02 <= np.mean([test.p <= 0.05 for test in tests]) <= 0.08
    assert batches.test_batches(reference, live[0]).inflation > 100


def test_a_batch_far_outside_the_usual_is_found():
    rng = np.random.default_rng(23)
    reference = batches.overdispersion(days(rng, 30))
    reverse = rng.multinomial(500, SHARES[::-1] / SHARES.sum())
    assert batches.test_batches(reference, reverse).p < 1e-6


def test_a_constant_and_rows_alone_in_their_chunk_are_answered():
    constant = batches.overdispersion(np.full((12, 1), 100))
    assert batches.test_batches(constant, [40]).p == pytest.approx(1)
    single = batches.overdispersion(np.eye(12, dtype=int))
    assert single.correlation == 0


def test_fewer_than_ten_chunks_are_refused():
    with pytest.raises(BadCounts, match="9 chunks"):
        batches.overdispersion(np.ones((9, 3)))


def test_live_counts_of_other_bins_are_refused():
    reference = batches.overdispersion(np.full((12, 3), [50, 30, 1]))
    with pytest.raises(BadCounts, match="3 bins and live has 4"):
        batches.test_batches(reference, [5, 5, 5, 5])


def test_a_chunk_without_rows_is_refused():
    with pytest.raises(BadCounts, match="no rows"):
        batches.overdispersion(np.vstack([np.ones((10, 3)), np.zeros((1, 3))]))
