"""One run at a time: a lock that the system drops when its holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: the history keeps two runs apart there, too
    fcntl = None  # type: ignore[assignment]  # no module here


class AlreadyRunning(ValueError):
    """Another run with the same settings file is under way."""

    code = "already_running"


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock on a settings file; raise AlreadyRunning where another process does.

    The file itself is locked, so nothing is left behind, and nothing can be stale. Where a folder
    knows no locks the run goes on: what it stores has a key, so twice is once.
    """
    with path.open("rb") as file:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = (
                f"A run of {path.name} is under way, so this one did nothing. If that happens "
                "often, run it less often."
            )
            raise AlreadyRunning(sentence) from None
        except OSError:
            pass
        yield
