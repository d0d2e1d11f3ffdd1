"""Fixtures: a real HTTP server that speaks OpenAI's protocol and says what a test tells it to say."""

from __future__ import annotations

import json
import math
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import LlmError
from assistant.llm.client import Answer
from assistant.llm.faults import Unreadable

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ScriptedEndpoint:
    """Answers with the replies in turn; the last one is repeated."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0

    def will(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "model": "served-1", "choices": [choice]}


def says(
    text: str, *, finish: str = "stop", pause: float = 0.0, tokens: tuple[int, int] | None = (11, 7)
) -> Reply:
    """A streamed answer in pieces of a few characters."""
    pieces = [text[start : start + 9] for start in range(0, len(text), 9)]
    chunks = [chunk({"role": "assistant", "content": ""})]
    chunks += [chunk({"content": piece}) for piece in pieces]
    chunks.append(chunk({}, finish))
    if tokens:
        usage = {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
        }
        chunks.append({**chunk({}), "choices": [], "usage": usage})
    return streams(*chunks, pause=pause)


def chooses(*tokens: tuple[str, dict[str, float]], finish: str = "stop") -> Reply:
    """A streamed answer of some tokens, each with the probabilities of what might stand there."""
    chunks = []
    for token, likely in tokens:
        top = [{"token": other, "logprob": math.log(share)} for other, share in likely.items()]
        item = chunk({"content": token})
        item["choices"][0]["logprobs"] = {
            "content": [{"token": token, "logprob": 0.0, "top_logprobs": top}]
        }
        chunks.append(item)
    usage = {"prompt_tokens": 20, "completion_tokens": len(tokens), "total_tokens": 20}
    counted = {**chunk({}), "choices": [], "usage": usage}
    return streams(*chunks, chunk({}, finish), counted)


def calls_tool(arguments: str) -> Reply:
    """The answer as the arguments of a tool call, in two pieces."""
    half = len(arguments) // 2
    first = {"index": 0, "id": "t", "type": "function"}
    return streams(
        chunk({"tool_calls": [{**first, "function": {"name": "answer", "arguments": ""}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": arguments[:half]}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": arguments[half:]}}]}),
        chunk({}, "tool_calls"),
    )


def streams(*chunks: dict[str, Any], pause: float = 0.0, done: bool = True) -> Reply:
    """Server-sent events as given, with a pause in seconds before each."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for item in chunks:
            time.sleep(pause)
            handler.wfile.write(f"data: {json.dumps(item)}\n\n".encode())
            handler.wfile.flush()
        if done:
            handler.wfile.write(b"data: [DONE]\n\n")

    return reply


def fails(status: int, message: str = "", **headers: str) -> Reply:
    """An error in OpenAI's shape."""
    content = json.dumps({"error": {"message": message, "type": "x", "code": None}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sends(status, content, "application/json", **named)


def sends(status: int, content: str, content_type: str, **headers: str) -> Reply:
    """Any response."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content.encode())

    return reply


def resets(*chunks: dict[str, Any]) -> Reply:
    """A few chunks, then the connection is torn down."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        if chunks:
            streams(*chunks, done=False)(handler)
            time.sleep(0.1)
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.wfile.close()
        handler.rfile.close()
        handler.connection.close()

    return reply


def stays_silent(seconds: float) -> Reply:
    """Accepts the request and says nothing for a while."""

    def reply(_: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return reply


def stalls(over: threading.Event, *chunks: dict[str, Any]) -> Reply:
    """A few chunks if any, then nothing until the test is over."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        if chunks:
            streams(*chunks, done=False)(handler)
        over.wait(60)

    return reply


class Say:
    """The replies a test can script, gathered so that tests need no import."""

    chunk = staticmethod(chunk)
    text = staticmethod(says)
    tool = staticmethod(calls_tool)
    choice = staticmethod(chooses)
    stream = staticmethod(streams)
    error = staticmethod(fails)
    raw = staticmethod(sends)
    reset = staticmethod(resets)
    nothing = staticmethod(stays_silent)
    stall = staticmethod(stalls)


def _handler(endpoint: ScriptedEndpoint) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with lock:
                endpoint.inside += 1
                endpoint.most_inside = max(endpoint.most_inside, endpoint.inside)
            try:
                self.answer()
            finally:
                with lock:
                    endpoint.inside -= 1

        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = self.headers.get("Content-Type") == "application/json"
            body = json.loads(content) if is_json else {}
            endpoint.requests.append(
                Request(
                    self.path, {name.lower(): value for name, value in self.headers.items()}, body
                )
            )
            try:
                endpoint.next_reply()(self)
            except (BrokenPipeError, ConnectionResetError):
                return

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            return None

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def shutdown_request(self, request: Any) -> None:
        try:
            super().shutdown_request(request)
        except OSError:
            return


@contextmanager
def speaking(certificate: Path | None = None) -> Iterator[ScriptedEndpoint]:
    scripted = ScriptedEndpoint()
    with _Server(("127.0.0.1", 0), _handler(scripted)) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        scheme = "https" if certificate else "http"
        scripted.url = f"{scheme}://127.0.0.1:{server.server_port}/v1"
        yield scripted
        server.shutdown()


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with speaking() as scripted:
        yield scripted


@pytest.fixture
def untrusted() -> Iterator[ScriptedEndpoint]:
    """A server whose certificate nobody has signed but itself."""
    with speaking(Path(__file__).with_name("self-signed.pem")) as scripted:
        yield scripted


@pytest.fixture
def elsewhere() -> Iterator[ScriptedEndpoint]:
    """A second server, to which nothing should go."""
    with speaking() as scripted:
        scripted.will(sends(200, "{}", "application/json"))
        yield scripted


class FakeModel:
    """Gives a queue of answers and remembers what it was asked."""

    model = "fake"

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def ask(self, messages: Any, schema: Any, on_token: Any = None) -> Answer[Any]:
        self.asked.append("\n\n".join(message.content for message in messages))
        given = self.answers.pop(0)
        if isinstance(given, LlmError) and not isinstance(given, Unreadable):
            raise given
        if on_token:
            on_token("piece")
        parsed = given if isinstance(given, Unreadable) else schema.model_validate(given)
        return Answer(
            parsed=parsed,
            text="",
            model="fake-1",
            method="json_schema",
            seconds=0.5,
            first_token_seconds=0.1,
            input_tokens=900,
            output_tokens=40,
            calls=2,
        )


@pytest.fixture
def fake_model() -> type[FakeModel]:
    return FakeModel


@pytest.fixture
def say() -> type[Say]:
    return Say


@pytest.fixture
def unused_url() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"
