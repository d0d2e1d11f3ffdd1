"""Scans that run while visitors go on: one at a time, watched by whoever asked for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from assistant.analyse.changes import compare
from assistant.analyse.snapshots import audience_names
from assistant.errors import IndexUnavailable, OkrError
from assistant.history import opened, scope_of
from assistant.models import Change
from assistant.scan import Scanned, scan_organisation
from assistant.web.board import Board

if TYPE_CHECKING:
    from assistant.history import Tally
    from assistant.settings import Settings
    from assistant.web.services import Services

MOST_CALLS = 200
"""Requests that a scan from the page may send to a language model."""

_WAITING = "Waiting for another scan to end"
_PATIENCE = 0.2


class _Stopped(Exception):
    """Somebody pressed Stop."""


class Step(NamedTuple):
    """What a scan does now, how much of it is done, and how much there is; 0 if unknown."""

    what: str
    done: int = 0
    total: int = 0


@dataclass
class Job:
    """A scan under way, or one that just ended.

    Attributes:
        scope: what it looks at, and for whom.
        begun: when it was asked for.
        step: what it does now.
        ended: set when it is over, for better or worse.
        stopped: whether somebody stopped it.
        error: why it failed; empty where it did not.
    """

    scope: str
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    step: Step = field(default_factory=lambda: Step("Beginning"))
    ended: Event = field(default_factory=Event)
    stopped: bool = False
    error: str = ""

    @property
    def seconds(self) -> int:
        """For how long it has been under way."""
        return int((datetime.now(UTC) - self.begun).total_seconds())

    def stop(self) -> None:
        """Stop at the next step; nothing of it is kept."""
        self.stopped = True

    def tell(self, what: str, done: int, total: int) -> None:
        """Hear what the scan does now.

        Raises:
            _Stopped: it is to be stopped.
        """
        if self.stopped:
            raise _Stopped
        self.step = Step(what, done, total)


class Scanner:
    """Runs scans and knows the latest of each scope; safe to share between threads.

    Args:
        services: hold the index.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock, self._turn = Lock(), Lock()
        self._jobs: dict[str, Job] = {}
        self._boards: dict[str, Board] = {}

    def begin(self, settings: Settings, team: str, *, calls: int = 0) -> Job:
        """Start a scan, or join one of the same scope that is under way.

        Args:
            settings: name home, profile and audiences.
            team: id of the team at the top of what is looked at; empty for everything.
            calls: requests that the language model may be sent, at most :data:`MOST_CALLS`.
        """
        scope = _scope(settings, team)
        with self._lock:
            job = self._jobs.get(scope)
            if job and not job.ended.is_set():
                return job
            job = self._jobs[scope] = Job(scope)
        arguments = (job, settings, team, max(0, min(calls, MOST_CALLS)))
        Thread(target=self._run, args=arguments, daemon=True).start()
        return job

    def job(self, settings: Settings, team: str) -> Job | None:
        """The scan of this scope that is under way, or that ended last."""
        return self._jobs.get(_scope(settings, team))

    def board(self, settings: Settings, team: str) -> Board | None:
        """The latest scan of a scope, ready to be looked at; None where none is kept.

        Raises:
            HistoryUnavailable: what is kept cannot be read.
        """
        scope = _scope(settings, team)
        known = self._boards.get(scope)
        if settings.history:
            with opened(settings.home) as history:
                taken_at = history.outcome_taken_at(scope)
                if taken_at and (known is None or known.scan.taken_at < taken_at):
                    kept = history.outcome(scope)
                    earlier = tuple(reversed(history.scans(scope)))
                    known = Board(Scanned(kept.scan, kept.organisation, earlier)) if kept else None
        if known is None:
            return None
        self._boards[scope] = known
        return known

    def is_hidden(self, settings: Settings, board: Board) -> bool:
        """Whether a scan rests on a document that the visitor may not see any more."""
        try:
            hidden = self._services.index().hidden_documents(settings.audiences)
        except IndexUnavailable:
            return True
        return any(item.id in hidden for item in board.context.organisation.documents)

    def indexed_since(self, board: Board) -> datetime | None:
        """When the index was last brought up to date, if that was after a scan."""
        finished = self._services.index().summary().finished_at
        return finished if finished and finished > board.scan.taken_at else None

    def kept(self, settings: Settings, team: str) -> tuple[Tally, ...]:
        """The kept scans of a scope, latest first."""
        if not settings.history:
            return ()
        with opened(settings.home) as history:
            return history.scans(_scope(settings, team))

    def changes(
        self, settings: Settings, team: str, before: str, after: str
    ) -> tuple[Change, ...] | None:
        """What is different between two kept scans, with the cause of each.

        Args:
            settings: name home and audiences.
            team: see :meth:`begin`.
            before: id of a kept scan.
            after: id of a later one.

        Returns:
            None where one of them rests on a document that the visitor may not see any more.

        Raises:
            InputError: there is no such scan, or it cannot be read any more.
        """
        scope = _scope(settings, team)
        with opened(settings.home) as history:
            pair = [history.scan_since(key, scope) for key in (before, after)]
        hidden = self._services.index().hidden_documents(settings.audiences)
        if any(item.id in hidden for snapshot in pair for item in snapshot.documents):
            return None
        return compare(*sorted(pair, key=lambda snapshot: snapshot.taken_at))

    def _run(self, job: Job, settings: Settings, team: str, calls: int) -> None:
        try:
            with _held(self._turn, job):
                scanned = scan_organisation(
                    settings, team=team or None, llm_budget=calls, tell=job.tell
                )
                # It is kept by now, so it is too late to stop it.
                job.stopped, job.step = False, Step("Drawing the pictures")
                board = Board(scanned)
                board.draw()
                self._boards[job.scope] = board
        except _Stopped:
            pass
        except OkrError as error:
            job.error = str(error)
        except Exception:
            job.error = (
                "The scan failed for a reason that it cannot name. The log of the server has it."
            )
            raise
        finally:
            job.ended.set()


@contextmanager
def _held(turn: Lock, job: Job) -> Iterator[None]:
    """Wait for one's turn, in which one can be stopped too."""
    while not turn.acquire(timeout=_PATIENCE):
        job.tell(_WAITING, 0, 0)
    try:
        yield
    finally:
        turn.release()


def _scope(settings: Settings, team: str) -> str:
    return scope_of(team or None, audience_names(settings.audiences))
