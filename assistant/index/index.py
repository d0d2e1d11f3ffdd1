"""The index as the other stages see it: one folder, one writer, any number of readers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assistant.errors import IndexUnavailable
from assistant.index import faults
from assistant.index.audience import visible_part
from assistant.index.embedder import Embedder, Progress, make_embedder
from assistant.index.lazy import Lazy
from assistant.index.records import FILE, Found, Origin, Records
from assistant.index.scope import Scope
from assistant.index.store import Place, Vectors, describe_place, reach
from assistant.index.sync import SyncReport, sync
from assistant.models import EntryKind, Noun, Organisation

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from assistant.index.embedder import Vectors as Matrix
    from assistant.settings import Settings

_LOCK = "lock"
_PATIENCE = 2.0
"""Seconds that a second writer waits for the first."""


class IndexSummary(Noun):
    """What an index holds.

    Attributes:
        embedder: the model that made the vectors.
        place: where the vectors lie.
        entries: how many can be found, by kind.
        finished_at: when it last changed, in UTC.
    """

    embedder: str
    place: str
    entries: dict[EntryKind, int]
    finished_at: datetime | None


class Index:
    """An open index. Use it in a ``with`` block, or call :meth:`close`.

    Neither the model nor Chroma is loaded before it is needed. Threads may share it for reading.
    """

    def __init__(
        self,
        home: Path,
        url: str | None,
        audiences: frozenset[str],
        embedder: Embedder,
        records: Records,
        lock: BaseFileLock | None,
    ) -> None:
        self.embedder = embedder
        self._home = home
        self._url = url
        self._audiences = audiences
        self._records = records
        self._lock = lock
        self._vectors = Lazy(self._open_vectors)
        self._generation = records.generation
        self._refreshing = Lock()
        self._outdated = False
        self._read: tuple[str, Organisation] | None = None

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        writable: bool,
        embedder: Embedder | None = None,
        rebuild: bool = False,
    ) -> Self:
        """Open the index that the settings name.

        Args:
            settings: name the folder, the embedder, the Chroma and the reader's audiences.
            writable: whether to make it if there is none and to keep other writers out.
            embedder: used instead of the one that the settings name.
            rebuild: whether a writer makes everything anew, even if what is there is damaged.

        Raises:
            IndexUnavailable: there is none, it is unfinished, damaged, locked, or was made with
                another embedder.
            ConfigurationError: a setting is malformed or contradicts another.
        """
        made = embedder or make_embedder(settings)
        opener = cls._open_to_write if writable else cls._open_to_read
        return opener(settings, made, rebuild)

    @classmethod
    def _open_to_read(cls, settings: Settings, embedder: Embedder, _: bool) -> Self:
        home, folder = settings.home, _folder(settings.home)
        records = Records.read(folder, home, writable=os.access(folder, os.W_OK))
        index = cls(home, settings.chroma_url, settings.audiences, embedder, records, None)
        try:
            index._check()
        except BaseException:
            index.close()
            raise
        return index

    @classmethod
    def _open_to_write(cls, settings: Settings, embedder: Embedder, rebuild: bool) -> Self:
        home, folder = settings.home, _folder(settings.home)
        lock = _locked(home, folder)
        try:
            records = _create_records(folder, home, rebuild=rebuild)
            index = cls(home, settings.chroma_url, settings.audiences, embedder, records, lock)
            index._outdated = rebuild or records.origin != index._origin
        except BaseException:
            lock.release()
            raise
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file, connection and lock."""
        if self._vectors.begun:
            _close_quietly(self._vectors)
        self._records.close()
        if self._lock:
            self._lock.release()

    def warm(self) -> None:
        """Load the model and Chroma, as far as possible at the same time, for what will follow."""
        self.embedder.warm()
        self._fresh_vectors()

    # Writing

    def sync(self, organisation: Organisation, progress: Progress | None = None) -> SyncReport:
        """Index what is new or changed and forget what is gone; see :mod:`assistant.index.sync`.

        What was made with another embedder, or is kept in another Chroma, is made anew.

        Args:
            organisation: everything that was read.
            progress: told how many entries are embedded and how many have to be.

        Raises:
            IndexUnavailable: the index is open for reading only, damaged or cannot be written.
            ModelUnavailable: the embedder does not work; what was embedded before is kept.
        """
        if self._lock is None:
            raise faults.not_writable(self._home, "it was opened for reading")
        if self._outdated:
            self._begin_anew()
        return sync(
            organisation,
            self._records,
            self._vectors.get,
            self.embedder,
            progress,
        )

    def _begin_anew(self) -> None:
        """Forget everything, once it is certain that it can be made again."""
        if self._records.origin:
            self.embedder.embed(["a first text"])
        if self._url:
            reach(self._url)
        self._records.reset(self._origin)
        self._vectors, self._outdated = Lazy(self._open_vectors), False

    # Reading

    def organisation(self, audiences: Iterable[str] | None = None) -> Organisation:
        """Everything that was indexed, without the documents that are for others.

        Args:
            audiences: whose documents to include; by default those that the settings name.

        Raises:
            IndexUnavailable: nothing was indexed yet.
        """
        wanted = self._audiences if audiences is None else frozenset(audiences)
        generation = self._records.generation
        read = self._read
        if read is None or read[0] != generation:
            content = self._records.organisation_json
            if content is None:
                raise faults.missing(self._home)
            read = (generation, Organisation.model_validate_json(content))
            self._read = read
        return visible_part(read[1], wanted)

    def hidden_documents(self, audiences: Iterable[str] | None = None) -> frozenset[str]:
        """The ids of documents that are indexed and that these audiences may not see."""
        seen = {item.id for item in self.organisation(audiences).documents}
        every = self._read[1].documents if self._read else ()
        return frozenset(item.id for item in every if item.id not in seen)

    @property
    def generation(self) -> str:
        """Another word whenever something else was indexed, also by another process."""
        return self._records.generation

    def summary(self) -> IndexSummary:
        """What the index holds."""
        origin = self._records.origin or self._origin
        return IndexSummary(
            embedder=origin.embedder,
            place=origin.place,
            entries=self._records.counts(),
            finished_at=self._records.finished_at,
        )

    def vectors(self, ids: Sequence[str]) -> Matrix:
        """The stored vectors of entries, of shape (number of ids, dimensions), in their order.

        Raises:
            IndexUnavailable: the index lacks one of them.
        """
        import numpy as np

        if not ids:
            return np.empty((0, self.embedder.dimensions), dtype=np.float32)
        return self._fresh_vectors().get(ids)

    def nearest(self, queries: Matrix, scope: Scope, limit: int) -> list[list[tuple[str, float]]]:
        """For each query vector the nearest entries within the scope, with their cosines."""
        wanted = 0 if scope.empty else min(limit, self._records.count(scope.conditions))
        if not wanted or not len(queries):
            return [[] for _ in queries]
        found = self._fresh_vectors().nearest(queries, scope.conditions, limit)
        if all(len(row) >= wanted for row in found):
            return found
        return self._nearest_of_all(queries, scope, limit)

    def _nearest_of_all(
        self, queries: Matrix, scope: Scope, limit: int
    ) -> list[list[tuple[str, float]]]:
        """The exact answer, for when the approximate one leaves entries out."""
        ids = self._records.ids(scope.conditions)
        cosines = queries @ self.vectors(ids).T
        order = (-cosines).argsort(axis=1, kind="stable")[:, :limit]
        return [
            [(ids[column], float(cosines[row, column])) for column in columns]
            for row, columns in enumerate(order)
        ]

    def matching(self, text: str, scope: Scope, limit: int) -> list[str]:
        """The entries within the scope that share words with the text, best first, by BM25."""
        return [] if scope.empty else self._records.matching(text, scope.conditions, limit)

    def fetch(self, ids: Sequence[str], scope: Scope) -> dict[str, Found]:
        """Those of the entries that exist within the scope, by id."""
        return {} if scope.empty else self._records.fetch(ids, scope.conditions)

    # Inside

    @property
    def _origin(self) -> Origin:
        return Origin(self.embedder.name, describe_place(self._url))

    def _check(self) -> None:
        """Refuse what cannot be searched properly."""
        origin = self._records.origin
        if origin is None or not self._records.complete:
            raise (
                faults.busy(self._home) if _is_locked(self._home) else faults.unfinished(self._home)
            )
        if origin.embedder != self.embedder.name:
            raise faults.other_embedder(self._home, origin.embedder, self.embedder.name)
        if origin.place != describe_place(self._url):
            raise faults.other_place(self._home, origin.place, describe_place(self._url))

    def _open_vectors(self) -> Vectors:
        records = self._records
        place = Place(self._home, _folder(self._home), self._url, records.edition)
        if self._lock is None:
            return Vectors.open(place, writable=False)
        vectors = Vectors.open(place, writable=True, retired=records.retired)
        records.forget_retired()
        return vectors

    def _fresh_vectors(self) -> Vectors:
        """The vectors as of now: an open Chroma does not see what another process writes."""
        if self._lock is not None:
            if self._outdated:
                raise faults.unfinished(self._home)
            return self._vectors.get()
        with self._refreshing:
            generation = self._records.generation
            if generation != self._generation:
                self._check()
                if self._vectors.begun:
                    _close_quietly(self._vectors)
                self._vectors, self._generation = Lazy(self._open_vectors), generation
        return self._vectors.get()


def _folder(home: Path) -> Path:
    return home / "index"


def _locked(home: Path, folder: Path) -> BaseFileLock:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        raise faults.busy(home) from None
    except OSError as error:
        raise faults.not_writable(home, error.strerror or error) from None
    return lock


def _is_locked(home: Path) -> bool:
    from filelock import FileLock, Timeout

    try:
        with FileLock(_folder(home) / _LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _create_records(folder: Path, home: Path, *, rebuild: bool) -> Records:
    try:
        return Records.create(folder, home)
    except IndexUnavailable:
        if not rebuild:
            raise
    for path in folder.glob(f"{FILE}*"):
        path.unlink()
    return Records.create(folder, home)


def _close_quietly(vectors: Lazy[Vectors]) -> None:
    try:
        vectors.get().close()
    except IndexUnavailable:
        return
