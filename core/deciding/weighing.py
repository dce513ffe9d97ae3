"""One feature of a reference and of many windows, weighed: together where that can be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..measuring.batches import MINIMUM_CHUNKS
from ..profiling.categories import CategoryCounts
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from .binnings import Options
from .chunks import Chunked, add_chunks
from .comparisons import Comparison, compare, failed, fits, is_identifier
from .decisions import MEASURES, Limits
from .evidence import weigh
from .grids import Array
from .weights import Batches, Weights, fixed_noise, nothing
from .window_labels import tabulate, weigh_labels
from .window_numbers import can_weigh, weigh_numbers

THREADS = 4  # that weigh features at once; NumPy works without the interpreter's lock
_TABLE = 8_000_000  # windows by cells at most
_ALONG_THE_AXIS = {"wasserstein", "kolmogorov_smirnov"}


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
class Weighed:
    """The weights of a feature; `codes` tell why it was not compared in a window."""

    feature: str
    kind: str
    codes: list[str | None]
    reason: str
    weights: Weights
    fault: Exception | None = None


def only(profile: Profile, name: str) -> Profile:
    """Give the profile of one feature."""
    return Profile(profile.rows, {name: profile.features[name]}, {name: profile.kinds[name]})


def weigh_feature(
    name: str,
    reference: Profile,
    windows: Sequence[Parted],
    choices: Choices,
    chunks: Sequence[Profile],
) -> Weighed:
    """Weigh a feature in many windows; one in which an error of our own comes up is set aside."""
    try:
        return weigh_plainly(name, reference, windows, choices, chunks)
    except Exception as fault:  # noqa: BLE001 (no fault in one feature may end the others)
        kind = reference.kinds[name]
        told = failed(Comparison(name, kind, reference.features[name], None), fault)
        codes = [told.code] * len(windows)
        return Weighed(name, kind, codes, told.reason, nothing(len(windows)), fault)


def weigh_plainly(
    name: str,
    reference: Profile,
    windows: Sequence[Parted],
    choices: Choices,
    chunks: Sequence[Profile],
) -> Weighed:
    """Weigh a feature in many windows: together where possible, else window by window."""
    codes: list[str | None] = [None] * len(windows)
    weights = nothing(len(windows))
    left = set(range(len(windows)))
    if _is_plain(name, reference, choices):
        left -= set(_together(name, reference, windows, choices, (chunks, weights)))
    reason = ""
    for i in sorted(left):
        comparison = _alone(name, reference, windows[i], choices, chunks)
        codes[i], reason = comparison.code, reason or comparison.reason
        if comparison.scores is not None:
            weights.put(np.array([i]), _as_weights(comparison, choices))
    return Weighed(name, reference.kinds[name], codes, reason, weights)


def _is_plain(name: str, reference: Profile, choices: Choices) -> bool:
    """Tell whether the feature is compared at all, and in a way that many windows share."""
    counts = reference.features[name]
    options = choices.overrides.get(name, choices.options)
    if name in choices.set_aside or (not options.identifiers and is_identifier(counts)):
        return False
    if choices.policy == "fixed" and choices.limits.measure in _ALONG_THE_AXIS:
        return False
    return not isinstance(counts, NumericCounts) or can_weigh(counts, options)


def _together(
    name: str,
    reference: Profile,
    windows: Sequence[Parted],
    choices: Choices,
    found: tuple[Sequence[Profile], Weights],
) -> list[int]:
    """Fill in the weights of windows that can be weighed together, and tell which they are."""
    chunks, weights = found
    before = reference.features[name]
    groups: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        after = window.whole.features.get(name)
        if after is None or not fits(before, after, (reference.kinds, window.whole.kinds), name):
            continue
        levels = [side.level for side in (before, after) if isinstance(side, NumericCounts)]
        groups.setdefault(max(levels, default=0), []).append(i)
    done: list[int] = []
    for places in (block for group in groups.values() for block in _blocks(name, windows, group)):
        some = [windows[i] for i in places]
        own, possible = _weighed(name, before, some, choices, chunks)
        weights.put(np.array(places), own)
        done += [place for place, known in zip(places, possible, strict=True) if known]
    return done


def _blocks(name: str, windows: Sequence[Parted], places: Sequence[int]) -> Iterator[list[int]]:
    """Part windows so that the table of their cells, if none were shared, stays small."""
    block: list[int] = []
    cells = 0
    for place in places:
        counts = windows[place].whole.features[name]
        own = counts.cells.size if isinstance(counts, NumericCounts) else 0
        if block and (len(block) + 1) * (cells + own) > _TABLE:
            yield block
            block, cells = [], 0
        block.append(place)
        cells += own
    yield block


def _weighed(
    name: str,
    before: Counts,
    windows: Sequence[Parted],
    choices: Choices,
    chunks: Sequence[Profile],
) -> tuple[Weights, Sequence[bool]]:
    options = choices.overrides.get(name, choices.options)
    measure = choices.limits.measure if choices.policy == "fixed" else None
    wholes = [window.whole.features[name] for window in windows]
    parts = [chunk.features[name] for chunk in chunks if _rows(chunk.features[name], options)]
    several = len(parts) >= MINIMUM_CHUNKS and measure is None
    squares = _squares(name, windows, options) if several else np.empty(0)
    if isinstance(before, NumericCounts):
        numbers = [each for each in wholes if isinstance(each, NumericCounts)]
        known = [each for each in parts if isinstance(each, NumericCounts)]
        batches = Batches(known, squares) if several else None
        weights, possible = weigh_numbers(
            before, numbers, options=options, measure=measure, batches=batches
        )
        return weights, possible.tolist()
    labels = [each for each in wholes if isinstance(each, CategoryCounts)]
    named = [each for each in parts if isinstance(each, CategoryCounts)]
    table = tabulate(before, labels, options)
    if table is None or any(each.pool is not None for each in named):
        return nothing(len(windows)), [False] * len(windows)
    own = Batches(named, squares) if several else None
    return weigh_labels(table, options=options, measure=measure, batches=own), [True] * len(windows)


def _rows(counts: Counts, options: Options) -> int:
    return counts.present + counts.missing * options.missing


def _squares(name: str, windows: Sequence[Parted], options: Options) -> Array:
    """Sum the squared rows of each window's parts."""
    return np.array(
        [
            sum(_rows(part.features[name], options) ** 2 for part in window.parts)
            for window in windows
        ],
        np.float64,
    )


