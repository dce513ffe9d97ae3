"""Where a table lies: a file, a folder, a pattern, an object store; one part for each file.

Nothing is opened but regular files, so nothing waits for ever. The columns that folders of the
form key=value stand for (Hive's partitions) are constants of their parts.
"""

import glob
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import fs as arrow_fs

from .problems import Unreadable, shown, without_secret

_STORES = {"file", "s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_HIDDEN = (".", "_")  # files that other tools leave beside the data: _SUCCESS, .crc
_HIVE = re.compile(r"([^=/]+)=([^/]*)")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Part:
    """One file: what it is called, how to open it, its size, its constant columns."""

    name: str
    open: Callable[[], IO[bytes]]
    size: int
    constants: Mapping[str, str | None] = field(default_factory=dict)


def scheme_of(source: str | os.PathLike[str]) -> str | None:
    """Tell the scheme of an address, in lower case; None for a path."""
    found = _SCHEME.match(source) if isinstance(source, str) else None
    return found.group(1).lower() if found else None


def is_store(scheme: str | None) -> bool:
    """Tell whether a scheme is a file system that Arrow opens."""
    return scheme in _STORES


def find_parts(source: str | os.PathLike[str]) -> list[Part]:
    """Find the files of a path, a folder, a pattern or an address. Raises Unreadable."""
    if scheme_of(source):
        return _stored(str(source))
    path = Path(source)
    with _reachable(str(path)):
        if path.is_dir():
            return _in_folder(path)
        if path.exists():
            return [_file(path, path.name)]
        if glob.has_magic(str(path)):
            return _matching(path)
    raise Unreadable("not_found", f"{shown(str(path))} does not exist. Check the path.")


def require_within(path: str | os.PathLike[str], folders: list[Path]) -> Path:
    """Give the real path; refuse one that, links resolved, lies in none of the `folders`."""
    real = Path(os.path.realpath(path))
    if any(real.is_relative_to(os.path.realpath(folder)) for folder in folders):
        return real
    sentence = f"{shown(str(path))} lies outside the folders that may be used. Choose another path."
    raise Unreadable("path_refused", sentence)


@contextmanager
def _reachable(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        if isinstance(error, Unreadable):
            raise
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0].rstrip(".")
        sentence = f"{shown(name)} cannot be opened: {without_secret(reason)}. Check it."
        raise Unreadable("not_readable", sentence) from None


def _file(path: Path, name: str, constants: Mapping[str, str | None] | None = None) -> Part:
    if not path.is_file():
        sentence = f"{shown(str(path))} is a device or a pipe, not a file. Save it to a file first."
        raise Unreadable("not_a_file", sentence)

    def opened() -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            sentence = f"{shown(str(path))} cannot be opened: {error.strerror}."
            raise Unreadable("not_readable", sentence) from None

    return Part(name, opened, path.stat().st_size, constants or {})


def _in_folder(folder: Path) -> list[Part]:
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(_HIDDEN))
        for name in sorted(name for name in files if not name.startswith(_HIDDEN)):
            inside = (Path(place) / name).relative_to(folder)
            found.append(_file(folder / inside, str(inside), _constants(inside.parts[:-1])))
    if not found:
        sentence = f"{shown(str(folder))} is a folder without a file. Give a folder with tables."
        raise Unreadable("empty_folder", sentence)
    return found


def _matching(pattern: Path) -> list[Part]:
    found = glob.glob(str(pattern), recursive=True)  # noqa: PTH207 (a pattern may be absolute)
    paths = sorted(path for path in map(Path, found) if path.is_file())
    if not paths:
        sentence = f"No file matches {shown(str(pattern))}. Check the pattern."
        raise Unreadable("no_match", sentence)
    return [_file(path, path.name, _constants(path.parts[:-1])) for path in paths]


def _constants(folders: tuple[str, ...]) -> dict[str, str | None]:
    found = [match for folder in folders if (match := _HIVE.fullmatch(folder))]
    return {
        unquote(name): None if value == _NO_VALUE else unquote(value)
        for name, value in (match.groups() for match in found)
    }


def _stored(address: str) -> list[Part]:
    """Find the files behind an address of an object store."""
    name = without_secret(address)
    if not is_store(scheme_of(address)):
        sentence = f"{shown(name)} is no address that can be read. Download it to a file first."
        raise Unreadable("unknown_address", sentence)
    with _reachable(name):
        plain, _, pattern = address.partition("*") if "*" in address else (address, "", "")
        start = plain.rpartition("/")[0] if pattern or "*" in address else address
        system, path = arrow_fs.FileSystem.from_uri(start)
        info = system.get_file_info(path)
        if info.type == arrow_fs.FileType.File:
            return [_object(system, info, path)]
        if info.type == arrow_fs.FileType.NotFound:
            raise Unreadable("not_found", f"{shown(name)} does not exist. Check the address.")
        files = system.get_file_info(arrow_fs.FileSelector(path, recursive=True))
    wanted = _wanted(address[len(start) :].lstrip("/") if "*" in address else "**")
    parts = [
        _object(system, each, path)
        for each in sorted(files, key=lambda each: each.path)
        if each.type == arrow_fs.FileType.File
        and not each.base_name.startswith(_HIDDEN)
        and wanted.fullmatch(each.path[len(path) :].lstrip("/"))
    ]
    if not parts:
        code = "no_match" if "*" in address else "empty_folder"
        raise Unreadable(code, f"There is no file at {shown(name)}. Check the address.")
    return parts


def _wanted(pattern: str) -> re.Pattern[str]:
    """Read a pattern: * is anything but a slash, ** anything."""
    pieces = re.split(r"(\*\*/?|\*)", pattern)
    regex = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*"}
    return re.compile("".join(regex.get(piece, re.escape(piece)) for piece in pieces))


def _object(system: Any, info: Any, root: str) -> Part:
    inside = info.path[len(root) :].lstrip("/") or info.base_name

    def opened() -> IO[bytes]:
        with _reachable(inside):
            stream: IO[bytes] = system.open_input_file(info.path)
            return stream

    return Part(inside, opened, info.size, _constants(tuple(inside.split("/")[:-1])))
