"""Prompts tried by hand: what is printed is what is sent, and answers come from files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

DRAFT = """\
Cycle: 2026-Q3

Objective: Fleet managers see every repair in the portal
Parent: Depots give pharma fleets one repair date and keep it
- Launch the driver portal
- Repairs seen online from 12 % to 35 %
"""
REMARK = {
    "on": "kr:2",
    "rule": "K5",
    "quote": "Repairs seen online",
    "message": "It can be seen and nothing follows.",
    "question": "What do they do then?",
    "citations": [],
    "confidence": 0.8,
}
GOOD = json.dumps({"findings": [REMARK]})


@pytest.fixture
def draft(workplace: Path, little_home: Path) -> Path:
    """A folder with an indexed home and a draft."""
    shutil.copytree(little_home, workplace / ".okr")
    (workplace / "draft.md").write_text(DRAFT)
    return workplace / "draft.md"


def test_what_is_printed_is_what_a_model_is_sent(draft, okr, endpoint, say, monkeypatch):
    printed = okr("prompt", "show", "critique", "--draft", draft)
    monkeypatch.setenv("OKR_LLM_BASE_URL", endpoint.url)
    monkeypatch.setenv("OKR_LLM_MODEL", "tiny")
    monkeypatch.setenv("OKR_LLM_STRATEGY", "full")
    endpoint.will(say.text('{"findings": []}'))
    okr("review", draft)

    sent = [item["content"] for item in endpoint.requests[-1].body["messages"]]
    assert printed.out == "".join(f"{content}\n\n" for content in sent)
    assert printed.err.startswith("About ")


def test_a_version_can_be_chosen_and_the_file_itself_printed(draft, okr):
    first = okr("prompt", "show", "critique@1", "--draft", draft).out
    second = okr("prompt", "show", "critique@2", "--draft", draft).out

    assert '"rewrite": a better text' in first
    assert '"rewrite": a better text' not in second
    assert okr("prompt", "show", "critique@2").out.startswith("{% block system %}")


def test_an_answer_from_a_file_goes_the_whole_way(draft, okr):
    Path("answer.txt").write_text(f"Sure, here it is:\n```json\n{GOOD}\n```\n")

    outcome = okr("review", draft, "--offline-answer", "answer.txt", "--format", "json")

    said = [item for item in json.loads(outcome.out)["findings"] if item["source"] == "llm"]
    assert [(item["rule"], item["on"]) for item in said] == [("K5", "kr:2")]
    assert said[0]["opinions"] == [{"by": "rule", "says": "silent", "words": ""}]


def test_the_second_look_is_printed_once_the_first_is_answered(draft, okr):
    Path("answer.json").write_text(GOOD)

    shown = okr("prompt", "show", "self-check", "--draft", draft, "--offline-answer", "answer.json")

    assert '1. K5 on kr:2, quoting "Repairs seen online"' in shown.out


def test_printing_a_prompt_leaves_the_latest_review_as_it_was(draft, okr):
    Path("answer.json").write_text(GOOD)
    okr("review", draft, "--offline-answer", "answer.json")
    okr("prompt", "show", "critique", "--draft", draft)
    shown = okr("review", draft, "--offline-answer", "answer.json", "--format", "json").out
    mark = next(
        item["fingerprint"] for item in json.loads(shown)["findings"] if item["source"] == "llm"
    )
    okr("prompt", "show", "critique", "--draft", draft)

    kept = okr("answer", mark, "They call the depot.")

    assert kept.out == (
        "Kept for K5 on “Repairs seen online from 12 % to 35 %”. "
        "Review the draft again: the finding is reconsidered.\n"
    )
    listed = okr("answers").out
    assert mark in listed
    assert okr("answer", mark, "--undo").out == f"1 answer to {mark} taken back.\n"
    assert okr("answers").out == "No question was answered yet.\n"


BROKEN = '{"findings": [\n {"on": "kr:1", "rule": "K1"\n  "quote": "x"}]}'
AGAIN = 'Ask the model again for one JSON object {"findings": ...} and put it there whole.'
WRONG = [
    pytest.param("Looks great to me!",
                 f"The answer 'answer' is prose, no JSON: 'Looks great to me!'. {AGAIN}", id="prose"),
    pytest.param(" \n", f"The answer 'answer' is empty. {AGAIN}", id="empty"),
    pytest.param(BROKEN, "The answer 'answer' holds broken JSON at line 3, column 3: "
                 f"expecting ',' delimiter. {AGAIN}", id="broken"),
    pytest.param(json.dumps({"findings": [REMARK, {**REMARK, "confidence": "high"}]}),
                 "The answer 'answer' is JSON of another shape: findings[2].confidence: input should "
                 "be a valid number, unable to parse string as a number.", id="wrong type"),
    pytest.param(json.dumps([REMARK]),
                 "The answer 'answer' is JSON of another shape: findings: field required. It is a "
                 "list; put it into an object.", id="a list"),
    pytest.param("[" * 200_000 + "{" * 200_000,
                 "The answer 'answer' holds broken JSON at line 1, column 200002: expecting property "
                 f"name enclosed in double quotes. {AGAIN}", id="nested"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "sentence"), WRONG)
def test_an_answer_that_cannot_be_used_is_explained(draft, okr, content, sentence):
    Path("answer").write_text(content)

    outcome = okr("review", draft, "--offline-answer", "answer")

    assert (outcome.status, outcome.err) == (2, f"{sentence}\n")


def test_a_missing_answer_and_one_too_many_are_told(draft, okr):
    Path("answer.json").write_text(GOOD)

    missing = okr("review", draft, "--offline-answer", "nowhere.json")
    spare = okr("review", draft, "--offline-answer", "answer.json", "--offline-answer", "b.json")

    assert missing.err == "The answer 'nowhere.json' cannot be read: No such file or directory.\n"
    assert spare.err == "No question came for the answer 'b.json', so it was not read.\n"


def test_a_question_without_an_answer_is_not_checked(draft, okr):
    draft.write_text(f"{DRAFT}\nObjective: Drivers plan ahead\n- Calls from 9 to 4 a day\n")
    Path("answer.json").write_text(GOOD)

    outcome = okr("review", draft, "--offline-answer", "answer.json", "--format", "json")

    [missing] = [
        item
        for item in json.loads(outcome.out)["not_checked"]
        if item["what"].startswith("Critique of")
    ]
    assert missing["what"] == "Critique of 'Drivers plan ahead' by the language model"
    assert missing["why"] == "no answer file is left for this question"


UNKNOWN = [
    pytest.param(("nothing",), "No prompt 'nothing' in prompts/. There are: ", id="no such prompt"),
    pytest.param(("follow-up", "--draft", "draft.md"), "With this draft, follow-up.v1 is never asked. "
                 "It is asked once a finding is answered: `okr answer FINGERPRINT TEXT`.\n",
                 id="nothing answered"),
    pytest.param(("critique", "--draft", "draft.md", "--number", "3"),
                 "There are 1 such questions and no number 3.\n", id="no such number"),
    pytest.param(("rewrite", "--draft", "draft.md", "--element", "kr:9"),
                 "Objective 1 has no element 'kr:9'. There are: objective, kr:1 to kr:2.\n",
                 id="no such element"),
    pytest.param(("summary", "--outcome", "draft.md"), "'draft.md' is neither a review nor a scan. ",
                 id="no outcome"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), UNKNOWN)
def test_a_prompt_that_cannot_be_shown_is_explained(draft, okr, arguments, sentence):
    outcome = okr("prompt", "show", *arguments)

    assert outcome.status == 2
    assert outcome.err.startswith(sentence)


def test_prompts_are_listed_and_checked(workplace, okr):
    assert "critique.v1" in okr("prompt", "list").out
    assert okr("prompt", "check").out.endswith("prompts are sound.\n")


def test_a_review_is_summed_up_from_its_file(draft, okr):
    okr("review", draft, "--format", "json", "--output", "review.json")
    points = [{"findings": [1], "text": "The portal may change nothing for 999 drivers."}]
    Path("answer.json").write_text(
        json.dumps({"headline": "Work without effect.", "points": points})
    )

    shown = okr("prompt", "show", "summary", "--outcome", "review.json")
    summed = okr("summary", "review.json", "--offline-answer", "answer.json", "--output", "s.md")

    assert (
        "A review of draft objectives: “Fleet managers see every repair in the portal”" in shown.out
    )
    assert summed.status == 0
    text = Path("s.md").read_text()
    assert text.startswith(
        "# Work without effect.\n\n- The portal may change nothing for \\[number?\\]"
    )
    assert "fnd\\-" in text


def test_other_words_come_as_markdown(draft, okr):
    Path("answer.json").write_text(GOOD)
    Path("words.json").write_text(
        json.dumps({"rewrites": [{"text": "Bookings from [baseline?] to 35 %"}]})
    )

    outcome = okr(
        "rewrite", draft, "kr:1", "--offline-answer", "answer.json",
        "--offline-answer", "words.json", "--output", "words.md",
    )  # fmt: skip

    assert outcome.status == 0
    text = Path("words.md").read_text()
    assert "1. **Bookings from \\[baseline?\\] to 35 %** (language model)" in text
    assert "As it stands: Launch the driver portal" in text
