"""Yes or no out of a small model: the log odds of the first word of its answer.

A question is asked in both orders of its two words, because a small model leans to the one that it
read last; the log odds of the two are averaged. What they mean depends on the model, so nothing
here is a verdict: see :mod:`assistant.critique.combine`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from assistant.critique.asking import use_of
from assistant.llm.answers import Choice
from assistant.models import LlmUse
from assistant.prompts import Message, Prompt, render

YES, NO = "yes", "no"
MOST_ODDS = 8.0
"""Log odds beyond it count as it: how sure a model is of itself says little beyond there."""

LEAST_COVERED = 0.3
"""Where less of the probability fell on the two words, the model wanted to say something else."""


class Chooser(Protocol):
    """What a narrow question needs; :class:`~assistant.llm.client.LlmClient` is one."""

    @property
    def model(self) -> str:
        """The name under which it is asked for."""

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """Ask, and say how likely each option is; raise an LlmError if nothing came."""


@dataclass(frozen=True)
class Question:
    """One yes or no question.

    Attributes:
        prompt: where it comes from.
        orders: what the model reads, with yes first and with no first; each is asked by itself.
    """

    prompt: Prompt
    orders: tuple[tuple[Message, ...], tuple[Message, ...]]


@dataclass(frozen=True)
class Leaning:
    """What a model leans to.

    Attributes:
        odds: natural log odds of yes, the mean over both orders; None if it would not say.
        uses: what was asked and what it cost.
    """

    odds: float | None
    uses: tuple[LlmUse, ...]


def compose(prompt: Prompt, inputs: Mapping[str, object]) -> Question:
    """A question in both orders.

    Args:
        prompt: a narrow one, with an input ``yes_first``.
        inputs: all its other inputs.
    """
    one, other = (
        tuple(render(prompt, nonce=None, yes_first=yes_first, **inputs))
        for yes_first in (True, False)
    )
    return Question(prompt, (one, other))


async def lean(question: Question, client: Chooser) -> Leaning:
    """Ask one question in both orders, at once as far as the client lets them.

    Raises:
        LlmError: there was no answer to one of them.
    """
    tasks = [
        asyncio.ensure_future(client.achoose(list(item), (YES, NO))) for item in question.orders
    ]
    try:
        choices = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    said = [_odds(item) for item in choices]
    known = [item for item in said if item is not None]
    return Leaning(
        odds=sum(known) / len(known) if len(known) == len(said) else None,
        uses=tuple(use_of(item, question.prompt) for item in choices),
    )


def _odds(choice: Choice) -> float | None:
    if choice.covered < LEAST_COVERED:
        return None
    yes, no = choice.probabilities.get(YES, 0.0), choice.probabilities.get(NO, 0.0)
    if not yes or not no:
        return MOST_ODDS if yes else -MOST_ODDS
    return max(-MOST_ODDS, min(MOST_ODDS, log(yes) - log(no)))
