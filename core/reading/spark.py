"""A table of a Spark cluster, by name or as a data frame; its rows stay where they are.

Addresses are `spark:database.table`, `spark:FORMAT:PATH` (`spark:parquet:s3://bucket/flights`) and
`spark:select ...`. The session is the one that runs already (a notebook, spark-submit), else a new
one as Spark's own configuration says.
"""

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa

from .options import Wishes
from .problems import Unreadable, shown, without_secret
from .tables import Table

SPARK = "spark:"
_HEAD_ROWS = 1_000
_QUERY = re.compile(r"\s*(select|with)\s", re.IGNORECASE)
_FILES = re.compile(r"(\w+):(.+)")
_UNTYPED = {"csv", "text", "xml"}
_TRACE = re.compile(r"Traceback \(most recent call last\):\n(?:\s.*\n)+(.*)")
_JAVA = re.compile(r"^An error occurred while calling [^\n]*\n: (?:[\w.$]+: )?")
_CODE = re.compile(r"^\[([A-Z0-9_.]+)\]\s*")
_NOT_FOUND = {"TABLE_OR_VIEW_NOT_FOUND", "PATH_NOT_FOUND", "SCHEMA_NOT_FOUND"}

# Spark's types as Arrow's; what is not here has rows and nulls, no values that are compared.
_ARROW = {
    "void": pa.null(),
    "boolean": pa.bool_(),
    "byte": pa.int8(),
    "short": pa.int16(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "timestamp_ntz": pa.timestamp("us"),
    "daytimeinterval": pa.duration("us"),
    "string": pa.string(),
    "char": pa.string(),
    "varchar": pa.string(),
}


@runtime_checkable
class SparkFrame(Protocol):
    """A data frame of Spark, of a session on this machine or of Spark Connect."""

    def mapInArrow(self, func: Any, schema: Any) -> Any:  # noqa: N802 (Spark's name)
        """Map record batches on the cluster."""


def is_spark(source: object) -> bool:
    """Tell whether a source is a table of Spark: an address, a data frame, also pandas-on-Spark."""
    if isinstance(source, str):
        return source.startswith(SPARK)
    return type(source).__module__.startswith("pyspark.")


def read_spark(source: Any, wishes: Wishes, name: str | None) -> Table:
    """Open a table of Spark; nothing is read yet. Raises Unreadable."""
    if isinstance(source, str):
        address = source.removeprefix(SPARK).strip()
        name = name or without_secret(address)
        with answered(name):
            frame = _named(address, wishes)
    else:
        name = name or "frame"
        frame = source.to_spark() if hasattr(source, "to_spark") else source
    if not isinstance(frame, SparkFrame):
        sentence = f"A {type(source).__name__} of Spark is not a table. Give a DataFrame."
        raise Unreadable("wrong_type", sentence)
    with answered(name):
        schema, plain = _in_arrow(frame)
    return Table(name, schema, _fetched(plain, schema, name, wishes), form="Spark", cluster=plain)


@contextmanager
def answered(name: str) -> Iterator[None]:
    """Answer what Spark cannot do with a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
            yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"pyspark", "py4j"}:
            raise
        raise _problem(name, str(error)) from None


def _problem(name: str, message: str) -> Unreadable:
    text = _JAVA.sub("", message.strip())
    if "JAVA_GATEWAY_EXITED" in text:
        sentence = "Spark did not start. Spark 4 needs Java 17 or newer: see what it said above."
        return Unreadable("no_spark", sentence)
    code = _CODE.match(text)
    if code and code[1].partition(".")[0] in _NOT_FOUND:
        sentence = (
            f"Spark finds no table {shown(name)}. Check the name, or the path, and try again."
        )
        return Unreadable("not_found", sentence)
    trace = _TRACE.search(text)
    reason = trace[1] if trace else _CODE.sub("", text).partition("\n")[0].partition(". ")[0]
    if "No module named" in reason:
        reason += " on the workers; they need Python as here, with numpy and pyarrow"
    reason = without_secret(reason.strip().rstrip("."))[:200] or "no reason was given"
    return Unreadable("spark_failed", f"Spark could not read {shown(name)}: {reason}.")


def _named(address: str, wishes: Wishes) -> Any:
    query, table = wishes.options.query, wishes.options.table
    if not (query or table or address):
        sentence = "spark: names no table. Write spark:database.table or spark:parquet:/path."
        raise Unreadable("no_query", sentence)
    if query or (not table and _QUERY.match(address)):
        return _session().sql(query or address)
    files = None if table else _FILES.fullmatch(address)
    if files is None:
        return _session().table(table or address)
    if files[1].lower() in _UNTYPED:
        sentence = f"Spark reads {files[1]} without types. Give it as {files[2]}, or as a table."
        raise Unreadable("wrong_type", sentence)
    return _session().read.format(files[1]).load(files[2])


def _session() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra, and heavy)
    except ImportError:
        sentence = (
            "A table of Spark needs the package pyspark. Install it with: pip install pyspark, or "
            "run this where Spark is: with spark-submit, or in its notebook."
        )
        raise Unreadable("no_spark", sentence) from None
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    building = SparkSession.builder.appName("tideline")
    if {"PYSPARK_GATEWAY_PORT", "SPARK_REMOTE"} & os.environ.keys():  # others start and log
        return building.getOrCreate()
    _require_java()
    quiet = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "FATAL"}
    session = building.config(map=quiet).getOrCreate()
    context = session.sparkContext
    if context.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = sys.executable  # else whatever `python3` is
    return session


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which(f"{home}/bin/java" if home else "java") is None:
        where = f"there is none in JAVA_HOME ({home})" if home else "there is none"
        sentence = (
            f"Spark needs Java 17 or newer, and {where}. Install it with: "
            "sudo apt-get install -y default-jre-headless, or set JAVA_HOME."
        )
        raise Unreadable("no_spark", sentence)


def _in_arrow(frame: Any) -> tuple[pa.Schema, Any]:
    """Give the Arrow schema, and the frame with columns by place (names may be anything).

    Columns of other types become empty bytes where they are not null: nothing of them is compared,
    so nothing is moved.
    """
    from pyspark.sql import functions  # noqa: PLC0415 (as above)

    plain = frame.toDF(*(f"c{place}" for place in range(len(frame.schema.fields))))
    fields, columns = [], []
    for place, field in enumerate(frame.schema.fields):
        kind, column = _arrow(field.dataType), functions.col(f"c{place}")
        if kind is None:
            column = functions.when(column.isNotNull(), functions.lit("").cast("binary"))
        fields.append(pa.field(field.name, kind or pa.binary()))
        columns.append(column.alias(f"c{place}"))
    return pa.schema(fields), plain.select(*columns)


def _arrow(kind: Any) -> pa.DataType | None:
    if kind.typeName() == "decimal":
        return pa.decimal128(kind.precision, kind.scale)
    return _ARROW.get(kind.typeName())


def _fetched(frame: Any, schema: pa.Schema, name: str, wishes: Wishes) -> Iterator[pa.RecordBatch]:
    """Bring rows here, which only who wants to see them needs."""
    with answered(name):
        found = (frame.limit(_HEAD_ROWS) if wishes.head_only else frame).toArrow()
    yield from found.rename_columns(schema.names).cast(schema).to_batches()
