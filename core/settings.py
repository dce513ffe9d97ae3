"""What can be chosen, as validated plain data: names and numbers, no objects.

One TOML file serves the script and the dashboard. Every key may be left out; unknown keys and
impossible values are refused, all faults of a file in one answer.
"""

import itertools
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, ValidationError, model_validator

from .choices import Between, Choices, Reading
from .refusals import faults

MEASURES = Literal[
    "js_distance",
    "jsd",
    "kl_live_ref",
    "kl_ref_live",
    "psi",
    "hellinger",
    "total_variation",
    "wasserstein",
    "kolmogorov_smirnov",
]
# Whose rule may stand beside ours: the names of deciding/conventions.py.
Tool = Literal["evidently", "nannyml", "frouros", "popmon", "whylogs", "tfdv", "azure"]
Rule = Literal["quantile", "width", "blocks"]
FeatureKind = Literal["numeric", "datetime", "categorical", "boolean"]

Threshold = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Edge = Annotated[float, Field(allow_inf_nan=False)]
Edges = Annotated[list[Edge], Field(min_length=1, max_length=1000)]
Columns = Annotated[list[str], Field(min_length=1, max_length=2048)]


# Tables and keys of the same file that `drift check` alone reads: see schedules.py.
SCHEDULED = ("dataset", "reference", "live", "windows", "history", "report", "notify")


