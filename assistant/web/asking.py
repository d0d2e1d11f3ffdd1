"""Asks the language model in a thread, so that the page hears what happens and can stop it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from assistant.models import Review

if TYPE_CHECKING:
    from assistant.critique.rewriting import Reworking

Told = Callable[[str | Review], None]
"""Takes a sentence about what happens now, or the review as far as it has come."""

_TICK = 0.1
"""Seconds between two looks at what happened, and at whether somebody pressed Stop."""


class _Stopped(Exception):
    """Raised inside the work once nobody waits for it any more."""


async def ask(
    work: Callable[[Told], Review | Reworking], stopped: Callable[[], bool]
) -> AsyncIterator[str | Review | Reworking]:
    """Do some work and pass on what it tells, and at last what it returns.

    Args:
        work: what it is given hears what happens.
        stopped: whether somebody pressed Stop; the work then ends when it next tells something,
            and nothing more is passed on.

    Raises:
        OkrError: the work failed.
    """
    news: SimpleQueue[str | Review | Reworking | Exception | None] = SimpleQueue()

    def tell(item: str | Review) -> None:
        if stopped():
            raise _Stopped
        news.put(item)

    def run() -> None:
        try:
            news.put(work(tell))
        except Exception as error:
            news.put(error)
        news.put(None)

    Thread(target=run, daemon=True).start()
    while not stopped():
        try:
            item = news.get_nowait()
        except Empty:
            await asyncio.sleep(_TICK)
            continue
        if item is None or isinstance(item, _Stopped):
            return
        if isinstance(item, Exception):
            raise item
        yield item
