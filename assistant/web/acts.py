"""What the buttons on a review do. Each takes the state of the page and says what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Literal

from assistant.errors import IndexUnavailable, InputError, OkrError
from assistant.history import DismissalKind, opened
from assistant.models import Finding, Objective, Review, shortened
from assistant.review import Tell
from assistant.web import drafts
from assistant.web.asking import ask as ask_model
from assistant.web.beside import beside
from assistant.web.exports import parcel, plain
from assistant.web.fragments import fragment, notice
from assistant.web.reviewing import (
    Form,
    Kept,
    Session,
    carried_over,
    find,
    look_at,
    organisation_of,
)
from assistant.web.since import Since, seen, since
from assistant.web.view import View, sheets, source
from assistant.web.words import rule_title

if TYPE_CHECKING:
    from assistant.web.services import Services

Part = Literal["draft", "parent", "outcome", "source", "parcel", "kept"]
Done = dict[Part, object]
"""New values of parts of the page."""

_MOVED = "These words are not in the draft any more. Press Review and try again."


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
            self.session.review = look_at(self.form, self.services, llm=False)
        return self.session.review

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
        if not number.isdigit() or not 1 <= int(number) <= len(reviews):
            raise InputError(_MOVED)
        return reviews[int(number) - 1].objective


def show(state: State, said: str = "", *, undo: bool = False, ask: bool = True) -> str:
    """The latest review as the page shows it.

    Args:
        state: the page.
        said: one sentence about what was just done.
        undo: whether it can be taken back.
        ask: whether objectives of other teams are looked at that were not yet.
    """
    review, kept, session = state.review(), state.kept, state.session
    organisation = organisation_of(state.services)
    view = View(
        review=review,
        sheets=sheets(review, organisation, beside(review, organisation, session.peers, ask=ask)),
        plain=plain(review),
        since=Since() if kept.before is None else since(kept.before, review),
        compared=kept.before is not None,
        progress=session.progress,
        said=said,
        undo=undo,
        history=state.services.settings.history,
    )
    return fragment("review", view=view)


def welcome(services: Services) -> str:
    """What stands where the review will be."""
    organisation = organisation_of(services)
    unavailable = ""
    if organisation is None:
        try:
            services.index()
        except IndexUnavailable as error:
            unavailable = str(error)
    return fragment(
        "welcome",
        organisation=organisation,
        unavailable=unavailable,
        llm=services.settings.llm_configured,
    )


def again(state: State, form: Form, said: str, *, undo: str | None = None) -> Done:
    """Review the changed draft at once, without the language model, and say what was done."""
    review = carried_over(look_at(form, state.services, llm=False), state.session.review)
    state.session.review, state.form = review, form
    before = state.kept.before if state.kept.before is not None else state.kept.seen
    state.session.kept = Kept(seen=seen(review), before=before, undo=undo)
    return state.done(show(state, said, undo=undo is not None), draft=form.text)


def _changed(state: State, objective: Objective, on: str, words: str, said: str) -> Done:
    text = drafts.replaced(state.form.text, objective, on, words)
    if text is None:
        raise InputError(_MOVED)
    return again(state, state.form.model_copy(update={"text": text}), said, undo=state.form.text)


def accept(state: State) -> Done:
    """Take a rewrite over into the draft."""
    objective, finding = state.finding()
    if not finding.rewrite:
        raise InputError("There is no wording to take over.")
    said = f"Taken over: “{shortened(finding.rewrite, 120)}”."
    return _changed(state, objective, finding.on, finding.rewrite, said)


def edit(state: State) -> Done:
    """Put other words in place of an element's."""
    words = " ".join(state.said.get("text", "").split())
    if not words:
        raise InputError("There are no words to put there. To take a line out, change the draft.")
    return _changed(state, state.objective(), state.said.get("on", ""), words, "Saved.")


def undo(state: State) -> Done:
    """Bring the former draft back."""
    former = state.kept.undo
    if former is None:
        raise InputError("There is nothing to undo.")
    form = state.form.model_copy(update={"text": former})
    if state.kept.seen is None:
        shown = notice("Your former draft is back. Press Review when you like.")
        return state.done(shown, Kept(), draft=former)
    return again(state, form, "Your former draft is back.")


def dismiss(state: State) -> Done:
    """Set a finding aside, and remember why."""
    _, finding = state.finding()
    kind: DismissalKind = "wrong" if state.said.get("kind") == "wrong" else "accepted"
    with opened(state.services.settings.home) as history:
        history.dismiss_finding(finding, state.said.get("reason", ""), kind)
    return again(
        state, state.form, f"Set aside: {rule_title(finding.rule)}. It stays so for these words."
    )


