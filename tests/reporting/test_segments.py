"""Mix or behaviour in words, and in every report that people read."""

import pytest

from core.deciding.segment_reports import (
    InsideSegment,
    Segment,
    SegmentedFeature,
    SegmentsReport,
)
from core.deciding.states import Sides
from core.reporting import segments
from core.reporting.exports import html, json, markdown, text

from . import samples


def feature(name="delay", cause="mix", **fields):
    bits = {"jsd_bits": 0.1, "mix_bits": 0.1, "inside_bits": 0.0, "inside_distance": 0.0}
    nats = {"kl_live_ref": 0.2, "kl_mix": 0.2, "kl_inside": 0.0}
    sizes = {"js_distance": 0.3, "from_mix": 0.29, "remaining": 0.012}
    return SegmentedFeature(**({"name": name, "cause": cause, **bits, **nats, **sizes} | fields))


def inside(value, part, mean=None):
    return InsideSegment(value=value, rows=Sides(reference=9, live=8), part=part, mean=mean)


def found(*features, changed=True):
    parts = (("north", 0.8, 0.2, 0.7), (None, 0.2, 0.8, 0.3))
    listed = tuple(
        Segment(
            value=value,
            rows=Sides(reference=int(100 * a), live=int(100 * b)),
            share=Sides(reference=a, live=b),
            part=part,
        )
        for value, a, b, part in parts
    )
    return SegmentsReport(
        column="region",
        js_distance=0.4,
        p=1e-12,
        changed=changed,
        segments=listed,
        features=features,
    )


def test_a_changed_mix_names_the_segments_that_moved():
    said = segments.mix(found(feature()))
    assert said == (
        "The mix of region has changed (JS distance 0.400, p <1e-9): "
        "north 80 % → 20 %, (missing) 20 % → 80 %."
    )
    assert "the same, or nearly so" in segments.mix(found(changed=False))


def test_the_features_are_counted_by_cause():
    several = found(feature(), feature(cause="both"), feature(cause="neither"))
    assert segments.verdict(several) == (
        "Of 3 features, 1 changed by mix, 1 changed by mix and behaviour."
    )
    assert segments.verdict(found(feature(cause="neither"))) == "Of 1 feature, none changed."
    assert segments.verdict(found()) == "There is no other feature to be split."


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("mix", "The mix: live's shares of region alone would move the reference by 0.290"),
        ("behaviour", "Behaviour inside the segments"),
        ("both", "Both mix and behaviour"),
        ("neither", "No change to speak of."),
    ],
)
def test_each_cause_has_its_words(cause, words):
    assert segments.story(feature(cause=cause), "region").startswith(words)


def test_behaviour_names_the_segments_that_carry_it():
    carried = feature(cause="behaviour", segments=(inside("north", 0.9), inside("", 0.1)))
    assert "Most of it in north (90 %), (empty) (10 %)." in segments.story(carried, "region")


def test_a_reversal_is_told():
    moved = feature(mean=Sides(reference=0.78, live=0.47), mean_expected=0.42, reverses=True)
    said = segments.story(moved, "region")
    assert "its mean went down (0.78 → 0.47) although it went up in every segment" in said


@pytest.mark.parametrize("export", [html, json, markdown, text])
def test_every_report_shows_the_segments_and_none_without(export):
    plain = samples.report(samples.numeric())
    shown = export.render(plain.model_copy(update={"segments": found(feature("delay_of_arrival"))}))
    assert "delay" in shown
    assert "region" in shown
    assert "region" not in export.render(plain)


@pytest.mark.parametrize("name", samples.NAMES)
def test_names_from_data_are_text(name):
    evil = found(feature(name, cause="behaviour", segments=(inside(name, 1.0),)))
    report = samples.report(samples.numeric()).model_copy(
        update={"segments": evil.model_copy(update={"column": name})}
    )
    page = html.render(report)
    assert samples.EVIL not in page
    assert samples.EVIL_IMAGE not in page
    assert samples.EVIL_IMAGE not in markdown.render(report)


def test_a_mean_is_shown_where_both_sides_have_one():
    assert segments.inside_row(inside("a", 0.5, Sides(reference=1.0, live=2.0)))[3] == "1 → 2"
    assert segments.inside_row(inside("a", 0.5, Sides(reference=None, live=2.0)))[3] == "–"
