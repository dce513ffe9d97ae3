"""Worker processes: results, sentences, progress, cancel, and their end with the server."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from core.pipeline import profile
from dashboard.jobs import Pool

from .tables import REFERENCE

ROOT = Path(__file__).parents[2]
SERVER = """
import time
from dashboard.jobs import Pool
Pool(2)
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def pool():
    return Pool(1)


def result_of(job, seconds=20):
    deadline = time.monotonic() + seconds
    while job.result is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return job.result


def count(pool, source, name="table.csv"):
    return pool.submit(name, partial(profile, source, name=name))


def children(parent):
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(process) for each in lists for process in each.read_text().split()]


def is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_table_is_counted_in_another_process(pool):
    job = count(pool, REFERENCE)
    assert result_of(job).source.rows_read == 600
    assert job.share == 1.0


def test_what_cannot_be_read_is_a_sentence(pool):
    assert "empty" in result_of(count(pool, b"", "empty.csv"))


def test_an_internal_error_is_a_sentence_and_the_worker_goes_on(pool):
    strange = pool.submit("strange.csv", partial(profile, REFERENCE, settings=None))
    assert "error in Tideline itself" in result_of(strange)
    assert result_of(count(pool, REFERENCE)).source.rows_read == 600


def test_a_cancelled_job_ends_at_once_and_the_next_one_runs(pool):
    rows = b"a,b,c\n" + b"1.5,2.5,x\n" * 4_000_000
    job, following = count(pool, rows), count(pool, REFERENCE)
    while job.share is None:
        time.sleep(0.02)
    job.cancelled.set()
    assert isinstance(result_of(job, 2), str)
    assert result_of(following).source.rows_read == 600


def test_a_worker_that_dies_is_replaced_and_says_so(pool):
    rows = b"a,b,c\n" + b"1.5,2.5,x\n" * 4_000_000
    job = count(pool, rows, "large.csv")
    while job.share is None:
        time.sleep(0.02)
    for child in children(os.getpid()):
        os.kill(child, signal.SIGKILL)
    assert "large.csv" in result_of(job)
    assert "memory" in job.result
    assert result_of(count(pool, REFERENCE)).source.rows_read == 600


def test_a_worker_starts_whatever_a_server_puts_in_the_place_of_main(monkeypatch, tmp_path):
    script = tmp_path / "app.py"
    script.write_text("raise SystemExit('the script of an app ran in a worker')")
    app = ModuleType("__main__")
    app.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", app)
    assert result_of(count(Pool(1), REFERENCE)).source.rows_read == 600


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_server_however_it_ends(tmp_path, end):
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout.readline() == "started\n"
        workers = children(server.pid)
        assert len(workers) == 2
        assert all(is_alive(worker) for worker in workers)
        server.send_signal(end)
        server.wait(10)
    deadline = time.monotonic() + 10
    while any(is_alive(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
