"""What the links between peers are worth saying: A5, A6 and A7, once for each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.analyse.findings import corpus_finding, second_opinions
from assistant.analyse.links import Surroundings
from assistant.analyse.mechanisms import live_elements
from assistant.analyse.peers import TOUCHING, element_of, quote
from assistant.language.stems import content_stems
from assistant.models import (
    ConflictSubtype,
    Evidence,
    Finding,
    Objective,
    Organisation,
    PeerLink,
    SecondOpinion,
    shortened,
)

WARNED_FROM = 0.85
"""A conflict at least this sure keeps the severity of its rule; chosen on the dev split."""

_WORTH_A_LOOK = 0.65
"""How often two that touch are one of the three, among labelled and unlabelled neighbours."""

_NAME = 90
_SHORTEST_NAME = 2
_LEAST_SHARED = 2

WAYS: dict[ConflictSubtype | None, str] = {
    "volume_vs_quality": "more of the one makes the other worse",
    "speed_vs_stability": "the one needs change where the other needs calm",
    "cost_vs_experience": "the one saves on what the other has to deliver",
    "resource_contention": "both count on the same scarce thing",
    "opposite_direction": "they pull one thing in opposite directions",
    "cannibalisation": "what the one gains, the other loses",
    None: "they work against each other",
}
"""What happens if both of a conflict succeed."""


class _Sides(NamedTuple):
    """The objective that a finding stands on, and the other; each with its team and element."""

    own: Objective
    other: Objective
    on: str
    other_on: str
    other_team: str


def peer_findings(
    links: Iterable[PeerLink], organisation: Organisation, around: Surroundings
) -> Iterator[Finding]:
    """The findings of the links, in their order; one for each pair.

    A conflict, a duplicate, or two that only touch, stand on the objective of the team further
    down, which has more room to change, else on the one with the later id; a dependency on the one
    that needs. A duplicate is left out where one team stands above the other, or where either says
    that it is shared; a dependency where it is declared, or where the other team's objective
    provides it. Two that touch get a question, since the words do not tell what they are.

    Args:
        links: surest first.
        organisation: for the names of teams.
        around: the same organisation, looked up.
    """
    teams = {item.id: item.name for item in organisation.teams}
    above = {item.id: item.parent_id for item in organisation.teams}
    for link in links:
        sides = _sides(link, around, teams)
        if link.kind == "conflict":
            yield _conflict(link, sides)
        elif link.kind == "complementary" and link.confidence <= TOUCHING:
            yield _touching(link, sides)
        elif link.kind == "duplicate":
            if not (_is_above(sides, above) or _is_said_to_be_shared(sides, teams)):
                yield _duplicate(link, sides)
        elif link.kind == "dependency" and not (
            _is_declared(sides, teams) or _is_provided(link, sides)
        ):
            yield _dependency(link, sides)


def _conflict(link: PeerLink, sides: _Sides) -> Finding:
    is_sure = link.confidence >= WARNED_FROM
    opening = "Collides with" if is_sure else "Look here: may collide with"
    about = f" over “{link.shared}”" if link.shared else ""
    return _finding(
        "A5",
        link,
        sides,
        f"{opening} {_peer(sides)}{about}: if both succeed, {WAYS[link.subtype]}. "
        f"No conflict if {link.unless}.",
        is_sure=is_sure,
    )


def _touching(link: PeerLink, sides: _Sides) -> Finding:
    about = f" over “{link.shared}”" if link.shared else ""
    return corpus_finding(
        "A5",
        sides.own,
        f"Look here: touches {_peer(sides)}{about}. The words do not tell whether the two own one "
        "outcome twice, stand in each other's way, or need each other.",
        on=sides.on,
        evidence=_evidence(link, sides),
        confidence=_WORTH_A_LOOK,
        at_most="info",
    )


def _duplicate(link: PeerLink, sides: _Sides) -> Finding:
    is_sure = link.confidence >= WARNED_FROM
    opening = "Owns the same outcome as" if is_sure else "Look here: may own the same outcome as"
    about = f", “{link.shared}”" if link.shared else ""
    message = f"{opening} {_peer(sides)}{about}, and neither says that it is shared."
    return _finding("A6", link, sides, message, is_sure=is_sure)


def _dependency(link: PeerLink, sides: _Sides) -> Finding:
    about = f" for “{link.shared}”" if link.shared else ""
    return _finding(
        "A7",
        link,
        sides,
        f"Look here: may need {_peer(sides)}{about}, and does not say so; what it needs is not "
        "promised there.",
        is_sure=False,
    )


def _finding(code: str, link: PeerLink, sides: _Sides, message: str, *, is_sure: bool) -> Finding:
    return corpus_finding(
        code,
        sides.own,
        message,
        on=sides.on,
        evidence=_evidence(link, sides),
        confidence=link.confidence,
        at_most=None if is_sure else "info",
        opinions=_opinions(link),
    )


def _opinions(link: PeerLink) -> tuple[SecondOpinion, ...]:
    if link.local is None:
        return ()
    return second_opinions(link.judged and link.judged == link.kind, link.because)


def _evidence(link: PeerLink, sides: _Sides) -> tuple[Evidence, ...]:
    return (
        quote("draft", sides.own, sides.on),
        quote("peer", sides.other, sides.other_on, link.similarity),
    )


def _peer(sides: _Sides) -> str:
    team = f"{sides.other_team}, " if sides.other_team else ""
    return f"{team}“{shortened(sides.other.text, _NAME)}”"


# Which side, and what makes it no finding


def _sides(link: PeerLink, around: Surroundings, teams: dict[str, str]) -> _Sides:
    a, b = around.objectives[link.a_id], around.objectives[link.b_id]
    own, other = (a, b) if _is_on_a(link, a, b, around) else (b, a)
    return _Sides(
        own=own,
        other=other,
        on=element_of(own, link.evidence),
        other_on=element_of(other, link.evidence),
        other_team=teams.get(other.team_id or "", ""),
    )


def _is_on_a(link: PeerLink, a: Objective, b: Objective, around: Surroundings) -> bool:
    if link.kind == "dependency":
        return link.needs == "a"
    return (around.depth(a), a.id) > (around.depth(b), b.id)


def _is_above(sides: _Sides, above: dict[str, str | None]) -> bool:
    """Whether one team stands above the other: then it is a cascade, not two owners."""
    return sides.own.team_id in _line(sides.other.team_id, above) or (
        sides.other.team_id in _line(sides.own.team_id, above)
    )


def _line(team: str | None, above: dict[str, str | None]) -> set[str]:
    """The teams above a team; a circle ends where it began."""
    found: set[str] = set()
    while team and (team := above.get(team)) and team not in found:
        found.add(team)
    return found


def _is_said_to_be_shared(sides: _Sides, teams: dict[str, str]) -> bool:
    return _names(sides.own, sides.other, teams) or _names(sides.other, sides.own, teams)


def _is_declared(sides: _Sides, teams: dict[str, str]) -> bool:
    return _names(sides.own, sides.other, teams)


def _names(objective: Objective, other: Objective, teams: dict[str, str]) -> bool:
    """Whether an objective names the team of another, or the other as a parent, anywhere."""
    if any(link.objective_id == other.id for link in objective.parents):
        return True
    name = teams.get(other.team_id or "", "")
    if len(name) < _SHORTEST_NAME:
        return False
    stated = (link.stated for link in objective.parents)
    notes = (*objective.notes, *(note for item in objective.key_results for note in item.notes))
    said = (*objective.texts, *notes, *stated, objective.contribution or "")
    return any(name.casefold() in text.casefold() for text in said)


def _is_provided(link: PeerLink, sides: _Sides) -> bool:
    """Whether the other objective moves what is needed, as far as the words can tell."""
    wanted = content_stems(link.shared)
    return len(wanted) >= _LEAST_SHARED and any(
        len(wanted & content_stems(text)) >= _LEAST_SHARED for _, text in live_elements(sides.other)
    )
