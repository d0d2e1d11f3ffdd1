"""What earlier scans found, so that a later one can tell what has changed.

Of each scan it keeps the messages of its findings and the words of the objectives, and only for
the readers who were allowed to see them: a scan is compared with those of the same team that were
taken for the same audiences.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from datetime import date, datetime

from pydantic import Field, ValidationError

from assistant.errors import InputError
from assistant.models import EdgeVerdict, Noun, Severity, stable_id

LAST = "LAST"
_BETWEEN = "\x1f"
_KEPT = 24
"""How many of the latest scans are kept of one team and one set of audiences."""

_MONTHS = 60
"""For how many further months the first scan of the month is kept beside them."""

SCHEMA = """
CREATE TABLE scans (
    id TEXT PRIMARY KEY, taken_at TEXT NOT NULL, scope TEXT NOT NULL, findings INTEGER NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX scans_in_order ON scans (scope, taken_at);
"""
TALLIES = "ALTER TABLE scans ADD COLUMN tally TEXT NOT NULL DEFAULT ''"


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
        parents: what it is said to serve, shortened.
        fields: of each further field that is filled, something that changes when it does.
        words: changes when its text or that of a key result does.
        whole: changes when anything about it does.
    """

    id: str
    text: str
    team_id: str | None = None
    cycle_id: str | None = None
    key_results: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    fields: dict[str, str] = Field(default_factory=dict)
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


class Tally(Noun):
    """A scan in a few counts, so that scans can be listed and drawn side by side.

    Attributes:
        id: names the scan.
        taken_at: in UTC.
        team: the name of the team that was looked at; empty for all.
        objectives: how many were looked at.
        judged: declared links with a verdict; of these ``drifted`` and ``look``.
        conflicts: findings of a conflict.
        grave: errors and warnings.
        findings: all of them.
    """

    id: str
    taken_at: datetime
    team: str = ""
    objectives: int
    judged: int
    drifted: int
    look: int
    conflicts: int
    grave: int
    findings: int


class Snapshot(Noun):
    """What is remembered of a scan.

    Attributes:
        taken_at: in UTC.
        team: the id of the team that was looked at, None for all.
        team_name: what that team is called.
        looked_at: how many objectives were looked at; None where all that are named here were.
        audiences: for whom it was taken, in order.
        profile: the name of the profile.
        rules: changes when the rules or their settings do.
    """

    taken_at: datetime
    team: str | None = None
    team_name: str = ""
    looked_at: int | None = None
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
        return scope_of(self.team, self.audiences)

    @property
    def tally(self) -> Tally:
        """It in a few counts."""
        verdicts = [item.verdict for item in self.edges]
        return Tally(
            id=self.id,
            taken_at=self.taken_at,
            team=self.team_name or self.team or "",
            objectives=len(self.objectives) if self.looked_at is None else self.looked_at,
            judged=len(verdicts) - verdicts.count("unclear"),
            drifted=verdicts.count("drifted"),
            look=verdicts.count("look"),
            conflicts=sum(item.rule == "A5" for item in self.findings),
            grave=sum(item.severity != "info" for item in self.findings),
            findings=len(self.findings),
        )


def scope_of(team: str | None, audiences: tuple[str, ...]) -> str:
    """What scans can be compared with each other: the same team, for the same audiences."""
    return _BETWEEN.join((team or "", *audiences))


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
        tally = snapshot.tally.model_dump_json()
        with self._connection as connection:
            connection.execute(
                "INSERT OR REPLACE INTO scans (id, taken_at, scope, findings, content, tally) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (*row, len(snapshot.findings), content, tally),
            )
            connection.execute(_FORGET, (snapshot.scope, _KEPT, _MONTHS))
        return snapshot.id

    def scans(self, scope: str) -> tuple[Tally, ...]:
        """The scans of one scope, newest first."""
        return self._tallies("scope = ?", scope)

    def all_scans(self, audiences: tuple[str, ...]) -> tuple[Tally, ...]:
        """The scans of any team that were taken for these audiences, newest first."""
        return self._tallies("substr(scope, instr(scope || ?1, ?1)) = ?2", *_tail(audiences))

    def _tallies(self, condition: str, *values: str) -> tuple[Tally, ...]:
        rows = self._connection.execute(
            f"SELECT id, tally FROM scans WHERE {condition} ORDER BY taken_at DESC",  # noqa: S608
            values,
        ).fetchall()
        found = (_tally(tally) or self._old_tally(key) for key, tally in rows)
        return tuple(item for item in found if item)

    def _old_tally(self, scan_id: str) -> Tally | None:
        """Of a scan that was kept before there were tallies."""
        kept = _read(self._content(scan_id))
        return kept.tally if kept else None

    def snapshots(self, scope: str) -> Iterator[Snapshot]:
        """The scans of one scope in full, oldest first; what cannot be read any more is left out."""
        ids = self._connection.execute(
            "SELECT id FROM scans WHERE scope = ? ORDER BY taken_at", (scope,)
        ).fetchall()
        for (key,) in ids:
            found = _read(self._content(key))
            if found:
                yield found

    def scan_since(self, since: str, scope: str, *, before: datetime | None = None) -> Snapshot:
        """An earlier scan.

        Args:
            since: ``LAST``; a day such as ``2026-09-30``, for the last scan taken on it or
                before; or an id, of which the beginning is enough.
            scope: that of the present scan.
            before: when the present scan was taken, where it is kept already.

        Raises:
            InputError: there is no such scan of that scope, or it cannot be read any more.
        """
        kept = tuple(item for item in self.scans(scope) if before is None or item.taken_at < before)
        if not kept:
            raise InputError(
                "There is no earlier scan of the same teams and audiences to compare with. "
                "Run `okr scan` once; the next one can be compared."
            )
        chosen = _chosen(since.strip(), kept)
        found = _read(self._content(chosen.id))
        if found is None:
            raise InputError(
                f"The scan {chosen.id} was kept by another version of okr and cannot be compared. "
                "Name a later one."
            )
        return found

    def _content(self, scan_id: str) -> bytes:
        row = self._connection.execute("SELECT content FROM scans WHERE id = ?", (scan_id,))
        return bytes(row.fetchone()[0])


_FORGET = """
DELETE FROM scans WHERE scope = ?1
AND id NOT IN (SELECT id FROM scans WHERE scope = ?1 ORDER BY taken_at DESC LIMIT ?2)
AND taken_at NOT IN (
    SELECT MIN(taken_at) FROM scans WHERE scope = ?1
    GROUP BY substr(taken_at, 1, 7) ORDER BY 1 DESC LIMIT ?3
)
"""


def _tail(audiences: tuple[str, ...]) -> tuple[str, str]:
    """What stands between a team and its audiences in a scope, and all from there on."""
    return _BETWEEN, "".join(f"{_BETWEEN}{item}" for item in audiences)


def _tally(content: str) -> Tally | None:
    return Tally.model_validate_json(content) if content else None


def _read(content: bytes) -> Snapshot | None:
    try:
        return Snapshot.model_validate_json(zlib.decompress(content))
    except (ValidationError, zlib.error):
        return None


def _chosen(since: str, kept: tuple[Tally, ...]) -> Tally:
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


def _by_id(since: str, kept: tuple[Tally, ...]) -> Tally:
    found = [item for item in kept if since and item.id.startswith(since)]
    if len(found) != 1:
        first = ", ".join(f"{item.id} ({item.taken_at.date().isoformat()})" for item in kept[:5])
        raise InputError(
            f"{since!r} names no scan. Give LAST, a day such as 2026-09-30, or one of: {first}. "
            "`okr scans` lists them all."
        )
    return found[0]
