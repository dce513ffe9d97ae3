"""What may befall a history: many at once, no right to write, damage, a server that goes away."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from core.storing import databases
from core.storing.history import History, HistoryProblem

from .samples import counted, hour, judged

ROOT = Path(__file__).parents[2]

# Eight processes that write and four that read, all at once; says how long the slowest write took.
CROWD = """
import os, sys, time
from tests.storing.samples import counted, hour, judged
from core.storing.history import History
url, each = sys.argv[1], 12
made = [(counted(i), judged(counted(i))) for i in range(3)]

def work(act):
    child = os.fork()
    if child:
        return child
    try:
        act()
    except BaseException as error:
        print(type(error).__name__, error, file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)

def writer(place):
    history, slowest = History(url), 0.0
    for number in range(each):
        began = time.monotonic()
        assert history.add("sales", hour(place * each + number), *made[number % 3])
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 5, slowest

def reader():
    history, seen = History(url), 0
    for _ in range(15):
        found = history.windows("sales")
        assert len(found) >= seen
        assert set(history.reports("sales")) >= set(found)
        seen = len(found)

children = [work(lambda i=i: writer(i)) for i in range(8)] + [work(reader) for _ in range(4)]
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
sys.exit(max(codes))
"""

# Acts as a user who may not write where the history is.
STRANGER = """
import os, sys
from tests.storing.samples import counted, hour, judged
from core.storing.history import History, HistoryProblem
if os.getuid() == 0:
    os.setuid(65534)
history = History(sys.argv[1])
assert history.profiles("sales") == {hour(1): counted(1)}, history.windows("sales")
try:
    history.add("sales", hour(2), counted(2), None)
except HistoryProblem as problem:
    print(problem.code, problem)
"""


def python(script, *words):
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )


def fill(history, count=3):
    for number in range(count):
        history.add("sales", hour(number), counted(number), judged(counted(number)))


def test_f05_eight_writers_and_four_readers_lose_nothing(url):
    run = python(CROWD, url)
    assert run.returncode == 0, run.stderr
    history = History(url)
    assert list(history.windows("sales")) == [hour(number) for number in range(96)]
    assert len(history.verdicts("sales")) == len(history.keys("sales")) == 96
    if history.database.path:
        with closing(sqlite3.connect(url)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def foreign():
    """Give a folder that only its owner may write to, and everybody read."""
    folder = Path(tempfile.mkdtemp(prefix="tideline-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_f06_a_history_that_may_only_be_read_is_read(foreign):
    path = foreign / "history.db"
    History(str(path)).add("sales", hour(1), counted(1), None)
    path.chmod(0o444)
    foreign.chmod(0o555)
    run = python(STRANGER, path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("history_read_only ")
    assert "own both" in run.stdout
    assert [each.name for each in foreign.iterdir()] == ["history.db"]


def test_f06_a_history_on_a_network_folder_is_read_and_not_written(tmp_path, monkeypatch):
    history = History(str(tmp_path / "history.db"))
    fill(history)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(databases, "_MOUNTS", mounts)
    assert len(history.windows("sales")) == 3
    with pytest.raises(HistoryProblem, match=r"network folder \(nfs4\).*postgresql") as caught:
        fill(history)
    assert caught.value.code == "history_on_network"


def test_a_history_in_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(HistoryProblem) as caught:
        fill(History(str(tmp_path / "no" / "history.db")))
    assert caught.value.code in {"history_not_opened", "history_read_only"}


@pytest.mark.parametrize("start", [0, 4096])
def test_f08_damage_is_told_with_the_way_to_repair(tmp_path, start):
    path = tmp_path / "history.db"
    history = History(str(path))
    fill(history)
    data = bytearray(path.read_bytes())
    data[start:] = os.urandom(len(data) - start)
    path.write_bytes(data)
    with pytest.raises(HistoryProblem, match=r"mv .*history\.db .*damaged.*\.recover") as caught:
        fill(history)
    assert caught.value.code == "history_damaged"
    assert path.read_bytes() == data


@pytest.mark.parametrize("table", ["tideline_profiles SET data", "tideline_runs SET report"])
def test_f08_counts_and_reports_that_were_changed_are_told(tmp_path, table):
    path = tmp_path / "history.db"
    history = History(str(path))
    fill(history, 1)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute(f"UPDATE {table} = x'00ff'")
    with pytest.raises(HistoryProblem) as caught:
        (history.profiles("sales"), history.reports("sales"))
    assert caught.value.code == "history_damaged"


def test_f10_a_connection_that_is_lost_while_reading_is_tried_once_more(postgres, server):
    history = History(postgres)
    fill(history)
    lost = []

    def question(connection):
        if not lost:
            lost.append(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar())
            server.sql(f"SELECT pg_terminate_backend({lost[0]})")
        return connection.exec_driver_sql("SELECT count(*) FROM tideline_runs").scalar()

    assert history.database.read(question) == 3


def test_f10_a_server_that_stays_away_is_told_without_the_password(server, monkeypatch):
    monkeypatch.setattr(databases, "_AWAY_SECONDS", 0.1)
    gone = server.url("gone").replace("tideline@", "tideline:s3cret@")
    history = History(gone)
    for act in (lambda: history.windows("sales"), lambda: fill(history)):
        with pytest.raises(HistoryProblem, match="does not answer") as caught:
            act()
        assert caught.value.code == "history_away"
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://me:s3cret@host/x", "sqlite://", "http://[x", "://"])
def test_a_place_that_holds_no_history_is_refused(url):
    with pytest.raises(HistoryProblem) as caught:
        History(url)
    assert caught.value.code == "bad_history_url"
    assert "s3cret" not in str(caught.value)


def test_without_psycopg_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(HistoryProblem, match=r"tideline\[postgres\]"):
        History("postgresql://me@host/x")
