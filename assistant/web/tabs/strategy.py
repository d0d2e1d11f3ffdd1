"""The strategy tab: what is indexed, search with sources, upload, index again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import OkrError
from assistant.ingest import last_run
from assistant.models import EVERYONE
from assistant.web.fragments import fragment, notice
from assistant.web.indexing import Indexer
from assistant.web.library import folder_of, library, opened_source
from assistant.web.panel import QUICK, admitted, panel, told
from assistant.web.seeking import KINDS, seek
from assistant.web.uploading import Upload, store
from assistant.web.view import Source, source

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.page import Page
    from assistant.web.services import Services

NAME, TITLE = "strategy", "Strategy"
NEEDS: Permission = "review"
MANAGES: Permission = "manage"

_TICK = 0.25
"""Seconds between two looks at a run."""

_LOADING = '<p class="notice plain" role="status">Looking at what is indexed …</p>'
_NOTHING = {"query": "", "kind": ""}
_AS_SAID = "As the file says"
_ABOUT_TEXT = "Other formats can be read in one way only."


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    asked = page.kept("search", _NOTHING)
    with gr.Column(elem_classes=["strategy"]):
        form = panel(
            fragment("seek", query="", kind="", kinds=KINDS), elem_id="seek", label="Search"
        )
        found = panel(elem_id="found", label="What was found")
        with gr.Row(elem_classes=["desk"]):
            with gr.Column(scale=8, min_width=300):
                shelf = panel(_LOADING, elem_id="library", label="What is indexed")
            shown = page.services.person.may(MANAGES) and not page.services.visitors.must_sign_in
            side = gr.Column(scale=4, min_width=280, elem_classes=["shelf-side"], visible=shown)
            with side:
                work = panel(elem_id="indexing", label="Indexing")
                upload = gr.UploadButton("Add files", file_count="multiple", elem_id="add-files")
                kind = gr.Radio(
                    [("Strategy documents", "strategy"), ("OKRs", "okrs")],
                    value="strategy",
                    label="Markdown and text are",
                    info=_ABOUT_TEXT,
                )
                audience = gr.Dropdown(
                    [(_AS_SAID, "")],
                    value="",
                    label="Documents are for",
                    info=f"“{_AS_SAID}” means {EVERYONE}, where a file says nothing.",
                )
                replace = gr.Checkbox(label="Replace earlier uploads of the same name")
                taken = panel(elem_id="taken", label="Uploads")
        opened = panel(elem_id="document", label="Document")
    screen = _Screen(form, found, shelf, side, work, audience, taken, opened, asked)
    on = _Handlers(page.services, screen)
    _wire(page, on, upload, [kind, audience, replace])


@dataclass(frozen=True)
class _Screen:
    form: gr.HTML
    found: gr.HTML
    shelf: gr.HTML
    side: gr.Column
    work: gr.HTML
    audience: gr.Dropdown
    taken: gr.HTML
    opened: gr.HTML
    asked: gr.BrowserState


def _wire(page: Page, on: _Handlers, upload: gr.UploadButton, how: list[Any]) -> None:
    screen = on.screen
    at_hand = [screen.side, screen.work, screen.audience]
    everything = [screen.form, screen.found, screen.shelf, *at_hand]
    page.tabs.select(on.select, screen.asked, everything, **QUICK)
    screen.form.act(on.search, None, [screen.found, screen.asked], **QUICK)
    for place in (screen.found, screen.shelf):
        changed = [screen.opened, screen.found, screen.form, screen.asked]
        place.act(on.act, None, changed, **QUICK)
    screen.work.act(on.work, None, [screen.work, screen.shelf], **QUICK)
    upload.upload(on.upload, [upload, *how], [screen.taken, screen.shelf], **QUICK)


class _Handlers:
    """What the tab does when something happens on it."""

    def __init__(self, services: Services, screen: _Screen) -> None:
        self.screen = screen
        self._services = services
        self._indexer = Indexer()

    def select(
        self, event: gr.SelectData, request: gr.Request, asked: Any
    ) -> Iterator[dict[Any, Any]]:
        """Show what is indexed now, bring back the search, and watch a run that is under way."""
        if event.value != TITLE:
            yield {self.screen.shelf: gr.skip()}
            return
        mine, screen = admitted(self._services, request, NEEDS), self.screen
        query, kind = _asked(asked)
        form = fragment("seek", query=query, kind=kind, kinds=KINDS)
        yield {screen.form: form, screen.shelf: self.look(mine), **_offered(mine, screen)}
        if query:
            yield {screen.found: _found(mine, query, kind)}
        if mine.person.may(MANAGES):
            yield from self.watch(mine)

    def look(self, mine: Services) -> str:
        """What is indexed, or why nothing can be shown."""
        try:
            return fragment("library", library=library(mine), may=mine.person.may)
        except OkrError as error:
            folder = folder_of(mine.settings)
            return fragment("unindexed", sentence=str(error), folder=folder)

    def search(self, event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        """Search, and let the browser remember for what."""
        mine, said = admitted(self._services, request, NEEDS), told(event)
        query, kind = said.get("query", ""), said.get("kind", "")
        asked = {"query": query, "kind": kind}
        return {self.screen.found: _found(mine, query, kind), self.screen.asked: asked}

    def act(self, event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        """Open a source, or clear the search."""
        said, screen = told(event), self.screen
        if said.get("act") == "clear":
            form = fragment("seek", query="", kind="", kinds=KINDS)
            return {screen.found: "", screen.form: form, screen.asked: _NOTHING}
        mine = admitted(self._services, request, NEEDS)
        return {screen.opened: _opened(mine, said.get("act", ""), said.get("id", ""))}

    def work(self, event: gr.EventData, request: gr.Request) -> Iterator[dict[Any, Any]]:
        """Begin to index, or stop."""
        mine = admitted(self._services, request, MANAGES)
        act, latest = told(event).get("act"), self._indexer.latest
        if act == "index":
            try:
                self._indexer.begin(mine)
            except OkrError as error:
                yield {self.screen.work: notice(str(error), tone="error") + self._work(mine)}
                return
            yield from self.watch(mine)
        elif act == "stop" and latest:
            latest.stop()
            yield {self.screen.work: self._work(mine)}

    def watch(self, mine: Services) -> Iterator[dict[Any, Any]]:
        """Show what is done until it is done."""
        run = self._indexer.latest
        over = run is None or run.ended.is_set()
        shown = self._work(mine)
        yield {self.screen.work: shown}
        if run is None or over:
            return
        while not run.ended.wait(_TICK):
            if (now := self._work(mine)) != shown:
                shown = now
                yield {self.screen.work: now}
        yield {self.screen.work: self._work(mine), self.screen.shelf: self.look(mine)}

    def upload(
        self,
        request: gr.Request,
        files: list[str] | str,
        kind: str,
        audience: str | None,
        replace: bool,
    ) -> dict[Any, Any]:
        """Take files in, each with a sentence about what became of it."""
        mine = admitted(self._services, request, MANAGES)
        settings = mine.settings
        how = Upload(
            folder=folder_of(settings),
            kind="okrs" if kind == "okrs" else "strategy",
            audience=audience or "",
            may_choose=settings.audiences,
            replace=bool(replace),
            max_mb=settings.max_input_mb,
        )
        said = []
        for path in map(Path, [files] if isinstance(files, str) else files):
            try:
                mine.spend("upload")
                said.append(notice(f"Kept as {store(path, how)}. Index again to take it in."))
            except OkrError as error:
                said.append(notice(str(error), tone="error"))
            finally:
                with suppress(OSError):
                    path.unlink()
        return {self.screen.taken: "".join(said), self.screen.shelf: self.look(mine)}

    def _work(self, mine: Services) -> str:
        settings, run = mine.settings, self._indexer.latest
        sees = run is not None and run.audiences <= settings.audiences
        error = run.error if run and sees else "Indexing failed. Whoever began it sees why."
        edits = run.edits if run and sees else ()
        folder = folder_of(settings).name
        fresh = last_run(settings.home) is None
        return fragment("indexing", run=run, error=error, edits=edits, folder=folder, fresh=fresh)


def _offered(mine: Services, screen: _Screen) -> dict[Any, Any]:
    """What is there for those who may change what is indexed, and for whom a file can be."""
    audiences = [(name, name) for name in sorted(mine.settings.audiences)]
    return {
        screen.side: gr.Column(visible=mine.person.may(MANAGES)),
        screen.audience: gr.Dropdown([(_AS_SAID, ""), *audiences]),
    }


def _found(mine: Services, query: str, kind: str) -> str:
    try:
        return fragment("found", query=query, results=seek(query, kind, mine))
    except OkrError as error:
        return notice(str(error), tone="error")


def _opened(mine: Services, act: str, key: str) -> str:
    try:
        known = mine.organisation()
    except OkrError as error:
        return notice(str(error), tone="error")
    found: Source | None = (source if act == "cite" else opened_source)(known, key)
    if found is None:
        return notice("This is not in the index any more. Search again.", tone="error")
    return fragment("source", source=found, nonce=token_hex(4))


def _asked(kept: Any) -> tuple[str, str]:
    """What the browser kept; nothing where it was tampered with."""
    values = kept if isinstance(kept, dict) else {}
    query, kind = values.get("query"), values.get("kind")
    return (query if isinstance(query, str) else "", kind if isinstance(kind, str) else "")
