"""The report as plain text for a terminal: the verdict, and the features ranked in a table."""

from collections.abc import Sequence
from itertools import chain

from ...deciding.reports import FeatureReport, Report, VectorReport
from .. import courses, outcomes, pairs, segments, vectors
from ..certainty import chance, interval, size
from ..conventions import HEADER as FOREIGN
from ..conventions import rows, rule, title
from ..sentences import STATES, basis, gist, tables, verdict
from ..words import cut, score, visible

SUFFIX = ".txt"
HEADER = ("Verdict", "Feature", "Role", "JS distance", "90 % interval", "q", "What changed")
ALIGN = "<<<>>><"
VECTOR_ALIGN = "<<>>><"
REASON_WIDTH = 100
MOST_TOLD = 8  # features, or pairs, of which more is told


def render(report: Report) -> str:
    """Write the verdict, then one line a feature; nothing in it acts on a terminal."""
    top = [verdict(report), tables(report), basis(report)]
    top[1:1] = [outcomes.sides(report)] if outcomes.has_roles(report) else []
    lines = _table(HEADER, list(map(_row, report.features)), ALIGN)
    if report.vectors:
        lines += ["", *_table(vectors.HEADER, list(map(_vector, report.vectors)), VECTOR_ALIGN)]
    beside = (_course, _outcomes, _segments, _pairs, _foreign)
    parts = (part(report) for part in beside)
    return "\n".join([*top, "", *lines, *chain.from_iterable(parts)]) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], aligned: str) -> list[str]:
    columns = [
        (name, align, values)
        for name, align, values in zip(header, aligned, zip(*rows, strict=True), strict=False)
        if any(values)  # what the policy does not know has no column
    ]
    widths = [max(map(len, (name, *values))) for name, _, values in columns]
    return [
        "  ".join(
            f"{cell:{align}{width}}"
            for cell, (_, align, _), width in zip(row, columns, widths, strict=True)
        ).rstrip()
        for row in zip(*((name, *values) for name, _, values in columns), strict=True)
    ]


def _outcomes(report: Report) -> list[str]:
    found = report.outcomes
    if found is None:
        return []
    told = ["", *(outcomes.chances(each) for each in found.logits)] if found.logits else []
    if (label := found.label) is None:
        return told
    stories = [outcomes.story(each, label.name) for each in outcomes.flagged(found)[:MOST_TOLD]]
    return [*told, "", outcomes.about(label), outcomes.verdict(found), *(f"  {s}" for s in stories)]


def _course(report: Report) -> list[str]:
    line = report.timeline
    if line is None:
        return []
    told = [f"  {cut(e.name)}: {visible(e.sentence)}" for e in courses.changed(line)[:MOST_TOLD]]
    newest = courses.unfinished(line)
    return ["", f"Over time: {courses.verdict(line)}", *told, *([newest] if newest else [])]


def _segments(report: Report) -> list[str]:
    found = report.segments
    if found is None:
        return []
    changed = [each for each in found.features if each.cause != "neither"]
    told = [f"  {cut(e.name)}: {segments.story(e, found.column)}" for e in changed[:MOST_TOLD]]
    title = f"Mix or behaviour, by {cut(found.column)}:"
    return ["", f"{title} {segments.mix(found)} {segments.verdict(found)}", *told]


def _foreign(report: Report) -> list[str]:
    """Put the figures of another tool's rule under the table, aligned."""
    if report.compared_as is None:
        return []
    table = [FOREIGN, *rows(report)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    return ["", f"{title(report)}: {rule(report)}", "", *lines]


def _vector(vector: VectorReport) -> tuple[str, ...]:
    return (
        str(STATES[vector.state]),
        cut(vector.name),
        vectors.size(vector),
        vectors.interval(vector),
        vectors.certain(vector),
        visible(cut(vectors.gist(vector), REASON_WIDTH)),
    )


def _pairs(report: Report) -> list[str]:
    found = report.pairs
    if found is None:
        return []
    told = [f"  {pairs.name(p)}: {pairs.story(p)}" for p in pairs.flagged(found)[:MOST_TOLD]]
    return ["", pairs.verdict(found), *told]


def _row(feature: FeatureReport) -> tuple[str, ...]:
    changed = cut(gist(feature), REASON_WIDTH)
    return (
        str(STATES[feature.state]),
        cut(feature.name),
        outcomes.role(feature),
        score(size(feature)),
        interval(feature),
        chance(feature.q),
        visible(changed),
    )
