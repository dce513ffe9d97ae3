"""A column that an error of ours left uncounted: logged under a number, the others go on."""

import logging
import zlib
from dataclasses import replace

from .categories import LIMIT
from .kinds import Kind
from .profiles import INTERNAL_ERROR, Counts, Note, no_rows
from .quantities import BUDGET

_LOG = logging.getLogger(__name__)


def uncounted(name: str, error: Exception) -> Note:
    """Log an error inside a column, and give the note that says so; memory that is short is raised.

    Called where the error is handled: the log has its trace.
    """
    if isinstance(error, MemoryError):
        raise error
    number = f"{zlib.crc32(f'{name}:{error!r}'.encode('utf-8', 'replace')):08x}"
    _LOG.error("Column %r could not be counted, number %s", name, number, exc_info=error)
    message = f"{name} could not be counted for an error of ours (number {number} in the log)."
    return Note(INTERNAL_ERROR, message, column=name, count=1, first=number)


def without_values(kind: Kind, rows: int, budget: int = BUDGET, limit: int = LIMIT) -> Counts:
    """Give the counts of a column whose rows could not be counted."""
    return replace(no_rows(kind, budget, limit), rows=rows, missing=rows)
