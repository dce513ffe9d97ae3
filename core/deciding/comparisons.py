"""Compare two profiles: the counts of each feature in shared bins, and how far they lie apart.

p is the live distribution, q the reference. Divergences are in nats. JSD, Hellinger and total
variation are those of the raw counts; KL and PSI are smoothed, and say where that decides them.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..measuring.distances import kolmogorov_smirnov, wasserstein
from ..measuring.divergences import HELLINGER, JSD, KL, PSI, REVERSE_KL, TOTAL_VARIATION
from ..measuring.smoothing import probabilities, with_epsilon
from ..profiling.buffers import strings
from ..profiling.categories import CategoryCounts
from ..profiling.kinds import Kind
from ..profiling.profiles import Counts, Profile
from ..profiling.quantities import NumericCounts
from .binnings import Bins, Chunks, Options, Tested, bin_numbers
from .grids import Array, Grid, fine_grid
from .poolings import bin_categories

# An identifier has nearly as many values as rows (and enough rows to tell); whole numbers must
# also lie densely (profile.md, section 3).
_NEARLY_ALL, _DENSE, _FEWEST_ROWS = 0.95, 2, 20
_ESTIMATE_ERROR = 0.12  # four standard errors of an estimated number of distinct values
_UNREADABLE = 0.01  # the share of live values that may not fit the reference's kind

Along = tuple[float | None, float | None]  # Wasserstein (the feature's unit), Kolmogorov-Smirnov


@dataclass(frozen=True, slots=True)
class Scores:
    """How far live lies from the reference, bin by bin (`terms`, which sum to `jsd`) and in all."""

    terms: Array
    jsd: float
    kl_live_ref: float
    kl_ref_live: float
    psi: float
    hellinger: float
    total_variation: float
    wasserstein: float | None
    kolmogorov_smirnov: float | None
    pseudocount: float | None
    epsilon: float | None
    decisive: bool  # without smoothing a KL would be infinite


@dataclass(frozen=True, slots=True)
class Comparison:
    """One feature of both sides. Without `bins` it was not compared and `code` tells why.

    `fault` is the exception of an internal error, for the log.
    """

    feature: str
    kind: str
    reference: Counts | None
    live: Counts | None
    code: str | None = None
    reason: str = ""
    bins: Bins | None = None
    tested: Tested | None = None
    scores: Scores | None = None
    options: Options = field(default_factory=Options)
    chunks: Chunks | None = None
    grid: Grid | None = None  # the fine cells of numbers
    along: Along | None = None  # what `_along_the_axis` found on them, where it was asked before
    evidence: object = None  # what `evidence.weigh` found, where it was asked before
    summary: object = None  # what `summaries.summarise` found, likewise
    fault: Exception | None = None


def compare(
    reference: Profile,
    live: Profile,
    *,
    options: Options = Options(),  # noqa: B008 (frozen)
    overrides: Mapping[str, Options] | None = None,
    set_aside: Mapping[str, str] | None = None,
    known: Sequence[Comparison] = (),
) -> tuple[Comparison, ...]:
    """Compare every feature of the reference with the same feature of live.

    `overrides` gives options by feature, `set_aside` the features not to be compared, with a code.
    Of `known` comparisons of the same counts, whatever their options, the parts that hang on no
    option are taken over.
    A feature that cannot be compared stays in the answer, with its code and reason; so does one in
    whose numbers an error of our own came up: the others are compared.
    """
    before = {each.feature: each for each in known}
    return tuple(_compare(reference, live, options, overrides or {}, set_aside or {}, before))


def _compare(
    reference: Profile,
    live: Profile,
    options: Options,
    overrides: Mapping[str, Options],
    set_aside: Mapping[str, str],
    known: Mapping[str, Comparison],
) -> Iterator[Comparison]:
    for name, before in reference.features.items():
        pair = Comparison(name, reference.kinds[name], before, live.features.get(name))
        same = known.get(name, pair)
        if same.reference is before and same.live is pair.live:
            pair = replace(pair, grid=same.grid, along=same.along, summary=same.summary)
        chosen = overrides.get(name, options)
        try:
            code = set_aside.get(name)
            if code is None or (code == "vector" and pair.live is None):  # it must not hide that
                code = _obstacle(pair, live.kinds.get(name), chosen)
            yield _left_out(pair, code) if code else _measured(pair, chosen)
        except Exception as fault:  # noqa: BLE001 (no fault in one feature may end the others)
            yield failed(pair, fault)


def _left_out(pair: Comparison, code: str) -> Comparison:
    known = "internal_error" if code == "not_counted" else code
    return replace(pair, code=known, reason=_REASONS[code].format(**_words(pair)))


def failed(pair: Comparison, fault: Exception) -> Comparison:
    """Set a feature aside for an error of our own, under a number that the log has, too."""
    number = fault_number(pair.feature, fault)
    reason = _REASONS["internal_error"].format(feature=pair.feature, number=number)
    plain = Comparison(pair.feature, pair.kind, pair.reference, pair.live)
    return replace(plain, code="internal_error", reason=reason, fault=fault)


def fault_number(feature: str, fault: Exception) -> str:
    """Give an error of a feature its number, the same each time."""
    text = f"{feature}:{type(fault).__name__}:{fault}"
    return f"{zlib.crc32(text.encode('utf-8', 'replace')):08x}"


def _obstacle(pair: Comparison, live_kind: str | None, options: Options) -> str | None:
    """Tell why a feature cannot be compared, or None."""
    before, after = pair.reference, pair.live
    if before is None or after is None:
        return "missing_column"
    if "unsupported" in {pair.kind, live_kind}:
        return "not_supported"
    if not before.rows or not after.rows:
        return "no_data"
    if type(before) is not type(after) and before.present and after.present:
        return "type_changed"
    if {pair.kind, live_kind} == {"numeric", "datetime"} and before.present and after.present:
        return "type_changed"
    if before.present and _mostly_unreadable(after):
        return "type_changed"
    if not options.identifiers and is_identifier(before):
        return "identifier"
    return None


def fits(
    before: Counts, after: Counts, kinds: tuple[Mapping[str, Kind], Mapping[str, Kind]], name: str
) -> bool:
    """Tell whether both sides have values of one kind: nothing stands in the way of comparing."""
    own, live = (side[name] for side in kinds)
    if type(before) is not type(after) or "unsupported" in {own, live}:
        return False
    if {own, live} == {"numeric", "datetime"} or _mostly_unreadable(after):
        return False
    return bool(before.present and after.present)


def _mostly_unreadable(counts: Counts) -> bool:
    filled = counts.present + counts.unreadable
    return counts.unreadable > _UNREADABLE * filled


def is_identifier(counts: Counts) -> bool:
    """Tell whether nearly every row of a text or whole-number column has a value of its own."""
    estimated = counts.pool if isinstance(counts, CategoryCounts) else counts.hashes
    least = _NEARLY_ALL if estimated is None else _NEARLY_ALL - _ESTIMATE_ERROR
    if counts.present < _FEWEST_ROWS or counts.distinct < least * counts.present:
        return False
    if isinstance(counts, CategoryCounts):
        return True
    span = (counts.maximum or 0.0) - (counts.minimum or 0.0)
    return not counts.fractional and span < _DENSE * counts.rows


_REASONS = {
    "missing_column": "{feature} is in the reference and not in live. It counts as a change.",
    "not_supported": "{feature} holds lists, records, bytes or complex numbers: not compared. "
    "Lists of numbers of one length can be compared as vectors, named in the settings.",
    "no_data": "{feature} has no row on one side: nothing to compare.",
    "type_changed": "{feature} is {kind} in the reference and not in live. Not compared. "
    'Set kind = "categorical" for it, or mend the data.',
    "identifier": "{feature} looks like an identifier ({distinct} distinct values in {rows} rows)."
    " Not compared; declare its kind to compare it.",
    "internal_error": "{feature} could not be compared for an error of ours (number {number} in "
    "the log). The others are compared; please report it.",
    "not_counted": "{feature} could not be counted for an error of ours: the warnings have its "
    "number in the log. The others are compared; please report it.",
    "vector": "{feature} holds vectors: they are compared as a whole, beside the features.",
    "ignored": "{feature} is set aside by the settings.",
    "time_column": "{feature} is the time column: it makes windows and is not compared itself.",
    "group_column": "{feature} tells which rows belong together and is not compared itself.",
    "all_missing": "All values are missing on both sides.",
    "no_reference_values": "The reference has no values: that live has some is all that can be "
    "compared.",
    "all_dropped": "{feature} has no values on one side or both, and missing ones are dropped.",
}


def _words(pair: Comparison) -> dict[str, object]:
    known = pair.reference
    distinct, rows = (known.distinct, known.rows) if known else (0, 0)
    return {"feature": pair.feature, "kind": pair.kind, "distinct": distinct, "rows": rows}


def _measured(pair: Comparison, options: Options) -> Comparison:
    before, after = _same_kind(pair)
    pair = replace(pair, reference=before, live=after)
    if isinstance(before, NumericCounts) and isinstance(after, NumericCounts):
        grid = pair.grid or fine_grid(before, after)
        pair = replace(pair, grid=grid)
        bins, tested = bin_numbers(before, after, options=options, kind=pair.kind, grid=grid)
    elif isinstance(before, CategoryCounts) and isinstance(after, CategoryCounts):
        bins, tested = bin_categories(before, after, options=options)
    else:
        raise TypeError(f"{pair.feature}: counts of different kinds")
    if not bins.counts.sum(axis=1).all():
        return _left_out(pair, "all_dropped")
    pair = replace(pair, along=pair.along or _along_the_axis(pair.grid))
    scores = _scores(pair, bins, options)
    code = None
    if not before.present:
        code = "no_reference_values" if after.present else "all_missing"
    reason = _REASONS[code].format(**_words(pair)) if code else ""
    compared = replace(pair, bins=bins, tested=tested, scores=scores, options=options)
    return replace(compared, code=code, reason=reason)


def _same_kind(pair: Comparison) -> tuple[Counts | None, Counts | None]:
    """Give a side without values, whose kind nobody can tell, the kind of the other."""
    before, after = pair.reference, pair.live
    if before is None or after is None:
        return before, after
    if not before.present and after.unreadable:  # read as numbers, for want of any: they are there
        there = after.present + after.unreadable
        filled = CategoryCounts().extended(strings(["present"]), np.array([there]))
        blank = CategoryCounts(rows=after.rows - there, missing=after.rows - there)
        return CategoryCounts(rows=before.rows, missing=before.rows), filled + blank
    if type(before) is type(after):
        return before, after
    if before.present:
        return before, type(before)(rows=after.rows, missing=after.rows)
    return type(after)(rows=before.rows, missing=before.rows), after


def _scores(pair: Comparison, bins: Bins, options: Options) -> Scores:
    q, p = probabilities(bins.counts, 0)
    smooth_q, smooth_p = (
        probabilities(bins.counts, options.pseudocount)
        if options.epsilon is None
        else with_epsilon(bins.counts, options.epsilon)
    )
    terms = JSD.terms(p, q)
    moved, gap = pair.along or (None, None)
    return Scores(
        terms=terms,
        jsd=float(terms.sum()),
        kl_live_ref=float(KL(smooth_p, smooth_q)),
        kl_ref_live=float(REVERSE_KL(smooth_p, smooth_q)),
        psi=float(PSI(smooth_p, smooth_q)),
        hellinger=float(np.sqrt(HELLINGER(p, q))),
        total_variation=float(TOTAL_VARIATION(p, q)),
        wasserstein=moved,
        kolmogorov_smirnov=gap,
        pseudocount=options.pseudocount if options.epsilon is None else None,
        epsilon=options.epsilon,
        decisive=bool(((p > 0) != (q > 0)).any()),
    )


def _along_the_axis(grid: Grid | None) -> Along:
    """Measure Wasserstein (the feature's unit) and Kolmogorov-Smirnov on the fine cells."""
    if grid is None or not grid.counts.sum(axis=1).all():
        return None, None
    q, p = probabilities(grid.counts, 0)
    moved = float(wasserstein(p, q, grid.positions))
    return moved if np.isfinite(moved) else None, float(kolmogorov_smirnov(p, q))
