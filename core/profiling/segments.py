"""The counts of a table by the values of one of its columns: country, product, plane maker.

They add up, value by value, and all parts together are the whole, count for count.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .archives import Counts
from .soundness import fault
from .sums import Incompatible, add_counts

MOST = 256  # values of the column: each has counts of every feature

Part = Mapping[str, Counts]  # by feature


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The counts of every feature by the value of `column`; None is where it has none."""

    column: str
    parts: Mapping[str | None, Part]

    def __add__(self, other: "Segments") -> "Segments":
        if not isinstance(other, Segments):
            return NotImplemented
        if self.column != other.column:
            columns = f"'{self.column}' and '{other.column}'"
            raise Incompatible(f"Segments by {columns} do not add: count both by one column.")
        parts = dict(self.parts)
        for value, part in other.parts.items():
            parts[value] = _sum(parts[value], part) if value in parts else part
        return Segments(self.column, parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segments):
            return NotImplemented
        mine, its = ({v: dict(p) for v, p in side.parts.items()} for side in (self, other))
        return self.column == other.column and mine == its

    def of(self, features: Iterable[str]) -> "Segments":
        """Give the counts of some features alone."""
        chosen = list(features)
        parts = {v: {name: part[name] for name in chosen} for v, part in self.parts.items()}
        return Segments(self.column, parts)

    def beside(self, other: "Segments") -> "Segments":
        """Put the counts of other features of the same rows beside these."""
        return Segments(self.column, {v: {**p, **other.parts[v]} for v, p in self.parts.items()})

    def rows(self, value: str | None) -> int:
        """Tell the rows of one segment; 0 where there is none."""
        return next((counts.rows for counts in self.parts.get(value, {}).values()), 0)

    def fault(self, feature: str, kind: str, rows: int) -> str | None:
        """Tell what the counts of a feature in a table of `rows` rows have that cannot be."""
        counts = [part[feature] for part in self.parts.values()]
        if sum(part.rows for part in counts) != rows:
            return "segments that do not add up to its rows"
        return next(filter(None, (fault(part, kind, part.rows) for part in counts)), None)

    def without_rare(
        self, least: int, other: str, without_rare: Callable[[Counts, int], Counts]
    ) -> "Segments":
        """Put the rows of values that occur in fewer than `least` rows under the value `other`."""
        parts: dict[str | None, Part] = {}
        for value, part in self.parts.items():
            key = other if value is not None and self.rows(value) < least else value
            parts[key] = _sum(parts[key], part) if key in parts else part
        rare = {
            value: {name: without_rare(counts, least) for name, counts in part.items()}
            for value, part in parts.items()
        }
        return Segments(self.column, rare)


def _sum(left: Part, right: Part) -> Part:
    return {name: add_counts(counts, right[name]) for name, counts in left.items()}
