"""What a request may ask for and how much it may send, and whose an open page is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.errors import Refused
from assistant.people import Person
from assistant.settings import Settings
from assistant.web.gate import Gate
from assistant.web.pages import Pages
from assistant.web.reach import own_names
from assistant.web.services import Services

UPLOAD = "/gradio_api/upload"
LONG = "This request is too long: 2 MB are taken at once."


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """With an account for a member and one for an admin, and small limits."""
    services = Services(Settings(home=tmp_path, max_input_mb=1, limit_uploads=2))
    for name, role in (("anna", "member"), ("boss", "admin")):
        services.visitors.accounts.add(Person(name=name, role=role), None)
    return services


def come(services: Services, name: str) -> TestClient:
    """A visitor with a token, before an app that tells how much it was sent."""

    async def size(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())}")

    app = Starlette(routes=[Route("/{path:path}", size, methods=["GET", "POST"])])
    token = services.visitors.accounts.make_token(name)
    gate = Gate(app, services, own_names("127.0.0.1", services.settings))
    return TestClient(gate, headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/deep_link?session_hash=x",
        "/gradio_api/file=/tmp/gradio/x/plan.md",
        "/gradio_api/file//etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1",
        "/gradio_api/component_server",
        "/gradio_api/stream/x",
        "/gradio_api/run-history/buckets",
        "/gradio_api/vibe-edit/",
        "/monitoring",
        "/monitoring/summary",
        "/login",
    ],
)
def test_what_the_app_has_no_use_for_is_not_there(services: Services, path: str) -> None:
    answer = come(services, "boss").get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/run/review_draft", "/gradio_api/login_check"]
)
def test_what_it_has_is_there(services: Services, path: str) -> None:
    assert come(services, "anna").get(path).status_code == 200


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    for _ in range(size // 10_000):
        yield b"x" * 10_000


def test_a_body_is_bounded(services: Services) -> None:
    anna, path = come(services, "anna"), "/gradio_api/queue/join"
    assert anna.post(path, content=b"x" * 900_000).text == "900000"
    assert anna.post(path, content=chunks(900_000)).text == "900000"
    told = anna.post(path, content=b"x" * 3_000_000)
    assert (told.status_code, told.json()) == (413, {"detail": LONG})
    untold = anna.post(path, content=chunks(3_000_000))
    assert (untold.status_code, untold.text) == (413, LONG)


def test_a_page_sends_with_what_it_keeps_what_a_draft_may_hold(tmp_path: Path) -> None:
    services = Services(Settings(home=tmp_path, max_input_mb=0.01))
    client = TestClient(
        Gate(Starlette(), services, own_names("127.0.0.1", services.settings)),
        base_url="http://127.0.0.1",
    )
    assert client.post("/config", content=b"x" * 900_000).status_code == 404


def test_only_who_manages_uploads_many_files_at_once(services: Services) -> None:
    anna, boss = come(services, "anna"), come(services, "boss")
    assert anna.post(UPLOAD, content=b"x" * 900_000).status_code == 200
    assert anna.post(UPLOAD, content=b"x" * 3_000_000).status_code == 413
    assert boss.post(UPLOAD, content=b"x" * 3_000_000).status_code == 200


def test_files_are_counted_as_they_come(services: Services) -> None:
    anna, boss = come(services, "anna"), come(services, "boss")
    answers = [anna.post(UPLOAD, content=b"x") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json() == {
        "detail": "Too many uploads: the limit is 2 an hour. Try again in 60 minutes."
    }
    assert int(answers[-1].headers["retry-after"]) > 3500
    # Of whoever manages, each file is counted where it is taken in.
    assert [boss.post(UPLOAD, content=b"x").status_code for _ in range(3)] == [200] * 3


def test_a_page_belongs_to_who_opened_it() -> None:
    pages = Pages(most=2)
    pages.claim("a", "person anna")
    pages.claim("a", "person anna")
    with pytest.raises(Refused) as refused:
        pages.claim("a", "person bob")
    assert str(refused.value) == "This page was opened by somebody else. Load it anew."
    assert pages.may_hear("a", "person anna")
    assert not pages.may_hear("a", "person bob")
    assert pages.may_hear("unknown", "person bob")


def test_pages_are_forgotten_oldest_first() -> None:
    pages = Pages(most=2)
    for name in ("a", "b", "a", "c"):
        pages.claim(name, "person anna")
    pages.claim("b", "person bob")
    with pytest.raises(Refused):
        pages.claim("c", "person bob")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/queue/data?session_hash=hers",
        "/gradio_api/heartbeat/hers",
        "/gradio_api/call/v2/search_strategy/hers",
        "/gradio_api/call/search_strategy/hers",
    ],
)
def test_the_stream_of_a_page_is_for_who_opened_it(services: Services, path: str) -> None:
    services.pages.claim("hers", "person boss")
    answer = come(services, "anna").get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})
    assert come(services, "boss").get(path).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"headers": {"origin": "http://["}}, 403, id="an origin that is none"),
        pytest.param({"data": {f"f{at}": "x" for at in range(9)}}, 401, id="too many fields"),
    ],
)
def test_what_is_malformed_is_refused(
    services: Services, sent: dict[str, Any], status: int
) -> None:
    answer = come(services, "anna").post("/sign-in", **sent)
    assert answer.status_code == status
