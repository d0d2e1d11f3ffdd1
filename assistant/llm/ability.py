"""Finds out what an endpoint and its model can do, and which way of asking suits them.

A capable model is asked for a whole critique. A small one writes poor critiques and still answers
narrow questions well, so it is asked those. Which one it is shows in a few questions with plain
answers: yes or no about one key result each, and one small critique.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

from assistant.llm.answers import Answer
from assistant.llm.dialect import METHODS, Method
from assistant.llm.faults import Unreadable
from assistant.models import Noun
from assistant.prompts import Message

if TYPE_CHECKING:
    from assistant.llm.client import LlmClient
    from assistant.settings import Settings

Strategy = Literal["full", "narrow"]

_FACT = "ability 1"
"""Under this name the outcome is kept; another number makes earlier outcomes void."""

_MOST_WRONG = 1
"""Of the narrow questions, for a model to be taken as capable."""

_YES_NO = ("yes", "no")
_IS_WORK = (
    "A key result is mere work if it is met as soon as something is made, held or launched, even "
    "if nothing changes for anybody. It is an outcome if it says what will be different for "
    'somebody. Key result: "{text}". Is it mere work? Answer with one word, yes or no.'
)
_NARROW = {
    "Publish the new price list": True,
    "Share of orders delivered on the promised day from 71 % to 90 %": False,
    "Hold four workshops for the shop managers": True,
    "Guests who come back within a year rise from 22 % to 35 %": False,
    "Write the handbook for new drivers": True,
    "Median wait at the counter falls from 14 to 6 minutes": False,
    "Launch the customer app": True,
    "Complaints about wrong invoices fall from 80 to 20 a month": False,
}
_SMALL_DRAFT = {
    "kr:1": "Returned parcels refunded within three days from 40 % to 90 %",
    "kr:2": "Publish the returns page",
    "kr:3": "Calls that ask where a refund is fall from 300 to 90 a week",
    "kr:4": "Customers find sending a parcel back much easier",
}
_FAULTS = {"kr:2": "work", "kr:4": "vague"}
_CRITIQUE = """Here are four key results:
{draft}

Two rules:
work: it is met as soon as something is made, held or launched, even if nothing changes for anybody.
vague: it says what changes, but gives no figure.

Report each key result that breaks a rule, and no other: its id, the rule, and its words copied \
exactly. A key result that breaks no rule must not be reported."""


class _Fault(BaseModel):
    on: Annotated[str, Field(json_schema_extra={"maxLength": 6})]
    rule: Literal["work", "vague"]
    quote: Annotated[str, Field(json_schema_extra={"maxLength": 90})]


class _Faults(BaseModel):
    faults: Annotated[tuple[_Fault, ...], Field(json_schema_extra={"maxItems": 4})]


class _Word(BaseModel):
    answer: Annotated[str, Field(json_schema_extra={"maxLength": 10})]


class Ability(Noun):
    """What was found out.

    Attributes:
        model: its name as the endpoint gives it.
        streams: whether an answer arrives piece by piece.
        methods: the ways of asking for JSON that lead to JSON.
        logprobs: whether the probabilities of words are given.
        counts: whether tokens are counted.
        first_token_seconds: from asking to the first piece of the small critique.
        tokens_per_second: while it was written; None if tokens are not counted.
        right: narrow questions answered rightly.
        of: narrow questions asked.
        critique: whether the small critique found both faults, and nothing else.
    """

    model: str
    streams: bool
    methods: tuple[Method, ...]
    logprobs: bool
    counts: bool
    first_token_seconds: float | None
    tokens_per_second: float | None
    right: int
    of: int
    critique: bool

    @property
    def strategy(self) -> Strategy:
        """The way of asking that suits the model."""
        capable = self.critique and self.of - self.right <= _MOST_WRONG
        return "full" if capable else "narrow"


def find_out(client: LlmClient) -> Ability:
    """Ask the endpoint a dozen short questions. What is found out is kept for some days.

    Raises:
        Fault: it cannot be asked at all.
    """
    ability = asyncio.run(_find_out(client))
    if client.cache:
        client.cache.note(_FACT, ability.model_dump(mode="json"))
    return ability


def known(client: LlmClient) -> Ability | None:
    """What was found out within the last days, if anything."""
    found = client.cache.fact(_FACT) if client.cache else None
    return Ability.model_validate(found) if found else None


def strategy_of(settings: Settings, client: LlmClient) -> Strategy:
    """The way of asking that the settings want; by themselves they follow what was found out.

    With nothing found out it is ``full``.
    """
    if settings.llm_strategy != "auto":
        return settings.llm_strategy
    found = known(client)
    return found.strategy if found else "full"


async def _find_out(client: LlmClient) -> Ability:
    fresh = client.without_answers()
    critique = await fresh.aask([_asked(_CRITIQUE.format(draft=_listed(_SMALL_DRAFT)))], _Faults)
    choices = await asyncio.gather(
        *(fresh.achoose([_asked(_IS_WORK.format(text=text))], _YES_NO) for text in _NARROW),
        return_exceptions=True,
    )
    right = with_logprobs = 0
    for choice, is_work in zip(choices, _NARROW.values(), strict=True):
        if isinstance(choice, Unreadable):
            continue
        if isinstance(choice, BaseException):
            raise choice
        right += (choice.best == "yes") == is_work
        with_logprobs += choice.from_logprobs
    word = [_asked('Answer with the JSON object {"answer": "yes"}.')]
    works = [method for method in METHODS if await fresh.tries(word, _Word, method)]
    return Ability(
        model=critique.model,
        streams=client.dialect.stream,
        methods=tuple(works),
        logprobs=with_logprobs > 0,
        counts=critique.output_tokens is not None,
        first_token_seconds=critique.first_token_seconds,
        tokens_per_second=_speed(critique),
        right=right,
        of=len(_NARROW),
        critique=_is_right(critique.parsed),
    )


def _asked(text: str) -> Message:
    return Message(role="user", content=text)


def _listed(elements: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {text}" for name, text in elements.items())


def _is_right(said: _Faults | Unreadable) -> bool:
    if isinstance(said, Unreadable):
        return False
    verbatim = all(item.quote in _SMALL_DRAFT.get(item.on, "") for item in said.faults)
    return verbatim and {item.on: item.rule for item in said.faults} == _FAULTS


def _speed(answer: Answer[_Faults]) -> float | None:
    if not answer.output_tokens or answer.first_token_seconds is None:
        return None
    writing = answer.seconds - answer.first_token_seconds
    return answer.output_tokens / writing if writing > 0 else None
