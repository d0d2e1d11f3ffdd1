"""Brings the index in step with its folder while visitors go on: one run at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from assistant.analyse.edits import edits
from assistant.analyse.snapshots import take_snapshot
from assistant.errors import OkrError
from assistant.ingest import Ingestion, ingest
from assistant.models import Organisation
from assistant.sources.files import Found, find
from assistant.web.library import folder_of
from assistant.web.reviewing import organisation_of

if TYPE_CHECKING:
    from assistant.web.services import Services


class _Stopped(Exception):
    """Somebody pressed Stop."""


@dataclass
class Run:
    """A run under way, or one that has ended.

    Attributes:
        audiences: of whoever asked for it; ``edits`` are what these may see.
        step: what it does now.
        done: how much of ``total`` is done; ``total`` is 0 where that is unknown.
        embedding: whether the index is being written, so that a stop leaves it unfinished.
        stopped: whether somebody stopped it.
        error: why it failed; empty where it did not.
        outcome: what it found and changed.
        edits: what is different from before, a sentence each.
        ended: set when it is over, for better or worse.
    """

    audiences: frozenset[str]
    step: str = "Beginning"
    done: int = 0
    total: int = 0
    embedding: bool = False
    stopped: bool = False
    error: str = ""
    outcome: Ingestion | None = None
    edits: Sequence[str] = ()
    ended: Event = field(default_factory=Event)

    def stop(self) -> None:
        """Stop at the next step. What was embedded by then is kept."""
        self.stopped = True

    def tell(self, step: str, done: int, total: int) -> None:
        """Hear what is done now.

        Raises:
            _Stopped: somebody pressed Stop.
        """
        if self.stopped:
            raise _Stopped
        self.step, self.done, self.total = step, done, total


class Indexer:
    """Runs the indexing; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.latest: Run | None = None

    def begin(self, services: Services) -> Run:
        """Start a run, or join the one that is under way.

        Args:
            services: of whoever asks; they name the folder and hold the index that others read.

        Raises:
            TooOften: this person may not start one yet.
        """
        with self._lock:
            if self.latest is None or self.latest.ended.is_set():
                services.spend("index")
                self.latest = Run(services.settings.audiences)
                Thread(target=_work, args=(self.latest, services), daemon=True).start()
            return self.latest


def _work(run: Run, services: Services) -> None:
    settings = services.settings
    try:
        folder, before = folder_of(settings), organisation_of(services)
        run.tell("Looking at the files", 0, 0)
        files = sum(isinstance(item, Found) for item in find(folder))

        def on_file(_: Path) -> None:
            # Which file it is, is not for everyone.
            run.tell("Reading files", run.done + 1, files)

        def progress(done: int, total: int) -> None:
            run.embedding = True
            run.tell("Embedding passages, objectives and key results", done, total)

        run.outcome = ingest(folder, settings, on_file=on_file, progress=progress)
        run.edits = _edits(before, organisation_of(services))
    except _Stopped:
        run.stopped = True
    except OkrError as error:
        run.error = str(error)
    except Exception:
        run.error = "Indexing failed for a reason that it cannot name. The server's log has it."
        raise
    else:
        run.stopped = False
    finally:
        run.ended.set()


def _edits(before: Organisation | None, after: Organisation | None) -> Sequence[str]:
    if before is None or after is None:
        return ()
    now = datetime.now(UTC)
    return edits(*(take_snapshot(item, taken_at=now, findings=()) for item in (before, after)))
