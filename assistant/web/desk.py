"""The review tab as it is when something happens on it: the draft, the review, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import IndexUnavailable, InputError, OkrError
from assistant.models import Finding, Objective, Review
from assistant.web.beside import beside
from assistant.web.carrying import said as said_in
from assistant.web.exports import plain
from assistant.web.fragments import fragment, notice
from assistant.web.outcome import View
from assistant.web.reviewing import Form, Kept, Session, Wanted, find, look_at, organisation_of
from assistant.web.since import Seen, Since, seen, since
from assistant.web.view import sheets

if TYPE_CHECKING:
    from assistant.web.services import Services

Part = Literal["draft", "parent", "outcome", "source", "parcel", "kept"]
Done = dict[Part, object]
"""New values of parts of the page."""

MOVED = "These words are not in the draft any more. Press Review and try again."


@dataclass
class State:
    """The page as it is when a button is pressed.

    Attributes:
        browser: what the browser kept when the page was opened.
        said: the act and what stands beside it.
    """

    form: Form
    browser: Kept
    session: Session
    services: Services
    said: Mapping[str, str]

    @property
    def kept(self) -> Kept:
        """What the browser keeps, as of now."""
        return self.session.kept or self.browser

    def done(self, shown: str, kept: Kept | None = None, **more: object) -> Done:
        """What becomes of the page: what is shown, what is kept, and other parts by name."""
        self.session.shown, self.session.kept = shown, kept or self.kept
        parts: Done = {"outcome": shown, "kept": self.kept.model_dump(mode="json")}
        return {**parts, **more}  # type: ignore[dict-item]

    def review(self) -> Review:
        """The latest review; made again where the server has forgotten it."""
        if self.session.review is None:
            self.session.review = self.look()
        return self.session.review

    def look(self) -> Review:
        """The draft reviewed at once, with what the language model said before."""
        return look_at(self.form, self.services, llm=False, said=self.kept.said)

    def note(
        self, review: Review, before: tuple[Seen, ...] | None, undo: str | None = None
    ) -> None:
        """Remember a review, what it is compared with, and the draft as it was."""
        self.session.review = review
        self.session.kept = Kept(seen=seen(review), before=before, undo=undo, said=said_in(review))

    def want(self, number: int = 0, on: str = "", answered: str = "") -> bool:
        """Have the language model begin, where there is one; see :class:`Wanted`."""
        self.session.stop()
        settings = self.services.settings
        if not settings.llm_configured:
            return False
        self.session.wanted = Wanted(self.form, number, on, answered)
        self.session.progress = f"Asking {settings.llm_model}"
        return True

    def finding(self) -> tuple[Objective, Finding]:
        """The finding that is meant, with its objective.

        Raises:
            InputError: it is not there any more.
        """
        review = self.review()
        found = find(review, self.said.get("finding", ""))
        if found is None:
            raise InputError("This remark is not there any more. Press Review to see what is.")
        return review.reviews[found[0]].objective, found[1]

    def objective(self) -> Objective:
        """The objective that is meant.

        Raises:
            InputError: there is no such objective.
        """
        number, reviews = self.said.get("objective", ""), self.review().reviews
        if not number[:9].isdecimal() or not 1 <= int(number[:9]) <= len(reviews):
            raise InputError(MOVED)
        return reviews[int(number) - 1].objective


def show(state: State, *, ask: bool = True) -> str:
    """The latest review as the page shows it.

    Args:
        state: the page.
        ask: whether objectives of other teams are looked at that were not yet.
    """
    review, kept, session = state.review(), state.kept, state.session
    organisation = organisation_of(state.services)
    settings = state.services.settings
    view = View(
        review=review,
        sheets=sheets(review, organisation, beside(review, organisation, session.peers, ask=ask)),
        plain=plain(review),
        since=Since() if kept.before is None else since(kept.before, review),
        compared=kept.before is not None,
        progress=session.progress,
        said=session.told,
        undo=session.undoable,
        history=settings.history,
        model=settings.llm_model if settings.llm_configured else None,
        reworded=session.reworded,
    )
    return fragment("review", view=view)


def welcome(services: Services) -> str:
    """What stands where the review will be."""
    organisation, settings = organisation_of(services), services.settings
    unavailable = ""
    if organisation is None and (settings.home / "index").exists():
        try:
            services.index()
        except IndexUnavailable as error:
            unavailable = str(error)
    return fragment(
        "welcome",
        organisation=organisation,
        unavailable=unavailable,
        llm=settings.llm_model if settings.llm_configured else None,
        manages=services.person.may("manage"),
    )


def remembered(state: State) -> Done:
    """The page as the visitor left it."""
    shown = welcome(state.services)
    if state.kept.seen is not None:
        try:
            shown = show(state)
        except OkrError as error:
            shown = notice(str(error), tone="error")
    return state.done(shown, draft=state.form.text)


def refused(state: State, sentence: str) -> Done:
    """Say why something was not done, beside what is there."""
    shown = notice(sentence, tone="error")
    if state.kept.seen is not None:
        state.session.say(sentence)
        with suppress(OkrError):
            shown = show(state)
    return state.done(shown)
