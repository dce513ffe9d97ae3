"""What the driver of the tests does on their cluster; run by spark-submit, answers in JSON.

Everything is counted on the cluster and here, from the same files; the answers say what is equal.
"""

import json
import runpy
import sys
import time
from pathlib import Path

from pyspark import TaskContext
from pyspark.sql import SparkSession

from core import Chunking, Profile, Settings, count, profile
from core.cli import main
from core.pipeline import Unreadable, preview

ROOT = Path(__file__).parents[3]
FOLDER = Path(sys.argv[1])
REFERENCE, LIVE = str(FOLDER / "reference"), str(FOLDER / "live")
session = SparkSession.builder.getOrCreate()
frame, later = session.read.parquet(REFERENCE), session.read.parquet(LIVE)
ODD = ('a "na`me.',)
answers = {}


def drift(*words):
    return main([*map(str, words)])


def submitted(*words):
    """Run the file for spark-submit as it would be."""
    sys.argv = ["spark_drift.py", *map(str, words)]
    try:
        runpy.run_path(str(ROOT / "deploy" / "spark_drift.py"), run_name="__main__")
    except SystemExit as stop:
        return stop.code


def report(*tables):
    out = FOLDER / "report.json"
    code = drift("compare", *tables, "--out", out)
    return code, rounded(json.loads(out.read_text()))


def rounded(report):
    """Leave a report's verdict and features; running means may differ in the last digits."""
    text = json.dumps([report["verdict"], report["features"]])
    return json.loads(text, parse_float=lambda digits: f"{float(digits):.9g}")


def checked(place):
    """Do the scheduled run on live data at `place`; give what it said."""
    job = FOLDER / f"{len(place)}.toml"
    job.write_text(
        f'dataset = "{len(place)}"\n[reference]\nsource = "{REFERENCE}"\n'
        f'[live]\nsource = "{place}"\n[windows]\ncolumn = "t"\nevery = "1w"\n'
        f'[history]\nurl = "{FOLDER}/{len(place)}.db"\n[report]\nout = ["{FOLDER}/check.json"]\n'
    )
    code = drift("check", "--settings", job)
    return code, rounded(json.loads((FOLDER / "check.json").read_text()))


def refused(source, **more):
    try:
        count(source, Settings(), **more)
    except Unreadable as problem:
        return problem.code, str(problem)


def broken(batches):
    for _ in batches:
        raise ValueError("the cable is out")
    yield


def waiting(batches):
    """Hold all but the first two tasks until a worker was killed."""
    task = TaskContext.get()
    mark = FOLDER / "marks" / f"{task.partitionId()}-{task.taskAttemptId()}"
    mark.with_suffix(".new").write_text(str(Path.cwd()))
    mark.with_suffix(".new").rename(mark)
    while task.partitionId() > 1 and not (FOLDER / "killed").exists():
        time.sleep(0.1)
    yield from batches


here = profile(REFERENCE)
answers["profile"] = profile(frame) == here
answers["exit"] = submitted("profile", f"spark:parquet:{REFERENCE}", "--out", FOLDER / "a.profile")
answers["command"] = Profile.load(FOLDER / "a.profile") == here
frame.createOrReplaceTempView("flights")
answers["table"] = profile("spark:flights") == here
answers["none"] = profile("spark:select * from flights where false") == Profile.empty(here.kinds)
answers["against kinds"] = profile(later, kinds=here.kinds) == profile(LIVE, kinds=here.kinds)
cut, by = Chunking("t", "1w", "Europe/Oslo"), Settings(segments="b")
answers["weeks"] = count(frame, by, chunking=cut) == count(REFERENCE, by, chunking=cut)
answers["compare"] = report(f"spark:parquet:{REFERENCE}", f"spark:parquet:{LIVE}") == report(
    REFERENCE, LIVE
)
answers["check"] = checked(f"spark:parquet:{LIVE}") == checked(LIVE)
answers["preview"] = [column.kind for column in preview("spark:flights").columns]
answers["no table"] = refused("spark:nowhere.flights")
answers["no path"] = refused("spark:parquet:/nowhere")
answers["no format"] = refused("spark:carrier:/nowhere")
answers["no order"] = refused(frame, chunking=Chunking(None, "500 rows"))
answers["no column"] = refused(frame, chunking=Chunking("nothing", "1d"))
plain = frame.drop(*ODD)  # Spark maps no such names itself
answers["task fails"] = refused(plain.mapInArrow(broken, plain.schema))
(FOLDER / "answers.json").write_text(json.dumps(answers))

held = profile(plain.repartition(6).mapInArrow(waiting, plain.schema))
answers["killed"] = dict(held.features) == {k: v for k, v in here.features.items() if k not in ODD}
(FOLDER / "answers.json").write_text(json.dumps(answers))
