"""Drift that the words alone decide: rules that are rarely wrong and often silent.

Each was kept because at least nine in ten of the labelled pairs on which it speaks had drifted; that
of the reversed measure hardly occurs there, gave no false alarm, and is tested on swapped targets. A
limit of the parent that the child does not repeat, and people or places that the parent does not
name, did not come near that: they are shown as changed slots and decide nothing. That all key
results count a roll-out is right less often, and says where to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from assistant.analyse.compare import live_texts
from assistant.analyse.links import Link
from assistant.analyse.rollouts import RIGHT, is_rollout
from assistant.language.dates import periods
from assistant.language.parse import parse_measure
from assistant.language.plain import read
from assistant.language.polarity import polarity
from assistant.language.segments import find_segments
from assistant.language.stems import Stems, content_stems, likeness
from assistant.language.words import word_set
from assistant.models import Cycle, Direction, DriftSubtype, Measure, Noun, Objective

_SURE, _DECIDES = 0.95, 0.85
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"\b(?:fy ?'?(?:20)?|20)([2-4]\d)\b")
_NO_EFFECT = re.compile(
    r"\b(?:until|till|through|throughout|to|goes|moved|postponed|off|for)\s*(?:the end of )?$"
)
_CENTURY = 2000
_NEGATIONS = frozenset(
    ["no", "not", "never", "without", "nobody", "none", "zero", "un", "non", "avoided", "lost"]
)


class PlainDrift(Noun):
    """A drift that the words alone decide.

    Attributes:
        subtype: how it drifted.
        above: the parent's words that show it.
        below: the child's words that show it.
        confidence: how often the rule is right, from 0 to 1.
    """

    subtype: DriftSubtype
    above: str
    below: str
    confidence: float = _SURE

    @property
    def is_sure(self) -> bool:
        """Whether the rule decides; else it says where to look, unless a judge denies it."""
        return self.confidence >= _DECIDES


Detector = Callable[[Link], PlainDrift | None]


def plain_drift(link: Link) -> PlainDrift | None:
    """The first rule that speaks on a link, in the order of the subtypes of the guideline."""
    for detect in (reversed_metric, copied, later, other_group, rolled_out):
        if found := detect(link):
            return found
    return None


# The same measure, moved the other way


def reversed_metric(link: Link) -> PlainDrift | None:
    """The parent wants more of what the child wants less of, by the same name."""
    for above, name_above, way_above in _moves(link.parent):
        for below, name_below, way_below in _moves(link.child):
            if way_above != way_below and _is_same_measure(name_above, name_below):
                return PlainDrift(subtype="contradiction", above=above, below=below, confidence=0.9)
    return None


_SAME_NAME = 0.6
_UNREAD = Measure()


def _moves(objective: Objective) -> Iterator[tuple[str, str, Direction]]:
    """Each text that names a measure and moves it up or down."""
    parsed = {item.text: item.measure for item in objective.key_results}
    for text in live_texts(objective):
        measure = parsed.get(text, _UNREAD)
        measure = _measure(text) if measure == _UNREAD else measure
        if measure.metric and measure.direction in ("increase", "decrease"):
            yield text, measure.metric.text, measure.direction


@lru_cache(maxsize=4096)
def _measure(text: str) -> Measure:
    return parse_measure(text)


def _is_same_measure(one: str, other: str) -> bool:
    stems, others = content_stems(one), content_stems(other)
    if likeness(stems, others) < _SAME_NAME or polarity(one) != polarity(other):
        return False
    return _negations(one) == _negations(other)


def _negations(text: str) -> frozenset[str]:
    return frozenset(token.low for token in read(text).tokens) & _NEGATIONS


# The parent once more

_COPY = 0.7
_COPY_WITHOUT_NUMBERS = 0.85
_COPY_IN_WORDS = 0.75


def copied(link: Link) -> PlainDrift | None:
    """Nearly the parent's words, and no number that is not the parent's."""
    numbers, numbers_above = _numbers(link.child), _numbers(link.whole or link.parent)
    if numbers - numbers_above:
        return None
    needed = _COPY if numbers else _COPY_WITHOUT_NUMBERS
    one, other = content_stems(link.child.text), content_stems(link.parent.text)
    if not (link.cosine is not None and link.cosine >= needed) and (
        likeness(one, other) < _COPY_IN_WORDS
    ):
        return None
    return PlainDrift(subtype="copy_paste", above=link.parent.text, below=link.child.text)


def _numbers(objective: Objective) -> frozenset[str]:
    return frozenset(
        match.group().replace(",", "").rstrip(".")
        for text in live_texts(objective)
        for match in _DIGITS.finditer(text)
    )


# Too late


def later(link: Link) -> PlainDrift | None:
    """The child names a year after the last one that the parent, or its period, names."""
    known = [*_years_of(link.parent_cycle), *(year for year, _ in _years(link.parent))]
    if not known:
        return None
    for year, text in _years(link.child):
        if year > max(known):
            above = link.parent_cycle.name if link.parent_cycle else link.parent.text
            return PlainDrift(subtype="horizon_mismatch", above=above, below=text)
    return None


def _years(objective: Objective) -> Iterator[tuple[int, str]]:
    for text in live_texts(objective):
        if not _YEAR.search(text.casefold()):
            continue
        low = read(text).low
        for period in periods(text):
            match = _YEAR.search(low[period.start : period.end])
            if match and not _NO_EFFECT.search(low[: period.start].removesuffix("the end of ")):
                yield _CENTURY + int(match.group(1)), text


def _years_of(cycle: Cycle | None) -> list[int]:
    if cycle is None:
        return []
    named = [_CENTURY + int(match.group(1)) for match in _YEAR.finditer(cycle.name.casefold())]
    return [*named, cycle.end.year] if cycle.end else named


# The means in the place of the end


def rolled_out(link: Link) -> PlainDrift | None:
    """Every key result counts how far something has come, under a parent that asks for an effect."""
    if not is_rollout(link):
        return None
    below = next(item.text for item in link.child.key_results if item.status != "dropped")
    return PlainDrift(
        subtype="means_end_swap", above=link.parent.text, below=below, confidence=RIGHT
    )


# The same sentence about somebody else

_SAME_FRAME = 0.5
_LEAST_SHARED = 2
_MOST_OTHER = 1


def other_group(link: Link) -> PlainDrift | None:
    """The parent's sentence with another group in the place of the one that it names."""
    above, below = content_stems(link.parent.text), content_stems(link.child.text)
    shared, gone, new = above & below, above - below, below - above
    if len(shared) < _LEAST_SHARED or not gone or not new:
        return None
    if min(len(shared) / len(above), len(shared) / len(below)) < _SAME_FRAME:
        return None
    named_above, named_below = _named(link.parent.text), _named(link.child.text)
    if not (gone & named_above and new & named_below) or _may_be_part(link, gone, new):
        return None
    if gone & named_above & content_stems("\n".join(live_texts(link.child))):
        return None
    if len(gone - named_above) > _MOST_OTHER or len(new - named_below) > _MOST_OTHER:
        return None
    return PlainDrift(
        subtype="scope_change", above=link.parent.text, below=link.child.text, confidence=0.9
    )


def _named(text: str) -> Stems:
    spans = [span.text for span in find_segments(text)]
    return frozenset().union(*(content_stems(item) for item in spans)) if spans else frozenset()


def _may_be_part(link: Link, gone: Stems, new: Stems) -> bool:
    """Whether the child's place may lie inside the parent's: Bavaria is a part of Germany."""
    places = [name for name in _proper_names(link.child.text) if content_stems(name) & new]
    if not places:
        return False
    above = [name for name in _proper_names(link.parent.text) if content_stems(name) & gone]
    countries = word_set("regions", "segments") - word_set("wide regions", "segments")
    return not above or any(name.casefold() not in countries for name in (*places, *above))


def _proper_names(text: str) -> list[str]:
    regions = word_set("regions", "segments")
    return [
        token.text
        for index, token in enumerate(read(text).tokens)
        if token.low in regions or (index and token.text[:1].isupper())
    ]
