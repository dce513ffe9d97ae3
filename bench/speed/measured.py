"""What the rounds found: medians, and ratios of runs that stood side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from .processes import Cost

Rounds = Sequence[Mapping[str, Cost]]


@dataclass(frozen=True, slots=True)
class Setting:
    """One set of tables, its rounds, and why some could not take part."""

    rows: int
    columns: int
    form: str
    rounds: Rounds
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Those who ran, in their order."""
        return list(dict.fromkeys(name for costs in self.rounds for name in costs))

    def cost(self, name: str) -> Cost:
        """Give the medians of one of them."""
        costs = [costs[name] for costs in self.rounds if name in costs]
        return Cost(
            median(cost.wall for cost in costs),
            median(cost.cpu for cost in costs),
            max(cost.peak for cost in costs),
        )

    def ratio(self, over: str, under: str, kind: str) -> float:
        """Give the median of `over`/`under` within a round; `kind` is wall or cpu."""
        return median(
            getattr(costs[over], kind) / getattr(costs[under], kind)
            for costs in self.rounds
            if over in costs and under in costs
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the design, what was measured, and the most that was to be."""

    what: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the measured figure keeps the limit."""
        return self.measured <= self.limit


def goals(settings: Sequence[Setting], tideline: str) -> list[Goal]:
    """Compare what was measured with the goals that are ratios of whole processes.

    Where Tideline is to be so many times faster the ratio is turned over: at most one so-many-th.
    """
    limits = {
        ("csv", "Polars, only reading"): 1.5,
        ("csv", "NannyML"): 1 / 10,
        ("csv", "Evidently"): 1 / 30,
        ("csv", "pandas notebook"): 1 / 1.5,
        ("parquet", "Polars, only reading"): 2.5,
    }
    found = []
    for each in settings:
        for (form, other), limit in limits.items():
            if each.form != form or not {tideline, other} <= set(each.names):
                continue
            for kind in ("wall", "cpu"):
                what = f"{form}, {each.rows:,} rows: {kind} seconds as a multiple of {other}"
                found.append(Goal(what, each.ratio(tideline, other, kind), limit))
    return found


def memory(settings: Sequence[Setting], tideline: str) -> list[Goal]:
    """Compare the peak memory of the most rows with that of the fewest, and with the bound."""
    parquet = [each for each in settings if each.form == "parquet" and tideline in each.names]
    if not parquet:
        return []
    least = min(parquet, key=lambda each: each.rows)
    most = max(parquet, key=lambda each: each.rows)
    peak = most.cost(tideline).peak
    bound = Goal(f"peak memory, {most.rows:,} rows of Parquet", peak, 600, "MB")
    if least is most:
        return [bound]
    grown = peak / least.cost(tideline).peak
    return [bound, Goal(f"peak memory, {most.rows:,} rows against {least.rows:,}", grown, 1.2)]
