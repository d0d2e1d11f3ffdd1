"""The declared links of an organisation, each ready to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.models import Cycle, Noun, Objective, Organisation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
    """Takes ids of objectives; returns their unit vectors as rows."""


class Link(Noun):
    """A child under what it is said to serve.

    Attributes:
        parent: with all its key results, or with the one alone that the child hangs under.
        key_result_id: that one.
        whole: the parent with all its key results, where the child hangs under one of them.
        child_cycle: the planning period of the child, if known.
        parent_cycle: the planning period of the parent, if known.
        cosine: of the texts of the two objectives, if known.
    """

    child: Objective
    parent: Objective
    key_result_id: str | None = None
    whole: Objective | None = None
    child_cycle: Cycle | None = None
    parent_cycle: Cycle | None = None
    cosine: float | None = None


class Surroundings:
    """The objectives of an organisation by id, and who stands under whom.

    Args:
        organisation: what to look up. Links to oneself and to what does not exist are left out.
    """

    def __init__(self, organisation: Organisation) -> None:
        self.objectives: Mapping[str, Objective] = {
            item.id: item for item in organisation.objectives
        }
        self.cycles: Mapping[str, Cycle] = {item.id: item for item in organisation.cycles}
        self._above = {item.id: item.parent_id for item in organisation.teams}

    def links_of(self, child: Objective) -> Iterator[Link]:
        """The links of a child to objectives that exist, each once."""
        seen: set[tuple[str, str | None]] = set()
        for stated in child.parents:
            key = (stated.objective_id or "", stated.key_result_id)
            parent = self.objectives.get(key[0])
            if parent is None or parent.id == child.id or key in seen:
                continue
            seen.add(key)
            yield self.link(child, parent, stated.key_result_id)

    def link(self, child: Objective, parent: Objective, key_result_id: str | None = None) -> Link:
        """A link between two objectives, declared or not."""
        return Link(
            child=child,
            parent=focused(parent, key_result_id),
            key_result_id=key_result_id,
            whole=parent if key_result_id else None,
            child_cycle=self.cycles.get(child.cycle_id or ""),
            parent_cycle=self.cycles.get(parent.cycle_id or ""),
        )

    def path(self, objective_id: str) -> tuple[str, ...]:
        """The way down from the root along first declared parents, the objective included.

        Returns:
            The ids, root first; empty where the links run in a circle, which has no root.
        """
        way = [objective_id]
        seen = {objective_id}
        while (above := self._first_parent(way[-1])) is not None:
            if above in seen:
                return ()
            seen.add(above)
            way.append(above)
        return tuple(reversed(way))

    def depth(self, objective: Objective) -> int:
        """How many teams stand above the team of an objective."""
        count, team, seen = 0, objective.team_id, set()
        while team and (team := self._above.get(team)) and team not in seen:
            seen.add(team)
            count += 1
        return count

    def _first_parent(self, objective_id: str) -> str | None:
        found = self.objectives.get(objective_id)
        if found is None:
            return None
        ids = (item.objective_id for item in found.parents)
        return next((key for key in ids if key in self.objectives and key != objective_id), None)


def declared_links(scope: Iterable[Objective], around: Surroundings) -> tuple[Link, ...]:
    """The links of some objectives and of all that stand above them, without dropped children."""
    wanted = {key: None for item in scope for key in (*reversed(around.path(item.id)), item.id)}
    children = (around.objectives.get(key) for key in wanted)
    live = (item for item in children if item and item.status != "dropped")
    return tuple(link for child in live for link in around.links_of(child))


def focused(parent: Objective, key_result_id: str | None) -> Objective:
    """A parent with the one key result that a child hangs under; with all if it names none."""
    chosen = tuple(item for item in parent.key_results if item.id == key_result_id)
    return parent.model_copy(update={"key_results": chosen}) if chosen else parent


def with_cosines(links: Sequence[Link], vectors: Vectors) -> tuple[Link, ...]:
    """The links with the cosine of their two objectives."""
    if not links:
        return ()
    ids = list({key: None for link in links for key in (link.child.id, link.parent.id)})
    rows = {key: row for row, key in enumerate(ids)}
    matrix = vectors(ids)
    below = matrix[[rows[link.child.id] for link in links]]
    above = matrix[[rows[link.parent.id] for link in links]]
    cosines = (below * above).sum(axis=1)
    return tuple(
        link.model_copy(update={"cosine": round(float(cosine), 4)})
        for link, cosine in zip(links, cosines, strict=True)
    )
