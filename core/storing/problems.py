"""What can be wrong with a history, each told in one sentence: what, where, what to do now."""

import shlex
import sqlite3

import sqlalchemy as sql


class HistoryProblem(ValueError):
    """A history cannot be read or written; `code` tells machines why."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


def newer(where: str) -> HistoryProblem:
    """Say that a later version of the product wrote the history."""
    sentence = f"The history {where} was written by a newer version of Tideline; update this one."
    return HistoryProblem("history_newer", sentence)


def read_only(where: str) -> HistoryProblem:
    """Say that the history can be read only."""
    sentence = (
        f"The history {where} cannot be written: the file or its folder is read-only. Let the user "
        "of this job own both, or choose another place with url in [history]."
    )
    return HistoryProblem("history_read_only", sentence)


def on_network(where: str, kind: str) -> HistoryProblem:
    """Say that the history lies where SQLite's locks cannot be trusted."""
    sentence = (
        f"The history {where} is on a network folder ({kind}), where SQLite would lose writes. Put "
        "it on a local disk, or use PostgreSQL: url in [history] = "
        '"postgresql+psycopg://user:${PASSWORD}@host/name".'
    )
    return HistoryProblem("history_on_network", sentence)


def damaged(where: str, what: str) -> HistoryProblem:
    """Say that the history is damaged, and how to go on."""
    sentence = f"The history {where} is damaged ({what}). "
    if "://" in where:
        return HistoryProblem("history_damaged", f"{sentence}Restore it from a backup.")
    name, saved = shlex.quote(where), shlex.quote(f"{where}.damaged")
    sentence += (
        f"Set it aside with: mv {name} {saved} ; the next run begins a new one. What can be saved: "
        f"sqlite3 {saved} .recover | sqlite3 {name}"
    )
    return HistoryProblem("history_damaged", sentence)


def translated(error: sql.exc.SQLAlchemyError, where: str) -> HistoryProblem:
    """Turn an error of the database into a sentence, without what the settings keep secret."""
    cause = getattr(error, "orig", None) or error
    words = str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__
    if "disk is full" in words or "No space left" in words:
        sentence = f"The history {where} could not be written: the disk is full. Free some space."
        return HistoryProblem("disk_full", sentence)
    if "is locked" in words:
        sentence = f"The history {where} was busy for too long. Run again in a moment."
        return HistoryProblem("history_busy", sentence)
    if "I/O error" in words:
        sentence = f"The history {where} cannot be read or written ({words}). Check its disk."
        return HistoryProblem("history_disk", sentence)
    if "readonly" in words or "read-only" in words:
        return read_only(where)
    if "unable to open" in words:
        sentence = f"The history {where} cannot be opened. Check that its folder exists."
        return HistoryProblem("history_not_opened", sentence)
    if isinstance(cause, sqlite3.DatabaseError):
        return damaged(where, words)
    sentence = f"The history {where} does not answer ({words}). Check the server, then run again."
    return HistoryProblem("history_away", sentence)
