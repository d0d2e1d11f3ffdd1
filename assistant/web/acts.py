"""What the buttons on a review do. Each takes the state of the page and says what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.history import DismissalKind, opened
from assistant.language.blanks import find_blanks
from assistant.models import EVERYONE, Finding, Objective, shortened
from assistant.report.words import element_name
from assistant.rules import find_rule
from assistant.web import drafts
from assistant.web.desk import MOVED, Done, State, show
from assistant.web.exports import parcel
from assistant.web.fragments import fragment, notice
from assistant.web.reviewing import Form, Kept, organisation_of
from assistant.web.view import source
from assistant.web.words import rule_title

if TYPE_CHECKING:
    from assistant.settings import Settings


def again(state: State, form: Form, said: str, *, undo: str | None = None) -> Done:
    """Review the changed draft at once, and say what was done.

    Args:
        state: the page.
        form: with the draft as it is to be.
        said: what was done, in a sentence.
        undo: the draft as it was, where that can be brought back.
    """
    state.form = form
    review = state.look()
    before = state.kept.before if state.kept.before is not None else state.kept.seen
    state.note(review, before, undo)
    state.session.say(said, undoable=undo is not None)
    return state.done(show(state), draft=form.text)


def _changed(state: State, objective: Objective, on: str, words: str, said: str) -> Done:
    text = drafts.replaced(state.form.text, objective, on, words)
    if text is None:
        raise InputError(MOVED)
    return again(state, state.form.model_copy(update={"text": text}), said, undo=state.form.text)


def accept(state: State) -> Done:
    """Take a rewrite over into the draft."""
    objective, finding = state.finding()
    if not finding.rewrite:
        raise InputError("There is no wording to take over.")
    said = f"Taken over: “{shortened(finding.rewrite, 120)}”."
    if find_blanks(finding.rewrite):
        said += " Fill in what stands in brackets, and review again."
    return _changed(state, objective, finding.on, finding.rewrite, said)


def edit(state: State) -> Done:
    """Put other words in place of an element's."""
    words = " ".join(state.said.get("text", "").split())
    if not words:
        raise InputError("There are no words to put there. To take a line out, change the draft.")
    said = f"It reads “{shortened(words, 120)}” now."
    return _changed(state, state.objective(), state.said.get("on", ""), words, said)


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


def to_share(finding: Finding, settings: Settings) -> Finding:
    """A finding as it is kept with an answer, which others see who review the same words.

    Where somebody sees documents that others do not, its question may quote one of them; that of
    the rule cannot.
    """
    if settings.audiences <= {EVERYONE}:
        return finding
    return finding.model_copy(update={"question": find_rule(finding.rule).question})


def answer(state: State) -> Done:
    """Keep an answer to a finding's question; the language model reconsiders it, if there is one."""
    _, finding = state.finding()
    with opened(state.services.settings.home) as history:
        history.answer_finding(
            to_share(finding, state.services.settings), state.said.get("text", "")
        )
    if state.want(answered=finding.fingerprint):
        return again(state, state.form, "Your answer is kept. The language model reconsiders it.")
    return again(state, state.form, "Your answer is kept. It stands beside the remark from now on.")


def unanswer(state: State) -> Done:
    """Take back what was answered to a finding."""
    with opened(state.services.settings.home) as history:
        history.forget_answers(state.said.get("finding", ""))
    state.want()
    return again(state, state.form, "Your answer is taken back.")


def reword(state: State) -> Done:
    """Ask the language model for other words for an element."""
    objective, on = state.objective(), state.said.get("on", "")
    if objective.element(on) is None:
        raise InputError(MOVED)
    if not state.want(int(state.said["objective"]), on):
        raise InputError("No language model is configured, so there is nobody to ask.")
    state.session.say(f"Other words for the {element_name(on)} are on their way.")
    return state.done(show(state))


def serve(state: State) -> Done:
    """Choose a suggested parent."""
    known = organisation_of(state.services)
    parent = known.objective(state.said.get("id")) if known else None
    if parent is None:
        raise InputError("This objective is not in the index any more.")
    line = drafts.with_parent(state.form.text, state.objective(), parent.text)
    if line is None:
        raise InputError(MOVED)
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
    state.session.say("The language model was stopped. What was found until then stands.")
    return state.done(show(state))


def other_draft(state: State, text: str, problems: Sequence[str] = ()) -> Done:
    """Put another draft in place of the one that is there, which can be brought back."""
    former = state.form.text if state.form.text.strip() and state.form.text != text else None
    state.session.forget()
    shown = fragment("begun", undo=former is not None, problems=problems)
    return state.done(shown, Kept(undo=former), draft=text)


ACTS: Mapping[str, Callable[[State], Done]] = {
    "accept": accept,
    "answer": answer,
    "cite": cite,
    "dismiss": dismiss,
    "edit": edit,
    "example": example,
    "export": take,
    "parent": serve,
    "restore": restore,
    "reword": reword,
    "stop": stop,
    "unanswer": unanswer,
    "undo": undo,
}
