"""Features over many windows, judged: the same answers as for each window alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..measuring.divergences import DIVERGENCES, JSD, js_distance
from ..measuring.intervals import noise_level
from ..profiling.profiles import Profile, no_rows
from .binnings import Options
from .changes import Span, find_changes
from .chunks import Chunked, add_chunks, count_chunks
from .comparisons import Comparison, compare
from .decisions import POLICIES, Limits
from .grids import Array
from .records import WITHOUT_ROWS, Finding
from .reports import FLAGGED, State

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choices:
    """How windows are judged: what `compare` and the policies take."""

    options: Options = field(default_factory=Options)
    overrides: Mapping[str, Options] = field(default_factory=dict)
    set_aside: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    policy: str = "calibrated"


@dataclass(frozen=True, slots=True)
class Parted:
    """A window, and the parts that it is the sum of."""

    whole: Profile
    parts: Sequence[Profile]


@dataclass(frozen=True, slots=True)
class Track:
    """What is found of one feature in each window: arrays (windows,), NaN where not defined.

    `codes` and `reason` tell why it was not compared. Sizes and bounds are JS distances, or under
    the fixed policy in the unit of the measure.
    """

    feature: str
    kind: str
    states: list[State]
    codes: list[str | None]
    reason: str
    n: Array
    m: Array
    measure: str | None
    value: Array
    low: Array
    high: Array
    noise: Array
    p: Array
    q: Array


def judge_windows(
    reference: Profile, windows: Sequence[Parted], choices: Choices, chunks: Sequence[Profile] = ()
) -> list[Track]:
    """Judge windows against one reference; p is adjusted for the features of a window.

    `chunks` are the windows of the reference, where rows of a window resemble each other.
    """
    found = [_judged(reference, window, choices, chunks) for window in windows]
    return [_track(comparisons) for comparisons in zip(*found, strict=True)]


def join(judged: Sequence[tuple[Sequence[int], Sequence[Track]]], size: int) -> list[Track]:
    """Lay the tracks of some windows at their places among `size`; the others are gaps."""
    parts: dict[str, list[tuple[Sequence[int], Track]]] = {}
    for places, tracks in judged:
        for track in tracks:
            parts.setdefault(track.feature, []).append((places, track))
    return [_laid(found, size) for found in parts.values()]


def _laid(parts: Sequence[tuple[Sequence[int], Track]], size: int) -> Track:
    tracks = [track for _, track in parts]
    places = [place for some, _ in parts for place in some]
    states: list[State] = [State.NO_DATA] * size
    codes: list[str | None] = [None] * size
    for place, state, code in zip(
        places,
        (state for track in tracks for state in track.states),
        (code for track in tracks for code in track.codes),
        strict=True,
    ):
        states[place], codes[place] = state, code

    def spread(figure: Callable[[Track], Array], empty: float = np.nan) -> Array:
        line = np.full(size, empty)
        line[places] = np.concatenate([figure(track) for track in tracks])
        return line

    return Track(
        tracks[-1].feature,
        tracks[-1].kind,
        states,
        codes,
        next((track.reason for track in tracks if track.reason), ""),
        spread(lambda track: track.n, 0),
        spread(lambda track: track.m, 0),
        next((track.measure for track in tracks if track.measure), None),
        spread(lambda track: track.value),
        spread(lambda track: track.low),
        spread(lambda track: track.high),
        spread(lambda track: track.noise),
        spread(lambda track: track.p),
        spread(lambda track: track.q),
    )


def find_spans(
    reference: Profile, windows: Sequence[Profile], tracks: Sequence[Track], choices: Choices
) -> dict[str, list[Span]]:
    """Find the spans of windows in which each feature left one reference."""
    flagged = {track.feature: is_flagged(track) for track in tracks}
    names = [name for name, windows_over in flagged.items() if windows_over.any()]
    found: dict[str, list[Span]] = {}
    for name in names:
        counts = _window_counts(reference, windows, name, choices)
        if counts is None:
            found[name] = find_runs(next(t for t in tracks if t.feature == name))
        else:
            found[name] = find_changes(counts[0], counts[1:], flagged[name])
    return found


def _window_counts(
    reference: Profile, windows: Sequence[Profile], name: str, choices: Choices
) -> Integers | None:
    """Count reference and windows (1 + windows, bins) of a feature in the reference's bins."""
    alone = [_only(profile, name) for profile in (reference, *windows) if name in profile.features]
    options = choices.overrides.get(name, choices.options)
    comparison = compare(alone[0], Profile.total(alone[1:]), options=options)[0]
    if comparison.bins is None:
        return None
    empty = no_rows(reference.kinds[name])
    parts = [profile.features.get(name, empty) for profile in (reference, *windows)]
    return count_chunks(comparison, parts)


