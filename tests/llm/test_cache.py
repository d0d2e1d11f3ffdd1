"""What is kept between calls and processes: answers, and how the endpoint wants to be asked."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from assistant.critique.schema import Critique
from assistant.llm.cache import FILE, Cache, size
from assistant.llm.client import LlmClient
from assistant.llm.faults import Fault, Unreadable
from assistant.llm.prices import Price
from assistant.prompts import Message

GOOD = json.dumps({"findings": []})
KEY = "sk-very-secret-9d8f7a"
MESSAGES = [Message(role="system", content="Be brief."), Message(role="user", content="Hello")]
OTHER = [Message(role="user", content="Good-bye")]


def client(url: str, home: Path, **options: Any) -> LlmClient:
    """A client as another process would make it."""
    return LlmClient(url, **{"model": "tiny", "timeout": 20.0, "home": home, **options})


def test_the_same_request_is_sent_once(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    heard: list[str] = []

    first = client(endpoint.url, tmp_path).ask(MESSAGES, Critique)
    again = client(endpoint.url, tmp_path).ask(MESSAGES, Critique, heard.append)

    assert again.parsed == first.parsed == Critique(findings=())
    assert (first.cached, first.calls, again.cached, again.calls) == (False, 1, True, 0)
    assert (again.input_tokens, again.output_tokens, again.cost) == (0, 0, 0.0)
    assert again.model == "served-1"
    assert heard == [GOOD]
    assert len(endpoint.requests) == 1


def test_a_choice_keeps_its_probabilities(endpoint, say, tmp_path):
    endpoint.will(say.choice(("yes", {"yes": 0.6, "no": 0.3})))

    first, again = (client(endpoint.url, tmp_path).choose(MESSAGES, ("yes", "no")) for _ in "12")

    assert again.probabilities == first.probabilities
    assert (again.covered, again.from_logprobs) == (first.covered, True)
    assert (again.cached, again.calls, again.tokens) == (True, 0, 0)


@pytest.mark.parametrize(
    ("messages", "options"),
    [
        pytest.param(OTHER, {}, id="other words"),
        pytest.param(MESSAGES, {"model": "large"}, id="another model"),
        pytest.param(MESSAGES, {"max_tokens": 99}, id="other parameters"),
    ],
)
def test_another_request_is_another_question(endpoint, say, tmp_path, messages, options):
    endpoint.will(say.text(GOOD))
    client(endpoint.url, tmp_path).ask(MESSAGES, Critique)

    assert not client(endpoint.url, tmp_path, **options).ask(messages, Critique).cached
    assert len(endpoint.requests) == 2


def test_another_endpoint_is_asked_itself(endpoint, elsewhere, say, tmp_path):
    endpoint.will(say.text(GOOD))
    elsewhere.will(say.text(GOOD))

    client(endpoint.url, tmp_path).ask(MESSAGES, Critique)
    client(elsewhere.url, tmp_path).ask(MESSAGES, Critique)

    assert (len(endpoint.requests), len(elsewhere.requests)) == (1, 1)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda say: say.text("{", finish="length"), id="truncated"),
        pytest.param(lambda say: say.text("Well done!"), id="prose"),
        pytest.param(lambda say: say.text(""), id="empty"),
    ],
)
def test_only_answers_that_could_be_read_are_kept(endpoint, say, tmp_path, reply):
    endpoint.will(reply(say))
    first = client(endpoint.url, tmp_path).ask(MESSAGES, Critique)
    endpoint.will(say.text(GOOD))

    again = client(endpoint.url, tmp_path).ask(MESSAGES, Critique)

    assert isinstance(first.parsed, Unreadable)
    assert again.parsed == Critique(findings=())
    assert not again.cached


def test_a_fault_is_not_kept(endpoint, say, tmp_path):
    endpoint.will(say.error(404, "no"), say.text(GOOD))
    with pytest.raises(Fault):
        client(endpoint.url, tmp_path).ask(MESSAGES, Critique)

    assert client(endpoint.url, tmp_path).ask(MESSAGES, Critique).calls == 1


def test_it_can_be_switched_off(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    for _ in range(2):
        answer = client(endpoint.url, tmp_path, keep_answers=False).ask(MESSAGES, Critique)
        assert not answer.cached

    assert len(endpoint.requests) == 2


def test_the_file_is_for_its_owner_alone_and_holds_no_key_and_no_question(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    url = endpoint.url.replace("//", "//ann:hunter2@")

    client(url, tmp_path, api_key=KEY).ask(MESSAGES, Critique)

    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert size(tmp_path) == path.stat().st_size
    content = path.read_bytes()
    assert b"findings" in content, "control: the answer is there"
    assert not any(word.encode() in content for word in (KEY, "hunter2", "Hello", "Be brief"))


def test_what_was_learnt_lasts(endpoint, say, tmp_path):
    endpoint.will(
        say.error(400, "response_format is not supported"), say.tool(GOOD), say.tool(GOOD)
    )
    client(endpoint.url, tmp_path, keep_answers=False).ask(MESSAGES, Critique)

    later = client(endpoint.url, tmp_path, keep_answers=False)

    assert later.dialect.method == "tool"
    assert later.ask(OTHER, Critique).calls == 1


def test_what_was_learnt_is_found_out_anew_after_some_days(tmp_path, monkeypatch):
    from assistant.llm import cache

    kept = Cache(tmp_path, "http://a/v1", "tiny")
    kept.note("x", [1])
    today = cache._today()

    monkeypatch.setattr(cache, "_today", lambda: today + 7)
    assert kept.fact("x") == [1]
    monkeypatch.setattr(cache, "_today", lambda: today + 8)
    assert kept.fact("x") is None


def test_a_damaged_file_is_begun_anew(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    (tmp_path / FILE).write_bytes(b"no database" * 500)

    answers = [client(endpoint.url, tmp_path).ask(MESSAGES, Critique) for _ in range(2)]

    assert [item.cached for item in answers] == [False, True]


def test_what_another_version_kept_is_passed_over(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    client(endpoint.url, tmp_path).ask(MESSAGES, Critique)
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE answers SET answer = ?", (b'{"words": 1}',))

    assert not client(endpoint.url, tmp_path).ask(MESSAGES, Critique).cached


def test_a_home_that_cannot_be_written_costs_only_the_keeping(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))
    (tmp_path / "file").write_text("")

    answer = client(endpoint.url, tmp_path / "file" / "home").ask(MESSAGES, Critique)

    assert answer.parsed == Critique(findings=())


# Costs


def test_an_answer_costs_what_its_tokens_cost(endpoint, say):
    endpoint.will(say.text(GOOD, tokens=(1000, 200)))
    asking = LlmClient(endpoint.url, "tiny", price=Price(3.0, 15.0))

    assert asking.ask(MESSAGES, Critique).cost == pytest.approx(0.006)


@pytest.mark.parametrize(
    ("tokens", "price"),
    [((1000, 200), None), (None, Price(3.0, 15.0))],
    ids=["no price", "no count"],
)
def test_an_unknown_cost_stays_unknown(endpoint, say, tokens, price):
    endpoint.will(say.text(GOOD, tokens=tokens))

    assert LlmClient(endpoint.url, "tiny", price=price).ask(MESSAGES, Critique).cost is None


def test_both_questions_are_counted_where_a_second_one_was_needed(endpoint, say):
    endpoint.will(say.text("Well done!", tokens=(10, 5)), say.text(GOOD, tokens=(30, 6)))

    answer = LlmClient(endpoint.url, "tiny").ask(MESSAGES, Critique)

    assert (answer.calls, answer.method) == (2, "plain")
    assert (answer.input_tokens, answer.output_tokens) == (40, 11)
