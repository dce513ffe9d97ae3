import re

import pytest

from core.deciding.reports import Sides, State, VectorReport
from core.deciding.vector_reports import Component, Direction, Standard, Weight
from core.reporting import vectors
from core.reporting.exports import render
from core.reporting.sentences import headline

from . import samples


def vector(name="latent", **fields):
    given = {
        "columns": ("z0", "z1"),
        "dimensions": 2,
        "state": State.ALERT,
        "reason": "The JS distance is over the threshold.",
        "n": 1000,
        "m": 900,
        "kl_live_ref": 0.2,
        "kl_ref_live": 0.3,
        "jsd_bits": 0.09,
        "js_distance": 0.3,
        "interval": (0.25, 0.35),
        "p": 1e-12,
        "q": 1e-12,
        "mean_kept": 0.98,
        "covariance_kept": 0.9,
        "standard": Sides(reference=Standard(kl=0.05, js_distance=0.1), live=None),
        "directions": (
            Direction(
                kind="shift",
                share=0.7,
                size=1.25,
                components=(
                    Weight(name="z0", correlation=0.9),
                    Weight(name="z1", correlation=-0.4),
                ),
            ),
            Direction(kind="spread", share=0.3, size=0.5, components=()),
        ),
        "components": (
            Component(
                name="z0", mean=Sides(reference=0, live=1), deviation=Sides(reference=1, live=2)
            ),
        ),
    }
    return VectorReport(name=name, **(given | fields))


def test_the_headline_names_vectors_that_drifted():
    report = samples.report(vectors=(vector(), vector("calm", state=State.STABLE)))
    assert headline(report).endswith("2 vectors: latent drifted.")
    assert "vector" not in headline(samples.report())


def test_the_headline_calls_nothing_calm_that_was_not_judged():
    unjudged = (vector(state=State.SKIPPED), vector("few", state=State.INSUFFICIENT))
    told = headline(samples.report(vectors=unjudged))
    assert told.endswith("2 vectors: 1 without enough data; 1 not compared (latent).")


def test_where_missing_rows_decide_their_share_is_what_is_shown():
    gone = vector(
        code="missing_changed",
        missing=Sides(reference=0, live=0.5),
        missing_distance=0.56,
        missing_q=1e-12,
        q=0.6,
        js_distance=0.01,
    )
    assert vectors.gist(gone) == "rows that lack a component 0 % → 50 %"
    assert (vectors.size(gone), vectors.interval(gone), vectors.certain(gone)) == (
        "0.560",
        "",
        "<1e-9",
    )
    names = {each.name: each.value for each in vectors.figures(gone)}
    assert (names["JS distance"], names["90 % interval"]) == ("0.010", "0.250 to 0.350")
    assert names["JS distance of the missing shares"] == "0.560"


def test_many_missing_rows_are_told_beside_a_drift():
    both = vector(warn=0.1, missing=Sides(reference=0, live=0.5), missing_distance=0.56)
    assert vectors.gist(both).endswith("; rows that lack a component 0 % → 50 %")
    few = vector(warn=0.1, missing=Sides(reference=0, live=0.001), missing_distance=0.02)
    assert "lack" not in vectors.gist(few)


def test_directions_are_told_with_their_sign_size_and_part():
    assert vectors.moves(vector()) == [
        "the mean moved 1.25 sd along +z0, −z1 (70 % of the divergence)",
        "narrower along many components, none strongly: sd × 0.5 (30 % of the divergence)",
    ]


def test_figures_say_direction_unit_and_the_standard_law():
    names = {each.name: each.value for each in vectors.figures(vector())}
    assert names["KL(live‖ref)"] == "0.200"
    assert names["KL(reference‖N(0, I))"] == "0.050 nat, JS distance 0.100"
    assert "KL(live‖N(0, I))" not in names
    assert vectors.figures(vector(js_distance=None)) == []


@pytest.mark.parametrize("suffix", [".html", ".md", ".txt", ".json", ".csv", ".xml", ".prom"])
@pytest.mark.parametrize("state", State)
def test_every_format_shows_vectors_in_every_state(suffix, state):
    assert "latent" in render(samples.report(vectors=(vector(state=state),)), suffix)


@pytest.mark.parametrize("suffix", [".html", ".md", ".xml"])
def test_names_of_vectors_and_components_are_text(suffix):
    evil = samples.EVIL
    weights = (Weight(name=evil, correlation=0.9),)
    ways = (Direction(kind="shift", share=1, size=1, components=weights),)
    named = vector(evil, directions=ways, reason=f"{evil} moved.")
    assert evil not in render(samples.report(vectors=(named,)), suffix)


@pytest.mark.parametrize("suffix", [".html", ".md", ".txt", ".csv", ".xml", ".prom"])
def test_a_report_without_vectors_says_nothing_of_them(suffix):
    assert not re.search(
        r"\bvectors?\b(?!-effect)", render(samples.report(), suffix), re.IGNORECASE
    )
