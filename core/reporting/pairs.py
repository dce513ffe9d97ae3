"""Changed dependence in words and as a picture: two joint tables side by side."""

from html import escape

from ..deciding.pair_reports import PairReport, PairsReport, Table
from ..deciding.states import FLAGGED, State
from .certainty import chance
from .palette import LIVE
from .sentences import STATES
from .words import change, count, cut, grouped, percent, score, visible

CELL, GAP, LEFT, TOP, FOOT = 34, 40, 132, 34, 34  # pixels of the picture
LETTERS = 18  # of a group's name
DRIFTED = 0.01  # nats of either feature alone, from which both have drifted by themselves
CARE = " Both drifted by themselves, too: read it with care where many rows share one value."
COLUMNS = ("Verdict", "Pair", "Rank correlation", "Mutual information, nat", "q")


def verdict(pairs: PairsReport) -> str:
    """Count the pairs whose dependence changed."""
    if not pairs.tested:
        return "No pair of features could be tested."
    of_all = f"of {count(pairs.tested, 'pair')}"
    drifted, watched, small, unsure = (
        pairs.counts.get(state, 0)
        for state in (State.ALERT, State.WARN, State.NEGLIGIBLE, State.INSUFFICIENT)
    )
    parts = [
        f"{grouped(number)} {words}"
        for number, words in (
            (drifted, f"depend{'s' * (drifted == 1)} otherwise than in the reference"),
            (watched, "to watch"),
            (small, "certain, but small"),
            (unsure, "without enough data"),
        )
        if number
    ]
    return f"Dependence {of_all}: {', '.join(parts) or 'no change found'}."


def certain(pairs: PairsReport) -> int:
    """Count the pairs that changed for certain, by however little."""
    return sum(pairs.counts.get(each, 0) for each in (*FLAGGED, State.NEGLIGIBLE))


def name(pair: PairReport) -> str:
    """Name a pair."""
    return " and ".join(cut(feature) or "(no name)" for feature in pair.features)


def story(pair: PairReport) -> str:
    """Say how the dependence of a pair has changed, and what else the joint table has."""
    both = pair.mutual_information
    told = f"mutual information {score(both.reference)} → {score(both.live)} nat"
    if pair.correlation:
        moved = change(round(pair.correlation.reference, 3), round(pair.correlation.live, 3))
        told = f"rank correlation {moved}, {told}"
    if pair.association is not None:
        told += f", odds ratios {score(pair.association)} nat apart"
    first, second = (cut(feature) for feature in pair.features)
    split = (
        f"KL of the joint table {score(pair.kl_live_ref)} nat: "
        f"{score(pair.kl_first)} by {first} alone, {score(pair.kl_second)} by {second} alone, the "
        f"rest ({score(pair.kl_dependence)}) by their dependence."
    )
    care = CARE if min(pair.kl_first, pair.kl_second) >= DRIFTED else ""
    return f"{told} (q {chance(pair.q)}). {split}{care}"


def flagged(pairs: PairsReport) -> list[PairReport]:
    """List the pairs that changed by as much as to watch."""
    return [pair for pair in pairs.pairs if pair.state in FLAGGED]


def row(pair: PairReport) -> tuple[str, ...]:
    """Write a pair as a line under COLUMNS."""
    r, told = pair.correlation, pair.mutual_information
    return (
        str(STATES[pair.state]),
        name(pair),
        change(round(r.reference, 3), round(r.live, 3)) if r else "–",
        f"{score(told.reference)} → {score(told.live)}",
        chance(pair.q),
    )


def heatmaps(pair: PairReport) -> str:
    """Draw the joint tables of both sides side by side, as SVG: the darker, the more rows.

    Lines are the groups of the first feature, columns those of the second; both sides have the same
    groups and one scale.
    """
    sides = (pair.tables.reference, pair.tables.live)
    drawn = [shares(side) for side in sides]
    most = max(max(map(max, side)) for side in drawn) or 1.0
    height = TOP + CELL * len(pair.first) + FOOT
    across = CELL * len(pair.second)
    parts = [
        _text(LEFT - 6, TOP + (i + 0.6) * CELL, _short(group), "end")
        for i, group in enumerate(pair.first)
    ]
    for i, (title, side) in enumerate(zip(("Reference", "Live"), drawn, strict=True)):
        left = LEFT + i * (across + GAP)
        parts.append(_text(left, TOP - 18, title, "start"))
        parts += _cells(side, left, most, pair)
    ends = f"{pair.second[0]} … {pair.second[-1]}"
    foot = f"columns: {cut(pair.features[1])}, {ends}"
    parts.append(_text(LEFT, height - 12, foot, "start"))
    label = f"Share of rows by {name(pair)}: reference and live"
    width = LEFT + 2 * across + GAP
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(visible(label))}">{"".join(parts)}</svg>'
    )


def _cells(side: list[list[float]], left: float, most: float, pair: PairReport) -> list[str]:
    """Draw the cells; each says its groups and its share to the pointer."""
    return [
        f'<rect x="{left + j * CELL}" y="{TOP + i * CELL}" width="{CELL - 1}" height="{CELL - 1}" '
        f'fill="{LIVE}" fill-opacity="{share / most:.3f}" stroke="currentColor" '
        f'stroke-opacity="0.25"><title>{escape(visible(f"{pair.first[i]}, {pair.second[j]}"))}: '
        f"{percent(share)}</title></rect>"
        for i, line in enumerate(side)
        for j, share in enumerate(line)
    ]


def shares(table: Table) -> list[list[float]]:
    """Give the share of the rows in each cell of a joint table."""
    rows = sum(map(sum, table)) or 1
    return [[cell / rows for cell in line] for line in table]


def _short(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    words = escape(visible(text))
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="12" fill="currentColor" text-anchor="{anchor}">'
        f"{words}</text>"
    )
