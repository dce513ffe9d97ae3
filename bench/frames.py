# ruff: noqa: INP001 (a script: its folder is no package)
"""Peak memory beyond a frame that the user holds already: `python bench/frames.py [ROWS ...]`.

For each kind of frame and number of rows a process of its own makes the frame of `make bench`,
notes its memory, counts the frame, and tells how much higher the memory rose meanwhile.
"""

import ctypes
import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from speed.data import PIECE, piece

from core.pipeline import profile

_SEED, _COLUMNS, _ROWS = 20261127, 20, (1_000_000, 5_000_000)
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # what the kernel wants written there


def _polars(table: pa.Table) -> object:
    import polars as pl  # noqa: PLC0415 (only here)

    return pl.from_arrow(table)


def _as_objects(table: pa.Table) -> object:
    return table.to_pandas().astype(dict.fromkeys(_texts(table), object))


def _texts(table: pa.Table) -> list[str]:
    return [field.name for field in table.schema if pa.types.is_string(field.type)]


FRAMES: dict[str, Callable[[pa.Table], object]] = {
    "Arrow": lambda table: table,
    "pandas": lambda table: table.to_pandas(),
    "Polars": _polars,
    "pandas, texts as objects": _as_objects,
}


def memory(word: str) -> float:
    """Give a line of the kernel's account of this process, in MB."""
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return float(lines[word].split()[0]) / 1024


def measured(kind: str, rows: int) -> str:
    """Make a frame, count it, and give a line of the table."""
    rng = np.random.default_rng(_SEED)
    profile(pa.table({"a": [1.0, 2.0], "b": ["x", "y"]}))  # what is loaded once
    starts = range(0, rows, PIECE)
    frame = FRAMES[kind](
        pa.concat_tables(piece(rng, min(PIECE, rows - at), _COLUMNS, 0) for at in starts)
    )
    gc.collect()
    pa.default_memory_pool().release_unused()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    held = memory("VmRSS")
    _CLEAR.write_text(_FORGET_PEAK)
    profile(frame)
    return f"| {kind} | {rows:,} | {held:.0f} | {memory('VmHWM') - held:.0f} |\n"


def main(words: list[str]) -> None:
    """Print a table, or as a child one line of it."""
    if words and words[0] in FRAMES:
        sys.stdout.write(measured(words[0], int(words[1])))
        return
    sys.stdout.write("| frame | rows | MB held with it | MB beyond at the peak |\n")
    sys.stdout.write("| --- | ---: | ---: | ---: |\n")
    for kind in FRAMES:
        for rows in map(int, words or _ROWS):
            sys.stdout.flush()
            subprocess.run([sys.executable, __file__, kind, str(rows)], check=True)  # noqa: S603


if __name__ == "__main__":
    main(sys.argv[1:])
