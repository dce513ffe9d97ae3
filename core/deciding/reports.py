"""The record that everyone shows; its JSON schema is the interface for machines.

Divergences run from live to reference where nothing else is said. KL and PSI are in nats, JSD is in
bits, the JS distance is the root of the latter (0: the same, 1: no overlap). What is not defined is
null and the feature's reason says why; an infinite KL is the word "infinite".
"""

from typing import Literal

from pydantic import Field

from .outcome_reports import FeatureRole, OutcomesReport
from .pair_reports import PairsReport
from .segment_reports import SegmentsReport
from .states import FLAGGED, Extended, Number, Record, Sides, State, Verdict
from .timeline_reports import (
    TIMELINE_SCHEMA,
    Change,
    FeatureTimeline,
    Figures,
    Timeline,
    TimelineWindow,
)
from .vector_reports import VectorReport

__all__ = [
    "FLAGGED",
    "SCHEMA",
    "SCHEMA_CHANGES",
    "TIMELINE_SCHEMA",
    "Bin",
    "BinRole",
    "Category",
    "Caution",
    "Change",
    "ConventionReport",
    "Direction",
    "Extended",
    "FeatureReport",
    "FeatureTimeline",
    "Figures",
    "Foreign",
    "ForeignFigure",
    "Number",
    "Quantile",
    "Report",
    "Role",
    "Sides",
    "Smoothing",
    "State",
    "Summary",
    "TableReport",
    "Timeline",
    "TimelineWindow",
    "VectorReport",
    "Verdict",
    "Window",
]

SCHEMA: Literal["tideline.report/1"] = "tideline.report/1"

Role = Literal["reference", "live"]
BinRole = Literal["body", "below", "above", "infinite", "unseen", "other", "missing"]
Direction = Literal["more", "fewer", "same"]


class Bin(Record):
    """One bin: its place, its rows, and its part in the divergence.

    `lower` is inclusive, `upper` exclusive; null is an open end or a bin without a place on the
    axis. `share` is this bin's part of the JSD (all shares sum to 1, or to 0 where the JSD is 0);
    `direction` tells whether live has a greater or a smaller share of its rows here. `surprise` is
    what one row here carries under the reference, -log2 q bits; `evidence` what it says for live
    against the reference, log2(p / q) bits. Both are null where a side has no rows.
    """

    label: str
    role: BinRole
    lower: Number | None = None
    upper: Number | None = None
    reference: int
    live: int
    share: Number
    direction: Direction
    surprise: Number | None = None
    evidence: Number | None = None


class Quantile(Record):
    """The value below which the share `p` of the finite rows lies, in the feature's unit."""

    p: Number
    reference: Number | None
    live: Number | None


class Category(Record):
    """A category that only one side has, with its rows there."""

    label: str
    rows: int


class Summary(Record):
    """What a reader wants to know of a feature beside its divergence."""

    quantiles: tuple[Quantile, ...] = ()
    mean: Sides[Number | None] | None = None
    deviation: Sides[Number | None] | None = None
    minimum: Sides[Number | None] | None = None
    maximum: Sides[Number | None] | None = None
    zeros: Sides[int] | None = None
    infinite: Sides[int] | None = None
    distinct: Sides[int] | None = None
    outside: int | None = None  # live rows beyond the reference's range
    unseen: Number | None = None  # share of live inside the range on values new to the reference
    new: tuple[Category, ...] = ()
    vanished: tuple[Category, ...] = ()
    new_count: int = 0
    vanished_count: int = 0


class Smoothing(Record):
    """What was added to each bin for KL and PSI; `decisive`: a KL is infinite without it."""

    pseudocount: Number | None = None
    epsilon: Number | None = None
    decisive: bool = False


# What makes a comparison incomplete, whatever else it says: someone must look.
SCHEMA_CHANGES = frozenset({"missing_column", "type_changed", "internal_error"})


class ForeignFigure(Record):
    """A number by another tool's rule; `flagged` by its own threshold, null where it has none."""

    measure: str
    value: Extended
    unit: str
    threshold: Number | None = None
    flagged: bool | None = None


