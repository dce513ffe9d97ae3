"""Tables of shares in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A head and lines of cells that are already words."""

    head: Sequence[str]
    lines: Sequence[Sequence[str]]

    def __str__(self) -> str:
        rule = ["---"] * len(self.head)
        return "\n".join(f"| {' | '.join(line)} |" for line in (self.head, rule, *self.lines))


def percent(share: float) -> str:
    """Write a share in per cent, with one digit behind the point where it tells something.

    >>> percent(0.0512), percent(0.0), percent(1.0)
    ('5.1', '0', '100')
    """
    words = f"{100 * share:.1f}"
    return words.removesuffix(".0") if share in {0, 1} else words


def span(shares: Sequence[float]) -> str:
    """Write the smallest and the largest share in per cent.

    >>> span([0.02, 0.05, 0.041]), span([0.0, 0.0])
    ('2.0–5.0', '0')
    """
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else f"{low}–{high}"


def rows(sizes: tuple[int, int]) -> str:
    """Write the rows of both sides.

    >>> rows((10_000, 200))
    '10,000 / 200'
    """
    return f"{sizes[0]:,} / {sizes[1]:,}"
