"""Other objectives that a child serves more plainly than the parent it hangs under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.analyse.edges import Assessment, Opinion
from assistant.analyse.links import Link, Surroundings
from assistant.models import BetterParent, Edge, Noun, Objective

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.analyse.links import Vectors

_CHUNK = 512


class Margins(Noun):
    """When another parent is worth a word. Chosen on the dev split.

    Attributes:
        most: how many others are looked at for one child.
        nearness: how much less similar than the declared parent another may be (cosine).
        better_from: how likely the child must serve the other one.
        margin: and how much likelier than the declared parent.
    """

    most: int = 1
    nearness: float = 0.05
    better_from: float = 0.7
    margin: float = 0.4


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


def with_better(
    edges: Sequence[Edge],
    opinions: Mapping[tuple[str, str], Opinion | None],
    margins: Margins = MARGINS,
) -> tuple[Edge, ...]:
    """The edges, each with the objective that its child serves more plainly, if there is one.

    Args:
        edges: the declared ones.
        opinions: on child and other parent, by their ids, as :func:`other_parents` named them.
        margins: how plainly.
    """
    others: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (child, parent), opinion in opinions.items():
        if opinion is not None and opinion.serves >= margins.better_from:
            others[child].append((opinion.serves, parent))
    served = {edge.child_id for edge in edges if edge.verdict == "fine"}
    return tuple(
        edge if edge.child_id in served else _with_best(edge, others[edge.child_id], margins)
        for edge in edges
    )


def _with_best(edge: Edge, others: Sequence[tuple[float, str]], margins: Margins) -> Edge:
    serves, key = max(others, default=(0.0, ""))
    if edge.serves is None or edge.verdict == "fine" or serves - edge.serves < margins.margin:
        return edge
    better = BetterParent(objective_id=key, margin=round(serves - edge.serves, 4))
    return edge.model_copy(update={"better": better})


def _is_doubtful(item: Assessment) -> bool:
    copied = item.plain is not None and item.plain.subtype == "copy_paste"
    return item.edge.verdict != "fine" and item.edge.serves is not None and not copied


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
