"""Inputs, predictions and label in words and as a picture: which features lost their say."""

from html import escape

from ..deciding.outcome_reports import (
    LABEL_NOT_THERE,
    Chances,
    Information,
    LabelReport,
    OutcomesReport,
    RoleReport,
    Say,
)
from ..deciding.reports import FeatureReport, Report
from ..deciding.states import FLAGGED, Sides, State
from .certainty import chance, size
from .sentences import STATES
from .words import count, cut, grouped, percent_change, score, visible

NAMED = 3  # features named in a sentence
LISTED = 5  # features of a role beside the others
MOST = 25  # features drawn, and told of in a table of a report
ROLES = {"input": "Input", "prediction": "Prediction", "label": "Label"}
SAYS: dict[Say, str] = {
    "lost": "lost its say",
    "less": "says less",
    "same": "no change to speak of",
    "more": "says more",
    "gained": "gained a say",
    "unsure": "not enough data",
}
SIDE_COLUMNS = ("Role", "Features", "Drift", "Watch", "Stable", "Not judged", "Strongest")
ROLE_COLUMNS = ("Verdict", "Feature", "JS distance")
COLUMNS = ("What became of it", "Feature", "Role", "Reference, nat", "Live, nat", "q")
METHOD = (
    "Mutual information of a feature in fifths (labels: its labels) and the classes of the label, "
    "in nats, noise's part removed, with its 90 % interval. q: of no change, for all features."
)
_PLURAL = {"input": "Inputs", "prediction": "Predictions", "label": "Labels"}
_MANY: dict[Say, str] = {  # of what changed, in the order of telling
    "lost": "lost their say",
    "less": "say less",
    "gained": "gained a say",
    "more": "say more",
}
_MEDIAN = 2  # of the quantiles of a logit
LEFT, RIGHT, TOP, LINE, BAR = 190, 70, 24, 30, 9  # pixels of the picture
ACROSS = 420


def role(feature: FeatureReport) -> str:
    """Write the role of a feature; "" where none is known."""
    return ROLES[feature.role] if feature.role else ""


def has_roles(report: Report) -> bool:
    """Tell whether predictions or a label were named."""
    return report.outcomes is not None


def sides(report: Report) -> str:
    """Say side by side what drifted: inputs, predictions, label; "" where none are named."""
    if report.outcomes is None:
        return ""
    return " ".join(_side(report, each) for each in report.outcomes.roles)


def _side(report: Report, found: RoleReport, *, short: bool = False) -> str:
    own = _of(report, found)
    word = _word(own[0]) if own else ""
    if len(own) == 1 and short:
        return f"{ROLES[found.role]}: {word}"
    if len(own) == 1:
        known = size(own[0])
        measured = f", JS distance {score(known)}" if known is not None else ""
        return f"{ROLES[found.role]} {cut(own[0].name) or '(no name)'}: {word}{measured}."
    drifted, watched = (found.counts.get(state, 0) for state in (State.ALERT, State.WARN))
    compared = sum(found.counts.values()) - sum(
        found.counts.get(state, 0) for state in (State.NO_DATA, State.SKIPPED)
    )
    if not compared:
        return f"{_PLURAL[found.role]}: none compared."
    rest = f", {grouped(watched)} to watch" if watched else ""
    return f"{_PLURAL[found.role]}: {grouped(drifted)} of {grouped(compared)} drifted{rest}."


def _word(feature: FeatureReport) -> str:
    late = feature.code == LABEL_NOT_THERE
    return "not there yet" if late else STATES[feature.state].word.lower()


def _of(report: Report, found: RoleReport) -> list[FeatureReport]:
    return [feature for feature in report.features if feature.role == found.role]


