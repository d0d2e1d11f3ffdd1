"""Asks the language model in a thread, so that the page hears what happens and can stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread

from assistant.errors import OkrError
from assistant.models import Review
from assistant.review import Tell

_TICK = 0.25
"""Seconds between two looks at whether somebody pressed Stop."""


class _Stopped(Exception):
    """Raised inside the review once nobody waits for it any more."""


def ask(work: Callable[[Tell], Review], stopped: Callable[[], bool]) -> Iterator[str | Review]:
    """Do some work and pass on what it tells.

    Args:
        work: makes the review; what it is given hears sentences about what happens.
        stopped: whether somebody pressed Stop; the work then ends when it next tells something.

    Yields:
        Sentences, and the review at last. Nothing more once it was stopped.

    Raises:
        OkrError: the work failed.
    """
    news: SimpleQueue[str | Review | Exception] = SimpleQueue()

    def tell(sentence: str) -> None:
        if stopped():
            raise _Stopped
        news.put(sentence)

    def run() -> None:
        try:
            news.put(work(tell))
        except Exception as error:
            news.put(error)

    Thread(target=run, daemon=True).start()
    while not stopped():
        try:
            item = news.get(timeout=_TICK)
        except Empty:
            continue
        if isinstance(item, OkrError):
            raise item
        if isinstance(item, _Stopped):
            return
        if isinstance(item, Exception):
            raise item
        yield item
        if isinstance(item, Review):
            return
