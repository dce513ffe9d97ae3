"""The lessons that move: two distributions, a coin, a classifier, a black swan, normal curves."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.measuring.divergences import LN2
from dashboard.lessons import cases, pictures
from dashboard.lessons.examples import Example
from dashboard.lessons.measures import ONE_WAY, Number, jsd, kl, measured
from dashboard.parts import say

CHART = {"displaylogo": False, "displayModeBar": False}
TERMS = {
    "JSD": ("jsd", "bits", "JSD: what one row tells about which of the two tables it is from."),
    "KL(live‖reference)": (
        "kl_live_ref",
        "nats",
        "The extra length that a row of live costs in the code that is best for the reference.",
    ),
    "KL(reference‖live)": (
        "kl_ref_live",
        "nats",
        "The extra length that a row of the reference costs in the code that is best for live.",
    ),
    "PSI": ("psi", "nats", "PSI: KL there and back, added."),
}
BELIEFS = (0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0001)
SHARES = np.linspace(0.005, 0.995, 199)


def two_distributions() -> None:
    """Move two normal distributions; see every measure, and each bin's part of it."""
    say("The reference says which share of rows to expect in each bin. Live says what came.")
    move, see = st.columns([2, 5], gap="large")
    with move, st.grid(2, min_column_width=130, gap="small"):
        live = normal("Live", 0.8, 1.5)
        reference = normal("Reference", 0.0, 1.0)
        bins = st.slider("Bins", 4, 40, 12)
        measure = st.selectbox("Each bin's part of", list(TERMS))
    before, after = (cases.shares(each, bins) for each in (reference, live))
    key, unit, meaning = TERMS[measure]
    terms, names = cases.terms(key, after, before), cases.labels(bins)
    with see:
        numbers(measured(after, before))
        chart(pictures.overlay(names, before, after), "shares", "Both distributions, bin by bin")
        say(f"Each bin's part of {measure}, in {unit}", "h3")
        said = f"Each bin's part of {measure}; together {terms.sum():.4f} {unit}"
        chart(pictures.parts(names, terms, more=after > before, unit=unit), "parts", said)
        say(f"{meaning} {_largest(measure, names, terms)}")
    say("Drift is a question, not a fault: season, campaign, sensor, join, code?", look="quiet")


def _largest(measure: str, names: Sequence[str], terms: np.ndarray) -> str:
    if not terms.any():
        return "Nothing differs: every measure is exactly 0."
    most, negative = int(terms.argmax()), bool((terms < 0).any())
    words = f"The bin {names[most]} adds most to {measure}."
    signs = " Single parts of KL can be negative, their sum cannot." if negative else ""
    return words + signs


