"""Counts of one feature add up, whatever they count."""

from .archives import Counts
from .categories import CategoryCounts
from .quantities import NumericCounts


class Incompatible(ValueError):
    """Two profiles do not add: they differ in a feature or in its kind."""

    code = "incompatible"


def add_counts(left: Counts, right: Counts) -> Counts:
    """Sum the counts of a feature in two tables; raise Incompatible for numbers and labels."""
    if isinstance(left, NumericCounts) and isinstance(right, NumericCounts):
        return left + right
    if isinstance(left, CategoryCounts) and isinstance(right, CategoryCounts):
        return left + right
    raise Incompatible("Counts of numbers and counts of labels do not add.")
