"""Files that hold columns with types: Parquet, Feather and Arrow's own."""

import hashlib
from collections.abc import Iterator

import pyarrow as pa
from pyarrow import ipc, parquet

from .opened import Opened
from .tables import BATCH_ROWS, Table


def read_parquet(opened: Opened) -> Table:
    """Open a Parquet file."""
    known = parquet.read_metadata(opened.raw)
    schema = known.schema.to_arrow_schema()
    # Texts stay the dictionaries that most files keep: written out, they take longer to count.
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    # Without pre_buffer=False, iter_batches reads ahead without bound (1.5 GB at 10M rows).
    file = parquet.ParquetFile(opened.raw, metadata=known, pre_buffer=False, read_dictionary=texts)
    inflated = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
    if inflated > opened.limit:
        raise opened.too_big()
    table = Table(opened.name, schema, iter(()), form="Parquet")

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in file.iter_batches(batch_size=BATCH_ROWS):
            table.done = min((table.rows_read + batch.num_rows) / max(known.num_rows, 1), 1.0)
            yield batch
            if opened.wishes.head_only:
                return
        _take_digest(opened, table)

    table.rows = batches()
    return table


def read_feather(opened: Opened) -> Table:
    """Open a Feather file (Arrow's file format)."""
    file = ipc.open_file(opened.raw)
    if opened.size > opened.limit:
        raise opened.too_big()
    table = Table(opened.name, file.schema, iter(()), form="Arrow")

    def batches() -> Iterator[pa.RecordBatch]:
        for place in range(file.num_record_batches):
            yield file.get_batch(place)
            table.done = (place + 1) / file.num_record_batches
            if opened.wishes.head_only:
                return
        _take_digest(opened, table)

    table.rows = batches()
    return table


def read_stream(opened: Opened) -> Table:
    """Open a stream of Arrow batches that was saved to a file."""
    reader = ipc.open_stream(opened.raw)
    if opened.size > opened.limit:
        raise opened.too_big()
    table = Table(opened.name, reader.schema, iter(()), form="Arrow stream")

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            yield batch
            table.done = opened.done
            if opened.wishes.head_only:
                return
        _take_digest(opened, table)

    table.rows = batches()
    return table


def _take_digest(opened: Opened, table: Table) -> None:
    opened.raw.seek(0)
    # Arrow's stubs do not know that its files have all that the digest of a file reads.
    table.digest = hashlib.file_digest(opened.raw, "sha256").hexdigest()  # type: ignore[arg-type]
