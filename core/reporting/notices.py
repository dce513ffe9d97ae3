"""What is told of a scheduled run: when drift began or ended, or when the job failed."""

import json
from typing import Literal

from ..deciding.reports import Report, State
from .sentences import STATES, explain, verdict
from .words import visible

Event = Literal["drift_began", "drift_ended", "job_failed", "job_recovered", "report"]

_STRONGEST = 5  # features that a notice names
_TITLES: dict[Event, str] = {
    "drift_began": "drift began",
    "drift_ended": "drift ended",
    "job_failed": "the job failed",
    "job_recovered": "the job runs again",
    "report": "report",
}


def compose(
    event: Event,
    dataset: str,
    *,
    report: Report | None = None,
    sentence: str = "",
    link: str | None = None,
) -> str:
    """Write a notice as JSON: title, text, and for machines event, verdict and features.

    `report` is that of the newest window; `sentence` says what happened where there is none. Chat
    services that take webhooks show `text`.
    """
    title = f"{dataset}: {_TITLES[event]}"
    lines = [title, *(_lines(report) if report else [sentence]), *([link] if link else [])]
    window = report.live.window if report else None
    notice = {
        "schema": "tideline.notice/1",
        "event": event,
        "dataset": dataset,
        "title": title,
        "text": "\n".join(lines),
        "verdict": report.verdict if report else None,
        "window": window.model_dump() if window else None,
        "features": _features(report) if report else [],
        "link": link,
    }
    return json.dumps(notice, ensure_ascii=False)


def _lines(report: Report) -> list[str]:
    window = report.live.window
    when = [f"Window {window.start} to {window.end}."] if window else []
    said = [f"- {each['state']}: {each['name']}: {each['sentence']}" for each in _features(report)]
    return [*when, verdict(report), *said]


def _features(report: Report) -> list[dict[str, object]]:
    loud = [each for each in report.features if each.state in {State.ALERT, State.WARN}]
    return [
        {
            "name": visible(each.name),
            "state": STATES[each.state].word,
            "js_distance": each.js_distance,
            "sentence": explain(each),
        }
        for each in loud[:_STRONGEST]
    ]
