"""Run a program and tell what the whole process cost."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds on the clock and of CPU, and the most memory it held, in MB."""

    wall: float
    cpu: float
    peak: float


class Failed(ValueError):
    """The program ended with an error; the message is its last line."""


def run(command: Sequence[str]) -> Cost:
    """Run a program to its end and give its cost. Raises Failed.

    The kernel counts (wait4): CPU of all threads, and the peak of resident memory, that of
    children who were waited for included. A child starts with the memory of whoever starts it, so
    this process must stay small: data are made in a process of their own.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (our own programs)
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise Failed(lines[-1] if lines else f"ended with exit code {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
