"""Inputs, predictions and label in words, as a picture, and in every report that people read."""

import json as plain_json

import pytest

from core.deciding.outcome_reports import (
    Chances,
    Information,
    LabelReport,
    OutcomesReport,
    RoleReport,
)
from core.deciding.states import Sides, State
from core.reporting import outcomes
from core.reporting.exports import csv, html, json, markdown, prometheus, text

from . import samples

EXPORTS = [html, json, markdown, text]


def told(name="income", say="lost", state=State.ALERT, **fields):
    known = {
        "name": name,
        "role": "input",
        "state": state,
        "say": say,
        "n": 900,
        "m": 800,
        "nats": Sides(reference=0.21, live=0.04),
        "interval": Sides(reference=(0.19, 0.23), live=(0.03, 0.05)),
        "p": 1e-12,
        "q": 1e-11,
    }
    return Information(**(known | fields))


def report(*features, label="returned", logits=(), name="score"):
    """Make a report on an input, a prediction and a label, with what is told about the label."""
    both = [samples.numeric("income", role="input"), samples.numeric(name, role="prediction")]
    made = samples.report(*both, samples.numeric(label, role="label"))
    roles = tuple(
        RoleReport(role=each.role, counts={each.state: 1}, names=(each.name,)) for each in both
    )
    found = OutcomesReport(
        roles=roles,
        label=LabelReport(
            name=label,
            classes=("no", "yes"),
            ranges=False,
            rows=Sides(reference=900, live=800),
            entropy=Sides(reference=0.69, live=0.65),
        ),
        features=features,
        logits=logits,
    )
    return made.model_copy(update={"outcomes": found})


def chances(name="score"):
    return Chances(
        name=name,
        mean=Sides(reference=0.31, live=0.47),
        over_half=Sides(reference=0.2, live=0.45),
        quantiles=Sides(reference=(0.1, 0.2, 0.3, 0.4, 0.9), live=(0.1, 0.3, 0.5, 0.6, 0.9)),
    )


def test_a_label_that_is_not_there_yet_is_called_that():
    late = samples.numeric("y", state=State.NO_DATA, code="label_not_there", role="label")
    made = samples.report(samples.numeric("income", role="input"), late)
    role = RoleReport(role="label", counts={State.NO_DATA: 1}, names=("y",))
    made = made.model_copy(update={"outcomes": OutcomesReport(roles=(role,))})
    assert outcomes.sides(made).startswith("Label y: not there yet")
    assert outcomes.columns(made)[0][0] == "Label: not there yet"


@pytest.mark.parametrize(
    ("say", "state", "words"),
    [
        ("lost", State.ALERT, "it lost its say."),
        ("less", State.WARN, "it says less."),
        ("more", State.WARN, "it says more."),
        ("gained", State.ALERT, "it gained a say."),
        ("same", State.STABLE, "no change to speak of."),
        ("same", State.NEGLIGIBLE, "certain, but small."),
        ("unsure", State.INSUFFICIENT, "not enough data."),
    ],
)
def test_each_feature_has_its_sentence(say, state, words):
    told_of = "income told 0.210 nats about returned in the reference, 0.040 in live (q <1e-9)"
    assert outcomes.story(told(say=say, state=state), "returned") == f"{told_of}: {words}"


def test_what_was_not_measured_says_why():
    found = told(nats=None, interval=None, say=None, state=State.SKIPPED, reason="It is a time.")
    assert outcomes.story(found, "y") == "income: It is a time."
    assert outcomes.row(found) == ("✕ not measured", "income", "Input", "–", "–", "–")


def test_the_features_are_counted_in_a_sentence():
    several = report(
        told("a"), told("b"), told("c", "less"), told("d", "unsure", State.INSUFFICIENT)
    )
    assert outcomes.verdict(several.outcomes) == (
        "Of 4 features, about returned: 2 lost their say (a, b), 1 says less (c), 1 without enough "
        "data."
    )
    quiet = report(told(say="same", state=State.STABLE)).outcomes
    assert outcomes.verdict(quiet).endswith("none says more or less than in the reference.")


def test_the_roles_stand_side_by_side():
    made = report()
    said = outcomes.sides(made)
    assert "Input income: drift, JS distance 0." in said
    assert "Prediction score: drift" in said
    several = made.model_copy(
        update={
            "features": tuple(f.model_copy(update={"role": "input"}) for f in made.features),
            "outcomes": OutcomesReport(
                roles=(
                    RoleReport(
                        role="input",
                        counts={State.ALERT: 2, State.WARN: 1, State.SKIPPED: 4},
                        names=(),
                    ),
                )
            ),
        }
    )
    assert outcomes.sides(several) == "Inputs: 2 of 3 drifted, 1 to watch."
    assert outcomes.sides(samples.report(samples.numeric())) == ""
    assert [title for title, _ in outcomes.columns(made)] == ["Input: drift", "Prediction: drift"]


def test_logits_are_told_as_probabilities():
    assert outcomes.chances(chances()) == (
        "score through the logistic function: mean probability 31 % → 47 %, median 30 % → 50 %, "
        "over one half 20 % → 45 % of the rows."
    )


def test_both_sides_are_drawn_on_one_scale_with_their_intervals():
    drawn = outcomes.bars(report(told(), told("age")).outcomes)
    assert drawn.count("<rect") == drawn.count("<path") == 4
    assert "full width 0.230 nat" in drawn
    assert "income, live: 0.040 (0.030 to 0.050) nat" in drawn
    assert outcomes.bars(report().outcomes) == ""


@pytest.mark.parametrize("export", EXPORTS)
def test_every_report_has_roles_logits_and_what_is_told(export):
    shown = export.render(report(told(), logits=(chances(),)))
    assert "rediction" in shown
    assert "0.21" in shown
    assert "47" in shown
    assert "lost" in shown
    assert "rediction" not in export.render(samples.report(samples.numeric()))


def test_machines_find_roles_and_nats():
    made = report(told())
    features = plain_json.loads(json.render(made))["features"]
    assert {each["name"]: each["role"] for each in features}["score"] == "prediction"
    assert csv.render(made).splitlines()[0].endswith(",reason,role")
    gauges = prometheus.render(made)
    assert 'tideline_feature_role{feature="score",is="prediction"} 1' in gauges
    assert 'tideline_feature_information{feature="income",role="live"} 0.04' in gauges


@pytest.mark.parametrize("name", samples.NAMES)
def test_names_from_data_are_text(name):
    evil = report(told(name), label=name, name=name, logits=(chances(name),))
    for export in (html, markdown):
        page = export.render(evil)
        assert samples.EVIL not in page
        assert samples.EVIL_IMAGE not in page
