"""Which columns of two tables do not match, and what they may have meant: a check by a person."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..deciding.reports import Report

ALIKE = 0.75  # two names as alike as this (Ratcliff and Metzener 1988) may be one column renamed
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_COUNTED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A column of the reference that live lacks or has otherwise; `renamed` is what it may be."""

    name: str
    kind: str
    code: str  # missing_column, type_changed
    reason: str
    renamed: str | None = None


def mismatches(report: Report) -> tuple[Mismatch, ...]:
    """List the columns that need a look: missing in live, or of another type."""
    features = [each for each in report.features if each.code in ("missing_column", "type_changed")]
    missing = [each.name for each in features if each.code == "missing_column"]
    guessed = renamed(missing, new_columns(report))
    return tuple(
        Mismatch(each.name, each.kind, each.code or "", each.reason, guessed.get(each.name))
        for each in features
    )


def new_columns(report: Report) -> list[str]:
    """List the columns that live alone has."""
    return [note.column for note in report.warnings if note.code == "new_column" and note.column]


def renamed(missing: Iterable[str], new: Iterable[str]) -> Mapping[str, str]:
    """Guess which new column is which missing one: the most alike first, each once.

    >>> dict(renamed(["customer_age", "fare"], ["utm_source", "customerAge"]))
    {'customer_age': 'customerAge'}
    """
    pairs = [(_alike(old, fresh), old, fresh) for old in missing for fresh in new]
    guessed: dict[str, str] = {}
    for alike, old, fresh in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if alike >= ALIKE and old not in guessed and fresh not in guessed.values():
            guessed[old] = fresh
    return guessed


def _alike(one: str, other: str) -> float:
    first, second = (_NOT_COUNTED.sub("", name).casefold() for name in (one, other))
    ratio = difflib.SequenceMatcher(None, first, second).ratio()
    words, others = (
        set(_NOT_COUNTED.sub(" ", _spaced(name)).casefold().split()) for name in (one, other)
    )
    inside = bool(words and others) and (words <= others or others <= words)
    return max(ratio, ALIKE) if inside else ratio


def _spaced(name: str) -> str:
    return _CAMEL.sub(" ", name)
