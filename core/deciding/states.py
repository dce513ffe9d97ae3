"""What is said of a feature, and what every part of the report is made of."""

from enum import StrEnum
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Number = Annotated[float, Field(allow_inf_nan=False)]
Extended = Number | Literal["infinite"]
Verdict = Literal["drift", "incomplete", "watch", "not_enough_data", "stable"]
Value = TypeVar("Value")


class State(StrEnum):
    """What is said of one feature, worst first."""

    ALERT = "alert"
    WARN = "warn"
    NEGLIGIBLE = "negligible"
    STABLE = "stable"
    INSUFFICIENT = "insufficient"
    NO_DATA = "no_data"
    SKIPPED = "skipped"


FLAGGED = frozenset({State.ALERT, State.WARN})  # over a threshold


class Record(BaseModel):
    """A part of the report: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Sides(Record, Generic[Value]):
    """One figure of both tables."""

    reference: Value
    live: Value
