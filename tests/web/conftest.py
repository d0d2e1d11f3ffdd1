"""A real browser before a real local server, with everything else out of reach."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from assistant.settings import Settings
from assistant.web.app import open_app
from assistant.web.services import Services

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
READY = "#outcome .welcome, #outcome .outcome"
"""What stands on the page once it can be used."""
expect.set_options(timeout=20_000)
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_NO_BROWSER = (
    "needs Chromium: 'apt-get install chromium' or '.venv/bin/playwright install chromium'"
)
_NO_AXE = "The accessibility tests need axe-core. Install it with 'make test'."

DRAFT = """\
Team: Portal
Cycle: 2026-Q3

Objective: Become the leading portal
Parent: Depots give pharma fleets one repair date and keep it

- Launch the new portal
- Repairs booked online from 12 % to 35 %
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system, or else Playwright's own."""
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(_ARGUMENTS)
            )
        except PlaywrightError:
            pytest.skip(_NO_BROWSER)
        yield found
        found.close()


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address of the app with these settings, while it runs."""
    services = Services(settings)
    services.warm()
    blocks = open_app(services, host="127.0.0.1", port=None, prevent_thread_lock=True)
    try:
        yield str(blocks.local_url).rstrip("/")
    finally:
        blocks.close()


@pytest.fixture(scope="module")
def settings(little_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of the module's own, since dismissals are written into it."""
    home = tmp_path_factory.mktemp("web") / "home"
    shutil.copytree(little_home, home)
    return Settings(home=home)


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    """The address of the app over the little organisation."""
    with serving(settings) as address:
        yield address


@dataclass
class Visit:
    """An open page, with what it asked others for and what it complained about."""

    page: Page
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def review(self, draft: str) -> None:
        """Type a draft and have it reviewed."""
        self.page.get_by_label("Your draft").fill(draft)
        self.page.get_by_role("button", name="Review", exact=True).click()
        self.page.locator("#outcome .outcome").wait_for()

    def open(self, title: str) -> Any:
        """Open the first finding with this title."""
        card = self.page.locator("details.finding", has=self.page.get_by_text(title, exact=True))
        if card.first.get_attribute("open") is None:
            card.first.locator("summary").first.click()
        return card.first

    @property
    def draft(self) -> str:
        """The text in the box."""
        return self.page.get_by_label("Your draft").input_value()


Visiting = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visiting]:
    """Open the app as one more visitor; at the end nothing may have gone wrong or gone out."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def go(url: str, *, size: Any = DESKTOP, dark: bool = False, ready: str = READY) -> Visit:
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            viewport=size, color_scheme=scheme, reduced_motion="reduce", accept_downloads=True
        )
        contexts.append(context)
        found = Visit(context.new_page())
        visits.append(found)

        def guard(route: Route) -> None:
            if route.request.url.startswith(f"{url}/"):
                route.continue_()
            else:
                found.outside.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type == "error" else None,
        )
        found.page.goto(url)
        found.page.locator(ready).first.wait_for()
        return found

    yield go
    for context in contexts:
        context.close()
    assert [said for item in visits for said in item.outside] == []
    assert [said for item in visits for said in item.complaints] == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Says what serious and critical accessibility rules a page breaks, and where."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.fail(_NO_AXE)
    script = (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")

    def look_at(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{item['id']} ({item['impact']}): {node['html'][:160]}"
            for item in found["violations"]
            if item["impact"] in ("serious", "critical")
            for node in item["nodes"]
        ]

    return look_at