def columns(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give each role a title and its features that changed most, as cells of ROLE_COLUMNS."""
    roles = report.outcomes.roles if report.outcomes else ()
    return [
        (
            _side(report, found, short=True).removesuffix("."),
            [
                (str(STATES[each.state]), cut(each.name) or "(no name)", score(size(each)))
                for each in _of(report, found)[:LISTED]
            ],
        )
        for found in roles
    ]


def of_feature(report: Report, name: str) -> list[str]:
    """Say of one feature what it is as probabilities, and what it tells about the label."""
    found = report.outcomes
    if found is None:
        return []
    said = [chances(each) for each in found.logits if each.name == name]
    if (label := found.label) is not None:
        said += [story(each, label.name) for each in found.features if each.name == name]
    return said


def side_rows(report: Report) -> list[tuple[str, ...]]:
    """List the roles side by side, as cells of SIDE_COLUMNS."""
    roles = report.outcomes.roles if report.outcomes else ()
    return [_side_row(report, found) for found in roles]


def _side_row(report: Report, found: RoleReport) -> tuple[str, ...]:
    own = _of(report, found)
    loud = [each for each in own if each.state in FLAGGED][:NAMED]
    named = ", ".join(f"{cut(each.name)} ({score(size(each))})" for each in loud)
    states = (
        (State.ALERT,),
        (State.WARN,),
        (State.STABLE, State.NEGLIGIBLE),
        (State.INSUFFICIENT, State.NO_DATA, State.SKIPPED),
    )
    numbers = (sum(found.counts.get(state, 0) for state in some) for some in states)
    return (ROLES[found.role], grouped(len(own)), *map(grouped, numbers), named or "–")


def about(label: LabelReport) -> str:
    """Say what is taken for the classes of the label, and how much there is to know of it."""
    name, number = cut(label.name) or "(no name)", count(len(label.classes), "class", "classes")
    listed = "; ".join(cut(each) for each in label.classes)
    cuts = ", cut at the fifths of the reference" if label.ranges else ""
    before, after = grouped(label.rows.reference), grouped(label.rows.live)
    return (
        f"{name} has {number}{cuts}: {listed}. {before} reference and {after} live rows have one; "
        f"{_nats(label.entropy)} nats are to be known of it."
    )


def _nats(both: Sides[float]) -> str:
    return " → ".join(dict.fromkeys((score(both.reference), score(both.live))))


def verdict(outcomes: OutcomesReport) -> str:
    """Count the features by what became of their say, and name the first; "" without a label."""
    if outcomes.label is None:
        return ""
    told = [each for each in outcomes.features if each.nats]
    parts = []
    for say, many in _MANY.items():
        names = [cut(each.name) for each in told if each.say == say]
        if names:
            more = f" and {grouped(len(names) - NAMED)} more" if len(names) > NAMED else ""
            words = SAYS[say] if len(names) == 1 else many
            parts.append(f"{grouped(len(names))} {words} ({', '.join(names[:NAMED])}{more})")
    unsure = sum(each.say == "unsure" for each in told)
    parts += [f"{grouped(unsure)} without enough data"] if unsure else []
    of_all = f"Of {count(len(told), 'feature')}, about {cut(outcomes.label.name)}"
    return f"{of_all}: {', '.join(parts) or 'none says more or less than in the reference'}."


def story(found: Information, label: str) -> str:
    """Say what a feature told about the label, what it tells now, and what became of that."""
    name, both = cut(found.name) or "(no name)", found.nats
    if both is None:
        return f"{name}: {found.reason}"
    q = f" (q {chance(found.q)})" if found.q is not None else ""
    told = (
        f"{name} told {score(both.reference)} nats about {cut(label)} in the reference, "
        f"{score(both.live)} in live{q}"
    )
    return f"{told}: {'it ' * (found.say in _MANY)}{became(found)}."


def became(found: Information) -> str:
    """Say what became of what a feature tells."""
    if found.state is State.NEGLIGIBLE:
        return "certain, but small"
    return SAYS[found.say] if found.say else "not measured"


def flagged(outcomes: OutcomesReport) -> list[Information]:
    """List the features that say more or less, by as much as to watch."""
    return [each for each in outcomes.features if each.state in FLAGGED]


def row(found: Information) -> tuple[str, ...]:
    """Write a feature as a line under COLUMNS."""
    head = f"{STATES[found.state].symbol} {became(found)}"
    both, ends = found.nats, found.interval
    known = (cut(found.name) or "(no name)", ROLES[found.role])
    if both is None or ends is None:
        return (head, *known, "–", "–", "–")
    return (
        head,
        *known,
        _bounded(both.reference, ends.reference),
        _bounded(both.live, ends.live),
        chance(found.q) or "–",
    )


def _bounded(value: float, ends: tuple[float, float]) -> str:
    return f"{score(value)} ({score(ends[0])} to {score(ends[1])})"


def chances(found: Chances) -> str:
    """Say what a column of logits is as probabilities."""
    both = found.quantiles
    median = percent_change(both.reference[_MEDIAN], both.live[_MEDIAN])
    return (
        f"{cut(found.name)} through the logistic function: mean probability "
        f"{percent_change(found.mean.reference, found.mean.live)}, median {median}, over one half "
        f"{percent_change(found.over_half.reference, found.over_half.live)} of the rows."
    )


def bars(outcomes: OutcomesReport) -> str:
    """Draw what each feature tells in the reference (filled) and in live (outline), as SVG.

    A line is the 90 % interval; both sides and all features have one scale.
    """
    drawn = [each for each in outcomes.features if each.nats and each.interval][:MOST]
    if outcomes.label is None or not drawn:
        return ""
    most = max(max(_ends(each)) for each in drawn) or 1.0
    height = TOP + LINE * len(drawn) + 6
    parts = [_text(LEFT, 14, f"filled: reference, outline: live; full width {score(most)} nat")]
    for i, each in enumerate(drawn):
        parts += _bar(each, TOP + i * LINE, most)
    label = f"What each feature tells about {cut(outcomes.label.name)}, in nats"
    width = LEFT + ACROSS + RIGHT
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'aria-label="{escape(visible(label))}">{"".join(parts)}</svg>'
    )


def _ends(found: Information) -> tuple[float, ...]:
    both, ends = found.nats, found.interval
    if both is None or ends is None:
        return (0.0,)
    return (both.reference, both.live, ends.reference[1], ends.live[1])


def _bar(found: Information, top: float, most: float) -> list[str]:
    both, ends = found.nats, found.interval
    if both is None or ends is None:
        return []
    told = _text(LEFT + ACROSS + 6, top + 14, SAYS[found.say or "same"] if found.say else "")
    parts = [_text(LEFT - 8, top + 14, cut(found.name, 26) or "(no name)", "end")]
    looks = (
        'fill="var(--reference, #6B7280)" fill-opacity="0.45"',
        'fill="none" stroke="var(--live, #0072B2)" stroke-width="1.6"',
    )
    sides_ = (("reference", both.reference, ends.reference), ("live", both.live, ends.live))
    for i, (side, value, (low, high)) in enumerate(sides_):
        y = top + i * (BAR + 2)
        across = [ACROSS * each / most for each in (value, low, high)]
        title = f"{cut(found.name)}, {side}: {_bounded(value, (low, high))} nat"
        parts.append(
            f'<rect x="{LEFT}" y="{y:g}" width="{max(across[0], 0.5):.1f}" height="{BAR}" '
            f"{looks[i]}><title>{escape(visible(title))}</title></rect>"
            f'<path d="M{LEFT + across[1]:.1f} {y + BAR / 2:g}H{LEFT + across[2]:.1f}" '
            'stroke="currentColor" stroke-width="1.2"/>'
        )
    return [*parts, told] if found.say in _MANY else parts


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    words = escape(visible(text))
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="12" fill="currentColor" text-anchor="{anchor}">'
        f"{words}</text>"
    )
