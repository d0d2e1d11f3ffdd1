"""What people said about findings, and what earlier scans found: one SQLite file at home."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.history import answers, dismissals, outcomes, scans
from assistant.history.answers import Answers, TeamAnswer
from assistant.history.database import FILE, HistoryUnavailable, connected
from assistant.history.dismissals import Dismissal, DismissalKind, Dismissals, Feedback
from assistant.history.outcomes import Outcome, Outcomes
from assistant.history.scans import LAST, Scans, Snapshot, Tally, scope_of

__all__ = [
    "FILE",
    "LAST",
    "Dismissal",
    "DismissalKind",
    "Feedback",
    "History",
    "HistoryUnavailable",
    "Outcome",
    "Snapshot",
    "Tally",
    "TeamAnswer",
    "opened",
    "scope_of",
]

_SCHEMAS = (dismissals.SCHEMA, scans.SCHEMA, scans.TALLIES, answers.SCHEMA, outcomes.SCHEMA)


class History(Dismissals, Answers, Scans, Outcomes):
    """The history of one home folder. Open it for one task at a time with :func:`opened`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection


@contextmanager
def opened(home: Path) -> Iterator[History]:
    """Open the history of a home folder, which is made if it is not there.

    Raises:
        HistoryUnavailable: it cannot be opened, read or written; the message says why.
    """
    with connected(home, _SCHEMAS) as connection:
        yield History(connection)
