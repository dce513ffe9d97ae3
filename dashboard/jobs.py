"""Long work in worker processes: a table is counted there, with progress and cancel.

Workers are started once and kept warm. A thread of the server leads each of them, one job at a
time: a worker that dies (memory ran out, job cancelled) is replaced and takes no other job along.
Workers hold a pipe of their server, so they end with it, however it ends.
"""

import itertools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import PriorityQueue
from typing import TypeAlias

from dashboard.memory import set_aside
from dashboard.worker import OURS, Task

WORKERS = min(2, os.cpu_count() or 1)  # each parses on all cores already
PATIENCE = 0.1  # seconds between two looks at the cancel button
ROOT = Path(__file__).parents[1]  # where `core` and `dashboard` are found

Queue: TypeAlias = "PriorityQueue[tuple[bool, int, Job, Task]]"

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """Work on its way. `share` is None until its turn comes, then 0 to 1.

    `result` is what the task gave, or a sentence for the user; None while the job runs.
    """

    name: str
    share: float | None = None
    result: object = None
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process of `dashboard.worker`, and the pipe by which it is led."""

    process: "subprocess.Popen[bytes]"
    pipe: Connection


class Pool:
    """A few worker processes, shared by all sessions; jobs wait in a queue for their turn."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._queue: Queue = PriorityQueue()
        self._numbers = itertools.count()
        for _ in range(workers):
            threading.Thread(target=_lead, args=(self._queue, _start()), daemon=True).start()

    def submit(self, name: str, task: Task, *, urgent: bool = True) -> Job:
        """Put `task`, which counts the table `name`, into the queue: before what is not urgent."""
        job = Job(name)
        self._queue.put((not urgent, next(self._numbers), job, task))
        return job


def _lead(queue: Queue, worker: Worker) -> None:
    while True:  # each job in a call of its own, so that nothing of it is kept
        worker = _do(*queue.get()[2:], worker)


def _do(job: Job, task: Task, worker: Worker) -> Worker:
    if job.cancelled.is_set():
        return worker
    try:
        if worker.process.poll() is not None:
            _end(worker)
            worker = _start()
        worker.pipe.send((job.name, task))
        del task  # the bytes of an upload are large
        job.result = _follow(job, worker.pipe)
        set_aside()
    except (EOFError, OSError, MemoryError):
        _end(worker)
        job.result = (
            f"{job.name} could not be read: the reading process ended, most likely because "
            "memory ran out. Try a part of the rows, or a Parquet file."
        )
    except Exception:  # noqa: BLE001 (a leading thread that ends would leave all later jobs waiting)
        _LOG.exception("Leading the work on %r failed", job.name)
        _end(worker)
        job.result = OURS.format(name=job.name)
    return worker


def _start() -> Worker:
    ours, theirs = Pipe()
    command = [sys.executable, "-m", "dashboard.worker", str(theirs.fileno())]
    process = subprocess.Popen(  # noqa: S603 (our own module)
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.PIPE,  # closed when the server ends
        start_new_session=True,  # Ctrl-C is for the server
    )
    theirs.close()  # so that the end of the worker is the end of the pipe
    return Worker(process, ours)


def _end(worker: Worker) -> None:
    with worker.process as process:
        process.kill()
    worker.pipe.close()


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
