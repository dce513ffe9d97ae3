# ruff: noqa: INP001 (a script: its folder is no package)
"""Simulate what the method promises, and write core/CERTIFICATE.md: `python bench/certificate.py`.

Every cell has random numbers of its own, so the figures do not depend on the number of processes.
With `--quick` a tenth of the repetitions, and the page goes to stdout. Progress goes to stderr. The
exit code is 1 where a promise is broken.
"""

import sys
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

from calibration import chunked, drifts, pages, rules, stable

from core.storing.files import write_atomically

PROCESSES = 2
_STEP = 20  # cells between two words of progress
PAGE = Path(__file__).parent.parent / "core" / "CERTIFICATE.md"

STUDIES = {
    "stable": stable.tasks,
    "together": drifts.together_tasks,
    "windows": drifts.window_tasks,
    "power": drifts.power_tasks,
    "edges": rules.edge_tasks,
    "labels": rules.label_tasks,
    "chunked": chunked.tasks,
}


def simulate(tasks: Mapping[tuple[str, Any], partial[Any]]) -> dict[tuple[str, Any], Any]:
    """Run all tasks and give their results in the same order."""
    started, found = time.monotonic(), {}
    with ProcessPoolExecutor(PROCESSES) as pool:
        names = {pool.submit(task): name for name, task in tasks.items()}
        for done, future in enumerate(as_completed(names), 1):
            found[names[future]] = future.result()
            if done % _STEP == 0 or done == len(tasks):
                sys.stderr.write(f"{done} of {len(tasks)}, {time.monotonic() - started:.0f} s\n")
    return {name: found[name] for name in tasks}


def main(arguments: list[str]) -> int:
    """Run all studies and write the page."""
    quick = "--quick" in arguments
    found = simulate(
        {
            (study, key): task
            for study, tasks in STUDIES.items()
            for key, task in tasks(quick=quick).items()
        }
    )
    results = {
        study: {key: result for (at, key), result in found.items() if at == study}
        for study in STUDIES
    }
    page = pages.page(results, seconds=pages.cost())
    if quick:
        sys.stdout.write(page)
    else:
        write_atomically(PAGE, page)
    broken = pages.broken(results)
    sys.stderr.write("".join(f"does not hold: {line}\n" for line in broken))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
