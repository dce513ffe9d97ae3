import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from core.measuring.vigils import EFFECTS, evidence, rank_bets, row_bets, tails


@st.composite
def draws(draw):
    total = draw(st.integers(2, 3000))
    return total, draw(st.integers(1, total - 1)), draw(st.integers(1, total - 1))


@given(draws(), st.integers(0, 10**6))
def test_tails_are_those_of_the_hypergeometric_law_or_above(case, seed):
    total, marked, drawn = case
    x = int(hypergeom.rvs(total, marked, drawn, random_state=seed))
    up, down = (p.item() for p in tails(*(np.array([float(v)]) for v in (x, marked, drawn, total))))
    for got, exact in (
        (up, hypergeom.sf(x - 1, total, marked, drawn)),
        (down, hypergeom.cdf(x, total, marked, drawn)),
    ):
        assert exact * (1 - 1e-9) - 1e-12 <= got <= exact * (1 + 1e-6) + 1e-9


def test_a_tail_cut_short_is_bounded_from_above():
    total, marked, drawn = 4e8, 2e8, 1e7
    x = drawn / 2 + 800.0  # half a deviation: hundreds of terms are left out
    up, _ = tails(*(np.array([v]) for v in (x, marked, drawn, total)))
    assert hypergeom.sf(x - 1, total, marked, drawn) <= up.item() <= 1


@given(draws())
def test_a_bet_gains_nothing_on_average_without_drift(case):
    total, marked, drawn = case
    x = np.arange(max(0, drawn - (total - marked)), min(drawn, marked) + 1)
    columns = [np.full((x.size, 1), float(v)) for v in (marked, drawn, total)]
    factors = np.exp(row_bets(x[:, None].astype(float), *columns))
    gains = hypergeom.pmf(x, total, marked, drawn) @ factors
    assert (gains <= 1 + 1e-6).all()


@pytest.mark.parametrize("windows", [2, 11, 40])
def test_a_bet_on_ranks_gains_nothing_on_average_with_ties_or_without(windows):
    for shares in (np.arange(windows), np.arange(windows) // 3):
        above = (shares[:, None] <= shares).sum(axis=1)  # how many are at least as high
        below = (shares[:, None] >= shares).sum(axis=1)
        ranks = above[:, None].astype(float), below[:, None].astype(float)
        factors = np.exp(rank_bets(ranks, np.full((windows, 1), float(windows))))
        assert (factors.mean(axis=0) <= 1 + 1e-9).all()


def test_what_no_row_or_every_row_has_is_not_bet_on():
    found, marked, drawn = np.zeros((2, 1)), np.array([[0.0], [50.0]]), np.full((2, 1), 10.0)
    bets = row_bets(found, marked, drawn, np.full((2, 1), 50.0))
    assert bets.shape == (2, 2 * len(EFFECTS))
    assert not bets.any()
    alike = rank_bets((np.full((1, 1), 5.0), np.full((1, 1), 5.0)), np.full((1, 1), 5.0))
    assert not alike.any()


def test_bets_start_at_any_window():
    bets = np.full((300, 1), -2.0)
    bets[200:] = 1.5
    assert evidence(bets, 365)[-1] > 100
    assert evidence(bets, 365)[199] < 0


def test_a_watch_rings_once_in_twenty_years_at_most():
    rng = np.random.default_rng(3)
    z = rng.normal(size=(365, 400))
    logs = np.array([evidence(np.stack([2 * s - 2, -2 * s - 2], axis=1), 365).max() for s in z.T])
    assert (logs >= np.log(20)).mean() <= 0.05
