"""A data frame of Dask: its partitions stay where they are until they are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa

from .frames import read_frame
from .problems import Unreadable, shown
from .tables import Table


class DaskFrame(Protocol):
    """A data frame of Dask."""

    def to_delayed(self) -> Any:
        """Give the partitions, which are not read yet."""


def is_dask(source: object) -> bool:
    """Tell whether a source is a data frame of Dask."""
    return type(source).__module__.startswith("dask.dataframe.") and hasattr(source, "columns")


def read_dask(source: Any, name: str) -> Table:
    """Open a data frame of Dask; nothing is read yet. Raises Unreadable.

    Columns of objects are texts: what else they hold, only the partitions know.
    """
    import dask  # noqa: PLC0415 (an extra)

    schema = _plain(read_frame(source._meta, name).schema)  # noqa: SLF001 (it has no other name)
    batches = [dask.delayed(_in_arrow)(part, schema) for part in source.to_delayed()]
    return Table(name, schema, _fetched(batches, name), form="Dask", cluster=batches)


@contextmanager
def answered(name: str) -> Iterator[None]:
    """Answer what goes wrong in a partition, whatever it is, with a sentence."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
        sentence = f"Dask could not read {shown(name)}: {reason}."
        raise Unreadable("dask_failed", sentence) from error


def _plain(schema: pa.Schema) -> pa.Schema:
    """Give what partitions have in common: each has categories of its own."""
    types = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in schema.types]
    texts = [pa.string() if pa.types.is_null(kind) else kind for kind in types]
    return pa.schema(list(zip(schema.names, texts, strict=True)))


def _in_arrow(frame: Any, schema: pa.Schema) -> list[pa.RecordBatch]:
    rows = read_frame(frame, "partition").batches()
    return [batch.cast(schema) for batch in rows]


def _fetched(parts: list[Any], name: str) -> Iterator[pa.RecordBatch]:
    with answered(name):
        for part in parts:
            yield from part.compute()
