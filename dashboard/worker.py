"""A worker process: `python -m dashboard.worker FD` does one task after another, sent by its pipe.

Started as a program of its own: multiprocessing's spawn would run `__main__` again, which in a
server is the app's script, put there anew with every rerun of every session.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from core.pipeline import PROBLEMS
from core.storing.problems import HistoryProblem

Task = Callable[..., object]  # a function of `core`, its data bound; takes `progress`

OURS = (
    "{name} could not be read because of an error in Tideline itself. The server's log holds the "
    "details; the data of this session is unchanged."
)
_LOG = logging.getLogger(__name__)


def work(pipe: Connection) -> None:
    """Answer tasks with shares of the work done (float), then with a result or a sentence."""
    threading.Thread(target=_end_with_server, daemon=True).start()
    while True:
        name, task = pipe.recv()
        pipe.send(_do(name, task, pipe))


def _end_with_server() -> None:
    sys.stdin.buffer.read()  # nothing ever comes; it is closed when the server ends
    os._exit(1)


def _do(name: str, task: Task, pipe: Connection) -> object:
    pipe.send(0.0)
    try:
        return task(progress=pipe.send)
    except (*PROBLEMS, HistoryProblem) as problem:
        return str(problem)
    except Exception:  # noqa: BLE001 (no fault of a table may end the worker)
        _LOG.exception("Counting %r failed", name)
        return OURS.format(name=name)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
