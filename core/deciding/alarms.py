"""How often would it have cried? Alarms over the windows of a timeline under other thresholds.

States follow from the figures that a timeline holds: q, the size and its lower bound. So thresholds
and the false alarm rate can be moved without judging a window again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.special import chdtrc, chdtri

from .grids import Array, Mask
from .reports import FeatureTimeline, Timeline

_WEEK = 7 * 86_400
_LEVEL = 0.95  # of the noise in a timeline
_FREEDOM = np.arange(1, 10_100)  # among which that of a noise level is sought: bins less one


@dataclass(frozen=True, slots=True)
class Alarms:
    """Alarms of all features over all windows, and how many of them are expected to be chance.

    Under the calibrated policy `by_chance` bounds, on average, the false ones among them; under
    fixed thresholds it is what chance alone would bring without any drift. `per_week` and
    `chance_per_week` are None where windows are not of time.
    """

    alarms: int
    windows: int  # with one alarm at least
    judged: int  # windows with rows
    by_chance: float | None
    weeks: float | None
    tested: bool = True  # chance was weighed: `by_chance` are among the alarms

    @property
    def per_week(self) -> float | None:
        """Alarms a week, a feature in a window each."""
        return self.alarms / self.weeks if self.weeks else None

    @property
    def chance_per_week(self) -> float | None:
        """`by_chance`, a week."""
        if self.by_chance is None or not self.weeks:
            return None
        return self.by_chance / self.weeks


Thresholds = Callable[[str], tuple[float, float]]


def alarms(timeline: Timeline, thresholds: Thresholds, *, alpha: float, policy: str) -> Alarms:
    """Count the alarms that `thresholds` (warn, alert of a feature) would give.

    Calibrated: q at most `alpha`, the size at least alert and its lower bound at least warn; of
    those called out at most the share `alpha` is false (Benjamini and Hochberg 1995). Fixed: the
    size above alert; chance alone exceeds it as often as its chi-square law says, known for the JS
    distance only.
    """
    flagged = np.zeros(len(timeline.windows), np.int64)
    chance = 0.0 if policy == "fixed" else None
    for feature in timeline.features:
        warn, alert = thresholds(feature.name)
        flagged += _alerts(feature, warn, alert, alpha, policy)
        if chance is not None:
            more = _by_chance(feature, alert)
            chance = None if more is None else chance + more
    total = int(flagged.sum())
    return Alarms(
        total,
        int((flagged > 0).sum()),
        sum(window.rows > 0 for window in timeline.windows),
        chance if policy == "fixed" else alpha * total,
        _weeks(timeline),
        tested=policy != "fixed",
    )


def _alerts(feature: FeatureTimeline, warn: float, alert: float, alpha: float, policy: str) -> Mask:
    size = _numbers(feature.value)
    with np.errstate(invalid="ignore"):
        if policy == "fixed":
            return np.asarray(size > alert)
        certain = (_numbers(feature.q) <= alpha) & (_numbers(feature.low) >= warn)
        return np.asarray(certain & (size >= alert))


def _by_chance(feature: FeatureTimeline, alert: float) -> float | None:
    """Expect so many windows over `alert` without drift: the JS distance's square is chi-square."""
    if feature.measure is None:  # not compared in any window
        return 0.0
    if feature.measure != "js_distance":
        return None
    noise, n, m = (_numbers(side) for side in (feature.noise, feature.n, feature.m))
    known = np.isfinite(noise) & (noise > 0)
    if not known.any():
        return 0.0
    scale = 8 * np.log(2) / (1 / n[known] + 1 / m[known])
    levels = chdtri(_FREEDOM, 1 - _LEVEL)
    places = np.searchsorted(levels, scale * noise[known] ** 2 * (1 - 1e-9))
    freedom = _FREEDOM[np.minimum(places, _FREEDOM.size - 1)]
    return float(chdtrc(freedom, scale * alert**2).sum())


def _numbers(figures: Iterable[float | str | None]) -> Array:
    named = {"infinite": np.inf, None: np.nan}
    known = [each if isinstance(each, float | int) else named[each] for each in figures]
    return np.array(known, np.float64)


def _weeks(timeline: Timeline) -> float | None:
    if timeline.unit != "time" or not timeline.windows:
        return None
    start, end = (
        datetime.fromisoformat(moment)
        for moment in (timeline.windows[0].start, timeline.windows[-1].end)
    )
    return (end - start).total_seconds() / _WEEK
