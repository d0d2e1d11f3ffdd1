"""Other words for one element: checked for inventions, and tried out on the rules."""

from __future__ import annotations

from datetime import date

from assistant import prompts
from assistant.critique.context import ContextPack
from assistant.critique.rewriting import Reworking, local_proposals, reword
from assistant.history import TeamAnswer
from assistant.models import Finding, KeyResult, Objective

PROMPT = prompts.load("rewrite")
OBJECTIVE = Objective(
    id="obj-0",
    text="Drivers plan ahead",
    key_results=(
        KeyResult(id="k1", text="Launch the portal by 31 March"),
        KeyResult(id="k2", text="Calls from 90 to 40 a day"),
    ),
)
ANSWER = TeamAnswer(
    fingerprint="fnd-1", rule="K1", words="Launch the portal by 31 March", question="How many?",
    answer="25 book online today.", answered_on=date(2026, 7, 1),
)  # fmt: skip


def finding(rule: str, source: str = "rule", **more: object) -> Finding:
    given = {"on": "kr:1", "objective_id": "obj-0", "severity": "warning", "slug": "s"}
    about = {"message": f"{rule} it is.", "words": "Launch the portal by 31 March"}
    return Finding(rule=rule, source=source, **{**given, **about, **more})


FINDINGS = (
    finding("K1", rewrite="Launch the portal so that [who?] [do what differently?]"),
    finding("K6"),
    finding("A3", "llm"),
    finding("K7", on="kr:2"),
)


def reworded(model: object) -> Reworking:
    return reword(
        OBJECTIVE,
        "kr:1",
        ContextPack(),
        FINDINGS,
        [ANSWER],
        lambda text: frozenset({"K6", "K4"}) if "Launch" in text else frozenset(),
        model,
        PROMPT,
    )


def test_a_proposal_says_what_it_settles_what_it_leaves_and_what_is_blank(fake_model):
    said = {
        "text": "Launch the portal: 25 to 70 bookings by 31 March, from [baseline?]",
        "settles": ["k1", "A3", "K7"],
        "because": "You choose between 25 and 400.",
    }

    outcome = reworded(fake_model({"rewrites": [said]}))

    [proposal] = outcome.proposals
    assert (
        proposal.text == "Launch the portal: 25 to [number?] bookings by 31 March, from [baseline?]"
    )
    assert proposal.because == "You choose between 25 and [number?]."
    assert (proposal.settles, proposal.claims) == (("K1",), ("A3",))
    assert (proposal.leaves, proposal.blanks) == (("K4", "K6"), 2)
    assert (outcome.original, outcome.invented) == ("Launch the portal by 31 March", 1)


def test_what_says_the_same_is_no_proposal(fake_model):
    texts = ("launch  the portal by 31 March", "Bookings online", "bookings online", " ")

    outcome = reworded(fake_model({"rewrites": [{"text": text} for text in texts]}))

    assert [item.text for item in outcome.proposals] == ["Bookings online"]


def test_the_model_reads_the_findings_and_answers_on_this_element_alone(fake_model):
    model = fake_model({"rewrites": []})

    reworded(model)

    assert "K6 on kr:1: K6 it is." in model.asked[0]
    assert "K7" not in model.asked[0].partition("What was found about it")[2]
    assert "How many? Answer: 25 book online today." in model.asked[0]


def test_without_a_model_there_is_what_the_local_critic_proposes():
    outcome = local_proposals(OBJECTIVE, "kr:1", FINDINGS)

    [proposal] = outcome.proposals
    assert proposal.text == "Launch the portal so that [who?] [do what differently?]"
    assert (proposal.settles, proposal.blanks, proposal.source) == (("K1",), 2, "rule")
