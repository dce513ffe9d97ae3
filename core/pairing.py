"""One more pass over a table, for the joint counts of pairs of its columns."""

from dataclasses import replace

from .cutting import Counted
from .profiling.pairs import MOST, Pairs, all_pairs, choose_axes
from .reading.problems import Unreadable
from .reading.tables import Table
from .settings import Settings


def paired(found: Counted, table: Table, settings: Settings, levels: Pairs | None) -> Counted:
    """Add to what was counted the tables of the pairs that the settings name.

    They have the `levels` of the reference, or without any those chosen from the table itself.
    Raises Unreadable for all pairs of too many columns.
    """
    whole = found.whole
    empty = _empty(found, settings) if levels is None else Pairs.over(levels.axes, levels.names)
    return replace(found, whole=replace(whole, pairs=empty.extended(table.batches(), whole.kinds)))


def _empty(found: Counted, settings: Settings) -> Pairs:
    whole = found.whole
    ignored = {name for name, own in settings.features.items() if own.ignore}
    compared = {name: whole.features[name] for name in whole.features if name not in ignored}
    axes = choose_axes(compared, whole.kinds)
    if isinstance(settings.pairs, list):
        wished = [(first, second) for first, second in settings.pairs]
        return Pairs.over(axes, [pair for pair in wished if set(pair) <= axes.keys()])
    if len(axes) > MOST:
        sentence = f"{len(axes)} columns have too many pairs (all pairs of {MOST} can be counted)."
        raise Unreadable("too_many_pairs", f"{sentence} List the pairs that matter: pairs.")
    return Pairs.over(axes, all_pairs(axes))
