"""Count on a Spark cluster: tasks turn batches into profiles, which are summed there as well.

Every task counts its rows as `local` does, and hands on one row a part and feature. These rows meet
by part and feature, so each sum is made on one worker, and only the sums come to the driver. A task
that is lost is done again from its rows: what it had handed on is not used.
"""

import atexit
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa

from ..kinds import Kind, tell
from ..profiles import Profile, Source
from . import local

_PACKAGE = Path(__file__).parents[2]
_COLUMNS = "part string, feature string, profile binary"
_ROW = pa.schema([("part", pa.string()), ("feature", pa.string()), ("profile", pa.binary())])

Batches: TypeAlias = Iterator[pa.RecordBatch]
Parts: TypeAlias = Iterable[tuple[str, Profile]]


class Clustered(Protocol):
    """A table of a cluster: its Arrow schema, and the frame whose columns it describes."""

    schema: pa.Schema
    cluster: Any


def profile(data: Clustered, kinds: Mapping[str, Kind] | None = None) -> Profile:
    """Count a table of a cluster once, count for count as `local.profile` does.

    `kinds` are those of the reference, as there. What Spark raises is not caught.
    """
    return profiled(data, kinds, summed)


def profiled(
    data: Clustered,
    kinds: Mapping[str, Kind] | None,
    summed: Callable[[Clustered, Callable[[Batches], Parts]], dict[str, Profile]],
) -> Profile:
    """Count a table with a way to sum by part what is counted of the batches of each task."""
    told = {field.name: (kinds or {}).get(field.name, tell(field.type)) for field in data.schema}

    def count(batches: Batches) -> Parts:
        yield "", local.profile(batches, told)

    return Profile.empty(told) + summed(data, count).get("", Profile.empty(told))


def summed(data: Clustered, count: Callable[[Batches], Parts]) -> dict[str, Profile]:
    """Sum by part, over all tasks, the profiles that `count` makes of the batches of a task.

    `count` runs on the workers, which get this package for it; a task without rows is left out.
    Profiles of a part must have the same kinds. Features come in no order.
    """
    schema = data.schema

    def counted(batches: Batches) -> Batches:
        rows = _fitted(batches, schema)
        first = next(rows, None)
        if first is None:
            return
        for part, found in count(_chained(first, rows)):
            yield _written(part, _by_feature(found))

    frame = data.cluster
    _ship(frame.sparkSession)
    parts = frame.mapInArrow(counted, _COLUMNS).repartition("part", "feature")
    sums: dict[str, list[Profile]] = {}
    for row in parts.mapInArrow(_added, _COLUMNS).collect():
        sums.setdefault(row["part"], []).append(Profile.from_bytes(bytes(row["profile"])))
    return {part: _joined(features) for part, features in sums.items()}


def _fitted(batches: Batches, schema: pa.Schema) -> Batches:
    """Give batches the names and types that the driver knows; zones are but a label."""
    for batch in batches:
        columns = [
            column if column.type == field.type else column.cast(field.type)
            for column, field in zip(batch.columns, schema, strict=True)
        ]
        if batch.num_rows:
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _chained(first: pa.RecordBatch, rest: Batches) -> Batches:
    yield first
    yield from rest


def _by_feature(whole: Profile) -> Iterator[Profile]:
    for name, counts in whole.features.items():
        notes = tuple(note for note in whole.source.notes if note.column == name)
        segments = whole.segments and whole.segments.of([name])
        yield Profile(
            whole.rows, {name: counts}, {name: whole.kinds[name]}, Source(notes=notes), segments
        )


def _written(part: str, features: Iterable[Profile]) -> pa.RecordBatch:
    rows = [
        {"part": part, "feature": next(iter(each.kinds)), "profile": each.to_bytes()}
        for each in features
    ]
    return pa.RecordBatch.from_pylist(rows, schema=_ROW)


def _added(batches: Batches) -> Batches:
    """Sum what comes by part and feature."""
    sums: dict[tuple[str, str], Profile] = {}
    for batch in batches:
        for row in batch.to_pylist():
            key, found = (row["part"], row["feature"]), Profile.from_bytes(row["profile"])
            sums[key] = sums[key] + found if key in sums else found
    for (part, _), found in sums.items():
        yield _written(part, [found])


def _joined(features: Iterable[Profile]) -> Profile:
    """Put the features of a part together again; more of one feature are summed."""
    found: dict[str, Profile] = {}
    for each in features:
        (name,) = each.kinds
        found[name] = found[name] + each if name in found else each
    first, *others = found.values()
    notes = tuple(note for each in found.values() for note in each.source.notes)
    segments = first.segments
    for each in others:
        segments = segments and each.segments and segments.beside(each.segments)
    return Profile(
        first.rows,
        {name: each.features[name] for name, each in found.items()},
        {name: each.kinds[name] for name, each in found.items()},
        Source(notes=notes),
        segments,
    )


@cache
def _ship(session: Any) -> None:
    """Give the workers this very package, once a session: they need numpy and pyarrow alone."""
    if not _PACKAGE.is_dir():
        return  # we are in an archive, which whoever submitted it has shipped
    folder = Path(tempfile.mkdtemp(prefix="tideline-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = f"tideline-{version('tideline')}"
    archive = folder / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(_PACKAGE.rglob("*.py")):
            packed.write(path, path.relative_to(_PACKAGE.parent))
        known = f"Metadata-Version: 2.1\nName: tideline\nVersion: {version('tideline')}\n"
        packed.writestr(f"{name}.dist-info/METADATA", known)
    if hasattr(session, "sparkContext"):  # Spark Connect has none
        session.sparkContext.addPyFile(str(archive))
    else:
        session.addArtifacts(str(archive), pyfile=True)
