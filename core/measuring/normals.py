"""Two samples of vectors, held against each other as normal laws: test and size.

Everything follows from rows, means and covariances of both sides, in coordinates in which the
covariance pooled within the sides is the identity: units and scales of components do not matter,
and what does not vary on either side is left out. Divergences run from live to reference, in nats.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import fdtrc, gammaincc, polygamma, psi

from . import gaussians
from .intervals import noncentrality
from .significance import LEAST_P, combine
from .smoothing import Array

_RANK = 1e-9  # of the largest variance (components scaled to 1): what is below it does not vary
_ROUNDING = 1e-12  # of a mean: deviations below it are what rounding leaves of a constant
_FAINT, _NEAR = 1e-140, 1e-58  # a variance whose square is lost; a mean that hides no such spread
_MOST = 1e15  # a side without spread in some direction makes M infinite
_CHI_SQUARE = 8  # without drift 8 h JSD is chi-square, with h = n m / (n + m)


class Sample(NamedTuple):
    """Rows, mean (d,), sums of products (d, d) and of fourth powers (d,) of deviations from it."""

    rows: int
    mean: Array
    products: Array
    fourths: Array


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides in r coordinates in which their pooled covariance is the identity.

    `basis` (d, r) leads there, `gap` (r,) is live's mean less the reference's, `covariances`
    (2, r, r) are those of reference and live (divisor rows - 1), `rows` their rows; `tails` is how
    much more than normal rows the covariances vary by chance, 1 or above; `moved` are components
    that do not vary on either side and are not the same on both.
    """

    basis: Array
    gap: Array
    covariances: Array
    rows: tuple[int, int]
    tails: float
    moved: tuple[int, ...] = ()

    @property
    def dimensions(self) -> int:
        """Coordinates that vary."""
        return len(self.gap)

    @property
    def freedom(self) -> int:
        """Parameters of a normal law: of its mean and its covariance."""
        return self.dimensions + self.dimensions * (self.dimensions + 1) // 2

    @property
    def harmonic(self) -> float:
        """N m / (n + m)."""
        n, m = self.rows
        return n * m / (n + m)


def fewest_rows(dimensions: int) -> int:
    """Tell how many rows a side needs at least to be held against another."""
    return dimensions + 2


def pair(reference: Sample, live: Sample) -> Pair:
    """Bring both sides into coordinates in which the covariance within them is the identity.

    `tails` is 1 + κ with κ a third of the mean excess kurtosis of the components, at least 1: the
    factor by which the test of covariances grows for elliptical laws (Muirhead and Waternaux 1980).
    """
    within = reference.products + live.products
    scale = np.sqrt(within.diagonal())
    floor = _rounding(reference) + _rounding(live)
    varies = within.diagonal() > floor
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=varies)
    variances, turns = np.linalg.eigh(within * np.outer(inverse, inverse))
    kept = variances > _RANK * max(variances.max(initial=0.0), 1)
    freedom = reference.rows + live.rows - 2
    basis = inverse[:, None] * turns[:, kept] * np.sqrt(freedom / variances[kept])
    covariances = np.stack(
        [basis.T @ side.products @ basis / (side.rows - 1) for side in (reference, live)]
    )
    apart = live.mean - reference.mean
    return Pair(
        basis,
        basis.T @ apart,
        covariances,
        (reference.rows, live.rows),
        _tails(reference, live),
        tuple(np.flatnonzero(~varies & (np.abs(apart) > np.sqrt(floor))).tolist()),
    )


def faint(reference: Sample, live: Sample) -> list[int]:
    """List the components whose numbers all lie so near 0 that powers of them are lost.

    A constant is none, unless it is as near 0 itself.
    """
    sides = (reference, live)
    near = np.all([np.abs(side.mean) < _NEAR for side in sides], axis=0)
    freedom = reference.rows + live.rows - 2
    small = (reference.products + live.products).diagonal() < _FAINT * freedom
    some = np.any([(side.mean != 0) | (side.products.diagonal() > 0) for side in sides], axis=0)
    return np.flatnonzero(near & small & some).tolist()


def _rounding(side: Sample) -> Array:
    return side.rows * (_ROUNDING * side.mean) ** 2


def _tails(reference: Sample, live: Sample) -> float:
    excess = weight = 0.0
    for side in (reference, live):
        squares = side.products.diagonal()
        varies = squares > _rounding(side)
        kurtosis = side.rows * side.fourths[varies] / squares[varies] ** 2
        excess, weight = (
            excess + float((kurtosis - 3).sum()) * side.rows,
            weight + side.rows * int(varies.sum()),
        )
    return max(1.0, 1 + excess / (3 * weight)) if weight else 1.0


class Tested(NamedTuple):
    """p-values of no drift: of the means, of the covariances, of both (Cauchy combination).

    `statistic` is both together, in the unit of a chi-square with `Pair.freedom` degrees.
    """

    p: float
    p_mean: float
    p_covariance: float
    statistic: float


