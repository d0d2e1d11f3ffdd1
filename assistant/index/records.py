"""The SQLite side of the index: what is indexed, how far, its words for BM25, and the nouns."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Self
from unicodedata import normalize
from uuid import uuid4

from assistant.errors import IndexUnavailable
from assistant.index import faults
from assistant.index.audience import gate
from assistant.index.conditions import Condition
from assistant.index.embedder import encodable
from assistant.index.entries import Entry
from assistant.models import EntryKind, Location

FILE = "records.sqlite"
_VERSION = 1
_QUERY_WORDS = 64
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE records (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    owner TEXT NOT NULL,
    team TEXT NOT NULL,
    cycle TEXT NOT NULL,
    audience TEXT NOT NULL,
    gate TEXT NOT NULL,
    location TEXT NOT NULL,
    hash TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    ready INTEGER NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61 remove_diacritics 2');
PRAGMA user_version = {_VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an entry. ``ready`` means that its vector is in place."""

    hash: str
    text_hash: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as the index keeps it."""

    id: str
    kind: EntryKind
    text: str
    title: str
    owner_id: str
    audience: str
    location: Location | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What the vectors depend on: the model that made them and the Chroma that holds them."""

    embedder: str
    place: str


class Records:
    """One SQLite file. A writer must hold the lock of the index; reading needs none."""

    def __init__(self, connection: sqlite3.Connection, home: Path) -> None:
        self._connection = connection
        self._home = home

    @classmethod
    def create(cls, folder: Path, home: Path) -> Self:
        """Open the file for writing, and make it if there is none.

        Raises:
            IndexUnavailable: it is damaged or of another version.
        """
        with _explained(home):
            connection = sqlite3.connect(folder / FILE, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                connection.executescript(_SCHEMA)
        return cls._checked(connection, home)

    @classmethod
    def read(cls, folder: Path, home: Path, *, writable: bool) -> Self:
        """Open the file for reading.

        Args:
            folder: the folder of the index.
            home: what messages call it.
            writable: whether SQLite may put its work files into the folder.

        Raises:
            IndexUnavailable: it is missing, damaged or of another version.
        """
        path = folder / FILE
        if not path.is_file():
            raise faults.missing(home)
        mode = "mode=rw" if writable else "mode=ro&immutable=1"
        with _explained(home):
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?{mode}", uri=True, check_same_thread=False
            )
        return cls._checked(connection, home)

    @classmethod
    def _checked(cls, connection: sqlite3.Connection, home: Path) -> Self:
        with _explained(home):
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            connection.close()
            raise faults.other_version(home) if version else faults.unfinished(home)
        return cls(connection, home)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # What the index is made of

    @property
    def origin(self) -> Origin | None:
        """What the vectors were made with; None before the first run."""
        embedder, place = self._meta("embedder"), self._meta("place")
        return None if embedder is None or place is None else Origin(embedder, place)

    @property
    def edition(self) -> str:
        """Names the collection of vectors; a new one whenever all vectors are made anew."""
        return self._meta("edition") or ""

    @property
    def retired(self) -> str | None:
        """The edition before this one, while its vectors may still exist."""
        return self._meta("retired")

    @property
    def generation(self) -> str:
        """Changes with every finished run."""
        return self._meta("generation") or ""

    @property
    def complete(self) -> bool:
        """Whether the last run reached its end."""
        return self._meta("complete") == "1"

    @property
    def organisation_hash(self) -> str | None:
        """The hash given to :meth:`finish`."""
        return self._meta("organisation_hash")

    @property
    def organisation_json(self) -> str | None:
        """The nouns given to :meth:`finish`."""
        return self._meta("organisation")

    @property
    def finished_at(self) -> datetime | None:
        """When the last run that changed something ended, in UTC."""
        moment = self._meta("finished_at")
        return datetime.fromisoformat(moment) if moment else None

    def _meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    # Writing, in the order in which a run does it

    def reset(self, origin: Origin) -> None:
        """Forget every entry and begin a new edition."""
        retired = self.edition
        with self._transaction() as connection:
            connection.execute("DELETE FROM words")
            connection.execute("DELETE FROM records")
            connection.execute("DELETE FROM meta")
            _put(
                connection,
                embedder=origin.embedder,
                place=origin.place,
                edition=uuid4().hex[:16],
                complete="0",
                **({"retired": retired} if retired else {}),
            )

    def forget_retired(self) -> None:
        """The vectors of the edition before are gone."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM meta WHERE key = 'retired'")

    def announce(self, changed: Iterable[Entry], doomed: Iterable[str]) -> None:
        """Say what is about to change, so that a run that dies here is known to be unfinished.

        The changed entries are stored, and like the doomed ones are not found until
        :meth:`acknowledge` or :meth:`forget` settles them.
        """
        with self._transaction() as connection:
            _put(connection, complete="0")
            connection.executemany(
                "UPDATE records SET ready = 0 WHERE id = ?", ((item,) for item in doomed)
            )
            for entry in changed:
                _store(connection, entry)

    def forget(self, ids: Sequence[str]) -> None:
        """Remove entries whose vectors are gone."""
        with self._transaction() as connection:
            _remove_words(connection, ids)
            connection.executemany("DELETE FROM records WHERE id = ?", ((item,) for item in ids))

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Mark entries whose vectors are in place."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE records SET ready = 1 WHERE id = ?", ((item,) for item in ids)
            )

    def finish(self, organisation_json: str, organisation_hash: str) -> None:
        """Store the nouns and mark the run as complete."""
        with self._transaction() as connection:
            _put(
                connection,
                organisation=organisation_json,
                organisation_hash=organisation_hash,
                generation=uuid4().hex,
                finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
                complete="1",
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _explained(self._home), self._connection:
            yield self._connection

    # Reading

    def known(self) -> dict[str, Known]:
        """Every entry by id."""
        rows = self._rows("SELECT id, hash, text_hash, ready FROM records")
        return {row[0]: Known(row[1], row[2], bool(row[3])) for row in rows}

    def counts(self) -> dict[EntryKind, int]:
        """How many entries of each kind can be found."""
        rows = self._rows("SELECT kind, count(*) FROM records WHERE ready = 1 GROUP BY kind")
        return {EntryKind(kind): count for kind, count in rows}

    def ids(self, conditions: Sequence[Condition]) -> list[str]:
        """The entries that fulfil the conditions."""
        clause, values = _where(conditions)
        rows = self._rows(_statement("SELECT id FROM records WHERE", clause), values)
        return [row[0] for row in rows]

    def count(self, conditions: Sequence[Condition]) -> int:
        """How many entries fulfil the conditions."""
        clause, values = _where(conditions)
        rows = self._rows(_statement("SELECT count(*) FROM records WHERE", clause), values)
        return int(rows[0][0])

    def matching(self, text: str, conditions: Sequence[Condition], limit: int) -> list[str]:
        """The entries that share words with the text and fulfil the conditions, by BM25."""
        query = match_expression(text)
        if query is None:
            return []
        clause, values = _where(conditions)
        statement = _statement(
            "SELECT id FROM words JOIN records ON records.number = words.rowid",
            "WHERE words MATCH ? AND",
            clause,
            "ORDER BY bm25(words), id LIMIT ?",
        )
        return [row[0] for row in self._rows(statement, (query, *values, limit))]

    def fetch(self, ids: Sequence[str], conditions: Sequence[Condition]) -> dict[str, Found]:
        """Those of the entries that exist and fulfil the conditions, by id."""
        clause, values = _where(conditions)
        found = {}
        for start in range(0, len(ids), 1000):
            chunk = ids[start : start + 1000]
            statement = _statement(
                "SELECT id, kind, text, title, owner, audience, location FROM records",
                "WHERE",
                clause,
                "AND id IN",
                _marks(chunk),
            )
            rows = self._rows(statement, (*values, *chunk))
            found.update({row[0]: _found(row) for row in rows})
        return found

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _explained(self._home):
            return self._connection.execute(statement, values).fetchall()


_WORD = re.compile(r"[^\W_]+")


def match_expression(text: str) -> str | None:
    """Any of the words of the text, as FTS5 wants it; None if there is no word.

    Each word is quoted, so that nothing in the text is read as query syntax.
    """
    words = _WORD.findall(normalize("NFC", encodable(text)))
    chosen = islice(dict.fromkeys(words), _QUERY_WORDS)
    return " OR ".join(f'"{word}"' for word in chosen) or None


def _where(conditions: Sequence[Condition]) -> tuple[str, list[str]]:
    clauses, values = ["ready = 1"], list[str]()
    for item in conditions:
        clauses.append(f"{item.field} {'NOT IN' if item.exclude else 'IN'} {_marks(item.values)}")
        values.extend(item.values)
    return " AND ".join(clauses), values


def _marks(values: Sequence[str]) -> str:
    return f"({', '.join('?' * len(values))})"


def _statement(*parts: str) -> str:
    """Parts of fixed words, names of columns and question marks; values never come in here."""
    return " ".join(parts)


def _put(connection: sqlite3.Connection, **values: str) -> None:
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def _store(connection: sqlite3.Connection, entry: Entry) -> None:
    _remove_words(connection, [entry.id])
    connection.execute("DELETE FROM records WHERE id = ?", (entry.id,))
    number = connection.execute(
        "INSERT INTO records (id, kind, text, title, owner, team, cycle, audience, gate, location,"
        " hash, text_hash, ready) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        (
            entry.id,
            entry.kind.value,
            entry.text,
            entry.title,
            entry.owner_id,
            entry.team_id or "",
            entry.cycle_id or "",
            entry.audience,
            gate(entry.audience),
            entry.place,
            entry.hash,
            entry.text_hash,
        ),
    ).lastrowid
    connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, entry.embedded))


def _remove_words(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    connection.executemany(
        "DELETE FROM words WHERE rowid IN (SELECT number FROM records WHERE id = ?)",
        ((item,) for item in ids),
    )


def _found(row: tuple[Any, ...]) -> Found:
    identity, kind, text, title, owner, audience, location = row
    place = Location.model_validate_json(location) if location else None
    return Found(identity, EntryKind(kind), text, title, owner, audience, place)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "readonly" in str(error) or "unable to open" in str(error):
            raise faults.not_writable(home, error) from error
        if "locked" in str(error):
            raise faults.busy(home) from error
        if "disk" in str(error) or "fts5" in str(error):
            raise IndexUnavailable(f"The index in '{home}' cannot be used: {error}.") from error
        raise faults.damaged(home, error) from error
    except sqlite3.ProgrammingError:
        raise
    except (sqlite3.DatabaseError, ValueError) as error:
        raise faults.damaged(home, error) from error
