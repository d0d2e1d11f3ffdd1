"""What teams have answered to the questions of findings.

Words are kept: the finding's, its question's and the answer's, until the answer is taken back.
"""

from __future__ import annotations

import sqlite3
from datetime import date

from assistant.errors import InputError
from assistant.history.database import today
from assistant.models import Finding, Noun

LONGEST = 2_000
"""Characters of one answer."""

SCHEMA = """
ALTER TABLE latest ADD COLUMN question TEXT NOT NULL DEFAULT '';
CREATE TABLE answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL, rule TEXT NOT NULL,
    words TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, answered_on TEXT NOT NULL
);
CREATE INDEX answers_to ON answers (fingerprint);
"""


class TeamAnswer(Noun):
    """An answer to one finding, with the words that the finding is about."""

    fingerprint: str
    rule: str
    words: str
    question: str
    answer: str
    answered_on: date


class Answers:
    """The answers of one home folder."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def answer(self, fingerprint: str, text: str) -> TeamAnswer:
        """Keep an answer to a finding of the latest outcome, or to one answered before.

        Raises:
            InputError: there is no such finding, or the answer is empty or too long.
        """
        said = _sentence(text)
        row = self._connection.execute(
            "SELECT fingerprint, rule, words, question FROM latest WHERE fingerprint = ?1 "
            "UNION ALL SELECT fingerprint, rule, words, question FROM answers "
            "WHERE fingerprint = ?1",
            (fingerprint,),
        ).fetchone()
        if row is None:
            raise InputError(
                f"The latest review or scan has no finding {fingerprint!r}. Run the review again "
                "and take the fingerprint from there; it begins with 'fnd-'."
            )
        return self._note(row, said)

    def answer_finding(self, finding: Finding, text: str) -> TeamAnswer:
        """Keep an answer to a finding that is at hand, whichever outcome it belongs to.

        Raises:
            InputError: the answer is empty or too long.
        """
        asked = (finding.fingerprint, finding.rule, finding.words, finding.question or "")
        return self._note(asked, _sentence(text))

    def _note(self, asked: tuple[str, ...], said: str) -> TeamAnswer:
        made = (*asked, said, today().isoformat())
        with self._connection as connection:
            connection.execute(
                "INSERT INTO answers (fingerprint, rule, words, question, answer, answered_on) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                made,
            )
        return _answer(made)

    def forget_answers(self, fingerprint: str) -> int:
        """Take all answers to a finding back; returns how many there were.

        Raises:
            InputError: there are none.
        """
        with self._connection as connection:
            gone = connection.execute("DELETE FROM answers WHERE fingerprint = ?", (fingerprint,))
        if not gone.rowcount:
            raise InputError(
                f"Nothing was answered to {fingerprint!r}. `okr answers` lists what was."
            )
        return gone.rowcount

    def answers(self) -> tuple[TeamAnswer, ...]:
        """Every answer, oldest first."""
        rows = self._connection.execute(
            "SELECT fingerprint, rule, words, question, answer, answered_on FROM answers "
            "ORDER BY number"
        )
        return tuple(_answer(row) for row in rows)


def _sentence(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise InputError("The answer is empty. Answer in a sentence or two.")
    if len(said) > LONGEST:
        raise InputError(
            f"The answer has {len(said):,} characters; {LONGEST:,} are kept. Say it shorter."
        )
    return said


def _answer(row: tuple[str, ...]) -> TeamAnswer:
    return TeamAnswer.model_validate(dict(zip(TeamAnswer.model_fields, row, strict=True)))
