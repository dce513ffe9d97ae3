from core.reporting.courses import changed, unfinished, verdict
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
    assert verdict(of(QUIET)) == "None of 1 feature drifted in any window."


def test_features_that_were_not_compared_are_not_counted():
    skipped = DRIFTED.model_copy(update={"worst": "skipped"})
    assert changed(of(skipped)) == []
    assert verdict(of(skipped, QUIET)) == "None of 1 feature drifted in any window."


def test_text_and_markdown_tell_the_course_of_what_changed():
    report = samples.report().model_copy(update={"timeline": of(DRIFTED, QUIET)})
    text = render(report, ".txt")
    assert "Over time: 1 of 2 features drifted in some window." in text
    assert f"  {DRIFTED.name}: {DRIFTED.sentence}" in text
    assert "  quiet:" not in text
    markdown = render(report, ".md")
    assert "## Over time\n\n1 of 2 features drifted in some window.\n\n- " in markdown


def newest(**more):
    *before, last = TIMELINE.windows
    return {"windows": (*before, last.model_copy(update=more))}


def test_a_newest_window_that_may_not_be_full_is_told_everywhere():
    assert unfinished(TIMELINE) == ""
    line = TIMELINE.model_copy(update=newest(until="2026-01-06T11:59:00+00:00"))
    told = "The newest window, 2026-01-06, has rows up to 2026-01-06 11:59 only"
    assert unfinished(line).startswith(told)
    report = samples.report().model_copy(update={"timeline": line})
    assert told in render(report, ".txt")
    assert told in render(report, ".md")
    assert told in render(report, ".html")
    assert "2026-01-06, so far: Not enough data" in render(report, ".html")
    assert "2026-01-05, so far" not in render(report, ".html")


def test_a_newest_window_of_fewer_rows_tells_how_many():
    more = {"start": "500", "end": "1400", "until": "1000", "name": "row 501"}
    line = TIMELINE.model_copy(update={**newest(**more), "unit": "rows"})
    assert "row 501, has 500 of 900 rows:" in unfinished(line)
