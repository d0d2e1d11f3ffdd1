"""Places, markets and channels in a goal: "Leeds depot", "DACH", "mobile", "footwear"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.clauses import openings
from assistant.language.dates import periods
from assistant.language.groups import first_describing
from assistant.language.lexicon import all_verbs, is_measure_head, nouns, phrases
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token, read
from assistant.language.sides import Range
from assistant.language.words import word_set

_PREPOSITION = Pattern(
    r"\b(?:in|at|across|within|throughout|from|around|outside|for|of|near|to|among|into|on)\s+"
    r"(?:the |our |all |every |each )*$"
)
_ON_CHANNEL = Pattern(r"\b(?:on|in|via|over|for|by|at|during)\s(?:the |our )?$")
_IN_PLACE = Pattern(r"\b(?:in|at|across|within|throughout|around|outside|near)\s(?:the |our )?$")
_NAME = Pattern(r"[A-Z][\w.&'-]*(?: (?:of |the |and |& )?[A-Z0-9][\w.&'-]*){0,3}")
_NUMBERED = Pattern(r" (?:\d{1,3}|[A-Z])\b(?![.,]\d| ?%)")
_IN_AREA = Pattern(r"\bin (?P<area>[a-z][\w-]+(?: (?:and|&) [a-z][\w-]+)?)")
_SHORT = 2
_WINDOW = 28


def place_ranges(text: str) -> Iterator[Range]:
    """Yield where places stand in the plain text."""
    reading = read(text)
    opened = set(openings(text))
    for index, token in enumerate(reading.tokens):
        if region := phrases("segments", "regions").at(reading.tokens, index):
            if _is_written_as_name(token):
                yield token.start, reading.tokens[index + region[0] - 1].end
        elif channel := phrases("segments", "channels").at(reading.tokens, index):
            yield from _channel(reading, index, index + channel[0] - 1)
        elif place := nouns("segments", "places").at(reading.tokens, index):
            last = index + place[0] - 1
            yield from _kind_of_place(reading, index, last, place[1] == "many", opened)
    taken = [(period.start, period.end) for period in periods(text)]
    yield from _proper_names(reading, taken)
    yield from _lines_of_business(reading, taken)


def _is_written_as_name(token: Token) -> bool:
    return token.text[0].isupper() and (len(token.low) > _SHORT or token.text.isupper())


def _channel(reading: Reading, first: int, last: int) -> Iterator[Range]:
    start = reading.tokens[first].start
    before = reading.low[max(0, start - _WINDOW) : start]
    if _ON_CHANNEL.search(before) and _ends_phrase(reading, last):
        yield start, reading.tokens[last].end


def _kind_of_place(
    reading: Reading, index: int, last: int, is_plural: bool, opened: set[int]
) -> Iterator[Range]:
    tokens = reading.tokens
    first = first_describing(reading, index, opened)
    start, end = tokens[first].start, tokens[last].end
    numbered = _NUMBERED.match(reading.plain, end)
    if numbered and not is_plural:
        yield start, numbered.end()
        return
    before = reading.low[max(0, start - _WINDOW) : start]
    each = first > 0 and tokens[first - 1].low in {"every", "each"}
    counted = is_plural and not reading.low.startswith(" per ", end)
    if (each or counted or _PREPOSITION.search(before)) and _ends_phrase(reading, last):
        yield start, end


def _ends_phrase(reading: Reading, last: int) -> bool:
    """Whether no further noun follows, so that the word found is the head of its phrase."""
    tokens = reading.tokens
    if last + 1 >= len(tokens):
        return True
    following = tokens[last + 1]
    if reading.low[tokens[last].end : following.start].strip():
        return True
    if following.low in word_set("group ends") or following.low[0].isdigit():
        return True
    return all_verbs().at(tokens, last + 1) is not None


def _proper_names(reading: Reading, taken: list[Range]) -> Iterator[Range]:
    for match in _NAME.finditer(reading.plain):
        start = match.start()
        first = reading.starts.get(start)
        before = reading.low[max(0, start - _WINDOW) : start]
        if first is None or not _IN_PLACE.search(before) or _is_in(start, taken):
            continue
        last = first
        while last + 1 < len(reading.tokens) and reading.tokens[last].end < match.end():
            last += 1
        if reading.tokens[first].low not in word_set("no place") and _ends_phrase(reading, last):
            yield match.span()


def _lines_of_business(reading: Reading, taken: list[Range]) -> Iterator[Range]:
    """Words such as "footwear" in "Return rate in footwear": a plain noun behind "in", after the name of a measure."""
    for match in _IN_AREA.finditer(reading.low):
        start = match.start("area")
        word = match.group("area").split()[0]
        if _is_in(start, taken) or word in word_set("no area"):
            continue
        at = reading.starts.get(match.start())
        before = reading.tokens[at - 1].low if at else ""
        if before in word_set("takes in") or not is_measure_head(before):
            continue
        yield start, match.end("area")


def _is_in(position: int, ranges: list[Range]) -> bool:
    return any(start <= position < end for start, end in ranges)
