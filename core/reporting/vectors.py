"""Vectors in words and rows: what moved, along which directions, and how sure that is."""

from collections.abc import Iterator
from typing import NamedTuple

from ..deciding.reports import Report, State, VectorReport
from ..deciding.vector_reports import MISSING_CHANGED, Direction
from .certainty import chance
from .words import count, cut, grouped, percent, percent_change, score, short

HEADER = ("Verdict", "Vector", "JS distance", "90 % interval", "q", "What changed")
METHOD = (
    "Both sides are taken as normal laws of several dimensions; KL and JSD are theirs, with "
    "chance's part of the difference taken out. p: Hotelling's T² for means, Box's M for "
    "covariances."
)
_WEAK = 0.3  # a correlation that is not worth a word
_NOT_COMPARED = (State.NO_DATA, State.SKIPPED)


class Figure(NamedTuple):
    """One figure as it is shown, with its unit."""

    name: str
    value: str
    unit: str


def headline(report: Report) -> str:
    """Say which vectors drifted; nothing where there are none."""
    if not report.vectors:
        return ""
    loud = {
        word: [cut(each.name) for each in report.vectors if each.state is state]
        for word, state in (("drifted", State.ALERT), ("to watch", State.WARN))
    }
    said = [f"{', '.join(names)} {word}" for word, names in loud.items() if names]
    if number := sum(each.state is State.INSUFFICIENT for each in report.vectors):
        said.append(f"{number} without enough data")
    if left := [cut(each.name) for each in report.vectors if each.state in _NOT_COMPARED]:
        said.append(f"{len(left)} not compared ({', '.join(left)})")
    of_all = f"{count(len(report.vectors), 'vector')}: "
    return f"{of_all}{'; '.join(said) if said else 'no drift'}."


def size(vector: VectorReport) -> str:
    """Write the JS distance: that of the missing rows' shares where these decide."""
    return score(vector.missing_distance if _is_missing(vector) else vector.js_distance)


def interval(vector: VectorReport) -> str:
    """Write both ends of the interval; nothing where it is not that of the distance shown."""
    return "" if _is_missing(vector) else _ends(vector)


def _ends(vector: VectorReport) -> str:
    return " to ".join(score(end) for end in vector.interval) if vector.interval else ""


def certain(vector: VectorReport) -> str:
    """Write q of what decides."""
    return chance(vector.missing_q if _is_missing(vector) else vector.q)


def _is_missing(vector: VectorReport) -> bool:
    return vector.code == MISSING_CHANGED


def gist(vector: VectorReport) -> str:
    """Say what changed in one vector, for one line of a table."""
    if vector.state in _NOT_COMPARED or not (vector.directions or _is_missing(vector)):
        return vector.reason
    told = [_gone(vector)] if _is_missing(vector) else moves(vector)[:2]
    if not _is_missing(vector) and (vector.missing_distance or 0.0) >= (vector.warn or 1.0):
        told = [*told[:1], _gone(vector)]
    moved = "; ".join(told)
    if vector.state is State.STABLE:
        return "no change to speak of"
    if vector.state is State.NEGLIGIBLE:
        return f"certain, but small: {moved}"
    return vector.reason if vector.state is State.INSUFFICIENT else moved


def _gone(vector: VectorReport) -> str:
    before, after = vector.missing.reference, vector.missing.live
    return f"rows that lack a component {percent_change(before or 0.0, after or 0.0)}"


def moves(vector: VectorReport) -> list[str]:
    """Say along which directions the vector moved most, with their part of KL(live‖ref)."""
    return [
        f"{_move(direction)} ({percent(direction.share)} of the divergence)"
        for direction in vector.directions
    ]


def _move(direction: Direction) -> str:
    named = [
        f"{'−' if each.correlation < 0 else '+' if direction.kind == 'shift' else ''}"
        f"{cut(each.name)}"
        for each in direction.components
        if abs(each.correlation) >= _WEAK
    ]
    along = ", ".join(named) or "many components, none strongly"
    if direction.kind == "shift":
        return f"the mean moved {short(direction.size)} sd along {along}"
    word = "wider" if direction.size > 1 else "narrower"
    return f"{word} along {along}: sd × {short(direction.size)}"


def figures(vector: VectorReport) -> list[Figure]:
    """List what was measured, with direction and unit."""
    if vector.js_distance is None:
        return []
    values = (
        ("JS distance", score(vector.js_distance), "base 2, 0 to 1"),
        ("JSD", score(vector.jsd_bits), "bit"),
        ("KL(live‖ref)", score(vector.kl_live_ref), "nat"),
        ("KL(ref‖live)", score(vector.kl_ref_live), "nat"),
        ("90 % interval", _ends(vector), "JS distance"),
        ("p", chance(vector.p), "chance without drift"),
        ("p of the means", score(vector.p_mean), "Hotelling's T²"),
        ("p of the covariances", score(vector.p_covariance), "Box's M"),
        ("q", chance(vector.q), "p, for all vectors"),
        ("JS distance of the missing shares", score(vector.missing_distance), "base 2, 0 to 1"),
        ("q of the missing shares", chance(vector.missing_q), "as q"),
    )
    return [Figure(*each) for each in values if each[1] not in ("", "–")] + list(_standard(vector))


def _standard(vector: VectorReport) -> Iterator[Figure]:
    for role, found in (
        ("reference", vector.standard.reference),
        ("live", vector.standard.live),
    ):
        if found:
            value = f"{score(found.kl)} nat, JS distance {score(found.js_distance)}"
            yield Figure(f"KL({role}‖N(0, I))", value, "against the standard normal law")


def basis(vector: VectorReport) -> str:
    """Say what it is made of, and of how many rows."""
    rows = f"{count(vector.n, 'row')} in the reference, {grouped(vector.m)} in live"
    kept = ""
    if vector.mean_kept is not None and vector.covariance_kept is not None:
        kept = (
            f" Kept after chance: {percent(vector.mean_kept)} of the difference of the means, "
            f"{percent(vector.covariance_kept)} of that of the covariances."
        )
    return f"{count(vector.dimensions, 'component')}; {rows}.{kept}"


def component_rows(vector: VectorReport) -> list[tuple[str, str, str, str, str]]:
    """List the components that moved most: name, means and standard deviations of both sides."""
    return [
        (
            cut(each.name),
            short(each.mean.reference),
            short(each.mean.live),
            short(each.deviation.reference),
            short(each.deviation.live),
        )
        for each in vector.components
    ]


COMPONENT_COLUMNS = ("Component", "Mean, reference", "Mean, live", "Sd, reference", "Sd, live")
