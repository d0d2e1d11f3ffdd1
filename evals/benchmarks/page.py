"""Times what a visitor of the web app waits for: `python -m evals.benchmarks.page`.

In headless Chromium, before a server in a process of its own with the demo index and no language
model: the first page of a visitor who was never there, until the draft can be written, and from the
click on Review until the first findings are painted. Needs what the tests need.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from assistant.ingest import ingest
from assistant.settings import Settings
from evals.benchmarks.review import CORPUS, SEED
from evals.benchmarks.review import _draft as draft

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

VISITS = 10
DRAFTS = 40
WARM_UP = 3

_CLICK = """objective => new Promise(done => {
  const begun = performance.now();
  document.querySelector("#review").click();
  const look = () => requestAnimationFrame(() => {
    const shown = document.querySelector("#as-text")?.textContent.startsWith(objective);
    shown ? requestAnimationFrame(() => done(performance.now() - begun)) : look();
  });
  look();
})"""
"""Until the frame after that in which the review of this objective stands on the page."""


def main() -> None:
    """Print a table of times in milliseconds."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ingest(CORPUS, Settings(home=Path(folder), corpus=CORPUS))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with _serving(Path(folder)) as url:
            _first_page(browser, url)
            _say("first page", [_first_page(browser, url) for _ in range(VISITS)])
            _say("from the click to the first findings", list(_clicks(browser, url)))
        browser.close()
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


def _first_page(browser: Browser, url: str) -> float:
    context = browser.new_context()
    page = context.new_page()
    begun = time.perf_counter()
    _open(page, url)
    took = (time.perf_counter() - begun) * 1000
    context.close()
    return took


def _open(page: Page, url: str) -> None:
    page.goto(url, wait_until="commit")
    page.locator("#outcome .welcome").wait_for()
    page.get_by_label("Your draft").fill("Objective: ")


def _clicks(browser: Browser, url: str) -> Iterator[float]:
    dice = random.Random(SEED)
    page = browser.new_context().new_page()
    _open(page, url)
    for number in range(WARM_UP + DRAFTS):
        text = draft(dice)
        page.get_by_label("Your draft").fill(text)
        page.wait_for_timeout(400)
        took = float(page.evaluate(_CLICK, text.splitlines()[0].removeprefix("Objective: ")))
        if number >= WARM_UP:
            yield took


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")}
    okr = Path(sys.executable).with_name("okr")
    command = [okr, "serve", "--home", home, "--port", str(port)]
    with subprocess.Popen(command, env=clean, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(120):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.5)
    raise SystemExit("The app did not start within a minute.")


def _say(name: str, times: list[float]) -> None:
    p95 = quantiles(times, n=20, method="inclusive")[-1]
    print(
        f"{name}, {len(times)} times: p50 {median(times):.0f} ms, p95 {p95:.0f} ms, "
        f"longest {max(times):.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
