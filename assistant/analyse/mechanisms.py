"""What the words of two objectives alone say that they are to each other: rarely, and well.

Each rule was kept because at least nine in ten of the labelled pairs on which it speaks are what it
says. The same name moved in opposite directions, or a long phrase in common, did not come near
that: those pairs are left to the trained reader. What :mod:`assistant.analyse.collisions` sees is
right less often, and worth a look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from assistant.analyse.collisions import Signs, find_collision, signs
from assistant.language.numerals import NUMBER
from assistant.language.stems import Stems, content_stems, likeness
from assistant.models import ConflictSubtype, Noun, Objective, PeerKind

Needs = Literal["a", "b"]
_SURE = 0.9
_LIKELY = 0.75
_BY_CHANCE = 0.5
"""Of a rule that speaks by chance too, so that something else has to bear it out."""


class Mechanism(Noun):
    """What two objectives are to each other, and the words that show it.

    Attributes:
        kind: conflict, duplicate or dependency.
        subtype: of a conflict.
        needs: of a dependency, which side needs the other.
        on_a: the element of the first that shows it: ``objective`` or ``kr:N``.
        on_b: that of the second.
        shared: what both name, in the words of the first.
        confidence: how often the rule is right, from 0 to 1.
    """

    kind: PeerKind
    subtype: ConflictSubtype | None = None
    needs: Needs | None = None
    on_a: str
    on_b: str
    shared: str
    confidence: float = _SURE

    @property
    def is_sure(self) -> bool:
        """Whether the rule decides."""
        return self.confidence >= _SURE

    @property
    def stands_alone(self) -> bool:
        """Whether the rule says where to look, with nothing else to bear it out."""
        return self.confidence >= _LIKELY


class _Start(NamedTuple):
    """Where a key result starts and where it goes, in one unit."""

    on: str
    value: float
    target: float
    unit: str
    name: str

    @property
    def is_rising(self) -> bool:
        return self.target > self.value


class _Thing(NamedTuple):
    """Something that a text rests on, or claims for itself alone."""

    words: str
    stems: Stems
    amount: str
    is_claim: bool


class _Use(NamedTuple):
    """A thing, and the element that uses it."""

    on: str
    thing: _Thing


class Facets(NamedTuple):
    """What the rules look at in one objective; see :func:`facets`."""

    elements: tuple[tuple[str, str], ...]
    starts: tuple[_Start, ...]
    uses: tuple[_Use, ...]
    signs: Signs


def facets(objective: Objective) -> Facets:
    """Read an objective once, to compare it with many others."""
    elements = tuple(live_elements(objective))
    return Facets(
        elements=elements,
        starts=tuple(_starts(objective)),
        uses=tuple(_Use(on, thing) for on, text in elements for thing in _things(text)),
        signs=signs(objective),
    )


def live_elements(objective: Objective) -> Iterator[tuple[str, str]]:
    """The objective and its key results by name, without dropped ones."""
    yield "objective", objective.text
    for number, item in enumerate(objective.key_results, start=1):
        if item.status != "dropped":
            yield f"kr:{number}", item.text


def find_mechanism(a: Facets, b: Facets) -> Mechanism | None:
    """The first rule that speaks on two objectives; swapping them swaps what it says."""
    number = _one_number(a, b)
    if number and number.is_sure:
        return number
    return _one_resource(a, b) or _one_needs_the_other(a, b) or _colliding(a, b) or number


def _colliding(a: Facets, b: Facets) -> Mechanism | None:
    found = find_collision(a.signs, b.signs)
    return found and Mechanism(
        kind="conflict",
        subtype=found.subtype,
        on_a=found.on_a,
        on_b=found.on_b,
        shared=found.shared,
        confidence=_LIKELY,
    )


# One number, moved by two


_EVERYDAY = frozenset({0.0, 1.0, 100.0})
_WHOLE = 100.0
_NEAR = 0.35
_MONEY = frozenset("$€£")
_SAME_NAME = 0.2
_VERY_SAME_NAME = 0.33
_SMALL, _WELL_NAMED = 20, 0.5
_CLOSE = 1e-6


def _one_number(a: Facets, b: Facets) -> Mechanism | None:
    """Two key results that start at one value: what is measured is one thing, if named alike."""
    found = (_moved(one, other) for one, other in product(a.starts, b.starts))
    return max((item for item in found if item), key=lambda item: item.confidence, default=None)


def _moved(one: _Start, other: _Start) -> Mechanism | None:
    if one.unit != other.unit:
        return None
    alike = likeness(content_stems(one.name), content_stems(other.name))
    if one.value == other.value and one.is_rising != other.is_rising:
        return (
            _by_number(one, other, _SURE, "opposite_direction")
            if alike >= _VERY_SAME_NAME
            else None
        )
    goes_along = one.value == other.value and _is_near(one.target, other.target, one)
    if goes_along or _is_complement(one, other):
        return _by_number(one, other, _SURE if alike >= _name_needed(one) else _BY_CHANCE)
    if one.value == other.value and alike >= _VERY_SAME_NAME:
        return _by_number(one, other, _SURE)
    return None


def _by_number(
    one: _Start, other: _Start, confidence: float, subtype: ConflictSubtype | None = None
) -> Mechanism:
    return Mechanism(
        kind="conflict" if subtype else "duplicate",
        subtype=subtype,
        on_a=one.on,
        on_b=other.on,
        shared=one.name,
        confidence=confidence,
    )


def _name_needed(start: _Start) -> float:
    """How alike two names have to be: small counts meet by chance."""
    is_small = not start.unit and start.value < _SMALL and start.value.is_integer()
    return _WELL_NAMED if is_small else _SAME_NAME


def _is_complement(one: _Start, other: _Start) -> bool:
    """35 % who can against 65 % who cannot: one measure, counted from its two ends."""
    return (
        one.unit == "%"
        and abs(one.value + other.value - _WHOLE) < _CLOSE
        and one.is_rising != other.is_rising
        and _is_near(one.target, _WHOLE - other.target, one)
    )


def _is_near(target: float, other: float, start: _Start) -> bool:
    return abs(target - other) <= _NEAR * abs(start.target - start.value)


def _starts(objective: Objective) -> Iterator[_Start]:
    for number, item in enumerate(objective.key_results, start=1):
        start, target = item.measure.baseline, item.measure.target
        if item.status == "dropped" or not start or not target or start.value == target.value:
            continue
        if start.value in _EVERYDAY:
            continue
        unit = (start.unit or "")[:1]
        yield _Start(
            on=f"kr:{number}",
            value=start.value,
            target=target.value,
            unit=unit if unit == "%" or unit in _MONEY else "",
            name=item.measure.metric.text if item.measure.metric else item.text,
        )


# One thing, taken or needed


_TAKES = r"uses?|using|takes?|taking|needs?|needing|wants?|wanting|built by|booked by|drawing on"
_RESTS = (
    r"based on|using|uses|given|(?:built|drawn|fed) from|rest(?:s|ing) on|sized on|needs?|requires?"
    r"|rel(?:ies|ying) on|depend(?:s|ing) on|through|via|behind|once"
)
_ARTICLE = r"(?:(?:the|our|its|an?|each) )?"
_WHOLE_OF = r"(?:all|the only|the whole|the entire)(?: of)?(?: the| our| its)?"
_COUNTED = rf"(?:{_WHOLE_OF}|the|our|its)(?= {NUMBER})"
_CLAIM = re.compile(
    rf"(?:\b(?:{_TAKES}) {_WHOLE_OF}|\b(?:{_TAKES}|with|by) {_COUNTED}|\b(?:uses|takes) the"
    rf"|^the only|^all(?= {NUMBER})) (?P<thing>(?:(?! and all )[^,;:.()])+)",
    re.IGNORECASE,
)
_REST = re.compile(
    rf"\b(?:{_RESTS})\b {_ARTICLE}(?P<thing>(?:(?! and all )[^,;:.()])+)", re.IGNORECASE
)
_END = re.compile(
    r"\s(?:of|in|on|for|to|by|from|at|with|and|between|before|after|that|who|which|is|are|we|each"
    r"|this|from|until|released)\b|\s\d",
    re.IGNORECASE,
)
_AMOUNT = re.compile(rf"^\s*({NUMBER}[\d,.]*)\s*", re.IGNORECASE)
_TIMES = content_stems(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december day week month quarter year morning evening "
    "spring summer autumn winter today time hour minute weekend night season"
)
_MEANS = re.compile(r"\b(?:through|via|out of|from|using|behind|once|by|with)\b", re.IGNORECASE)
"""What follows these is what a text uses, not what it is about."""

_SAME_THING = 0.5
_LEAST_NAMED = 2


def _one_resource(a: Facets, b: Facets) -> Mechanism | None:
    for (on_a, one), (on_b, other) in product(a.uses, b.uses):
        if not (one.is_claim and other.is_claim):
            continue
        if one.amount and other.amount and one.amount != other.amount:
            continue
        if likeness(one.stems, other.stems) >= _SAME_THING:
            return Mechanism(
                kind="conflict",
                subtype="resource_contention",
                on_a=on_a,
                on_b=on_b,
                shared=one.words,
            )
    return None


def _one_needs_the_other(a: Facets, b: Facets) -> Mechanism | None:
    if found := _needed(a, b):
        own, other, words = found
        return Mechanism(kind="dependency", needs="a", on_a=own, on_b=other, shared=words)
    if found := _needed(b, a):
        own, other, words = found
        return Mechanism(kind="dependency", needs="b", on_a=other, on_b=own, shared=words)
    return None


def _needed(needer: Facets, provider: Facets) -> tuple[str, str, str] | None:
    """The element that rests on something, the element of the other about it, and its words."""
    for on, thing in needer.uses:
        if thing.is_claim or len(thing.stems) < _LEAST_NAMED:
            continue
        for other, text in provider.elements:
            named = thing.stems & content_stems(text)
            if named.isdisjoint(content_stems(_MEANS.split(text, maxsplit=1)[0])):
                continue
            if len(named) >= _LEAST_NAMED and len(named) / len(thing.stems) >= _SAME_THING:
                return on, other, thing.words
    return None


@lru_cache(maxsize=65536)
def _things(text: str) -> tuple[_Thing, ...]:
    claims = tuple(_CLAIM.finditer(text))
    claimed = {match.end() for match in claims}
    rests = (match for match in _REST.finditer(text) if match.end() not in claimed)
    found = [_thing(match, is_claim=True) for match in claims]
    found += [_thing(match, is_claim=False) for match in rests]
    return tuple(item for item in found if item)


def _thing(match: re.Match[str], *, is_claim: bool) -> _Thing | None:
    words = match["thing"]
    amount = _AMOUNT.match(words)
    named = words[amount.end() :] if amount else words
    named = _END.split(named, maxsplit=1)[0] if is_claim else named
    stems = content_stems(named) - _TIMES
    number = amount[1].strip() if amount else ""
    said = " ".join(f"{number} {named}".split())
    return _Thing(said, stems, number.casefold(), is_claim) if stems else None
