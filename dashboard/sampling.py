"""The lessons about bins and rows: empty bins, merged bins, p-values, sample size, dependence."""

import numpy as np
import streamlit as st

from core.measuring.dependence import mutual_information
from core.measuring.divergences import js_distance
from dashboard.lessons import cases, pictures
from dashboard.lessons.examples import D1, D4
from dashboard.lessons.measures import DISTANCE, ONE_WAY, Number, jsd, kl, measured
from dashboard.parts import say
from dashboard.teaching import chart, numbers

NOTHING, EPSILON, PRIOR = "Nothing", "A tiny share", "Half a row a bin"
NAMES = ("first", "second", "third", "fourth")
BINS = 20
CELLS = ("both yes", "yes, no", "no, yes", "both no")
TOSSES = (100, 300, 1000, 3000, 10_000, 100_000)
HUNDRED = 100


def support() -> None:
    """Meet an empty bin, with and without smoothing."""
    say(
        "d1 has values that d4 never has: KL(d1‖d4) is infinite. Something is added to every bin "
        "to keep it finite. What is added decides the number."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        added = st.radio("Added to every bin", (NOTHING, EPSILON, PRIOR))
        rows = st.select_slider("Rows on each side", cases.ROWS, 100)
        epsilon = st.select_slider(
            "The tiny share", cases.EPSILONS, 1e-4, format_func="{:.0e}".format
        )
    ways = {NOTHING: 0.0, EPSILON: epsilon, PRIOR: None}
    sides = (D1, D4) if added == NOTHING else cases.smoothed(rows, ways[added])
    tiny = [kl(*cases.smoothed(rows, each)) for each in cases.EPSILONS]
    prior = kl(*cases.smoothed(rows, None))
    lines = {"a tiny share": tiny, "half a row a bin": [prior] * len(tiny)}
    with see:
        numbers(measured(sides[0], sides[1], ("d1", "d4")))
        say("KL(d1‖d4) by what is added", "h3")
        axes = pictures.Axes("the share added", "KL(d1‖d4), nats", log=True)
        drawn = pictures.curves(cases.EPSILONS, lines, axes)
        drawn.update_xaxes(dtick=2, exponentformat="power")
        chart(drawn, "support", "KL(d1‖d4) by the share added, and with half a row a bin, in nats")
        say("JSD needs nothing added: a value seen on one side alone costs 1 bit at most.")


def merging() -> None:
    """Merge bins: no divergence can grow."""
    say("Fewer bins hide differences. They never invent any.")
    move, see = st.columns([2, 5], gap="large")
    with move:
        groups = st.select_slider("Bins", (1, 2, 4, 8, cases.FINE), cases.FINE)
        shift = st.slider("Live: middle", -3.0, 3.0, 1.0, 0.1)
    fine = tuple(cases.shares(cases.Normal(mean), cases.FINE) for mean in (0.0, shift))
    before, after = cases.merged((fine[0], fine[1]), groups)
    whole = jsd(fine[1], fine[0])
    kept = jsd(after, before) / whole if whole else 1.0
    with see:
        numbers(measured(after, before))
        names = [f"bin {place}" for place in range(1, groups + 1)]
        said = f"Both distributions in {groups} of {cases.FINE} bins"
        chart(pictures.overlay(names, before, after), "merging", said)
        say(f"{groups} of {cases.FINE} bins keep {kept:.1%} of the JSD.", look="lead")


def significance() -> None:
    """Go from KL to a p-value."""
    say(
        "KL is the average log-likelihood ratio of a row: how much likelier it is under what was "
        "seen. Twice the rows times KL is G, which chance alone gives by a known law."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        tosses = st.select_slider("Tosses", TOSSES, 1000)
        share = st.slider("Heads, of 100 tosses", 40, 60, 53)
    each, statistic, p = cases.tossed(tosses, tosses * share // HUNDRED)
    found = [cases.tossed(many, many * share // HUNDRED)[2] for many in TOSSES]
    with see:
        numbers(
            [
                Number("KL(seen‖fair), a toss", each, f"nats; {ONE_WAY}", 8),
                Number("G = 2 · tosses · KL", statistic, "chi-square, 1 degree of freedom", 5),
                Number("p", p, "chance of as much without drift"),
            ]
        )
        drawn = pictures.curves(
            TOSSES,
            {"p": found},
            pictures.Axes("tosses", "p", log=True),
            ((tosses, p, ""),),
        )
        chart(
            drawn, "significance", "The p-value of the same share of heads in more and more tosses"
        )
        say("The same share of heads: KL a toss stays, certainty grows with the tosses.")


def sample_size() -> None:
    """See what the number of rows does to a measured distance."""
    say(
        "Few rows make noise, and noise looks like drift. Many rows make tiny changes certain. "
        "So the verdict needs both: larger than you care about, and more than chance gives."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        shift = st.slider("True shift of the middle, in spreads", 0.0, 1.0, 0.0, 0.05)
        rows = st.select_slider("Rows on each side", cases.ROWS, 1000, key="rows-of-samples")
    truth = js_distance(
        jsd(cases.shares(cases.Normal(shift), BINS), cases.shares(cases.Normal(), BINS))
    )
    seen = cases.sampled(shift, BINS)
    now = seen[cases.ROWS.index(rows)]
    with see:
        numbers(
            [
                Number("JS distance, the truth", float(truth), DISTANCE),
                Number("As measured", now.plain, DISTANCE),
                Number("Without bias", now.corrected, DISTANCE),
                Number("90 % interval, low end", now.low, DISTANCE),
                Number("90 % interval, high end", now.high, DISTANCE),
                Number("p", now.p, "chance of as much without drift"),
            ]
        )
        said = "The measured JS distance by rows, with and without bias, against the truth"
        chart(pictures.samples(seen, float(truth)), "samples", said)


def dependence() -> None:
    """Measure dependence as a divergence."""
    say(
        "Two yes-no features. Were they independent, the table would be the product of its shares. "
        "Mutual information is KL(table‖product): what one feature tells about the other."
    )
    move, see = st.columns([2, 5], gap="large")
    with move:
        agree = st.slider("Rows in which both agree, of 100", 0, HUNDRED, 80, 2)
    equal, unequal = agree // 2, HUNDRED // 2 - agree // 2
    table = np.array([[equal, unequal], [unequal, equal]])
    product = np.full(table.size, 1 / table.size)
    with see:
        numbers(
            [
                Number("Mutual information", float(mutual_information(table)), "nats; symmetric"),
                Number("KL(table‖product)", kl(table.ravel() / HUNDRED, product), "nats"),
            ]
        )
        drawn = pictures.overlay(CELLS, product, table.ravel() / HUNDRED, ("product", "table"))
        chart(drawn, "dependence", "The shares of the four cells, and what independence would give")
