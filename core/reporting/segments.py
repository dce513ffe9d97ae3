"""Mix or behaviour in words: has the share of the segments changed, or what happens inside them?"""

from ..deciding.segment_reports import InsideSegment, Segment, SegmentedFeature, SegmentsReport
from ..deciding.states import Sides
from .certainty import chance
from .words import change, count, cut, grouped, percent, percent_change, score

NAMED = 3  # segments named in a sentence
CAUSES = {
    "mix": "Mix",
    "behaviour": "Behaviour",
    "both": "Mix and behaviour",
    "neither": "Neither",
}
COLUMNS = ("Feature", "What changed", "JS distance", "By the mix alone", "Inside the segments", "q")
SEGMENT_COLUMNS = ("Segment", "Share of rows", "Rows", "Part of the mix's change")
INSIDE_COLUMNS = ("Segment", "Part", "JS distance", "Mean", "Rows")


def name(value: str | None) -> str:
    """Name a segment; rows without a value are one, too."""
    return "(missing)" if value is None else cut(value) or "(empty)"


def mix(segments: SegmentsReport) -> str:
    """Say whether the segments' shares have changed, and which carry it."""
    column = cut(segments.column)
    size = f"JS distance {score(segments.js_distance)}"
    size += f", p {chance(segments.p)}" if segments.p is not None else ""
    if not segments.changed:
        return f"The mix of {column} is the same, or nearly so ({size})."
    moved = ", ".join(
        f"{name(each.value)} {percent_change(each.share.reference, each.share.live)}"
        for each in segments.segments[:NAMED]
    )
    return f"The mix of {column} has changed ({size}): {moved}."


def verdict(segments: SegmentsReport) -> str:
    """Count the features by what has changed."""
    number = {
        cause: [each.cause for each in segments.features].count(cause)
        for cause in ("mix", "behaviour", "both")
    }
    if not segments.features:
        return "There is no other feature to be split."
    found = [
        f"{grouped(many)} changed by {CAUSES[cause].lower()}"
        for cause, many in number.items()
        if many
    ]
    of_all = count(len(segments.features), "feature")
    return f"Of {of_all}, {', '.join(found) or 'none changed'}."


def story(feature: SegmentedFeature, column: str) -> str:
    """Say of one feature which of the two it was, and which segments carry it."""
    column = cut(column)
    sizes = (
        f"live's shares of {column} alone would move the reference by {score(feature.from_mix)}, "
        f"from there to live it is {score(feature.remaining)} (JS distance)"
    )
    said = {
        "mix": f"The mix: {sizes}.",
        "behaviour": f"Behaviour inside the segments: {sizes}.",
        "both": f"Both mix and behaviour: {sizes}.",
        "neither": "No change to speak of.",
    }[feature.cause]
    if feature.cause in ("behaviour", "both"):
        said += f" {_carried(feature)}"
    return f"{said}{_reversal(feature)}"


def _carried(feature: SegmentedFeature) -> str:
    carried = [each for each in feature.segments if each.part > 0][:NAMED]
    return f"Most of it in {', '.join(f'{name(s.value)} ({percent(s.part)})' for s in carried)}."


def _moved(mean: Sides[float | None] | None) -> str:
    if mean is None or mean.reference is None or mean.live is None:
        return "–"
    return change(mean.reference, mean.live)


def _reversal(feature: SegmentedFeature) -> str:
    sides = feature.mean
    if not feature.reverses or not sides or sides.reference is None or sides.live is None:
        return ""
    up = sides.live > sides.reference
    ways = ("up", "down") if up else ("down", "up")
    moved = change(sides.reference, sides.live)
    return (
        f" Beware: its mean went {ways[0]} ({moved}) although it went {ways[1]} in every segment: "
        "the mix alone did that (Simpson)."
    )


def feature_row(feature: SegmentedFeature) -> tuple[str, ...]:
    """Write a feature as a line under COLUMNS."""
    return (
        cut(feature.name),
        CAUSES[feature.cause],
        score(feature.js_distance),
        score(feature.from_mix),
        score(feature.inside_distance),
        chance(feature.q) or "–",
    )


def segment_row(segment: Segment) -> tuple[str, ...]:
    """Write a segment as a line under SEGMENT_COLUMNS."""
    return (
        name(segment.value),
        percent_change(segment.share.reference, segment.share.live),
        f"{grouped(segment.rows.reference)} → {grouped(segment.rows.live)}",
        percent(segment.part),
    )


def inside_row(segment: InsideSegment) -> tuple[str, ...]:
    """Write what a segment makes of a feature's change as a line under INSIDE_COLUMNS."""
    return (
        name(segment.value),
        percent(segment.part),
        score(segment.js_distance),
        _moved(segment.mean),
        f"{grouped(segment.rows.reference)} → {grouped(segment.rows.live)}",
    )
