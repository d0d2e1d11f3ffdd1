"""What the review tab shows while a language model reads, and when it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from assistant.settings import Settings
from tests.web.conftest import DRAFT, Visiting, serving

pytestmark = pytest.mark.browser


@dataclass
class Endpoint:
    """Lets every question wait until a test lets it go, and then refuses it."""

    asked: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked.set()
            made.go.wait(30)
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    made.go.set()
    server.shutdown()


@pytest.fixture(scope="module")
def address(settings: Settings, endpoint: Endpoint) -> Iterator[str]:
    model = {"llm_base_url": endpoint.url, "llm_model": "slow-1"}
    with serving(settings.model_copy(update=model)) as found:
        yield found


@pytest.fixture(autouse=True)
def waiting(endpoint: Endpoint) -> None:
    endpoint.asked.clear()
    endpoint.go.clear()


def test_local_findings_are_there_while_the_model_reads(
    address: str, visit: Visiting, endpoint: Endpoint
) -> None:
    here = visit(address)
    here.review(DRAFT)
    assert endpoint.asked.wait(20)
    page = here.page
    expect(page.locator(".progress")).to_contain_text("slow-1")
    assert page.locator("mark.warning").first.inner_text() == "leading"
    here.open("Output, not an outcome").get_by_role("button", name="Use this").click()
    expect(page.get_by_text("Taken over:")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("The language model was stopped.")).to_be_visible()
    expect(page.locator(".progress")).to_have_count(0)
    assert "so that [who?]" in here.draft


def test_a_model_that_refuses_costs_only_what_it_would_have_said(
    address: str, visit: Visiting, endpoint: Endpoint
) -> None:
    here = visit(address)
    endpoint.go.set()
    here.review(DRAFT)
    expect(here.page.locator(".progress")).to_have_count(0)
    assert here.page.locator("mark.warning").first.inner_text() == "leading"
    expect(here.page.locator(".outcome")).to_contain_text("401")
