"""The SQLite file of the history: opened, made, brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.errors import OkrError

FILE = "history.sqlite"
_MOST_SECONDS = 5.0
"""How long to wait for another process that is writing."""


class HistoryUnavailable(OkrError):
    """The history cannot be opened, read or written."""


@contextmanager
def connected(home: Path, schemas: Sequence[str]) -> Iterator[sqlite3.Connection]:
    """Connect to the history of a home folder; folder and file are made if they are not there.

    Args:
        home: the folder.
        schemas: the statements that lead from each version of the file to the next, from none.

    Raises:
        HistoryUnavailable: it cannot be opened, read or written; the message says why.
    """
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_MOST_SECONDS)
    except (OSError, sqlite3.Error) as error:
        raise _unavailable(path, error) from None
    try:
        _prepare(connection, path, schemas)
        yield connection
    except sqlite3.Error as error:
        raise _unavailable(path, error) from None
    finally:
        connection.close()


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def _prepare(connection: sqlite3.Connection, path: Path, schemas: Sequence[str]) -> None:
    # A dismissal lost in a power cut is a nuisance; a sync to disk on every review is a worse one.
    connection.execute("PRAGMA synchronous = OFF")
    version = _version(connection)
    if version > len(schemas):
        raise HistoryUnavailable(
            f"The history '{path}' was made by another version of okr. "
            "Use that version, or move the file away to begin anew."
        )
    if version == len(schemas):
        return
    connection.execute("BEGIN IMMEDIATE")
    for number, schema in enumerate(schemas, start=1):
        if number > _version(connection):
            for statement in filter(str.strip, schema.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    connection.commit()


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _unavailable(path: Path, error: Exception) -> HistoryUnavailable:
    reason = getattr(error, "strerror", None) or error
    return HistoryUnavailable(
        f"The history '{path}' cannot be used ({reason}). Make its folder writable or move the "
        "file away; OKR_HISTORY=false does without it."
    )
