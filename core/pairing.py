"""One more pass over a table, for the joint counts of pairs of its columns."""

from collections.abc import Mapping
from dataclasses import replace

from .cutting import Counted
from .profiling.pairs import MOST, Axis, Pairs, all_pairs, choose_axes, label_axis
from .reading.problems import Unreadable
from .reading.tables import Table
from .settings import Settings


def paired(found: Counted, table: Table, settings: Settings, levels: Pairs | None) -> Counted:
    """Add to what was counted the tables of the pairs that the settings name, and by the label.

    They have the `levels` of the reference, or without any those chosen from the table itself.
    Raises Unreadable for all pairs of too many columns.
    """
    whole = found.whole
    empty = _empty(found, settings) if levels is None else Pairs.over(levels.axes, levels.names)
    return replace(found, whole=replace(whole, pairs=empty.extended(table.batches(), whole.kinds)))


def _empty(found: Counted, settings: Settings) -> Pairs:
    whole, label = found.whole, settings.label
    ignored = {name for name, own in settings.features.items() if own.ignore}
    compared = {name: whole.features[name] for name in whole.features if name not in ignored}
    axes = choose_axes(compared, whole.kinds)
    names = _wished(axes, settings)
    if label is None or label not in whole.features:
        return Pairs.over(axes, names)
    if axis := label_axis(whole.features[label], whole.kinds[label]):
        known = {frozenset(pair) for pair in names}
        axes = {**axes, label: axis}
        names += [(x, label) for x in axes if x != label and {x, label} not in known]
    return Pairs.over(axes, names)


def _wished(axes: Mapping[str, Axis], settings: Settings) -> list[tuple[str, str]]:
    """List the pairs of which the dependence is compared, each once.

    Raises Unreadable for too many columns.
    """
    if settings.pairs == "none":
        return []
    if isinstance(settings.pairs, list):
        once: dict[frozenset[str], tuple[str, str]] = {}
        for pair in settings.pairs:
            once.setdefault(frozenset(pair), pair)
        return [pair for both, pair in once.items() if both <= axes.keys()]
    if len(axes) > MOST:
        sentence = f"{len(axes)} columns have too many pairs (all pairs of {MOST} can be counted)."
        raise Unreadable("too_many_pairs", f"{sentence} List the pairs that matter: pairs.")
    return all_pairs(axes)
