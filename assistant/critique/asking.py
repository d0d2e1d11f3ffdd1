"""Puts one rendered prompt before a model; what fails comes back as a fault, never as an exception.

Every task of the critique asks through here, so that use and faults are counted in one way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from assistant.errors import LlmError
from assistant.llm.faults import Fault, Unreadable
from assistant.llm.shapes import Answered
from assistant.models import LlmUse, NotChecked
from assistant.prompts import Message, Prompt

if TYPE_CHECKING:
    from assistant.llm.answers import Answer, Choice
    from assistant.llm.client import OnToken

_Number = TypeVar("_Number", int, float)


class Asker(Protocol):
    """What a task needs of a model; :class:`~assistant.llm.client.LlmClient` is one."""

    @property
    def model(self) -> str:
        """The name under which it is asked for."""

    def ask(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """Ask, and return what came back; raise an LlmError if nothing did."""


@dataclass(frozen=True)
class Heard(Generic[Answered]):
    """What came of one question.

    Attributes:
        said: the answer; None if there is none that can be used.
        fault: why there is none.
        use: what was asked and what it cost.
    """

    said: Answered | None
    fault: LlmError | None
    use: LlmUse


def put(
    client: Asker,
    prompt: Prompt,
    messages: Sequence[Message],
    schema: type[Answered],
    on_token: OnToken | None = None,
) -> Heard[Answered]:
    """Ask one question.

    Args:
        client: whom to ask.
        prompt: where the messages come from; its label is noted.
        messages: from :func:`assistant.prompts.render`.
        schema: the answer wanted.
        on_token: called with each piece of the answer as it arrives.
    """
    started = time.perf_counter()
    try:
        answer = client.ask(messages, schema, on_token)
    except LlmError as error:
        use = LlmUse(
            model=client.model,
            prompt=prompt.label,
            calls=error.calls if isinstance(error, Fault) else 1,
            seconds=time.perf_counter() - started,
        )
        return Heard(None, error, use)
    use = use_of(answer, prompt)
    if isinstance(answer.parsed, Unreadable):
        return Heard(None, answer.parsed, use)
    return Heard(answer.parsed, None, use)


def not_done(what: str, error: LlmError) -> NotChecked:
    """The sentence about a task that a fault has ended."""
    if isinstance(error, Fault):
        return NotChecked(what=what, why=error.why, how=error.how)
    return NotChecked(what=what, why=str(error).removesuffix("."), how="Try again.")


def summed(uses: Iterable[LlmUse]) -> LlmUse | None:
    """The use of several questions as one; a sum with an unknown part is unknown."""
    every = list(uses)
    if not every:
        return None
    return LlmUse(
        model=next((use.model for use in every if use.calls), every[0].model),
        prompt=", ".join(dict.fromkeys(use.prompt for use in every)),
        calls=sum(use.calls for use in every),
        input_tokens=_total([use.input_tokens for use in every if use.calls]),
        output_tokens=_total([use.output_tokens for use in every if use.calls]),
        seconds=sum(use.seconds for use in every),
        cost=_total([use.cost for use in every if use.calls]),
        cached=sum(use.cached for use in every),
        quotes=sum(use.quotes for use in every),
        dropped_quotes=sum(use.dropped_quotes for use in every),
        remarks=sum(use.remarks for use in every),
        dropped_remarks=sum(use.dropped_remarks for use in every),
    )


def is_budget(error: LlmError) -> bool:
    """Whether nothing failed, and a limit that was set allows no further request."""
    return isinstance(error, Fault) and error.kind == "budget"


def use_of(answer: Answer[Any] | Choice, prompt: Prompt) -> LlmUse:
    """What one answer took."""
    return LlmUse(
        model=answer.model,
        prompt=prompt.label,
        calls=answer.calls,
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        seconds=answer.seconds,
        cost=answer.cost,
        cached=int(answer.cached),
    )


def _total(counts: list[_Number | None]) -> _Number | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
