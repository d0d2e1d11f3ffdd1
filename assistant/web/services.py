"""What visitors of the web app share, the open index above all, as far as each may see it."""

from __future__ import annotations

from threading import Lock, Thread
from typing import TYPE_CHECKING

from assistant.errors import OkrError
from assistant.index import Index
from assistant.models import Organisation
from assistant.people import Person, local

if TYPE_CHECKING:
    import gradio as gr

    from assistant.settings import Settings

_FIRST = (
    "Objective: Readers find what they need\n- Searches that end with a visit from 40 % to 60 %\n"
)
"""Reviewed once at the start, so that no visitor waits for models to load."""


class Services:
    """The index, opened once, reopened when it was made anew; safe to share between threads.

    Args:
        settings: name the home folder, the audiences and the models.
        person: who is served; by default whoever sits at this machine.
        opened: the open index, where others have it already.
    """

    def __init__(
        self, settings: Settings, person: Person | None = None, opened: _Opened | None = None
    ) -> None:
        self.person = person or local(settings)
        self.settings = self.person.narrowed(settings)
        self._opened = opened or _Opened(settings)

    def of(self, request: gr.Request | None) -> Services:
        """The same as far as the visitor behind a request may see it.

        Args:
            request: as Gradio hands it to a handler.
        """
        return self

    def index(self) -> Index:
        """The open index. Leave it open: others read it too.

        Raises:
            IndexUnavailable: there is none, or it cannot be read; the message says what to do.
        """
        return self._opened.index()

    def organisation(self) -> Organisation:
        """Everything that was indexed, as far as this person may see it.

        Raises:
            IndexUnavailable: there is no index, or it cannot be read.
        """
        return self.index().organisation(self.settings.audiences)

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


class _Opened:
    """The one open index."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._known: tuple[Index, object] | None = None

    def index(self) -> Index:
        with self._lock:
            stamp = self._stamp()
            if self._known is None or self._known[1] != stamp:
                self._known = (Index.open(self._settings, writable=False), stamp)
            return self._known[0]

    def _stamp(self) -> object:
        """Tells one file of the index from the next that takes its place."""
        from assistant.index.records import FILE

        try:
            found = (self._settings.home / "index" / FILE).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
