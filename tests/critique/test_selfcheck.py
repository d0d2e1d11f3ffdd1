"""The second look: it may lower or drop what the model said, and never what the local critic said."""

from __future__ import annotations

import pytest

from assistant import prompts
from assistant.critique.context import ContextPack
from assistant.critique.selfcheck import MOST, self_check
from assistant.llm import faults
from assistant.llm.faults import Endpoint
from assistant.models import Finding, KeyResult, Objective, SecondOpinion
from assistant.rules import all_rules

RULES = {rule.code: rule for rule in all_rules()}
PROMPT = prompts.load("self-check")
OBJECTIVE = Objective(
    id="obj-0",
    text="Be the best",
    key_results=(KeyResult(id="k", text="Launch the portal by 31 March"),),
)


def finding(rule: str, source: str = "llm", **more: object) -> Finding:
    about = {"on": "kr:1", "words": "Launch the portal by 31 March", "message": f"{rule} it is."}
    given = {"slug": "s", "severity": "warning", "objective_id": "obj-0", "confidence": 0.8}
    return Finding(rule=rule, source=source, **{**about, **given, **more})


def checks(*stands: str, because: str = "The draft says so.") -> dict[str, object]:
    listed = [
        {"finding": n, "because": because, "stands": item} for n, item in enumerate(stands, 1)
    ]
    return {"checks": listed}


VERDICTS = [
    pytest.param("llm", "yes", [0.8], [()], id="llm stands"),
    pytest.param("llm", " Partly", [0.4], [()], id="llm in part"),
    pytest.param("llm", "no", [], [], id="llm dropped"),
    pytest.param("rule", "yes", [0.8], [("agrees",)], id="local stands"),
    pytest.param("rule", "partly", [0.8], [("unsure",)], id="local in part"),
    pytest.param("rule", "no", [0.8], [("disagrees",)], id="local never dropped"),
]


@pytest.mark.parametrize(("source", "stands", "confidences", "said"), VERDICTS)
def test_a_verdict(fake_model, source, stands, confidences, said):
    outcome = self_check(
        OBJECTIVE, ContextPack(), [finding("K1", source)], RULES, fake_model(checks(stands)), PROMPT
    )

    assert [item.confidence for item in outcome.findings] == confidences
    assert [tuple(one.says for one in item.opinions) for item in outcome.findings] == said
    assert outcome.dropped == 1 - len(confidences)


def test_the_reason_holds_no_invented_number_and_replaces_an_earlier_opinion_of_the_model(
    fake_model,
):
    local = finding("K1", "rule", opinions=(SecondOpinion(by="llm", says="silent"),))
    answer = checks("no", because="By 31 March 70 % use it.")

    [one] = self_check(
        OBJECTIVE, ContextPack(), [local], RULES, fake_model(answer), PROMPT
    ).findings

    assert one.opinions == (
        SecondOpinion(by="llm", says="disagrees", words="By 31 March [number?] use it."),
    )


def test_what_is_not_judged_stays_as_it_is(fake_model):
    findings = [finding("K1"), finding("K5"), finding("K3", "rule")]
    model = fake_model({"checks": [{"finding": 9, "stands": "no"}, {"finding": 2, "stands": "no"}]})

    outcome = self_check(OBJECTIVE, ContextPack(), findings, RULES, model, PROMPT)

    assert [item.rule for item in outcome.findings] == ["K1", "K3"]
    assert "K3 on" not in model.asked[0]
    assert "1. K1 on kr:1: K1 it is.\n2. K5 on kr:1: K5 it is.\n</" in model.asked[0]


def test_the_models_own_findings_are_looked_at_first_and_not_all_of_many(fake_model):
    many = [finding("K1", "rule", on=f"kr:{n}") for n in range(1, 20)]

    model = fake_model({"checks": []})
    self_check(OBJECTIVE, ContextPack(), [*many, finding("O1")], RULES, model, PROMPT)

    assert "1. O1 on kr:1" in model.asked[0]
    assert f"\n{MOST}. K1" in model.asked[0]
    assert f"\n{MOST + 1}. " not in model.asked[0].partition("The findings:")[2]


def test_nothing_to_judge_asks_nobody(fake_model):
    outcome = self_check(
        OBJECTIVE, ContextPack(), [finding("K3", "rule")], RULES, fake_model(), PROMPT
    )

    assert outcome.use is None
    assert [item.rule for item in outcome.findings] == ["K3"]


def test_a_fault_leaves_everything_and_says_so(fake_model):
    to = Endpoint(url="http://a/v1", model="fake", keyed=False, seconds=60, tokens=100)

    outcome = self_check(
        OBJECTIVE, ContextPack(), [finding("K1")], RULES, fake_model(faults.refused(to)), PROMPT
    )

    assert [item.rule for item in outcome.findings] == ["K1"]
    [missing] = outcome.not_checked
    assert missing.what == "Second look at the findings on 'Be the best'"
    assert missing.why == "Nothing answers at http://a/v1 (connection refused)"
