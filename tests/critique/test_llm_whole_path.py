"""A review by an endpoint that fails: what the local critic found stays, one sentence says why."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.models import Review
from assistant.review import ReviewOptions, review_text
from assistant.settings import Settings

KEY = "sk-very-secret-9d8f7a"
DRAFT = """\
Objective: Pharma hauliers stay because repairs keep their date
- Launch the driver portal
- Repairs on the promised day from 64 % to 82 %
"""
REMARK = {
    "on": "kr:1",
    "rule": "K1",
    "quote": "Launch the driver portal",
    "message": "It can be done while nothing changes.",
    "question": "What will be different?",
    "rewrite": None,
    "citations": [],
    "confidence": 0.8,
}
GOOD = json.dumps({"findings": [REMARK]})
TOMORROW = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set at the end; a reply that waits for it never ends within the test."""
    event = threading.Event()
    yield event
    event.set()


def review(url: str, home: Path, *, llm: bool = True, **more: Any) -> Review:
    given = {"llm_timeout": 1.5, "llm_api_key": KEY, **more}
    settings = Settings(home=home, llm_base_url=url, llm_model="tiny", **given)
    return review_text(DRAFT, settings, ReviewOptions(context=False, llm=llm))


def told(found: Review) -> list[tuple[str, str]]:
    """What was not done by the language model, and what to do about it."""
    return [
        (item.why, item.how)
        for item in found.not_checked
        if item.what.endswith("by the language model")
    ]


FAULTS = [
    pytest.param(lambda say, over: say.error(401, f"bad key {KEY}"),
                 "{url} refused the key (401)", "Check OKR_LLM_API_KEY.", id="401"),
    pytest.param(lambda say, over: say.error(404, "no such model"),
                 "{url} does not know the model 'tiny', or is not the base URL (404). "
                 "It says: 'no such model'",
                 "Check OKR_LLM_MODEL, and that OKR_LLM_BASE_URL ends where the endpoint wants it, "
                 "mostly in /v1.", id="404 model"),
    pytest.param(lambda say, over: say.error(429, "slow down"),
                 "{url} takes no more requests at the moment (429). It was tried 3 times",
                 "Wait a minute and try again.", id="429"),
    pytest.param(lambda say, over: say.error(429, "slow down", Retry_After="90"),
                 "{url} asks to wait 90 seconds, which the limit of 3 seconds does not allow",
                 "Try again after that time, or raise OKR_LLM_TIMEOUT.", id="429 seconds"),
    pytest.param(lambda say, over: say.error(500, "cuda error"),
                 "{url} failed on its side (500). It says: 'cuda error'. It was tried 3 times",
                 "Try again later, or look at the log of the server.", id="500"),
    pytest.param(lambda say, over: say.stall(over),
                 "{url} did not begin to answer within 3 seconds",
                 "Raise OKR_LLM_TIMEOUT, or use a faster model.", id="slow first token"),
    pytest.param(lambda say, over: say.stall(over, say.chunk({"content": GOOD[:30]})),
                 "{url} did not finish its answer within 3 seconds",
                 "Raise OKR_LLM_TIMEOUT, or use a faster model.", id="stall in mid-answer"),
    pytest.param(lambda say, over: say.reset(say.chunk({"content": GOOD[:30]})),
                 "{url} broke off the connection",
                 "Try again; if it stays so, look at the log of the server.", id="reset"),
    pytest.param(lambda say, over: say.text(GOOD[:60], finish="length", tokens=(900, 2000)),
                 "The answer of the model 'tiny' was cut off at 2000 tokens",
                 "Raise OKR_LLM_MAX_TOKENS.", id="truncated"),
    pytest.param(lambda say, over: say.text(GOOD[:30]),
                 "The model 'tiny' answered with broken JSON: '{{\"findings\": [{{\"on\": \"kr:1\", \"'",
                 "Try again, or use an endpoint that can enforce a format.", id="truncated JSON"),
    pytest.param(lambda say, over: say.text('{"result": []}'),
                 "The model 'tiny' answered with JSON of another shape: findings: field required",
                 "Use a model that can follow a format, or an endpoint that can enforce one.",
                 id="wrong schema"),
    pytest.param(lambda say, over: say.text(""),
                 "The model 'tiny' gave an empty answer",
                 "Try again, or use another model.", id="empty"),
    pytest.param(lambda say, over: say.stream(say.chunk({"refusal": "I cannot."}),
                                              say.chunk({}, "stop")),
                 "The model 'tiny' declined to review this draft: 'I cannot.'",
                 "Look for wording in the draft or the sources that a content filter may object to.",
                 id="refusal"),
    pytest.param(lambda say, over: say.text("Great OKR!"),
                 "The model 'tiny' answered in prose instead of JSON: 'Great OKR!'",
                 "Use a model that can follow a format, or an endpoint that can enforce one.",
                 id="prose"),
    pytest.param(lambda say, over: say.stream(*[say.chunk({"content": "x" * 50_000})] * 40),
                 "The answer of the model 'tiny' was given up after 150000 characters",
                 "The endpoint does not keep to OKR_LLM_MAX_TOKENS; use another model or endpoint.",
                 id="2 MB in a stream"),
    pytest.param(lambda say, over: say.raw(200, json.dumps({"x": "y" * 2_000_000}),
                                           "application/json"),
                 "{url} answers, but not as an OpenAI-compatible endpoint does",
                 "Check OKR_LLM_BASE_URL; most endpoints want it to end in /v1.",
                 id="2 MB in one piece"),
    pytest.param(lambda say, over: say.raw(200, "<html>Hi</html>", "text/html"),
                 "{url} answers, but not as an OpenAI-compatible endpoint does",
                 "Check OKR_LLM_BASE_URL; most endpoints want it to end in /v1.",
                 id="wrong content type"),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "why", "how"), FAULTS)
