"""Categories of both sides in the same bins: which labels stand alone, which are `other`.

A label has a bin of its own by the pooled counts of both sides, which favour neither, or because
its own change is no chance (statistics.md, section 8).
"""

from collections.abc import Sequence

import numpy as np

from ..measuring.significance import single_bins
from ..profiling.categories import CategoryCounts, align
from .binnings import UNSEEN_NOISE, UNSEEN_SHARE, BinRole, Bins, Options, Tested
from .grids import Integers, Mask

EXPECTED_ROWS = 5  # that the smaller side may expect of a label with a bin of its own
VISIBLE_ROWS = 3  # that it may expect of a label in which a drift can be excluded
SURPRISING = 0.01  # the probability, times the number of labels, below which a label stands alone


def bin_categories(
    reference: CategoryCounts, live: CategoryCounts, *, options: Options
) -> tuple[Bins, Tested]:
    """Bin labels: those that stand alone by pooled count, then `other`, `unseen` and `missing`."""
    names, *sides = align(reference, live)
    counts = np.array(sides)
    labels = np.array(names, object)
    order = np.lexsort((np.arange(len(names)), -counts.sum(axis=0)))  # ties by label
    labels, counts = labels[order], counts[:, order]
    missing = np.array([[reference.missing], [live.missing]]) * options.missing
    alone = _alone(counts, counts.sum(axis=1) + missing[:, 0], options.categories)
    new = ~alone & _unseen(counts, options)
    other, unseen = (counts[:, mask].sum(axis=1, keepdims=True) for mask in (~alone & ~new, new))
    extras: dict[BinRole, Integers] = {"other": other, "unseen": unseen, "missing": missing}
    extras = {role: rows for role, rows in extras.items() if rows.any()}
    binned = np.hstack([counts[:, alone], *extras.values()])
    own = labels[alone].tolist()
    roles: list[BinRole] = ["body"] * len(own)
    bins = Bins(
        (*own, *("unseen values" if role == "unseen" else role for role in extras)),
        (*roles, *extras),
        np.full((2, binned.shape[1]), np.nan),
        binned,
    )
    singles = np.hstack([counts, missing])
    return bins, Tested(binned, np.zeros(binned.shape[1], bool), singles[:, singles.any(axis=0)])


def _unseen(counts: Integers, options: Options) -> Mask:
    """Mark the labels that the reference never had, where live has far too many rows of them.

    Without drift their share is that of the reference's labels seen once (Good 1953). Within
    `other` a rare label that replaces another would change nothing.
    """
    new = counts[0] == 0
    n, m = counts.sum(axis=1).tolist()
    if options.categories is None or not (n and m):
        return np.zeros(len(new), bool)
    once = np.count_nonzero(counts[0] == 1) / n
    enough = once + UNSEEN_SHARE + UNSEEN_NOISE / np.sqrt(min(n, m))
    return np.asarray(new & bool(counts[1, new].sum() / m >= enough))


def pool_rare(labels: Integers, rows: int) -> Integers:
    """Sum the labels (2, labels) of which a window of `rows` rows expects too few, as last bin."""
    pooled = labels.sum(axis=0)
    rare = pooled * rows < VISIBLE_ROWS * pooled.sum()
    return np.hstack([labels[:, ~rare], labels[:, rare].sum(axis=1, keepdims=True)])


def rows_to_see(labels: Integers, share: float) -> int:
    """Tell the rows of which a window sees the labels that hold this share of the reference."""
    largest = np.argsort(-labels.sum(axis=0), kind="stable")
    held = np.cumsum(labels[0, largest])
    last = largest[np.searchsorted(held, share * held[-1])]
    return int(np.ceil(VISIBLE_ROWS * labels.sum() / labels[:, last].sum()))


def bin_chunks(bins: Bins, chunks: Sequence[CategoryCounts], *, options: Options) -> Integers:
    """Count chunks (chunks, bins) by the labels that stand alone in `bins`, the rest, missing."""
    alone = [label for label, role in zip(bins.labels, bins.roles, strict=True) if role == "body"]
    rows = []
    for chunk in chunks:
        known = chunk.as_dict()
        own = [known.get(label, 0) for label in alone]
        rows.append([*own, chunk.present - sum(own), chunk.missing * options.missing])
    return np.array(rows, np.int64)


def _alone(counts: Integers, rows: Integers, most: int | None) -> Mask:
    """Mark the labels with a bin of their own; labels come with the largest pooled count first."""
    pooled = counts.sum(axis=0)
    total = int(rows.sum())
    if most is None or not total:
        return np.full(len(pooled), most is None)
    large = (np.arange(len(pooled)) < most) & (pooled * (rows.min() / total) >= EXPECTED_ROWS)
    surprising = single_bins(counts, rows) * len(pooled) <= SURPRISING
    return np.asarray(large | surprising)
