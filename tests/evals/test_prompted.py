"""Critics that are prompts: a real server answers, and the suite reads what was said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import LlmError
from evals.cases import CASES, DraftCase, read_cases
from evals.prompted import Prompted, critics, estimate
from evals.run import as_json
from evals.suites.base import some_of
from evals.suites.drafts import places, run
from tests.endpoint import ScriptedEndpoint, says, speaking

ALL = read_cases(CASES / "drafts" / "dev", DraftCase)
SOME = some_of(ALL, 6)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEndpoint]:
    with speaking() as endpoint:
        monkeypatch.setenv("OKR_HOME", str(tmp_path))
        monkeypatch.setenv("OKR_LLM_BASE_URL", endpoint.url)
        monkeypatch.setenv("OKR_LLM_MODEL", "one")
        yield endpoint


def remark(rule: str, quote: str, on: str = "objective") -> dict[str, Any]:
    return {
        "on": on, "rule": rule, "quote": quote, "message": "This leaves open who benefits.",
        "question": "Who benefits?", "citations": [], "confidence": 0.9,
    }  # fmt: skip


def about_objectives(
    endpoint: ScriptedEndpoint, found: Callable[[str], list[dict[str, Any]]]
) -> None:
    """Let the model make remarks on the words of the objective that it is asked about."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked = endpoint.requests[-1].body["messages"][-1]["content"]
        words = next(line for line in asked.splitlines() if line.startswith("objective: "))
        said = found(" ".join(words.removeprefix("objective: ").split()[:3]))
        says(json.dumps({"findings": said}))(handler)

    endpoint.will(reply)


def test_every_version_of_the_critique_prompt_is_a_critic() -> None:
    assert {"critique.v1", "critique.v2"} <= critics().keys()
    assert not {"rewrite.v1", "summary.v1"} & critics().keys()


@pytest.mark.parametrize("prompt", ["critique.v1", "critique.v2"])
def test_what_is_said_counts_and_what_is_not_asked_stays_undecided(
    model: ScriptedEndpoint, prompt: str
) -> None:
    about_objectives(model, lambda words: [remark("O6", words)])
    outcome = run(SOME, Prompted(prompt))
    said = {item.rule for item in outcome.decisions if item.said}
    undecided = {item.rule for item in outcome.decisions if item.abstained}
    assert said == {"O6"}
    assert {"O2", "K2"} <= undecided
    assert not undecided & {"O1", "O6", "K1"}
    assert outcome.errors == ()
    spent = outcome.spent
    assert spent is not None
    assert (spent.prompt.split()[0], spent.calls, spent.kept) == (prompt, len(SOME), 0)
    assert spent.read > 1000 * len(SOME)
    assert spent.written > 0
    written = json.loads(as_json("drafts", outcome, {}, critic=prompt, split="dev"))
    assert written["spent"]["calls"] == len(SOME)


def test_kept_answers_make_the_same_run_again_and_send_nothing(
    model: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    about_objectives(model, lambda words: [remark("O1", words)])
    first = run(SOME, Prompted("critique.v2"))
    sent = len(model.requests)
    monkeypatch.setenv("OKR_LLM_RECORDED", "true")
    again = run(SOME, Prompted("critique.v2"))
    assert again.decisions == first.decisions
    assert len(model.requests) == sent
    assert first.spent is not None
    assert again.spent is not None
    assert (again.spent.calls, again.spent.kept) == (0, len(SOME))
    assert (again.spent.read, again.spent.written) == (first.spent.read, first.spent.written)
    with pytest.raises(LlmError, match="only kept answers are used, and this one is not kept"):
        run(some_of(ALL, 7), Prompted("critique.v2"))


def test_an_answer_that_cannot_be_read_is_an_error_of_its_case(model: ScriptedEndpoint) -> None:
    model.will(says("I would rather not."))
    outcome = run(SOME[:2], Prompted("critique.v2"))
    assert len(outcome.errors) == 2
    assert "answered in prose instead of JSON" in outcome.errors[0]
    assert outcome.decisions == ()


def test_silence_says_nothing_where_no_more_could_be_said(model: ScriptedEndpoint) -> None:
    rules = ("O1", "O3", "O4", "O6", "O8")
    about_objectives(model, lambda words: [remark(rule, words) for rule in rules])
    outcome = run(SOME, Prompted("critique.v2"))
    assert all(item.said or item.abstained for item in outcome.decisions)


def test_what_cannot_be_verified_decides_nothing(model: ScriptedEndpoint) -> None:
    about_objectives(model, lambda _: [remark("O1", "words that stand nowhere at all")])
    outcome = run(SOME, Prompted("critique.v2"))
    assert outcome.abstained == len(outcome.decisions) == sum(1 for c in SOME for _ in places(c))


def test_a_sample_is_always_the_same() -> None:
    assert some_of(ALL, 6) == some_of(ALL, 6)
    assert {case.id for case in some_of(ALL, 6)} <= {case.id for case in some_of(ALL, 7)}
    assert some_of(ALL, None) == some_of(ALL, 10_000) == ALL
    assert estimate("critique.v2", SOME) > 1000 * len(SOME)
