"""Why a vector was not measured: what is said of it then."""

from collections.abc import Iterator, Sequence

from ..measuring.normals import fewest_rows
from ..profiling.profiles import Profile
from ..profiling.vectors import VectorCounts
from .obstacles import some
from .reports import Caution, Role
from .states import Sides, State
from .vector_reports import VectorReport


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


def obstacle(
    name: str, counts: tuple[VectorCounts, VectorCounts], sides: tuple[Profile, Profile]
) -> VectorReport | None:
    """Tell why a vector that both sides counted cannot be compared; None where it can."""
    if (found := _other_columns(name, counts)) or (found := _misfits(name, counts)):
        return found
    before, after = counts
    if not before.complete or not after.complete:
        return _blank(name, counts, sides[1])
    if before.widths != after.widths:
        sizes = some(sum(before.widths), "component"), sum(after.widths)
        reason = (
            f"{name} has {sizes[0]} in the reference and {sizes[1]} in live. Not "
            "compared; give both the same length."
        )
        return with_rows(name, counts, State.SKIPPED, "type_changed", reason)
    least = fewest_rows(len(before.mean))
    if min(before.complete, after.complete) >= least:
        return None
    reason = (
        f"{name} has {some(len(before.mean), 'component')}: each side needs at least "
        f"{least} rows with every component; the reference has {before.complete} and live "
        f"{after.complete}. Give more rows."
    )
    return with_rows(name, counts, State.INSUFFICIENT, "too_few_rows", reason)


def _other_columns(name: str, counts: tuple[VectorCounts, VectorCounts]) -> VectorReport | None:
    if counts[0].columns == counts[1].columns:
        return None
    reason = (
        f"{name} was counted of other columns in live ({', '.join(counts[1].columns[:5])}) than in "
        f"the reference ({', '.join(counts[0].columns[:5])}): not compared. Count both with the "
        "same settings."
    )
    return unmeasured(name, counts[0].columns, State.SKIPPED, "not_counted", reason)


def _misfits(name: str, counts: tuple[VectorCounts, VectorCounts]) -> VectorReport | None:
    """Tell of a column that mostly holds something else than the components that it should."""
    for side, role in zip(counts, ("the reference", "live"), strict=True):
        widths = side.widths or (0,) * len(side.columns)
        for column, width, odd in zip(side.columns, widths, side.odd, strict=True):
            if odd <= side.complete:
                continue
            numbers = "a number" if width == 1 else f"a list of {some(width, 'number')}"
            changed = side is counts[1] and counts[0].complete
            usual = ", as in the reference" if changed else ""
            reason = (
                f"{odd} of {side.rows} rows of {column} in {role} do not hold {numbers}{usual}: "
                f"{name} is not compared. Mend the column, or leave it out of the vector."
            )
            code = "type_changed" if changed else "not_supported"
            return with_rows(name, counts, State.SKIPPED, code, reason)
    return None


def _blank(name: str, counts: tuple[VectorCounts, VectorCounts], live: Profile) -> VectorReport:
    """Report a vector of which a side has no complete row."""
    gone = [column for column in counts[0].columns if column not in live.features]
    if gone and live.rows:
        reason = f"{gone[0]} of {name} is not in live: not compared. It counts as a change."
        return with_rows(name, counts, State.SKIPPED, "missing_column", reason)
    role = "the reference" if not counts[0].complete else "live"
    reason = f"{name} has no row with all its components in {role}: nothing to compare."
    return with_rows(name, counts, State.NO_DATA, "no_data", reason)


def odd_vectors(sides: tuple[Profile, Profile]) -> Iterator[Caution]:
    """Tell of the columns with rows that do not fit the vector they are part of."""
    roles: tuple[Role, Role] = ("reference", "live")
    for role, side in zip(roles, sides, strict=True):
        for name, counts in side.vectors.items():
            for column, odd in zip(counts.columns, counts.odd, strict=True):
                message = (
                    f"{some(odd, 'row')} of {column} {'do' if odd != 1 else 'does'} not hold the "
                    f"numbers that the vector {name} is made of: missing in it. Mend the column."
                )
                if 0 < odd <= counts.complete:  # else the vector itself says so
                    yield Caution(
                        code="odd_vectors", role=role, column=column, message=message, count=odd
                    )
