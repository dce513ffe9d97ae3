from core.reporting.courses import changed, verdict
from core.reporting.exports import render

from . import samples
from .timelines import CHANGE, DRIFTED, TIMELINE

QUIET = DRIFTED.model_copy(update={"name": "quiet", "worst": "stable", "changes": ()})
MOVED = QUIET.model_copy(update={"name": "moved", "changes": (CHANGE,)})


def of(*features):
    return TIMELINE.model_copy(update={"features": features})


def test_what_drifted_and_what_changed_is_told_apart():
    line = of(DRIFTED, MOVED, QUIET)
    assert [each.name for each in changed(line)] == [DRIFTED.name, "moved"]
    assert verdict(line) == "1 of 3 features drifted in some window, 1 more changed."
    assert verdict(of(QUIET)) == "None of 1 feature drifted in some window."


def test_features_that_were_not_compared_are_not_counted():
    skipped = DRIFTED.model_copy(update={"worst": "skipped"})
    assert changed(of(skipped)) == []
    assert verdict(of(skipped, QUIET)) == "None of 1 feature drifted in some window."


def test_text_and_markdown_tell_the_course_of_what_changed():
    report = samples.report().model_copy(update={"timeline": of(DRIFTED, QUIET)})
    text = render(report, ".txt")
    assert "Over time: 1 of 2 features drifted in some window." in text
    assert f"  {DRIFTED.name}: {DRIFTED.sentence}" in text
    assert "  quiet:" not in text
    markdown = render(report, ".md")
    assert "## Over time\n\n1 of 2 features drifted in some window.\n\n- " in markdown
