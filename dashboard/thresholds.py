"""The control of what counts as drift: policy, measure and thresholds, in the side."""

import streamlit as st

from core.reporting.sentences import MEASURES
from core.settings import BadSettings, Settings, measures
from dashboard import state
from dashboard.parts import say, trouble

DEFAULTS = Settings()
POLICIES = {"calibrated": "Certainty and size", "fixed": "Size alone"}
POLICY_HELP = (
    "Certainty and size: a feature drifts when its change is more than chance gives and larger "
    "than you care about. Size alone: one measure against fixed thresholds."
)
MEASURE_HELP = "What is compared with the two thresholds; the ranking follows it."
ALPHA_HELP = "Of the features called out, the share that chance alone may have put there."


def choose() -> None:
    """Draw the control and take over what it says, if it is possible."""
    with st.sidebar:
        say("What counts as drift", "h2")
        try:
            state.choose(_calibrated() if _policy() == "calibrated" else _fixed())
        except BadSettings as problem:
            trouble(str(problem))
        st.page_link("views/start.py", label="Compare other data")


def _policy() -> str:
    return st.selectbox(
        "Decide by",
        POLICIES,
        format_func=POLICIES.__getitem__,
        help=POLICY_HELP,
        **state.linked("policy"),
    )


def _calibrated() -> dict[str, object]:
    limits = _limits("js_distance")
    return {"policy": "calibrated", **limits, "alpha": _number("alpha", "False alarms", ALPHA_HELP)}


def _fixed() -> dict[str, object]:
    measure = st.selectbox(
        "Measure",
        measures(),
        format_func=lambda key: MEASURES[key][0],
        help=MEASURE_HELP,
        **state.linked("measure"),
    )
    limits = _limits(measure)
    say("Fixed thresholds: the size alone decides, chance is not tested.", look="quiet")
    return {"policy": "fixed", "measure": measure, **limits}


def _limits(measure: str) -> dict[str, float]:
    unit = ", ".join(MEASURES[measure])
    return {
        "warn": _number("warn", "Watch from", unit),
        "alert": _number("alert", "Drift from", unit),
    }


def _number(name: str, label: str, explained: str) -> float:
    return st.number_input(
        label,
        min_value=0.0,
        value=float(getattr(DEFAULTS, name)),
        step=0.01,
        format="%.3g",
        help=explained,
        **state.linked(name),
    )
