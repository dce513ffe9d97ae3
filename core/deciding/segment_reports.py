"""The record of segments: has the mix of a column's values changed, or what happens inside them?"""

from typing import Literal

from .states import Number, Record, Sides

Cause = Literal["mix", "behaviour", "both", "neither"]


class Segment(Record):
    """The rows of one value of the column (null: rows without one), and its part in the mix's JSD.

    `part` of all segments sums to 1, or to 0 where the mix is the same.
    """

    value: str | None
    rows: Sides[int]
    share: Sides[Number]
    part: Number


class InsideSegment(Record):
    """What one segment makes of the change inside the segments.

    `part` is its share of `inside_bits`, `js_distance` (raw) that between its rows of both sides;
    null where a side has none. `mean` is that of numbers, or the share of `true`.
    """

    value: str | None
    rows: Sides[int]
    part: Number
    js_distance: Number | None = None
    mean: Sides[Number | None] | None = None


class SegmentedFeature(Record):
    """One feature by segments: is it the mix, the behaviour inside the segments, or both?

    Joint divergences of (segment, bin) split exactly: `jsd_bits` = `mix_bits` + `inside_bits` (raw
    counts), `kl_live_ref` = `kl_mix` + `kl_inside` (nats, smoothed). `inside_distance` is the root
    of `inside_bits` without bias; `p`, `q` test it, segment by segment. Of the feature alone
    `js_distance` is the drift, `from_mix` that of the reference against itself weighed as live,
    `remaining` that of live against the reference so weighed. `mean_expected` is the mean that the
    new mix alone would make; `reverses`: it moved the other way in every segment (Simpson 1951).
    """

    name: str
    cause: Cause
    jsd_bits: Number
    mix_bits: Number
    inside_bits: Number
    inside_distance: Number
    kl_live_ref: Number
    kl_mix: Number
    kl_inside: Number
    p: Number | None = None
    q: Number | None = None
    js_distance: Number
    from_mix: Number
    remaining: Number
    mean: Sides[Number | None] | None = None
    mean_expected: Number | None = None
    reverses: bool = False
    segments: tuple[InsideSegment, ...] = ()


class SegmentsReport(Record):
    """Both tables by the values of `column`: the mix first, then the features, the worst first.

    `js_distance` (without bias) and `p` are those of the segments' shares; `changed`: certain, and
    large enough to watch. `segments` come with the largest part first.
    """

    column: str
    js_distance: Number
    p: Number | None = None
    changed: bool
    segments: tuple[Segment, ...]
    features: tuple[SegmentedFeature, ...]
