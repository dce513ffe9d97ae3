"""What is wrong with a settings file, in sentences: one a place, with the nearest valid key.

And what should not stand in it: secrets.
"""

import difflib
import re
from collections.abc import Mapping
from types import NoneType
from typing import Final, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .choices import Choices

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}")  # ${NAME}: an environment variable
_PLAIN: Final = ("http", "https", "smtp", "smtps", "sqlite")
_LONG: Final = 16  # a part of a URL that is so long and has digits is a secret, likely


def faults(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """Tell (code, sentence) of every fault that `model` found: one a place in the file.

    Pydantic reports each branch of a union singly, and puts more into a place than the file has.
    """
    tables = _tables(model)
    places: dict[tuple[str, ...], list[ErrorDetails]] = {}
    for found in error.errors(include_url=False):
        names = tuple(str(part) for part in found["loc"])
        table = next((each for each in tables if _stands_in(names, each)), ())
        places.setdefault(names[: len(table) + 1], []).append(found)
    return [_fault(place, found, tables) for place, found in places.items()]


def _tables(model: type[BaseModel]) -> dict[tuple[str, ...], type[BaseModel]]:
    """List the tables of a file, inner ones first; "*" stands for any name."""
    found: dict[tuple[str, ...], type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        choices = [each for each in get_args(field.annotation) if each is not NoneType]
        inner = choices[-1] if choices else field.annotation
        named = get_origin(field.annotation) is dict
        if isinstance(inner, type) and issubclass(inner, BaseModel) and (named or len(choices) < 2):  # noqa: PLR2004
            outer = (name, "*") if named else (name,)
            found |= {(*outer, *place): table for place, table in _tables(inner).items()}
    return {**found, (): model}


def _stands_in(names: tuple[str, ...], table: tuple[str, ...]) -> bool:
    same = (key in ("*", name) for key, name in zip(table, names, strict=False))
    return len(names) > len(table) and all(same)


def _fault(
    place: tuple[str, ...],
    found: list[ErrorDetails],
    tables: Mapping[tuple[str, ...], type[BaseModel]],
) -> tuple[str, str]:
    where = ".".join(place)
    if found[0]["type"] == "extra_forbidden" and len(found[0]["loc"]) == len(place):
        known = next(tables[each] for each in tables if _stands_in(place, each)).model_fields
        near = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}."
        return "unknown_setting", f"Unknown setting '{where}': {hint}"
    if found[0]["type"] == "value_error" and not place:
        return "bad_setting", f"Bad setting: {found[0]['msg'].removeprefix('Value error, ')}."
    if found[0]["type"] == "missing":
        return "bad_setting", f"The setting '{where}' is missing."
    wishes = " or ".join(dict.fromkeys(_wish(fault) for fault in found))
    table = next((tables[each] for each in tables if _stands_in(place, each)), Choices)
    limits = _range(table.model_fields.get(place[-1]))
    return "bad_setting", f"Bad setting '{where}'{_shown(found[0]['input'])}: {wishes}{limits}."


def _shown(value: object) -> str:
    """Show what was given, unless it is a table or may hold a secret."""
    return "" if isinstance(value, dict) or "://" in str(value) else f" ({value!r})"


def _range(field: FieldInfo | None) -> str:
    """Name both ends of what a number may be, where it has two."""
    bounds = [
        bound
        for each in (field.metadata if field else ())
        for end in ("ge", "gt", "le", "lt")
        if (bound := getattr(each, end, None)) is not None
    ]
    return f" (from {min(bounds)} to {max(bounds)})" if len(bounds) > 1 else ""


def _wish(fault: ErrorDetails) -> str:
    if fault["type"] == "string_pattern_mismatch":  # the texts with a form are spans
        longest = ["1mo"] * ("mo" in fault["ctx"]["pattern"])
        return f"a number and a unit, such as {', '.join(['6h', '30d', '2w', *longest])}"
    text = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return text[:1].lower() + text[1:]


def holds_secret(text: str) -> bool:
    """Tell whether an address holds a secret itself, as a password or a token."""
    if "://" not in text:
        return False
    try:
        parts = urlsplit(VARIABLE.sub("", text))
    except ValueError:
        return True
    if parts.scheme.startswith("postgresql") or parts.scheme in _PLAIN:
        pieces = re.split(r"[/&=]", f"{parts.path}/{parts.query}")
        long = any(len(each) >= _LONG and re.search(r"\d", each) for each in pieces)
        return bool(parts.password) or (long and parts.scheme in {"http", "https"})
    return any(map(str.isalnum, f"{parts.netloc}{parts.path}"))  # apprise: mostly tokens