def test_the_local_findings_stay_and_one_sentence_says_what_failed(
    endpoint, say, over, tmp_path, caplog, reply, why, how
):
    caplog.set_level(logging.DEBUG)
    endpoint.will(reply(say, over))
    url = endpoint.url

    found = review(url, tmp_path, llm_timeout=3, llm_log="json")

    assert told(found) == [(why.format(url=url), how)]
    local = review(url, tmp_path, llm=False)
    assert [item.fingerprint for item in found.findings] == [
        item.fingerprint for item in local.findings
    ]
    assert "K1" in {item.rule for item in found.findings}
    assert found.llm is not None
    assert found.llm.calls == len(endpoint.requests)
    written = [found.model_dump_json(), caplog.text, *_files(tmp_path)]
    assert not any(KEY in item for item in written)


def test_a_date_to_wait_for_that_lies_beyond_the_limit(endpoint, say, tmp_path):
    endpoint.will(say.error(429, "slow down", Retry_After=TOMORROW))

    [(why, _)] = told(review(endpoint.url, tmp_path))

    assert why.startswith(f"{endpoint.url} asks to wait 8")
    assert why.endswith(" seconds, which the limit of 1.5 seconds does not allow")
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry_After": "0.1"},
        {"Retry_After": format_datetime(datetime.now(UTC), usegmt=True)},
        {"Retry_After": "soon"},
    ],
    ids=["no header", "seconds", "a date", "nonsense"],
)
def test_too_many_requests_once_is_no_fault(endpoint, say, tmp_path, headers):
    endpoint.will(say.error(429, "slow down", **headers), say.text(GOOD))

    found = review(endpoint.url, tmp_path, llm_timeout=20)

    assert told(found) == []
    assert len(endpoint.requests) == 2


def test_nobody_trusts_a_certificate_that_is_signed_by_itself(untrusted, say, tmp_path):
    untrusted.will(say.text(GOOD))

    [(why, how)] = told(review(untrusted.url, tmp_path))

    assert why.startswith(f"{untrusted.url} cannot be reached: the secure connection failed (self")
    assert how == "Check OKR_LLM_BASE_URL, the network and the proxy settings."
    assert untrusted.requests == []


def test_a_dead_endpoint_is_not_hammered(unused_url, tmp_path):
    drafts = "\n".join(DRAFT.replace("Pharma", name) for name in ("Food", "Wine", "Fish", "Meat"))
    settings = Settings(home=tmp_path, llm_base_url=unused_url, llm_model="tiny", llm_concurrency=1)

    found = review_text(drafts, settings, ReviewOptions(context=False))

    whys = [why for why, _ in told(found)]
    assert len(whys) == 4
    assert whys[:3] == [f"Nothing answers at {unused_url} (connection refused)"] * 3
    assert whys[3] == (
        f"{unused_url} is left alone for 30 seconds because it failed several times in a row; the "
        f"last time: Nothing answers at {unused_url} (connection refused)"
    )
    assert found.llm is not None
    assert found.llm.calls == 3


def test_the_time_for_a_whole_review_is_limited(endpoint, say, over, tmp_path):
    drafts = "\n".join(DRAFT.replace("Pharma", name) for name in ("Food", "Wine"))
    endpoint.will(say.stall(over))
    settings = Settings(
        home=tmp_path,
        llm_base_url=endpoint.url,
        llm_model="tiny",
        llm_concurrency=1,
        llm_review_seconds=1,
    )

    found = review_text(drafts, settings, ReviewOptions(context=False))

    assert [why for why, _ in told(found)] == [
        "The language model was given no more time: the 1 s for all its answers together "
        "have passed"
    ] * 2
    assert len(endpoint.requests) == 1


def test_the_calls_of_a_review_are_limited(endpoint, say, tmp_path):
    drafts = "\n".join(DRAFT.replace("Pharma", name) for name in ("Food", "Wine"))
    endpoint.will(say.text(GOOD))
    settings = Settings(
        home=tmp_path, llm_base_url=endpoint.url, llm_model="tiny", llm_review_calls=1
    )

    found = review_text(drafts, settings, ReviewOptions(context=False))

    assert [why for why, _ in told(found)] == [
        "No further question was sent to the language model: 1 of 1 calls are made"
    ]
    assert len(endpoint.requests) == 1


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes().decode("latin-1")
