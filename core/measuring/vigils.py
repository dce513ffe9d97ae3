"""A watch over many windows that may be looked at after each of them: false alarms stay rare.

Without drift the rows of the reference and of all windows are exchangeable. So, given how often an
event (a range of values, a label) occurred in all rows up to a window, its number in that window is
hypergeometric, whatever the distribution is and however few rows the reference has. The p-values of
successive windows are then independent, and no smaller than uniform ones (conformal p-values: Vovk,
Nouretdinov and Gammerman 2003): bets on small ones, decreasing in p, multiply to a martingale or
less, that ever reaches 1/alpha with probability alpha at most (Ville 1939). Bets start at every
window with the weight of one in a year of windows (a Shiryaev-Roberts sum, an e-detector: Shin,
Ramdas and Rinaldo 2022), so a drift is found whenever it begins.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri

from .smoothing import Array

Integers = NDArray[np.int64]

EFFECTS = (0.05, 0.1, 0.2, 0.5)  # shifts of an event that are bet on, in its deviations a row
STEPS = (0.5, 1.0, 2.0)  # the same in deviations a window, where windows are ranked
_DEVIATIONS, _TERMS = 7, 400  # of the hypergeometric law that are summed term by term
_LEAST_P = 1e-300
_ROUNDING = 1e-12
_LOWEST = -700.0  # the log of bets that are lost


def tails(x: Array, marked: Array, drawn: Array, total: Array) -> tuple[Array, Array]:
    """Bound P(X >= x) and P(X <= x) of hypergeometric counts (...) from above.

    Of `total` rows `marked` have a mark, `drawn` are drawn, and X of these are marked. Exact but
    for terms beyond seven deviations, which are bounded by a geometric series.

    >>> up, down = tails(np.array([7.0]), np.array([50.0]), np.array([10.0]), np.array([100.0]))
    >>> up.round(6).item(), down.round(6).item()
    (0.15892, 0.954176)
    """
    mean = drawn * marked / total
    above = x >= mean
    count = np.where(above, x, drawn - x)
    kind = np.where(above, marked, total - marked)
    near, least, point = _upper_tail(count, kind, drawn, total)
    far = np.minimum(1 - least + point + _ROUNDING, 1.0)
    near = np.clip(near, _LEAST_P, 1.0)
    return np.where(above, near, far), np.where(above, far, near)


def _upper_tail(x: Array, marked: Array, drawn: Array, total: Array) -> tuple[Array, Array, Array]:
    """Give an upper and a lower bound of P(X >= x) beyond the mean, and P(X = x)."""
    point = np.exp(
        _log_choose(marked, x) + _log_choose(total - marked, drawn - x) - _log_choose(total, drawn)
    )
    share = marked / total
    deviation = np.sqrt(drawn * share * (1 - share)).max(initial=0.0)
    steps = np.arange(min(int(_DEVIATIONS * deviation) + 20, _TERMS))
    y = x[..., None] + steps
    more = (marked[..., None] - y) * (drawn[..., None] - y)
    fewer = (y + 1) * (total - marked - drawn)[..., None] + (y + 1) ** 2
    ratios = np.clip(more, 0, None) / np.maximum(fewer, 1)
    terms = np.cumprod(ratios, axis=-1)
    least = point * (1 + terms.sum(axis=-1))
    last, ratio = terms[..., -1], np.minimum(ratios[..., -1], 1 - _ROUNDING)
    return least + point * last * ratio / (1 - ratio), least, point


def _log_choose(n: Array, k: Array) -> Array:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def row_bets(found: Array, marked: Array, drawn: Array, total: Array) -> Array:
    """Bet on events (windows, events) rising or falling; the log factors (windows, bets).

    `found` of a window's `drawn` rows have the event, `marked` of all `total` rows up to it. An
    event that all rows have, or none, is not bet on.
    """
    idle = (marked <= 0) | (marked >= total) | (drawn <= 0) | (drawn >= total)
    rows = np.sqrt(drawn * (1 - drawn / np.maximum(total, 1)))
    safe = (np.where(idle, 0, found), np.where(idle, 1, marked), np.where(idle, 1, drawn))
    scores = [-ndtri(p) for p in tails(*safe, np.where(idle, 2, total))]
    return _factors(scores, [effect * rows for effect in EFFECTS], idle)


def rank_bets(ranks: tuple[Array, Array], windows: Array) -> Array:
    """Bet on windows (windows, events) that rank high or low; the log factors (windows, bets).

    `ranks` tell how many of the `windows` up to each, itself too, are at least, and at most, as
    high. For windows that differ by nature, where they, not their rows, are exchangeable.
    """
    idle = ranks[0] + ranks[1] >= 2 * windows  # all are alike
    scores = [-ndtri(np.minimum(rank / windows, 1.0)) for rank in ranks]
    return _factors(scores, [np.full(windows.shape, step) for step in STEPS], idle)


def _factors(scores: list[Array], sizes: list[Array], idle: NDArray[np.bool_]) -> Array:
    bets = [
        np.where(idle, 0.0, size * np.where(idle, 0.0, score) - size**2 / 2)
        for score in scores
        for size in sizes
    ]
    return np.concatenate(bets, axis=-1)


def evidence(bets: Array, windows_a_year: float) -> Array:
    """Add up bets (..., windows, bets) that start at any window; the log of the e-process.

    The answer is (..., windows). Without drift it reaches ln(1/alpha) within a year with
    probability alpha at most.

    >>> rising = np.full((10, 1), 2.0)
    >>> evidence(rising, 365).round(1).tolist()[-1]
    14.2
    """
    weight = -np.log(windows_a_year)
    running = np.full((*bets.shape[:-2], bets.shape[-1]), -np.inf)
    sums = np.empty(bets.shape)
    for i in range(bets.shape[-2]):
        running = np.logaddexp(running, weight) + bets[..., i, :]
        sums[..., i, :] = running
    highest = np.maximum(sums.max(axis=-1, keepdims=True), _LOWEST)
    total = np.exp(sums - highest).sum(axis=-1) / bets.shape[-1]
    return np.asarray(highest[..., 0] + np.log(np.maximum(total, _LEAST_P)))
