"""A limit on how many calls run at once, whatever thread or event loop they come from."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Hashable
from types import TracebackType


class Turnstile:
    """An ``async with`` that lets a number of tasks in at a time, first come, first served.

    Unlike :class:`asyncio.Semaphore` it may be shared by event loops in several threads.
    """

    def __init__(self, most: int) -> None:
        """Prepare.

        Args:
            most: how many may be in at once, at least 1.
        """
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            place = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            self._step_back(place)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._let_next_in()

    def _step_back(self, place: asyncio.Future[None]) -> None:
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
                return
        if not place.cancelled():  # it had been let in just before
            self._let_next_in()

    def _let_next_in(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._free += 1
                    return
                place = self._waiting.popleft()
            try:
                place.get_loop().call_soon_threadsafe(self._let_in, place)
            except RuntimeError:  # its loop has ended, and so has whoever waited
                continue
            return

    def _let_in(self, place: asyncio.Future[None]) -> None:
        if place.done():
            self._let_next_in()
        else:
            place.set_result(None)


_turnstiles: dict[Hashable, Turnstile] = {}
_lock = threading.Lock()


def turnstile_of(identity: Hashable, most: int) -> Turnstile:
    """The one turnstile of this process for an endpoint and a limit.

    Args:
        identity: the address and the key.
        most: see :class:`Turnstile`.
    """
    with _lock:
        return _turnstiles.setdefault((identity, most), Turnstile(most))
