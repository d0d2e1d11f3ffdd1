"""What all visitors of the web app share: the open index and what was read into it."""

from __future__ import annotations

from threading import Lock, Thread
from typing import TYPE_CHECKING

from assistant.errors import OkrError
from assistant.index import Index
from assistant.models import Organisation

if TYPE_CHECKING:
    from assistant.settings import Settings

_FIRST = (
    "Objective: Readers find what they need\n- Searches that end with a visit from 40 % to 60 %\n"
)
"""Reviewed once at the start, so that no visitor waits for models to load."""


class Services:
    """The index, opened once, reopened when it was made anew; safe to share between threads.

    Args:
        settings: name the home folder, the audiences and the models.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._opened: tuple[Index, object] | None = None

    def index(self) -> Index:
        """The open index. Leave it open: others read it too.

        Raises:
            IndexUnavailable: there is none, or it cannot be read; the message says what to do.
        """
        with self._lock:
            stamp = self._stamp()
            if self._opened is None or self._opened[1] != stamp:
                self._opened = (Index.open(self.settings, writable=False), stamp)
            return self._opened[0]

    def organisation(self, audiences: frozenset[str] | None = None) -> Organisation:
        """Everything that was indexed, as far as these audiences may see it.

        Args:
            audiences: by default those that the settings name.

        Raises:
            IndexUnavailable: there is no index, or it cannot be read.
        """
        return self.index().organisation(audiences)

    def warm(self) -> None:
        """Load the models and the vectors, so that the first review is as quick as the next."""
        from assistant.review import ReviewOptions, review_text

        try:
            review_text(
                _FIRST,
                self.settings.model_copy(update={"history": False}),
                ReviewOptions(llm=False),
                index=self.index(),
            )
        except OkrError:
            return

    def start(self) -> None:
        """Begin to :meth:`warm` in a thread."""
        Thread(target=self.warm, daemon=True).start()

    def _stamp(self) -> object:
        """Tells one file of the index from the next that takes its place."""
        from assistant.index.records import FILE

        try:
            found = (self.settings.home / "index" / FILE).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
