# ruff: noqa: INP001 (a script: its folder is no package)
"""How fast, beside only reading and beside other tools: `make bench`, or `python bench/run.py`.

Makes two tables, lets Tideline and the others compare them in turn (A B A B), and writes a page of
medians and of ratios within a round. Environments and tables stay in `.bench/` for the next time.

    python bench/run.py --rows 1000000 30000000 --forms parquet --only tideline

measures peak memory against rows; `--rows 5000 --only tideline --rounds 1` tries the script.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from speed.contenders import CSV, PARQUET, TIDELINE, Ready, prepared
from speed.measured import Goal, Setting, goals, memory
from speed.page import page
from speed.processes import ROOT, Cost, Failed, run

_SPEED = Path(__file__).resolve().parent / "speed"


def asked(words: Sequence[str]) -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description="Measure Tideline beside others.")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--forms", nargs="+", choices=[CSV, PARQUET], default=[CSV, PARQUET])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow-rounds", type=int, default=2, help="of the other tools")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="tideline polars ...")
    parser.add_argument("--goals", action="store_true", help="measure start-up and settings, too")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench")
    parser.add_argument("--out", type=Path, help="the page; else FOLDER/results.md")
    return parser.parse_args(words)


def measured(
    contenders: Sequence[Ready], tables: Path, form: str, rounds: tuple[int, int]
) -> tuple[list[dict[str, Cost]], dict[str, str]]:
    """Let all run in turn, in so many rounds, the slow ones in fewer."""
    found: list[dict[str, Cost]] = []
    problems = {each.contender.name: each.problem for each in contenders if each.problem}
    for number in range(rounds[0]):
        costs: dict[str, Cost] = {}
        for each in contenders:
            name = each.contender.name
            left_out = each.contender.slow and number >= rounds[1]
            if left_out or name in problems or form not in each.contender.forms:
                continue
            try:
                costs[name] = run(each.command(tables, form))
            except Failed as problem:
                problems[name] = str(problem)
                continue
            sys.stderr.write(f"{form}, round {number + 1}, {name}: {costs[name]}\n")
        found.append(costs)
    return found, problems


def settings(chosen: argparse.Namespace) -> list[Setting]:
    """Measure every number of rows in every form; large tables do not stay."""
    contenders = list(prepared(chosen.only, chosen.folder.resolve() / "environments"))
    found = []
    for rows in chosen.rows:
        tables = chosen.folder.resolve() / f"{rows}x{chosen.columns}"
        made = [sys.executable, str(_SPEED / "data.py"), str(tables), "--rows", str(rows)]
        run([*made, "--columns", str(chosen.columns), "--forms", *chosen.forms])
        for form in chosen.forms:
            rounds = measured(contenders, tables, form, (chosen.rounds, chosen.slow_rounds))
            found.append(Setting(rows, chosen.columns, form, *rounds))
        if rows != min(chosen.rows):
            shutil.rmtree(tables)
    return found


def inside() -> list[Goal]:
    """Measure the goals that need no other program, in a process of their own."""
    command = [sys.executable, str(_SPEED / "insides.py")]
    said = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return [Goal(*json.loads(line)) for line in said.stdout.splitlines()]


def main(words: Sequence[str]) -> None:
    """Measure, and write the page."""
    chosen = asked(words)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    found = settings(chosen)
    reached = [*goals(found, TIDELINE), *memory(found, TIDELINE)]
    text = page(found, [*reached, *(inside() if chosen.goals else [])], TIDELINE)
    sys.stdout.write(text)
    (chosen.out or chosen.folder / "results.md").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])
