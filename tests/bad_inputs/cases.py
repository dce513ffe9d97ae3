"""What a bad input is and what it must end in; the same for command line, library and page."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from core.settings import Settings

ROWS = 400


@dataclass(frozen=True)
class Case:
    """Two tables and the answer: OK, W, S or E, with its code.

    `files` makes reference and live (bytes or anything that `check` takes). For OK and W `clean` is
    live in its clean form, whose result must be the same. `words` stand in what is said.
    """

    id: str
    answer: str
    code: str = ""
    live: Callable[[], object] = lambda: b""
    reference: Callable[[], object] | None = None
    clean: Callable[[], object] | None = None
    words: tuple[str, ...] = ()
    role: str = "live"
    settings: str = ""
    feature: str | None = None
    verdict: str | None = None
    suffix: str = ".csv"
    page: bool = True
    extra: dict = field(default_factory=dict)


def rows(seed=1, count=ROWS, shift=0.0):
    """A number, a text with a comma, a whole number."""
    rng = np.random.default_rng(seed)
    ages = np.round(rng.normal(40 + shift, 9, count), 4)
    towns = rng.choice(["Köln, Süd", "Oslo", 'the "Hague"', "Rome"], count, p=[0.4, 0.3, 0.2, 0.1])
    visits = rng.integers(0, 9, count)
    return [
        (f"{age:.4f}", str(town), str(visit))
        for age, town, visit in zip(ages, towns, visits, strict=True)
    ]


HEADER = ("age", "town", "visits")


def text(table=None, *, header=HEADER, delimiter=",", end="\n", quote='"', point="."):
    """Write a table as delimited text, quoted where needed."""

    def cell(value):
        value = value.replace(".", point) if value.replace(".", "").lstrip("-").isdigit() else value
        if any(mark in value for mark in (delimiter, quote, "\n", "\r")):
            return f"{quote}{value.replace(quote, quote * 2)}{quote}"
        return value

    lines = [
        delimiter.join(map(cell, row))
        for row in (*((header,) if header else ()), *(table or rows(2)))
    ]
    return end.join(lines) + end


def reference():
    return text(rows(1)).encode()


def clean():
    return text(rows(2)).encode()


def strictly(document: str) -> dict:
    """Parse JSON that holds no NaN and no Infinity."""

    def refuse(word):
        raise AssertionError(f"{word} in the JSON")

    return json.loads(document, parse_constant=refuse)


def measured(report: dict) -> dict:
    """Give what was measured, by feature: what two forms of the same data must share."""
    kept = (
        "state",
        "code",
        "kind",
        "jsd_bits",
        "psi",
        "p",
        "q",
        "n",
        "m",
        "missing",
        "bins",
        "summary",
    )
    return {each["name"]: {key: each[key] for key in kept} for each in report["features"]}


def settings_of(case: Case) -> Settings:
    return Settings.from_toml(case.settings)


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@dataclass(frozen=True)
class Values:
    """Two columns, what is said of the feature made of them, and live in another form (`equal`)."""

    id: str
    reference: object = None
    live: object = None
    state: str | tuple[str, ...] | None = None
    code: str | None = None
    warning: str | None = None
    equal: object = None
    bits: float | None = None
    words: tuple[str, ...] = ()
    leading: str | None = None
    kind: str | None = None
    extra: dict = field(default_factory=dict)
    on_disk: bool = True

    @property
    def frames(self):
        return frame(self.reference), frame(self.live)


def frame(column):
    if isinstance(column, pd.DataFrame):
        return column
    return pd.DataFrame({"x": pd.Series(column)})
