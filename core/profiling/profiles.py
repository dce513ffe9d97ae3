"""The Profile: everything that is kept of a table. It is small, it holds no rows, and it adds.

profile(a ++ b) == profile(a) + profile(b), count for count, for given kinds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np

from ..storing.files import write_atomically
from .archives import MALFORMED, CorruptProfile, Counts, is_profile, pack, unpack
from .buffers import places, strings
from .categories import LIMIT, CategoryCounts
from .kinds import Kind
from .pairs import Pairs, read_pairs, sum_pairs
from .quantities import BUDGET, NumericCounts
from .segments import Segments
from .soundness import are_sound, fault
from .sums import Incompatible, add_counts
from .vectors import BadVector, VectorCounts, add_vectors, packed, restored

__all__ = [
    "FACTS",
    "INTERNAL_ERROR",
    "ODD_VALUE",
    "TIME_ZONE",
    "CorruptProfile",
    "Counts",
    "Incompatible",
    "Note",
    "Profile",
    "Source",
    "add_counts",
    "is_profile",
    "no_rows",
]

TIME_ZONE = "time_zone"  # the code of a note that is a fact: which zone a column's times have
ODD_VALUE = "odd_value"  # likewise: the first value of a column that could not be read
FACTS = frozenset({TIME_ZONE, ODD_VALUE})
INTERNAL_ERROR = "internal_error"  # the code of a note on a column that could not be counted
OTHER = "(other)"  # the label that rare labels are saved under
_MORE = " and others"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was guessed, repaired or left out while reading, and how often."""

    code: str
    message: str
    column: str | None = None
    count: int = 0
    first: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a profile's rows came from: rows read = rows counted + rows dropped.

    `form` says in words how the source was written.
    """

    name: str = ""
    digest: str | None = None
    rows_read: int = 0
    rows_dropped: int = 0
    notes: tuple[Note, ...] = ()
    form: str = ""

    def __add__(self, other: "Source") -> "Source":
        if Source() in (self, other):
            return self if other == Source() else other
        first = self.name.removesuffix(_MORE)
        notes: dict[tuple[str, str | None], Note] = {}
        for note in self.notes + other.notes:  # a year of hours must not keep a note for each
            known = notes.get((note.code, note.column), replace(note, count=0))
            notes[note.code, note.column] = replace(known, count=known.count + note.count)
        return Source(
            first if first == other.name else f"{first}{_MORE}",
            None,
            self.rows_read + other.rows_read,
            self.rows_dropped + other.rows_dropped,
            tuple(notes.values()),
            self.form if self.form == other.form else "",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Counts by feature. `+` merges; `==` compares kinds and counts, whatever their source.

    `segments` are the same counts by the values of one column, `pairs` the joint counts of two
    columns, where that was asked for. A sum has them where both sides have.

    >>> import pyarrow as pa
    >>> from core.profiling.engines.local import profile
    >>> monday, tuesday = (profile(pa.table({"a": rows})) for rows in ([1, 2], [2]))
    >>> monday + tuesday == profile(pa.table({"a": [1, 2, 2]}))
    True
    """

    rows: int
    features: Mapping[str, Counts]
    kinds: Mapping[str, Kind]
    source: Source = field(default_factory=Source)
    segments: Segments | None = None
    vectors: Mapping[str, VectorCounts] = field(default_factory=dict)  # those that were asked for
    pairs: Pairs | None = None

    @classmethod
    def empty(cls, kinds: Mapping[str, Kind]) -> Self:
        """Give the profile of no rows: adding it changes nothing."""
        return cls(0, {name: no_rows(kind) for name, kind in kinds.items()}, dict(kinds))

    @classmethod
    def total(cls, profiles: Sequence["Profile"]) -> "Profile":
        """Sum profiles, at least one, as `+` does: small ones first, which is quicker."""
        while len(profiles) > 1:
            pairs = [a + b for a, b in zip(profiles[::2], profiles[1::2], strict=False)]
            profiles = [*pairs, *profiles[2 * len(pairs) :]]
        return profiles[0]

    def __add__(self, other: "Profile") -> "Profile":
        if not isinstance(other, Profile):
            return NotImplemented
        _require_same_kinds(self, other)
        features = {
            name: add_counts(counts, other.features[name]) for name, counts in self.features.items()
        }
        return Profile(
            self.rows + other.rows,
            features,
            self.kinds,
            self.source + other.source,
            _sum_of_segments(self, other),
            _sum_of_vectors(self, other),
            sum_pairs((self.pairs, self.rows), (other.pairs, other.rows)),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profile):
            return NotImplemented
        return (
            self.rows == other.rows
            and dict(self.kinds) == dict(other.kinds)
            and dict(self.features) == dict(other.features)
            and self.segments == other.segments
            and dict(self.vectors) == dict(other.vectors)
            and self.pairs == other.pairs
        )

    def save(self, path: str | Path, *, min_label_count: int = 1) -> None:
        """Write the profile to one file, whole or not at all.

        Labels of fewer rows than `min_label_count` are not stored: their rows go to one label.
        """
        write_atomically(Path(path), self.without_rare_labels(min_label_count).to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a saved profile; raise CorruptProfile for what is damaged, false or too new."""
        return cls.from_bytes(Path(path).read_bytes(), name=Path(path).name)

    def to_bytes(self) -> bytes:
        """Write the profile as bytes, the same for the same profile."""
        header: dict[str, object] = {
            "version": version("tideline"),
            "rows": self.rows,
            "kinds": dict(self.kinds),
            "source": asdict(self.source),
        }
        if self.vectors:
            header["vectors"] = {name: packed(counts) for name, counts in self.vectors.items()}
        parts: list[Mapping[str, Counts]] = []
        if self.segments is not None:
            parts = list(self.segments.parts.values())
            known = list(self.segments.parts)
            header["segments"] = {"column": self.segments.column, "values": known}
        if self.pairs is not None:
            header["pairs"] = self.pairs.plain()
        return pack(header, self.features, parts, self.pairs.tables if self.pairs else None)

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "The profile") -> Self:
        """Read what `to_bytes` wrote; raise CorruptProfile, calling it `name`."""
        try:
            header, features = unpack(data)
            rows, told = header["rows"], header["kinds"]
            kinds = {feature: told[feature] for feature in features}
            notes = tuple(Note(**note) for note in header["source"].pop("notes"))
            segments = _segments(header)
            vectors = {k: restored(v, rows) for k, v in header.get("vectors", {}).items()}
            source = Source(**header["source"], notes=notes)
            read = cls(rows, features, kinds, source, segments, vectors, read_pairs(header, rows))
            sound = are_sound(features.values())
            faults = {
                feature: fault(features[feature], kind, rows, sound=sound)
                or (segments.fault(feature, kind, rows) if segments else None)
                for feature, kind in told.items()
            }
        except CorruptProfile as problem:
            raise CorruptProfile(f"{name} {problem}.") from None
        except MALFORMED:
            sentence = f"{name} is not a profile that Tideline wrote; save the profile again."
            raise CorruptProfile(sentence) from None
        for feature, wrong in faults.items():
            if wrong:
                sentence = f"{name} is damaged: feature '{feature}' has {wrong}."
                raise CorruptProfile(f"{sentence} Save the profile again.")
        return read

    def without_rare_labels(self, least: int) -> "Profile":
        """Put the rows of labels that occur in fewer than `least` rows under one label."""
        if least <= 1:
            return self
        features = {name: _without_rare(counts, least) for name, counts in self.features.items()}
        segments = self.segments and self.segments.without_rare(least, OTHER, _without_rare)
        # Levels of labels would name rare ones.
        return replace(self, features=features, segments=segments, pairs=None)


def no_rows(kind: Kind, budget: int = BUDGET, limit: int = LIMIT) -> Counts:
    """Give the counts of a feature of which no row was counted."""
    if kind in {"numeric", "datetime"}:
        return NumericCounts(budget=budget)
    return CategoryCounts(limit=limit)


def _sum_of_segments(left: Profile, right: Profile) -> Segments | None:
    if not left.rows or not right.rows:
        return right.segments if not left.rows else left.segments
    if left.segments is None or right.segments is None:
        return None
    return left.segments + right.segments


def _sum_of_vectors(left: Profile, right: Profile) -> dict[str, VectorCounts]:
    try:
        return add_vectors(left.vectors, right.vectors, (left.rows, right.rows))
    except BadVector as problem:
        raise Incompatible(f"The profiles do not add: {problem}.") from None


def _segments(header: Mapping[str, Any]) -> Segments | None:
    known = header.get("segments")
    if known is None:
        return None
    return Segments(known["column"], dict(zip(known["values"], header["parts"], strict=True)))


def _require_same_kinds(left: Profile, right: Profile) -> None:
    for name in [*left.kinds, *right.kinds]:
        kinds = [profile.kinds.get(name) for profile in (left, right)]
        if None in kinds:
            sentence = f"'{name}' is in one profile and not in the other: they do not add."
            raise Incompatible(sentence)
        if kinds[0] != kinds[1]:
            sentence = f"'{name}' is {kinds[0]} in one profile and {kinds[1]} in the other. "
            raise Incompatible(f"{sentence}Count both with the same kinds.")


def _without_rare(counts: Counts, least: int) -> Counts:
    if isinstance(counts, NumericCounts):
        return counts
    rare = counts.counts < least
    kept = np.flatnonzero(~rare)
    common = replace(counts, labels=counts.labels.take(places(kept)), counts=counts.counts[kept])
    if counts.pool is not None or not rare.any():
        return common
    rows = int(counts.counts[rare].sum())
    others = strings([OTHER]), np.array([rows])
    return replace(common, rows=counts.rows - rows).extended(*others)
