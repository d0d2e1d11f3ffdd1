"""One model as a judge of links and of peers: calibrated first, then asked case by case.

``narrow`` reads yes or no out of the log-probabilities of a small model; ``full`` asks a capable one
for an object with quotes, which count only if they are verbatim. Both give log odds, and what these
mean is found out by questions whose answers are known, asked in the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol, TypeVar, get_args

from assistant.critique import questions
from assistant.critique.asking import summed, use_of
from assistant.critique.combine import (
    Lean,
    Probe,
    Relation,
    Scale,
    leaning,
    log_odds,
    probes,
    scale_of,
)
from assistant.critique.narrow import Chooser, Question, lean
from assistant.critique.questions import Side, sides_of
from assistant.critique.quotes import find_quote
from assistant.critique.schema import DirectionJudgement, PeerJudgement
from assistant.critique.verify import plain_prose
from assistant.llm.ability import Strategy
from assistant.llm.client import Answer
from assistant.llm.faults import Unreadable
from assistant.llm.shapes import Answered
from assistant.memory import Told
from assistant.models import DriftSubtype, LlmUse, Noun
from assistant.prompts import Message, Prompt, load

_Value = TypeVar("_Value")
_SUBTYPES: dict[str, DriftSubtype] = {name: name for name in get_args(DriftSubtype)}


class Client(Chooser, Protocol):
    """What a judge needs of a model; :class:`~assistant.llm.client.LlmClient` is one."""

    async def aask(self, messages: Sequence[Message], schema: type[Answered]) -> Answer[Answered]:
        """Ask for an object; raise an LlmError if nothing came."""


class Opinion(Noun):
    """What the model says of one case.

    Attributes:
        evidence: from -1, surely no, to 1, surely yes; see :class:`Scale`.
        says: the same in a word.
        subtype: how a child drifts, if it says so.
        because: its reason, if it gave one and both quotes hold.
    """

    evidence: float
    says: Lean
    subtype: DriftSubtype | None = None
    because: str = ""


class _Raw(Noun):
    odds: float | None
    subtype: DriftSubtype | None = None
    because: str = ""


class Judge:
    """A model whose leaning is known. Use it within one event loop."""

    def __init__(self, client: Client, strategy: Strategy) -> None:
        """Prepare; nothing is asked yet.

        Args:
            client: whom to ask.
            strategy: ``full`` for capable models, ``narrow`` for small ones.
        """
        self._client = client
        self._strategy = strategy
        self._uses: list[LlmUse] = []
        self._scales: dict[Relation, asyncio.Task[Scale]] = {}
        self._alone: dict[Side, asyncio.Task[float | None]] = {}

    @property
    def model(self) -> str:
        """The name under which the model is asked for."""
        return self._client.model

    @property
    def use(self) -> LlmUse | None:
        """What was asked so far; None if nothing was."""
        return summed(self._uses)

    async def opinion(self, kind: Relation, first: Side, second: Side) -> Opinion | None:
        """What the model says of one case.

        Args:
            kind: ``direction``: does the second, a child, advance the first? ``conflict``,
                ``duplicate``: are the two that? ``dependency``: does the first need the second?
            first: an objective and its key results.
            second: likewise.

        Returns:
            None where the model would not say, or quoted what is not there.

        Raises:
            LlmError: there was no answer.
        """
        scale = await self.scale(kind)
        if not scale.trust:
            return None
        raw = await self._raw(kind, first, second)
        if raw.odds is None:
            return None
        evidence = round(scale.evidence(raw.odds), 4)
        says = leaning(evidence)
        return Opinion(
            evidence=evidence,
            says=says,
            subtype=raw.subtype if says == "no" else None,
            because=raw.because,
        )

    async def scale(self, kind: Relation, told: Told | None = None) -> Scale:
        """How this model is read; it is asked the probes once.

        Args:
            kind: what it is to judge.
            told: told how many probes are answered, and how many there are.

        Raises:
            LlmError: there was no answer.
        """
        return await _once(self._scales, kind, self._measured(kind, told))

    async def _measured(self, kind: Relation, told: Told | None) -> Scale:
        known, answered = probes(kind), 0

        async def answer(item: Probe) -> _Raw:
            nonlocal answered
            raw = await self._raw(kind, *sides_of(item))
            answered += 1
            if told:
                told(answered, len(known))
            return raw

        answers = await asyncio.gather(*(answer(item) for item in known))
        return scale_of(
            [
                (item.yes, raw.odds)
                for item, raw in zip(known, answers, strict=True)
                if raw.odds is not None
            ]
        )

    async def _raw(self, kind: Relation, first: Side, second: Side) -> _Raw:
        if self._strategy == "narrow":
            return await self._leaning(kind, first, second)
        if kind == "direction":
            return await self._direction(first, second)
        return await self._peers(kind, first, second)

    # One word

    async def _leaning(self, kind: Relation, first: Side, second: Side) -> _Raw:
        if kind != "direction":
            return _Raw(odds=await self._odds(questions.peers(kind, first, second)))
        odds = await self._odds(questions.direction(second, first))
        alone = await _once(
            self._alone, second, self._odds(questions.direction(second, questions.CONTROL))
        )
        return _Raw(odds=None if odds is None or alone is None else odds - alone)

    async def _odds(self, question: Question) -> float | None:
        found = await lean(question, self._client)
        self._uses += found.uses
        return found.odds

    # An object with quotes

    async def _direction(self, parent: Side, child: Side) -> _Raw:
        prompt = load(questions.DIRECTION)
        said = await self._object(
            prompt, questions.direction_judged(prompt, child, parent), DirectionJudgement
        )
        if said is None or not (
            _holds(said.parent_quote, parent.texts) and _holds(said.child_quote, child.texts)
        ):
            return _Raw(odds=None)
        return _Raw(
            odds=_signed(said.advances, said.confidence),
            subtype=_SUBTYPES.get(said.subtype.strip().casefold()),
            because=plain_prose(said.because, (*parent.texts, *child.texts)),
        )

    async def _peers(self, kind: Relation, a: Side, b: Side) -> _Raw:
        prompt = load(questions.CONFLICT)
        said = await self._object(prompt, questions.peers_judged(prompt, a, b), PeerJudgement)
        if said is None or not (_holds(said.a_quote, a.texts) and _holds(said.b_quote, b.texts)):
            return _Raw(odds=None)
        is_meant = said.kind == kind and (kind != "dependency" or said.needs.strip() != "b")
        return _Raw(
            odds=_signed("yes" if is_meant else "no", said.confidence),
            because=plain_prose(said.because, (*a.texts, *b.texts)),
        )

    async def _object(
        self, prompt: Prompt, messages: Sequence[Message], schema: type[Answered]
    ) -> Answered | None:
        answer = await self._client.aask(messages, schema)
        self._uses.append(use_of(answer, prompt))
        return None if isinstance(answer.parsed, Unreadable) else answer.parsed


def _holds(quote: str, texts: Sequence[str]) -> bool:
    return any(find_quote(quote, text) for text in texts)


def _signed(said: str, confidence: float) -> float:
    """Log odds of yes; a confidence below a half says no more than "unsure"."""
    if said == "unsure":
        return 0.0
    size = max(0.0, log_odds(confidence))
    return size if said == "yes" else -size


async def _once(
    tasks: dict[Any, asyncio.Task[_Value]], key: object, work: Coroutine[Any, Any, _Value]
) -> _Value:
    """Do a piece of work the first time it is wanted, and give its outcome every time."""
    if key in tasks:
        work.close()
    else:
        tasks[key] = asyncio.ensure_future(work)
    return await asyncio.shield(tasks[key])