def restore(state: State) -> Done:
    """Take a dismissal back."""
    with opened(state.services.settings.home) as history:
        history.restore(state.said.get("finding", ""))
    return again(state, state.form, "Taken back.")


def serve(state: State) -> Done:
    """Choose a suggested parent."""
    known = organisation_of(state.services)
    parent = known.objective(state.said.get("id")) if known else None
    if parent is None:
        raise InputError("This objective is not in the index any more.")
    line = drafts.with_parent(state.form.text, state.objective(), parent.text)
    if line is None:
        raise InputError(_MOVED)
    form = state.form.model_copy(update={"text": line})
    return again(
        state, form, f"It serves “{shortened(parent.text, 100)}” now.", undo=state.form.text
    )


def cite(state: State) -> Done:
    """Open what stands behind a citation."""
    known = organisation_of(state.services)
    found = source(known, state.said.get("id", ""), state.said.get("quote", "")) if known else None
    if found is None:
        raise InputError("This source is not in the index any more, or not for you to see.")
    return {"source": fragment("source", source=found, nonce=token_hex(4))}


def take(state: State) -> Done:
    """Hand the review over as a file."""
    return {"parcel": parcel(state.review(), state.said.get("form", ""))}


def example(state: State) -> Done:
    """Begin with the example and review it."""
    state.session.forget()
    return again(
        state,
        Form(text=drafts.EXAMPLE, profile=state.form.profile),
        "This is the example. Open a remark; take a wording over; open a source.",
        undo=state.form.text or None,
    )


def stop(state: State) -> Done:
    """Listen no longer to the language model."""
    state.session.stop()
    said = "The language model was stopped. What was found without it stands."
    return state.done(show(state, said))


def other_draft(state: State, text: str, problems: Sequence[str] = ()) -> Done:
    """Put another draft in place of the one that is there, which can be brought back."""
    former = state.form.text if state.form.text.strip() and state.form.text != text else None
    state.session.forget()
    shown = fragment("begun", undo=former is not None, problems=problems)
    return state.done(shown, Kept(undo=former), draft=text)


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
    try:
        return state.done(show(state, sentence))
    except OkrError:
        return state.done(notice(sentence, tone="error"))


def reviewed(state: State) -> Iterator[Done]:
    """Review the draft: what is found at once, then what the language model adds."""
    session, services = state.session, state.services
    session.stop()
    run = session.run
    try:
        review = carried_over(look_at(state.form, services, llm=False), session.review)
    except OkrError as error:
        yield state.done(notice(str(error), tone="error"))
        return
    asked = services.settings.llm_configured
    session.review = review
    session.progress = f"Asking {services.settings.llm_model}" if asked else ""
    session.kept = Kept(seen=seen(review), before=state.kept.seen)
    yield state.done(show(state, ask=False))
    yield state.done(show(state))
    if asked:
        yield from _asked(state, lambda: session.run != run)


def _asked(state: State, stopped: Callable[[], bool]) -> Iterator[Done]:
    form, session, services = state.form, state.session, state.services

    def work(tell: Tell) -> Review:
        return look_at(form, services, llm=True, tell=tell)

    try:
        for news in ask_model(work, stopped):
            if isinstance(news, str):
                session.progress = news
            else:
                _add(news, session)
            yield state.done(show(state))
    except OkrError as error:
        session.progress = ""
        said = f"The language model did not answer. {error} What was found without it stands."
        yield state.done(show(state, said))
    # Gradio sends the last part once more at the end, and others may have been shown meanwhile.
    yield state.done(session.shown)


def _add(news: Review, session: Session) -> None:
    """Take in what the language model said, as far as the draft is still what it has read."""
    session.progress = ""
    latest = session.review
    read = [item.objective for item in latest.reviews] if latest else []
    same = read == [item.objective for item in news.reviews]
    review = news if same or latest is None else carried_over(latest, news)
    session.review = review
    before = session.kept or Kept()
    session.kept = before.model_copy(update={"seen": seen(review)})


ACTS: Mapping[str, Callable[[State], Done]] = {
    "accept": accept,
    "cite": cite,
    "dismiss": dismiss,
    "edit": edit,
    "example": example,
    "export": take,
    "parent": serve,
    "restore": restore,
    "stop": stop,
    "undo": undo,
}
