"""The page of results, in Markdown."""

import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

from .measured import Goal, Setting


def machine() -> str:
    """Tell what the machine is and how busy it was of late."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    python = platform.python_version()
    return f"{model}, {os.cpu_count()} cores; Python {python}; load (1, 5, 15 minutes) {load}"


def page(settings: Sequence[Setting], goals: Sequence[Goal], tideline: str) -> str:
    """Write all that was found."""
    lines = [f"Machine: {machine()}.", ""]
    for setting in settings:
        lines += [*_table(setting, tideline), ""]
    if goals:
        lines += _goals(goals)
    return "\n".join(lines) + "\n"


def _table(setting: Setting, tideline: str) -> Iterator[str]:
    form = {"csv": "CSV", "parquet": "Parquet"}[setting.form]
    size = f"{setting.rows:,} rows x {setting.columns} columns"
    yield f"Two tables of {size}, {form}, {len(setting.rounds)} rounds:"
    yield ""
    yield "| what | wall s | CPU s | peak MB | wall, times Tideline's | CPU, times Tideline's |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name in setting.names:
        cost = setting.cost(name)
        ratios = (
            f"{setting.ratio(name, tideline, kind):.2f}" if tideline in setting.names else "-"
            for kind in ("wall", "cpu")
        )
        yield (
            f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.peak:.0f} "
            f"| {' | '.join(ratios)} |"
        )
    for name, problem in setting.problems.items():
        yield f"| {name} | not run: {problem.replace('|', '/')} | | | | |"


def _goals(goals: Sequence[Goal]) -> Iterator[str]:
    yield "| goal | measured | at most | met |"
    yield "| --- | ---: | ---: | --- |"
    for goal in goals:
        figures = (f"{_short(each)} {goal.unit}".strip() for each in (goal.measured, goal.limit))
        yield f"| {goal.what} | {' | '.join(figures)} | {'yes' if goal.met else 'no'} |"


def _short(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 10 else f"{figure:.3g}"  # noqa: PLR2004 (digits enough)
