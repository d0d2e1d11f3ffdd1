"""What a run of an evaluation suite would take, before it is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from assistant.llm.prices import Price
    from assistant.settings import Settings

SPLIT = "dev"
"""What runs from the page judge: the test split is for the published figures alone."""

WITH_MODEL = frozenset({"llm", "narrow"})
"""The critics that ask a language model, beside those that are prompts."""

SAMPLES = (20, 100)
"""Of how many cases a run may be made, in place of all."""

_INSTRUCTIONS = {"llm": 900, "narrow": 300}
"""Tokens that the instructions of one request take, about."""

_REQUESTS = {"llm": 1, "narrow": 4}
"""Requests for one question: a narrow one is put in both orders, and a child is also asked about
alone."""

_ANSWER = {"llm": 300, "narrow": 1}
"""Tokens of one answer, about."""

_CRITIQUE = 400
"""Tokens of the answer to a critique prompt, about."""

Source = Literal["local", "recorded", "live"]


@dataclass(frozen=True)
class Plan:
    """A run that may be started.

    Attributes:
        questions: requests to a language model, about; probes and retries come on top.
        tokens: of these questions and their answers, about.
        cost: in US dollars, about; None where the price is unknown.
        most: of how many cases; 0 for all.
    """

    suite: str
    critic: str
    source: Source
    most: int = 0
    questions: int = 0
    tokens: int = 0
    cost: float | None = None


def choices() -> dict[str, Sequence[str]]:
    """The critics of each suite whose cases are at hand."""
    from evals.cases import CASES
    from evals.run import SUITES
    from evals.runs import critics

    return {name: critics(name) for name in SUITES if (CASES / name / SPLIT).is_dir()}


def is_prompt(critic: str) -> bool:
    """Whether a critic is a prompt that asks for a whole critique."""
    from evals.prompted import critics

    return critic in critics()


def plan(suite: str, critic: str, source: str, settings: Settings, most: int = 0) -> Plan:
    """What a run would take.

    Args:
        suite: one of :func:`choices`.
        critic: one of its critics.
        source: ``recorded`` or ``live``, where the critic asks a language model.
        settings: name the language model.
        most: of how many cases; 0 for all.

    Raises:
        InputError: there is no such suite or critic.
        ConfigurationError: it needs a language model, and none is configured.
    """
    known = choices()
    if critic not in known.get(suite, ()):
        raise InputError(f"The suite {suite!r} has no critic {critic!r}.")
    prompt = is_prompt(critic)
    if critic not in WITH_MODEL and not prompt:
        return Plan(suite, critic, "local", most)
    if not settings.llm_configured:
        raise ConfigurationError(
            f"The critic {critic!r} asks a language model, and none is configured. "
            "Set OKR_LLM_BASE_URL and OKR_LLM_MODEL."
        )
    if source == "recorded":
        return Plan(suite, critic, "recorded", most)
    number, read, written = _whole(suite, critic, most) if prompt else _narrow(suite, critic, most)
    price = price_of(settings)
    cost = price.of(read, written) if price else None
    return Plan(suite, critic, "live", most, number, read + written, cost)


def _whole(suite: str, critic: str, most: int) -> tuple[int, int, int]:
    """Questions of a critique prompt, and the tokens that are read and written, about."""
    from evals.cases import CASES, DraftCase, read_cases
    from evals.prompted import estimate
    from evals.suites.base import some_of

    cases = some_of(read_cases(CASES / suite / SPLIT, DraftCase), most or None)
    return len(cases), estimate(critic, cases), len(cases) * _CRITIQUE


def _narrow(suite: str, critic: str, most: int) -> tuple[int, int, int]:
    from evals.runs import questions

    number, read = (_REQUESTS[critic] * item for item in questions(suite, SPLIT, most or None))
    return number, read + number * _INSTRUCTIONS[critic], number * _ANSWER[critic]


def price_of(settings: Settings) -> Price | None:
    """What tokens of the language model cost, where that is known."""
    from assistant.llm.client import LlmClient

    return LlmClient.from_settings(settings).price if settings.llm_configured else None
