"""What of a scan is shown: its head, its filters, and the part that is looked at."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath

from assistant.errors import OkrError
from assistant.models import Scan
from assistant.report.words import outcome_line
from assistant.web.board import Board
from assistant.web.choices import tree
from assistant.web.filters import Filters
from assistant.web.fragments import fragment
from assistant.web.reviewing import organisation_of
from assistant.web.scan_state import CHANGES, DRIFT, WORKLIST, Done, Kept, State
from assistant.web.scanning import MOST_CALLS
from assistant.web.words import counted, here, without_folders

LINES = 50
"""Lines of the worklist that are shown at once."""

_PLAIN = ("coverage", "peers", "trend", "about")
"""The views that are nothing but a template."""


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
        "view": view(seen, board),
        "kept": kept.model_dump(mode="json"),
    }


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
        sentence=without_folders(sentence),
        tone=tone,
        teams=[(item.id, words) for words, item in tree(known)],
        team=state.kept.team,
        llm=state.settings.llm_configured,
        most_calls=MOST_CALLS,
        indexed=state.scanner.indexed_since(board) if board and ready else None,
        graded=_graded(board) if board else "",
        apart=_apart(board.scan) if board else "",
        views=_views(board),
        view=_chosen(board, state.kept.view),
    )


def _graded(board: Board) -> str:
    """What was found, in the words that the marks of the findings have."""
    found = Counter(item.severity for item in board.scan.findings if not item.known)
    words = (
        f"{found['error']} to fix first" if found["error"] else "",
        f"{found['warning']} to look at again" if found["warning"] else "",
        counted(found["info"], "note") if found["info"] else "",
    )
    return ", ".join(filter(None, words)) or "nothing found"


def _apart(scan: Scan) -> str:
    """What is known, suppressed, and under which profile, of which a file is named without folder."""
    apart = outcome_line(scan).partition("; ")[2]
    return apart.replace(scan.profile, PurePath(scan.profile).name)


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


def view(state: State, board: Board | None) -> str:
    """The chosen part of a scan, or how to come by one."""
    if board is None:
        return _empty(state)
    kept, chosen = state.kept, _chosen(board, state.kept.view)
    if chosen == WORKLIST:
        return worklist(board, kept.filters, LINES)
    if chosen == CHANGES:
        return _changes(state, board)
    if chosen == DRIFT:
        return _drift(board, kept)
    if chosen in _PLAIN:
        return fragment(f"organisation/{chosen}", board=board, here=here)
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
    chosen = known.team(state.kept.team) if known else None
    return fragment(
        "organisation/empty",
        ready=known is not None,
        manages=state.services.person.may("manage"),
        team=chosen.name if chosen else "",
        history=state.settings.history,
    )


def worklist(board: Board, filters: Filters, number: int) -> str:
    """The lines that fit, so many of them."""
    return fragment(
        "organisation/worklist",
        board=board,
        lines=board.worklist(filters),
        filtered=filters != Filters(),
        number=number,
        step=LINES,
    )


def _drift(board: Board, kept: Kept) -> str:
    way = board.way_to(kept.branch)
    return fragment(
        "organisation/drift",
        board=board,
        by=kept.by,
        way=way,
        whole=kept.whole,
        drawing=board.tree(kept.by, branch=kept.branch if way else "", whole=kept.whole),
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