def _only(profile: Profile, name: str) -> Profile:
    return Profile(profile.rows, {name: profile.features[name]}, {name: profile.kinds[name]})


def find_runs(track: Track) -> list[Span]:
    """Give the runs of flagged windows: all that can be said where every window has its own."""
    flagged = np.append(is_flagged(track), False)
    edges = np.flatnonzero(np.diff(flagged, prepend=False))
    return [Span(first, end, None) for first, end in edges.reshape(-1, 2).tolist()]


def is_flagged(track: Track) -> NDArray[np.bool_]:
    """Mark the windows (windows,) over a threshold."""
    return np.array([state in FLAGGED for state in track.states], bool)


Judged = tuple[Comparison, Finding | None]


def _judged(
    reference: Profile, window: Parted, choices: Choices, chunks: Sequence[Profile]
) -> list[Judged]:
    comparisons = compare(
        reference,
        window.whole,
        options=choices.options,
        overrides=choices.overrides,
        set_aside=choices.set_aside,
    )
    if chunks:
        both = Chunked(chunks, window.parts, "windows", grows=True)
        comparisons = tuple(add_chunks(comparison, both) for comparison in comparisons)
    compared = [comparison for comparison in comparisons if comparison.scores]
    findings = POLICIES[choices.policy](compared, choices.limits)
    known = {c.feature: found for c, found in zip(compared, findings, strict=True)}
    return [(comparison, known.get(comparison.feature)) for comparison in comparisons]


def _track(judged: Sequence[Judged]) -> Track:
    first = judged[0][0]
    cells = np.array([_figures(comparison, found) for comparison, found in judged])
    rows = [c.bins.counts.sum(axis=1) if c.bins else (0, 0) for c, _ in judged]
    n, m = np.array(rows, float).T
    value, low, high, noise, p, q = cells.T
    measures = [found.measure for _, found in judged if found]
    return Track(
        first.feature,
        first.kind,
        [_state(comparison, found) for comparison, found in judged],
        [comparison.code for comparison, _ in judged],
        next((comparison.reason for comparison, _ in judged if comparison.reason), ""),
        n,
        m,
        measures[0] if measures else None,
        value,
        low,
        high,
        noise,
        p,
        q,
    )


def _state(comparison: Comparison, found: Finding | None) -> State:
    if found:
        return found.state
    return State.NO_DATA if comparison.code in WITHOUT_ROWS else State.SKIPPED


def _figures(comparison: Comparison, found: Finding | None) -> list[float]:
    if found is None or found.value is None:
        return [np.nan] * 6
    evidence = found.evidence
    if evidence is None:
        return [found.value, np.nan, np.nan, _noise(comparison, found.measure), np.nan, np.nan]
    low, high, noise = js_distance(np.array([*evidence.interval, evidence.noise])).tolist()
    return [found.value, low, high, noise, evidence.p, found.q or np.nan]


def _noise(comparison: Comparison, measure: str) -> float:
    """Tell what a fixed measure reaches by noise alone in 5 % of windows; NaN where not known."""
    divergence = JSD if measure == "js_distance" else DIVERGENCES.get(measure)
    if divergence is None or comparison.bins is None:
        return np.nan
    n, m = comparison.bins.counts.sum(axis=1).tolist()
    bins = int(np.count_nonzero(comparison.bins.counts.any(axis=0)))
    level = noise_level(divergence, bins, n=n, m=m)
    if level is None:
        return np.nan
    if measure == "js_distance":
        return float(js_distance(level))
    return level / np.log(2) if measure == "jsd" else level
