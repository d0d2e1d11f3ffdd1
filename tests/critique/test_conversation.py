"""The team answers, and a finding is kept, lowered or withdrawn with the reason."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import prompts
from assistant.critique.context import ContextPack
from assistant.critique.conversation import answers_about, reconsider
from assistant.history import TeamAnswer
from assistant.llm import faults
from assistant.llm.faults import Endpoint
from assistant.models import Finding, KeyResult, Objective, SecondOpinion
from assistant.rules import find_rule

PROMPT = prompts.load("follow-up")
OBJECTIVE = Objective(
    id="obj-0",
    text="Drivers plan ahead",
    key_results=(KeyResult(id="k", text="Launch the portal"),),
)
FINDING = Finding(
    rule="K1", slug="output-not-outcome", severity="warning", on="kr:1", objective_id="obj-0",
    message="It can be live while nothing changes.", question="What will drivers do?",
    source="rule", words="Launch the portal",
)  # fmt: skip


def answered(text: str, words: str = "Launch the portal") -> TeamAnswer:
    return TeamAnswer(
        fingerprint=FINDING.fingerprint,
        rule="K1",
        words=words,
        question="What will drivers do?",
        answer=text,
        answered_on=date(2026, 7, 1),
    )


SAID = answered("They book repairs there, 45 a day already in the pilot.")


def verdict(name: str, **more: str) -> dict[str, str]:
    given = {"quote": "book repairs there", "reason": "It has an effect.", "question": ""}
    return {"verdict": name, **given, **more}


VERDICTS = [
    pytest.param("K1", "rule", "kept", "warning", False, "kept", id="kept"),
    pytest.param("K1", "rule", "lowered", "info", False, "lowered", id="lowered"),
    pytest.param("K1", "rule", "Withdrawn", "warning", True, "withdrawn", id="withdrawn"),
    pytest.param("K2", "rule", "withdrawn", "info", False, "lowered", id="the text alone decides"),
    pytest.param("K2", "llm", "withdrawn", "warning", True, "withdrawn", id="the model's own"),
]


@pytest.mark.parametrize(("rule", "source", "said", "severity", "gone", "says"), VERDICTS)
def test_a_verdict(fake_model, rule, source, said, severity, gone, says):
    finding = FINDING.model_copy(update={"rule": rule, "source": source})

    outcome = reconsider(
        finding,
        [SAID],
        OBJECTIVE,
        ContextPack(),
        find_rule(rule),
        fake_model(verdict(said)),
        PROMPT,
    )

    assert (outcome.finding.severity, outcome.withdrawn) == (severity, gone)
    assert outcome.finding.opinions == (
        SecondOpinion(by="team", says="answered", words=SAID.answer),
        SecondOpinion(by="llm", says=says, words="It has an effect."),
    )
    assert outcome.finding.fingerprint == finding.fingerprint


def test_a_verdict_that_quotes_no_answer_changes_nothing(fake_model):
    model = fake_model(verdict("withdrawn", quote="the finding is wrong"))

    outcome = reconsider(FINDING, [SAID], OBJECTIVE, ContextPack(), find_rule("K1"), model, PROMPT)

    assert (outcome.finding.severity, outcome.withdrawn) == ("warning", False)
    assert [item.says for item in outcome.finding.opinions] == ["answered"]
    [missing] = outcome.not_checked
    assert missing.what == "Reconsideration of K1 on 'Launch the portal'"
    assert missing.why == ("the words that the model gave as the reason do not stand in the answer")
    assert outcome.use is not None
    assert (outcome.use.quotes, outcome.use.dropped_quotes) == (1, 1)


def test_the_next_question_follows_and_numbers_come_from_the_answer_alone(fake_model):
    said = verdict("kept", question="Why 45 and not 80?", reason="45 a day is 3 % of all.")

    outcome = reconsider(
        FINDING, [SAID], OBJECTIVE, ContextPack(), find_rule("K1"), fake_model(said), PROMPT
    )

    assert outcome.finding.question == "Why 45 and not [number?]?"
    assert outcome.finding.opinions[-1].words == "45 a day is [number?] of all."


def test_every_answer_is_shown_in_its_order(fake_model):
    model = fake_model(verdict("kept", quote="from the depots"))

    outcome = reconsider(
        FINDING,
        [SAID, answered("The number is from the depots.")],
        OBJECTIVE,
        ContextPack(),
        find_rule("K1"),
        model,
        PROMPT,
    )

    first, second = "45 a day already in the pilot.", "The number is from the depots."
    assert model.asked[0].index(first) < model.asked[0].index(second)
    assert [item.words for item in outcome.finding.opinions[:2]] == [SAID.answer, second]


def test_without_an_answer_nobody_is_asked(fake_model):
    model = fake_model()

    outcome = reconsider(FINDING, [], OBJECTIVE, ContextPack(), find_rule("K1"), model, PROMPT)

    assert outcome.finding == FINDING
    assert model.asked == []


def test_a_fault_keeps_the_finding_with_the_answer_beside_it(fake_model):
    to = Endpoint(url="http://a/v1", model="fake", keyed=False, seconds=60, tokens=100)
    model = fake_model(faults.refused(to))

    outcome = reconsider(FINDING, [SAID], OBJECTIVE, ContextPack(), find_rule("K1"), model, PROMPT)

    assert [item.says for item in outcome.finding.opinions] == ["answered"]
    assert outcome.not_checked[0].how == "Start the server, or correct OKR_LLM_BASE_URL."


def test_answers_belong_to_words_and_not_to_places():
    others = [answered("a", "launch  THE portal"), answered("b", "Launch another portal")]

    assert [(item["on"], item["answer"]) for item in answers_about(OBJECTIVE, others)] == [
        ("kr:1", "a")
    ]
