"""The critique by a language model as a critic of drafts: one version of the prompt, asked in full.

The model of the settings is asked as a review asks it, about a draft without surroundings, since
the labelled drafts have none. Answers are kept in the home folder: the same run again sends
nothing, and with ``OKR_LLM_RECORDED`` a run that would have to send anything ends instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.errors import LlmError
from assistant.models import ObjectiveReview
from assistant.prompts import Prompt, available, load
from assistant.rules import all_rules
from assistant.settings import Settings
from evals.cases import DraftCase
from evals.drafts import as_objective
from evals.suites.base import Spent
from evals.suites.drafts import DraftCritic, Verdict, places

if TYPE_CHECKING:
    from assistant.critique.asking import Asker
    from assistant.critique.context import ContextPack
    from assistant.critique.critic import CritiqueOutcome
    from assistant.llm.answers import Answer
    from assistant.llm.shapes import Answered
    from assistant.prompts import Message

_ASKS_FOR = frozenset({"Critique", "Remarks"})
_OF_THE_CASE = frozenset({"slow", "overlong"})
"""Faults that say something about one draft; most others would end the next question too."""

_SAMPLE = 25
"""Cases whose prompts are measured for an estimate."""


class Prompted:
    """Asks one version of a critique prompt about each draft.

    Rules that the prompt does not ask about are left undecided, and so is silence where the model
    made as many remarks as it may, or where nothing that it said could be verified.

    Args:
        prompt: such as ``critique.v2``.
    """

    def __init__(self, prompt: str) -> None:
        self._prompt = load(prompt)

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        """One verdict a case, in order.

        Raises:
            ConfigurationError: no model is set.
            LlmError: it cannot be asked, or an answer that has to be kept is not.
        """
        from assistant.llm.client import LlmClient

        settings = Settings()
        client = LlmClient.from_settings(settings)
        with ThreadPoolExecutor(settings.llm_concurrency) as pool:
            yield from pool.map(partial(_judged, self._prompt, client), cases)


def critics() -> Mapping[str, Callable[[], DraftCritic]]:
    """What makes a critic of each prompt that asks for a critique, by the id of the prompt."""
    prompts = (load(name) for name in available())
    return {item.id: partial(Prompted, item.id) for item in prompts if item.output in _ASKS_FOR}


def estimate(prompt: str, cases: Sequence[DraftCase]) -> int:
    """About how many tokens the model would read in a run over some cases."""
    from assistant.critique.critic import compose
    from assistant.llm.tokens import tokens

    version, some = load(prompt), cases[:: max(1, len(cases) // _SAMPLE)]
    rules = tuple(rule for rule in all_rules() if rule.kind == "J")
    messages = (
        message
        for case in some
        for message in compose(as_objective(case), _around(case), rules, version)
    )
    return sum(tokens(item.content) for item in messages) * len(cases) // max(1, len(some))


class _Counting:
    """Asks, counts what is read and written, and remembers what went wrong."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.model = asker.model
        self.read = self.written = 0
        self.fault: LlmError | None = None

    def ask(
        self, messages: Sequence[Message], schema: type[Answered], on_token: Any = None
    ) -> Answer[Answered]:
        from assistant.llm.tokens import tokens

        self.read += sum(tokens(item.content) for item in messages)
        try:
            answer = self._asker.ask(messages, schema, on_token)
        except LlmError as error:
            self.fault = error
            raise
        self.written += tokens(answer.text)
        if isinstance(answer.parsed, LlmError):
            self.fault = answer.parsed
        return answer


def _judged(prompt: Prompt, asker: Asker, case: DraftCase) -> Verdict:
    from assistant.critique.critic import critique
    from assistant.llm.faults import Unreadable

    counting = _Counting(asker)
    outcome = critique(as_objective(case), _around(case), all_rules(), counting, prompt)
    fault, use = counting.fault, outcome.use
    spent = Spent(
        prompt=prompt.label, model=use.model, calls=use.calls, kept=use.cached,
        read=counting.read, written=counting.written, cost=use.cost,
    )  # fmt: skip
    if fault is None:
        said = {(item.on, item.rule): item.severity for item in outcome.findings}
        return Verdict(said=said, abstained=frozenset(_undecided(case, outcome)), spent=spent)
    if isinstance(fault, Unreadable) or getattr(fault, "kind", "") in _OF_THE_CASE:
        return Verdict(error=str(fault), spent=spent)
    raise fault


def _undecided(case: DraftCase, outcome: CritiqueOutcome) -> Iterator[tuple[str, str]]:
    said = {(item.on, item.rule) for item in outcome.findings}
    is_silent = not outcome.full and (bool(said) or not outcome.use.remarks)
    for on, rule in places(case):
        if rule not in outcome.asked or not (is_silent or (on, rule) in said):
            yield on, rule


def _around(case: DraftCase) -> ContextPack:
    from assistant.critique.context import pack

    return pack(ObjectiveReview(objective=as_objective(case)))
