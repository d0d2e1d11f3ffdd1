"""The latest scan of each scope in full, so that it can be looked at again without scanning."""

from __future__ import annotations

import sqlite3
import zlib
from datetime import datetime

from pydantic import ValidationError

from assistant.models import Noun, Organisation, Scan

_KEPT = 24
"""How many scopes have their latest scan kept."""

_LEVEL = 1
"""How hard to compress: a scan of thousands of objectives should not wait for its keeping."""

SCHEMA = """
CREATE TABLE outcomes (scope TEXT PRIMARY KEY, taken_at TEXT NOT NULL, content BLOB NOT NULL)
"""


class Outcome(Noun):
    """A scan with the organisation as it was then; of its documents without the passages."""

    scan: Scan
    organisation: Organisation


class Outcomes:
    """The latest scans of one home folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep_outcome(self, scope: str, scan: Scan, organisation: Organisation) -> None:
        """Keep a scan in place of the one before.

        Args:
            scope: see :func:`assistant.history.scope_of`.
            scan: with everything that was found.
            organisation: what it was found in.
        """
        bare = tuple(item.model_copy(update={"passages": ()}) for item in organisation.documents)
        kept = Outcome(scan=scan, organisation=organisation.model_copy(update={"documents": bare}))
        content = zlib.compress(kept.model_dump_json(exclude_defaults=True).encode(), _LEVEL)
        with self._connection as connection:
            connection.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?)",
                (scope, scan.taken_at.isoformat(), content),
            )
            connection.execute(_FORGET, (_KEPT,))

    def outcome_taken_at(self, scope: str) -> datetime | None:
        """When the scan that is kept of a scope was taken; None where none is."""
        found = self._connection.execute(
            "SELECT taken_at FROM outcomes WHERE scope = ?", (scope,)
        ).fetchone()
        return datetime.fromisoformat(found[0]) if found else None

    def outcome(self, scope: str) -> Outcome | None:
        """The scan that is kept of a scope; None where none is, or it cannot be read any more."""
        found = self._connection.execute(
            "SELECT content FROM outcomes WHERE scope = ?", (scope,)
        ).fetchone()
        if found is None:
            return None
        try:
            return Outcome.model_validate_json(zlib.decompress(found[0]))
        except (ValidationError, zlib.error):
            return None


_FORGET = """
DELETE FROM outcomes
WHERE scope NOT IN (SELECT scope FROM outcomes ORDER BY taken_at DESC LIMIT ?)
"""
