"""Pictures made of HTML tables alone: the dashboard takes SVG out of what it is given.

Looks come by CSS class; widths and depths of colour, which are data, by style. Each number stands
there in writing, too.
"""

from html import escape

from ..deciding.outcome_reports import Information, OutcomesReport
from ..deciding.pair_reports import PairReport
from .outcomes import MOST, became
from .pairs import name, shares
from .words import cut, percent, score, visible

NO_LEVEL = "–"  # the name of a group without a level
GROUP = 18  # letters of a group's name
DEEPEST = 55  # percent of colour in the fullest cell: writing on it stays readable


def heatmaps(pair: PairReport) -> str:
    """Draw the joint tables of both sides side by side: the darker, the more rows, one scale."""
    sides = [shares(side) for side in (pair.tables.reference, pair.tables.live)]
    most = max(max(map(max, side)) for side in sides) or 1.0
    tables = "".join(
        _heatmap(pair, title, side, most)
        for title, side in zip(("Reference", "Live"), sides, strict=True)
    )
    return f'<div class="boards">{tables}</div>'


def _heatmap(pair: PairReport, title: str, side: list[list[float]], most: float) -> str:
    first, second = (_text(cut(each)) for each in pair.features)
    columns = [j for j, group in enumerate(pair.second) if group != NO_LEVEL]
    head = "".join(f'<th scope="col">{_text(cut(pair.second[j], GROUP))}</th>' for j in columns)
    lines = "".join(
        f'<tr><th scope="row">{_text(cut(group, GROUP))}</th>'
        + "".join(_cell(line[j], most) for j in columns)
        + "</tr>"
        for group, line in zip(pair.first, side, strict=True)
        if group != NO_LEVEL
    )
    caption = f"{title}: share of rows by {_text(name(pair))}"
    corner = f'<th scope="col">{first} ↓ {second} →</th>'
    return (
        f'<table class="heatmap"><caption>{caption}</caption>'
        f"<thead><tr>{corner}{head}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _cell(share: float, most: float) -> str:
    return f'<td style="--depth: {DEEPEST * share / most:.1f}%">{percent(share)}</td>'


def says(outcomes: OutcomesReport) -> str:
    """Draw what each feature tells: the reference filled, live as an outline, one scale for all.

    A line is the 90 % interval. "" where nothing is known.
    """
    drawn = [each for each in outcomes.features if each.nats and each.interval][:MOST]
    if outcomes.label is None or not drawn:
        return ""
    most = max(max(_ends(each)) for each in drawn) or 1.0
    head = "".join(
        f'<th scope="col">{words}</th>'
        for words in ("Feature", "Filled: reference, outline: live", "Nats", "What became of it")
    )
    caption = f"What each feature tells about {_text(cut(outcomes.label.name))}"
    return (
        f'<table class="says"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(_said(each, most) for each in drawn)}</tbody></table>"
    )


def _ends(found: Information) -> tuple[float, ...]:
    both, ends = found.nats, found.interval
    known = (both.reference, both.live) if both else (0.0,)
    return (*known, ends.reference[1], ends.live[1]) if ends else known


def _said(found: Information, most: float) -> str:
    both, ends = found.nats, found.interval
    if both is None or ends is None:
        return ""
    bars = _bar("reference", both.reference / most, ends.reference, most)
    bars += _bar("live", both.live / most, ends.live, most)
    numbers = " → ".join((score(both.reference), score(both.live)))
    return (
        f'<tr><th scope="row">{_text(cut(found.name)) or "(no name)"}</th><td>{bars}</td>'
        f"<td>{numbers}</td><td>{became(found)}</td></tr>"
    )


def _bar(side: str, share: float, ends: tuple[float, float], most: float) -> str:
    low, high = (each / most for each in ends)
    return (
        f'<div class="bar"><i class="{side}" style="width: {100 * share:.1f}%"></i>'
        f'<b style="left: {100 * low:.1f}%; width: {100 * (high - low):.1f}%"></b></div>'
    )


def _text(text: str) -> str:
    return escape(visible(text))
