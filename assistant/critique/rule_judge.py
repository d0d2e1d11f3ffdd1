"""A small model as a judge of rules on elements of a draft; it first answers examples of the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from statistics import fmean

from assistant.critique import questions
from assistant.critique.asking import summed
from assistant.critique.combine import Scale, scale_of
from assistant.critique.narrow import Chooser, Question, lean
from assistant.models import LlmUse, Objective
from assistant.rules.base import Example, Rule


class RuleJudge:
    """Says how plainly rules fire. Use it within one event loop."""

    def __init__(self, client: Chooser) -> None:
        """Prepare; nothing is asked yet.

        Args:
            client: whom to ask.
        """
        self._client = client
        self._uses: list[LlmUse] = []
        self._middles: dict[str, float] = {}
        self._scale: Scale | None = None

    @property
    def use(self) -> LlmUse | None:
        """What was asked so far; None if nothing was."""
        return summed(self._uses)

    async def learn(self, rules: Iterable[Rule]) -> Scale:
        """Find out how this model answers, by examples of the rules that no question shows it.

        The middle of a rule is drawn to that of all, since a rule has few examples.

        Args:
            rules: all that will be asked about.

        Raises:
            LlmError: there was no answer.
        """
        given = [
            (rule, example)
            for rule in rules
            for example in (_first(rule, fires=True), _first(rule, fires=False))
        ]
        found = await asyncio.gather(
            *(self._odds(questions.example(rule, example)) for rule, example in given)
        )
        pooled = fmean([odds for odds in found if odds is not None] or [0.0])
        for (rule, _), one, other in zip(given[::2], found[::2], found[1::2], strict=True):
            own = pooled if one is None or other is None else (one + other) / 2
            self._middles[rule.code] = (own + pooled) / 2
        self._scale = scale_of(
            [
                (example.fires, odds - self._middles[rule.code])
                for (rule, example), odds in zip(given, found, strict=True)
                if odds is not None
            ]
        )
        return self._scale

    async def evidence(self, rule: Rule, objective: Objective, on: str) -> float | None:
        """How plainly a rule fires on an element, from -1 to 1; None if the model would not say.

        Args:
            rule: one of those that were learned.
            objective: the draft.
            on: the element.

        Raises:
            LlmError: there was no answer.
        """
        if self._scale is None:
            raise ValueError("the judge has learned no rules")
        odds = await self._odds(questions.decide(rule, objective, on))
        return None if odds is None else self._scale.evidence(odds - self._middles[rule.code])

    async def _odds(self, question: Question) -> float | None:
        found = await lean(question, self._client)
        self._uses += found.uses
        return found.odds


def _first(rule: Rule, *, fires: bool) -> Example:
    return next(item for item in rule.held_out if item.fires is fires)
