"""The command line: `drift compare`, `profile`, `check`, `status`.

Exit codes: 0 answered without drift, 1 drift or a changed schema, 2 not answered, 3 answered
without drift but a report could not be written, 130 and 143 interrupted. Answers go to stdout,
progress, warnings and problems to stderr.
"""

import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from .terminal import delivered, log_plainly, progress_shown

ANSWERED, DRIFT, NOT_ANSWERED, NOT_DELIVERED = 0, 1, 2, 3
INTERRUPTED, TERMINATED = 130, 143
_DRIFT_VERDICTS = {"alert": {"drift"}, "warn": {"drift", "watch"}, "never": set[str]()}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; answer its exit code, never a traceback."""
    try:
        os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")  # else its threads wait in busy loops
        signal.signal(signal.SIGTERM, _terminated)
        log_plainly()
        code = drift.main(argv, prog_name="drift", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        return NOT_ANSWERED
    except click.ClickException as problem:
        return _refused(problem.format_message())
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else NOT_ANSWERED
    except Exception as error:  # noqa: BLE001 (exit 1 means drift, so nothing may escape)
        return _failed(error)
    return code if isinstance(code, int) else ANSWERED


def _terminated(_signal: int, _frame: object) -> None:
    raise SystemExit(TERMINATED)


def _refused(sentence: str) -> int:
    printable = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in sentence)
    print(f"drift: {''.join(printable)}", file=sys.stderr)  # noqa: T201 (click may be what failed)
    return NOT_ANSWERED


def _failed(error: Exception) -> int:
    with suppress(Exception):  # a broken installation fails here, too
        from .pipeline import PROBLEMS
        from .reporting.exports import UnknownFormat
        from .reporting.guards import AddressRefused
        from .scheduling.locks import AlreadyRunning
        from .storing.problems import HistoryProblem

        known = (UnknownFormat, AddressRefused, AlreadyRunning, HistoryProblem)
        if isinstance(error, (*PROBLEMS, *known)):
            return _refused(f"{error} [{_code(error)}]")
    if os.environ.get("TIDELINE_DEBUG"):
        traceback.print_exception(error)
    what = str(error).splitlines()[0] if str(error) else "no details"
    return _refused(f"internal error: {what}. Set TIDELINE_DEBUG=1 to see where, and report it.")


def _code(problem: Exception) -> str:
    faults: list[tuple[str, str]] = getattr(problem, "faults", [])
    return getattr(problem, "code", None) or ", ".join(dict.fromkeys(c for c, _ in faults))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tideline", prog_name="drift")
def drift() -> None:
    """Has my data drifted? Which features, how, and is it more than chance?"""


@drift.command()
@click.argument("reference")
@click.argument("live")
@click.option("--settings", "settings_file", metavar="FILE", help="Settings as TOML.")
@click.option(
    "--out",
    "outputs",
    metavar="PATH",
    multiple=True,
    help="Write a report; the suffix is the format (.html .json .md .csv .xml .prom .txt).",
)
@click.option(
    "--chunk-by",
    metavar="COLUMN",
    help="A time column: its windows tell how much the data differ by nature.",
)
@click.option("--every", metavar="SPAN", help="The length of these windows: 6h, 1d, 1w, 1mo.")
@click.option("--group-by", metavar="COLUMN", help="A column whose rows belong together.")
@click.option("--segments", metavar="COLUMN", help="Tell a changed mix of its values apart.")
@click.option("--pairs", flag_value="all", help="Compare how columns depend on each other, too.")
@click.option("--label", metavar="COLUMN", help="What really happened: does a feature still tell?")
@click.option("--predictions", metavar="COLUMN", multiple=True, help="A model's scores or labels.")
@click.option("--logits", metavar="COLUMN", multiple=True, help="Scores before the logistic.")
@click.option(
    "--windows",
    metavar="SPAN",
    help="Follow live over time: 1h, 1d, 1w, 1mo (along time_column), or '5000 rows'.",
)
@click.option("--zone", metavar="ZONE", help="The clock that windows follow (Europe/Oslo); UTC.")
@click.option(
    "--as",
    "compare_as",
    metavar="TOOL",
    help="Beside ours, the number by the rule of evidently, nannyml, frouros, popmon, whylogs, "
    "tfdv or azure.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(_DRIFT_VERDICTS)),
    default="alert",
    show_default=True,
    help="The level of drift that ends with exit code 1.",
)
def compare(
    reference: str,
    live: str,
    settings_file: str | None,
    outputs: tuple[str, ...],
    fail_on: str,
    **chunks: Any,
) -> int:
    """Compare LIVE with REFERENCE: tables (CSV, Parquet) or saved profiles.

    Exit codes: 0 no drift, 1 drift or a column is missing or changed its type, 2 the question could
    not be answered, 3 answered without drift but a report could not be written.
    """
    from .pipeline import Chunking, check
    from .reporting.exports import require_suffix, write
    from .reporting.exports.text import render
    from .settings import Settings

    _require_fitting(chunks)
    span, zone = chunks.pop("windows"), chunks.pop("zone")
    for path in outputs:
        require_suffix(path)
        if os.path.realpath(path) in {os.path.realpath(side) for side in (reference, live)}:
            raise click.UsageError(f"{path} is one of the tables: a report must not replace it.")
    settings = Settings.load(settings_file) if settings_file else Settings()
    settings = settings.with_choices({key: value for key, value in chunks.items() if value})
    column = None if settings.time_column == "none" else settings.time_column
    windows = Chunking(column, span, zone or "UTC") if span else None
    with progress_shown("Comparing") as progress:
        report = check(reference, live, settings, windows=windows, progress=progress)
    for warning in report.warnings:
        click.echo(f"warning: {_told(warning.role, warning.message, warning.code)}", err=True)
    text = render(report)
    click.echo(text.partition("\n")[0] if outputs else text, nl=bool(outputs))
    done = [delivered(path, partial(write, report, Path(path))) for path in outputs]
    if any(feature.code == "internal_error" for feature in report.features):
        return NOT_ANSWERED
    if report.is_incomplete or report.verdict in _DRIFT_VERDICTS[fail_on]:
        return DRIFT
    return ANSWERED if all(done) else NOT_DELIVERED


def _told(role: str | None, message: str, code: str) -> str:
    from .reporting.words import visible

    return visible(f"{role or 'both'}: {message} [{code}]")


def _require_fitting(chunks: Mapping[str, object]) -> None:
    """Refuse options that say nothing together."""
    if chunks["every"] and not chunks["chunk_by"]:
        raise click.UsageError("--every needs --chunk-by: the time column that it cuts.")
    if chunks["zone"] and not chunks["windows"]:
        raise click.UsageError("--zone needs --windows: the windows that follow its clock.")
    if chunks["windows"] and (chunks["chunk_by"] or chunks["group_by"]):
        raise click.UsageError("--windows cuts by time: leave --chunk-by and --group-by away.")


@drift.command()
@click.argument("source")
@click.option("--out", "output", metavar="PROFILE", required=True, help="File to write (.profile).")
@click.option("--settings", "settings_file", metavar="FILE", help="Settings as TOML.")
def profile(source: str, output: str, settings_file: str | None) -> int:
    """Count SOURCE once and keep the profile: small, no rows in it, compared at any time."""
    from .pipeline import profile as count
    from .settings import Settings

    if Path(output).suffix != ".profile":
        raise click.UsageError(f"{output}: a profile's name ends with .profile")
    settings = Settings.load(settings_file) if settings_file else Settings()
    with progress_shown("Counting") as progress:
        counted = count(source, settings, progress=progress)
    return ANSWERED if delivered(output, lambda: counted.save(Path(output))) else NOT_ANSWERED


@drift.command()
@click.option(
    "--settings", "settings_file", metavar="FILE", required=True, help="Settings as TOML."
)
@click.option(
    "--dry-run", "dry", is_flag=True, help="Read and judge; store, write and tell nothing."
)
def check(settings_file: str, *, dry: bool) -> int:
    """Do the scheduled run: read, count by windows, store, judge, report, tell.

    Doing it again is harmless. Exit codes: 0 no drift, 1 drift or a column is missing or changed
    its type, 2 the question could not be answered or the history is damaged, 3 answered without
    drift but something could not be stored, written or delivered.
    """
    from .reporting.exports.text import render
    from .reporting.words import visible
    from .schedules import Schedule
    from .scheduling import checks

    schedule = Schedule.load(settings_file)
    for code, words in schedule.warnings:
        click.echo(f"warning: {words} [{code}]", err=True)
    with progress_shown("Counting") as progress:
        run = checks.check(schedule, dry=dry, progress=progress)
    for warning in run.report.warnings if run.report else ():
        if (warning.code, warning.message) not in schedule.warnings:
            click.echo(f"warning: {_told(warning.role, warning.message, warning.code)}", err=True)
    for code, words in run.problems:
        click.echo(f"drift: {visible(words)} [{code}]", err=True)
    click.echo(visible(checks.sentence(run)))
    if dry:
        click.echo(render(run.report) if run.report else "", nl=False)
        paths = ", ".join(checks.outputs(run)) or "no report, [report] names none"
        click.echo(f"Dry run: nothing was stored, written or sent. It would write: {paths}.")
    return run.code


@drift.command()
@click.option(
    "--settings", "settings_file", metavar="FILE", required=True, help="Settings as TOML."
)
def status(settings_file: str) -> int:
    """Tell whether the scheduled run is alive and what it last said; 1: it is overdue."""
    from .reporting.words import visible
    from .schedules import Schedule
    from .scheduling import states

    found = states.status(Schedule.load(settings_file))
    for line in found.lines:
        click.echo(visible(line))
    return DRIFT if found.overdue else ANSWERED
