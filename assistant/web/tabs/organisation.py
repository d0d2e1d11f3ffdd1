"""The organisation tab: scan, see what weighs most, press a picture, read what changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import OkrError
from assistant.web import scan_acts
from assistant.web.fragments import fragment
from assistant.web.panel import QUICK, admitted, panel, script, told
from assistant.web.scan_acts import ACTS
from assistant.web.scan_state import Done, Kept, State
from assistant.web.scan_views import show
from assistant.web.scanning import Job

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.page import Page
    from assistant.web.scanning import Scanner
    from assistant.web.services import Services

NAME, TITLE = "organisation", "Organisation"
NEEDS: Permission = "scan"

_STEP = 0.3
"""Seconds between two looks at a scan that is under way."""

_QUICK: dict[str, Any] = {**QUICK, "concurrency_limit": 32}
"""A scan is followed in one event while others, such as Stop, go on."""


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    screen = _lay_out(page.kept("scan", Kept().model_dump(mode="json")))
    on = _Handlers(screen, page.services, page.scanner)
    page.tabs.select(on.select, screen.kept, screen.everything, **_QUICK)
    for place in screen.pressed:
        done = place.act(on.act, screen.kept, screen.everything, **_QUICK)
        done.then(None, screen.parcel, screen.parcel, js=script("parcel.js"))


@dataclass(frozen=True)
class _Screen:
    """The components of the tab."""

    head: gr.HTML
    progress: gr.HTML
    stop: gr.HTML
    filters: gr.HTML
    view: gr.HTML
    detail: gr.HTML
    source: gr.HTML
    parcel: gr.Textbox
    kept: gr.BrowserState

    @property
    def everything(self) -> list[Any]:
        """All of them."""
        return [getattr(self, part.name) for part in fields(self)]

    @property
    def pressed(self) -> list[Any]:
        """Those that have buttons."""
        return [self.head, self.stop, self.filters, self.view, self.detail, self.source]

    def named(self, done: Done) -> dict[Any, Any]:
        """New values by component instead of by name."""
        return {getattr(self, part): value for part, value in done.items()}


def _lay_out(kept: gr.BrowserState) -> _Screen:
    more = partial(panel, more=script("scan.js"))
    head = more(fragment("organisation/waiting"), elem_id="scan-head", label="Scan")
    with gr.Row(elem_classes=["scan-running"]):
        progress = panel(elem_id="scan-progress", label="Progress")
        stop = more(elem_id="scan-stop", label="Stop")
    return _Screen(
        head=head,
        progress=progress,
        stop=stop,
        filters=more(elem_id="scan-filters", label="Filters"),
        view=more(elem_id="scan-view", label="View"),
        detail=more(elem_id="scan-detail", label="Details"),
        source=more(elem_id="scan-source", label="Source"),
        parcel=gr.Textbox(visible=False, elem_id="scan-parcel"),
        kept=kept,
    )


class _Handlers:
    """What the tab does when something happens on it."""

    def __init__(self, screen: _Screen, services: Services, scanner: Scanner) -> None:
        self._screen = screen
        self._services = services
        self._scanner = scanner

    async def select(
        self, event: gr.SelectData, request: gr.Request, browser: Any
    ) -> AsyncIterator[dict[Any, Any]]:
        """Show the last scan when the visitor turns to this tab, and one that is under way."""
        if event.value != TITLE:
            yield {self._screen.kept: gr.skip()}
            return
        state = self._state(request, browser, {})
        yield self._screen.named(await asyncio.to_thread(show, state, state.kept))
        job = state.job()
        if job and not job.ended.is_set():
            async for done in self._followed(request, state, job):
                yield done

    async def act(
        self, event: gr.EventData, request: gr.Request, browser: Any
    ) -> AsyncIterator[dict[Any, Any]]:
        """Do what a button says; after Scan, show how far the scan is until it ends."""
        state = self._state(request, browser, told(event))
        act = ACTS.get(state.said.get("act", ""))
        if act is None:
            yield {self._screen.kept: gr.skip()}
            return
        try:
            done = await asyncio.to_thread(act, state)
        except OkrError as error:
            done = {**show(state, state.kept, str(error), tone="error"), "detail": "", "source": ""}
        yield self._screen.named(done)
        if act is scan_acts.scan and "progress" in done:
            state = self._state(request, done["kept"], {})
            job = state.job()
            if job:
                async for more in self._followed(request, state, job):
                    yield more

    async def _followed(
        self, request: gr.Request, state: State, job: Job
    ) -> AsyncIterator[dict[Any, Any]]:
        for step in self._steps(job):
            yield self._screen.named(step)
            await asyncio.sleep(_STEP)
        # A scan takes minutes, in which somebody may have lost the right to see what it finds.
        now = self._state(request, state.kept, {})
        yield self._screen.named(await asyncio.to_thread(scan_acts.ended, now, job))

    def _steps(self, job: Job) -> Iterator[Done]:
        """How far a scan is, as long as it is under way; the button to stop it only once."""
        yield scan_acts.progress(job)
        while not job.ended.is_set():
            yield {"progress": scan_acts.progress(job)["progress"]}

    def _state(self, request: gr.Request, browser: Any, said: dict[str, str]) -> State:
        mine = admitted(self._services, request, NEEDS)
        return State(Kept.read(browser), mine.settings, mine, self._scanner, said)