def _alone(
    name: str, reference: Profile, window: Parted, choices: Choices, chunks: Sequence[Profile]
) -> Comparison:
    """Compare one window by itself."""
    there = only(window.whole, name) if name in window.whole.features else window.whole
    comparison = compare(
        only(reference, name),
        there,
        options=choices.options,
        overrides=choices.overrides,
        set_aside=choices.set_aside,
    )[0]
    if chunks and comparison.bins is not None:
        both = Chunked(chunks, window.parts, "windows", grows=True)
        return add_chunks(comparison, both)
    return comparison


def _as_weights(comparison: Comparison, choices: Choices) -> Weights:
    """Write the evidence on one window in the form of many."""
    if comparison.bins is None or comparison.scores is None:
        raise ValueError(f"{comparison.feature} was not compared")
    n, m = comparison.bins.counts.sum(axis=1)
    if choices.policy == "fixed":
        measure = choices.limits.measure
        value = MEASURES[measure][1](comparison.scores)
        occupied = np.array([np.count_nonzero(comparison.bins.counts.any(axis=0))])
        noise = fixed_noise(measure, occupied, np.array([n]), np.array([m]))
        known = (n, m, *[np.nan] * 5, noise[0], np.nan if value is None else value)
    else:
        found = weigh(comparison)
        sizes = (found.corrected, *found.interval, found.bound, found.noise)
        known = (n, m, found.p, *sizes, np.nan)
    return Weights(*(np.array([figure], np.float64) for figure in known))
