"""Signs in the words that two objectives collide: worth a look, not a verdict.

Each speaks rarely. On the labelled pairs of the train and dev splits most pairs on which one speaks
are conflicts; what share that is, and of how many, stands in the tests. One name that the one wants
to rise and the other to fall is no such sign: mostly it is two things of one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

from assistant.language.numerals import NUMBER
from assistant.language.stems import Stems, content_stems
from assistant.models import ConflictSubtype, KeyResult, Objective


class Move(NamedTuple):
    """The words of a key result, and which way its measure goes."""

    on: str
    stems: Stems
    is_share: bool
    is_rising: bool


class Sign(NamedTuple):
    """A thing that one element of an objective does something with, in its words."""

    on: str
    words: str
    stems: Stems


class Signs(NamedTuple):
    """What the signs look at in one objective; see :func:`signs`."""

    all: Stems
    moves: tuple[Move, ...]
    halts: tuple[Sign, ...]
    changes: tuple[Sign, ...]
    bypassed: tuple[Sign, ...]
    checking: tuple[Sign, ...]
    dropped: tuple[Sign, ...]
    booked: tuple[Sign, ...]


class Collision(NamedTuple):
    """How two objectives may collide: in which way, on which elements, and over what."""

    subtype: ConflictSubtype
    on_a: str
    on_b: str
    shared: str


Speaks = Callable[[Signs, Signs], Collision | None]

_CHANGES = (
    r"(?:releases?|deployments?|launches|changes|migrations?|updates|experiments|roll-?outs?)"
)
_HALT = re.compile(
    rf"\bno (?:new )?{_CHANGES}\b|\bnothing (?:is )?(?:released|deployed|launched|shipped|changed)\b"
    rf"|\b(?:release|change|code|deployment) freeze\b|\bfreeze (?:on|of) (?:all )?{_CHANGES}\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    rf"^(?:\S+ )?{_CHANGES}\b|\b(?:daily|weekly|hourly) {_CHANGES}\b", re.IGNORECASE
)
_WITHOUT = re.compile(r"\bwithout (?:an? |the |any |our )?(?P<thing>[\w-]+)", re.IGNORECASE)
_CHECK = re.compile(
    r"(?P<who>[\w-]+) (?:checks|check|reviews|review|approves|approve|signs off|reads|confirms"
    r"|verifies) (?:every|each|all)\b|\b(?:seen|read|checked|approved|signed|signed off|confirmed"
    r"|reviewed|verified) by (?:an? |the |our )?(?P<by>[\w-]+)",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"^(?P<thing>(?:(?!without)[^,;:\d])+?) (?:is |are )?(?:dropped|skipped|abolished|scrapped"
    r"|no longer needed|no longer required)\b",
    re.IGNORECASE,
)
_BOOKED = re.compile(
    rf"\b{NUMBER}[\d,.]* (?P<thing>[a-z]+(?:-[a-z]+)?) (?:days|hours|slots|shifts|nights)\b",
    re.IGNORECASE,
)
_ANY_TIME = content_stems(
    "working business calendar consecutive full extra more fewer further last first next business "
    "operating opening man person staff calm quiet"
)
_LEAST_SHARED = 2


def signs(objective: Objective) -> Signs:
    """Read an objective once, to compare it with many others; dropped key results do not count."""
    results = [
        (f"kr:{number}", item)
        for number, item in enumerate(objective.key_results, start=1)
        if item.status != "dropped"
    ]
    moves = {on: move for on, item in results if (move := _move(on, item))}
    texts = [("objective", objective.text), *((on, item.text) for on, item in results)]
    falling = {on for on, move in moves.items() if not move.is_rising}
    risen = [(on, text) for on, text in texts if on not in falling]
    shares = {on for on, move in moves.items() if move.is_share}
    halts = [*_found(_HALT, texts), *_to_nothing(results)]
    still = {item.on for item in halts} | shares
    return Signs(
        all=frozenset().union(*(content_stems(text) for _, text in texts)),
        moves=tuple(moves.values()),
        halts=tuple(halts),
        changes=tuple(item for item in _found(_CHANGE, risen) if item.on not in still),
        bypassed=tuple(_found(_WITHOUT, risen)),
        checking=tuple(_found(_CHECK, risen)),
        dropped=tuple(_found(_DROPPED, texts)),
        booked=tuple(item for item in _found(_BOOKED, texts) if not item.stems <= _ANY_TIME),
    )


def find_collision(a: Signs, b: Signs) -> Collision | None:
    """The first sign that speaks on two objectives."""
    return (
        _either_way(_halted, a, b)
        or _either_way(_gone_round, a, b)
        or _either_way(_done_without, a, b)
        or _booked_twice(a, b)
    )


def _either_way(speak: Speaks, a: Signs, b: Signs) -> Collision | None:
    if found := speak(a, b):
        return found
    back = speak(b, a)
    return back._replace(on_a=back.on_b, on_b=back.on_a) if back else None


def _halted(a: Signs, b: Signs) -> Collision | None:
    """The one stops releases and changes, the other lives by them, around one thing."""
    for halt, change in product(a.halts, b.changes):
        common = (a.all & b.all) - halt.stems
        if common:
            return Collision("speed_vs_stability", halt.on, change.on, halt.words)
    return None


def _gone_round(a: Signs, b: Signs) -> Collision | None:
    """The one does without somebody whom the other has check every case."""
    for gap, check in product(a.bypassed, b.checking):
        common = (a.all & b.all) - gap.stems
        if gap.stems & check.stems and common:
            return Collision("opposite_direction", gap.on, check.on, gap.words)
    return None


def _done_without(a: Signs, b: Signs) -> Collision | None:
    """The one drops what the other wants more of."""
    for gone, move in product(a.dropped, b.moves):
        if move.is_rising and len(gone.stems & move.stems) >= _LEAST_SHARED:
            return Collision("opposite_direction", gone.on, move.on, gone.words)
    return None


def _booked_twice(a: Signs, b: Signs) -> Collision | None:
    """Both count on so many days or hours of one thing."""
    for one, other in product(a.booked, b.booked):
        if one.stems & other.stems:
            return Collision("resource_contention", one.on, other.on, one.words)
    return None


def _move(on: str, result: KeyResult) -> Move | None:
    start, target = result.measure.baseline, result.measure.target
    if start and target and start.value != target.value:
        is_rising = target.value > start.value
    elif result.measure.direction in ("increase", "decrease"):
        is_rising = result.measure.direction == "increase"
    else:
        return None
    is_share = target is not None and target.unit == "%"
    return Move(on, content_stems(result.text), is_share, is_rising)


def _to_nothing(results: list[tuple[str, KeyResult]]) -> Iterator[Sign]:
    """Changes that are to go down to none."""
    for on, item in results:
        target = item.measure.target
        if target and target.value == 0 and (match := _CHANGE.search(item.text)):
            yield Sign(on, match.group(), content_stems(match.group()))


def _found(pattern: re.Pattern[str], texts: list[tuple[str, str]]) -> Iterator[Sign]:
    for on, text in texts:
        for match in pattern.finditer(text):
            words = next((part for part in match.groups() if part), match.group())
            if stems := content_stems(words):
                yield Sign(on, match.group().strip(), stems)
