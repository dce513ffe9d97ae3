"""Long work in worker processes: a table is counted there, with progress and cancel.

Workers are spawned once and kept warm. A thread of the server leads each of them, one job at a
time: a worker that dies (memory ran out, job cancelled) is replaced and takes no other job along.
Workers are daemons and watch their parent, so they end with the server, however it ends.
"""

import itertools
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import PriorityQueue
from types import ModuleType
from typing import TypeAlias

from core.pipeline import PROBLEMS
from core.storing.problems import HistoryProblem

WORKERS = min(2, os.cpu_count() or 1)  # each parses on all cores already
PATIENCE = 0.1  # seconds between two looks at the cancel button

Task = Callable[..., object]  # a function of `core`, its data bound; takes `progress`

Queue: TypeAlias = "PriorityQueue[tuple[bool, int, Job, Task]]"

_SPAWN = multiprocessing.get_context("spawn")
_SPAWNING = threading.Lock()
_LOG = logging.getLogger(__name__)
_OURS = (
    "{name} could not be read because of an error in Tideline itself. The server's log holds the "
    "details; the data of this session is unchanged."
)


@dataclass(slots=True)
class Job:
    """Work on its way. `share` is None until its turn comes, then 0 to 1.

    `result` is what the task gave, or a sentence for the user; None while the job runs.
    """

    name: str
    share: float | None = None
    result: object = None
    cancelled: threading.Event = field(default_factory=threading.Event)


class Pool:
    """A few worker processes, shared by all sessions; jobs wait in a queue for their turn."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._queue: Queue = PriorityQueue()
        self._numbers = itertools.count()
        for _ in range(workers):
            # Not in the thread: what a first spawn imports is not found there while Streamlit
            # changes sys.path for a script.
            worker = _spawn()
            threading.Thread(target=_lead, args=(self._queue, *worker), daemon=True).start()

    def submit(self, name: str, task: Task, *, urgent: bool = True) -> Job:
        """Put `task`, which counts the table `name`, into the queue: before what is not urgent."""
        job = Job(name)
        self._queue.put((not urgent, next(self._numbers), job, task))
        return job


def _lead(queue: Queue, process: BaseProcess, pipe: Connection) -> None:
    while True:  # each job in a call of its own, so that nothing of it is kept
        process, pipe = _do(*queue.get()[2:], process, pipe)


def _do(
    job: Job, task: Task, process: BaseProcess, pipe: Connection
) -> tuple[BaseProcess, Connection]:
    if job.cancelled.is_set():
        return process, pipe
    try:
        if not process.is_alive():
            process, pipe = _spawn()
        pipe.send((job.name, task))
        del task  # the bytes of an upload are large
        job.result = _follow(job, pipe)
    except (EOFError, OSError, MemoryError):
        process.kill()
        process.join()
        job.result = (
            f"{job.name} could not be read: the reading process ended, most likely because "
            "memory ran out. Try a part of the rows, or a Parquet file."
        )
    except Exception:  # noqa: BLE001 (a leading thread that ends would leave all later jobs waiting)
        _LOG.exception("Leading the work on %r failed", job.name)
        process.kill()
        process.join()
        job.result = _OURS.format(name=job.name)
    return process, pipe


def _follow(job: Job, pipe: Connection) -> object:
    while not job.cancelled.is_set():
        if pipe.poll(PATIENCE):
            message: object = pipe.recv()
            if not isinstance(message, float):
                return message
            job.share = message
    raise EOFError("cancelled")


def silent(work: Callable[[], object], *, progress: Callable[[float], None]) -> object:
    """Do work that tells nothing of its progress."""
    progress(0.0)
    return work()


def _spawn() -> tuple[BaseProcess, Connection]:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_work, args=(theirs,), daemon=True)
    # Streamlit puts the app's script in the place of __main__; spawn would run it in the worker.
    with _SPAWNING:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = script
    theirs.close()  # so that the end of the worker is the end of the pipe
    return process, ours


def _work(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        name, task = pipe.recv()
        pipe.send(_count(name, task, pipe))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _count(name: str, task: Task, pipe: Connection) -> object:
    pipe.send(0.0)
    try:
        return task(progress=pipe.send)
    except (*PROBLEMS, HistoryProblem) as problem:
        return str(problem)
    except Exception:  # noqa: BLE001 (no fault of a table may end the worker)
        _LOG.exception("Counting %r failed", name)
        return _OURS.format(name=name)
