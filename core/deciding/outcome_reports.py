"""The record of what a model takes in, says, and should have said: inputs, predictions, labels."""

from typing import Literal

from .states import Number, Record, Sides, State

FeatureRole = Literal["input", "prediction", "label"]
Say = Literal["lost", "less", "same", "more", "gained", "unsure"]

LABEL_NOT_THERE = "label_not_there"  # the code of a label that live has not yet


class RoleReport(Record):
    """The features of one role, counted by state, and their names, the worst first."""

    role: FeatureRole
    counts: dict[State, int]
    names: tuple[str, ...]


class LabelReport(Record):
    """The label: its classes, the rows that have one, and all there is to know of it (nats).

    `ranges` tells whether the classes are ranges of numbers, cut at the reference's fifths.
    """

    name: str
    classes: tuple[str, ...]
    ranges: bool
    rows: Sides[int]
    entropy: Sides[Number]


class Information(Record):
    """What a feature tells about the label: mutual information in nats, bias removed, at least 0.

    `n` and `m` are rows with both values, `interval` has 90 % between its ends. `p` and `q` are of
    no change. `say` is what became of it: "lost" and "gained" where half of it or more came or
    went. Without figures `reason` says why.
    """

    name: str
    role: FeatureRole
    state: State
    say: Say | None = None
    reason: str = ""
    n: int = 0
    m: int = 0
    nats: Sides[Number] | None = None
    interval: Sides[tuple[Number, Number]] | None = None
    p: Number | None = None
    q: Number | None = None


class Chances(Record):
    """A column of logits as probabilities, through the logistic function.

    `mean` is that of the probabilities, `over_half` the share of rows over one half, `quantiles`
    are those for 5, 25, 50, 75 and 95 % of the rows.
    """

    name: str
    mean: Sides[Number]
    over_half: Sides[Number]
    quantiles: Sides[tuple[Number, ...]]


class OutcomesReport(Record):
    """Inputs, predictions and label side by side, and which features still tell of the label.

    `label` and `features` are empty where no label is known; `features` are in the order of what
    changed, the gravest first.
    """

    roles: tuple[RoleReport, ...]
    label: LabelReport | None = None
    features: tuple[Information, ...] = ()
    logits: tuple[Chances, ...] = ()
