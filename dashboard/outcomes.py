"""The part of the page on predictions and labels: what drifted side by side, who lost their say."""

import streamlit as st

from core.deciding.reports import Report
from core.reporting import boards
from core.reporting import outcomes as words
from core.settings import Settings
from dashboard.parts import label, say, table
from dashboard.state import choices, tables

NONE = "(none)"
WHY = (
    "A score, a predicted label and the true label are features like any other. Name them to see "
    "their drift beside that of the inputs; with a label also what each feature tells about it, in "
    "the reference and in live: which features lost their say. The tables are counted again for a "
    "label, twice."
)
LOGITS_HELP = (
    "Scores before the logistic function. They are judged as they are: it keeps their order, and "
    "so their bins. What they are as probabilities is said beside."
)
LABEL_HELP = (
    "Classes, or numbers, which are cut into fifths of the reference. At most 50 classes; labels "
    "that come later can be compared later."
)


def draw(report: Report) -> None:
    """Draw the choice of the columns, and what is known by it."""
    say("Predictions and labels", "h2")
    say(WHY, look="quiet")
    _choices(report)
    for warning in report.warnings:
        if warning.code in ("no_label", "label_not_there", "no_logits"):
            say(warning.message, look="lead")
    found = report.outcomes
    if found is None:
        return
    sides = words.columns(report)
    for column, (title, rows) in zip(st.columns(len(sides) or 1), sides, strict=False):
        with column.container(border=True, height="stretch"):
            say(title, "h3")
            table(words.ROLE_COLUMNS, rows, words=2)
    for logit in found.logits:
        say(words.chances(logit))
    if found.label is None:
        return
    say(words.verdict(found), look="lead")
    for each in words.flagged(found)[: words.LISTED]:
        say(words.story(each, found.label.name))
    st.html(boards.says(found))
    say(f"{words.about(found.label)} {words.METHOD}", look="quiet")
    with st.expander("All features, in numbers"):
        table(words.COLUMNS, [words.row(each) for each in found.features], words=3)


def _choices(report: Report) -> None:
    """Draw the three fields; what was named and is in neither table stays offered."""
    applied = choices.settings()
    names = {label(each): each.name for each in report.features if each.kind != "datetime"}
    named = [applied.label, *applied.predictions, *applied.logits]
    names |= {name: name for name in named if name and name not in names.values()}
    place, scores, raw = st.columns(3)
    with place:
        _one(names, applied.label)
    with scores:
        _some(names, "predictions", "Predictions: scores or labels", applied.predictions)
    with raw:
        _some(names, "logits", "Logits", applied.logits, LOGITS_HELP)


def _one(names: dict[str, str], applied: str | None) -> None:
    """Draw the field of the label; `names` are the columns by their captions."""
    offered = [NONE, *sorted(names)]
    chosen = next((caption for caption, name in names.items() if name == applied), NONE)
    st.selectbox(
        "Label",
        offered,
        index=offered.index(chosen),
        key="label-named",
        help=LABEL_HELP,
        on_change=_name,
        args=(names,),
    )


def _some(
    names: dict[str, str], key: str, caption: str, applied: list[str], said: str | None = None
) -> None:
    """Draw the field of the columns that the settings name under `key`."""
    shown = {name: each for each, name in names.items()}
    st.multiselect(
        caption,
        sorted(names),
        [shown[name] for name in applied],
        key=f"{key}-named",
        help=said,
        on_change=_name,
        args=(names,),
    )


def _name(names: dict[str, str]) -> None:
    """Apply what the fields name; a label is no prediction."""
    state = st.session_state
    found = names.get(state["label-named"])
    update: dict[str, object] = {"label": found}
    for key in ("predictions", "logits"):
        update[key] = [names[each] for each in state[f"{key}-named"] if names[each] != found]
    known: Settings = choices.settings()
    tables.apply(known.model_copy(update=update))