class BadSettings(ValueError):
    """Some settings are unknown or impossible; `faults` holds (code, sentence) of each."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__(" ".join(sentence for _, sentence in faults))


class Epsilon(Choices):
    """A fixed number added to every probability: only by explicit wish, it decides the KL."""

    epsilon: Annotated[float, Field(gt=0, le=0.1, allow_inf_nan=False)]


class FeatureSettings(Choices):
    """What is chosen otherwise for one feature; None means as for all."""

    warn: Threshold | None = None
    alert: Threshold | None = None
    bins: Rule | Edges | None = None
    kind: FeatureKind | None = None
    ignore: bool = False
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _require_rising(self.bins)
        return self


class Settings(Choices):
    """Everything that can be chosen about a comparison.

    `warn` and `alert` are in the unit of what decides: the JS distance (base 2, 0 to 1), or under
    the fixed policy `measure` (JSD in bits, KL and PSI in nats, Wasserstein in the feature's unit).
    `base` changes what is shown, never the JSON. `chunk_by` names a time column whose windows of
    `every` (6h, 1d, 1w, 1mo) tell how much the data differ by nature, `group_by` a column whose
    rows belong together (a customer, a machine). `segments` names a column (a country, a product)
    by which drift is split into a changed mix and changed behaviour, `pairs` those of which the
    dependence is compared, `compare_as` a tool whose rule stands beside ours. `vectors` names
    columns that are one thing: numbers side by side, or a column of lists of one length. `label`
    names the column with what really happened, `predictions` those of a model's scores or labels,
    `logits` those of its scores before the logistic function.

    >>> Settings(warn=0.05).alert
    0.2
    """

    policy: Literal["calibrated", "fixed"] = "calibrated"
    measure: MEASURES = "js_distance"
    warn: Threshold = 0.1
    alert: Threshold = 0.2
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.05
    adjust: Literal["bh", "by"] = "bh"
    bins: Rule | Edges = "quantile"
    bin_count: Annotated[int, Field(ge=2, le=1000)] = 20
    categories: Annotated[int, Field(ge=1, le=10_000)] | Literal["all"] = 50
    missing: Literal["bin", "drop"] = "bin"
    smoothing: Annotated[float, Field(ge=0, allow_inf_nan=False)] | Epsilon = 0.5
    base: Literal[2, "e"] = 2
    max_dropped: Annotated[float, Field(ge=0, le=1)] = 0.01
    time_column: str | None = None
    chunk_by: str | None = None
    every: Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(h|d|w|mo)$")] = "1d"
    group_by: str | None = None
    segments: str | None = None
    compare_as: Tool | None = None
    vectors: dict[str, Columns] = Field(default_factory=dict)
    pairs: Literal["none", "all"] | list[tuple[str, str]] = "none"
    label: str | None = None
    predictions: list[str] = Field(default_factory=list)
    logits: list[str] = Field(default_factory=list)
    features: dict[str, FeatureSettings] = Field(default_factory=dict)
    reading: Reading = Field(default_factory=Reading)
    between: Between | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _require_rising(self.bins)
        if self.chunk_by is not None and self.group_by is not None:
            raise ValueError(
                "chunk_by and group_by: rows are cut by time or by groups, not by both"
            )
        if self.label in (*self.predictions, *self.logits):
            raise ValueError(f"label and predictions: {self.label} cannot be both")
        for first, second in self.pairs if isinstance(self.pairs, list) else ():
            if first == second:
                raise ValueError(f"pairs: {first} cannot be paired with itself")
        for name, feature in {"": FeatureSettings(), **self.features}.items():
            warn, alert = self.thresholds(feature)
            if warn > alert:
                where = f"features.{name}: " if name else ""
                raise ValueError(
                    f"{where}the watch threshold (warn, {warn:g}) is above the drift threshold "
                    f"(alert, {alert:g})"
                )
        return self

    def thresholds(self, feature: FeatureSettings) -> tuple[float, float]:
        """Tell the two thresholds (warn, alert) that hold for `feature`."""
        warn = self.warn if feature.warn is None else feature.warn
        alert = self.alert if feature.alert is None else feature.alert
        return warn, alert

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a TOML file; raise BadSettings with every fault of the file."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            sentence = f"The settings file {path} cannot be read: {reason}. Check the path."
            raise BadSettings([("bad_setting", sentence)]) from None
        return cls.from_toml(text)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Read settings from the text of a TOML file; raise BadSettings with every fault."""
        try:
            choices = tomllib.loads(text)
            return cls.of({key: choices[key] for key in choices if key not in SCHEDULED})
        except tomllib.TOMLDecodeError as error:
            sentence = f"The settings are not valid TOML: {error}."
            raise BadSettings([("bad_setting", sentence)]) from None

    @classmethod
    def of(cls, choices: dict[str, object]) -> Self:
        """Validate a plain dictionary; raise BadSettings with every fault."""
        try:
            return cls.model_validate(choices)
        except ValidationError as error:
            raise BadSettings(faults(error, cls)) from None

    def with_choices(self, choices: Mapping[str, object]) -> Self:
        """Choose otherwise for some keys; raise BadSettings for what is impossible."""
        return self.of({**self.model_dump(exclude_unset=True), **choices})

    def of_columns(self) -> Self:
        """Leave out what is counted beside single columns: segments, pairs, vectors, the label."""
        beside: dict[str, object] = {
            "segments": None,
            "pairs": "none",
            "vectors": {},
            "label": None,
        }
        return self.model_copy(update=beside)

    def to_toml(self) -> str:
        """Write what differs from the defaults, as TOML that `from_toml` reads back.

        >>> print(Settings(alert=0.3).to_toml(), end="")
        alert = 0.3
        """
        chosen = self.model_dump(exclude_defaults=True)
        features, *tables = (chosen.pop(name, {}) for name in ("features", "reading", "between"))
        lines = [f"{key} = {_toml(value)}" for key, value in chosen.items()]
        for name, values in features.items():
            lines += _toml_table(f"features.{_toml(name)}", values)
        for name, values in zip(("reading", "between"), tables, strict=True):
            lines += _toml_table(name, values)
        return "\n".join(lines).lstrip("\n") + "\n" if lines else ""


def _require_rising(bins: object) -> None:
    if isinstance(bins, list) and any(a >= b for a, b in itertools.pairwise(bins)):
        raise ValueError("bins: the edges must rise")


def _toml_table(name: str, choices: Mapping[str, object]) -> list[str]:
    """Write a table with the tables in it."""
    plain = [f"{_toml_key(k)} = {_toml(v)}" for k, v in choices.items() if not isinstance(v, dict)]
    lines = ["", f"[{name}]", *plain] if plain else []
    for key, inner in choices.items():
        if isinstance(inner, dict):
            lines += _toml_table(f"{name}.{_toml_key(key)}", inner)
    return lines


def _toml_key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: object) -> str:
    # JSON's strings, numbers, booleans and lists are TOML too; inline tables are not.
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{_toml_key(key)} = {_toml(item)}" for key, item in value.items())
            + " }"
        )
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def measures() -> tuple[str, ...]:
    """List the measures that the fixed policy can compare with its thresholds."""
    return get_args(MEASURES)
