"""The objectives as a forest under their declared parents, each with what became of the intent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from assistant.models import Edge, EdgeVerdict, Objective
from assistant.report.context import Context, named

State = EdgeVerdict | Literal["none"]
"""The verdict on a step; ``none`` where there is no step to judge."""

TROUBLED: frozenset[State] = frozenset({"drifted", "look"})
_DEEPEST = 40
"""Deeper objectives are listed on this level, so that no chain is too deep for a browser."""


@dataclass(frozen=True)
class Row:
    """One objective of the forest, or a count of quiet ones.

    Attributes:
        key: id of the objective; empty for a count.
        label: its key and words.
        team: the name of its team.
        depth: 0 for a root.
        hop: what became of the parent's intent.
        root: what is left of the intent of the top of its chain.
        size: how many objectives stand below it.
        troubled: in how many of them, itself included, a step is not fine.
        note: what else is known of the step, in a few words.
        also: how many further parents it names.
        quiet: how many objectives that are not shown it stands for beside itself.
    """

    key: str
    label: str
    team: str = ""
    depth: int = 0
    hop: State = "none"
    root: State = "none"
    size: int = 0
    troubled: int = 0
    note: str = ""
    also: int = 0
    quiet: int = 0


def grow(context: Context) -> tuple[Row, ...]:
    """All objectives, parents before children, in the order of the sources.

    An objective with several parents stands under the first that is known. Links that run in a
    circle are opened at the objective that comes first. Of a branch, the parents that it names
    elsewhere stand above it, and nothing above these.
    """
    shown = _shown(context)
    above = {item.id: _first_parent(item, shown) for item in shown.values()}
    below: defaultdict[str | None, list[str]] = defaultdict(list)
    for key, parent in above.items():
        below[parent].append(key)
    edges: defaultdict[str, dict[str, Edge]] = defaultdict(dict)
    for edge in context.scan.edges:
        edges[edge.child_id].setdefault(edge.parent_id, edge)
    order = list(_preorder(above, below))
    rows = [_row(key, depth, above[key], edges[key], context) for key, depth in order]
    return tuple(_counted(rows))


def fold(rows: Sequence[Row], *, above: int = 40) -> tuple[Row, ...]:
    """The forest with quiet branches put together: one count for those below the same objective.

    Args:
        rows: as :func:`grow` returns them.
        above: with at most this many rows nothing is folded.
    """
    return tuple(rows) if len(rows) <= above else tuple(_folded(rows))


def nested(rows: Sequence[Row]) -> Iterator[tuple[Literal["open", "leaf", "close"], Row]]:
    """The rows as what opens, what stands alone and what closes, for nested lists."""
    pending: list[Row] = []
    for row, following in zip_longest(rows, rows[1:]):
        has_below = following is not None and following.depth > row.depth
        yield ("open" if has_below else "leaf"), row
        if has_below:
            pending.append(row)
        next_depth = following.depth if following else 0
        while pending and pending[-1].depth >= next_depth:
            yield "close", pending.pop()


def _shown(context: Context) -> Mapping[str, Objective]:
    """What was looked at, and the parents that it names elsewhere."""
    named = {link.objective_id for item in context.looked_at.values() for link in item.parents}
    return {
        key: item
        for key, item in context.objectives.items()
        if key in context.looked_at or key in named
    }


def _first_parent(item: Objective, known: Mapping[str, Objective]) -> str | None:
    ids = (link.objective_id for link in item.parents)
    return next((key for key in ids if key in known and key != item.id), None)


def _preorder(
    above: Mapping[str, str | None], below: Mapping[str | None, Sequence[str]]
) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    in_circles = (key for key in above if key not in seen)
    for starts in (below.get(None, ()), in_circles):
        for start in starts:
            pending = [(start, 0)]
            while pending:
                key, depth = pending.pop()
                if key in seen:
                    continue
                seen.add(key)
                yield key, min(depth, _DEEPEST)
                pending.extend((child, depth + 1) for child in reversed(below.get(key, ())))


def _row(
    key: str, depth: int, parent: str | None, edges: Mapping[str, Edge], context: Context
) -> Row:
    objective = context.objectives[key]
    edge = edges.get(parent or "")
    hop: State = edge.verdict if edge else "none"
    root = _root(edge)
    return Row(
        key=key,
        label=named(objective),
        team=context.team_name(key),
        depth=depth,
        hop=hop,
        root=root,
        troubled=int(hop in TROUBLED or root in TROUBLED),
        note=_note(objective, edge, context),
        also=max(0, len(edges) - 1),
    )


def _root(edge: Edge | None) -> State:
    """What is left of the root's intent; the first level is judged by its own step."""
    if edge is None or edge.from_root is None:
        return "none"
    return "drifted" if edge.lost_at else "fine"


def _note(objective: Objective, edge: Edge | None, context: Context) -> str:
    if objective.status == "dropped":
        return "dropped, so not judged"
    if edge is None:
        return _without(objective, context)
    parts = [edge.subtype.replace("_", " ") if edge.subtype else ""]
    if edge.lost_at == edge.child_id:
        parts.append("here the chain leaves its root")
    elif edge.lost_at and edge.from_root is not None:
        parts.append(f"lost at {context.name(edge.lost_at, 50)}")
    return "; ".join(part for part in parts if part)


def _without(objective: Objective, context: Context) -> str:
    if objective.id not in context.looked_at:
        return "not looked at"
    if not objective.parents:
        return "" if context.is_top(objective) else "names no parent"
    if _first_parent(objective, context.objectives) is None:
        return "its parent is not known"
    return "the link was not judged"


def _counted(rows: list[Row]) -> list[Row]:
    """The rows with size and trouble of their branches."""
    sizes, troubled = [0] * len(rows), [row.troubled for row in rows]
    way: list[int] = []
    parents: list[int | None] = []
    for place, row in enumerate(rows):
        while way and rows[way[-1]].depth >= row.depth:
            way.pop()
        parents.append(way[-1] if way else None)
        way.append(place)
    for place in range(len(rows) - 1, -1, -1):
        parent = parents[place]
        if parent is not None:
            sizes[parent] += sizes[place] + 1
            troubled[parent] += troubled[place]
    return [
        replace(row, size=size, troubled=number)
        for row, size, number in zip(rows, sizes, troubled, strict=True)
    ]


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Loud rows with the number of quiet ones right below them; quiet roots at the end."""
    quiet: defaultdict[str, int] = defaultdict(int)
    loud: list[Row] = []
    way: list[Row] = []
    place = 0
    while place < len(rows):
        row = rows[place]
        while way and way[-1].depth >= row.depth:
            way.pop()
        if row.troubled:
            loud.append(row)
            way.append(row)
            place += 1
        else:
            quiet[way[-1].key if way else ""] += row.size + 1
            place += row.size + 1
    yield from (replace(row, quiet=quiet[row.key]) for row in loud)
    if quiet[""]:
        yield Row(key="", label=f"+{quiet['']} quiet", quiet=quiet[""])
