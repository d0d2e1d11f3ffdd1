"""Drift of a whole organisation: every declared link judged, chained, explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.analyse.better_parents import (
    MARGINS,
    Margins,
    named_parents,
    other_parents,
    with_better,
)
from assistant.analyse.cascade import CARRYING, Carrying, root_links, with_roots
from assistant.analyse.compare import in_words, slot_changes
from assistant.analyse.edges import (
    THRESHOLDS,
    Assessment,
    Judge,
    Opinion,
    Thresholds,
    ask,
    changes_of,
    weighed,
    with_changes,
)
from assistant.analyse.findings import corpus_finding, second_opinions
from assistant.analyse.links import Link, Surroundings, declared_links, with_cosines
from assistant.analyse.plain_drift import PlainDrift, plain_drift
from assistant.models import (
    DriftSubtype,
    Edge,
    Evidence,
    Finding,
    Objective,
    SecondOpinion,
    SlotChange,
    shortened,
)

if TYPE_CHECKING:
    from assistant.analyse.links import Vectors

EXPLAIN_ALL = 2000
"""Up to so many links the slots of fine ones are compared too."""
_NAME = 90
Side = Literal["parent", "draft"]
SecondReader = Callable[[Sequence[Assessment]], Sequence[Assessment]]
"""Takes assessed links; returns them in their order, some with another verdict."""


class Words(NamedTuple):
    """What the words of links show, link by link; see :mod:`assistant.analyse.recalled`."""

    plain: Callable[[Sequence[Link]], Sequence[PlainDrift | None]]
    changes: Callable[[Sequence[Link]], Sequence[tuple[SlotChange, ...]]]


WORDS = Words(
    plain=lambda links: [plain_drift(link) for link in links],
    changes=lambda links: [changes_of(link) for link in links],
)


def assess_alignment(
    scope: Iterable[Objective],
    around: Surroundings,
    vectors: Vectors,
    judge: Judge,
    *,
    further: Judge | None = None,
    second: SecondReader | None = None,
    words: Words = WORDS,
    thresholds: Thresholds = THRESHOLDS,
    carrying: Carrying = CARRYING,
    margins: Margins = MARGINS,
) -> tuple[Assessment, ...]:
    """Judge every declared link of some objectives.

    Args:
        scope: the objectives whose links are wanted; what stands above them is judged too.
        around: the organisation.
        vectors: of objectives.
        judge: asked about the links.
        further: asked about roots, then twice about other possible parents; by default ``judge``.
        second: reads the assessed links once more, before chains are followed.
        words: what the words of links show.
        thresholds: where probabilities become words.
        carrying: how intent is carried down a chain.
        margins: when another parent is worth a word.

    Returns:
        One assessment for each declared link of the scope.
    """
    wanted, further = tuple(scope), further or judge
    links = with_cosines(declared_links(wanted, around), vectors)
    assessed = _assessed(links, ask(links, judge), words, thresholds)
    if second:
        assessed = list(second(assessed))
    rooted = _by_pair(root_links(links, around), further)
    edges = with_roots([item.edge for item in assessed], rooted, around, carrying)
    ids = {item.id for item in wanted}
    own = [
        item.model_copy(update={"edge": edge})
        for item, edge in zip(assessed, edges, strict=True)
        if edge.child_id in ids
    ]
    others = _by_pair(other_parents(own, around, vectors, margins), further)
    named = _by_pair(named_parents(own, around, vectors, margins), further)
    better = with_better([item.edge for item in own], others, margins, named)
    return tuple(
        item.model_copy(update={"edge": edge}) for item, edge in zip(own, better, strict=True)
    )


def _assessed(
    links: Sequence[Link],
    opinions: Sequence[Opinion | None],
    words: Words,
    thresholds: Thresholds,
) -> list[Assessment]:
    with_slots = len(links) <= EXPLAIN_ALL
    plain = words.plain(links)
    found = [
        weighed(link, opinion, drift, thresholds)
        for link, opinion, drift in zip(links, opinions, plain, strict=True)
    ]
    explained = [at for at, item in enumerate(found) if with_slots or item.edge.verdict != "fine"]
    slots = words.changes([links[at] for at in explained])
    for at, changes in zip(explained, slots, strict=True):
        found[at] = with_changes(found[at], changes)
    return found


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
            finding = _drifted(item, around, serves_another=served[item.edge.child_id])
            yield _told_apart(finding, item.link)
        elif item.edge.lost_at == item.edge.child_id and item.edge.from_root is not None:
            yield _told_apart(_crept(item, around), item.link)
        if item.edge.better:
            yield _told_apart(_wrong_parent(item, around), item.link)


def _told_apart(finding: Finding, link: Link) -> Finding:
    """The finding with a fingerprint of its own: from the second parent on, it names the parent."""
    first = next(
        (
            (item.objective_id, item.key_result_id)
            for item in link.child.parents
            if item.objective_id
        ),
        None,
    )
    if first == (link.parent.id, link.key_result_id):
        return finding
    above = link.parent.words("set") if link.key_result_id else link.parent.text
    return finding.model_copy(update={"words": f"{finding.words}\n{above}"})


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
        opinions=_opinions(edge),
    )


def _opinions(edge: Edge) -> tuple[SecondOpinion, ...]:
    """What the model says of the drift, and where the local reader had seen none."""
    said = {"drifted": True, "fine": False}
    seen = said.get(edge.local or "")
    both = () if edge.local is None else second_opinions(said.get(edge.judged or ""), edge.because)
    return both if seen is not False else (*both, SecondOpinion(by="rule", says="disagrees"))


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
