"""Leaves an endpoint alone that does not answer, instead of waiting for it again and again.

What is known here lasts as long as the process and is shared by its threads. It is not carried on
to the next one: whoever starts the program again has probably mended something and wants to know.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.llm import faults
from assistant.llm.faults import Endpoint, Fault, Kind

_FAULTS = 3
_REST_SECONDS = 30.0
_LONGEST_REST = 300.0
_DEAD: frozenset[Kind] = frozenset(
    {"refused", "unreachable", "broken", "slow", "server", "key", "forbidden"}
)
_WITHOUT_VERDICT: frozenset[Kind] = frozenset({"budget", "resting"})


@dataclass
class _State:
    failures: int = 0
    rests: int = 0
    until: float | None = None
    trial: bool = False
    last: str = ""


class Breaker:
    """Counts faults in a row; after some of them lets nothing through for a while, then one."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare. ``clock`` tells seconds."""
        self._clock = clock
        self._state = _State()
        self._lock = threading.Lock()

    @contextmanager
    def watching(self, to: Endpoint) -> Iterator[None]:
        """Do a call inside.

        Raises:
            Fault: the endpoint is being left alone, and the call is not made.
        """
        trial = self._admit(to)
        try:
            yield
        except Fault as fault:
            self._note(fault, trial)
            raise
        except BaseException:
            self._release(trial)
            raise
        with self._lock:
            self._state = _State()

    def _admit(self, to: Endpoint) -> bool:
        """Whether this call is the trial after a rest."""
        with self._lock:
            state = self._state
            if state.until is None:
                return False
            left = state.until - self._clock()
            if left > 0 or state.trial:
                raise faults.resting(to, state.last, max(1, round(left)))
            state.trial = True
            return True

    def _note(self, fault: Fault, trial: bool) -> None:
        if fault.kind in _WITHOUT_VERDICT:
            self._release(trial)
            return
        with self._lock:
            if fault.kind not in _DEAD:
                self._state = _State()
                return
            state = self._state
            state.failures += 1
            state.last = fault.why
            if trial or (state.until is None and state.failures >= _FAULTS):
                rest = min(_REST_SECONDS * 2**state.rests, _LONGEST_REST)
                state.until = self._clock() + rest
                state.rests += 1
            state.trial = state.trial and not trial

    def _release(self, trial: bool) -> None:
        if trial:
            with self._lock:
                self._state.trial = False


_breakers: dict[Hashable, Breaker] = {}
_lock = threading.Lock()


def breaker_of(identity: Hashable) -> Breaker:
    """The one breaker of this process for an endpoint.

    Args:
        identity: the address and the key, so that a mended key is tried at once.
    """
    with _lock:
        return _breakers.setdefault(identity, Breaker())
