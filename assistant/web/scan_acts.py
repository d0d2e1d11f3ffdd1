"""What the buttons of the organisation tab do. Each says which parts of the page become what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.errors import InputError
from assistant.web import scan_details
from assistant.web.board import Board
from assistant.web.exports import packed
from assistant.web.filters import Filters
from assistant.web.fragments import fragment, notice
from assistant.web.reviewing import organisation_of
from assistant.web.scan_state import CHANGES, DRIFT, WORKLIST, Done, Kept, State
from assistant.web.scan_views import LINES, show, worklist
from assistant.web.scan_views import view as shown_view
from assistant.web.scanning import Job

_GONE = "This is not in the scan any more. Scan again."


def scan(state: State) -> Done:
    """Start a scan, or join the one that is under way."""
    kept = state.kept.model_copy(update={"team": state.said.get("team", "")})
    calls = state.said.get("calls", "0")
    asked = int(calls) if calls.isdecimal() and state.settings.llm_configured else 0
    state.services.index()
    running = state.scanner.job(state.settings, kept.team)
    if running is None or running.ended.is_set():
        state.services.spend("scan")
    job = state.scanner.begin(state.settings, kept.team, calls=asked)
    return {**progress(job), "kept": kept.model_dump(mode="json")}


def progress(job: Job) -> Done:
    """How far a scan is."""
    return {"progress": fragment("organisation/progress", job=job), "stop": _STOP}


def ended(state: State, job: Job) -> Done:
    """What a scan that is over leaves on the page."""
    over: Done = {"progress": "", "stop": ""}
    if job.error:
        return over | show(state, state.kept, job.error, tone="error")
    if job.stopped:
        return over | show(state, state.kept, "The scan was stopped. Nothing of it is kept.")
    newest = state.kept.model_copy(update={"before": "", "after": ""})
    return over | show(state, newest, f"Scanned in {max(1, job.seconds)} s.")


def stop(state: State) -> Done:
    """Stop the scan that is under way."""
    job = state.job()
    if job:
        job.stop()
    return {"stop": notice("Stopping at the next step …")}


def team(state: State) -> Done:
    """Look at the scan of another team."""
    kept = Kept(team=state.said.get("team", ""), view=state.kept.view)
    return show(state, kept)


def view(state: State) -> Done:
    """Turn to another part of the scan."""
    return show(state, state.kept.model_copy(update={"view": state.said.get("view", "")}))


def by(state: State) -> Done:
    """Colour the tree by something else."""
    chosen = "root" if state.said.get("by") == "root" else "hop"
    return _only_view(state, state.kept.model_copy(update={"by": chosen}))


def branch(state: State) -> Done:
    """Show the tree below one objective, or all of it."""
    kept = state.kept.model_copy(update={"branch": state.said.get("id", "")[:200], "view": DRIFT})
    return {**show(state, kept), "detail": ""}


def whole(state: State) -> Done:
    """Show quiet branches in the tree too, or no more."""
    return _only_view(state, state.kept.model_copy(update={"whole": not state.kept.whole}))


def filtered(state: State) -> Done:
    """Show those lines of the worklist that fit."""
    filters = Filters.model_validate(
        {name: state.said.get(name, "")[:200] for name in Filters.model_fields}
    )
    return _only_view(state, state.kept.model_copy(update={"filters": filters}))


def everything(state: State) -> Done:
    """Take all filters away."""
    return show(state, state.kept.model_copy(update={"filters": Filters()}))


def more(state: State) -> Done:
    """Show more lines of the worklist."""
    number = state.said.get("number", "")
    shown = int(number) if number.isdecimal() else LINES
    return {"view": worklist(state.known_board(), state.kept.filters, min(shown, 5000))}


def compared(state: State) -> Done:
    """Compare two other scans."""
    pair = {name: state.said.get(name, "") for name in ("before", "after")}
    return _only_view(state, state.kept.model_copy(update=pair))


def opened(state: State) -> Done:
    """Open what stands behind a part of a picture, a line or a name."""
    board, said = state.known_board(), state.said
    if said.get("kind") == "scan":
        return _changed_at(state, said.get("id", ""))
    narrowed = _narrowed(board, said)
    if narrowed:
        kept = state.kept.model_copy(update={"view": WORKLIST, "filters": narrowed})
        return {**show(state, kept), "detail": ""}
    found = scan_details.detail(board, said, organisation_of(state.services))
    if found is None:
        raise InputError(_GONE)
    return {"detail": found}


def cite(state: State) -> Done:
    """Open the place that a quote is from."""
    found = scan_details.cited(organisation_of(state.services), state.said)
    if found is None:
        raise InputError("This source is not in the index any more, or not for you to see.")
    return {"source": found}


def export(state: State) -> Done:
    """Hand the scan over as a file."""
    scan, organisation, earlier = state.known_board().scanned
    form = state.said.get("form", "")
    if form == "html":
        from assistant.report.html import render_scan

        content, mime = render_scan(scan, organisation, earlier=earlier), "text/html"
    elif form == "csv":
        from assistant.report.csv import render_scan as render_csv

        # Excel reads a file as UTF-8 only with a byte order mark.
        content, mime = f"\ufeff{render_csv(scan, organisation)}", "text/csv"
    elif form == "json":
        from assistant.report.json import render

        content, mime = render(scan, organisation), "application/json"
    elif form == "markdown":
        from assistant.report.markdown import render_scan as render_markdown

        content, mime = render_markdown(scan, organisation, earlier=earlier), "text/markdown"
    else:
        raise InputError(
            f"A scan cannot be saved as {form!r}. There are: csv, html, json, markdown."
        )
    ending = "md" if form == "markdown" else form
    return {"parcel": packed(f"okr-scan.{ending}", mime, content.encode())}


ACTS: Mapping[str, Callable[[State], Done]] = {
    "all": everything,
    "branch": branch,
    "by": by,
    "cite": cite,
    "compare": compared,
    "export": export,
    "filter": filtered,
    "more": more,
    "open": opened,
    "scan": scan,
    "stop": stop,
    "team": team,
    "view": view,
    "whole": whole,
}

_STOP = fragment("organisation/stop")


def _only_view(state: State, kept: Kept) -> Done:
    """What is in view anew, beside the fields that the visitor is in."""
    seen = State(kept, state.settings, state.services, state.scanner, state.said)
    return {"view": shown_view(seen, state.known_board()), "kept": kept.model_dump(mode="json")}


def _changed_at(state: State, scan_id: str) -> Done:
    """What changed at a scan, against the one that was kept before it."""
    ids = [item.id for item in state.scanner.kept(state.settings, state.kept.team)]
    place = ids.index(scan_id) if scan_id in ids else 0
    if place + 1 >= len(ids):
        raise InputError("This is the first scan that is kept, so nothing changed at it.")
    pair = {"before": ids[place + 1], "after": ids[place]}
    return show(state, state.kept.model_copy(update={"view": CHANGES, **pair}))


def _narrowed(board: Board, said: Mapping[str, str]) -> Filters | None:
    """What the worklist is narrowed to where the lines of a team or a cycle were asked for."""
    name = said.get("id", "")
    if said.get("kind") == "lines-of" and board.team_named(name):
        return Filters(team=board.team_named(name))
    if said.get("kind") == "cycle" and board.cycle_named(name):
        return Filters(cycle=board.cycle_named(name))
    return None
