"""Drift of a whole organisation: every declared link judged, chained, explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.analyse.better_parents import MARGINS, Margins, other_parents, with_better
from assistant.analyse.cascade import CARRYING, Carrying, root_links, with_roots
from assistant.analyse.compare import in_words, slot_changes
from assistant.analyse.edges import THRESHOLDS, Assessment, Judge, Opinion, Thresholds, ask, assess
from assistant.analyse.findings import corpus_finding
from assistant.analyse.links import Link, Surroundings, declared_links, with_cosines
from assistant.models import (
    DriftSubtype,
    Edge,
    Evidence,
    Finding,
    Objective,
    SlotChange,
    shortened,
)

if TYPE_CHECKING:
    from assistant.analyse.links import Vectors

EXPLAIN_ALL = 2000
"""Up to so many links the slots of fine ones are compared too."""
_NAME = 90
Side = Literal["parent", "draft"]


def assess_alignment(
    scope: Iterable[Objective],
    around: Surroundings,
    vectors: Vectors,
    judge: Judge,
    *,
    thresholds: Thresholds = THRESHOLDS,
    carrying: Carrying = CARRYING,
    margins: Margins = MARGINS,
) -> tuple[Assessment, ...]:
    """Judge every declared link of some objectives.

    Args:
        scope: the objectives whose links are wanted; what stands above them is judged too.
        around: the organisation.
        vectors: of objectives.
        judge: asked three times: about links, about roots, about other possible parents.
        thresholds: where probabilities become words.
        carrying: how intent is carried down a chain.
        margins: when another parent is worth a word.

    Returns:
        One assessment for each declared link of the scope.
    """
    wanted = tuple(scope)
    links = with_cosines(declared_links(wanted, around), vectors)
    with_slots = len(links) <= EXPLAIN_ALL
    assessed = [
        assess(link, opinion, thresholds=thresholds, with_slots=with_slots)
        for link, opinion in zip(links, ask(links, judge), strict=True)
    ]
    rooted = _by_pair(root_links(links, around), judge)
    edges = with_roots([item.edge for item in assessed], rooted, around, carrying)
    ids = {item.id for item in wanted}
    own = [
        item.model_copy(update={"edge": edge})
        for item, edge in zip(assessed, edges, strict=True)
        if edge.child_id in ids
    ]
    others = _by_pair(other_parents(own, around, vectors, margins), judge)
    better = with_better([item.edge for item in own], others, margins)
    return tuple(
        item.model_copy(update={"edge": edge}) for item, edge in zip(own, better, strict=True)
    )


def drift_findings(assessed: Sequence[Assessment], around: Surroundings) -> Iterator[Finding]:
    """What the assessed links are worth saying: A3, A4, A11.

    Yields:
        For each link at most one of A3 and A4, then A11 if another parent is served more
        plainly. Only a verdict ``drifted`` has the severity of its rule; places to look at, links
        of children that serve another of their parents, and chains that leave their root
        without a step that drifted are ``info``.
    """
    served: dict[str, bool] = defaultdict(bool)
    for item in assessed:
        served[item.edge.child_id] |= item.edge.verdict == "fine"
    for item in assessed:
        verdict = item.edge.verdict
        if verdict in ("drifted", "look"):
            yield _drifted(item, around, serves_another=served[item.edge.child_id])
        elif item.edge.lost_at == item.edge.child_id and item.edge.from_root is not None:
            yield _crept(item, around)
        if item.edge.better:
            yield _wrong_parent(item, around)


def _by_pair(links: Sequence[Link], judge: Judge) -> Mapping[tuple[str, str], Opinion | None]:
    return {
        (link.child.id, link.parent.id): opinion
        for link, opinion in zip(links, ask(links, judge), strict=True)
    }


_CLAIMS: dict[DriftSubtype | None, str] = {
    "contradiction": "its success works against the parent",
    "copy_paste": "it repeats the parent and adds nothing of its own",
    "horizon_mismatch": "its effect does not fall in the time that the parent names",
    "scope_change": "it is about other people or another place than the parent",
    "scope_narrowing": "it covers so small a part that the parent would hardly move",
    "means_end_swap": "a means to the parent has become the aim",
    "metric_substitution": "it moves a number that can move without the parent",
    None: "it could be a full success while the parent stays where it is",
}


def _drifted(item: Assessment, around: Surroundings, *, serves_another: bool) -> Finding:
    edge, link = item.edge, item.link
    is_sure = edge.verdict == "drifted" and not serves_another
    claim = f"{_CLAIMS[edge.subtype]} ({_named(link.parent)})"
    opening = f"{claim[0].upper()}{claim[1:]}" if is_sure else f"Look here: perhaps {claim}"
    message = f"{opening}{_where_lost(edge, around)}.{_slots_line(edge.slots)}"
    return corpus_finding(
        "A4" if edge.subtype == "copy_paste" else "A3",
        link.child,
        message,
        question=_question(edge, link),
        evidence=_evidence(item),
        confidence=round(1 - (edge.serves or 0.0), 4),
        at_most=None if is_sure else "info",
    )


def _crept(item: Assessment, around: Surroundings) -> Finding:
    edge, child = item.edge, item.link.child
    root = around.objectives[edge.root_id or edge.parent_id]
    link = around.link(child, root)
    changes = slot_changes(
        child, root, child_cycle=link.child_cycle, parent_cycle=link.parent_cycle
    )
    return corpus_finding(
        "A3",
        child,
        f"Look here: no single step drifts, but at this level little is left of what the chain "
        f"began with ({_named(root)}).{_slots_line(changes)}",
        question=f"If you hit all of this, would {_named(root)} still move?",
        evidence=(_quote("parent", root), _quote("draft", child)),
        confidence=round(1 - (edge.from_root or 0.0), 4),
        at_most="info",
    )


def _wrong_parent(item: Assessment, around: Surroundings) -> Finding:
    edge, link = item.edge, item.link
    better = edge.better
    if better is None:
        raise ValueError("the edge names no better parent")
    other = around.objectives[better.objective_id]
    return corpus_finding(
        "A11",
        link.child,
        f"It seems to serve {_named(other)} more plainly than the parent that it names, "
        f"{_named(link.parent)}.",
        evidence=(
            _quote("parent", link.parent, link.cosine),
            _quote("parent", other),
            _quote("draft", link.child),
        ),
        confidence=better.margin,
    )


def _named(objective: Objective) -> str:
    return f"“{shortened(objective.text, _NAME)}”"


def _slots_line(changes: Sequence[SlotChange]) -> str:
    words = in_words(changes)
    return f" {words[0].upper()}{words[1:]}." if words else ""


def _where_lost(edge: Edge, around: Surroundings) -> str:
    """Says so where this is the level at which a longer chain leaves its root."""
    is_longer = edge.root_id is not None and edge.root_id != edge.parent_id
    if edge.lost_at != edge.child_id or not is_longer or edge.subtype == "copy_paste":
        return ""
    root = around.objectives[edge.root_id or edge.parent_id]
    return f", and here the chain leaves its root ({_named(root)})"


def _question(edge: Edge, link: Link) -> str | None:
    metric = next((item for item in edge.slots if item.slot == "metric"), None)
    if edge.subtype == "copy_paste" or metric is None or metric.change != "changed":
        return None
    below, above = shortened(metric.below or "", _NAME), shortened(metric.above or "", _NAME)
    return f"If “{below}” moves as planned, why would “{above}” move too, for whom and by when?"


def _evidence(item: Assessment) -> tuple[Evidence, ...]:
    """The words of both sides: the objectives, and the key results that show the change."""
    link = item.link
    metric = next((change for change in item.edge.slots if change.slot == "metric"), None)
    above = [item.plain.above] if item.plain else []
    below = [item.plain.below] if item.plain else []
    above += [metric.above] if metric and metric.above else []
    below += [metric.below] if metric and metric.below else []
    return (
        _quote("parent", link.parent, link.cosine),
        *_results("parent", link.parent, above),
        _quote("draft", link.child),
        *_results("draft", link.child, below),
    )


def _quote(kind: Side, objective: Objective, cosine: float | None = None) -> Evidence:
    return Evidence(
        kind=kind,
        id=objective.id,
        title=objective.text,
        quote=objective.text,
        location=objective.location,
        similarity=cosine,
    )


def _results(kind: Side, objective: Objective, words: Sequence[str]) -> Iterator[Evidence]:
    """The key results that hold some words."""
    for result in objective.key_results:
        if any(item in result.text for item in words):
            yield Evidence(
                kind=kind,
                id=result.id,
                title=objective.text,
                quote=result.text,
                location=result.location or objective.location,
            )
