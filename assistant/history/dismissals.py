"""What people said about findings, and how often each rule was shown.

Of the findings that were shown it keeps fingerprints and rule codes, which cannot be read back.
Words are kept of dismissed findings, and of the latest outcome until the next one, so that a
finding can be dismissed by its fingerprint.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Literal

from assistant.errors import InputError
from assistant.history.database import today
from assistant.models import Finding, Noun

LONGEST = 2_000
"""Characters of a reason."""

DismissalKind = Literal["wrong", "accepted"]
"""``wrong``: the finding does not hold. ``accepted``: it holds and stays."""

SCHEMA = """
CREATE TABLE shown (fingerprint TEXT PRIMARY KEY, rule TEXT NOT NULL, first_on TEXT NOT NULL);
CREATE TABLE latest (
    fingerprint TEXT PRIMARY KEY, rule TEXT NOT NULL, words TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE dismissals (
    fingerprint TEXT PRIMARY KEY, rule TEXT NOT NULL, words TEXT NOT NULL, message TEXT NOT NULL,
    kind TEXT NOT NULL, reason TEXT NOT NULL, dismissed_on TEXT NOT NULL
);
"""


class Dismissal(Noun):
    """A finding that somebody has answered, with the words that it was about."""

    fingerprint: str
    rule: str
    words: str
    message: str
    kind: DismissalKind
    reason: str
    dismissed_on: date


class Feedback(Noun):
    """How one rule fares with its readers, in different findings."""

    rule: str
    shown: int
    wrong: int
    accepted: int

    @property
    def false_positives(self) -> float | None:
        """The share of the findings shown that were dismissed as wrong, from 0 to 1."""
        return self.wrong / self.shown if self.shown else None


class Dismissals:
    """The dismissals of one home folder, and what was shown."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def meet(self, findings: Iterable[Finding]) -> dict[str, Dismissal]:
        """Take note of the findings of one outcome.

        Args:
            findings: all of it that people would see if nothing were dismissed.

        Returns:
            The dismissals among them, by fingerprint.
        """
        met = {finding.fingerprint: finding for finding in findings}
        day = today().isoformat()
        with self._connection as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO shown VALUES (?, ?, ?)",
                [(key, item.rule, day) for key, item in met.items()],
            )
            connection.execute("DELETE FROM latest")
            connection.executemany(
                "INSERT INTO latest VALUES (?, ?, ?, ?, ?)",
                [
                    (key, item.rule, item.words, item.message, item.question or "")
                    for key, item in met.items()
                ],
            )
        return {item.fingerprint: item for item in self.dismissals() if item.fingerprint in met}

    def dismiss(self, fingerprint: str, reason: str, kind: DismissalKind = "wrong") -> Dismissal:
        """Dismiss a finding of the latest outcome; it comes back when its words change.

        Raises:
            InputError: the latest outcome has no such finding, or the reason is empty.
        """
        row = self._connection.execute(
            "SELECT rule, words, message FROM latest WHERE fingerprint = ?1 "
            "UNION ALL SELECT rule, words, message FROM dismissals WHERE fingerprint = ?1",
            (fingerprint,),
        ).fetchone()
        if row is None:
            raise InputError(
                f"The latest review or scan has no finding {fingerprint!r}. Run the review again "
                "and take the fingerprint from there; it begins with 'fnd-'."
            )
        return self._keep((fingerprint, *row), reason, kind)

    def dismiss_finding(
        self, finding: Finding, reason: str, kind: DismissalKind = "wrong"
    ) -> Dismissal:
        """Dismiss a finding that is at hand, whichever outcome it belongs to.

        Raises:
            InputError: the reason is empty or too long.
        """
        found = (finding.fingerprint, finding.rule, finding.words, finding.message)
        return self._keep(found, reason, kind)

    def _keep(self, found: tuple[str, ...], reason: str, kind: DismissalKind) -> Dismissal:
        if not reason.strip():
            raise InputError("A dismissal needs a reason. Say in a few words why.")
        said = " ".join(reason.split())
        if len(said) > LONGEST:
            raise InputError(
                f"The reason has {len(said):,} characters; {LONGEST:,} are kept. Say it shorter."
            )
        row = (*found, kind, said, today().isoformat())
        with self._connection as connection:
            connection.execute(
                "INSERT OR IGNORE INTO shown VALUES (?, ?, ?)", (*found[:2], row[-1])
            )
            connection.execute(
                "INSERT OR REPLACE INTO dismissals VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )
        return _dismissal(row)

    def restore(self, fingerprint: str) -> Dismissal:
        """Take a dismissal back.

        Raises:
            InputError: there is no such dismissal.
        """
        found = next((item for item in self.dismissals() if item.fingerprint == fingerprint), None)
        if found is None:
            raise InputError(
                f"The finding {fingerprint!r} is not dismissed. `okr dismissals` lists those that are."
            )
        with self._connection as connection:
            connection.execute("DELETE FROM dismissals WHERE fingerprint = ?", (fingerprint,))
        return found

    def dismissals(self) -> tuple[Dismissal, ...]:
        """Every dismissal, by rule, then words."""
        rows = self._connection.execute(
            "SELECT * FROM dismissals ORDER BY rule, words, fingerprint"
        )
        return tuple(_dismissal(row) for row in rows)

    def feedback(self) -> dict[str, Feedback]:
        """For every rule ever shown, in how many different findings, and what became of them."""
        rows = self._connection.execute(
            "SELECT shown.rule, COUNT(*), COUNT(*) FILTER (WHERE kind = 'wrong'), "
            "COUNT(*) FILTER (WHERE kind = 'accepted') "
            "FROM shown LEFT JOIN dismissals USING (fingerprint) GROUP BY shown.rule"
        )
        found = (Feedback(rule=r, shown=s, wrong=w, accepted=a) for r, s, w, a in rows)
        return {item.rule: item for item in found}


def _dismissal(row: tuple[str, ...]) -> Dismissal:
    return Dismissal.model_validate(dict(zip(Dismissal.model_fields, row, strict=True)))
