"""Other objectives that a child serves more plainly than the parent it hangs under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.analyse.candidates import means_of
from assistant.analyse.compare import live_texts
from assistant.analyse.edges import Assessment, Opinion
from assistant.analyse.links import Link, Surroundings
from assistant.language.stems import Stems, content_stems
from assistant.models import BetterParent, Edge, Noun, Objective

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.analyse.links import Vectors

_CHUNK, _LOOKED_AT = 512, 10


class Margins(Noun):
    """When another parent is worth a word. Chosen on the dev split.

    Attributes:
        most: how many others are looked at for one child.
        nearness: how much less similar than the declared parent another may be (cosine).
        better_from: how likely the child must serve the other one.
        margin: and how much likelier than the declared parent.
        named: of a child that has no word in common with its declared parent, how many words it
            has in common with the other one at least; that one may stand further up.
        nearer: and how much nearer it is to it (cosine, key results included).
        named_margin: and how much likelier it serves it. Where labelled children stand under two
            parents, the one so named is the right one in 53 of 87 pairs of the train and dev
            splits, the wrong one in 18; in the others both are the same.
    """

    most: int = 1
    nearness: float = 0.05
    better_from: float = 0.7
    margin: float = 0.4
    named: int = 2
    nearer: float = 0.1
    named_margin: float = 0.1


MARGINS = Margins()


def other_parents(
    assessed: Sequence[Assessment],
    around: Surroundings,
    vectors: Vectors,
    margins: Margins = MARGINS,
) -> tuple[Link, ...]:
    """What else each child could hang under, where its declared parent is not plainly fine.

    Args:
        assessed: the declared edges.
        around: the organisation.
        vectors: of objectives.
        margins: how many, and how near.

    Returns:
        Links to open objectives of the same cycle and level of teams as the parent, the most
        similar first; never to a declared parent, nor to one that hangs under the child itself.
    """
    doubtful = [item for item in assessed if _is_doubtful(item)]
    groups = _groups(around, doubtful)
    by_group: dict[tuple[int, str | None], list[Assessment]] = defaultdict(list)
    for item in doubtful:
        by_group[_level(around.objectives[item.edge.parent_id], around)].append(item)
    return tuple(
        link
        for level, items in by_group.items()
        for link in _near(items, groups[level], around, vectors, margins)
    )


def named_parents(
    assessed: Sequence[Assessment],
    around: Surroundings,
    vectors: Vectors,
    margins: Margins = MARGINS,
) -> tuple[Link, ...]:
    """What the words of a child name, where nothing of its declared parent is among them.

    Args:
        assessed: the declared edges.
        around: the organisation.
        vectors: of objectives and key results.
        margins: how many words, and how much nearer.

    Returns:
        At most one link for each child, to an open objective of the cycle of its parent and of
        another team as far up as the parent or further.
    """
    by_cycle: dict[str | None, list[Assessment]] = defaultdict(list)
    for item in assessed:
        if item.edge.serves is not None and _are_strangers(item, around):
            by_cycle[around.objectives[item.edge.parent_id].cycle_id].append(item)
    return tuple(
        link
        for cycle, items in by_cycle.items()
        for link in _named_in(cycle, items, around, vectors, margins)
    )


def with_better(
    edges: Sequence[Edge],
    opinions: Mapping[tuple[str, str], Opinion | None],
    margins: Margins = MARGINS,
    named: Mapping[tuple[str, str], Opinion | None] | None = None,
) -> tuple[Edge, ...]:
    """The edges, each with the objective that its child serves more plainly, if there is one.

    Args:
        edges: the declared ones.
        opinions: on child and other parent, by their ids, as :func:`other_parents` named them.
        margins: how plainly.
        named: likewise, as :func:`named_parents` named them; these count first.
    """
    by_words = {child: (key, said.serves) for (child, key), said in (named or {}).items() if said}
    others: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (child, parent), opinion in opinions.items():
        if opinion is not None and opinion.serves >= margins.better_from:
            others[child].append((opinion.serves, parent))
    served = {edge.child_id for edge in edges if edge.verdict == "fine"}
    return tuple(
        _with_named(edge, by_words[edge.child_id], margins)
        if edge.child_id in by_words
        else edge
        if edge.child_id in served
        else _with_best(edge, others[edge.child_id], margins)
        for edge in edges
    )


def _with_named(edge: Edge, named: tuple[str, float], margins: Margins) -> Edge:
    key, serves = named
    if edge.serves is None or serves - edge.serves < margins.named_margin:
        return edge
    better = BetterParent(objective_id=key, margin=round(serves - edge.serves, 4))
    return edge.model_copy(update={"better": better})


def _with_best(edge: Edge, others: Sequence[tuple[float, str]], margins: Margins) -> Edge:
    serves, key = max(others, default=(0.0, ""))
    if edge.serves is None or edge.verdict == "fine" or serves - edge.serves < margins.margin:
        return edge
    better = BetterParent(objective_id=key, margin=round(serves - edge.serves, 4))
    return edge.model_copy(update={"better": better})


def _is_doubtful(item: Assessment) -> bool:
    copied = item.plain is not None and item.plain.subtype == "copy_paste"
    return item.edge.verdict != "fine" and item.edge.serves is not None and not copied


def _stems(objective: Objective) -> Stems:
    return frozenset().union(*map(content_stems, live_texts(objective)))


def _are_strangers(item: Assessment, around: Surroundings) -> bool:
    """Whether a child with one parent has no word in common with it."""
    child, parent = item.link.child, around.objectives[item.edge.parent_id]
    return len(child.parents) == 1 and _stems(child).isdisjoint(_stems(parent))


def _named_in(
    cycle: str | None,
    items: Sequence[Assessment],
    around: Surroundings,
    vectors: Vectors,
    margins: Margins,
) -> list[Link]:
    group = [
        item
        for item in around.objectives.values()
        if item.cycle_id == cycle and item.status != "dropped"
    ]
    words = {item.id: _stems(item) for item in group}
    above = means_of(group, vectors)
    rows = {item.id: row for row, item in enumerate(group)}
    found: list[Link] = []
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        cosines = means_of([item.link.child for item in chunk], vectors) @ above.T
        for item, row in zip(chunk, cosines, strict=True):
            child = item.link.child
            parent = around.objectives[item.edge.parent_id]
            if parent.id not in rows:
                continue
            limit = row[rows[parent.id]] + margins.nearer
            own, depth = _stems(child), around.depth(parent)
            near = [
                group[place] for place in row.argsort()[::-1][:_LOOKED_AT] if row[place] >= limit
            ]
            free = [
                other
                for other in near
                if other.team_id != child.team_id
                and around.depth(other) <= depth
                and child.id not in around.path(other.id)
                and len(own & words[other.id]) >= margins.named
            ]
            if free:
                best = max(free, key=lambda other: len(own & words[other.id]))
                found.append(around.link(child, best))
    return found


def _level(objective: Objective, around: Surroundings) -> tuple[int, str | None]:
    return around.depth(objective), objective.cycle_id


def _groups(
    around: Surroundings, doubtful: Sequence[Assessment]
) -> Mapping[tuple[int, str | None], list[str]]:
    wanted = {_level(around.objectives[item.edge.parent_id], around) for item in doubtful}
    groups: dict[tuple[int, str | None], list[str]] = defaultdict(list)
    for key, objective in around.objectives.items():
        level = _level(objective, around)
        if level in wanted and objective.status != "dropped":
            groups[level].append(key)
    return groups


def _near(
    items: Sequence[Assessment],
    group: Sequence[str],
    around: Surroundings,
    vectors: Vectors,
    margins: Margins,
) -> list[Link]:
    if not group:
        return []
    above = vectors(group)
    found: list[Link] = []
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        cosines = vectors([item.edge.child_id for item in chunk]) @ above.T
        for item, row in zip(chunk, cosines, strict=True):
            found.extend(_nearest(item, row, group, around, margins))
    return found


def _nearest(
    item: Assessment,
    cosines: NDArray[np.float32],
    group: Sequence[str],
    around: Surroundings,
    margins: Margins,
) -> list[Link]:
    child = item.link.child
    barred = {child.id, *(link.objective_id for link in child.parents)}
    limit = item.edge.similarity - margins.nearness
    # The barred ones may be among the nearest, so that many more are looked at.
    wanted = min(margins.most + len(barred), len(group))
    nearest = cosines.argsort()[::-1][:wanted]
    keys = [group[place] for place in nearest if cosines[place] >= limit]
    free = [key for key in keys if key not in barred and child.id not in around.path(key)]
    return [around.link(child, around.objectives[key]) for key in free[: margins.most]]