def test_pair(found: Pair) -> Tested:
    """Test whether both sides have one mean and one covariance.

    Means: Hotelling's T², exact for normal rows and right for any others as they grow many.
    Covariances: Box's M, the likelihood ratio with divisors rows - 1, over `tails`, referred to a
    gamma law with the mean and variance that M has for normal rows, exactly: cumulants of
    Wishart determinants (Anderson 2003, 10.4), at every number of rows above the dimensions.
    """
    n, m = found.rows
    r, freedom = found.dimensions, n + m - 2
    squared = found.harmonic * float(found.gap @ found.gap)
    p_mean = float(fdtrc(r, freedom - r + 1, squared * (freedom - r + 1) / (r * freedom)))
    logs = np.linalg.slogdet(found.covariances)[1]
    box = float(np.clip(-(logs @ np.array([n - 1, m - 1])), 0, _MOST))  # the pooled one's ln is 0
    mean, variance = moments_of_box(n - 1, m - 1, r)
    p_covariance = float(gammaincc(mean**2 / variance, box / found.tails * mean / variance))
    # Each in the unit of a chi-square with its own degrees of freedom.
    first = squared * max(freedom - r - 1, 1) / freedom
    second = box / found.tails * (r * (r + 1) / 2) / mean
    p_mean, p_covariance = max(p_mean, LEAST_P), max(p_covariance, LEAST_P)
    p = float(combine(np.array([p_mean, p_covariance])))
    return Tested(p, p_mean, p_covariance, first + second)


def moments_of_box(n: int, m: int, dimensions: int) -> tuple[float, float]:
    """Give mean and variance of M for n and m degrees of freedom of normal rows."""
    places = np.arange(dimensions)
    both = np.array([n, m, n + m], float)
    halves = (both[:, None] - places) / 2
    signs = np.array([-1.0, -1.0, 1.0])
    logs = psi(halves).sum(axis=1) + dimensions * np.log(2 / both)
    mean = float((signs * both * logs).sum())
    variance = float((-signs * both**2 * polygamma(1, halves).sum(axis=1)).sum())
    return mean, variance


class Fit(NamedTuple):
    """Both laws with chance's part of their difference taken out.

    `mean_kept` and `covariance_kept` are what is left of the differences, 0 to 1.
    """

    gap: Array
    covariances: Array
    mean_kept: float
    covariance_kept: float


def shrunk(found: Pair) -> Fit:
    """Draw both sides together by what chance alone makes them differ.

    As Ledoit and Wolf (2004) weigh a target: the expected square of chance's part over the square
    of what is seen. The target is what both sides share, the pooled covariance and one mean; of a
    difference D with noise N the part √max(0, 1 - N/|D|²) is kept, so that its square is unbiased.
    With many rows for each component next to everything is kept.
    """
    n, m = found.rows
    r = found.dimensions
    noise = r * (1 / n + 1 / m)
    mean_kept = _kept(noise, float(found.gap @ found.gap))
    reference, live = found.covariances
    noise = found.tails * r * (r + 1) * (1 / (n - 1) + 1 / (m - 1))
    covariance_kept = _kept(noise, float(((live - reference) ** 2).sum()))
    drawn = covariance_kept * found.covariances + (1 - covariance_kept) * np.eye(r)
    return Fit(mean_kept * found.gap, drawn, mean_kept, covariance_kept)


def _kept(noise: float, squared: float) -> float:
    return float(np.sqrt(max(0.0, 1 - noise / squared))) if squared > 0 else 0.0


class Divergences(NamedTuple):
    """How far two normal laws lie apart, in nats."""

    kl_live_ref: float
    kl_ref_live: float
    jsd: float


def divergences(fit: Fit) -> Divergences:
    """Measure live against the reference: KL both ways, and the JSD of the densities."""
    nothing = np.zeros_like(fit.gap)
    live, reference = (fit.gap, fit.covariances[1]), (nothing, fit.covariances[0])
    return Divergences(
        gaussians.kl(*live, *reference),
        gaussians.kl(*reference, *live),
        gaussians.jsd(*live, *reference),
    )


def interval(found: Pair, tested: Tested, jsd: float, level: float = 0.9) -> tuple[float, float]:
    """Bound the JSD of the two laws from both sides, in nats, with `level` between the bounds.

    Noncentral chi-square bounds of the test's statistic, as those of counts; where the drift is
    large they are scaled by how much the JSD, which cannot pass ln 2, lags behind the statistic.
    """
    nu, scale = found.freedom, _CHI_SQUARE * found.harmonic
    outside = (1 - level) / 2
    lowest = float(noncentrality(tested.statistic, nu, 1 - outside))
    highest = float(noncentrality(max(tested.statistic, nu), nu, outside))
    seen = max(tested.statistic - nu, 0.0) / scale
    lag = min(1.0, jsd / seen) if lowest > 0 else 1.0
    low, high = min(lag * lowest / scale, jsd), max(lag * highest / scale, jsd)
    return low, min(high, float(np.log(2)))


def from_standard(side: Sample) -> Divergences | None:
    """Measure a side against the standard normal law N(0, I) of its dimensions, as `divergences`.

    "live" is the side, "ref" is N(0, I). None where its covariance is singular.
    """
    size = len(side.mean)
    if side.rows < fewest_rows(size):
        return None
    own, standard = (side.mean, side.products / (side.rows - 1)), (np.zeros(size), np.eye(size))
    try:
        return Divergences(
            gaussians.kl(*own, *standard),
            gaussians.kl(*standard, *own),
            gaussians.jsd(*own, *standard),
        )
    except gaussians.BadCovariance:
        return None
