"""The controls of the settings, field by field: what they say is a draft until it is applied."""

import math
from collections.abc import Callable, Mapping
from typing import Any, get_args

import pandas as pd
import streamlit as st

from core.reporting.sentences import MEASURES
from core.reporting.words import cut
from core.settings import Epsilon, FeatureSettings, Rule, Settings, Tool, measures
from dashboard import vectors
from dashboard.parts import LONG_NAME, say
from dashboard.state import choices

JEFFREYS = 0.5
POLICIES = {"calibrated": "Certainty and size", "fixed": "Size alone"}
RULES = {
    "quantile": "Quantiles of the reference",
    "width": "Equal width",
    "blocks": "Bayesian blocks",
}
TOOLS = {None: "Nobody's", **{name: name for name in get_args(Tool)}}
SMOOTHINGS = {"count": "Rows added to each bin", "epsilon": "A fixed share added"}
ADJUSTMENTS = {"bh": "Benjamini-Hochberg", "by": "Benjamini-Yekutieli"}
BASES = {2: "2: bits", "e": "e: nats"}
MISSING = {"bin": "A bin of their own", "drop": "Left out"}
BOUNDED = {"js_distance", "jsd", "hellinger", "total_variation", "kolmogorov_smirnov"}
HELP = {
    "policy": "Certainty and size: more than chance gives, and larger than you care about. Size "
    "alone: one measure against fixed thresholds. Default: certainty and size.",
    "measure": "What is compared with the two thresholds; the ranking follows it. Default: the JS "
    "distance.",
    "alpha": "Of the features called out, the share that chance alone may have put there. "
    "Default: 0.05.",
    "adjust": "How p-values are made stricter for many features. Benjamini-Yekutieli holds under "
    "any dependence and finds less. Default: Benjamini-Hochberg.",
    "bins": "Where numbers are cut; always told from the reference. Default: quantiles.",
    "bin_count": "From 20 on with tails and heavy values apart; below, plain bins. Default: 20.",
    "categories": "So many labels are shown singly, the rest together as other; 0: all of them. "
    "Default: 50.",
    "missing": "A bin of their own: a change of the missing share is drift. Left out: counted and "
    "shown, not compared. Default: a bin of their own.",
    "smoothing": "What is added before KL and PSI are taken, which an empty bin would make "
    "infinite; JSD needs nothing. Default: half a row for each bin.",
    "compare_as": "Beside each of our numbers, what the documented rule of another tool gives on "
    "the same data. It decides nothing. Default: nobody's.",
    "base": "The unit in which JSD is shown; the report for machines is always in bits. "
    "Default: 2.",
}
ALL_LABELS = 0  # in the field, which holds numbers alone
OWN = ("warn", "alert", "bins", "weight", "ignore")  # of one feature: the columns of its row


def draft(applied: Settings, features: list[str]) -> dict[str, object]:
    """Draw all controls as `applied` has them; give what they say now, key by key."""
    choices = {key: getattr(applied, key) for key in applied.model_fields_set}
    with st.container(border=True):
        say("What counts as drift", "h2")
        choices |= _verdict(applied)
    with st.container(border=True):
        say("How it is measured", "h2")
        choices |= _measuring(applied)
    with st.expander("Columns taken together"):
        choices["vectors"] = vectors.chosen(applied.vectors)
    with st.expander("One feature otherwise: thresholds, bins, weight, ignore"):
        choices["features"] = _by_feature(applied, features)
    return choices


def _verdict(applied: Settings) -> dict[str, object]:
    policy = _one_of("policy", "Decide by", POLICIES, applied, st.radio, horizontal=True)
    chosen: dict[str, object] = {"policy": policy}
    measure = applied.measure
    if policy == "fixed":
        names = {key: MEASURES[key][0] for key in measures()}
        measure = _one_of("measure", "Measure", names, applied)
        chosen["measure"] = measure
        say("Fixed thresholds: the size alone decides, chance is not tested.", look="quiet")
    unit = measure if policy == "fixed" else "js_distance"
    chosen |= {
        "warn": _threshold("warn", "Watch from", unit, applied),
        "alert": _threshold("alert", "Drift from", unit, applied),
    }
    if policy == "calibrated":
        rate, adjust = st.columns(2)
        with rate:
            chosen["alpha"] = st.number_input(
                "False alarms at most", 1e-9, 0.999_999, applied.alpha, 0.01, "%.3g", **_as("alpha")
            )
        with adjust:
            chosen["adjust"] = _one_of("adjust", "Many features", ADJUSTMENTS, applied)
    return chosen


def _threshold(key: str, label: str, measure: str, applied: Settings) -> float:
    value, explained = float(getattr(applied, key)), ", ".join(MEASURES[measure])
    own: dict[str, Any] = {
        "key": choices.draft_key(f"{key}-{measure in BOUNDED}"),
        "help": explained,
        "persist_state": "session",
    }
    if measure in BOUNDED and value <= 1:
        return float(st.slider(label, 0.0, 1.0, value, 0.005, "%.3f", **own))
    return float(st.number_input(label, 0.0, None, value, 0.01, "%.4g", **own))


