"""The report as Markdown, for a pull request, a wiki or a mail."""

import re
from collections.abc import Iterator, Sequence

from ...deciding.reports import FeatureReport, Report, State
from .. import courses, outcomes, pairs, segments, vectors
from ..certainty import chance, how_sure, interval, size
from ..conventions import HEADER as FOREIGN
from ..conventions import rows, rule, title
from ..sentences import STATES, VERDICTS, basis, explain, gist, headline, tables
from ..words import cut, score, visible

SUFFIX = ".md"
# An underscore inside a word, as in most names, is none; an address would become a link.
MARKUP = re.compile(r"[\\`*\[\]|~#]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.")
SILENT = (State.STABLE, State.SKIPPED, State.NO_DATA)  # the table says all there is to say


def render(report: Report) -> str:
    """Write verdict, table and reasons; names and labels are text, never markup."""
    return "\n".join(
        [
            f"# {VERDICTS[report.verdict]}",
            "",
            _plain(headline(report)),
            "",
            *_sides(report),
            _plain(tables(report)),
            _plain(basis(report)),
            "",
            *_features(report),
            "",
            *_vectors(report),
            *_course(report),
            *_outcomes(report),
            *_segments(report),
            *_pairs(report),
            *_foreign(report),
            *_reasons(report),
            *_warnings(report),
        ]
    )


def _features(report: Report) -> Iterator[str]:
    roles = outcomes.has_roles(report)
    named, line = (" Role |", " --- |") if roles else ("", "")
    yield f"| Verdict | Feature |{named} JS distance | 90 % interval | q | What changed |"
    yield f"| --- | --- |{line} ---: | ---: | ---: | --- |"
    yield from (_row(feature, roles=roles) for feature in report.features)


def _sides(report: Report) -> Iterator[str]:
    if said := outcomes.sides(report):
        yield from (_plain(said), "")


def _outcomes(report: Report) -> Iterator[str]:
    found = report.outcomes
    if found is None:
        return
    yield from ("## Predictions and labels", "")
    yield from _rows(outcomes.SIDE_COLUMNS, outcomes.side_rows(report))
    for logit in found.logits:
        yield from (_plain(outcomes.chances(logit)), "")
    if (label := found.label) is not None:
        yield from (_plain(f"{outcomes.about(label)} {outcomes.METHOD}"), "")
        yield from (_plain(outcomes.verdict(found)), "")
        yield from _rows(outcomes.COLUMNS, [outcomes.row(each) for each in found.features])


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join(['---'] * len(head))} |"
    yield from (f"| {' | '.join(map(_plain, row))} |" for row in rows)
    yield ""


def _row(feature: FeatureReport, *, roles: bool) -> str:
    certain = interval(feature) or "–", chance(feature.q) or "–"
    role = (outcomes.role(feature) or "–",) if roles else ()
    cells = cut(feature.name), *role, score(size(feature)), *certain, gist(feature)
    return f"| {STATES[feature.state]} | {' | '.join(_plain(cell) for cell in cells)} |"


def _foreign(report: Report) -> Iterator[str]:
    if report.compared_as is not None:
        yield from (f"## {_plain(title(report))}", "", _plain(rule(report)), "")
        yield from _rows(FOREIGN, rows(report))


def _vectors(report: Report) -> Iterator[str]:
    if not report.vectors:
        return
    yield f"| {' | '.join(vectors.HEADER)} |"
    yield "| --- | --- | ---: | ---: | ---: | --- |"
    for each in report.vectors:
        certain = vectors.interval(each) or "–", vectors.certain(each) or "–"
        cells = cut(each.name), vectors.size(each), *certain, vectors.gist(each)
        yield f"| {STATES[each.state]} | {' | '.join(_plain(cell) for cell in cells)} |"
    yield ""
    yield _plain(vectors.METHOD)
    yield ""
    for each in report.vectors:
        if each.state not in SILENT:
            yield f"## {STATES[each.state].symbol} {_plain(cut(each.name))}"
            yield ""
            moved = "; ".join(vectors.moves(each))
            yield _plain(" ".join((each.reason, moved and f"Most moved: {moved}.")).strip())
            yield ""


def _reasons(report: Report) -> Iterator[str]:
    for feature in report.features:
        if feature.state not in SILENT:
            yield f"## {STATES[feature.state].symbol} {_plain(cut(feature.name))}"
            yield ""
            yield _plain(" ".join((explain(feature), feature.reason, *how_sure(feature))))
            yield ""


def _course(report: Report) -> Iterator[str]:
    if (line := report.timeline) is not None:
        yield "## Over time"
        yield ""
        yield _plain(courses.verdict(line))
        yield ""
        for each in courses.changed(line):
            yield f"- {_plain(cut(each.name))}: {_plain(each.sentence)}"
        yield ""
        if newest := courses.unfinished(line):
            yield _plain(newest)
            yield ""


def _segments(report: Report) -> Iterator[str]:
    if (found := report.segments) is not None:
        yield f"## Mix or behaviour, by {_plain(cut(found.column))}"
        yield ""
        yield _plain(f"{segments.mix(found)} {segments.verdict(found)}")
        yield ""
        yield f"| {' | '.join(segments.COLUMNS)} |"
        yield "| --- | --- | ---: | ---: | ---: | ---: |"
        for each in found.features:
            yield f"| {' | '.join(_plain(cell) for cell in segments.feature_row(each))} |"
        yield ""
        for each in found.features:
            if each.cause != "neither":
                yield f"- {_plain(cut(each.name))}: {_plain(segments.story(each, found.column))}"
        yield ""


def _pairs(report: Report) -> Iterator[str]:
    if (found := report.pairs) is not None:
        yield "## Pairs of features"
        yield ""
        yield _plain(pairs.verdict(found))
        yield ""
        if found.pairs:
            yield f"| {' | '.join(pairs.COLUMNS)} |"
            yield "| --- | --- | --- | --- | ---: |"
            for each in found.pairs:
                yield f"| {' | '.join(_plain(cell) for cell in pairs.row(each))} |"
            yield ""


def _warnings(report: Report) -> Iterator[str]:
    if report.warnings:
        yield "## Notes on the data"
        yield ""
        yield from (f"- {_plain(warning.message)}" for warning in report.warnings)
        yield ""


def _plain(text: str) -> str:
    """Escape what Markdown or the HTML inside it would obey."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKUP.sub(r"\\\g<0>", text)
