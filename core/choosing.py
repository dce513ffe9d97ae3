"""Settings become what the judging room takes, and what cannot be judged is refused."""

import difflib

from .deciding.binnings import Options
from .deciding.decisions import Limits
from .deciding.reports import Caution
from .deciding.tracks import Choices
from .profiling.profiles import INTERNAL_ERROR, Profile
from .settings import BadSettings, Epsilon, FeatureSettings, Settings


class NotComparable(ValueError):
    """Both tables can be read, and no feature of theirs can be compared."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


def choices(settings: Settings, reference: Profile) -> tuple[Choices, list[Caution]]:
    """Give what a comparison with `reference` takes, and what was chosen without being asked."""
    aside, cautions = _set_aside(reference, settings)
    limits = Limits(
        measure=settings.measure,
        thresholds=(settings.warn, settings.alert),
        by_feature={name: settings.thresholds(own) for name, own in settings.features.items()},
        alpha=settings.alpha,
        adjust=settings.adjust,
    )
    overrides = {name: _options(settings, own) for name, own in settings.features.items()}
    return Choices(_options(settings), overrides, aside, limits, settings.policy), cautions


def _options(settings: Settings, own: FeatureSettings | None = None) -> Options:
    bins = (own and own.bins) or settings.bins
    epsilon = settings.smoothing.epsilon if isinstance(settings.smoothing, Epsilon) else None
    return Options(
        rule=bins if isinstance(bins, str) else "fixed",
        bin_count=settings.bin_count,
        edges=() if isinstance(bins, str) else tuple(bins),
        categories=None if settings.categories == "all" else settings.categories,
        missing=settings.missing == "bin",
        pseudocount=0.0 if isinstance(settings.smoothing, Epsilon) else settings.smoothing,
        epsilon=epsilon,
        identifiers=bool(own and own.kind),
    )


def _set_aside(reference: Profile, settings: Settings) -> tuple[dict[str, str], list[Caution]]:
    """Tell which features are not compared by wish, and say so where nobody wished it aloud."""
    aside = {name: "ignored" for name, own in settings.features.items() if own.ignore}
    lists = (name for name, kind in reference.kinds.items() if kind == "unsupported")
    aside |= dict.fromkeys({*lists} & {n for c in settings.vectors.values() for n in c}, "vector")
    if settings.group_by is not None:
        aside[settings.group_by] = "group_column"
    if settings.time_column == "none":
        return aside, []
    if (wished := settings.time_column or settings.chunk_by) is not None:
        return {**aside, wished: "time_column"}, []
    times = [name for name, kind in reference.kinds.items() if kind == "datetime"]
    if len(times) != 1 or times[0] in settings.features:
        return aside, []
    message = f'{times[0]} is taken as the time column; time_column = "none" compares it too.'
    warning = Caution(code="time_column", role="reference", column=times[0], message=message)
    return {**aside, times[0]: "time_column"}, [warning]


def not_counted(reference: Profile, live: Profile) -> dict[str, str]:
    """Give the features that an error of our own left uncounted on one side."""
    notes = (*reference.source.notes, *live.source.notes)
    return {n.column: "not_counted" for n in notes if n.code == INTERNAL_ERROR and n.column}


def require_common(reference: Profile, live: Profile) -> None:
    """Refuse two tables without a column in common: raise NotComparable."""
    if not reference.features.keys() & live.features.keys():
        starts = [", ".join(list(side.features)[:3]) for side in (reference, live)]
        raise NotComparable(
            "no_common_columns",
            "No column name is in both tables. "
            f"Reference starts with: {starts[0]}. Live starts with: {starts[1]}. "
            "Check that the right files were given and that both have a header.",
        )


def require_known(settings: Settings, reference: Profile, live: Profile) -> None:
    """Refuse settings that name a column of neither table: raise BadSettings."""
    known = list(dict.fromkeys([*reference.features, *live.features]))
    columns = (settings.time_column, settings.chunk_by, settings.group_by, settings.segments)
    outcomes = [*filter(None, [settings.label]), *settings.predictions, *settings.logits]
    vectors = [name for parts in settings.vectors.values() for name in parts]
    pairs = settings.pairs if isinstance(settings.pairs, list) else []
    paired = [name for pair in pairs for name in pair]
    named = [*settings.features, *filter(None, columns), *vectors, *paired, *outcomes]
    faults = []
    for name in named:
        if name in known or name == "none":
            continue
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"The columns are: {', '.join(known[:9])}."
        faults.append(("unknown_feature", f"The settings name '{name}', in neither table. {hint}"))
    if faults:
        raise BadSettings(faults)
