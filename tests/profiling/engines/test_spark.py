"""Spark's engine, on a real cluster: a master and two workers, processes of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytestmark = pytest.mark.slow
DRIVER = Path(__file__).parent / "spark_driver.py"
ROOT = Path(__file__).parents[3]
SAME = (
    *("profile", "command", "table", "none", "against kinds", "weeks", "compare", "check"),
    "killed",
)


def table(seed, rows, *, shift=0.0, text=False):
    """Columns of every kind, each with nulls; four weeks of times."""
    rng = np.random.default_rng(seed)
    seconds = rng.integers(1_700_000_000, 1_702_400_000, rows) * 10**6
    times = seconds.astype("datetime64[us]")

    def holed(values, kind=None):
        return pa.array(values, kind, mask=rng.random(rows) < 0.1)

    numbers = rng.normal(shift, 1, rows)
    return pa.table(
        {
            "x": holed([f"{each:.3f}" for each in numbers] if text else numbers),
            "single": holed(rng.normal(size=rows).astype("float32")),
            "whole": holed(rng.integers(-5, 99, rows)),
            "odd": pa.array(rng.choice([np.nan, np.inf, -np.inf, -0.0, 1e300], rows)),
            "b": holed(rng.random(rows) < 0.3),
            "s": holed([f"{each}.0" for each in rng.integers(0, 40, rows)]),
            "many": holed([f"label {each}" for each in rng.integers(0, 10**9, rows)]),
            "t": holed(times, pa.timestamp("us", "UTC")),
            "local": holed(times, pa.timestamp("us")) if text else pa.array(seconds),
            "date": holed(times.astype("datetime64[D]")),
            "money": pa.array(
                [None if each % 9 == 0 else Decimal(int(each)).scaleb(-2) for each in seconds],
                pa.decimal128(20, 2),
            ),
            "list": pa.array([[1], None] * (rows // 2)),
            "bytes": pa.array([b"a", None] * (rows // 2)),
            'a "na`me.': pa.array(["n/a", None] * (rows // 2)),
        }
    )


def write(folder, rows):
    folder.mkdir()
    for place in range(4):
        part = rows.slice(place * len(rows) // 4, len(rows) // 4)
        pq.write_table(part, folder / f"{place}.parquet")


class Cluster:
    """A master and two workers with a core each, on loopback; the workers lack our package."""

    def __init__(self, folder):
        self.folder, self.home = folder, Path(find_spec("pyspark").origin).parent
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.processes = []
        self.environment = {
            **os.environ,
            "SPARK_HOME": str(self.home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_CONF_DIR": str(folder / "conf"),
            "PYSPARK_DRIVER_PYTHON": sys.executable,
            "PYSPARK_PYTHON": getattr(sys, "_base_executable", sys.executable),
            "PYTHONPATH": str(ROOT),
        }
        self._configure()

    def _configure(self):
        """Let workers find the packages of this environment, but those that are ours."""
        site, lent = Path(np.__file__).parents[1], self.folder / "site"
        for folder in (lent, self.folder / "conf", self.folder / "marks"):
            folder.mkdir()
        for package in site.iterdir():
            if "tideline" not in package.name:
                (lent / package.name).symlink_to(package)
        chosen = {
            "spark.master": f"spark://127.0.0.1:{self.port}",
            "spark.executorEnv.PYTHONPATH": lent,
            "spark.executor.memory": "512m",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "512m",
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.task.maxFailures": "2",
            "spark.sql.files.maxPartitionBytes": "64k",
            "spark.sql.files.openCostInBytes": "0",
            "spark.sql.session.timeZone": "Asia/Tokyo",
        }
        lines = "".join(f"{key} {value}\n" for key, value in chosen.items())
        (self.folder / "conf" / "spark-defaults.conf").write_text(lines)

    def _start(self, name, *words):
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self.processes.append(
                subprocess.Popen(
                    [self.home / "bin" / "spark-class", *words],
                    env={**self.environment, "PYTHONPATH": ""},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        return self.processes[-1]

    def start(self):
        deploy = "org.apache.spark.deploy"
        place = ("--host", "127.0.0.1", "--webui-port", "0")
        self._start("master", f"{deploy}.master.Master", *place, "--port", str(self.port))
        self.workers = {}
        for name in ("one", "two"):
            limits = ("-c", "1", "-m", "700m", "-d", str(self.folder / name))
            self.workers[name] = self._start(
                name, f"{deploy}.worker.Worker", *place, *limits, f"spark://127.0.0.1:{self.port}"
            )

    def submit(self, *words):
        with (self.folder / "driver.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [self.home / "bin" / "spark-submit", *words],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )
        return self.processes[-1]

    def marks(self):
        """Tell which tasks of the held job were begun where: (partition, worker)."""
        found = [path for path in (self.folder / "marks").iterdir() if not path.suffix]
        return {
            (int(path.name.partition("-")[0]), Path(path.read_text()).parents[1].name)
            for path in found
        }

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the driver; kill a worker with its executor in the middle of the last job."""
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'tideline[spark]'")
    if shutil.which("java") is None:
        pytest.skip("needs Java: apt-get install default-jre-headless")
    folder = tmp_path_factory.mktemp("spark")
    write(folder / "reference", table(1, 4_000))
    write(folder / "live", table(2, 2_000, shift=0.4, text=True))
    cluster = Cluster(folder)
    try:
        cluster.start()
        driver = cluster.submit(DRIVER, folder)
        while driver.poll() is None and len({w for p, w in cluster.marks() if p > 1}) < 2:
            time.sleep(0.1)
        begun = cluster.marks()
        lost = next((worker for part, worker in begun if part == 0), None)
        if lost:
            os.killpg(cluster.workers[lost].pid, signal.SIGKILL)
        (folder / "killed").touch()
        assert driver.wait() == 0, (folder / "driver.log").read_text()[-3000:]
        answers = json.loads((folder / "answers.json").read_text())
        yield answers, lost, cluster.marks() - begun
    finally:
        cluster.stop()


@pytest.mark.parametrize("name", SAME)
def test_counts_and_verdicts_are_those_of_one_machine(run, name):
    assert run[0][name] is True


def test_the_command_answers_as_ever(run):
    answers = run[0]
    assert answers["exit"] == 0
    assert answers["preview"][:5] == ["numeric", "numeric", "numeric", "numeric", "boolean"]


def test_what_the_killed_worker_had_finished_was_done_again(run):
    _, lost, done_after = run
    assert (0, {"one": "two", "two": "one"}[lost]) in done_after


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("no table", "not_found", "Spark finds no table nowhere.flights"),
        ("no path", "not_found", "Spark finds no table parquet:/nowhere"),
        ("no format", "spark_failed", "data source: carrier"),
        ("no order", "no_order", "have no order in Spark"),
        ("no column", "no_chunk_column", "no column 'nothing'"),
        ("task fails", "spark_failed", "the cable is out"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, name, code, words):
    found, sentence = run[0][name]
    assert found == code
    assert words in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300
