"""What a reader must know beside the verdict: what was guessed, repaired, new or odd in a table."""

from collections.abc import Iterator

from ..profiling.profiles import FACTS, ODD_VALUE, TIME_ZONE, Profile
from ..profiling.quantities import NumericCounts
from .reports import Caution, Role


def find_cautions(reference: Profile, live: Profile) -> tuple[Caution, ...]:
    """List what was noticed while reading and what the counts themselves tell."""
    return tuple(_cautions(reference, live))


def _cautions(reference: Profile, live: Profile) -> Iterator[Caution]:
    sides: tuple[tuple[Role, Profile], ...] = (("reference", reference), ("live", live))
    for role, profile in sides:
        for note in profile.source.notes:
            if note.code in FACTS:
                continue
            yield Caution(
                code=note.code,
                role=role,
                column=note.column,
                message=note.message,
                count=note.count,
                first=note.first,
            )
        yield from _odd_values(role, profile)
    yield from _zones(reference, live)
    for name in (each for each in live.features if each not in reference.features):
        message = f"{name} is in live and not in the reference. It is not compared."
        yield Caution(code="new_column", role="live", column=name, message=message)


def _zones(reference: Profile, live: Profile) -> Iterator[Caution]:
    """Say where times with a zone meet times without one, or with another."""
    before, after = (
        {note.column: note.first or "" for note in side.source.notes if note.code == TIME_ZONE}
        for side in (reference, live)
    )
    for name in before.keys() & after.keys():
        if before[name] == after[name] or reference.kinds.get(name or "") != "datetime":
            continue
        words = [zone or "no zone" for zone in (before[name], after[name])]
        message = (
            f"{name} has times in {words[0]} in the reference and in {words[1]} in live: "
            "compared as UTC."
        )
        yield Caution(
            code="timezones_differ", column=name, message=message, first=after[name] or None
        )


def _odd_values(role: Role, profile: Profile) -> Iterator[Caution]:
    odd = {
        note.column: note.first
        for note in profile.source.notes
        if note.code == ODD_VALUE and note.first is not None
    }
    for name, counts in profile.features.items():
        if counts.unreadable:
            kind = {"numeric": "numbers", "datetime": "times"}.get(profile.kinds[name], "labels")
            message = f"{counts.unreadable} values of {name} could not be read as {kind}: missing."
            if name in odd:
                message += f" The first is {odd[name]!r}."
            yield Caution(
                code="unreadable_values",
                role=role,
                column=name,
                message=message,
                count=counts.unreadable,
                first=odd.get(name),
            )
        if not isinstance(counts, NumericCounts):
            continue
        if infinite := counts.negative_infinity + counts.positive_infinity:
            message = f"{infinite} values of {name} are infinite: counted in bins of their own."
            yield Caution(
                code="infinite_values", role=role, column=name, message=message, count=infinite
            )
        if counts.inexact:
            message = f"{name} has whole numbers beyond 2^53: neighbours may count as one value."
            yield Caution(code="inexact_numbers", role=role, column=name, message=message)
