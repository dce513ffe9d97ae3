"""Real databases: a file for SQLite, and a PostgreSQL server of our own on loopback."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from core.storing.history import History


class Server:
    """A PostgreSQL server: on a free port of loopback, stopped with the tests."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def url(self, name="postgres"):
        return f"postgresql+psycopg://tideline@127.0.0.1:{self.port}/{name}"

    def run(self, program, *words):
        command = [self.binaries / program, *words]
        if os.getuid() == 0:  # which PostgreSQL refuses to run as
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60)

    def create(self):
        words = ("-D", "data", "-U", "tideline", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.run("initdb", *words)

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.run("pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options)

    def stop(self):
        self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", "data")

    def sql(self, statement):
        words = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "tideline", "-d", "postgres")
        self.run("psql", *words, "-c", statement)


@pytest.fixture(scope="session")
def server():
    """Start a server; skip where PostgreSQL is not installed."""
    pytest.importorskip("psycopg", reason="needs the extra: pip install 'tideline[postgres]'")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [shutil.which("initdb")]
    if found[-1] is None:
        pytest.skip("needs a PostgreSQL server: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="tideline-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    started = Server(Path(found[-1]).parent, folder)
    try:
        started.create()
        started.start()
        yield started
        started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(server):
    """Give the URL of an empty database."""
    server.sql("CREATE DATABASE history")
    yield server.url("history")
    server.sql("DROP DATABASE history WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "history.db")
    return request.getfixturevalue("postgres")


@pytest.fixture
def history(url):
    return History(url)
