"""What is opened from a scan: a line of its worklist, an objective, a part of a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex

from assistant.models import Choice, Organisation, shortened
from assistant.report.views.network import ends
from assistant.report.views.summary import horizon_name
from assistant.web.board import Board
from assistant.web.fragments import fragment
from assistant.web.view import source
from assistant.web.words import counted, task_title

_TITLE = 300
_KINDS = {"conflict": "Conflict", "duplicate": "Duplicate", "dependency": "Dependency"}


@dataclass(frozen=True)
class Detail:
    """The head of what is opened."""

    eyebrow: str
    title: str
    facts: str = ""


Said = Mapping[str, str]


def detail(board: Board, said: Said, known: Organisation | None) -> str | None:
    """What stands behind a part of a scan.

    Args:
        board: the scan.
        said: ``kind`` of the part and ``id``, with what else names it.
        known: what is indexed and the visitor may see.

    Returns:
        A dialog; None where there is no such thing.
    """
    draw = _DRAW.get(said.get("kind", ""))
    return draw(board, said, known) if draw else None


def cited(known: Organisation | None, said: Said) -> str | None:
    """The place that a quote is from, as a dialog; None where it cannot be shown."""
    found = source(known, said.get("id", ""), said.get("quote", "")) if known else None
    return fragment("source", source=found, nonce=token_hex(4)) if found else None


def _item(board: Board, said: Said, _: Organisation | None) -> str | None:
    item, context = board.item(said.get("id", "")), board.context
    if item is None:
        return None
    key = item.lead.objective_id
    facts = (context.team_name(key), context.cycle_name(key))
    head = Detail(
        f"Line {item.rank} of the worklist · {task_title(item)}",
        context.subject(item.lead, _TITLE),
        _joined(*facts, f"weight {item.weight:.1f}"),
    )
    return _drawn("item", head, board, item=item)


def _objective(board: Board, said: Said, _: Organisation | None) -> str | None:
    goal, context = board.objective(said.get("id", "")), board.context
    if goal is None:
        return None
    owner = f"owner {goal.owner}" if goal.owner else ""
    facts = _joined(context.team_name(goal.id), context.cycle_name(goal.id), owner)
    head = Detail("Objective", shortened(goal.text, _TITLE), facts)
    below = board.below(goal.id)
    return _drawn("objective", head, board, goal=goal, items=board.items_on(goal.id), below=below)


def _choice(board: Board, said: Said, known: Organisation | None) -> str | None:
    found, column = board.coverage(said.get("id", "")), said.get("column", "")
    if found is None:
        return None
    facts = _joined(column, "withdrawn" if found.choice.withdrawn else "")
    return _drawn(
        "choice",
        Detail(f"Strategy · {found.choice.kind}", found.choice.text, facts),
        board,
        choice=found.choice,
        column=column,
        served=board.within_column(found.served_by, column),
        against=board.within_column(found.against, column),
        passage=_passage(found.choice, known),
    )


def _line(board: Board, said: Said, _: Organisation | None) -> str | None:
    line = board.line(said.get("id", ""), said.get("a", ""), said.get("b", ""))
    if line is None:
        return None
    between = f"{line.a} needs {line.b}" if line.kind == "dependency" else f"{line.a} and {line.b}"
    head = Detail(_KINDS[line.kind], between, counted(line.count, "pair"))
    return _drawn("line", head, board, links=line.links, ends=ends)


def _team(board: Board, said: Said, _: Organisation | None) -> str | None:
    name = said.get("id", "")
    lines = board.lines_of(name)
    if not lines:
        return None
    head = Detail("Between teams", name, counted(sum(line.count for line in lines), "pair"))
    return _drawn("team", head, board, lines=lines, kinds=_KINDS, ends=ends)


def _figure(board: Board, said: Said, _: Organisation | None) -> str | None:
    figure = board.figure(said.get("id", ""))
    if figure is None:
        return None
    head = Detail("Horizon balance", horizon_name(figure), board.shown["amount"](figure))
    return _drawn("figure", head, board, figure=figure)


_DRAW: Mapping[str, Callable[[Board, Said, Organisation | None], str | None]] = {
    "cell": _choice,
    "choice": _choice,
    "figure": _figure,
    "item": _item,
    "line": _line,
    "objective": _objective,
    "team": _team,
}


def _drawn(name: str, head: Detail, board: Board, **more: object) -> str:
    return fragment(
        f"organisation/detail_{name}",
        detail=head,
        nonce=token_hex(4),
        board=board,
        context=board.context,
        **more,
    )


def _passage(choice: Choice, known: Organisation | None) -> str:
    """The id of what a choice is written in, as far as the visitor may see it."""
    document = known.document(choice.document_id) if known else None
    if document is None:
        return choice.objective_id or ""
    texts = ((item.id, " ".join(item.text.split())) for item in document.passages)
    wanted = " ".join(choice.text.split()).rstrip(".")
    return next((key for key, text in texts if wanted in text), "")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
