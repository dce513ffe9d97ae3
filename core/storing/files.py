"""Atomic writes: a file has its old content or its new one, never half of it.

New content is written beside the old one under a name of its own, and locked while its writer
lives. The system drops the lock of a writer that was killed, so what it left behind can be told
from the file of a live one, on any machine that shares the folder and its locks.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where no open file can be removed: that is its lock
    fcntl = None  # type: ignore[assignment]  # no module here

_SUFFIX = ".partial"
_ANY = f".{'[0-9a-f]' * 16}-{'[0-9a-f]' * 16}"


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) to `path`, whole or not at all; raise OSError otherwise.

    The content reaches the disk before the name. A file that is replaced keeps its permissions. A
    link keeps pointing where it did: the file behind it is replaced. What killed writers of the
    same path left behind is removed.
    """
    path = Path(os.path.realpath(path))
    content = data.encode() if isinstance(data, str) else data
    prefix = f".{hashlib.blake2b(path.name.encode(), digest_size=8).hexdigest()}-"
    _sweep(path.parent, prefix)
    with _opened(path.parent, prefix) as file:
        partial = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileNotFoundError):
                partial.chmod(path.stat().st_mode & 0o777)
            if os.name == "nt":
                file.close()  # an open file cannot be renamed there
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def sweep(folder: Path) -> None:
    """Remove what killed writers left in a folder, whatever the file was to be called."""
    _sweep(folder, _ANY)


def _opened(folder: Path, prefix: str) -> IO[bytes]:
    """Open a new file and lock it; a sweep between the two may have taken it, then another."""
    while True:
        file = (folder / f"{prefix}{secrets.token_hex(8)}{_SUFFIX}").open("xb")
        try:
            mine = _locked(file)
        except OSError:  # a folder without locks, where nothing is swept either
            return file
        if mine and Path(file.name).exists():
            return file
        file.close()


def _sweep(folder: Path, prefix: str) -> None:
    for left in folder.glob(f"{prefix}*{_SUFFIX}"):
        with contextlib.suppress(OSError), left.open("rb") as file:
            if _locked(file):
                left.unlink()


def _locked(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed, if nobody else has."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
