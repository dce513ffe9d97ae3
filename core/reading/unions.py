"""Several files as one table: the same columns in any order, constants of folders beside them."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from .options import Wishes
from .places import Part
from .problems import Unreadable, gathered, listed, shown
from .tables import Table

Open = Callable[[Part, Wishes], Table]


def joined(parts: Sequence[Part], wishes: Wishes, name: str, open_part: Open) -> Table:
    """Open several files as one table. Raises Unreadable where their columns differ."""
    first = with_constants(open_part(parts[0], wishes), parts, parts[0])
    table = Table(
        name, first.schema, iter(()), form=first.form, dialect=first.dialect, is_text=first.is_text
    )
    total = sum(part.size for part in parts) or 1
    # Texts of later files mean what those of the first one do.
    alike = replace(
        wishes, columns={**_kinds(first), **wishes.columns}, expected=tuple(first.schema.names)
    )

    def batches() -> Iterator[pa.RecordBatch]:
        digest = hashlib.sha256()
        before = 0
        for number, part in enumerate(parts):
            each = first if number == 0 else with_constants(open_part(part, alike), parts, part)
            _require_same(parts[0].name, first.schema.names, part.name, each.schema.names)
            for batch in each.batches():
                yield batch.select(first.schema.names)
                table.done = (before + each.done * part.size) / total
            before += part.size
            digest.update((each.digest or "").encode())
            table.rows_dropped += each.rows_dropped
            table.rows_read += each.rows_dropped
            table.notes = gathered([*table.notes, *each.notes])
            if wishes.head_only:
                return
        table.digest = digest.hexdigest()

    table.rows = batches()
    return table


def _kinds(table: Table) -> dict[str, pa.DataType]:
    if not table.is_text:
        return {}
    return {each.name: each.type for each in table.schema if not pa.types.is_null(each.type)}


def _require_same(first: str, names: list[str], other: str, others: list[str]) -> None:
    if set(names) == set(others):
        return
    lacking, beyond = [n for n in names if n not in others], [n for n in others if n not in names]
    details = [f"lacks {listed(lacking)}"] if lacking else []
    details += [f"has also {listed(beyond)}"] if beyond else []
    sentence = f"{shown(other)} has other columns than {shown(first)}: it {' and '.join(details)}."
    raise Unreadable("columns_differ", f"{sentence} Files of one table need the same columns.")


def with_constants(table: Table, parts: Sequence[Part], part: Part | None = None) -> Table:
    """Add the columns that the folders of a file stand for."""
    part = part or parts[0]
    if not part.constants:
        return table
    kinds = {name: _kind_of(name, parts) for name in part.constants}
    new = {
        name: _constant(value, kinds[name])
        for name, value in part.constants.items()
        if name not in table.schema.names
    }
    rows = table.rows

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            for name, value in new.items():
                column = pa.repeat(value, batch.num_rows)
                batch = batch.append_column(pa.field(name, kinds[name]), column)  # noqa: PLW2901
            yield batch

    for name in new:
        table.schema = table.schema.append(pa.field(name, kinds[name]))
    table.rows = batches()
    return table


def _kind_of(name: str, parts: Sequence[Part]) -> pa.DataType:
    values = [part.constants.get(name) for part in parts]
    whole = all(v is None or (v.isdecimal() and str(int(v)) == v) for v in values)
    return pa.int64() if whole else pa.string()


def _constant(value: str | None, kind: pa.DataType) -> pa.Scalar:
    return pa.scalar(value, pa.string()).cast(kind)


def renamed(table: Table, names: Mapping[str, str]) -> Table:
    """Give columns the names that the settings want. Raises Unreadable for unknown ones."""
    if not names:
        return table
    unknown = [name for name in names if name not in table.schema.names]
    if unknown:
        sentence = f"{table.name} has no column {listed(unknown)}, which rename in [reading] names."
        raise Unreadable("unknown_column", f"{sentence} It has: {listed(table.schema.names)}.")
    new = [names.get(name, name) for name in table.schema.names]
    rows = table.rows

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            now = [names.get(name, name) for name in batch.schema.names]
            yield batch.rename_columns(now)

    table.schema = pa.schema(
        [each.with_name(name) for each, name in zip(table.schema, new, strict=True)]
    )
    table.rows = batches()
    return table
