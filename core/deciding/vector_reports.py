"""The records of vectors: both sides taken as normal laws of several dimensions."""

from typing import Literal

from .states import Extended, Number, Record, Sides, State

MISSING_CHANGED = "missing_changed"  # the code of a vector whose missing rows decide


class Weight(Record):
    """A component and its correlation with a direction, in the reference."""

    name: str
    correlation: Number


class Direction(Record):
    """A direction along which live differs: its mean moved (shift), or it is wider or narrower.

    `share` is its part of KL(live‖ref), all parts sum to 1. `size` is the shift in standard
    deviations of the reference, or live's deviation over the reference's. The components are those
    that correlate most with it; the sign tells the way of a shift.
    """

    kind: Literal["shift", "spread"]
    share: Number
    size: Number
    components: tuple[Weight, ...]


class Component(Record):
    """Mean and standard deviation of one component on both sides."""

    name: str
    mean: Sides[Number]
    deviation: Sides[Number]


class Standard(Record):
    """One side against the standard normal law N(0, I): KL(side‖N(0, I)) in nats, JS distance."""

    kl: Number
    js_distance: Number


class VectorReport(Record):
    """Everything that is said of a vector: several numbers of a row, taken together.

    KL and JSD are those of two normal laws with each side's mean and covariance, chance's part of
    their difference taken out: `mean_kept` and `covariance_kept` are what is left of it (1: with
    many rows nothing is taken). The JSD is that of the normal densities, integrated numerically.
    `p_mean` is that of Hotelling's T², `p_covariance` of Box's M over `tails`, `p` of both; `q` is
    adjusted for the number of vectors. `standard` holds each side against N(0, I).
    `missing` are the shares of rows that lack a component, which are judged by themselves:
    `missing_distance` is their JS distance (bias removed), `missing_q` that of one share on both
    sides; both null where no row lacks any. The graver part gives the state; `code` is
    "missing_changed" where it is this one.
    """

    name: str
    columns: tuple[str, ...]
    dimensions: int = 0
    state: State
    code: str | None = None
    reason: str
    n: int = 0
    m: int = 0
    missing: Sides[Number | None] = Sides(reference=None, live=None)
    missing_distance: Number | None = None
    missing_q: Number | None = None
    measure: str | None = None
    value: Extended | None = None
    warn: Number | None = None
    alert: Number | None = None
    kl_live_ref: Extended | None = None
    kl_ref_live: Extended | None = None
    psi: Extended | None = None
    jsd_bits: Number | None = None
    js_distance: Number | None = None
    interval: tuple[Number, Number] | None = None
    p: Number | None = None
    q: Number | None = None
    p_mean: Number | None = None
    p_covariance: Number | None = None
    mean_kept: Number | None = None
    covariance_kept: Number | None = None
    tails: Number | None = None
    rows_needed: int | None = None
    smallest_visible: Number | None = None
    standard: Sides[Standard | None] = Sides(reference=None, live=None)
    directions: tuple[Direction, ...] = ()
    components: tuple[Component, ...] = ()
