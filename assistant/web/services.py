"""What visitors of the web app share, the open index above all, as far as each may see it."""

from __future__ import annotations

from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from assistant.errors import NotSignedIn, OkrError, Refused
from assistant.index import Index
from assistant.models import Organisation
from assistant.people import Permission, Person, local
from assistant.web.limits import Action, Limits
from assistant.web.pages import Pages
from assistant.web.visitors import Visitors

if TYPE_CHECKING:
    import gradio as gr
    from starlette.requests import HTTPConnection

    from assistant.settings import Settings

_REFUSALS: dict[Permission, str] = {
    "review": "Your account may not review drafts.",
    "scan": "Scans are for the strategy office. Ask for that role if you need it.",
    "evaluate": "Prompt evaluations are for the strategy office. Ask for that role if you need it.",
    "manage": "Uploads and indexing are for admins. Ask one of them.",
}

_FIRST = (
    "Objective: Readers find what they need\n- Searches that end with a visit from 40 % to 60 %\n"
)
"""Reviewed once at the start, so that no visitor waits for models to load."""


class Services:
    """The index, opened once, reopened when it was made anew; safe to share between threads.

    Args:
        settings: name the home folder, the audiences and the models.
        person: who is served; by default whoever sits at this machine.
        shared: what all visitors have in common, where there is such already.
    """

    def __init__(
        self, settings: Settings, person: Person | None = None, shared: _Shared | None = None
    ) -> None:
        self._shared = shared or _Shared(settings)
        self._key = ""
        self.person = person or local(settings)
        self.settings = self.person.narrowed(settings)

    def of(self, request: gr.Request | HTTPConnection | None) -> Services:
        """The same as far as the visitor behind a request may see it.

        Args:
            request: as Gradio hands it to a handler, or as Starlette has it; None is nobody.

        Raises:
            NotSignedIn: one has to sign in, and whoever asks has not.
            Refused: somebody else opened the page that asks.
        """
        visitors, settings = self._shared.visitors, self._shared.settings
        # Gradio's request wraps the one that a session, a token or a proxy is read from.
        plain: Any = getattr(request, "request", request)
        if plain is None:
            if visitors.must_sign_in:
                raise NotSignedIn("Nobody is signed in. Sign in and try again.")
            return self
        visitor = visitors.of(plain)
        found = Services(settings, visitor.person, self._shared)
        found._key = visitor.key
        page = getattr(request, "session_hash", None)
        if page and visitors.must_sign_in:
            self._shared.pages.claim(page, visitor.key)
        return found

    @property
    def pages(self) -> Pages:
        """Whose the open pages are."""
        return self._shared.pages

    def may_hear(self, page: str) -> bool:
        """Whether what is sent to an open page may be sent to this person."""
        return not self.visitors.must_sign_in or self.pages.may_hear(page, self._key)

    @property
    def visitors(self) -> Visitors:
        """Knows who is behind a request."""
        return self._shared.visitors

    @property
    def limits(self) -> Limits:
        """How often costly things were done lately."""
        return self._shared.limits

    def require(self, what: Permission) -> None:
        """Go on only if this person's role permits it.

        Raises:
            Refused: it does not; the message says for whom it is.
        """
        if not self.person.may(what):
            raise Refused(_REFUSALS[what])

    def spend(self, action: Action) -> None:
        """Count something costly that this person is about to begin.

        Raises:
            TooOften: it was done as often as is allowed; ``retry_after`` is in seconds.
        """
        self.limits.spend(action, self._key)

    def index(self) -> Index:
        """The open index. Leave it open: others read it too.

        Raises:
            IndexUnavailable: there is none, or it cannot be read; the message says what to do.
        """
        return self._shared.index()

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


class _Shared:
    """What all visitors have in common: the one open index, who they are, and the limits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.visitors = Visitors(settings)
        self.limits = Limits.of(settings)
        self.pages = Pages()
        self._lock = Lock()
        self._known: tuple[Index, object] | None = None

    def index(self) -> Index:
        with self._lock:
            stamp = self._stamp()
            if self._known is None or self._known[1] != stamp:
                self._known = (Index.open(self.settings, writable=False), stamp)
            return self._known[0]

    def _stamp(self) -> object:
        """Tells one file of the index from the next that takes its place."""
        from assistant.index.records import FILE

        try:
            found = (self.settings.home / "index" / FILE).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
