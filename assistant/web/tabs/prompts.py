"""The prompts tab: runs of the evaluation suites, leaderboards, and two runs held side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import OkrError
from assistant.prompts import available, load, released
from assistant.web import bench
from assistant.web.fragments import fragment
from assistant.web.panel import panel, told

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.page import Page

NAME, TITLE = "prompts", "Prompts"

_TICK = 0.5
"""Seconds between two looks at a run."""

_MOST_FLIPS = 40
_QUICK: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_limit": 8,
}


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    with gr.Column():
        plan = panel(elem_id="plan", label="Start a run")
        board = panel(elem_id="board", label="Runs")
    on = _Handlers(page.settings, plan, board)
    page.tabs.select(on.select, None, [plan, board], **_QUICK)
    plan.act(on.plan, None, [plan, board], **_QUICK)
    board.act(on.compare, None, [board], **_QUICK)


class _Handlers:
    """What the tab does when something happens on it."""

    def __init__(self, settings: Settings, plan: gr.HTML, board: gr.HTML) -> None:
        self._settings = settings
        self._plan, self._board = plan, board
        self._bench = bench.Bench(settings)

    def select(self, event: gr.SelectData) -> Iterator[dict[Any, Any]]:
        """Show the runs, and watch one that is under way."""
        if event.value != TITLE:
            yield {self._plan: gr.skip()}
            return
        yield {self._plan: self._asked(), self._board: self._runs()}
        if self._bench.latest and not self._bench.latest.ended.is_set():
            yield from self._watch(self._bench.latest)

    def plan(self, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        """Say what a run would take, start it, or stop it."""
        said, latest = told(event), self._bench.latest
        act = said.get("act")
        try:
            if act == "stop" and latest:
                latest.stop()
            elif act == "plan":
                suite, _, critic = said.get("what", "").partition(":")
                wanted = bench.plan(suite, critic, said.get("source", ""), self._settings)
                yield {self._plan: self._asked(plan=wanted)}
                return
            elif act == "start":
                suite, critic, source = (said.get(key, "") for key in ("suite", "critic", "source"))
                wanted = bench.plan(suite, critic, source, self._settings)
                yield from self._watch(self._bench.begin(wanted))
                return
        except OkrError as error:
            yield {self._plan: self._asked(problem=str(error))}
            return
        yield {self._plan: self._asked()}

    def compare(self, event: gr.EventData) -> str:
        """Hold two runs side by side."""
        said = told(event)
        first, second = said.get("first", ""), said.get("second", "")
        try:
            found = bench.compared(first, second, self._settings)
        except OkrError as error:
            return self._runs(first, second, problem=str(error))
        return self._runs(first, second, comparison=found)

    def _watch(self, job: bench.Job) -> Iterator[dict[Any, Any]]:
        yield {self._plan: self._asked()}
        while not job.ended.wait(_TICK):
            yield {self._plan: self._asked()}
        yield {self._plan: self._asked(), self._board: self._runs()}

    def _asked(self, *, plan: bench.Plan | None = None, problem: str = "") -> str:
        job = None if plan or problem else self._bench.latest
        return asked(self._settings, job=job, plan=plan, problem=problem)

    def _runs(
        self, first: str = "", second: str = "", *, comparison: Any = None, problem: str = ""
    ) -> str:
        return kept_runs(self._settings, first, second, comparison=comparison, problem=problem)


def shown(settings: Settings) -> tuple[str, str]:
    """What stands on the tab at first: how to start a run, and the runs."""
    return asked(settings), kept_runs(settings)


def asked(
    settings: Settings,
    *,
    job: bench.Job | None = None,
    plan: bench.Plan | None = None,
    problem: str = "",
) -> str:
    """How to start a run, or what becomes of one; nothing where there are no suites."""
    if not bench.at_hand():
        return ""
    return fragment(
        "plan",
        job=job,
        plan=plan,
        problem=problem,
        suites=bench.choices(),
        model=settings.llm_model,
    )


def kept_runs(
    settings: Settings,
    first: str = "",
    second: str = "",
    *,
    comparison: Any = None,
    problem: str = "",
) -> str:
    """The leaderboards, two runs side by side where they were chosen, and the prompts."""
    if not bench.at_hand():
        return fragment("alone")
    kept = bench.runs(settings)
    return fragment(
        "bench",
        runs=kept,
        comparable=[run for run in kept if run.decisions],
        boards=list(bench.leaderboards(kept)),
        first=first,
        second=second,
        comparison=comparison,
        problem=problem,
        most=_MOST_FLIPS,
        prompts=[load(name) for name in available()],
        released=released(),
    )
