"""The prompts tab: runs of the evaluation suites, leaderboards, and two runs held side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import OkrError
from assistant.prompts import available, load, released
from assistant.web import bench, planning
from assistant.web.fragments import fragment
from assistant.web.panel import QUICK, admitted, panel, told

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.settings import Settings
    from assistant.web.page import Page
    from assistant.web.services import Services

NAME, TITLE = "prompts", "Prompts"
NEEDS: Permission = "evaluate"

_TICK = 0.5
"""Seconds between two looks at a run."""

_MOST_FLIPS = 40
_LONGEST = 200
_NOTHING = {"first": "", "second": ""}
_LOADING = '<p class="soft" role="status">Fetching the runs …</p>'


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    with gr.Column():
        plan = panel(elem_id="plan", label="Start a run")
        board = panel(_LOADING, elem_id="board", label="Runs")
    pair = page.kept("compared", _NOTHING)
    on = _Handlers(page.services, plan, board)
    page.tabs.select(on.select, pair, [plan, board], **QUICK)
    plan.act(on.plan, None, [plan, board], **QUICK)
    board.act(on.compare, None, [board, pair], **QUICK)


class _Handlers:
    """What the tab does when something happens on it."""

    def __init__(self, services: Services, plan: gr.HTML, board: gr.HTML) -> None:
        self._services = services
        self._plan, self._board = plan, board
        self._bench = bench.Bench(services.settings)

    def select(
        self, event: gr.SelectData, request: gr.Request, kept: Any
    ) -> Iterator[dict[Any, Any]]:
        """Show the runs, and watch one that is under way."""
        if event.value != TITLE:
            yield {self._plan: gr.skip()}
            return
        settings = admitted(self._services, request, NEEDS).settings
        yield {self._plan: self._asked(settings), self._board: _again(kept, settings)}
        if self._bench.latest and not self._bench.latest.ended.is_set():
            yield from self._watch(settings, self._bench.latest)

    def plan(self, event: gr.EventData, request: gr.Request) -> Iterator[dict[Any, Any]]:
        """Say what a run would take, start it, or stop it."""
        said, latest = told(event), self._bench.latest
        act, mine = said.get("act"), admitted(self._services, request, NEEDS)
        settings = mine.settings
        try:
            if act == "stop" and latest:
                latest.stop()
            elif act == "plan":
                suite, _, critic = said.get("what", "").partition(":")
                wanted = planning.plan(suite, critic, said.get("source", ""), settings, _most(said))
                yield {self._plan: self._asked(settings, plan=wanted)}
                return
            elif act == "start":
                suite, critic, source = (said.get(key, "") for key in ("suite", "critic", "source"))
                wanted = planning.plan(suite, critic, source, settings, _most(said))
                mine.spend("evaluate")
                yield from self._watch(settings, self._bench.begin(wanted))
                return
        except OkrError as error:
            yield {self._plan: self._asked(settings, problem=str(error))}
            return
        yield {self._plan: self._asked(settings)}

    def compare(self, event: gr.EventData, request: gr.Request) -> tuple[str, dict[str, str]]:
        """Hold two runs side by side, and let the browser remember which."""
        settings, said = admitted(self._services, request, NEEDS).settings, told(event)
        pair = {name: said.get(name, "")[:_LONGEST] for name in _NOTHING}
        return compared(**pair, settings=settings), pair

    def _watch(self, settings: Settings, job: bench.Job) -> Iterator[dict[Any, Any]]:
        yield {self._plan: self._asked(settings)}
        while not job.ended.wait(_TICK):
            yield {self._plan: self._asked(settings)}
        yield {self._plan: self._asked(settings), self._board: kept_runs(settings)}

    def _asked(
        self, settings: Settings, *, plan: planning.Plan | None = None, problem: str = ""
    ) -> str:
        job = None if plan or problem else self._bench.latest
        return asked(settings, job=job, plan=plan, problem=problem)


def compared(first: str, second: str, settings: Settings) -> str:
    """The runs, with two of them held side by side, or why they cannot be."""
    try:
        found = bench.compared(first, second, settings)
    except OkrError as error:
        return kept_runs(settings, first, second, problem=str(error))
    return kept_runs(settings, first, second, comparison=found)


def _again(kept: Any, settings: Settings) -> str:
    """The runs, with those side by side that were compared last, where these are still there."""
    pair = {name: str(kept.get(name, "")) for name in _NOTHING} if isinstance(kept, dict) else {}
    known = {run.id for run in bench.runs(settings)} if bench.at_hand() else set()
    return (
        compared(**pair, settings=settings)
        if pair and {*pair.values()} <= known
        else kept_runs(settings)
    )


def shown(settings: Settings) -> tuple[str, str]:
    """What stands on the tab at first: how to start a run, and the runs."""
    return asked(settings), kept_runs(settings)


def asked(
    settings: Settings,
    *,
    job: bench.Job | None = None,
    plan: planning.Plan | None = None,
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
        suites=planning.choices(),
        samples=planning.SAMPLES,
        asked=plan or (job.plan if job else None),
        is_prompt=planning.is_prompt,
        model=settings.llm_model if settings.llm_configured else "",
    )


def _most(said: Mapping[str, str]) -> int:
    asked = said.get("most", "")
    return int(asked) if asked.isdecimal() and int(asked) in planning.SAMPLES else 0


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
        taken=[
            line
            for key in (first, second)
            for run in kept
            if run.id == key and (line := bench.taken(run, settings))
        ],
        problem=problem,
        most=_MOST_FLIPS,
        prompts=[load(name) for name in available()],
        released=released(),
    )
