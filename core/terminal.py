"""How a command speaks on a terminal: progress, the log, and what could not be written."""

import errno
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def log_plainly() -> None:
    """Send the log to stderr as one line a fault; with its traceback only where that is wanted."""
    if logging.getLogger().handlers:
        return  # whoever runs us has a log of their own
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("drift: %(message)s"))
    if not os.environ.get("TIDELINE_DEBUG"):
        handler.addFilter(_without_traceback)
    logging.getLogger().addHandler(handler)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def delivered(path: str, write: Callable[[], None]) -> bool:
    """Write one output; a failure is told and leaves the others their chance."""
    try:
        write()
    except OSError as error:
        code = "disk_full" if error.errno in _FULL else "not_written"
        click.echo(f"drift: {path} could not be written: {error.strerror}. [{code}]", err=True)
        return False
    return True


@contextmanager
def progress_shown(what: str) -> Iterator[Callable[[float], None]]:
    """Show the share that is done on a terminal; a log stays clean."""
    shown = sys.stderr.isatty()

    def show(share: float) -> None:
        if shown:
            click.echo(f"\r{what} {share:4.0%}", err=True, nl=False)

    yield show
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)
