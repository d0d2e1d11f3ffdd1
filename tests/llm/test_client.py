"""The client against a real HTTP server that misbehaves in every way we know of."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.critique.schema import Critique
from assistant.errors import ConfigurationError, LlmError
from assistant.llm.client import LlmClient
from assistant.llm.faults import Fault, Unreadable
from assistant.prompts import Message
from assistant.settings import Settings

MESSAGES = [Message(role="system", content="Be brief."), Message(role="user", content="Hello")]
REMARK = {
    "on": "kr:1",
    "rule": "K1",
    "quote": "Launch the portal",
    "message": "It can be done while nothing changes.",
    "question": "What will be different?",
    "rewrite": None,
    "citations": [],
    "confidence": 0.8,
}
GOOD = json.dumps({"findings": [REMARK]})
KEY = "sk-very-secret-9d8f7a"


def client(url: str, **options: object) -> LlmClient:
    return LlmClient(url, "tiny", **{"timeout": 20.0, **options})  # type: ignore[arg-type]


def test_an_answer_is_streamed_parsed_and_counted(endpoint, say):
    endpoint.will(say.text(GOOD))
    heard: list[str] = []

    answer = client(endpoint.url, api_key=KEY).ask(MESSAGES, Critique, heard.append)

    assert answer.parsed == Critique.model_validate_json(GOOD)
    assert "".join(heard) == answer.text == GOOD
    assert len(heard) > 10
    assert (answer.input_tokens, answer.output_tokens) == (11, 7)
    assert (answer.model, answer.method, answer.calls) == ("served-1", "json_schema", 1)
    assert answer.first_token_seconds is not None
    assert 0 < answer.first_token_seconds <= answer.seconds


def test_the_request_is_what_an_openai_compatible_endpoint_expects(endpoint, say):
    endpoint.will(say.text(GOOD))

    client(endpoint.url, api_key=KEY, max_tokens=321).ask(MESSAGES, Critique)

    sent = endpoint.requests[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
    ]
    assert sent.body["model"] == "tiny"
    assert sent.body["max_tokens"] == 321
    assert sent.body["temperature"] == 0
    assert sent.body["stream_options"] == {"include_usage": True}
    form = sent.body["response_format"]["json_schema"]
    assert (form["name"], form["strict"]) == ("Critique", True)
    assert form["schema"]["properties"]["findings"]["maxItems"] == 1
    assert "tools" not in sent.body


def test_an_endpoint_that_counts_no_tokens_leaves_them_unknown(endpoint, say):
    endpoint.will(say.text(GOOD, tokens=None))

    answer = client(endpoint.url).ask(MESSAGES, Critique)

    assert (answer.input_tokens, answer.output_tokens) == (None, None)


def test_async_code_can_ask_many_at_once(endpoint, say):
    endpoint.will(say.text(GOOD, pause=0.01))
    shared = client(endpoint.url)

    async def many() -> list[object]:
        answers = await asyncio.gather(*(shared.aask(MESSAGES, Critique) for _ in range(8)))
        return [answer.parsed for answer in answers]

    assert asyncio.run(many()) == [Critique.model_validate_json(GOOD)] * 8


def test_what_on_token_raises_ends_the_call_and_is_not_disguised(endpoint, say):
    endpoint.will(say.text(GOOD))

    def stop(_: str) -> None:
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        client(endpoint.url).ask(MESSAGES, Critique, stop)


# Faults: no answer came

FAULTS = [
    pytest.param(401, "Incorrect key sk-ve***", "key", "{url} refused the key (401). "
                 "Check OKR_LLM_API_KEY.", id="401"),
    pytest.param(403, "no", "forbidden", "{url} does not allow this use of the model 'tiny' (403). "
                 "Check what OKR_LLM_API_KEY may do, or choose another OKR_LLM_MODEL.", id="403"),
    pytest.param(404, "The model `tiny` does not exist", "model",
                 "{url} does not know the model 'tiny', or is not the base URL (404). It says: "
                 "'The model `tiny` does not exist'. Check OKR_LLM_MODEL, and that "
                 "OKR_LLM_BASE_URL ends where the endpoint wants it, mostly in /v1.", id="404"),
    pytest.param(429, "You exceeded your current quota", "quota",
                 "{url} says that the quota of this key is used up (429). "
                 "Add credit there, or use another key or endpoint.", id="429 quota"),
    pytest.param(400, "This model's maximum context length is 512 tokens", "overlong",
                 "The draft with its context is too long for the model 'tiny' at {url}. It says: "
                 "\"This model's maximum context length is 512 tokens\". "
                 "Use a model or a server setting with a larger context.", id="400 context"),
    pytest.param(307, "", "redirect", "{url} sends us elsewhere (307), and a draft goes only where "
                 "you said. Set OKR_LLM_BASE_URL to the final address.", id="307"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "words", "kind", "sentence"), FAULTS)
def test_a_refusal_is_explained_at_once(endpoint, say, status, words, kind, sentence):
    endpoint.will(say.error(status, words, Location="http://127.0.0.1:9/v1/chat/completions"))

    with pytest.raises(LlmError) as caught:
        client(endpoint.url, api_key=KEY).ask(MESSAGES, Critique)

    assert str(caught.value) == sentence.format(url=endpoint.url)
    assert caught.value.kind == kind
    assert caught.value.calls == len(endpoint.requests) == 1


def test_a_missing_key_is_told_from_a_wrong_one(endpoint, say):
    endpoint.will(say.error(401, "no key"))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique)

    assert str(caught.value) == f"{endpoint.url} wants a key (401). Set OKR_LLM_API_KEY."


def test_nobody_listens(unused_url):
    with pytest.raises(Fault) as caught:
        client(unused_url).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"Nothing answers at {unused_url} (connection refused). "
        "Start the server, or correct OKR_LLM_BASE_URL."
    )


def test_an_unknown_host():
    with pytest.raises(Fault) as caught:
        client("http://okr-review.invalid/v1").ask(MESSAGES, Critique)

    assert str(caught.value) == (
        "http://okr-review.invalid/v1 cannot be reached: the name of the host is not known. "
        "Check OKR_LLM_BASE_URL, the network and the proxy settings."
    )


def test_https_where_the_server_speaks_http(endpoint, say):
    endpoint.will(say.text(GOOD))
    url = endpoint.url.replace("http:", "https:")

    with pytest.raises(Fault) as caught:
        client(url).ask(MESSAGES, Critique)

    assert str(caught.value).startswith(f"{url} cannot be reached: the secure connection failed (")
    assert caught.value.kind == "unreachable"


def test_too_many_requests_then_fine(endpoint, say):
    endpoint.will(say.error(429, "slow down", Retry_After="0.2"), say.text(GOOD))
    started = time.monotonic()

    answer = client(endpoint.url).ask(MESSAGES, Critique)

    assert answer.parsed == Critique.model_validate_json(GOOD)
    assert answer.calls == 2
    assert time.monotonic() - started >= 0.2


def test_a_wait_beyond_the_limit_is_not_waited_for(endpoint, say):
    endpoint.will(say.error(429, "slow down", Retry_After="3600"))

    with pytest.raises(Fault) as caught:
        client(endpoint.url, timeout=5).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} asks to wait 3600 seconds, which the limit of 5 seconds does not allow. "
        "Try again after that time, or raise OKR_LLM_TIMEOUT."
    )
    assert len(endpoint.requests) == 1


def test_a_server_that_keeps_failing_is_given_up(endpoint, say):
    endpoint.will(say.error(500, "cuda out of memory"))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} failed on its side (500). It says: 'cuda out of memory'. "
        "It was tried 3 times. Try again later, or look at the log of the server."
    )
    assert caught.value.calls == len(endpoint.requests) == 3


def test_a_connection_that_is_reset_is_tried_again(endpoint, say):
    endpoint.will(say.reset(), say.text(GOOD))

    assert client(endpoint.url).ask(MESSAGES, Critique).calls == 2


def test_a_reset_in_mid_answer_is_not_begun_again(endpoint, say):
    endpoint.will(say.reset(say.chunk({"content": '{"find'})))
    heard: list[str] = []

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique, heard.append)

    assert str(caught.value) == (
        f"{endpoint.url} broke off the connection. "
        "Try again; if it stays so, look at the log of the server."
    )
    assert heard == ['{"find']
    assert len(endpoint.requests) == 1


def test_an_error_inside_the_stream_is_told(endpoint, say):
    broken = {"error": {"message": "slot failed", "type": "server_error"}}
    endpoint.will(say.stream(say.chunk({"content": "{"}), broken))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} failed on its side (500). It says: 'slot failed'. "
        "Try again later, or look at the log of the server."
    )


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        pytest.param(lambda say: say.nothing(3), "did not begin to answer", id="silent"),
        pytest.param(
            lambda say: say.text(GOOD, pause=0.2), "did not finish its answer", id="dripping"
        ),
    ],
)
def test_the_time_limit_holds_for_the_whole_answer(endpoint, say, reply, state):
    endpoint.will(reply(say))

    with pytest.raises(Fault) as caught:
        client(endpoint.url, timeout=0.9).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} {state} within 0.9 seconds. Raise OKR_LLM_TIMEOUT, or use a faster model."
    )


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda say: say.raw(200, "<html>Hi</html>", "text/html"), id="a web page"),
        pytest.param(lambda say: say.raw(200, "", "text/plain"), id="nothing"),
        pytest.param(
            lambda say: say.raw(200, "data: {not json\n\n", "text/event-stream"), id="broken events"
        ),
        pytest.param(lambda say: say.stream({"choices": [{}]}), id="malformed chunk"),
        pytest.param(lambda say: say.raw(200, '{"a": 1}', "application/json"), id="other JSON"),
    ],
)
def test_another_protocol_is_recognised(endpoint, say, reply):
    endpoint.will(reply(say))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} answers, but not as an OpenAI-compatible endpoint does. "
        "Check OKR_LLM_BASE_URL; most endpoints want it to end in /v1."
    )


# Answers that came and cannot be used

UNREADABLE = [
    pytest.param(lambda say: say.text(GOOD[:40], finish="length", tokens=(11, 50)), "truncated",
                 "The answer of the model 'tiny' was cut off at 50 tokens. "
                 "Raise OKR_LLM_MAX_TOKENS.", id="truncated"),
    pytest.param(lambda say: say.text(GOOD[:40], finish="length", tokens=(11, 30)), "truncated",
                 "The answer of the model 'tiny' was cut off at 30 tokens. The context of the model "
                 "is full: use a model or a server setting with a larger one.", id="context full"),
    pytest.param(lambda say: say.text(""), "empty", "The model 'tiny' gave an empty answer. "
                 "Try again, or use another model.", id="empty"),
    pytest.param(lambda say: say.text("Great OKR, well done!"), "prose",
                 "The model 'tiny' answered in prose instead of JSON: 'Great OKR, well done!'. Use a "
                 "model that can follow a format, or an endpoint that can enforce one.", id="prose"),
    pytest.param(lambda say: say.text('{"findings": [{"on": '), "malformed",
                 "The model 'tiny' answered with broken JSON: '{\"findings\": [{\"on\":'. "
                 "Try again, or use an endpoint that can enforce a format.",
                 id="half an answer"),
    pytest.param(lambda say: say.text('{"result": []}'), "mismatch",
                 "The model 'tiny' answered with JSON of another shape: findings: field required. "
                 "Use a model that can follow a format, or an endpoint that can enforce one.",
                 id="another schema"),
    pytest.param(lambda say: say.text(GOOD.replace("0.8", '"high"')), "mismatch",
                 "The model 'tiny' answered with JSON of another shape: findings.0.confidence: input "
                 "should be a valid number, unable to parse string as a number. "
                 "Use a model that can follow a format, or an endpoint that can enforce one.",
                 id="wrong type"),
    pytest.param(lambda say: say.stream(say.chunk({"refusal": "I cannot "}),
                                        say.chunk({"refusal": "help."}), say.chunk({}, "stop")),
                 "declined", "The model 'tiny' declined to review this draft: 'I cannot help.'. "
                 "Look for wording in the draft or the sources that a content filter may object to.",
                 id="refusal"),
    pytest.param(lambda say: say.text("{", finish="content_filter"), "declined",
                 "The model 'tiny' declined to review this draft. "
                 "Look for wording in the draft or the sources that a content filter may object to.",
                 id="content filter"),
    pytest.param(lambda say: say.stream(*[say.chunk({"content": "x" * 50_000})] * 4), "truncated",
                 "The answer of the model 'tiny' was given up after 150000 characters. The endpoint "
                 "does not keep to OKR_LLM_MAX_TOKENS; use another model or endpoint.",
                 id="endless"),
]  # fmt: skip


ASKED_AGAIN = {"prose", "mismatch"}
"""What an endpoint that ignores the schema may do better if it is told in words."""


@pytest.mark.parametrize(("reply", "kind", "sentence"), UNREADABLE)
def test_an_unusable_answer_is_returned_as_such(endpoint, say, reply, kind, sentence):
    endpoint.will(reply(say))

    answer = client(endpoint.url, max_tokens=50).ask(MESSAGES, Critique)

    assert isinstance(answer.parsed, Unreadable)
    assert str(answer.parsed) == sentence
    assert answer.parsed.kind == kind
    assert len(endpoint.requests) == answer.calls == (2 if kind in ASKED_AGAIN else 1)


# The ladder: what an endpoint refuses is left out

LADDER = [
    pytest.param(["response_format is not supported"], "tool", 2, id="to a tool call"),
    pytest.param(["no response_format here", "tools are not supported"], "plain", 3, id="to words"),
    pytest.param(["Invalid schema: maxLength is not permitted"], "json_schema", 2, id="no limits"),
    pytest.param(["Use 'max_completion_tokens' instead"], "json_schema", 2, id="token parameter"),
    pytest.param(["temperature does not support 0"], "json_schema", 2, id="no temperature"),
    pytest.param(["unknown field stream_options"], "json_schema", 2, id="no usage"),
]


@pytest.mark.parametrize(("refusals", "method", "calls"), LADDER)
def test_what_is_refused_is_left_out(endpoint, say, refusals, method, calls):
    last = say.tool(GOOD) if method == "tool" else say.text(GOOD)
    endpoint.will(*(say.error(400, words) for words in refusals), last)
    asking = client(endpoint.url)

    answer = asking.ask(MESSAGES, Critique)
    again = asking.ask(MESSAGES, Critique)

    assert answer.parsed == again.parsed == Critique.model_validate_json(GOOD)
    assert (answer.method, answer.calls) == (method, calls)
    assert again.calls == 1, "what was learnt is remembered"


def test_the_tool_call_carries_the_schema(endpoint, say):
    endpoint.will(say.error(422, "response_format"), say.tool(GOOD))

    client(endpoint.url).ask(MESSAGES, Critique)

    sent = endpoint.requests[-1].body
    assert "response_format" not in sent
    assert sent["tools"][0]["function"]["parameters"]["required"] == ["findings"]
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "answer"}}


def test_plain_words_carry_the_schema_and_forgive_a_code_fence(endpoint, say):
    endpoint.will(
        say.error(400, "response_format"), say.error(400, "tools"), say.text(f"Sure!\n```json\n{GOOD}\n```")
    )  # fmt: skip

    answer = client(endpoint.url).ask(MESSAGES, Critique)

    assert answer.parsed == Critique.model_validate_json(GOOD)
    said = endpoint.requests[-1].body["messages"][-1]["content"]
    assert said.startswith(
        "Hello\n\nAnswer with one JSON object and nothing else. Its JSON schema: {"
    )


def test_a_server_error_about_the_schema_is_a_refusal_of_the_schema(endpoint, say):
    endpoint.will(say.error(500, "json_schema: cannot build grammar"), say.tool(GOOD))

    assert client(endpoint.url).ask(MESSAGES, Critique).method == "tool"


def test_an_endpoint_that_refuses_everything_is_explained(endpoint, say):
    endpoint.will(say.error(400, "not a chat model"))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).ask(MESSAGES, Critique)

    assert str(caught.value) == (
        f"{endpoint.url} refused the request (400). It says: 'not a chat model'. "
        "Check that it is an OpenAI-compatible chat endpoint and that the model can chat."
    )
    assert caught.value.calls == 3


# Secrets and where things go

LEAKY = [
    pytest.param(lambda say: say.error(401, f"bad key {KEY}"), id="401"),
    pytest.param(lambda say: say.error(404, f"bad key {KEY}"), id="404"),
    pytest.param(lambda say: say.error(400, f"Bearer {KEY} and hunter2"), id="400"),
    pytest.param(lambda say: say.error(500, f"{KEY[:12]}****"), id="500 masked key"),
    pytest.param(lambda say: say.text(GOOD), id="fine"),
]


@pytest.mark.parametrize("reply", LEAKY)
def test_no_secret_reaches_a_message_or_a_log(endpoint, say, reply, caplog):
    endpoint.will(reply(say))
    url = endpoint.url.replace("//", "//ann:hunter2@") + "?api-version=preview"
    caplog.set_level(logging.DEBUG)
    told = ""

    try:
        told = repr(client(url, api_key=KEY).ask(MESSAGES, Critique))
    except Fault as fault:
        told = f"{fault!r} {fault} {fault.said} {fault.__context__} {fault.__cause__}"

    logged = "\n".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "chat/completions" in logged
    for secret in ("hunter2", KEY, KEY[:12]):
        assert secret not in told
        assert secret not in logged
    assert endpoint.requests[0].path == "/v1/chat/completions?api-version=preview"
    assert endpoint.requests[0].headers["authorization"].startswith("Basic ")


def test_a_key_of_another_product_is_not_sent(endpoint, say, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    endpoint.will(say.text(GOOD))

    client(endpoint.url).ask(MESSAGES, Critique)

    assert KEY not in str(endpoint.requests[0].headers)


TALK = """
import sys
seen = []
sys.addaudithook(lambda event, args: seen.append((event, args[1] if event == "socket.connect" else args[:2]))
    if event in ("socket.connect", "socket.getaddrinfo") else None)
