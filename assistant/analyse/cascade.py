"""Drift along a chain: every level against the level above and against the root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.analyse.edges import Opinion
from assistant.analyse.links import Link, Surroundings
from assistant.models import Edge, Noun


class Carrying(Noun):
    """How the root's intent travels. All from 0 to 1, chosen on the dev split.

    Attributes:
        root_weight: how much the direct look at the root counts beside the steps; the steps
            carry most of what is known: any step that drifted and was not repaired gives 92 in
            100 of the labels.
        repaired_from: a level that serves the root at least this likely has found back to it.
        lost_below: less likely than this the root's intent is lost.
    """

    root_weight: float = 0.3
    repaired_from: float = 0.8
    lost_below: float = 0.5


CARRYING = Carrying()


class Level(Noun):
    """What one level of a chain still has of its root.

    Attributes:
        from_root: how likely the level's success advances the root.
        kept: the part of it that the levels below inherit.
        lost_at: how many levels below the root its intent was lost, from 1; None where it is
            not lost, or where a later level found back.
    """

    from_root: float = 1.0
    kept: float = 1.0
    lost_at: int | None = None


def follow(
    hops: Sequence[float | None],
    roots: Sequence[float | None] = (),
    carrying: Carrying = CARRYING,
) -> tuple[Level, ...]:
    """Follow a chain down from its root.

    Args:
        hops: how likely each level serves the level above; the first is judged against the
            root itself. None where nothing could judge it, which changes nothing.
        roots: how likely each level serves the root, judged directly; may be shorter.
        carrying: the rule by which intent is carried.

    Returns:
        One level for each hop.
    """
    padded = (*roots, *(None for _ in hops))
    levels: list[Level] = []
    level = Level()
    for depth, hop in enumerate(hops, start=1):
        level = _next(level, depth, hop, padded[depth - 1], carrying)
        levels.append(level)
    return tuple(levels)


def _next(
    above: Level, depth: int, hop: float | None, root: float | None, carrying: Carrying
) -> Level:
    kept = above.kept if hop is None else min(above.kept, hop)
    if root is not None and root >= carrying.repaired_from:
        kept = max(kept, root)
    weight = 0.0 if root is None else carrying.root_weight
    from_root = (1 - weight) * kept + weight * (root or 0.0)
    lost = from_root < carrying.lost_below
    return Level(from_root=from_root, kept=kept, lost_at=(above.lost_at or depth) if lost else None)


def root_links(links: Sequence[Link], around: Surroundings) -> tuple[Link, ...]:
    """Each child with the root of its chain, where that is not its own parent; each pair once.

    Args:
        links: the declared ones.
        around: the organisation.
    """
    pairs: dict[tuple[str, str], None] = {}
    for link in links:
        way = around.path(link.parent.id)
        if len(way) > 1:
            pairs[link.child.id, way[0]] = None
    known = around.objectives
    return tuple(around.link(known[child], known[root]) for child, root in pairs)


def with_roots(
    edges: Sequence[Edge],
    opinions: Mapping[tuple[str, str], Opinion | None],
    around: Surroundings,
    carrying: Carrying = CARRYING,
) -> tuple[Edge, ...]:
    """The edges with how likely the child still serves its root, and where that was lost.

    Args:
        edges: those of all levels, see :func:`assistant.analyse.links.declared_links`.
        opinions: on child and root, by their ids, as :func:`root_links` named them.
        around: the organisation. Of several parents a chain goes up through the first; links
            that run in a circle have no root and stay as they are.
        carrying: the rule by which intent is carried.
    """
    hops: dict[tuple[str, str], float | None] = {}
    for edge in edges:
        hops.setdefault((edge.child_id, edge.parent_id), edge.serves)
    roots = {pair: opinion.serves if opinion else None for pair, opinion in opinions.items()}
    levels = _Levels(hops, roots, around, carrying)
    return tuple(_with_root(edge, levels, around) for edge in edges)


class _Levels:
    """The levels of all chains; what chains have in common is followed once."""

    def __init__(
        self,
        hops: Mapping[tuple[str, str], float | None],
        roots: Mapping[tuple[str, str], float | None],
        around: Surroundings,
        carrying: Carrying,
    ) -> None:
        self._hops, self._roots, self._around = hops, roots, around
        self._carrying = carrying
        self._known: dict[str, Level] = {}

    def below(self, way: Sequence[str], edge: Edge) -> Level:
        """The level of a child under the last objective of a way that starts at the root."""
        child, root = edge.child_id, way[0]
        level = Level()
        for depth, key in enumerate(way[1:], start=1):
            level = self._known.get(key) or self._step(level, depth, key, way[depth - 1], root)
            self._known[key] = level
        direct = self._roots.get((child, root))
        return _next(level, len(way), edge.serves, direct, self._carrying)

    def _step(self, above: Level, depth: int, key: str, parent: str, root: str) -> Level:
        hop, direct = self._hops.get((key, parent)), self._roots.get((key, root))
        return _next(above, depth, hop, direct, self._carrying)


def _with_root(edge: Edge, levels: _Levels, around: Surroundings) -> Edge:
    way = around.path(edge.parent_id)
    if not way or edge.child_id in way:
        return edge
    level = levels.below(way, edge)
    ids = (*way[1:], edge.child_id)
    return edge.model_copy(
        update={
            "root_id": way[0],
            "from_root": round(level.from_root, 4) if len(way) > 1 and _is_judged(edge) else None,
            "lost_at": ids[level.lost_at - 1] if level.lost_at else None,
        }
    )


def _is_judged(edge: Edge) -> bool:
    return edge.serves is not None


def chains(edges: Sequence[Edge]) -> Iterator[tuple[Edge, ...]]:
    """The chains of edges from each root down to each end, for pictures; first parents only."""
    below: dict[str, list[Edge]] = {}
    above: dict[str, Edge] = {}
    for edge in edges:
        if above.setdefault(edge.child_id, edge) is edge:
            below.setdefault(edge.parent_id, []).append(edge)
    pending: list[tuple[Edge, ...]] = [
        (edge,) for key, found in below.items() if key not in above for edge in found
    ]
    while pending:
        way = pending.pop()
        further = below.get(way[-1].child_id, [])
        if not further:
            yield way
        pending.extend((*way, edge) for edge in further)
