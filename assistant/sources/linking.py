"""Links objectives to the parents that they name, and says where that fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from assistant.models import Objective, ParentLink, Problem
from assistant.sources.identity import Built, shown, warning
from assistant.sources.parents import Found, Parents, Target, fold_text
from assistant.sources.records import ObjectiveRecord

_MOST_NAMED = 5
"""Of a circle so many are named; the others are counted."""


def targets(objectives: Iterable[Objective]) -> Iterator[Target]:
    """The objectives and their key results as what a child may name."""
    for objective in objectives:
        states = frozenset(fold_text(link.stated) for link in objective.parents)
        place = (objective.team_id, objective.cycle_id)
        yield Target(
            objective.id, None, objective.text, objective.key, *place, objective.location, states
        )
        for item in objective.key_results:
            yield Target(
                objective.id,
                item.id,
                item.text,
                item.key,
                *place,
                item.location or objective.location,
            )


def link(built: Sequence[Built], parents: Parents) -> tuple[tuple[Objective, ...], list[Problem]]:
    """The objectives with their parents resolved, and what could not be."""
    objectives: list[Objective] = []
    problems: list[Problem] = []
    for item in built:
        if not item.objective.parents:
            objectives.append(item.objective)
            continue
        child = next(targets([item.objective]))
        links = []
        for stated in item.record.parents:
            found = parents.find(stated, child)
            links.append(_parent_link(stated, found))
            problems.extend(_about_parent(stated, found, item.record))
        objectives.append(item.objective.model_copy(update={"parents": tuple(links)}))
    return tuple(objectives), problems


def _parent_link(stated: str, found: Found) -> ParentLink:
    if found.target is None:
        return ParentLink(stated=stated)
    return ParentLink(
        stated=stated,
        objective_id=found.target.objective_id,
        key_result_id=found.target.key_result_id,
    )


def _about_parent(stated: str, found: Found, record: ObjectiveRecord) -> Iterator[Problem]:
    if found.target and found.is_close:
        yield warning(
            record,
            f"The parent {shown(stated)} was taken to be {shown(found.target.text)} "
            f"({found.target.location}).",
        ).model_copy(update={"severity": "info"})
    elif found.is_self:
        yield warning(record, f"The objective {shown(record.text)} names itself as its parent.")
    elif found.among:
        places = " and ".join(sorted({str(item.location) for item in found.among}))
        yield warning(
            record,
            f"The parent {shown(stated)} fits several: {places}. "
            "Name its team as well, for example 'Payments: O1', or give its full text.",
        )
    elif found.target is None:
        yield warning(
            record,
            f"The parent {shown(stated)} is no objective or key result that was read. Check the "
            "words; if it is a contribution in free words, write 'Contribution: ...'.",
        )


def circles(objectives: Sequence[Objective], within: Set[str] | None = None) -> Iterator[Problem]:
    """One problem for each group of objectives that serve one another in a circle.

    Args:
        within: ids of objectives; a circle is told if it leads through one. All where None is
            given.
    """
    by_id = {objective.id: objective for objective in objectives}
    edges = {
        objective.id: sorted(
            {link.objective_id for link in objective.parents if link.objective_id in by_id}
        )
        for objective in objectives
    }
    for group in _strongly_connected(edges):
        if within is not None and within.isdisjoint(group):
            continue
        first, *others = (by_id[key] for key in sorted(group))
        named = [_placed(item) for item in others[:_MOST_NAMED]]
        if len(others) > _MOST_NAMED:
            named.append(f"{len(others) - _MOST_NAMED} more")
        yield Problem(
            message=f"The parents of {shown(first.text)} lead in a circle back to it, "
            f"through {' and '.join(named)}.",
            location=first.location,
            severity="warning",
        )


def _placed(objective: Objective) -> str:
    place = f" ({objective.location})" if objective.location else ""
    return f"{shown(objective.text)}{place}"


def _strongly_connected(edges: dict[str, list[str]]) -> Iterator[list[str]]:
    """Groups of more than one node that reach each other (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    for start in sorted(edges):
        if start in order:
            continue
        work = [(start, iter(edges[start]))]
        order[start] = low[start] = len(order)
        path.append(start)
        on_path.add(start)
        while work:
            node, following = work[-1]
            step = next(following, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    group = _popped(path, node)
                    on_path.difference_update(group)
                    if len(group) > 1:
                        yield group
            elif step not in order:
                order[step] = low[step] = len(order)
                path.append(step)
                on_path.add(step)
                work.append((step, iter(edges[step])))
            elif step in on_path:
                low[node] = min(low[node], order[step])


def _popped(path: list[str], node: str) -> list[str]:
    """The end of the path from a node on, taken off it."""
    group = [path.pop()]
    while group[-1] != node:
        group.append(path.pop())
    return group
