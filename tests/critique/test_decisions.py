"""The narrow strategy on drafts, over HTTP."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.critique import decisions
from assistant.critique.combine import probes
from assistant.critique.questions import CONTROL
from assistant.models import Review
from assistant.review import review_text
from assistant.rules import all_rules
from assistant.settings import Settings

DRAFT = """\
Objective: Depots keep the date that they give
Team: Depots
Cycle: 2026-Q3
Parent: S1
- Hold 12 workshops on planning with the depot leads
- Repairs finished on the promised day from 64 % to 82 %
"""
FIRING = {item.text for rule in all_rules() for item in rule.held_out if item.fires and item.text}
SERVING = [(item.first[0], item.second[0]) for item in probes("direction") if item.yes]


@pytest.fixture
def settings(little_home: Path, tmp_path: Path, endpoint: Any) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(little_home, home)
    return Settings(
        home=home,
        history=False,
        llm_base_url=endpoint.url,
        llm_model="tiny",
        llm_strategy="narrow",
        llm_concurrency=1,
        llm_timeout=20,
        llm_review_seconds=120,
    )


def answers(endpoint: Any, say: Any, others: Callable[[str], bool]) -> None:
    """Right about the examples of rules and about the probes; of the draft as it is told."""

    def reply(handler: Any) -> None:
        asked = endpoint.requests[-1].body["messages"][-1]["content"]
        if CONTROL.text in asked:
            right = False
        elif "Depots keep the date" in asked:
            right = others(asked)
        else:
            right = any(text in asked for text in FIRING) or any(
                one in asked and other in asked for one, other in SERVING
            )
        yes = 0.9 if right else 0.1
        say.choice(("yes" if right else "no", {"yes": yes, "no": 1 - yes}))(handler)

    endpoint.will(reply)


@pytest.fixture(autouse=True)
def every_decision_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "LEAST_UNCERTAIN", 0.0)


def reviewed(settings: Settings) -> Review:
    return review_text(DRAFT, settings)


def found(review: Review) -> set[tuple[str, str, str]]:
    return {(item.rule, item.on, item.source) for item in review.findings}


def test_nothing_that_the_local_critic_found_is_lost(settings, endpoint, say):
    alone = review_text(DRAFT, settings.model_copy(update={"llm_base_url": None}))
    answers(endpoint, say, lambda _: False)

    review = reviewed(settings)

    assert found(alone) <= found(review)
    assert review.llm is not None
    assert review.llm.calls == len(endpoint.requests)


def test_a_finding_says_that_the_model_disagrees(settings, endpoint, say):
    answers(endpoint, say, lambda _: False)

    local = [item for item in reviewed(settings).findings if item.rule == "K1"]

    assert [(item.on, item.source) for item in local] == [("kr:1", "rule")]
    assert [(one.by, one.says) for one in local[0].opinions] == [("model", "disagrees")]


def test_a_finding_that_the_model_shares_is_surer(settings, endpoint, say):
    answers(endpoint, say, lambda asked: "fire" in asked)
    sure = next(item for item in reviewed(settings).findings if item.rule == "K1")
    answers(endpoint, say, lambda _: False)
    doubted = next(
        item
        for item in reviewed(settings.model_copy(update={"llm_cache": False})).findings
        if item.rule == "K1"
    )

    assert [(one.by, one.says) for one in sure.opinions] == [("model", "agrees")]
    assert sure.confidence > doubted.confidence


def test_a_parent_that_the_draft_does_not_serve_is_a_place_to_look(settings, endpoint, say):
    answers(endpoint, say, lambda _: False)

    drift = [item for item in reviewed(settings).findings if item.rule == "A3"]

    assert [(item.severity, item.source) for item in drift] == [("info", "llm")]
    assert drift[0].message == (
        "Look here: asked whether its success helps to achieve the parent (“Depots give pharma "
        "fleets one repair date and keep it”), the language model leans to no."
    )
    assert [item.kind for item in drift[0].evidence] == ["parent", "draft"]


def test_a_parent_that_it_serves_is_no_finding(settings, endpoint, say):
    answers(endpoint, say, lambda asked: "Parent (" in asked)

    review = reviewed(settings)

    assert not [item for item in review.findings if item.rule == "A3"]
    assert not [item for item in review.not_checked if "A3" in item.what]


def test_an_endpoint_that_fails_leaves_the_local_findings(settings, endpoint, say):
    alone = review_text(DRAFT, settings.model_copy(update={"llm_base_url": None}))
    endpoint.will(say.error(401, "wrong key"))

    review = reviewed(settings)

    assert found(review) == found(alone)
    missing = [item for item in review.not_checked if "narrow questions" in item.what]
    assert len(missing) == 1
    assert "401" in missing[0].why


def test_the_budget_of_a_review_holds(settings, endpoint, say):
    answers(endpoint, say, lambda _: False)

    review = reviewed(settings.model_copy(update={"llm_review_calls": 60}))

    assert len(endpoint.requests) <= 60
    missing = [item for item in review.not_checked if "narrow questions" in item.what]
    assert [item.how for item in missing] == ["Allow more, or ask about less at a time."]


def test_a_model_at_chance_is_not_listened_to(settings, endpoint, say):
    alone = review_text(DRAFT, settings.model_copy(update={"llm_base_url": None}))
    endpoint.will(say.choice(("yes", {"yes": 0.7, "no": 0.3})))

    review = reviewed(settings)

    assert found(review) == found(alone)
    assert any("hardly tell yes from no" in item.why for item in review.not_checked)
