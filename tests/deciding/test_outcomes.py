"""Roles side by side, logits as probabilities, and labels that are none: one sentence each."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from core.pipeline import check, profile
from core.settings import BadSettings, Settings

RNG = np.random.default_rng(1)
ROWS = 600
BEFORE = {
    "x": RNG.normal(size=ROWS),
    "score": RNG.random(ROWS),
    "y": RNG.choice(["a", "b"], ROWS),
}


def checked(changed=None, after=None, **settings):
    before = {**BEFORE, **(changed or {})}
    live = {**before, **(after or {})}
    live = {name: column for name, column in live.items() if column is not None}
    return check(pd.DataFrame(before), pd.DataFrame(live), Settings(**settings))


def told(report, code="no_label"):
    return [(each.role, each.message) for each in report.warnings if each.code == code]


def test_without_a_name_there_is_nothing_of_it():
    report = checked()
    assert report.outcomes is None
    assert {each.role for each in report.features} == {None}


def test_predictions_alone_have_roles_and_no_figures_of_a_label():
    report = checked(predictions=["score"])
    assert [(each.role, each.names) for each in report.outcomes.roles] == [
        ("input", ("x", "y")),
        ("prediction", ("score",)),
    ]
    assert sum(report.outcomes.roles[0].counts.values()) == 2
    assert report.outcomes.label is None
    assert report.outcomes.features == ()


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["a"] * ROWS, "has one value"),
        ([None] * ROWS, "has no value"),
        ([f"order {i}" for i in range(ROWS)], "a label of its own"),
        ([f"town {i % 60}" for i in range(ROWS)], "has 60 labels, more than 50"),
        (pd.date_range("2026-01-01", periods=ROWS), "it holds times"),
    ],
)
def test_what_is_no_label_is_told_in_a_sentence_and_drift_is_judged(labels, words):
    report = checked({"y": labels}, label="y", time_column="none")
    assert [role for role, _ in told(report)] == ["reference"]
    assert words in told(report)[0][1]
    assert report.outcomes.features == ()
    assert {each.name for each in report.features} == {"x", "score", "y"}


@pytest.mark.parametrize("late", [None, [None] * ROWS])
def test_a_label_that_is_not_there_yet_is_no_change(late):
    report = checked(after={"y": late}, label="y", predictions=["score"])
    sentence = (
        "y is not there yet in live: inputs and predictions are compared, what each feature says "
        "about y is not. Compare again when the labels have come."
    )
    assert told(report, "label_not_there") == [("live", sentence)]
    assert told(report) == []
    states = {each.name: (each.state, each.code) for each in report.features}
    assert states["y"] == ("no_data", "label_not_there")
    assert states["score"] == ("stable", None)
    assert {each.name: each.js_distance for each in report.features}["y"] is None
    assert (report.verdict, report.is_incomplete) == ("stable", False)
    assert report.counts["no_data"] == 1
    assert sum(report.counts.values()) == len(report.features) == 3
    assert report.outcomes.label is None


def test_drift_is_told_though_the_label_is_not_there_yet():
    report = checked(after={"y": None, "x": BEFORE["x"] + 2}, label="y")
    assert (report.verdict, report.features[0].name) == ("drift", "x")


def test_a_column_that_is_no_label_is_missed_as_ever():
    report = checked(after={"score": None, "y": None}, label="y")
    assert (report.verdict, report.is_incomplete) == ("incomplete", True)


def test_a_label_that_the_reference_lacks_is_told_with_what_to_do():
    frame = pd.DataFrame(BEFORE)
    report = check(frame.drop(columns="y"), frame, Settings(label="y"))
    assert [role for role, _ in told(report)] == ["reference"]
    assert (
        "In the reference y is no label to tell about: the column is missing" in told(report)[0][1]
    )


def test_a_label_set_aside_stays_so_when_it_is_not_there_yet():
    report = checked(after={"y": None}, label="y", features={"y": {"ignore": True}})
    assert {each.name: each.code for each in report.features}["y"] == "ignored"
    assert told(report, "label_not_there")


@pytest.mark.parametrize("other", [["c", "d"], ["c", "b"], ["a", "b"]])
def test_labels_of_live_that_the_reference_has_not_take_no_say_away(other):
    x = RNG.normal(size=ROWS)
    before = {"x": x, "y": np.where(x > 0, "a", "b")}
    report = checked(before, {"y": np.where(x > 0, *other)}, label="y")
    told_nothing = other == ["c", "d"]
    assert [role for role, _ in told(report)] == (["live"] if told_nothing else [])
    assert not any(each.say == "lost" for each in report.outcomes.features)
    if told_nothing:
        assert "all its rows are of one class of the reference, or of none" in told(report)[0][1]


def test_a_label_of_another_type_in_live_is_told():
    report = checked({"y": np.arange(ROWS) % 2}, {"y": ["yes", "no"] * (ROWS // 2)}, label="y")
    assert "its type has changed" in told(report)[0][1]


def test_profiles_that_were_not_counted_by_the_label_are_told(tmp_path):
    frame, chosen = pd.DataFrame(BEFORE), Settings(label="y")
    plain = profile(frame)
    assert "not counted by its label" in told(check(plain, frame, chosen))[0][1]
    own = check(profile(frame, chosen), profile(frame.assign(y="c"), chosen), chosen)
    assert "has one value" in told(own)[0][1]
    others = frame.assign(y=frame.y.replace("a", "c"))
    own = check(profile(frame, chosen), profile(others, chosen), chosen)
    assert "classes of y of its own" in told(own)[0][1]
    profile(frame, chosen).save(tmp_path / "a.profile")
    saved = check(tmp_path / "a.profile", frame, chosen)
    assert saved.outcomes == check(frame, frame, chosen).outcomes
    assert saved.outcomes.features


def test_a_column_of_neither_table_is_refused():
    for named in ({"label": "scor"}, {"predictions": ["scor"]}, {"logits": ["scor"]}):
        with pytest.raises(BadSettings, match="Did you mean 'score'"):
            checked(**named)
    with pytest.raises(BadSettings, match="y cannot be both"):
        Settings.of({"label": "y", "predictions": ["y"]})


def test_a_label_may_be_set_aside_from_drift_and_told_about():
    report = checked(label="y", features={"y": {"ignore": True}})
    assert {each.name: each.state for each in report.features}["y"] == "skipped"
    assert {each.name for each in report.outcomes.features} == {"x", "score"}


def test_logits_are_judged_as_they_are_and_read_as_probabilities():
    before, after = RNG.normal(0, 2, 20_000), RNG.normal(1, 2, 20_000)
    raw, chance = (
        check(
            pd.DataFrame({"z": shape(before)}),
            pd.DataFrame({"z": shape(after)}),
            Settings(logits=["z"]),
        )
        for shape in (np.array, expit)
    )
    both = [report.features[0].js_distance for report in (raw, chance)]
    assert both[0] == pytest.approx(both[1], abs=2e-3)  # the bins are the same but for rounding
    found = raw.outcomes.logits[0]
    assert found.mean.reference == pytest.approx(expit(before).mean(), abs=1e-4)
    assert found.mean.live == pytest.approx(expit(after).mean(), abs=1e-4)
    assert found.over_half.live == np.mean(after > 0)
    assert found.quantiles.live[2] == pytest.approx(expit(np.median(after)), abs=1e-3)
    assert logit(found.quantiles.reference[0]) == pytest.approx(np.quantile(before, 0.05), abs=0.02)
    assert raw.outcomes.roles[0].role == "prediction"


def test_logits_without_bounds_are_sure_and_labels_are_no_logits():
    infinite = {"score": np.where(BEFORE["score"] < 0.25, -np.inf, np.inf)}
    found = checked(infinite, logits=["score"]).outcomes.logits
    assert found == ()  # no finite value: nothing to show
    mixed = {"score": np.where(BEFORE["score"] < 0.25, np.inf, -1.0)}
    chances = checked(mixed, logits=["score"]).outcomes.logits[0]
    assert chances.over_half.reference == pytest.approx(np.mean(BEFORE["score"] < 0.25))
    odd = checked(logits=["y"])
    assert "holds no numbers" in told(odd, "no_logits")[0][1]
    assert odd.outcomes.logits == ()


def test_pairs_are_those_asked_for_and_not_those_with_the_label():
    assert checked(label="y").pairs is None
    listed = checked(label="y", pairs=[("x", "score")])
    assert listed.pairs.tested == 1
    every = checked(label="y", pairs="all")
    assert every.pairs.tested == 3
    assert every.outcomes.features == checked(label="y").outcomes.features