def _measuring(applied: Settings) -> dict[str, object]:
    left, right = st.columns(2)
    chosen: dict[str, object] = {}
    with left:
        rules = RULES if isinstance(applied.bins, str) else {"own": "Own edges", **RULES}
        kept = applied.bins if isinstance(applied.bins, str) else "own"
        rule = _choice("bins", "Bins", rules, kept)
        chosen["bins"] = applied.bins if rule == "own" else rule
        labels = ALL_LABELS if applied.categories == "all" else applied.categories
        shown = st.number_input("Categories shown", 0, 10_000, labels, **_as("categories"))
        chosen["categories"] = shown or "all"
        chosen["smoothing"] = _smoothing(applied)
    with right:
        chosen["bin_count"] = st.number_input(
            "Number of bins", 2, 1000, applied.bin_count, **_as("bin_count")
        )
        chosen["missing"] = _one_of("missing", "Missing values", MISSING, applied)
        chosen["base"] = _one_of("base", "Logarithm", BASES, applied)
        chosen["compare_as"] = _one_of("compare_as", "Whose rule beside", TOOLS, applied)
    return chosen


def _smoothing(applied: Settings) -> object:
    kept = applied.smoothing
    way = "epsilon" if isinstance(kept, Epsilon) else "count"
    way = _choice("smoothing", "Smoothing of KL and PSI", SMOOTHINGS, way)
    own: dict[str, Any] = {
        "key": choices.draft_key(way),
        "label_visibility": "collapsed",
        "persist_state": "session",  # a draft waits while other pages are looked at
    }
    if way == "epsilon":
        share = kept.epsilon if isinstance(kept, Epsilon) else 1e-4
        return {"epsilon": st.number_input("Share", 1e-300, 0.1, share, 1e-5, "%.2g", **own)}
    rows = JEFFREYS if isinstance(kept, Epsilon) else float(kept)
    return st.number_input("Rows", 0.0, None, rows, 0.5, "%.3g", **own)


def _one_of(
    key: str,
    label: str,
    words: Mapping[Any, str],
    applied: Settings,
    widget: Callable[..., Any] = st.selectbox,
    **look: Any,
) -> Any:
    return _choice(key, label, words, getattr(applied, key), widget, **look)


def _choice(
    key: str,
    label: str,
    words: Mapping[Any, str],
    kept: object,
    widget: Callable[..., Any] = st.selectbox,
    **look: Any,
) -> Any:
    options = list(words)
    return widget(
        label,
        options,
        index=options.index(kept),
        format_func=words.__getitem__,
        **_as(key),
        **look,
    )


def _as(key: str) -> dict[str, Any]:
    return {"key": choices.draft_key(key), "help": HELP[key], "persist_state": "session"}


def _by_feature(applied: Settings, names: list[str]) -> dict[str, object]:
    """Draw a row for each feature; what is left empty is as for all."""
    own = [applied.features.get(name, FeatureSettings()) for name in names]
    column = st.column_config
    edited = st.data_editor(
        pd.DataFrame(
            {
                "Feature": [cut(name, LONG_NAME) for name in names],
                "Watch from": pd.Series([each.warn for each in own], dtype=float),
                "Drift from": pd.Series([each.alert for each in own], dtype=float),
                "Bins": [_written(each.bins) for each in own],
                "Weight": [each.weight for each in own],
                "Ignore": [each.ignore for each in own],
            }
        ),
        key=choices.draft_key("features"),
        alt="Settings of single features",
        hide_index=True,
        disabled=["Feature"],
        placeholder="as for all",
        column_config={
            "Watch from": column.NumberColumn(min_value=0.0, format="%.4g"),
            "Drift from": column.NumberColumn(min_value=0.0, format="%.4g"),
            "Bins": column.TextColumn(help="quantile, width, blocks, or edges: 0, 10, 100"),
            "Weight": column.NumberColumn(min_value=0.0, help="moves a feature in the ranking"),
        },
    )
    chosen = {
        name: each.model_dump(exclude_defaults=True) for name, each in applied.features.items()
    }
    for name, row in zip(names, edited.itertuples(index=False), strict=True):
        values = dict(zip(OWN, (row[1], row[2], _read(row[3]), row[4], row[5]), strict=True))
        kept = {key: value for key, value in chosen.get(name, {}).items() if key not in OWN}
        chosen[name] = kept | {key: value for key, value in values.items() if _is_said(key, value)}
    return {name: own for name, own in chosen.items() if own}


def _is_said(key: str, value: object) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    default = FeatureSettings.model_fields[key].default
    return bool(value != default)


def _written(bins: Rule | list[float] | None) -> str | None:
    return (
        ", ".join(repr(edge).removesuffix(".0") for edge in bins)
        if isinstance(bins, list)
        else bins
    )


def _read(text: object) -> object:
    """Take a rule's name, or edges; what is neither is left to the settings to refuse."""
    if not isinstance(text, str) or not text.strip():
        return None
    if text.strip() in get_args(Rule):
        return text.strip()
    try:
        return [float(part) for part in text.replace(";", ",").split(",")]
    except ValueError:
        return text
