"""The http embedder against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from assistant.errors import ModelUnavailable
from assistant.index import http
from assistant.index.http import HttpEmbedder

Reply = tuple[int, Any]


class Endpoint:
    """Answers from a queue, else with two numbers a text; remembers what it was asked."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""

    def answer(self, key: str | None, body: dict[str, Any]) -> Reply:
        self.keys.append(key)
        self.asked.append(body)
        return self.replies.pop(0) if self.replies else (200, rows(*body["input"]))


def rows(*texts: str) -> dict[str, Any]:
    """An answer in the wrong order, with vectors that are not of length 1."""
    data = [{"index": at, "embedding": [len(text), 4]} for at, text in enumerate(texts)]
    return {"data": data[::-1]}


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setattr(http, "_PAUSES", (0, 0))
    with _serving(Endpoint()) as running:
        yield running


@contextmanager
def _serving(endpoint: Endpoint) -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            status, content = endpoint.answer(self.headers["Authorization"], body)
            sent = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()


def test_vectors_come_in_the_order_of_the_texts_and_with_length_one(endpoint: Endpoint) -> None:
    vectors = HttpEmbedder(endpoint.url, "tiny").embed(["abc", ""])
    np.testing.assert_allclose(vectors, [[0.6, 0.8], [0, 1]], atol=1e-6)
    assert endpoint.asked == [{"model": "tiny", "input": ["abc", ""], "encoding_format": "float"}]


def test_many_texts_are_asked_in_parts(endpoint: Endpoint) -> None:
    told: list[tuple[int, int]] = []
    vectors = HttpEmbedder(endpoint.url, "tiny").embed(
        ["abc"] * 150, lambda done, of: told.append((done, of))
    )
    assert vectors.shape == (150, 2)
    assert told == [(64, 150), (128, 150), (150, 150)]


def test_the_key_is_sent_as_bearer_token(endpoint: Endpoint) -> None:
    HttpEmbedder(endpoint.url, "tiny", SecretStr("hush")).embed(["abc"])
    assert endpoint.keys == ["Bearer hush"]


def test_the_number_of_dimensions_is_asked_for_once(endpoint: Endpoint) -> None:
    embedder = HttpEmbedder(endpoint.url + "/embeddings", "tiny")
    assert (embedder.dimensions, embedder.dimensions, len(endpoint.asked)) == (2, 2, 1)
    assert embedder.embed([]).shape == (0, 2)


def test_a_busy_endpoint_is_asked_again(endpoint: Endpoint) -> None:
    endpoint.replies = [(503, {}), (429, {})]
    assert HttpEmbedder(endpoint.url, "tiny").embed(["abc"]).shape == (1, 2)
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            (401, {}),
            "The embedding endpoint {url} refused the model 'tiny' with status 401. "
            "Set OKR_EMBEDDING_API_KEY to a valid key.",
        ),
        (
            (404, {}),
            "The embedding endpoint {url} refused the model 'tiny' with status 404. "
            "Check OKR_EMBEDDING_BASE_URL (it usually ends in /v1) and OKR_EMBEDDING_MODEL.",
        ),
        (
            (418, {}),
            "The embedding endpoint {url} refused the model 'tiny' with status 418. "
            "Look into the log of the endpoint.",
        ),
        (
            (200, b"<html>"),
            "The embedding endpoint {url} answered with something else than embeddings. "
            "Check OKR_EMBEDDING_BASE_URL and that the server is running.",
        ),
        (
            (200, {"data": [{"index": 0, "embedding": ["x"]}]}),
            "The embedding endpoint {url} answered with something else than embeddings. "
            "Check OKR_EMBEDDING_BASE_URL and that the server is running.",
        ),
        (
            (200, rows("a", "b")),
            "The embedding endpoint {url} answered 1 texts with 2 embeddings. "
            "Check OKR_EMBEDDING_BASE_URL and that the server is running.",
        ),
        (
            (200, {"data": [{"index": 0, "embedding": [0, 0]}]}),
            "The embedding endpoint {url} answered with embeddings that are zero or not finite. "
            "Check OKR_EMBEDDING_BASE_URL and that the server is running.",
        ),
    ],
    ids=["wrong key", "not found", "teapot", "a page", "words", "too many", "zero"],
)
def test_a_useless_answer_is_explained(endpoint: Endpoint, reply: Reply, sentence: str) -> None:
    endpoint.replies = [reply]
    with pytest.raises(ModelUnavailable) as raised:
        HttpEmbedder(endpoint.url, "tiny", SecretStr("hush")).embed(["abc"])
    assert str(raised.value) == sentence.format(url=f"{endpoint.url}/embeddings")


def test_vectors_that_change_their_length_are_refused(endpoint: Endpoint) -> None:
    embedder = HttpEmbedder(endpoint.url, "tiny")
    embedder.embed(["abc"])
    endpoint.replies = [(200, {"data": [{"index": 0, "embedding": [1, 2, 3]}]})]
    with pytest.raises(ModelUnavailable, match="changed the length of its embeddings"):
        embedder.embed(["abc"])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9/v1", "cannot be reached ([Errno 111] Connection refused)"),
        ("localhost:8080/v1", "is not an address that starts with http:// or https://"),
    ],
)
def test_an_endpoint_that_cannot_be_asked_is_explained(
    monkeypatch: pytest.MonkeyPatch, url: str, reason: str
) -> None:
    monkeypatch.setattr(http, "_PAUSES", ())
    with pytest.raises(ModelUnavailable) as raised:
        HttpEmbedder(url, "tiny").embed(["abc"])
    assert str(raised.value) == (
        f"The embedding endpoint {url}/embeddings {reason}. "
        "Check OKR_EMBEDDING_BASE_URL and that the server is running."
    )
