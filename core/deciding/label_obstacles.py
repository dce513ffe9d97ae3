"""Why nothing is told about a label: in a sentence, and what to do now.

Labels come late: a label that live does not have yet is no fault of live.
"""

from collections.abc import Mapping, Sequence

from ..profiling.pairs import Axis
from ..profiling.profiles import Counts, Profile
from .classes import classes_of
from .obstacles import in_windows, some
from .outcome_reports import LABEL_NOT_THERE
from .reports import Caution, FeatureReport, Role
from .states import State

MOST_CLASSES = 50  # of a label; more are no classes, or have too few rows each
_NEARLY_ALL = 0.9  # of the rows: labels of their own for so many tell rows apart and no more
_LEAST = 2  # classes
_SIDES: Mapping[Role, str] = {"reference": "The reference", "live": "The live table"}
_ROLES: tuple[Role, Role] = ("reference", "live")


def late_label(sides: tuple[Profile, Profile], label: str | None) -> bool:
    """Tell whether the reference has labels and live, which has rows, none at all."""
    before, after = (side.features.get(label or "") for side in sides)
    if before is None or not before.present or not sides[1].rows:
        return False
    return after is None or not (after.present or after.unreadable)


def without_late(features: Sequence[FeatureReport], label: str | None) -> list[FeatureReport]:
    """Take a label that is not there yet for what it is: nothing to compare, and no change."""
    reason = f"{label} is not there yet in live: labels that come later can be compared then."
    return [
        FeatureReport(
            name=each.name,
            kind=each.kind,
            state=State.NO_DATA,
            code=LABEL_NOT_THERE,
            reason=reason,
            weight=each.weight,
        )
        if each.name == label and (each.code == "missing_column" or each.state is not State.SKIPPED)
        else each
        for each in features
    ]


def label_fault(
    sides: tuple[Profile, Profile], features: Sequence[FeatureReport], label: str, *, windows: bool
) -> Caution | None:
    """Tell what keeps the label from being told about, in a sentence; None where nothing does."""
    if late_label(sides, label):
        message = (
            f"{label} is not there yet in live: inputs and predictions are compared, what each "
            f"feature says about {label} is not. Compare again when the labels have come."
        )
        return Caution(code=LABEL_NOT_THERE, role="live", column=label, message=message)
    if windows and not all(_is_counted(side, label) for side in sides):
        message = in_windows(f"What each feature says about {label} is not compared")
        return Caution(code="no_label", column=label, message=message)
    code = next((feature.code for feature in features if feature.name == label), None)
    for role, side in zip(_ROLES, sides, strict=True):
        if why := _unfit(side, role, label, code) or _uncounted(side, role, label):
            return Caution(code="no_label", role=role, column=label, message=why)
    why = _unlike(sides, label)
    return Caution(code="no_label", role="live", column=label, message=why) if why else None


def _unlike(sides: tuple[Profile, Profile], label: str) -> str | None:
    """Tell whether live has other classes than the reference."""
    before, after = (side.pairs for side in sides)
    if before and after and before.axes.get(label) != after.axes.get(label):
        return (
            f"Live was counted by classes of {label} of its own: what each feature says about it "
            "is not compared. Give its table, which is then counted by those of the reference."
        )
    if before and _has_one_class(sides, before.axes[label], label):
        why = "all its rows are of one class of the reference, or of none. Name them as it does."
        return _said("live", label, why)
    return None


def _has_one_class(sides: tuple[Profile, Profile], axis: Axis, label: str) -> bool:
    """Tell whether live has rows in no more than one class: new labels are one, `other`."""
    rows = classes_of([side.features[label] for side in sides], axis).rows[1]
    return int((rows > 0).sum()) < _LEAST


def _is_counted(side: Profile, label: str) -> bool:
    return side.pairs is not None and any(label in pair for pair in side.pairs.names)


def _uncounted(side: Profile, role: Role, label: str) -> str | None:
    if _is_counted(side, label):
        return None
    return (
        f"{_SIDES[role]} was not counted by its label: what each feature says about {label} is not "
        "compared. Give its whole table (a file or a frame, not one on a cluster), or a profile "
        f'made with label = "{label}".'
    )


def _unfit(side: Profile, role: Role, label: str, code: str | None) -> str | None:
    why = _why_unfit(side, label, code)
    return why and _said(role, label, why)


def _said(role: Role, label: str, why: str) -> str:
    where = "live" if role == "live" else "the reference"
    return (
        f"In {where} {label} is no label to tell about: {why} What each feature says about it is "
        "not compared; drift is, all the same."
    )


def _why_unfit(side: Profile, label: str, code: str | None) -> str | None:
    if label not in side.features:
        return "the column is missing. Give a table that has it."
    counts, kind = side.features[label], side.kinds[label]
    if code == "type_changed":
        return "its type has changed. Mend the column."
    if kind not in ("numeric", "categorical", "boolean"):
        held = {"datetime": "times"}.get(kind, "lists, records or bytes")
        return f"it holds {held}. Name a column of classes or of numbers."
    if not counts.present:
        return "it has no value. Give a table with labels."
    if counts.distinct < _LEAST:
        return "it has one value, so there is nothing to tell. Give more rows."
    if code == "identifier" or (kind != "numeric" and _tells_rows_apart(counts)):
        return (
            f"nearly each of its {some(counts.present, 'row')} has a label of its own. Group them."
        )
    if kind != "numeric" and counts.distinct > MOST_CLASSES:
        return f"it has {counts.distinct} labels, more than {MOST_CLASSES}. Group them."
    return None


def _tells_rows_apart(counts: Counts) -> bool:
    return counts.distinct > MOST_CLASSES and counts.distinct >= _NEARLY_ALL * counts.present
