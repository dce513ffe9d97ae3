"""Features over many windows, judged: the same answers as for each window alone."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..measuring.divergences import LN2, js_distance
from ..measuring.significance import adjust
from ..profiling.profiles import Profile, no_rows
from ..profiling.quantities import NumericCounts
from .binnings import bin_chunks
from .changes import Span, find_changes
from .chunks import count_chunks
from .comparisons import compare
from .grids import Array, Integers, Mask
from .records import WITHOUT_ROWS
from .reports import FLAGGED, State
from .weighing import THREADS, Choices, Parted, Weighed, only, weigh_feature
from .weights import join_weights

__all__ = ["Choices", "Parted", "Track", "find_runs", "find_spans", "join", "judge_windows"]

_BLOCK = 400  # windows weighed at once: their tables fit into memory, and nearly into the cache


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
    fault: Exception | None = None


def judge_windows(
    reference: Profile, windows: Sequence[Parted], choices: Choices, chunks: Sequence[Profile] = ()
) -> list[Track]:
    """Judge windows against one reference; p is adjusted for the features of a window.

    `chunks` are the windows of the reference, where rows of a window resemble each other.
    """

    def weighed(name: str) -> Weighed:
        blocks = [
            weigh_feature(name, reference, windows[start : start + _BLOCK], choices, chunks)
            for start in range(0, len(windows), _BLOCK)
        ]
        return blocks[0] if len(blocks) == 1 else _joined(blocks)

    with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
        found = list(pool.map(weighed, reference.features))
    fixed = choices.policy == "fixed"
    p = np.array([each.weights.p for each in found])
    adjusted = [adjust(column, choices.limits.adjust) for column in p.T]
    q = np.array(adjusted).T if adjusted else p
    return [
        _fixed(each, choices) if fixed else _calibrated(each, own, choices)
        for each, own in zip(found, q, strict=True)
    ]


def _joined(blocks: Sequence[Weighed]) -> Weighed:
    codes = [code for block in blocks for code in block.codes]
    reason = next((block.reason for block in blocks if block.reason), "")
    weights = join_weights([block.weights for block in blocks])
    fault = next((block.fault for block in blocks if block.fault), None)
    return Weighed(blocks[0].feature, blocks[0].kind, codes, reason, weights, fault)


def _calibrated(found: Weighed, q: Array, choices: Choices) -> Track:
    """Ask for certainty and size together, as `decisions.calibrated` does."""
    weights, limits = found.weights, choices.limits
    warn, alert = (distance**2 * LN2 for distance in limits.of(found.feature))
    certain, large = q <= limits.alpha, weights.size >= warn
    drifted = certain & large & (weights.size >= alert) & (weights.low >= warn)
    orders = (np.isnan(weights.p), drifted, certain & large, certain, weights.bound <= warn)
    states = _choose(orders, (State.ALERT, State.WARN, State.NEGLIGIBLE, State.STABLE), found.codes)
    figures = js_distance(np.stack([weights.size, weights.low, weights.high, weights.noise]))
    return _tracked(found, states, "js_distance_corrected", figures, (weights.p, q))


def _fixed(found: Weighed, choices: Choices) -> Track:
    """Compare one measure with its thresholds, as `decisions.fixed` does."""
    weights = found.weights
    warn, alert = choices.limits.of(found.feature)
    missing = np.isnan(weights.value)
    orders = (missing, weights.value > alert, weights.value > warn, ~missing)
    states = _choose(orders, (State.ALERT, State.WARN, State.STABLE), found.codes)
    undefined = np.full(missing.shape, np.nan)
    figures = np.stack([weights.value, undefined, undefined, weights.noise])
    return _tracked(found, states, choices.limits.measure, figures, (undefined, undefined))


def _choose(
    orders: Sequence[Mask], states: Sequence[State], codes: Sequence[str | None]
) -> list[State]:
    """Give each window the first state whose condition holds; `orders[0]` marks those without."""
    rest = State.INSUFFICIENT
    picked = np.select([*orders], list(range(-1, len(states))), len(states))
    named = [*states, rest]
    return [
        named[i] if i >= 0 else State.NO_DATA if code in WITHOUT_ROWS else State.SKIPPED
        for i, code in zip(picked.tolist(), codes, strict=True)
    ]


def _tracked(
    found: Weighed, states: list[State], measure: str, figures: Array, chance: tuple[Array, Array]
) -> Track:
    value, low, high, noise = figures
    p, q = chance
    return Track(
        found.feature,
        found.kind,
        states,
        found.codes,
        found.reason,
        np.nan_to_num(found.weights.n),
        np.nan_to_num(found.weights.m),
        measure if any(state not in _SILENT for state in states) else None,
        value,
        low,
        high,
        noise,
        p,
        q,
        found.fault,
    )


_SILENT = {State.SKIPPED, State.NO_DATA}


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
        next((track.fault for track in tracks if track.fault), None),
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
    empty = no_rows(reference.kinds[name])
    parts = [profile.features.get(name, empty) for profile in (reference, *windows)]
    options = choices.overrides.get(name, choices.options)
    numbers = [side for side in parts if isinstance(side, NumericCounts)]
    if len(numbers) == len(parts) and numbers[0].finite:  # edges of the reference need no sum
        return bin_chunks(numbers[0], max(n.level for n in numbers), numbers, options=options)
    alone = [only(profile, name) for profile in (reference, *windows) if name in profile.features]
    comparison = compare(alone[0], Profile.total(alone[1:]), options=options)[0]
    if comparison.bins is None:
        return None
    return count_chunks(comparison, parts)


def find_runs(track: Track) -> list[Span]:
    """Give the runs of flagged windows: all that can be said where every window has its own."""
    flagged = np.append(is_flagged(track), False)
    edges = np.flatnonzero(np.diff(flagged, prepend=False))
    return [Span(first, end, None) for first, end in edges.reshape(-1, 2).tolist()]


def is_flagged(track: Track) -> Mask:
    """Mark the windows (windows,) over a threshold."""
    return np.array([state in FLAGGED for state in track.states], bool)
