"""What the language model said, carried over to a look that does without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.history import opened
from assistant.models import (
    Finding,
    KeyResult,
    Objective,
    ObjectiveReview,
    Review,
    SecondOpinion,
    Suppressed,
)
from assistant.rules import find_rule
from assistant.settings import Settings
from assistant.web.acts import answer
from assistant.web.carrying import Said, carried_over, said
from assistant.web.desk import State
from assistant.web.reviewing import Form, Kept, Session
from assistant.web.services import Services

WORDS = "Launch the portal"
AGREES = SecondOpinion(by="llm", says="agrees", words="Nobody books by it.")
ANSWERED = SecondOpinion(by="team", says="answered", words="They book there.")
WITHDRAWN = SecondOpinion(by="llm", says="withdrawn", words="Settled.")


def finding(rule: str = "K1", source: str = "rule", *opinions: SecondOpinion) -> Finding:
    return Finding(
        rule=rule,
        slug="slug",
        severity="warning",
        on="kr:1",
        objective_id="obj",
        message="Why.",
        words=WORDS,
        source=source,  # type: ignore[arg-type]
        opinions=opinions,
    )


def review(*findings: Finding, words: str = WORDS) -> Review:
    objective = Objective(id="obj", text="Win", key_results=(KeyResult(id="kr", text=words),))
    return Review(reviews=(ObjectiveReview(objective=objective, findings=findings),))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def rules(found: Review) -> list[str]:
    return [item.rule for item in found.findings]


def test_what_the_model_found_and_thinks_stands_while_the_words_do(settings: Settings) -> None:
    told = said(review(finding("K1", "rule", AGREES), finding("K8", "llm"), finding("K3")))
    assert [item.rule for item in told.findings] == ["K1", "K8"]
    found = carried_over(review(finding("K1"), finding("K3")), told, settings)
    assert rules(found) == ["K1", "K3", "K8"]
    assert found.findings[0].opinions == (AGREES,)
    assert rules(carried_over(review(words="Other words"), told, settings)) == []


def test_what_was_dismissed_of_the_model_stays_aside_and_can_come_back(
    settings: Settings,
) -> None:
    alone = finding("K8", "llm")
    with opened(settings.home) as history:
        history.dismiss_finding(alone, "We count it so")
    found = carried_over(review(), said(review(alone)), settings)
    assert (rules(found), [item.by for item in found.suppressed]) == ([], ["dismissal"])
    with opened(settings.home) as history:
        history.restore(alone.fingerprint)
    assert rules(carried_over(review(), said(found), settings)) == ["K8"]


@pytest.mark.parametrize("source", ["rule", "llm"])
def test_what_was_withdrawn_comes_back_with_another_answer(settings: Settings, source: str) -> None:
    gone = finding("K1", source, AGREES, ANSWERED, WITHDRAWN)
    told = Said(settled=(Suppressed(finding=gone, by="answer", reason="Settled."),))
    fresh = review(finding("K1")) if source == "rule" else review()
    with opened(settings.home) as history:
        history.answer_finding(gone, ANSWERED.words)
        still = carried_over(fresh, told, settings)
        assert (rules(still), [item.by for item in still.suppressed]) == ([], ["answer"])
        history.answer_finding(gone, "Or perhaps not.")
        (back,) = carried_over(fresh, told, settings).findings
    assert [item.says for item in back.opinions] == ["agrees", "answered", "answered"]
    with opened(settings.home) as history:
        history.forget_answers(gone.fingerprint)
    (back,) = carried_over(fresh, told, settings).findings
    assert [item.says for item in back.opinions] == ["agrees"]


@pytest.mark.parametrize(
    ("audience", "kept"),
    [
        pytest.param("", "Is this about Leipzig?", id="sees what everybody sees"),
        pytest.param("leadership", find_rule("K1").question, id="sees more"),
    ],
)
def test_an_answer_is_kept_with_no_question_that_quotes_what_others_may_not_see(
    tmp_path: Path, audience: str, kept: str
) -> None:
    services = Services(Settings(home=tmp_path, audience=audience))
    asked = finding("K1", "llm").model_copy(update={"question": "Is this about Leipzig?"})
    state = State(
        form=Form(text=f"Objective: Win\n- {WORDS}\n"),
        browser=Kept(),
        session=Session(review=review(asked)),
        services=services,
        said={"finding": asked.fingerprint, "text": "Yes."},
    )
    answer(state)
    with opened(tmp_path) as history:
        assert [item.question for item in history.answers()] == [kept]
