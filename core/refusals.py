"""What is wrong with a settings file, in sentences: one a place, with the nearest valid key.

And what should not stand in it: secrets.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Final, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .choices import Choices

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_]\w*)\}")  # ${NAME}: an environment variable
_PLAIN: Final = ("http", "https", "smtp", "smtps", "sqlite")
_OURS, _ASKED = "Value error, ", "Input should be "  # how pydantic begins
# What is asked for, by the kind of pydantic's fault.
_LIMITS: Final = {"ge": "at least", "gt": "greater than", "le": "at most", "lt": "less than"}
_NUMBERS: Final = {
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), ""),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
    "finite_number": "a finite number",
}
_SIZES: Final = {
    "string_too_short": ("least", "a text", "letter"),
    "string_too_long": ("most", "a text", "letter"),
    "too_short": ("least", "a list", "item"),
    "too_long": ("most", "a list", "item"),
}
_THINGS: Final = {
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type"), "a table"),
    "string_type": "a text",
}
_KEYS: Final = {"missing": "with", "extra_forbidden": "without"}
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
    table = next((tables[each] for each in tables if _stands_in(place, each)), Choices)
    asked = _asked(found, len(place), table.model_fields.get(place[-1]))
    return "bad_setting", f"Bad setting '{where}'{_shown(found[0]['input'])}: {asked}."


def _shown(value: object) -> str:
    """Show what was given, unless it is a table or may hold a secret."""
    return "" if isinstance(value, dict) or "://" in str(value) else f" ({value!r})"


def _asked(found: Sequence[ErrorDetails], depth: int, field: FieldInfo | None) -> str:
    """Say what is asked for in a place `depth` names deep: all that a union takes."""
    own = [fault["msg"].removeprefix(_OURS) for fault in found if fault["type"] == "value_error"]
    said = next((words for words in own if not words.startswith(_ASKED)), None)
    if said:  # a sentence of ours, which needs no other
        return said
    needs = list(dict.fromkeys(_need(fault, fault["loc"][depth:], field) for fault in found))
    joint = ", or " if any(" or " in need or "," in need for need in needs) else " or "
    return f"it must be {joint.join(needs)}"


def _need(fault: ErrorDetails, inside: Sequence[int | str], field: FieldInfo | None) -> str:
    """Name what one branch asks for; `inside` leads from the place to the fault."""
    # The name of a branch comes first there, so a second one is a key of the table it takes.
    key = inside[-1] if len(inside) > 1 and isinstance(inside[-1], str) else None
    if key and fault["type"] in _KEYS:
        return f"a table {_KEYS[fault['type']]} {key}"
    need = _thing(fault, _bounds(None if key else field) or fault.get("ctx", {}))
    if key:
        return f"a table whose {key} is {need}"
    lists = sum(isinstance(part, int) for part in inside) - (fault["type"] == "missing")
    return "a list, each item " * lists + need


def _thing(fault: ErrorDetails, bounds: Mapping[str, Any]) -> str:
    """Name the thing itself that is asked for."""
    kind, given = fault["type"], fault.get("ctx", {})
    if kind in _NUMBERS:
        noun, limits = _NUMBERS[kind], _limits(bounds)
        return f"{noun} {'of ' * limits.startswith('at ')}{limits}".strip() if noun else limits
    if kind in _SIZES:
        side, noun, unit = _SIZES[kind]
        size = given[f"{'min' if side == 'least' else 'max'}_length"]
        return f"{noun} of at {side} {size} {unit}{'s' * (size != 1)}"
    last = fault["loc"][-1]
    if kind == "missing" and isinstance(last, int):  # a list of a fixed length is too short
        return f"a list of at least {last + 1} items"
    if kind == "literal_error":
        return str(given["expected"])
    if kind == "string_pattern_mismatch":  # the texts with a form are spans
        longest = ["1mo"] * ("mo" in given["pattern"])
        return f"a number and a unit, such as {', '.join(['6h', '30d', '2w', *longest])}"
    return _THINGS.get(kind) or fault["msg"].removeprefix(_OURS).removeprefix(_ASKED)


def _bounds(field: FieldInfo | None) -> dict[str, float]:
    """Give the bounds of a number by their names (ge, gt, le, lt), also of one in a union."""
    branches = [
        inner
        for branch in get_args(field.annotation if field else None)
        for each in getattr(branch, "__metadata__", ())
        for inner in getattr(each, "metadata", ())
    ]
    return {
        end: bound
        for each in [*(field.metadata if field else ()), *branches]
        for end in _LIMITS
        if (bound := getattr(each, end, None)) is not None
    }


def _limits(bounds: Mapping[str, float]) -> str:
    if "ge" in bounds and "le" in bounds:
        return f"from {bounds['ge']:g} to {bounds['le']:g}"
    return " and ".join(
        f"{words} {bounds[end]:g}" for end, words in _LIMITS.items() if end in bounds
    )


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
