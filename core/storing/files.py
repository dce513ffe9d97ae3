"""Atomic writes: a file has its old content or its new one, never half of it."""

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) to `path`, whole or not at all; raise OSError otherwise.

    The new content is written beside the old one, brought to the disk, and put in its place. What
    writers that were killed left behind for this path is removed.
    """
    content = data.encode() if isinstance(data, str) else data
    prefix = f".{path.name}."
    _sweep(path.parent, prefix)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{prefix}{os.getpid()}.", suffix=_NEW)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


_NEW = ".new"


def _mode(path: Path) -> int:
    """Give the mode a plain write would give: that of the old file, else what umask allows."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sweep(folder: Path, prefix: str) -> None:
    for left in folder.glob(f"{_escaped(prefix)}*{_NEW}"):
        writer = left.name.removeprefix(prefix).partition(".")[0]
        if writer.isdigit() and not _lives(int(writer)):
            left.unlink(missing_ok=True)


def _escaped(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
