"""What can be chosen about the scheduled run: where from, by which windows, whom to tell.

The same TOML file holds the settings of the comparison. Paths are relative to the file's folder,
and `${NAME}` in a text of these tables is the environment variable of that name: the only place for
what is secret.
"""

import difflib
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from .refusals import VARIABLE, faults, holds_secret
from .settings import SCHEDULED, BadSettings, Settings

Span = Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(h|d|w|mo)$")]
Rule = Literal["previous", "trailing", "season"]

_SPANS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=31),
}
_ADDRESSES: Final = (
    ("reference", "source"),
    ("live", "source"),
    ("history", "url"),
    ("notify", "urls"),
    ("notify", "ping"),
)


def span(text: str) -> timedelta:
    """Give the length of 6h, 1d, 1w or 1mo (31 days).

    >>> span("2w").days
    14
    """
    number = text.rstrip("hdwmo")
    return int(number) * _SPANS[text.removeprefix(number)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(_Table):
    """What live is judged against: a table or profile, or a rule over the windows before.

    `previous` is the window before, `trailing` those of the `span` before, `season` those of the
    same weekday and hour in the `weeks` before.
    """

    source: str | None = None
    rule: Rule | None = None
    span: Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(h|d|w)$")] = "30d"
    weeks: Annotated[int, Field(ge=1, le=520)] = 8

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.source is None) == (self.rule is None):
            raise ValueError("give either source (a table or profile) or rule, and not both")
        return self

    def reach(self, every: str) -> timedelta:
        """Tell how far before a window of `every` its reference may begin."""
        if self.rule == "season":
            return timedelta(weeks=self.weeks, hours=1)  # the clock may have changed
        return span({"previous": every, "trailing": self.span}.get(self.rule or "", "0d"))


class Live(_Table):
    """The tables with the rows to judge: paths, or patterns such as incoming/*.csv."""

    source: str | Annotated[list[str], Field(min_length=1)]

    @property
    def sources(self) -> list[str]:
        """List the sources, one or many."""
        return [self.source] if isinstance(self.source, str) else self.source


class Windows(_Table):
    """How rows become windows: spans of `every` along `column`, by the clock of `zone`.

    Without a column, all rows are in the window in which the newest of the files was written.
    """

    column: str | None = None
    every: Span = "1d"
    zone: str = "UTC"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):
            raise ValueError("no time zone known here; write UTC, or Europe/Oslo") from None
        return zone


class HistoryPlace(_Table):
    """Where profiles, reports and the state of the job are kept.

    Windows that ended longer than `keep` before the newest are deleted; left out: none.
    """

    url: str = "tideline.db"
    keep: Span | None = None


class Reports(_Table):
    """Which files are written by each run, and what ends with exit code 1."""

    out: list[str] = Field(default_factory=list)
    fail_on: Literal["alert", "warn", "never"] = "alert"


class Notify(_Table):
    """Whom to tell, and when.

    `urls` are webhooks (https), mail servers (smtp, smtps) or addresses of apprise. `on` "change":
    when drift begins or ends and when the job fails. `allow` names hosts of a private network that
    may be called. `ping` is called after each success; without one in `expect_every` (left out: the
    windows' span) the job is overdue.
    """

    urls: list[str] = Field(default_factory=list)
    on: Literal["change", "always", "never"] = "change"
    link: str | None = None
    allow: list[str] = Field(default_factory=list)
    per_day: Annotated[int, Field(ge=1, le=1000)] = 12
    ping: str | None = None
    expect_every: Span | None = None