from assistant.prompts import Message
from assistant.critique.schema import Critique
if sys.argv[1] == "ours":
    from assistant.llm.client import LlmClient
    LlmClient(sys.argv[2], "tiny").ask([Message(role="user", content="Hi")], Critique)
else:
    from langchain_openai import ChatOpenAI
    ChatOpenAI(base_url=sys.argv[2], model="tiny", api_key="k", max_retries=0, streaming=True).invoke("Hi")
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
print(sorted({args[1] for event, args in seen}))
"""


@pytest.mark.parametrize(
    ("who", "hosts"), [("ours", 1), pytest.param("vendor", 2, id="control: the vendor's own")]
)
def test_a_draft_goes_to_the_endpoint_and_nowhere_else(endpoint, elsewhere, say, who, hosts):
    """The environment asks for tracing to another address; the vendor obeys, we do not."""
    endpoint.will(say.text(GOOD))
    tracing = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": elsewhere.url,
        "LANGSMITH_GATEWAY": elsewhere.url,
        "LANGSMITH_API_KEY": KEY,
    }

    done = subprocess.run(
        [sys.executable, "-c", TALK, who, endpoint.url],
        env={**os.environ, **tracing},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    ports = json.loads(done.stdout.strip().splitlines()[-1])
    assert len(ports) == hosts
    assert len(endpoint.requests) == 1
    assert bool(elsewhere.requests) == (hosts > 1)


# Settings


def test_a_client_comes_from_the_settings(endpoint, say):
    endpoint.will(say.text(GOOD))
    settings = Settings(
        llm_base_url=endpoint.url, llm_model="small", llm_api_key=KEY, llm_max_tokens=77
    )  # type: ignore[arg-type]

    LlmClient.from_settings(settings).ask(MESSAGES, Critique)

    sent = endpoint.requests[0]
    assert (sent.body["model"], sent.body["max_tokens"]) == ("small", 77)
    assert sent.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"llm_model": "m"},
            "No language model is configured: OKR_LLM_BASE_URL is not set. Set OKR_LLM_BASE_URL and "
            "OKR_LLM_MODEL, and OKR_LLM_API_KEY if it wants a key.",
            id="no URL",
        ),
        pytest.param(
            {"llm_base_url": "http://a/v1"},
            "No language model is configured: OKR_LLM_MODEL is not set. Set OKR_LLM_BASE_URL and "
            "OKR_LLM_MODEL, and OKR_LLM_API_KEY if it wants a key.",
            id="no model",
        ),
        pytest.param(
            {"llm_base_url": "localhost:8080/v1", "llm_model": "m"},
            "OKR_LLM_BASE_URL is not a web address: 'localhost:8080/v1'. "
            "It looks like http://localhost:8080/v1.",
            id="no scheme",
        ),
        pytest.param(
            {"llm_base_url": "https://a.example/v1?key=s3cret", "llm_model": "m"},
            "OKR_LLM_BASE_URL carries 'key' after its question mark, where logs would show it. "
            "Put a key into OKR_LLM_API_KEY.",
            id="key in the URL",
        ),
    ],
)
def test_wrong_settings_are_explained(given, sentence):
    with pytest.raises(ConfigurationError) as caught:
        LlmClient.from_settings(Settings(**given))

    assert str(caught.value) == sentence
