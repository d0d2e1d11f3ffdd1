"""What a language model adds to a review, whichever way it is asked, or why none was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.critique.consult import Consulted, Prompts, consult, without_model
from assistant.models import NotChecked, ObjectiveReview, Organisation
from assistant.profiles import Profile
from assistant.prompts import Prompt, load

if TYPE_CHECKING:
    from assistant.critique.asking import Asker
    from assistant.history import TeamAnswer
    from assistant.llm.client import LlmClient
    from assistant.settings import Settings


def client_of(settings: Settings) -> Asker | None:
    """Whom the settings name, with the budget of one review; None where they name nobody."""
    if not settings.llm_configured:
        return None
    from assistant.llm.budget import Budget
    from assistant.llm.client import LlmClient

    return LlmClient.from_settings(settings).with_budget(Budget.of_review(settings))


def prompts_of(
    settings: Settings, named: Sequence[str] = (), self_check: bool | None = None
) -> Prompts:
    """The prompts of a review.

    Args:
        named: prompts that are wanted in place of the usual ones, each for its own task.
        self_check: whether the model looks at its findings again; by default as the settings say.
    """
    checks = settings.llm_self_check if self_check is None else self_check
    return Prompts(
        critique=prompt_for("critique", named, settings.llm_prompt),
        follow_up=prompt_for("follow-up", named),
        self_check=prompt_for("self-check", named) if checks else None,
    )


def prompt_for(task: str, named: Sequence[str] = (), usual: str = "") -> Prompt:
    """The prompt for a task: the one of these names, or else the usual one, or the task's own."""
    return load(next((item for item in named if load(item).name == task), usual or task))


def critique_drafts(
    reviews: tuple[ObjectiveReview, ...],
    organisation: Organisation,
    profile: Profile,
    settings: Settings,
    client: Asker | None,
    prompts: Callable[[], Prompts],
    *,
    answers: Sequence[TeamAnswer],
    tell: Callable[[str], None],
    heard: Callable[[int, ObjectiveReview], None] | None = None,
) -> Consulted:
    """Let a language model read the drafts.

    Args:
        reviews: as the local critic leaves them.
        organisation: what stands around them.
        profile: which rules are on.
        settings: say how many questions are put at once, and how much a prompt shows.
        client: whom to ask; None asks nobody.
        prompts: see :func:`prompts_of`; called only if a whole critique is asked for.
        answers: what the team has answered so far.
        tell: told what happens now.
        heard: given the position of an objective and its review once the model has read it.
    """
    if client is None:
        alone = without_model(reviews, profile, answers)
        not_checked = (without_client(settings), *alone.not_checked)
        return alone.model_copy(update={"not_checked": not_checked})
    if small := _if_small(settings, client):
        return _decided(reviews, organisation, profile, settings, small, answers, tell)
    return consult(
        reviews,
        organisation,
        profile,
        client,
        prompts(),
        answers=answers,
        room=settings.llm_context_tokens,
        at_once=settings.llm_concurrency,
        tell=tell,
        heard=heard,
    )


def _if_small(settings: Settings, client: Asker) -> LlmClient | None:
    """The client, if it is one of a small model that answers narrow questions best."""
    from assistant.llm.ability import strategy_of
    from assistant.llm.client import LlmClient

    if isinstance(client, LlmClient) and strategy_of(settings, client) == "narrow":
        return client
    return None


def _decided(
    reviews: tuple[ObjectiveReview, ...],
    organisation: Organisation,
    profile: Profile,
    settings: Settings,
    client: LlmClient,
    answers: Sequence[TeamAnswer],
    tell: Callable[[str], None],
) -> Consulted:
    from assistant.critique.decisions import decide_drafts

    decided = decide_drafts(
        reviews, organisation, profile, client, at_once=settings.llm_concurrency, tell=tell
    )
    rest = without_model(decided.reviews, profile, answers, decided.asked)
    not_checked = (*decided.not_checked, *rest.not_checked)
    return rest.model_copy(update={"use": decided.use, "not_checked": not_checked})


def without_client(settings: Settings) -> NotChecked:
    """That no language model was asked, and what to do for one to be."""
    what = "LLM critique"
    if settings.llm_configured:
        return NotChecked(what=what, why="the review ran without it", how="Leave out --no-llm.")
    why = "no language model is configured"
    if settings.llm_base_url or settings.llm_model:
        missing = "OKR_LLM_MODEL" if settings.llm_base_url else "OKR_LLM_BASE_URL"
        why = f"{missing} is not set"
    return NotChecked(
        what=what,
        why=why,
        how="Set OKR_LLM_BASE_URL and OKR_LLM_MODEL, and OKR_LLM_API_KEY if the endpoint wants one.",
    )
