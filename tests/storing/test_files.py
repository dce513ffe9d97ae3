import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from core.storing import files
from core.storing.files import sweep, write_atomically

OLD, NEW = b"old " * 50_000, b"new " * 50_000

# Writes in turns for ever; says when it has begun.
WRITER = """
import sys
from pathlib import Path
from core.storing.files import write_atomically
print("ready", flush=True)
while True:
    for word in (b"old ", b"new "):
        write_atomically(Path(sys.argv[1]), word * 50_000)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def leave_behind(path, monkeypatch):
    """Write as a writer that is killed before its last step; what it opened is given back."""
    opened = []

    def killed(partial, _):
        opened.append(partial)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(files.Path, "replace", killed)
        patch.setattr(files.Path, "unlink", lambda *_, **__: None)
        with pytest.raises(SystemExit):
            write_atomically(path, NEW)
    return opened[0]


@pytest.mark.parametrize("data", [b"\x00\xff", "Zürich\n", b"", ""])
def test_bytes_and_text_are_written_as_they_are(tmp_path, data):
    path = tmp_path / "report.json"
    write_atomically(path, data)
    assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert names(tmp_path) == ["report.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_on_the_way_leaves_the_old_content_and_nothing_else(tmp_path, monkeypatch, step):
    def fail(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "report.html"
    path.write_bytes(OLD)
    monkeypatch.setattr(*((files.os, step) if step == "fsync" else (files.Path, step)), fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, NEW)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["report.html"]


def test_an_interrupt_on_the_way_leaves_the_old_content_and_nothing_else(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    path = tmp_path / "report.html"
    path.write_bytes(OLD)
    monkeypatch.setattr(files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, NEW)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["report.html"]


def test_a_missing_folder_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "nowhere" / "report.html", NEW)


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    left = leave_behind(path, monkeypatch)
    assert left.exists()
    write_atomically(path, NEW)
    assert names(tmp_path) == ["report.html"]


def test_what_a_living_writer_of_the_same_file_has_open_is_kept(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    begun, go_on = threading.Event(), threading.Event()
    sync = os.fsync

    def slow(handle):
        if threading.current_thread() is other:
            begun.set()
            assert go_on.wait(10)
        sync(handle)

    monkeypatch.setattr(files.os, "fsync", slow)
    other = threading.Thread(target=write_atomically, args=(path, OLD))
    other.start()
    assert begun.wait(10)
    write_atomically(path, NEW)
    assert len(names(tmp_path)) == 2  # the other's is still there
    go_on.set()
    other.join()
    assert path.read_bytes() == OLD  # it was the last to finish
    assert names(tmp_path) == ["report.html"]


def test_what_was_left_for_another_file_is_not_touched(tmp_path, monkeypatch):
    left = leave_behind(tmp_path / "report.html.1", monkeypatch)
    write_atomically(tmp_path / "report.html", NEW)
    assert left.exists()


def test_a_sweep_of_a_folder_removes_what_killed_writers_left_and_nothing_else(
    tmp_path, monkeypatch
):
    leave_behind(tmp_path / "monday.html", monkeypatch)
    for name in (".mine.partial", "tuesday.partial", "report.html"):
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert names(tmp_path) == [".mine.partial", "report.html", "tuesday.partial"]


@pytest.mark.parametrize("name", ["r" * 255, "50 % [a-z]*?.html", "-.partial", "报告.html"])
def test_any_name_a_file_may_have_will_do(tmp_path, monkeypatch, name):
    path = tmp_path / name
    leave_behind(path, monkeypatch)
    write_atomically(path, OLD)
    write_atomically(path, NEW)
    assert names(tmp_path) == [name]
    assert path.read_bytes() == NEW


def test_a_new_file_has_the_permissions_of_a_plain_write_and_an_old_one_keeps_its_own(tmp_path):
    plain, atomic, private = (tmp_path / name for name in ("plain", "atomic", "private"))
    plain.write_bytes(NEW)
    private.touch(mode=0o600)
    for path in (atomic, private):
        write_atomically(path, NEW)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (plain, atomic, private)]
    assert modes == [modes[0], modes[0], 0o600]


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path):
    target = tmp_path / "kept" / "report.html"
    target.parent.mkdir()
    link = tmp_path / "latest.html"
    link.symlink_to(target)
    for content in (OLD, NEW):  # the target is new at first, then replaced
        write_atomically(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content
    assert names(tmp_path) == ["kept", "latest.html"]


def test_writers_at_the_same_moment_all_succeed_and_one_of_them_is_last(tmp_path):
    path = tmp_path / "report.html"
    contents = [bytes([number]) * 10_000 for number in range(4)]
    failures = []

    def write(content):
        try:
            for _ in range(25):
                write_atomically(path, content)
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert path.read_bytes() in contents
    assert names(tmp_path) == ["report.html"]


def test_a_writer_killed_at_any_moment_leaves_the_old_content_or_the_new(tmp_path):
    path = tmp_path / "report.html"
    write_atomically(path, OLD)
    for attempt in range(20):
        command = [sys.executable, "-S", "-c", WRITER, path]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(attempt * 0.0007)
            os.kill(writer.pid, signal.SIGKILL)
        assert path.read_bytes() in {OLD, NEW}
    write_atomically(path, NEW)
    assert names(tmp_path) == ["report.html"]
