"""Answers that are dear to work out, kept in one SQLite file at home under what they depend on.

The file may be deleted at any time: what it lacks is worked out again. Keys are digests; answers
may hold words of the goals that they are about, as the index does.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

FILE = "answers.sqlite"
MOST = 1_500_000
"""Answers that are kept; those that were of no use for longest go first."""

_SLICE = 64
"""Questions that are asked together: an interrupted run loses at most so many answers."""

_AT_ONCE = 500
_MOST_SECONDS = 2.0
"""How long to wait for another process that is writing."""

_QUICKLY = 1
_VERSION = 2
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS answers "
    "(key BLOB PRIMARY KEY, answer BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"
)

T = TypeVar("T")
R = TypeVar("R")
Told = Callable[[int, int], None]
"""Takes how many are answered, and how many there are."""


class Memory:
    """Answers by key. Open it with :func:`opened`; one thread uses it at a time."""

    def __init__(self, connection: sqlite3.Connection, most: int = MOST) -> None:
        self._connection = connection
        self._most = most
        self.is_damaged = False
        self._today = datetime.now(UTC).date().toordinal()

    def recall(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The answers that are known, by key."""
        found: dict[bytes, bytes] = {}
        stale: list[tuple[int, bytes]] = []
        for key, answer, used in self._rows(list(dict.fromkeys(keys))):
            found[key] = answer
            if used < self._today:
                stale.append((self._today, key))
        if stale:
            self._write("UPDATE answers SET used = ? WHERE key = ?", stale)
        return found

    def _rows(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
        with self._forgiving():
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                yield from self._connection.execute(
                    f"SELECT key, answer, used FROM answers WHERE key IN ({marks})",  # noqa: S608
                    some,
                )

    def keep(self, answers: Mapping[bytes, bytes]) -> None:
        """Remember answers. What another process holds back for long is not kept."""
        rows = [(key, answer, self._today) for key, answer in answers.items()]
        self._write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)

    def prune(self) -> None:
        """Forget what was of no use for longest, where there is too much."""
        count = 0
        with self._forgiving():
            (count,) = self._connection.execute("SELECT COUNT(*) FROM answers").fetchone()
        if count > self._most:
            self._write(
                "DELETE FROM answers WHERE key IN "
                "(SELECT key FROM answers ORDER BY used, key LIMIT ?)",
                [(count - self._most,)],
            )

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._forgiving(), self._connection:
            self._connection.executemany(statement, rows)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """What cannot be read or written is worked out, or not kept; a damaged file goes."""
        try:
            yield
        except sqlite3.OperationalError:
            return
        except sqlite3.DatabaseError:
            self.is_damaged = True


@contextmanager
def opened(home: Path | None, most: int = MOST, file: str = FILE) -> Iterator[Memory]:
    """Open the memory of a home folder, which is made if it is not there, for its owner alone.

    A damaged file is begun anew. Where none can be written, answers last as long as the block.

    Args:
        home: the folder; None keeps nothing beyond the block.
        most: how many answers are kept.
        file: the name of the file.
    """
    with closing(_connected(home, file)) as connection:
        memory = Memory(connection, most)
        try:
            yield memory
        finally:
            memory.prune()
    if home and memory.is_damaged:
        with suppress(OSError):
            (home / file).unlink()


def remembered(
    memory: Memory,
    items: Sequence[T],
    depends_on: Callable[[T], Sequence[object]],
    ask: Callable[[Sequence[T]], Iterable[R]],
    form: TypeAdapter[R],
    told: Told | None = None,
) -> list[R]:
    """Answer questions, each from memory if it was answered before.

    Args:
        memory: what is known; takes what is new, a slice at a time.
        items: the questions.
        depends_on: all that the answer to a question depends on, as JSON can hold it.
        ask: works out answers, one for each question, in their order.
        form: how an answer is written down and read back, without loss.
        told: told how many are answered.

    Returns:
        The answers in the order of the questions.
    """
    keys = [digest(*depends_on(item)) for item in items]
    known = {
        key: form.validate_json(zlib.decompress(answer))
        for key, answer in memory.recall(keys).items()
    }
    missing = {key: item for key, item in zip(keys, items, strict=True) if key not in known}
    answered = len(items) - len(missing)
    todo = list(missing)
    if told:
        told(answered, len(items))
    for start in range(0, len(todo), _SLICE):
        some = todo[start : start + _SLICE]
        new = dict(zip(some, ask([missing[key] for key in some]), strict=True))
        memory.keep({key: zlib.compress(form.dump_json(one), _QUICKLY) for key, one in new.items()})
        known |= new
        answered += len(some)
        if told:
            told(answered, len(items))
    return [known[key] for key in keys]


def digest(*parts: object) -> bytes:
    """A key: another one for other parts."""
    return blake2b(json.dumps(parts).encode(), digest_size=16).digest()


@cache
def code_digest(*parts: str) -> str:
    """Changes when one of the product's files does, code, word lists or trained models.

    Args:
        parts: folders and files of the package.
    """
    package = Path(__file__).parent
    files = {path for part in parts for path in (package / part, *(package / part).rglob("*"))}
    found = []
    for path in sorted(files):
        if path.is_file() and path.suffix != ".pyc":
            with path.open("rb") as file:
                found.append(file_digest(file, "blake2b").hexdigest())
    return digest(*found).hex()


def _connected(home: Path | None, file: str) -> sqlite3.Connection:
    if home is None:
        return _prepared(":memory:")
    path = home / file
    try:
        home.mkdir(parents=True, exist_ok=True)
        return _prepared(path)
    except sqlite3.OperationalError:
        return _prepared(":memory:")
    except (OSError, sqlite3.DatabaseError):
        pass
    try:
        path.unlink(missing_ok=True)
        return _prepared(path)
    except (OSError, sqlite3.Error):
        return _prepared(":memory:")


def _prepared(path: Path | str) -> sqlite3.Connection:
    if isinstance(path, Path):
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=_MOST_SECONDS)
    try:
        # What a power cut damages is begun anew; a sync to disk for each slice would be dear.
        connection.execute("PRAGMA synchronous = OFF")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in {0, _VERSION}:
            connection.execute("DROP TABLE IF EXISTS answers")
        if version != _VERSION:
            connection.execute(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection
