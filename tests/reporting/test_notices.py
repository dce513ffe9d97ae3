import json

import pytest

from core.deciding.reports import Window
from core.reporting.notices import compose

from .samples import EVIL, hostile, report

WINDOW = Window(start="2026-03-01T00:00:00+00:00", end="2026-03-02T00:00:00+00:00")


def notice(event="drift_began", **fields):
    return json.loads(compose(event, "sales", **fields))


def test_a_notice_says_what_happened_the_strongest_features_and_where_to_look():
    made = report()
    made = made.model_copy(update={"live": made.live.model_copy(update={"window": WINDOW})})
    told = notice(report=made, link="https://example.org/sales")
    assert told["title"] == "sales: drift began"
    assert told["verdict"] == "drift"
    assert told["window"]["start"] == WINDOW.start
    assert [each["name"] for each in told["features"]] == ["temperature_f"]
    assert "temperature_f" in told["text"]
    assert "2026-03-01" in told["text"]
    assert told["text"].endswith("https://example.org/sales")


@pytest.mark.parametrize(
    ("event", "words"),
    [("drift_ended", "drift ended"), ("job_failed", "the job failed"), ("report", "report")],
)
def test_each_event_has_its_title(event, words):
    assert notice(event, sentence="No file.")["title"] == f"sales: {words}"


def test_a_failed_job_says_why():
    told = notice("job_failed", sentence="incoming.csv does not exist.")
    assert "incoming.csv does not exist." in told["text"]
    assert told["features"] == []
    assert told["verdict"] is None


def test_names_that_attack_stay_text_on_one_line():
    text = notice(report=hostile())["text"]
    assert "\x1b" not in text
    assert "\r" not in text
    assert EVIL in json.dumps(text)  # text is text: whoever shows it as a page escapes it
