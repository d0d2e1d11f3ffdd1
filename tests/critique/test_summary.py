"""A summary for leadership says nothing that no finding says."""

from __future__ import annotations

from assistant import prompts
from assistant.critique.summary import LeadershipSummary, sum_up
from assistant.models import Finding, NotChecked

PROMPT = prompts.load("summary")
FINDINGS = [
    Finding(
        rule=rule, slug="s", severity="warning", on="objective", objective_id=f"obj-{rule}",
        message=f"{rule}: from 64 to 82.", words=f"Words of {rule}", confidence=0.5,
    )
    for rule in ("A3", "A5", "K1")
]  # fmt: skip
MISSING = NotChecked(what="Cash", why="no figures", how="Give them.")


def summed(model: object, budget: int = 2400) -> LeadershipSummary:
    figures = [("people in drift", "23 people")]
    return sum_up("A scan", figures, FINDINGS, [MISSING], model, PROMPT, budget=budget)


def test_a_point_keeps_the_findings_that_it_names_and_no_invented_number(fake_model):
    points = [
        {"findings": [2, 1, 2, 99], "text": "Two pull apart: 23 people, 64, not 700."},
        {"findings": [], "text": "The teams are lazy."},
        {"findings": [0, 7], "text": "Nothing backs this."},
    ]
    said = {"headline": "9 of 3 hold.", "points": points, "question": "Who decides?"}

    outcome = summed(fake_model(said))

    [point] = outcome.points
    assert point.text == "Two pull apart: 23 people, 64, not [number?]."
    assert [item.rule for item in point.findings] == ["A5", "A3"]
    assert (outcome.headline, outcome.question) == ("[number?] of 3 hold.", "Who decides?")
    assert outcome.dropped == 2


def test_what_did_not_fit_is_counted_in_prompt_and_outcome(fake_model):
    model = fake_model({"headline": "h", "points": [{"findings": [2], "text": "x"}]})

    outcome = summed(model, budget=100)

    assert (outcome.left_out, outcome.points) == (2, ())
    assert "Left out for space: 2 lighter findings (A5 1, K1 1)." in model.asked[0]
    assert "Cash: no figures" in model.asked[0]
    assert "Words of A5" not in model.asked[0]
