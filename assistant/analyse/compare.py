"""What became of each part of a parent's meaning in its child, in words that people can check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from assistant.language.dates import find_deadlines
from assistant.language.plain import read
from assistant.language.slots import Slots, parse_slots
from assistant.language.stems import Stems, content_stems, function_words, likeness, stem
from assistant.models import Cycle, Direction, Noun, Objective, SlotChange, SlotName, shortened

Similarity = Callable[[str, str], float]
"""Takes two short texts; returns their cosine. It only helps to recognise synonyms."""

Change = SlotChange
_ALIKE = 0.5
"""The share of words that two names of one thing have in common."""
_YEAR = re.compile(r"\b20[2-4]\d\b")
_NARROWER = 0.9
_SYNONYMS = 0.65
_TAIL = re.compile(r"\s(?:of|in|from|at|for|on|by|with|who|that|which|within|per|among|to)\s|[,(:]")
_LONGEST = 70


class Aim(Noun):
    """One thing that is measured or moved, and which way."""

    words: str
    direction: Direction | None = None


class Meaning(Noun):
    """What an objective with its key results is about, part by part, in its own words."""

    metrics: tuple[Aim, ...] = ()
    segments: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    horizon: str | None = None
    until: date | None = None
    everything: str = ""


def meaning(objective: Objective, cycle: Cycle | None = None) -> Meaning:
    """Read the parts of an objective and of those key results that were not dropped.

    Args:
        objective: of a child that hangs under a key result, the parent with that one alone.
        cycle: its planning period.
    """
    texts = live_texts(objective)
    slots = [_slots(text) for text in texts]
    horizon, until = _horizon(texts, objective, cycle)
    return Meaning(
        metrics=tuple(_aims(texts, slots)),
        segments=_segments(slots),
        mechanisms=_distinct(item.mechanism.text for item in slots if item.mechanism),
        guards=tuple(_guards(texts, slots)),
        horizon=horizon,
        until=until,
        everything="\n".join(texts),
    )


def live_texts(objective: Objective) -> tuple[str, ...]:
    """The text of the objective and of its key results, without dropped ones."""
    results = (item.text for item in objective.key_results if item.status != "dropped")
    return (objective.text, *results)


def slot_changes(
    child: Objective,
    parent: Objective,
    *,
    child_cycle: Cycle | None = None,
    parent_cycle: Cycle | None = None,
    similarity: Similarity | None = None,
) -> tuple[Change, ...]:
    """Compare what a child is about with what its parent is about.

    Args:
        child: with its key results.
        parent: with its key results, or only with the one that the child hangs under.
        child_cycle: its planning period, if known.
        parent_cycle: its planning period, if known.
        similarity: recognises synonyms where no word is shared.

    Returns:
        One entry for each slot that either side fills (a horizon: both sides), in the order metric, segment, direction,
        mechanism, horizon, guard; every entry keeps the words of both sides.
    """
    below, above = meaning(child, child_cycle), meaning(parent, parent_cycle)
    found = (
        *_metric_and_direction(above, below, similarity),
        _part("segment", above.segments, below.segments, below.everything, similarity),
        _part("mechanism", above.mechanisms, below.mechanisms, below.everything, similarity),
        _horizons(above, below),
        _part("guard", above.guards, below.guards, below.everything, similarity),
    )
    return tuple(sorted((item for item in found if item), key=lambda item: _ORDER[item.slot]))


def in_words(changes: Iterable[Change]) -> str:
    """One line for people: ``metric changed: market share -> deal size; segment kept``."""
    return "; ".join(_phrase(change) for change in changes)


_ORDER: dict[SlotName, int] = {
    "metric": 0,
    "segment": 1,
    "direction": 2,
    "mechanism": 3,
    "horizon": 4,
    "guard": 5,
}


def _phrase(change: Change) -> str:
    above, below = (shortened(words or "", _LONGEST) for words in (change.above, change.below))
    if change.change == "changed":
        return f"{change.slot} changed: {above} -> {below}"
    if change.change == "lost":
        return f"{change.slot} lost: {above}"
    if change.change == "added":
        return f"{change.slot} added: {below}"
    return f"{change.slot} kept"


@lru_cache(maxsize=4096)
def _slots(text: str) -> Slots:
    return parse_slots(text)


def _aims(texts: Iterable[str], slots: Iterable[Slots]) -> Iterator[Aim]:
    """The measures of the key results, then what the objective itself moves, unless a group."""
    pairs = list(zip(texts, slots, strict=True))
    for _, item in (*pairs[1:], *pairs[:1]):
        words = item.what or item.measure.metric
        groups = [content_stems(span.text) for span in item.segments]
        if words and content_stems(words.text) and content_stems(words.text) not in groups:
            yield Aim(words=words.text, direction=item.measure.direction)


def _segments(slots: Sequence[Slots]) -> tuple[str, ...]:
    """Those of the objective; only where it names none, those of its key results."""
    own = _distinct(span.text for span in slots[0].segments)
    return own or _distinct(span.text for item in slots[1:] for span in item.segments)


def _guards(texts: Iterable[str], slots: Iterable[Slots]) -> Iterator[str]:
    """Limits that a text states, and key results that are to stay as they are."""
    for number, (text, item) in enumerate(zip(texts, slots, strict=True)):
        if item.guard:
            yield item.guard.text
        elif number and item.measure.direction == "hold":
            yield text


def _horizon(
    texts: Iterable[str], objective: Objective, cycle: Cycle | None
) -> tuple[str | None, date | None]:
    """The latest day that is stated, else the horizon or the end of the cycle; with its words."""
    due = [item for text in texts for item in find_deadlines(text, cycle)]
    dated = [(item.on, item.span.text) for item in due if item.on]
    if dated:
        on, words = max(dated)
        return words, on
    stated = due[0].span.text if due else objective.horizon
    if stated:
        return stated, _end_of_year(stated)
    return (cycle.name, cycle.end) if cycle else (None, None)


def _end_of_year(words: str) -> date | None:
    match = _YEAR.search(words)
    return date(int(match.group()), 12, 31) if match else None


def _metric_and_direction(
    above: Meaning, below: Meaning, similarity: Similarity | None
) -> Iterator[Change]:
    pair = _best(above.metrics, below.metrics, similarity)
    if pair is None:
        if change := _change(
            "metric",
            above.metrics[0].words if above.metrics else None,
            below.metrics[0].words if below.metrics else None,
        ):
            yield change
        return
    one, other = pair
    yield SlotChange(slot="metric", change="kept", above=one.words, below=other.words)
    if one.direction in _WAYS and other.direction in _WAYS:
        kept = one.direction == other.direction
        yield SlotChange(
            slot="direction",
            change="kept" if kept else "changed",
            above=one.direction,
            below=other.direction,
        )


_WAYS = {"increase", "decrease"}


def _best(
    above: Iterable[Aim], below: Iterable[Aim], similarity: Similarity | None
) -> tuple[Aim, Aim] | None:
    """The two measures that are most plainly the same thing, if any are."""
    pairs = [(one, other) for one in above for other in below]
    graded = [(_sameness(one.words, other.words, similarity), one, other) for one, other in pairs]
    grade, one, other = max(graded, key=lambda item: item[0], default=(0.0, None, None))
    return (one, other) if one and other and grade >= _ALIKE else None


def _part(
    slot: SlotName,
    above: tuple[str, ...],
    below: tuple[str, ...],
    everything_below: str,
    similarity: Similarity | None,
) -> Change | None:
    pairs = [(one, other) for one in above for other in below]
    graded = [(_sameness(one, other, similarity), one, other) for one, other in pairs]
    grade, one, other = max(graded, key=lambda item: item[0], default=(0.0, "", ""))
    if grade >= _ALIKE:
        return SlotChange(slot=slot, change="kept", above=one, below=other)
    said = next((item for item in above if _is_said(item, everything_below)), None)
    if said:
        return SlotChange(slot=slot, change="kept", above=said)
    return _change(slot, above[0] if above else None, below[0] if below else None)


def _horizons(above: Meaning, below: Meaning) -> Change | None:
    if not (above.horizon and below.horizon):
        return None
    if above.until and below.until:
        kept = below.until <= above.until
    else:
        kept = not _time_words(above.horizon).isdisjoint(_time_words(below.horizon))
    return SlotChange(
        slot="horizon",
        change="kept" if kept else "changed",
        above=above.horizon,
        below=below.horizon,
    )


def _time_words(text: str) -> frozenset[str]:
    words = (token.low for token in read(text).tokens)
    return frozenset(word for word in words if word not in function_words())


def _change(slot: SlotName, above: str | None, below: str | None) -> Change | None:
    if above and below:
        return SlotChange(slot=slot, change="changed", above=above, below=below)
    if above:
        return SlotChange(slot=slot, change="lost", above=above)
    return SlotChange(slot=slot, change="added", below=below) if below else None


def _sameness(one: str, other: str, similarity: Similarity | None) -> float:
    """How plainly two names name one thing, from 0 to 1.

    They do where most of their words are the same, or where one is the other made narrower:
    ``churn`` and ``churn of small customers``, ``customers`` and ``retail customers``.
    """
    stems, others = _naming(one), _naming(other)
    shared = likeness(stems, others)
    narrower = stems and others and (stems <= others or others <= stems)
    if narrower and (min(len(stems), len(others)) > 1 or _head(one) == _head(other)):
        return max(shared, _NARROWER)
    if shared >= _ALIKE or similarity is None:
        return shared
    cosine = similarity(one, other)
    return cosine if cosine >= _SYNONYMS else shared


def _head(words: str) -> str:
    """The stem of the noun that a phrase is about: ``rate`` in "return rate of shoes"."""
    front = _TAIL.split(words, maxsplit=1)[0]
    named = [token.low for token in read(front).tokens if content_stems(token.low)]
    return stem(named[-1]) if named else ""


def _naming(words: str) -> Stems:
    """What names a thing, without the words that only count it."""
    stems = content_stems(words)
    return stems - _COUNTING or stems


_COUNTING = content_stems(
    "number share rate average median total percentage proportion count level score day days week "
    "month year quarter hour time amount new"
)


def _is_said(words: str, text: str) -> bool:
    stems = _naming(words)
    return bool(stems) and stems <= content_stems(text)


def _distinct(items: Iterable[str]) -> tuple[str, ...]:
    by_stems = {content_stems(item) or frozenset({item}): item for item in items}
    return tuple(by_stems.values())
