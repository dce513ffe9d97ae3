"""Who takes part: Tideline, only reading, a notebook, and other tools."""

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .environments import python_of

_PROGRAMS = Path(__file__).parent / "programs"
TIDELINE = "Tideline"
CSV, PARQUET = "csv", "parquet"


@dataclass(frozen=True, slots=True)
class Contender:
    """A program; `environment` is None for Tideline itself. `slow` ones run in fewer rounds."""

    name: str
    environment: str | None = None
    words: tuple[str, ...] = ()
    forms: Collection[str] = (CSV, PARQUET)
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A contender with its Python, or the reason why it cannot take part."""

    contender: Contender
    python: str
    problem: str = field(default="")

    def command(self, folder: Path, form: str) -> list[str]:
        """Give the command that compares the two tables of a folder."""
        tables = [str(folder / f"{name}.{form}") for name in ("reference", "live")]
        if self.contender.environment is None:
            report = str(folder / "report.json")
            return [self.python, "-m", "core", "compare", *tables, "--out", report, *_ANSWERED]
        program, *more = self.contender.words
        return [self.python, str(_PROGRAMS / f"{program}.py"), *more, *tables]


_ANSWERED = ("--fail-on", "never")

CONTENDERS = (
    Contender(TIDELINE),
    Contender("Polars, only reading", "readers", ("reading", "polars")),
    Contender("pyarrow, only reading", "readers", ("reading", "pyarrow")),
    Contender("DuckDB, only reading", "readers", ("reading", "duckdb")),
    Contender("pandas notebook", "readers", ("notebook",)),
    Contender("NannyML", "nannyml", ("nannyml_drift",), (CSV,), slow=True),
    Contender("whylogs", "whylogs", ("whylogs_drift",), (CSV,), slow=True),
    Contender("popmon", "popmon", ("popmon_drift",), (CSV,), slow=True),
    Contender("Evidently", "evidently", ("evidently_drift",), (CSV,), slow=True),
)


def prepared(names: Collection[str], folder: Path) -> Iterator[Ready]:
    """Give each contender of these names (all where empty) its Python."""
    known: dict[str, tuple[str, str]] = {}
    for each in _chosen(names):
        if each.environment is None:
            yield Ready(each, sys.executable)
            continue
        if each.environment not in known:
            known[each.environment] = python_of(each.environment, folder)
        yield Ready(each, *known[each.environment])


def _chosen(names: Collection[str]) -> Iterator[Contender]:
    by_word: Mapping[str, Contender] = {each.name.lower(): each for each in CONTENDERS}
    for name, each in by_word.items():
        if not names or any(name.startswith(word.lower()) for word in names):
            yield each