def coins() -> None:
    """Toss two coins: KL both ways."""
    say(
        "KL(p‖q): how much more a toss of coin p surprises whoever believes in coin q than whoever "
        "knows p, on average. "
        "It is no distance: turn it round, and it answers another question."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        p = st.slider("Coin p: chance of heads", 0.0, 1.0, 0.5, 0.01)
        q = st.slider("Coin q: chance of heads", 0.0, 1.0, 0.99, 0.01)
    first, second = np.array([p, 1 - p]), np.array([q, 1 - q])
    there = [kl(first, (share, 1 - share)) for share in SHARES]
    back = [kl((share, 1 - share), first) for share in SHARES]
    marks = ((q, kl(first, second), "p‖q"), (q, kl(second, first), "q‖p"))
    axes = pictures.Axes("coin q: chance of heads", "nats")
    with see:
        numbers(measured(first, second, ("p", "q")))
        drawn = pictures.curves(SHARES.tolist(), {"KL(p‖q)": there, "KL(q‖p)": back}, axes, marks)
        chart(drawn, "coins", "KL both ways, by the chance of heads of coin q, in nats")


def classifiers() -> None:
    """Judge two classifiers by their surprise at the true label."""
    say("The picture is surely a dog. How surprised is each classifier?")
    move, see = st.columns([2, 5], gap="large")
    with move:
        good = st.slider("The first says “dog” with", 0.0, 1.0, 0.8, 0.01)
        bad = st.slider("The second says “dog” with", 0.0, 1.0, 0.2, 0.01)
    surprises = [kl((1, 0), (believed, 1 - believed)) / LN2 for believed in (good, bad)]
    unit = f"bits; {ONE_WAY}, label to classifier"
    with see:
        numbers(
            [
                Number("Surprise of the first", surprises[0], unit),
                Number("Surprise of the second", surprises[1], unit),
                Number("KL(first‖label), turned round", kl((good, 1 - good), (1, 0)) / LN2, "bits"),
                Number(
                    "JSD, the first", jsd((1, 0), (good, 1 - good)) / LN2, "bits; always finite"
                ),
            ]
        )
        marks = ((good, surprises[0], "first"), (bad, surprises[1], "second"))
        chart(_surprise(marks), "classifiers", "Surprise by the believed probability, in bits")


def black_swan() -> None:
    """See one black swan: the bits that an event tells."""
    say(
        "You believed that a swan is black with some small probability. Then you see one. What "
        "you learn is KL(seen‖believed): the rarer you thought it, the more."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        believed = st.select_slider("Believed probability", BELIEFS, 0.01)
    learnt = kl((1, 0), (believed, 1 - believed)) / LN2
    with see:
        numbers([Number("Learnt from one swan", learnt, "bits; KL(seen‖believed)", 6)])
        drawn = _surprise(((believed, learnt, "the swan"),))
        chart(drawn, "swan", "Surprise by the believed probability, in bits")


def _surprise(marks: Sequence[tuple[float, float, str]]) -> go.Figure:
    bits = [kl((1, 0), (share, 1 - share)) / LN2 for share in SHARES]
    axes = pictures.Axes("believed probability", "surprise, bits")
    return pictures.curves(SHARES.tolist(), {"surprise": bits}, axes, marks)


def gaussians() -> None:
    """Compare the closed form of two normal distributions with what bins see of it."""
    say(
        "For normal distributions KL has a closed form: no bins needed. Bins never see more than "
        "that. With more bins they come near it."
    )
    move, see = st.columns([2, 5], gap="large")
    with move, st.grid(2, min_column_width=130, gap="small"):
        p, q = normal("p", 1.0, 1.0), normal("q", 2.0, 0.5)
    whole, found = cases.closed(p, q), cases.binned(p, q)
    axes = pictures.Axes("bins", "KL(p‖q), nats")
    lines = {"in bins": found, "closed form": [whole] * len(found)}
    with see:
        numbers(
            [
                Number("KL(p‖q), closed form", whole, f"nats; {ONE_WAY}", 7),
                Number("KL(q‖p), closed form", cases.closed(q, p), f"nats; {ONE_WAY}", 7),
                Number(f"KL(p‖q) in {cases.SIZES[-1]} bins", found[-1], f"nats; {ONE_WAY}", 7),
            ]
        )
        drawn = pictures.curves(cases.SIZES, lines, axes)
        chart(drawn, "gaussians", "KL(p‖q) in more and more bins, against the closed form, in nats")


def normal(name: str, mean: float, spread: float) -> cases.Normal:
    """Draw the two sliders of a normal distribution."""
    return cases.Normal(
        st.slider(f"{name}: middle", -3.0, 3.0, mean, 0.1),
        st.slider(f"{name}: spread", 0.3, 3.0, spread, 0.1),
    )


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """Draw a picture with its description in words."""
    st.plotly_chart(figure, key=f"lesson-{key}", alt=alt, config=CHART)


def numbers(found: Sequence[Number]) -> None:
    """Draw numbers with their names and units."""
    st.html(_list(found))


def worked(examples: Sequence[Example]) -> None:
    """Draw worked examples, each with its numbers."""
    drawn = "".join(
        f"<article><h3>{each.number}. {escape(each.case)}</h3>{_list(each.numbers)}"
        f'<p class="quiet">{escape(each.teaches)}</p></article>'
        for each in examples
    )
    st.html(f'<div class="examples">{drawn}</div>')


def _list(found: Sequence[Number]) -> str:
    items = "".join(
        f"<div><dt>{escape(each.name)}</dt>"
        f"<dd>{escape(each.text)} <small>{escape(each.unit)}</small></dd></div>"
        for each in found
    )
    return f'<dl class="measures lesson">{items}</dl>'
