"""What earlier scans found, so that a later one can tell what has changed.

Of each scan it keeps the messages of its findings and the words of the objectives, and only for
the readers who were allowed to see them: a scan is compared with those of the same team that were
taken for the same audiences.
"""

from __future__ import annotations

import sqlite3
import zlib
from datetime import date, datetime

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.models import EdgeVerdict, Noun, Severity, stable_id

LAST = "LAST"
_KEPT = 24
"""How many scans are kept of one team and one set of audiences."""

SCHEMA = """
CREATE TABLE scans (
    id TEXT PRIMARY KEY, taken_at TEXT NOT NULL, scope TEXT NOT NULL, findings INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX scans_in_order ON scans (scope, taken_at);
"""


class SeenFinding(Noun):
    """A finding as a scan showed it; ``about`` are ids of objectives and documents behind it."""

    fingerprint: str
    rule: str
    severity: Severity
    message: str
    objective_id: str
    about: tuple[str, ...] = ()


class SeenObjective(Noun):
    """An objective at the time of a scan.

    Attributes:
        text: its words, shortened.
        words: changes when its text or that of a key result does.
        whole: changes when anything about it does.
    """

    id: str
    text: str
    team_id: str | None = None
    cycle_id: str | None = None
    key_results: tuple[str, ...] = ()
    words: str
    whole: str


class SeenDocument(Noun):
    """A document at the time of a scan; ``words`` changes when its text does."""

    id: str
    title: str
    version: str | None = None
    published: date | None = None
    words: str


class SeenEdge(Noun):
    """The verdict on a declared link."""

    child_id: str
    parent_id: str
    verdict: EdgeVerdict


class SeenCoverage(Noun):
    """Who served a choice."""

    choice_id: str
    text: str
    served_by: tuple[str, ...] = ()


class Snapshot(Noun):
    """What is remembered of a scan.

    Attributes:
        taken_at: in UTC.
        team: the id of the team that was looked at, None for all.
        audiences: for whom it was taken, in order.
        profile: the name of the profile.
        rules: changes when the rules or their settings do.
    """

    taken_at: datetime
    team: str | None = None
    audiences: tuple[str, ...] = ()
    profile: str = "default"
    rules: str = ""
    findings: tuple[SeenFinding, ...] = ()
    objectives: tuple[SeenObjective, ...] = ()
    documents: tuple[SeenDocument, ...] = ()
    edges: tuple[SeenEdge, ...] = ()
    coverage: tuple[SeenCoverage, ...] = ()

    @property
    def id(self) -> str:
        """Names the scan: ``scan-`` and twelve hexadecimal digits."""
        return stable_id("scan", self.taken_at.isoformat(), self.scope)

    @property
    def scope(self) -> str:
        """Scans of one scope can be compared."""
        return "\x1f".join((self.team or "", *self.audiences))


class KeptScan(Noun):
    """One line of the list of scans."""

    id: str
    taken_at: datetime
    findings: int


class Scans:
    """The scans of one home folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep_scan(self, snapshot: Snapshot) -> str:
        """Remember a scan, and forget the oldest of its scope where there are many.

        Returns:
            Its id.
        """
        content = zlib.compress(snapshot.model_dump_json(exclude_defaults=True).encode())
        row = (snapshot.id, snapshot.taken_at.isoformat(), snapshot.scope)
        with self._connection as connection:
            connection.execute(
                "INSERT OR REPLACE INTO scans VALUES (?, ?, ?, ?, ?)",
                (*row, len(snapshot.findings), content),
            )
            connection.execute(
                "DELETE FROM scans WHERE scope = ?1 AND id NOT IN "
                "(SELECT id FROM scans WHERE scope = ?1 ORDER BY taken_at DESC LIMIT ?2)",
                (snapshot.scope, _KEPT),
            )
        return snapshot.id

    def scans(self, scope: str) -> tuple[KeptScan, ...]:
        """The scans of one scope, newest first."""
        rows = self._connection.execute(
            "SELECT id, taken_at, findings FROM scans WHERE scope = ? ORDER BY taken_at DESC",
            (scope,),
        )
        return tuple(KeptScan(id=row[0], taken_at=row[1], findings=row[2]) for row in rows)

    def scan_since(self, since: str, scope: str) -> Snapshot:
        """An earlier scan.

        Args:
            since: ``LAST``; a day such as ``2026-09-30``, for the last scan taken on it or
                before; or an id, of which the beginning is enough.
            scope: that of the present scan.

        Raises:
            InputError: there is no such scan of that scope, or it cannot be read any more.
        """
        kept = self.scans(scope)
        if not kept:
            raise InputError(
                "There is no earlier scan of the same teams and audiences to compare with. "
                "Run `okr scan` once; the next one can be compared."
            )
        chosen = _chosen(since.strip(), kept)
        (content,) = self._connection.execute(
            "SELECT content FROM scans WHERE id = ?", (chosen.id,)
        ).fetchone()
        try:
            return Snapshot.model_validate_json(zlib.decompress(content))
        except (ValidationError, zlib.error):
            raise InputError(
                f"The scan {chosen.id} was kept by another version of okr and cannot be compared. "
                "Name a later one."
            ) from None


def _chosen(since: str, kept: tuple[KeptScan, ...]) -> KeptScan:
    if since.upper() == LAST:
        return kept[0]
    try:
        day = date.fromisoformat(since)
    except ValueError:
        return _by_id(since, kept)
    found = next((item for item in kept if item.taken_at.date() <= day), None)
    if found is None:
        raise InputError(
            f"There is no scan from {since} or before; the first is of "
            f"{kept[-1].taken_at.date().isoformat()}."
        )
    return found


def _by_id(since: str, kept: tuple[KeptScan, ...]) -> KeptScan:
    found = [item for item in kept if since and item.id.startswith(since)]
    if len(found) != 1:
        first = ", ".join(f"{item.id} ({item.taken_at.date().isoformat()})" for item in kept[:5])
        raise InputError(
            f"{since!r} names no scan. Give LAST, a day such as 2026-09-30, or one of: {first}."
        )
    return found[0]