class Foreign(Record):
    """What another tool's rule gives for a feature, the figure it decides by first.

    `note` says what the counts cannot give, or why there is no figure.
    """

    figures: tuple[ForeignFigure, ...] = ()
    note: str = ""


class ConventionReport(Record):
    """The tool whose rule stands beside ours, and the rule in words."""

    tool: str
    name: str
    rule: str


class FeatureReport(Record):
    """Everything that is said of one feature.

    `n` and `m` are the reference and live rows in the bins. `reason` is a sentence; `code` is set
    where a machine must tell apart why (`missing_column`, `type_changed`, `identifier`, ...).
    """

    name: str
    kind: str
    state: State
    code: str | None = None
    reason: str
    n: int = 0
    m: int = 0
    measure: str | None = None  # what was compared with the thresholds, and their values
    value: Extended | None = None
    warn: Number | None = None
    alert: Number | None = None
    weight: Number = 1.0
    jsd_bits: Number | None = None
    js_distance: Number | None = None
    js_distance_corrected: Number | None = None
    interval: tuple[Number, Number] | None = None
    kl_live_ref: Extended | None = None
    kl_ref_live: Extended | None = None
    psi: Extended | None = None
    hellinger: Number | None = None
    total_variation: Number | None = None
    wasserstein: Number | None = None
    kolmogorov_smirnov: Number | None = None
    smoothing: Smoothing | None = None
    p: Number | None = None
    q: Number | None = None
    location: Number | None = None
    scale: Number | None = None
    rows_needed: int | None = None
    smallest_visible: Number | None = None  # JS distance that these rows show at power 80 %
    missing: Sides[Number | None] = Sides(reference=None, live=None)
    bins: tuple[Bin, ...] = ()
    summary: Summary = Summary()
    role: FeatureRole | None = None  # where predictions or a label are named
    compared_as: Foreign | None = None  # by another tool's rule, where that was asked for


class Window(Record):
    """A span of time, start inclusive, end exclusive, ISO 8601 in UTC."""

    start: str
    end: str


class TableReport(Record):
    """One of the two tables: rows read = rows used + rows dropped.

    `form` says in words how the source was written: encoding, delimiter, decimal mark.
    """

    name: str
    rows_read: int
    rows_used: int
    rows_dropped: int
    digest: str | None = None
    form: str = ""
    window: Window | None = None


class Caution(Record):
    """Something that was guessed, repaired or left out, and how often."""

    code: str
    role: Role | None = None
    column: str | None = None
    message: str
    count: int = 0
    first: str | None = None


class Report(Record):
    """A comparison judged: the same record for people, scripts and machines.

    `features` are sorted worst first: by state, then by what decides. `created` (ISO 8601, UTC)
    and `version` are stamped on by the pipeline.
    """

    schema_: Literal["tideline.report/1"] = Field(default=SCHEMA, alias="schema")
    verdict: Verdict
    counts: dict[State, int]
    reference: TableReport
    live: TableReport
    settings: dict[str, object] = Field(default_factory=dict)
    warnings: tuple[Caution, ...] = ()
    features: tuple[FeatureReport, ...]
    assumption: str | None = None  # what the test takes for granted about the rows
    segments: SegmentsReport | None = None  # mix or behaviour, where that was asked for
    vectors: tuple[VectorReport, ...] = ()  # several numbers of a row taken together
    pairs: PairsReport | None = None  # changed dependence, where that was asked for
    outcomes: OutcomesReport | None = None  # predictions and label, where they are named
    timeline: Timeline | None = None  # live, window by window, where that was asked for
    compared_as: ConventionReport | None = None  # whose rule stands beside ours
    created: str | None = None
    version: str | None = None

    @property
    def is_incomplete(self) -> bool:
        """Whether a column is missing or changed its type, whatever the verdict says."""
        codes = [*(each.code for each in self.features), *(each.code for each in self.vectors)]
        return any(code in SCHEMA_CHANGES for code in codes)
