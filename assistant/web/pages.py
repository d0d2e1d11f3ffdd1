"""Whose an open page is: its stream is for nobody else, even if they know its name."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from assistant.errors import Refused

_MOST = 10_000


class Pages:
    """Remembers who opened which page; safe to share between threads.

    Args:
        most: how many are remembered; the one that was used longest ago gives way.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._owners: OrderedDict[str, str] = OrderedDict()

    def claim(self, page: str, who: str) -> None:
        """Say that somebody uses a page; it is theirs from the first time on.

        Args:
            page: the name that Gradio gives it, which stands in addresses and so in logs.
            who: a person.

        Raises:
            Refused: somebody else opened it.
        """
        with self._lock:
            owner = self._owners.setdefault(page, who)
            self._owners.move_to_end(page)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)
        if owner != who:
            raise Refused("This page was opened by somebody else. Load it anew.")

    def may_hear(self, page: str, who: str) -> bool:
        """Whether what is sent to a page may be sent to this person."""
        with self._lock:
            return self._owners.get(page, who) == who
