"""The vectors, in Chroma: the only file that knows it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from assistant.errors import ConfigurationError, OkrError
from assistant.index import faults
from assistant.index.audience import gate
from assistant.index.conditions import Condition
from assistant.index.entries import Entry

if TYPE_CHECKING:
    from assistant.index.embedder import Vectors as Matrix

_PREFIX = "okr-"
_CHUNK = 4000
"""Chroma takes at most 5461 entries at once."""

_HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the vectors lie.

    Attributes:
        home: what messages call the index.
        folder: of the index, for an embedded Chroma.
        url: of a Chroma server, which is used instead if given.
        edition: names the collection.
    """

    home: Path
    folder: Path
    url: str | None
    edition: str

    @property
    def chroma_folder(self) -> Path:
        """The folder of the embedded Chroma. Each edition has its own."""
        return self.folder / f"chroma-{self.edition}"


def describe_place(url: str | None) -> str:
    """What messages call a place, and what tells one from another.

    Raises:
        ConfigurationError: the address is malformed.
    """
    if url is None:
        return "its own folder"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ConfigurationError(
            "OKR_CHROMA_URL is no address of a Chroma server. "
            "It should look like http://localhost:8000."
        )
    return f"the Chroma server at {url.rstrip('/')}"


def reach(url: str) -> None:
    """Make sure that the server answers.

    Raises:
        IndexUnavailable: it does not.
    """
    _server(url).close()


class Vectors:
    """A collection of vectors by id, each with what an entry can be filtered by."""

    def __init__(self, client: Any, collection: Any, place: Place) -> None:
        self._client = client
        self._collection = collection
        self._place = place

    @classmethod
    def open(cls, place: Place, *, writable: bool, retired: str | None = None) -> Self:
        """Open the collection; a writer makes it if there is none and removes older editions.

        Raises:
            IndexUnavailable: it is missing, damaged, read-only or cannot be reached.
        """
        with _explained(place):
            client = _server(place.url) if place.url else _embedded(place)
            name = _PREFIX + place.edition
            if not writable:
                return cls(client, client.get_collection(name, embedding_function=None), place)
            collection = client.get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            _remove_older(client, place, retired)
            return cls(client, collection, place)

    def close(self) -> None:
        """Let go of the files or of the connection."""
        self._client.close()

    def upsert(self, entries: Sequence[Entry], vectors: Matrix) -> None:
        """Store entries with their vectors, over what was there."""
        for start in range(0, len(entries), _CHUNK):
            chunk = entries[start : start + _CHUNK]
            with _explained(self._place):
                self._collection.upsert(
                    ids=[entry.id for entry in chunk],
                    embeddings=vectors[start : start + len(chunk)],
                    metadatas=[_metadata(entry) for entry in chunk],
                )

    def relabel(self, entries: Sequence[Entry]) -> None:
        """Change what entries can be filtered by; their vectors stay."""
        for start in range(0, len(entries), _CHUNK):
            chunk = entries[start : start + _CHUNK]
            with _explained(self._place):
                self._collection.update(
                    ids=[entry.id for entry in chunk],
                    metadatas=[_metadata(entry) for entry in chunk],
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove entries; what is not there is passed over."""
        for start in range(0, len(ids), _CHUNK):
            with _explained(self._place):
                self._collection.delete(ids=[*ids[start : start + _CHUNK]])

    def nearest(
        self, queries: Matrix, conditions: Sequence[Condition], limit: int
    ) -> list[list[tuple[str, float]]]:
        """For each query the nearest entries that fulfil the conditions, with their cosines.

        The search is approximate: it can return fewer entries than there are.
        """
        with _explained(self._place):
            answer = self._collection.query(
                query_embeddings=queries,
                n_results=limit,
                where=_where(conditions),
                include=["distances"],
            )
        return [
            [(identity, 1.0 - distance) for identity, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(answer["ids"], answer["distances"], strict=True)
        ]

    def get(self, ids: Sequence[str]) -> Matrix:
        """The vectors of entries that are known to be there, in the order of the ids.

        Raises:
            IndexUnavailable: one is not there, so the collection is damaged.
        """
        import numpy as np

        wanted = [*dict.fromkeys(ids)]
        found: dict[str, Any] = {}
        for start in range(0, len(wanted), _CHUNK):
            with _explained(self._place):
                answer = self._collection.get(
                    ids=wanted[start : start + _CHUNK], include=["embeddings"]
                )
            found.update(zip(answer["ids"], answer["embeddings"], strict=True))
        lost = [identity for identity in wanted if identity not in found]
        if lost:
            raise faults.damaged(self._place.home, f"{len(lost)} vectors are missing")
        return np.array([found[identity] for identity in ids], dtype=np.float32)


def _embedded(place: Place) -> Any:
    folder = place.chroma_folder
    if folder.is_dir() and not os.access(folder, os.W_OK):
        raise faults.read_only(place.home)

    import chromadb

    return chromadb.PersistentClient(folder, settings=_settings())


def _server(url: str) -> Any:
    parts = urlsplit(url)
    secure = parts.scheme == "https"

    import chromadb

    try:
        return chromadb.HttpClient(
            host=parts.hostname or "",
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            settings=_settings(),
        )
    except Exception as error:
        raise faults.unreachable(url, error) from error


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(_env_file=None, anonymized_telemetry=False)


def _remove_older(client: Any, place: Place, retired: str | None) -> None:
    if place.url:
        names = {collection.name for collection in client.list_collections()} if retired else set()
        if f"{_PREFIX}{retired}" in names:
            client.delete_collection(f"{_PREFIX}{retired}")
    for folder in place.folder.glob("chroma-*"):
        if place.url or folder != place.chroma_folder:
            shutil.rmtree(folder, ignore_errors=True)


def _metadata(entry: Entry) -> dict[str, str]:
    return {
        "kind": entry.kind.value,
        "gate": gate(entry.audience),
        "team": entry.team_id or "",
        "cycle": entry.cycle_id or "",
        "owner": entry.owner_id,
    }


def _where(conditions: Sequence[Condition]) -> dict[str, Any]:
    clauses: list[dict[str, Any]] = [
        {item.field: {"$nin" if item.exclude else "$in": [*item.values]}} for item in conditions
    ]
    return {"$and": clauses} if len(clauses) > 1 else clauses[0]


@contextmanager
def _explained(place: Place) -> Iterator[None]:
    try:
        yield
    except (OkrError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        # Chroma's core panics with an exception that is no Exception.
        if "readonly database" in str(error):
            raise faults.read_only(place.home) from error
        if "disk is full" in str(error) or isinstance(error, PermissionError):
            raise faults.not_writable(place.home, error) from error
        if place.url and "onnect" in str(error):
            raise faults.unreachable(place.url, error) from error
        raise faults.damaged(place.home, error) from error
