"""What the local critic and the model say about one draft, brought together."""

from __future__ import annotations

import pytest

from assistant.critique.agreement import brought_together
from assistant.models import Evidence, Finding, SecondOpinion


def finding(rule: str, on: str = "kr:1", source: str = "rule", **more: object) -> Finding:
    return Finding(
        rule=rule,
        slug="slug",
        severity="warning",
        on=on,
        objective_id="obj-0",
        message=f"{source} says {rule}",
        source=source,
        words="Launch the portal",
        **more,
    )


def together(local: list[Finding], said: list[Finding], **more: object) -> tuple[Finding, ...]:
    given = {"asked": ("K1", "O1", "K5"), "decided": ("K1", "O1", "K5", "K3"), **more}
    return brought_together(local, said, **given)


def cited(quote: str) -> Evidence:
    return Evidence(kind="draft", id="obj-0", title="t", quote=quote)


def test_what_both_have_found_is_one_finding_with_the_evidence_of_both():
    local = finding("K1", evidence=(cited("Launch"),))
    said = finding("K1", source="llm", evidence=(cited("Launch"), cited("the portal")), rewrite="X")

    [one] = together([local], [said])

    assert one.source == "rule"
    assert one.message == "rule says K1"
    assert one.opinions == (SecondOpinion(by="llm", says="agrees", words="llm says K1"),)
    assert [item.quote for item in one.evidence] == ["Launch", "the portal"]
    assert one.rewrite == "X"
    assert one.fingerprint == local.fingerprint == said.fingerprint


SILENCES = [
    pytest.param("K1", False, ("llm", "silent"), id="asked and silent"),
    pytest.param("K3", False, None, id="never asked"),
    pytest.param("K1", True, None, id="silent because its answer was full"),
]


@pytest.mark.parametrize(("rule", "full", "opinion"), SILENCES)
def test_a_local_finding_stays_whatever_the_model_says(rule, full, opinion):
    [one] = together([finding(rule)], [], full=full)

    assert one.rule == rule
    assert [(item.by, item.says) for item in one.opinions] == ([opinion] if opinion else [])


def test_the_same_rule_on_another_element_is_no_agreement():
    both = together([finding("K1")], [finding("K1", on="kr:2", source="llm")])

    assert [(item.on, item.source) for item in both] == [("kr:1", "rule"), ("kr:2", "llm")]
    assert [[(one.by, one.says) for one in item.opinions] for item in both] == [
        [("llm", "silent")],
        [("rule", "silent")],
    ]


def test_a_rule_that_only_the_model_can_decide_has_no_silent_local_critic():
    [one] = together([], [finding("A3", on="objective", source="llm")])

    assert one.opinions == ()
