"""The record of pairs: which columns depend on each other otherwise than in the reference."""

from .states import Number, Record, Sides, State

Table = tuple[tuple[int, ...], ...]


class PairReport(Record):
    """Two features whose dependence changed for certain (`q`), and by how much.

    `correlation` is that of normal scores, each side's own ranks (null for labels). `association`
    is by how much the odds ratios of both tables differ, in nats, noise's part removed: 0 for the
    same dependence whatever became of the two features, and large for one that turned round and
    tells as much as before (null where no odds ratio is on both sides).
    `mutual_information` (nats, bias removed) and `tables` are those of the same groups of levels on
    both sides (fifths of all rows, or the largest labels), named by `first` and `second`; a line of
    a table is a group of the first feature. Their `kl_live_ref` (nats, smoothed) is `kl_first` +
    `kl_second`, the drift of either alone, + `kl_dependence`, the rest, which may be
    negative. `n` and `m` are rows with both values.
    """

    features: tuple[str, str]
    state: State
    p: Number
    q: Number
    n: int
    m: int
    correlation: Sides[Number] | None = None
    association: Number | None = None
    mutual_information: Sides[Number]
    kl_live_ref: Number
    kl_first: Number
    kl_second: Number
    kl_dependence: Number
    first: tuple[str, ...]
    second: tuple[str, ...]
    tables: Sides[Table]


class PairsReport(Record):
    """All pairs that were tested, counted by state, and those that changed, the gravest first.

    The hundred gravest are listed; `counts` has all of them.
    """

    tested: int
    counts: dict[State, int]
    pairs: tuple[PairReport, ...]
