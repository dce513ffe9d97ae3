"""The record of a timeline: every window judged, for figures, pages and machines."""

from typing import Literal

from pydantic import Field

from .states import Extended, Number, Record, State, Verdict

TIMELINE_SCHEMA: Literal["tideline.timeline/1"] = "tideline.timeline/1"


class TimelineWindow(Record):
    """One window of a timeline: a span of time in UTC (ISO 8601) or of rows (their numbers).

    `start` is inclusive, `end` exclusive. A window without rows, or between two windows, is a gap:
    its verdict is null and every figure of it too. `reference` names what it is held against.
    `until` tells where the rows of the last window end if it may not be full: its verdict is that
    of a part.
    """

    start: str
    end: str
    name: str
    rows: int
    verdict: Verdict | None = None
    reference: str | None = None
    until: str | None = None


class Change(Record):
    """When a drift began and, where it went back, ended: places among the windows, and names.

    `evidence` is the log-likelihood ratio (nats) of the windows from `first` up to `end` coming
    from a distribution of their own against the reference's; null where references move.
    """

    first: int
    end: int | None = None  # the first window that is back; null: it lasts
    began: str
    ended: str | None = None
    evidence: Number | None = None


Figures = tuple[Number | None, ...]


class FeatureTimeline(Record):
    """One feature over all windows, a figure for each; null in a gap and where it is not defined.

    `value` is what is compared with `warn` and `alert` (calibrated: the JS distance without bias),
    `low` and `high` bound it, `noise` is what 95 % of windows of so many rows stay under without
    drift: large in small windows. `worst` is the gravest state of any window. `watch` and `alarm`
    look at all windows together: an alarm without drift comes to one feature in twenty a year.
    """

    name: str
    kind: str
    code: str | None = None  # why it is not compared at all
    worst: State
    states: tuple[State, ...]
    n: tuple[int, ...]
    m: tuple[int, ...]
    measure: str | None = None
    value: tuple[Extended | None, ...]
    low: Figures
    high: Figures
    noise: Figures
    p: Figures
    q: Figures
    warn: Number
    alert: Number
    changes: tuple[Change, ...] = ()
    watch: Figures = ()  # log10 of the evidence in all windows up to each that it is no chance
    alarm: str | None = None  # the first window in which that is over 20
    sentence: str


class Timeline(Record):
    """Every window judged: the record that figures, pages and machines share.

    `features` come worst first. `unit` tells whether windows are of time or of rows; `without_time`
    are rows that are in no window. `zone` is the clock that windows of time follow.
    """

    schema_: Literal["tideline.timeline/1"] = Field(default=TIMELINE_SCHEMA, alias="schema")
    unit: Literal["time", "rows"] = "time"
    every: str | None = None
    zone: str = "UTC"
    windows: tuple[TimelineWindow, ...]
    features: tuple[FeatureTimeline, ...]
    without_time: int = 0
    assumption: str | None = None
    settings: dict[str, object] = Field(default_factory=dict)
    created: str | None = None
    version: str | None = None
