"""What the buttons of the organisation tab do. Each says which parts of the page become what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.errors import InputError, OkrError
from assistant.models import Noun
from assistant.web import scan_details
from assistant.web.board import Board, Filters
from assistant.web.choices import tree
from assistant.web.exports import packed
from assistant.web.fragments import fragment, notice
from assistant.web.reviewing import organisation_of
from assistant.web.scanning import MOST_CALLS, Job, Scanner

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.services import Services

Part = Literal["head", "progress", "stop", "filters", "view", "detail", "source", "parcel", "kept"]
Done = dict[Part, object]
"""New values of parts of the page."""

LINES = 50
"""Lines of the worklist that are shown at once."""

WORKLIST, CHANGES = "worklist", "changes"
_PLAIN = ("drift", "coverage", "peers", "trend", "about")
"""The views that are nothing but a template."""

_GONE = "This is not in the scan any more. Scan again."


class Kept(Noun):
    """What stays in the visitor's browser.

    Attributes:
        team: id of the team whose scan is looked at; empty for all.
        view: which part of it.
        filters: of the worklist.
        by: what the tree is coloured by.
        before: id of the scan that is compared; empty for the one before the latest.
        after: id of the scan that it is compared with; empty for the latest.
    """

    team: str = ""
    view: str = WORKLIST
    filters: Filters = Filters()
    by: Literal["hop", "root"] = "hop"
    before: str = ""
    after: str = ""

    @classmethod
    def read(cls, value: object) -> Kept:
        """What the browser kept; nothing where it is from another version or was tampered with."""
        try:
            return cls.model_validate(value)
        except ValueError:
            return cls()


@dataclass(frozen=True)
class State:
    """The page as it is when a button is pressed.

    Attributes:
        settings: of this visitor; they name the audiences.
        said: the act and what stands beside it.
    """

    kept: Kept
    settings: Settings
    services: Services
    scanner: Scanner
    said: Mapping[str, str]

    def board(self) -> Board | None:
        """The scan that is looked at, if there is one that the visitor may see."""
        found = self.scanner.board(self.settings, self.kept.team)
        return None if found is None or self.scanner.is_hidden(self.settings, found) else found

    def known_board(self) -> Board:
        """The scan that is looked at.

        Raises:
            InputError: there is none.
        """
        found = self.board()
        if found is None:
            raise InputError("There is no scan to look at yet. Press Scan.")
        return found

    def job(self) -> Job | None:
        """The scan under way, or the one that ended last."""
        return self.scanner.job(self.settings, self.kept.team)


def show(state: State, kept: Kept, sentence: str = "", *, tone: str = "plain") -> Done:
    """The whole tab.

    Args:
        state: whose page it is.
        kept: what the browser will remember.
        sentence: about what was just done.
        tone: ``plain`` or ``error``.
    """
    seen = State(kept, state.settings, state.services, state.scanner, state.said)
    try:
        board = seen.board()
        is_refused = board is None and state.scanner.board(state.settings, kept.team) is not None
    except OkrError as error:
        board, is_refused, sentence, tone = None, False, str(error), "error"
    if is_refused and not sentence:
        sentence = "The last scan rests on documents that are not for you. Scan again."
    return {
        "head": _head(seen, board, sentence, tone),
        "filters": _filters(kept, board),
        "view": _view(seen, board),
        "kept": kept.model_dump(mode="json"),
    }


def scan(state: State) -> Done:
    """Start a scan, or join the one that is under way."""
    kept = state.kept.model_copy(update={"team": state.said.get("team", "")})
    calls = state.said.get("calls", "0")
    asked = int(calls) if calls.isdecimal() and state.settings.llm_configured else 0
    state.services.index()
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
    return {"view": _worklist(state.known_board(), state.kept.filters, min(shown, 5000))}


def compared(state: State) -> Done:
    """Compare two other scans."""
    pair = {name: state.said.get(name, "") for name in ("before", "after")}
    return _only_view(state, state.kept.model_copy(update=pair))


def opened(state: State) -> Done:
    """Open what stands behind a part of a picture, a line or a name."""
    board, said = state.known_board(), state.said
    narrowed = _narrowed(board, said)
    if narrowed:
        return show(state, state.kept.model_copy(update={"view": WORKLIST, "filters": narrowed}))
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
}

_STOP = fragment("organisation/stop")


def _only_view(state: State, kept: Kept) -> Done:
    """What is in view anew, beside the fields that the visitor is in."""
    seen = State(kept, state.settings, state.services, state.scanner, state.said)
    return {"view": _view(seen, state.known_board()), "kept": kept.model_dump(mode="json")}


def _head(state: State, board: Board | None, sentence: str, tone: str) -> str:
    known = organisation_of(state.services)
    if known is None and not sentence:
        try:
            state.services.index()
        except OkrError as error:
            sentence, tone = str(error), "error"
    ready = known is not None
    return fragment(
        "organisation/head",
        board=board,
        ready=ready,
        sentence=sentence,
        tone=tone,
        teams=[(item.id, words) for words, item in tree(known)],
        team=state.kept.team,
        llm=state.settings.llm_configured,
        most_calls=MOST_CALLS,
        indexed=state.scanner.indexed_since(board) if board and ready else None,
        views=_views(board),
        view=_chosen(board, state.kept.view),
    )


def _filters(kept: Kept, board: Board | None) -> str:
    if board is None or _chosen(board, kept.view) != WORKLIST:
        return ""
    return fragment("organisation/filters", board=board, filters=kept.filters)


def _views(board: Board | None) -> list[tuple[str, str]]:
    if board is None:
        return []
    first, *rest = board.shown["sections"]
    return [first, (CHANGES, "What changed"), *rest]


def _chosen(board: Board | None, view: str) -> str:
    return view if view in dict(_views(board)) else WORKLIST


def _view(state: State, board: Board | None) -> str:
    if board is None:
        return _empty(state)
    kept, chosen = state.kept, _chosen(board, state.kept.view)
    if chosen == WORKLIST:
        return _worklist(board, kept.filters, LINES)
    if chosen == CHANGES:
        return _changes(state, board)
    if chosen in _PLAIN:
        return fragment(f"organisation/{chosen}", board=board, by=kept.by)
    is_balance = chosen == "horizon"
    return fragment(
        "organisation/figures",
        board=board,
        heading=dict(_views(board))[chosen],
        items=board.shown["horizons" if is_balance else "figures"],
        picture=board.shown["bars"] if is_balance else None,
    )


def _empty(state: State) -> str:
    known = organisation_of(state.services)
    if known is None:
        return ""
    chosen = known.team(state.kept.team)
    return fragment(
        "organisation/empty",
        team=chosen.name if chosen else "",
        history=state.settings.history,
    )


def _worklist(board: Board, filters: Filters, number: int) -> str:
    return fragment(
        "organisation/worklist",
        board=board,
        lines=board.worklist(filters),
        filtered=filters != Filters(),
        number=number,
        step=LINES,
    )


def _changes(state: State, board: Board) -> str:
    kept = state.scanner.kept(state.settings, state.kept.team)
    ids = [item.id for item in kept]
    after = state.kept.after if state.kept.after in ids else "".join(ids[:1])
    before = state.kept.before if state.kept.before in ids else "".join(ids[1:2])
    found = None
    if len(ids) > 1:
        found = state.scanner.changes(state.settings, state.kept.team, before, after)
    return fragment(
        "organisation/changes",
        kept=kept,
        history=state.settings.history,
        before=before,
        after=after,
        changes=found,
        counts={"new": 0, "resolved": 0, "changed": 0} | Counter(item.kind for item in found or ()),
        rank_of={
            finding.fingerprint: item.rank
            for item in board.context.worklist
            for finding in item.findings
        },
    )


def _narrowed(board: Board, said: Mapping[str, str]) -> Filters | None:
    """What the worklist is narrowed to where a team or a cycle was pressed."""
    name = said.get("id", "")
    if said.get("kind") == "team" and board.team_named(name):
        return Filters(team=board.team_named(name))
    if said.get("kind") == "cycle" and board.cycle_named(name):
        return Filters(cycle=board.cycle_named(name))
    return None
