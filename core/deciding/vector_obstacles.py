"""Why a vector was not measured: what is said of it then."""

from collections.abc import Sequence

from ..measuring.significance import test_counts
from ..profiling.profiles import Profile
from ..profiling.vectors import VectorCounts
from .states import Sides, State
from .vector_reports import VectorReport

_RARE = 1e-3  # p of a side without one complete row, below which it is no chance


def unmeasured(
    name: str, columns: Sequence[str], state: State, code: str, reason: str
) -> VectorReport:
    """Report a vector of which nothing was measured."""
    return VectorReport(name=name, columns=tuple(columns), state=state, code=code, reason=reason)


def with_rows(
    name: str, counts: tuple[VectorCounts, VectorCounts], state: State, code: str, reason: str
) -> VectorReport:
    """Report a vector that was counted and not measured."""
    plain = unmeasured(name, counts[0].columns, state, code, reason)
    return plain.model_copy(update=rows_of(counts))


def rows_of(counts: tuple[VectorCounts, VectorCounts]) -> dict[str, object]:
    """Give dimensions, complete rows and missing shares of both sides, reference first."""
    before, after = counts
    shares = [each.missing / each.rows if each.rows else None for each in counts]
    return {
        "dimensions": len(before.names),
        "n": before.complete,
        "m": after.complete,
        "missing": Sides(reference=shares[0], live=shares[1]),
    }


def blank(name: str, counts: tuple[VectorCounts, VectorCounts], live: Profile) -> VectorReport:
    """Judge a vector of which a side has no complete row."""
    gone = [column for column in counts[0].columns if column not in live.features]
    if gone and live.rows:
        reason = f"{gone[0]} of {name} is not in live: not compared. It counts as a change."
        return with_rows(name, counts, State.SKIPPED, "missing_column", reason)
    rows = [[each.complete, each.missing] for each in counts]
    if all(map(sum, rows)) and test_counts(*rows, ordered=False).p <= _RARE:
        have = [f"{each.complete} of {each.rows}" for each in counts]
        reason = (
            f"Rows with all components of {name}: {have[0]} in the reference, {have[1]} in live."
        )
        return with_rows(name, counts, State.ALERT, "missing_changed", reason)
    reason = f"{name} has no row with all its components on one side: nothing to compare."
    return with_rows(name, counts, State.NO_DATA, "no_data", reason)
