"""Brings the index in step with an organisation; may be killed at any moment and goes on.

The records say what is about to change before Chroma is touched, and that it has changed after
Chroma has answered. Whatever lies between the two is done again by the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.index.embedder import Embedder, Progress
from assistant.index.entries import Entry, entries
from assistant.index.records import Records
from assistant.models import Organisation

if TYPE_CHECKING:
    from assistant.index.store import Vectors

_CHUNK = 256
"""Entries that are embedded and stored together; a killed run loses at most one chunk."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a run did.

    Attributes:
        added: entries that were not there.
        updated: entries whose text or surroundings changed.
        deleted: entries that are no longer there.
        unchanged: entries that were left alone.
        embedded: entries whose vectors were made.
        seconds: wall time of the run.
    """

    added: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    embedded: int = 0
    seconds: float = 0.0


def sync(
    organisation: Organisation,
    records: Records,
    open_vectors: Callable[[], Vectors],
    embedder: Embedder,
    progress: Progress | None = None,
) -> SyncReport:
    """Index what is new or changed and forget what is gone.

    Args:
        organisation: everything that was read.
        records: open for writing.
        open_vectors: opens the vectors; not called if none have to change.
        embedder: not asked if no text has changed.
        progress: told how many entries are embedded and how many have to be.

    Raises:
        IndexUnavailable: the index is damaged or cannot be written.
        ModelUnavailable: the embedder does not work; what was embedded before is kept.
    """
    started = perf_counter()
    content = organisation.model_dump_json(exclude_defaults=True)
    fingerprint = sha256(content.encode()).hexdigest()
    if records.complete and records.organisation_hash == fingerprint:
        unchanged = sum(records.counts().values())
        return SyncReport(unchanged=unchanged, seconds=perf_counter() - started)
    plan = _plan(organisation, records)
    if plan.to_embed:
        embedder.warm()
    if plan.changes:
        _carry_out(plan, records, open_vectors(), embedder, progress)
    records.finish(content, fingerprint)
    return SyncReport(
        added=plan.added,
        updated=plan.updated,
        deleted=len(plan.doomed),
        unchanged=plan.unchanged,
        embedded=len(plan.to_embed),
        seconds=perf_counter() - started,
    )


@dataclass
class _Plan:
    to_embed: list[Entry] = field(default_factory=list)
    to_relabel: list[Entry] = field(default_factory=list)
    doomed: list[str] = field(default_factory=list)
    added: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changes(self) -> bool:
        return bool(self.to_embed or self.to_relabel or self.doomed)


def _plan(organisation: Organisation, records: Records) -> _Plan:
    plan, known = _Plan(), records.known()
    for entry in entries(organisation):
        before = known.pop(entry.id, None)
        if before is None:
            plan.added += 1
            plan.to_embed.append(entry)
        elif before.ready and before.hash == entry.hash:
            plan.unchanged += 1
        elif before.ready and before.text_hash == entry.text_hash:
            plan.updated += 1
            plan.to_relabel.append(entry)
        else:
            plan.updated += 1
            plan.to_embed.append(entry)
    plan.doomed.extend(known)
    return plan


def _carry_out(
    plan: _Plan,
    records: Records,
    vectors: Vectors,
    embedder: Embedder,
    progress: Progress | None,
) -> None:
    records.announce((*plan.to_relabel, *plan.to_embed), plan.doomed)
    vectors.delete(plan.doomed)
    records.forget(plan.doomed)
    vectors.relabel(plan.to_relabel)
    records.acknowledge(entry.id for entry in plan.to_relabel)
    done = 0
    for chunk in _chunks(plan.to_embed):
        vectors.upsert(chunk, embedder.embed([entry.embedded for entry in chunk]))
        records.acknowledge(entry.id for entry in chunk)
        done += len(chunk)
        if progress:
            progress(done, len(plan.to_embed))


def _chunks(wanted: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]
