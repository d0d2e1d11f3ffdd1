"""Tells what an unmarked line of an outline is, from its words and from what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from assistant.models import fold
from assistant.sources.cycles import find_period
from assistant.sources.outline.node import INTRO_LEVEL, OBJECTIVE_LEVEL, Node, Role, walk
from assistant.sources.vocabulary import FUNCTIONS, GENERIC, LEVELS, PLAIN_UNIT, UNIT, VERBS


@dataclass(frozen=True, slots=True)
class Facts:
    """What the whole document shows about its own habits.

    Attributes:
        objectives_marked: some objective says that it is one, so a line that does not is none.
        key_results_marked: likewise for key results.
        deep: lists reach four levels, so what hangs under a key result are objectives.
        teams: folded names of the teams that have a heading of their own.
    """

    objectives_marked: bool = False
    key_results_marked: bool = False
    deep: bool = False
    teams: frozenset[str] = frozenset()


def learn(root: Node) -> Facts:
    """Look over the whole outline once."""
    nodes = list(walk(root))
    marks = {node.mark for node in nodes}
    headings = (node for node in nodes if node.kind == "heading")
    return Facts(
        objectives_marked="objective" in marks,
        key_results_marked="key_result" in marks,
        deep=_depth(root) >= _FOUR_LEVELS,
        teams=frozenset(fold(name) for node in headings if (name := team_name(node.text))),
    )


_FOUR_LEVELS = 4


def _depth(node: Node) -> int:
    """How many list items stand under one another."""
    deepest, stack = 0, [(node, 0)]
    while stack:
        node, depth = stack.pop()
        depth += node.kind == "item" and node.mark in (None, "objective", "key_result")
        deepest = max(deepest, depth)
        stack.extend((child, depth) for child in node.children)
    return deepest


# --- words --------------------------------------------------------------------------------------

_LEVEL = re.compile(r"(?:level|ebene|l)\s?\d\s*[:.–—-]\s*", re.IGNORECASE)
_UNIT_FIRST = re.compile(rf"(?:{UNIT})\s*(?:[:：]|[–—-]\s)\s*", re.IGNORECASE)
_UNIT_AROUND = re.compile(
    rf"^(?:the\s+)?(?:{PLAIN_UNIT})\s+(?=\S)|\s+(?:{PLAIN_UNIT})$", re.IGNORECASE
)
_PATH = re.compile(r"\s*[>›»→]\s*")
_QUARTER = re.compile(r"\b[QH][1-4]\b", re.IGNORECASE)
_EDGES = " \t:,;.|/–—-_()[]&+'’"
_SENTENCE_WORDS = 6
_FEW_WORDS = 3
_LONGEST_NAME = 120
"""Characters; longer lines are no names, whatever they are."""


def reads_like_goal(text: str) -> bool:
    """Whether words read like an aim and not like the name of a team or a topic."""
    words = text.split()
    if not words:
        return False
    if fold(words[0].strip(_EDGES)) in {*VERBS, "a", "an"} and len(words) > 1:
        return True
    joined = any(fold(word) in ("and", "&", "und") for word in words)
    if fold(words[-1].strip(_EDGES)) in FUNCTIONS and len(words) <= _FEW_WORDS + 2 * joined:
        return False
    rest = [word for word in words[1:] if fold(word) not in GENERIC]
    return len(words) >= _FEW_WORDS and any(word[0].islower() for word in rest)


def has_figure(text: str) -> bool:
    """Whether a text gives a number other than a year or a period."""
    period = find_period(text)
    if period:
        text = text[: period[0]] + text[period[1] :]
    return re.search(r"\d", _QUARTER.sub("", text)) is not None


def team_name(title: str) -> str | None:
    """The team that a heading names, its path if it names one; None where it names none."""
    rest = _LEVEL.sub("", title, count=1) if _LEVEL.match(title) else title
    period = find_period(rest)
    if period:
        rest = rest[: period[0]] + " " + rest[period[1] :]
    explicit = _UNIT_FIRST.match(rest.strip(_EDGES))
    if explicit:
        return rest.strip(_EDGES)[explicit.end() :].strip(_EDGES) or None
    rest = _without_edges(rest)
    if not rest or fold(rest) in LEVELS or _is_aside_or_goal(rest):
        return None
    return rest


def _without_edges(text: str) -> str:
    """The words without those at either end that name no team: ``Payments OKRs``."""
    bare = _trimmed(text)
    return _UNIT_AROUND.sub("", bare).strip() or bare


def _trimmed(text: str) -> str:
    words = text.split()
    while words and _is_generic(words[0]):
        words.pop(0)
    while words and _is_generic(words[-1]):
        words.pop()
    return " ".join(words).strip(_EDGES.replace("(", "").replace(")", ""))


def _is_generic(word: str) -> bool:
    bare = fold(word.strip(_EDGES))
    return not any(character.isalnum() for character in bare) or bare in GENERIC


def _is_aside_or_goal(text: str) -> bool:
    is_long = len(text.split()) > _SENTENCE_WORDS or len(text) > _LONGEST_NAME
    return is_long or reads_like_goal(text)


def names_unit(title: str) -> bool:
    """Whether a line is a short name with a word such as team: ``Payments team``, ``Squad Aero``."""
    bare = _trimmed(title)
    short = len(bare.split()) <= _FEW_WORDS + 1
    return is_explicit_team(title) or (short and _UNIT_AROUND.search(bare) is not None)


def is_explicit_team(title: str) -> bool:
    """Whether a heading says that it names a team, a level or nothing but a period."""
    bare = title.strip(_EDGES)
    return _UNIT_FIRST.match(bare) is not None or _LEVEL.match(bare) is not None


def path(name: str) -> tuple[str, ...]:
    """The names from the top down of ``Commerce > Payments``."""
    return tuple(part for part in _PATH.split(name) if part)


# --- headings -----------------------------------------------------------------------------------

_HALF = 0.5


def heading_role(node: Node, facts: Facts) -> Role:
    """What a heading is: an objective, a container of objectives, or prose."""
    if node.mark:
        return node.mark
    marks = {child.mark for child in node.children}
    if is_explicit_team(node.text) or marks & {"objective", "objectives", "container"}:
        return "container"
    neutral = is_neutral(node.tidied.text)
    if marks & {"key_result", "key_results"}:
        return "container" if neutral else "objective"
    below = [child for child in node.children if child.kind == "heading" and child.mark is None]
    if any(heading_role(child, facts) in ("objective", "container") for child in below):
        return "container"
    items = _listed(node, below)
    if neutral or not items:
        return "container" if neutral and (items or below) else "prose"
    return _heads_list(node, items, facts)


def _listed(node: Node, below: Iterable[Node]) -> list[Node]:
    """The items under a heading, those under a plain line in between included."""
    intros = [child for child in below if child.level == INTRO_LEVEL]
    children = [*node.children, *(item for intro in intros for item in intro.children)]
    return [child for child in children if child.kind == "item"]


def is_neutral(words: str) -> bool:
    """Whether a heading only names a period or says that goals follow."""
    period = find_period(words)
    rest = words[: period[0]] + " " + words[period[1] :] if period else words
    return not _without_edges(rest)


def _heads_list(node: Node, items: Sequence[Node], facts: Facts) -> Role:
    words = node.tidied.text
    if facts.objectives_marked or (facts.key_results_marked and not node.level >= OBJECTIVE_LEVEL):
        return "container"
    plain = [item for item in items if item.mark is None]
    if any(item.bold for item in plain) and not all(item.bold for item in plain):
        return "container"
    own = _share(plain)
    nested = [child for item in items for child in item.elements]
    if nested:
        goal = reads_like_goal(words) and own >= _HALF and own > _share(nested)
        return "objective" if goal else "container"
    if reads_like_goal(words):
        return "container" if words.endswith(":") and node.level == INTRO_LEVEL else "objective"
    if fold(words.split()[-1]) in FUNCTIONS or fold(words) in facts.teams & FUNCTIONS:
        return "container"
    return "objective" if own >= _HALF else "container"


def _share(items: Sequence[Node]) -> float:
    """The share of items that give a figure."""
    figures = [has_figure(item.tidied.text) for item in items]
    return sum(figures) / len(figures) if figures else 0.0


# --- lists --------------------------------------------------------------------------------------


def settle_objectives(node: Node, facts: Facts, explicit: bool) -> None:
    """Give every child of a container its role.

    Args:
        node: the container.
        facts: the habits of the document.
        explicit: the container is sure to hold objectives.
    """
    headings = [child for child in node.children if child.kind == "heading"]
    for child in headings:
        child.role = child.role or heading_role(child, facts)
    _settle_bare_headings(headings, facts, explicit)
    items = [child for child in node.children if child.kind == "item"]
    _settle_items(items, facts, explicit)
    for child in node.children:
        child.role = child.role or child.mark or "prose"


def _settle_bare_headings(headings: list[Node], facts: Facts, explicit: bool) -> None:
    """A heading with nothing below is an objective where its neighbours are."""
    bare = [
        child
        for child in headings
        if child.role == "prose" and reads_like_goal(child.tidied.text) and not child.elements
    ]
    if facts.objectives_marked or not bare:
        return
    others = [child for child in headings if child not in bare]
    neighbours = {child.level for child in others if child.role == "objective"}
    alone = not others and all(fold(child.tidied.text.split()[0]) in VERBS for child in bare)
    for child in bare:
        if child.level in neighbours or explicit or alone:
            child.role = "objective"


def _settle_items(items: list[Node], facts: Facts, explicit: bool) -> None:
    plain = [item for item in items if item.mark is None]
    for item in plain:
        if item.elements or any(child.mark == "key_result" for child in item.children):
            item.role = _parent_role(item, facts)
    leaves = [item for item in plain if item.role is None]
    marks: set[Role] = {item.mark for item in items if item.mark in ("objective", "key_result")}
    if marks:
        _settle_beside_marked(items, marks)
    elif any(leaf.bold for leaf in leaves) and not all(leaf.bold for leaf in leaves):
        for leaf in leaves:
            leaf.role = "objective" if leaf.bold else "key_result"
    elif facts.objectives_marked and not explicit:
        return
    elif len(leaves) == len(plain) and leads_list([leaf.tidied.text for leaf in leaves]):
        for leaf in leaves:
            leaf.role = "objective" if leaf is leaves[0] else "key_result"
    else:
        for leaf in leaves:
            leaf.role = "objective"


def _parent_role(item: Node, facts: Facts) -> Role:
    """An item with items below: an objective, or the name of a team over its objectives."""
    name = fold(item.tidied.text)
    named = name in facts.teams or name in FUNCTIONS
    over = any(child.mark == "objective" or child.elements for child in item.elements)
    return "container" if named and over else "objective"


def _settle_beside_marked(items: list[Node], marks: AbstractSet[Role]) -> None:
    for position, item in enumerate(items):
        if item.mark is not None or item.role is not None:
            continue
        following = items[position + 1] if position + 1 < len(items) else None
        if marks == {"objective"}:
            item.role = "key_result"
        elif marks == {"key_result"} and following and following.mark == "key_result":
            item.role = "objective"


def leads_list(texts: Sequence[str]) -> bool:
    """Whether the first of these texts is an aim that the others measure."""
    if len(texts) < 2 or has_figure(texts[0]):  # noqa: PLR2004
        return False
    measured = sum(has_figure(text) for text in texts[1:])
    return measured * 3 >= 2 * (len(texts) - 1)


def settle_key_results(node: Node) -> None:
    """Give every child of an objective its role."""
    known = any(child.mark in ("key_result", "key_results") for child in node.children)
    for child in node.children:
        if child.mark or child.role:
            child.role = child.role or child.mark
        elif child.kind in ("item", "row"):
            child.role = "key_result"
        elif child.kind == "heading":
            child.role = _inner_heading(child, known)
        else:
            child.role = "prose"


def _inner_heading(node: Node, known: bool) -> Role:
    """A heading inside an objective groups key results, is one, or is only prose."""
    if any(child.mark in ("objective", "container") for child in node.children):
        return "container"
    marked = any(child.mark == "key_result" for child in node.children)
    if marked or (node.elements and not known):
        return "key_results"
    if known or node.elements:
        return "aside"
    return "key_result" if has_figure(node.text) or reads_like_goal(node.text) else "prose"


def settle_details(node: Node, facts: Facts) -> None:
    """Give every child of a key result its role: objectives that hang under it, or notes."""
    items = [child for child in node.children if child.kind == "item"]
    nested = facts.deep or any(item.elements for item in items if item.mark is None)
    for child in node.children:
        if child.mark or child.role:
            child.role = child.role or child.mark
        elif child.kind == "item":
            child.role = "objective" if nested else "prose"
        elif child.kind == "heading" and child.elements:
            child.role = "objective"
        else:
            child.role = child.role or "prose"
