"""A report as a file: the suffix chooses the format, and this folder is the table of formats.

Each module states its `SUFFIX` and has one function `render(report) -> str`.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ...deciding.reports import Report
from ...storing.files import write_atomically


class UnknownFormat(ValueError):
    """A report was asked for in a format that no module of this folder writes."""

    code = "unknown_format"


def write(report: Report, path: str | Path) -> None:
    """Write the report to `path`, whole or not at all; raise UnknownFormat for other suffixes."""
    write_atomically(Path(path), render(report, require_suffix(path)))


def render(report: Report, suffix: str) -> str:
    """Give the report as text in the format of `suffix`; raise UnknownFormat for others."""
    return formats()[require_suffix(f"report{suffix}")](report)


def require_suffix(path: str | Path) -> str:
    """Give the suffix of `path` if a report can be written so; raise UnknownFormat otherwise."""
    suffix = Path(path).suffix.lower()
    if suffix not in formats():
        known = " ".join(sorted(formats()))
        raise UnknownFormat(f"'{path}' has no format for a report. Let its name end in {known}.")
    return suffix


@cache
def formats() -> dict[str, Callable[[Report], str]]:
    """List the formats: suffix -> render."""
    modules = [import_module(f".{found.name}", __name__) for found in iter_modules(__path__)]
    return {module.SUFFIX: module.render for module in modules}
