"""A fault inside one feature leaves the others: what fails alone is set aside."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from .comparisons import Comparison, failed

Answer = TypeVar("Answer")


def isolated(
    comparisons: Sequence[Comparison], attempt: Callable[[Sequence[Comparison]], Answer]
) -> tuple[Answer, tuple[Comparison, ...]]:
    """Do `attempt` with all comparisons; where it fails, without those that it fails on alone.

    Gives the answer and the comparisons it was made of. Raises what is no single feature's fault.
    """
    try:
        return attempt(comparisons), tuple(comparisons)
    except Exception:
        sound = tuple(_alone(comparison, attempt) for comparison in comparisons)
        if not any(each.fault for each in sound):
            raise
        return attempt(sound), sound


def _alone(comparison: Comparison, attempt: Callable[[Sequence[Comparison]], Answer]) -> Comparison:
    try:
        attempt([comparison])
    except Exception as fault:  # noqa: BLE001 (any)
        return failed(comparison, fault)
    return comparison
