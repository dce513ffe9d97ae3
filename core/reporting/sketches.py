"""A comparison as small inline SVG: grey areas are the reference, the blue outline is live.

Bins stand side by side at equal widths, in their order: however long a tail or narrow a single
value is, no bin hides. Colours come by CSS class (`r` reference, `l` live, `m` more and `f` fewer
in live, `h` hover), so that one style sheet serves every picture in light and dark.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from ..deciding.reports import FeatureReport
from .bars import Bar, bars, in_order, is_ordered
from .words import cut, distinct, percent, percent_change

WIDTH = 600
HEIGHT, PARTS_HEIGHT, AXIS_HEIGHT = 120, 44, 16
GAP, BESIDE = 14.0, 52.0  # before a bin that has no place on the axis, and its width
TICKS = 6
ROW = 20  # the height of a category's line
LABEL, FIGURES = 190, 110  # the widths for a category's name and for its numbers
LABEL_LETTERS = 25
LETTER = 5.8  # the width of a letter of a label, rather too much than too little
CATEGORIES = 12
THUMBNAIL = (96, 22)

Span = tuple[float, float]
Label = tuple[float, str, str]  # x, words, and which part of them stands there (SVG's anchor)


def overlay(feature: FeatureReport) -> str:
    """Draw the shares of both sides, bin by bin; "" without bins."""
    drawn = bars(feature, CATEGORIES)
    if not drawn:
        return ""
    if not is_ordered(feature):
        return _category_shares(drawn)
    spans = _spans(drawn)
    scale = (HEIGHT - 6) / _highest(drawn)
    return _svg(
        HEIGHT + AXIS_HEIGHT,
        "shares of rows, bin by bin",
        f'<path class="r" d="{_steps(spans, [bar.reference * scale for bar in drawn], HEIGHT)}Z"/>',
        f'<path class="l" d="{_steps(spans, [bar.live * scale for bar in drawn], HEIGHT)}"/>',
        *_ticks(feature, drawn, spans),
        f'<g class="h">{"".join(_hover(drawn, spans))}</g>',
    )


def contributions(feature: FeatureReport) -> str:
    """Draw which part of the divergence each bin makes, aligned with `overlay`; "" without."""
    drawn = bars(feature, CATEGORIES)
    highest = max((bar.part for bar in drawn), default=0.0)
    if highest == 0:
        return ""
    if not is_ordered(feature):
        return _category_parts(drawn, highest)
    spans = _spans(drawn)
    scale = (PARTS_HEIGHT - 14) / highest
    columns = {"more": "", "fewer": "", "same": ""}
    for bar, span in zip(drawn, spans, strict=True):
        columns[bar.direction] += _steps([span], [bar.part * scale], PARTS_HEIGHT)
    most = max(zip(drawn, spans, strict=True), key=lambda pair: pair[0].part)[1]
    middle = min(max(sum(most) / 2, 16), WIDTH - 16)
    return _svg(
        PARTS_HEIGHT,
        "parts of the divergence, bin by bin",
        f'<path class="m" d="{columns["more"]}"/><path class="f" d="{columns["fewer"]}"/>',
        _text(middle, PARTS_HEIGHT - highest * scale - 4, percent(highest), "middle"),
    )


def thumbnail(feature: FeatureReport) -> str:
    """Draw both sides small enough for a line of a table; "" without bins."""
    reference, live = spark(feature)
    highest = max([*reference, *live], default=0.0)
    if highest == 0:
        return ""
    width, height = THUMBNAIL
    step = width / len(reference)
    spans = [(i * step, (i + 1) * step) for i in range(len(reference))]
    scale = (height - 1) / highest
    area, line = (
        _steps(spans, [share * scale for share in side], height) for side in (reference, live)
    )
    return (
        f'<svg class="thumb" viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<path class="r" d="{area}Z"/><path class="l" d="{line}"/></svg>'
    )


def spark(feature: FeatureReport, bins: int = 20) -> tuple[list[float], list[float]]:
    """Sum the bins to at most `bins` shares a side (reference, live), the same for both."""
    drawn = in_order(feature, bins)
    size = min(bins, len(drawn))
    reference, live = [0] * size, [0] * size
    for i, each in enumerate(drawn):
        group = i * size // len(drawn)
        reference[group] += each.reference
        live[group] += each.live
    return _rounded(reference, feature.n), _rounded(live, feature.m)


def _rounded(rows: Sequence[int], of: int | None) -> list[float]:
    return [round(each / of, 3) if of else 0.0 for each in rows]


def _category_shares(drawn: Sequence[Bar]) -> str:
    # A sum of many values would dwarf each of them: its line has figures and no bar.
    single = [bar for bar in drawn if bar.role != "other"]
    scale = (WIDTH - LABEL - FIGURES - 10) / _highest(single)
    reference, live, words = "", "", []
    for i, bar in enumerate(drawn):
        y = i * ROW
        if bar.role != "other":
            reference += f"M{LABEL} {y + 3}h{_short(bar.reference * scale)}v14H{LABEL}"
            live += f"M{LABEL} {y + 5}h{_short(bar.live * scale)}v10H{LABEL}"
        name = f"{cut(bar.label, LABEL_LETTERS)} {bar.note}".strip()
        words.append(_text(LABEL - 8, y + 14, name, "end"))
        words.append(_text(WIDTH, y + 14, percent_change(bar.reference, bar.live), "end"))
    paths = f'<path class="r" d="{reference}"/><path class="l" d="{live}"/>'
    title = "shares of rows, largest part of the divergence first"
    return _svg(ROW * len(drawn), title, paths, *words)


def _category_parts(drawn: Sequence[Bar], highest: float) -> str:
    width = WIDTH // 2
    scale = (width - 60) / highest
    pieces = []
    for i, bar in enumerate(drawn):
        length = bar.part * scale
        name = "m" if bar.direction == "more" else "f"
        pieces.append(f'<path class="{name}" d="M0 {i * ROW + 4}h{_short(length)}v12H0"/>')
        pieces.append(_text(length + 6, i * ROW + 14, percent(bar.part), "start"))
    return _svg(
        ROW * len(drawn), "parts of the divergence, in the same order", *pieces, width=width
    )


def _spans(drawn: Sequence[Bar]) -> list[Span]:
    """Place the bars from left to right; those beside the axis apart from their neighbours."""
    beside = sum(not bar.on_axis for bar in drawn)
    free = WIDTH - beside * (BESIDE + GAP)
    width = free / max(len(drawn) - beside, 1)
    spans, right = [], 0.0
    for i, bar in enumerate(drawn):
        apart = i > 0 and not (bar.on_axis and drawn[i - 1].on_axis)
        left = right + GAP * apart
        right = left + (width if bar.on_axis else BESIDE)
        spans.append((left, right))
    return spans


def _steps(spans: Sequence[Span], heights: Sequence[float], floor: float) -> str:
    """Draw a staircase over the spans, down to the floor wherever two do not touch."""
    path, end = "", None
    for (left, right), height in zip(spans, heights, strict=True):
        if left != end:
            path += (f"V{_short(floor)}" if path else "") + f"M{_short(left)} {_short(floor)}"
        path += f"V{_short(floor - height)}H{_short(right)}"
        end = right
    return f"{path}V{_short(floor)}"


def _ticks(feature: FeatureReport, drawn: Sequence[Bar], spans: Sequence[Span]) -> list[str]:
    """Label the bins beside the axis, its open ends, and some edges where there is room for them.

    Of single values the middle is labelled, not the edge.
    """
    pairs = list(zip(drawn, spans, strict=True))
    inner = [(bar, span) for bar, span in pairs if bar.on_axis and bar.lower is not None]
    # The edge behind a single value is that value's own, a hair further: no place for a label.
    after_single = {id(b) for (a, _), (b, _) in pairwise(pairs) if a.is_single and not b.is_single}
    inner = [(bar, span) for bar, span in inner if id(bar) not in after_single]
    # An open end has its own label, which names the edge.
    inner = [(bar, span) for bar, span in inner if bar.role != "above"]
    chosen = inner[:: -(-len(inner) // TICKS) or 1]
    names = distinct([bar.lower for bar, _ in chosen if bar.lower is not None], feature.kind)
    edges = [
        (sum(span) / 2 if bar.is_single else span[0], name)
        for (bar, span), name in zip(chosen, names, strict=True)
    ]
    placed = [(sum(span) / 2, bar.label, "middle") for bar, span in pairs if not bar.on_axis]
    placed += _ends(pairs)
    placed += [(x, name, "start" if x < GAP else "middle") for x, name in edges]
    return [_text(x, HEIGHT + 13, name, anchor) for x, name, anchor in _apart(placed)]


def _ends(pairs: Sequence[tuple[Bar, Span]]) -> Iterator[Label]:
    """Label the open ends that hold rows, from the outer side of the axis inwards."""
    for bar, (left, right) in pairs:
        if bar.role in ("below", "above") and bar.reference_rows + bar.live_rows:
            yield (left, bar.label, "start") if bar.role == "below" else (right, bar.label, "end")


def _apart(placed: Sequence[Label]) -> Iterator[Label]:
    """Leave out the labels that would lie on one before them."""
    taken: list[Span] = []
    for x, name, anchor in placed:
        width = LETTER * len(name)
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        if all(left > end or left + width < start for start, end in taken):
            taken.append((left - LETTER, left + width + LETTER))
            yield x, name, anchor


def _hover(drawn: Sequence[Bar], spans: Sequence[Span]) -> Iterator[str]:
    for bar, (left, right) in zip(drawn, spans, strict=True):
        yield (
            f'<path d="M{left:.0f} 0H{right:.0f}V{HEIGHT}H{left:.0f}">'
            f"<title>{escape(f'{bar.name}: {bar.moved}')}; {percent(bar.part)} of the divergence"
            "</title></path>"
        )


def _highest(drawn: Sequence[Bar]) -> float:
    return max((max(bar.reference, bar.live) for bar in drawn), default=0.0) or 1.0


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(height: int, title: str, *pieces: str, width: int = WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img"><title>{title}</title>'
        f"{''.join(pieces)}</svg>"
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
