"""From the Review button on: what is found at once, then what the language model adds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from assistant.errors import OkrError
from assistant.models import Review, fold
from assistant.web.asking import Told, ask
from assistant.web.carrying import carried_over, said
from assistant.web.desk import Done, State, show
from assistant.web.fragments import notice
from assistant.web.reviewing import Wanted, find, look_at, organisation_of, word_differently
from assistant.web.since import same_draft
from assistant.web.words import LABELS, rule_title

if TYPE_CHECKING:
    from assistant.critique.rewriting import Reworking


def reviewed(state: State) -> Iterator[Done]:
    """Review the draft without the language model; it is wanted next where there is one."""
    session = state.session
    earlier = session.review
    session.stop()
    session.say()
    try:
        review = state.look()
    except OkrError as error:
        yield state.done(notice(str(error), tone="error"))
        return
    is_other = earlier is not None and not same_draft(earlier, review)
    state.note(review, before=None if is_other else state.kept.seen)
    state.want()
    yield state.done(show(state, ask=False))
    yield state.done(show(state))


async def followed(state: State) -> AsyncIterator[Done]:
    """Have the language model do what is wanted of it, and show what it says as it comes."""
    session = state.session
    wanted, session.wanted = session.wanted, None
    if wanted is None:
        # Gradio empties what a generator says nothing about.
        yield state.done(session.shown)
        return
    run = session.run

    def work(tell: Told) -> Review | Reworking:
        if wanted.on:
            return word_differently(wanted, state.services, tell)
        return look_at(wanted.form, state.services, llm=True, tell=tell, early=tell)

    try:
        state.services.spend("review")
        async for news in ask(work, lambda: session.run != run):
            await asyncio.to_thread(_take_in, state, wanted, news)
            yield state.done(await asyncio.to_thread(show, state))
    except OkrError as error:
        session.say(f"The language model did not answer. {error} What was found without it stands.")
    if session.run == run:
        session.progress = ""
        yield state.done(await asyncio.to_thread(show, state))
    # Gradio sends the last part once more at the end, and others may have been shown meanwhile.
    yield state.done(session.shown)


def _take_in(state: State, wanted: Wanted, news: str | Review | Reworking) -> None:
    """Take in what came, as far as the draft is still what the model has read."""
    session = state.session
    if isinstance(news, str):
        session.progress = news
        return
    if not isinstance(news, Review):
        session.reworded[fold(news.original)] = news
        session.say()
        return
    latest = state.review()
    same = [item.objective for item in latest.reviews] == [item.objective for item in news.reviews]
    settings, known = state.services.settings, organisation_of(state.services)
    if same and news.llm is None:
        news = carried_over(news, state.kept.said, settings, known)
    if not same:
        news = carried_over(latest, said(news), settings, known)
    state.note(news, before=state.kept.before, undo=state.kept.undo)
    if wanted.answered and news.llm:
        session.say(verdict(news, wanted.answered))


def verdict(review: Review, fingerprint: str) -> str:
    """What became of a finding that was answered, in a sentence."""
    for item in review.suppressed:
        if item.finding.fingerprint == fingerprint and item.by == "answer":
            title = rule_title(item.finding.rule)
            return f"After your answer, “{title}” is withdrawn: {item.reason}"
    found = find(review, fingerprint)
    if found is None:
        return "Your answer is kept. The remark is not there any more."
    finding = found[1]
    last = finding.opinions[-1] if finding.opinions else None
    if last is None or last.says not in ("kept", "lowered"):
        return "Your answer is kept. The language model did not reconsider; see Not checked."
    done = "stays" if last.says == "kept" else f"is lowered to “{LABELS[finding.severity]}”"
    return f"After your answer, “{rule_title(finding.rule)}” {done}: {last.words}"
