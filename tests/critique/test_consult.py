"""A whole review with a language model behind real HTTP: what it reads, and what becomes of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.history import opened
from assistant.llm.tokens import tokens
from assistant.models import Finding, Review
from assistant.review import ReviewOptions, review_text, rewrite
from assistant.settings import Settings

DRAFT = """\
Team: Portal
Cycle: 2026-Q3

Objective: Fleet managers see every repair in the portal
Parent: Depots give pharma fleets one repair date and keep it
- Launch the driver portal
- Repairs seen online from 12 % to 35 %
"""


@pytest.fixture
def home(little_home: Path, tmp_path: Path) -> Path:
    """A copy of the indexed home that a test may write to."""
    return Path(shutil.copytree(little_home, tmp_path / "home"))


def settings(home: Path, url: str, **more: object) -> Settings:
    given = {"home": home, "llm_base_url": url, "llm_model": "tiny", "llm_strategy": "full"}
    return Settings(**{**given, **more})


def remark(**changes: object) -> dict[str, object]:
    return {
        "on": "kr:1",
        "rule": "K1",
        "quote": "Launch the driver portal",
        "message": "It can be live while nobody looks.",
        "question": "Who looks, and what do they do then?",
        "citations": [],
        "confidence": 0.8,
        **changes,
    }


DRIFT = remark(
    on="objective",
    rule="A3",
    quote="see every repair in the portal",
    message="They can see it and the date still slips.",
    citations=[{"id": "parent:1", "quote": "one repair date and keep it"}],
)


def read_by(endpoint: object, number: int = -1) -> str:
    return "\n".join(item["content"] for item in endpoint.requests[number].body["messages"])


def found(review: Review, rule: str) -> Finding:
    return next(item for item in review.findings if item.rule == rule)


def test_the_model_reads_the_draft_with_its_chain_and_the_review_says_who_agrees(
    home, endpoint, say
):
    endpoint.will(say.text(json.dumps({"findings": [DRIFT, remark()]})))

    review = review_text(DRAFT, settings(home, endpoint.url))

    text = read_by(endpoint)
    assert "parent:1 (the parent it names, Service, 2026-Q3): Depots give pharma fleets" in text
    assert "parent:1.kr:1 (key result): Repairs finished on the promised day" in text
    assert "(the level above parent:1, Fernhill, 2026-Q3): Pharma hauliers stay with us" in text
    assert "We serve pharma hauliers first" in text
    drift = found(review, "A3")
    assert [(item.kind, item.quote) for item in drift.evidence] == [
        ("draft", "see every repair in the portal"),
        ("parent", "one repair date and keep it"),
    ]
    [output] = [item for item in review.findings if item.rule == "K1"]
    assert output.source == "rule"
    assert [(item.by, item.says) for item in output.opinions] == [("llm", "agrees")]
    assert review.llm is not None
    assert review.llm.prompt.startswith("critique.v3 ")
    assert (review.llm.quotes, review.llm.dropped_quotes, review.llm.remarks) == (3, 0, 2)


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("everyone", False), ("leadership", True)],
    ids=["everyone", "leadership"],
)
def test_a_restricted_document_is_sent_only_for_readers_who_may_see_it(
    home, endpoint, say, audience, seen
):
    """The draft asks for the memo by its own words, and the model claims to have read it."""
    claimed = remark(
        on="objective",
        rule="A8",
        quote="Leipzig depot keeps its pharma repairs",
        citations=[{"id": "strategy:1", "quote": "The Leipzig depot closes in spring and"}],
    )
    endpoint.will(say.text(json.dumps({"findings": [claimed]})))
    draft = "Objective: The Leipzig depot keeps its pharma repairs and does not move to Halle\n- Repairs from 9 to 20 a day"

    review = review_text(draft, settings(home, endpoint.url, audience=audience))

    sent = json.dumps([item.body for item in endpoint.requests])
    assert ("closes in spring and pharma" in sent) is seen
    assert ("Board memo, 2026-06-01" in sent) is seen
    assert ("closes in spring and pharma" in review.model_dump_json()) is seen
    assert ([item.rule for item in review.findings if item.source == "llm"] == ["A8"]) is seen


def test_a_second_look_drops_what_the_model_said_and_shows_what_it_disputes(home, endpoint, say):
    vanity = remark(rule="K5", on="kr:2", quote="Repairs seen online")
    checks = [
        {"finding": 1, "because": "Seen is used.", "stands": "no"},
        {"finding": 2, "because": "The next line has the effect.", "stands": "no"},
    ]
    endpoint.will(
        say.text(json.dumps({"findings": [vanity]})), say.text(json.dumps({"checks": checks}))
    )

    review = review_text(DRAFT, settings(home, endpoint.url), ReviewOptions(self_check=True))

    assert len(endpoint.requests) == 2
    assert "1. K5 on kr:2" in read_by(endpoint)
    assert not [item for item in review.findings if item.source == "llm"]
    disputed = [
        item.rule for item in review.findings if "disagrees" in [one.says for one in item.opinions]
    ]
    assert len(disputed) == 1
    assert review.llm is not None
    assert (review.llm.remarks, review.llm.dropped_remarks) == (1, 1)
    assert "self-check.v1 " in review.llm.prompt


def answer(home: Path, finding: Finding, text: str) -> None:
    with opened(home) as history:
        history.answer(finding.fingerprint, text)


def test_an_answer_is_kept_shown_and_settles_a_finding_which_stays_visible(home, endpoint, say):
    critique = say.text(json.dumps({"findings": [DRIFT]}))
    endpoint.will(critique)
    with_llm = settings(home, endpoint.url, llm_cache=False)
    drift = found(review_text(DRAFT, with_llm), "A3")
    answer(home, drift, "Whoever sees the date slip calls the depot, and it is moved up.")
    verdict = {"quote": "calls the depot", "reason": "Seeing it moves the date.", "question": ""}
    endpoint.will(critique, say.text(json.dumps({"verdict": "withdrawn", **verdict})))

    review = review_text(DRAFT, with_llm)

    assert "Answer: Whoever sees the date slip calls the depot" in read_by(endpoint, -2)
    assert "A3" not in [item.rule for item in review.findings]
    [settled] = [item for item in review.suppressed if item.by == "answer"]
    assert (settled.finding.rule, settled.reason) == ("A3", "Seeing it moves the date.")
    answer(home, drift, "And we count these calls.")


def test_what_the_model_does_not_raise_again_after_an_answer_is_told(home, endpoint, say):
    endpoint.will(say.text(json.dumps({"findings": [DRIFT]})))
    with_llm = settings(home, endpoint.url, llm_cache=False)
    answer(home, found(review_text(DRAFT, with_llm), "A3"), "The depot moves it up.")
    endpoint.will(say.text('{"findings": []}'))

    review = review_text(DRAFT, with_llm)

    [settled] = [item for item in review.suppressed if item.by == "answer"]
    assert settled.finding.rule == "A3"
    assert settled.reason == "“The depot moves it up.”; the language model does not raise it again"


def test_without_a_model_an_answer_is_shown_and_nothing_is_withdrawn(home):
    alone = Settings(home=home)
    output = found(review_text(DRAFT, alone), "K1")
    answer(home, output, "Drivers book there.")

    review = review_text(DRAFT, alone)

    assert [item.words for item in found(review, "K1").opinions] == ["Drivers book there."]
    [missing] = [item for item in review.not_checked if item.what.startswith("What your answers")]
    assert missing.what == "What your answers settle (K1)"


def test_a_dead_endpoint_costs_the_model_and_nothing_else(home, unused_url):
    alone = review_text(DRAFT, Settings(home=home))

    review = review_text(DRAFT, settings(home, unused_url), ReviewOptions(self_check=True))

    assert review.findings == alone.findings
    [missing] = [item for item in review.not_checked if "by the language model" in item.what]
    assert missing.why == f"Nothing answers at {unused_url} (connection refused)"


def test_the_local_review_is_there_before_the_model_is_asked(home, endpoint, say):
    endpoint.will(say.text(json.dumps({"findings": [DRIFT]})))
    early: list[tuple[Review, int]] = []

    review = review_text(
        DRAFT,
        settings(home, endpoint.url),
        early=lambda local: early.append((local, len(endpoint.requests))),
    )

    (local, asked), *_ = early
    assert asked == 0
    assert early[-1][0].findings == review.findings
    assert {item.rule for item in review.findings} - {item.rule for item in local.findings} == {
        "A3"
    }


def test_other_words_are_asked_for_with_the_findings_and_tried_out(home, endpoint, say):
    better = {"text": "Drivers who book in the portal from [baseline?] to 35 %", "settles": ["K1"]}
    endpoint.will(
        say.text(json.dumps({"findings": [remark()]})),
        say.text(json.dumps({"rewrites": [{**better, "because": "It counts use."}]})),
    )

    made = rewrite(DRAFT, "kr:1", settings(home, endpoint.url))

    assert "Reword this element, kr:1" in read_by(endpoint)
    first = made.proposals[0]
    assert first.text == better["text"]
    assert "K1" in first.settles
    assert [item.source for item in made.proposals] == ["llm", "rule"]


def test_a_critique_of_four_key_results_stays_under_3500_tokens(home, endpoint, say, little_corpus):
    """Counted as characters by 3.7; tests/llm counts the same prompt with a real tokenizer."""
    endpoint.will(say.text('{"findings": []}'))
    draft = DRAFT + (
        "- Fleet managers who rate the portal 9 or 10 from 35 % to 60 % in the survey of October\n"
        "- Calls to the depots about the state of a repair from 310 to 120 a week\n"
    )

    review_text(draft, settings(home, endpoint.url, llm_context_tokens=800))

    assert tokens(read_by(endpoint)) < 3500