class _File(_Table):
    """The tables of the file that are not settings of the comparison."""

    dataset: Annotated[str, Field(min_length=1, max_length=200)]
    reference: Reference
    live: Live
    windows: Windows = Windows()
    history: HistoryPlace = HistoryPlace()
    report: Reports = Reports()
    notify: Notify = Notify()

    @model_validator(mode="after")
    def _found(self) -> Self:
        """Refuse a rule under which no window would ever have a reference."""
        every, reference = self.windows.every, self.reference
        if reference.rule == "trailing" and span(reference.span) < span(every):
            days = math.ceil(span(every) / timedelta(days=1))
            raise ValueError(
                f"reference.span ('{reference.span}') holds no window of {every}; "
                f'write "{days}d" or more'
            )
        if reference.rule == "season" and (
            every.endswith("mo") or span(every) > timedelta(weeks=reference.weeks)
        ):
            raise ValueError(
                f"windows of {every} do not return in {reference.weeks} weeks by weekday and hour; "
                'give shorter ones, or rule = "trailing" with a span'
            )
        return self

    @model_validator(mode="after")
    def _kept_as_long_as_needed(self) -> Self:
        keep, every = self.history.keep, self.windows.every
        least = self.reference.reach(every) + span(every)
        if keep and span(keep) < least:
            days = math.ceil(least / timedelta(days=1))
            raise ValueError(
                f"history.keep ('{keep}') is shorter than a window and its reference before it; "
                f'write "{days}d" or more'
            )
        return self


@dataclass(frozen=True, slots=True)
class Schedule:
    """A scheduled run as its settings file tells it, paths and environment variables put in.

    `settings` are those of the comparison; `warnings` are (code, sentence).
    """

    path: Path
    dataset: str
    settings: Settings
    reference: Reference
    live: Live
    windows: Windows
    history: HistoryPlace
    report: Reports
    notify: Notify
    warnings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def load(cls, path: str | Path, environment: Mapping[str, str] = os.environ) -> Self:
        """Read a TOML file; raise BadSettings with every fault of the file."""
        path = Path(path).absolute()
        written = _read(path)
        mine = {key: written[key] for key in written if key in SCHEDULED}
        rest = {key: written[key] for key in Settings.model_fields if key in written}
        found, warnings = _unknown(written), _secrets(mine)
        tables = {key: _filled(mine[key], environment, found) for key in mine}
        settings, file = Settings(), None
        try:
            settings = Settings.of(rest)
        except BadSettings as problem:
            found += problem.faults
        try:
            file = _File.model_validate({"dataset": path.stem, **tables})
        except ValidationError as error:
            found += faults(error, _File)
        if found or file is None:
            raise BadSettings(found)
        parts = {name: getattr(file, name) for name in _File.model_fields}
        return cls(path, settings=settings, warnings=tuple(warnings), **parts)

    def resolved(self, name: str) -> str:
        """Give a path of the file as seen from anywhere; what is an address stays as it is."""
        if "://" in name or name.startswith("spark:"):
            return name
        return str(self.path.parent / Path(name).expanduser())


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"{error.strerror}. Check the path"
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text"
    except tomllib.TOMLDecodeError as error:
        reason = f"it is not valid TOML: {error}"
    sentence = f"The settings file {path} cannot be read: {reason}."
    raise BadSettings([("bad_setting", sentence)])


def _unknown(written: Mapping[str, object]) -> list[tuple[str, str]]:
    known = [*SCHEDULED, *Settings.model_fields]
    found = []
    for key in written:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}."
            found.append(("unknown_setting", f"Unknown setting '{key}': {hint}"))
    return found


def _filled(value: object, environment: Mapping[str, str], found: list[tuple[str, str]]) -> object:
    """Put environment variables in; add a fault for each that is not set."""
    if isinstance(value, dict):
        return {key: _filled(each, environment, found) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, environment, found) for each in value]
    if not isinstance(value, str):
        return value

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name not in environment:
            sentence = f"The environment variable {name} is not set, and the settings need it."
            found.append(("variable_not_set", sentence))
        return environment.get(name, "")

    return VARIABLE.sub(put, value)


def _secrets(tables: Mapping[str, object]) -> list[tuple[str, str]]:
    """Warn of addresses that hold a secret themselves."""
    warnings = []
    for table, key in _ADDRESSES:
        given = tables.get(table)
        value = given.get(key) if isinstance(given, dict) else None
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and holds_secret(text) for text in texts):
            sentence = (
                f"{table}.{key} holds a secret. Put it into an environment variable and write "
                "${NAME} instead."
            )
            warnings.append(("secret_in_file", sentence))
    return warnings
