"""Groups of people and organisations in a goal: "enterprise customers", "year-4 pupils"."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.clauses import openings
from assistant.language.lexicon import all_verbs, also_nouns, is_measure_head, nouns
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.sides import Range
from assistant.language.words import word_set

_MOST_DESCRIBING = 4
_FARTHEST_EACH = 4
_EACH = {"every", "each", "any"}
_QUALIFIED = Pattern(
    r"\s(?:(?:aged|over|under|older than|younger than|above|below) \d[\d–-]*(?: to \d+)?"
    r"(?! ?%)(?:\s(?:years?|months?))?"
    r"|with (?:(?:more|fewer|less) than |over |under |at least )?\d[\d.,]*\+?k? [a-z]+)\b"
)
_AGES = Pattern(r"\b(?:under|over)-\d{1,2}s\b|\b\d{1,2} ?(?:-|–|to) ?\d{1,2}[ -]year[ -]olds\b")
_LIKE_PEOPLE = Pattern(r"[a-z][a-z-]{2,}(?:ers|ists|ians|ees|ants)")


def group_ranges(text: str) -> Iterator[Range]:
    """Yield where groups stand in the plain text."""
    reading = read(text)
    yield from (match.span() for match in _AGES.finditer(reading.low))
    opened = set(openings(text))
    for index in range(len(reading.tokens)):
        head = nouns("segments", "people").at(reading.tokens, index) or _by_ending(reading, index)
        if not head:
            continue
        last = index + head[0] - 1
        is_plural = head[1] == "many" or reading.tokens[last].low in word_set("collective")
        if not _is_head(reading, index, last, is_plural):
            continue
        end = reading.tokens[last].end
        if qualified := _QUALIFIED.match(reading.low, end):
            end = qualified.end()
        yield reading.tokens[first_describing(reading, index, opened)].start, end


def first_describing(reading: Reading, index: int, opened: set[int]) -> int:
    """The first token of the words that describe the noun at an index: "new mobile users"."""
    tokens, first = reading.tokens, index
    while first > 0 and index - first < _MOST_DESCRIBING:
        before = tokens[first - 1]
        gap = reading.low[before.end : tokens[first].start]
        if gap.strip(" *_'\"") or before.low in word_set("group ends") or before.low[0].isdigit():
            break
        if not _may_describe(reading, first - 1, opened):
            break
        first -= 1
    return first


def _by_ending(reading: Reading, index: int) -> tuple[int, str] | None:
    """A plural that ends like people do: "third-graders", "cyclists", "trainees"."""
    word = reading.tokens[index].low
    if not _LIKE_PEOPLE.fullmatch(word) or word in word_set("things like people"):
        return None
    if word.endswith("ants") and word not in word_set("people in -ants"):
        return None
    return 1, "many"


def _is_head(reading: Reading, index: int, last: int, is_plural: bool) -> bool:
    """Whether a noun names a group, and is not part of another name ("customer churn")."""
    tokens = reading.tokens
    following = _adjoining(reading, last)
    if following and (
        nouns("segments", "people").at(tokens, last + 1)
        or nouns("segments", "places").at(tokens, last + 1)
    ):
        return False
    ends_phrase = not following or following in word_set("group ends")
    if is_plural:
        is_described = not ends_phrase and not following.endswith("ed")
        return not (is_described and tokens[last].low in word_set("collective"))
    before = index - 1
    while before > max(-1, index - _FARTHEST_EACH) and tokens[before].low not in word_set(
        "group ends"
    ):
        before -= 1
    is_each = before >= 0 and tokens[before].low in _EACH
    return is_each and (ends_phrase or all_verbs().at(tokens, last + 1) is not None)


def _adjoining(reading: Reading, index: int) -> str:
    """The next word, if only a blank stands before it."""
    tokens = reading.tokens
    if index + 1 >= len(tokens):
        return ""
    gap = reading.low[tokens[index].end : tokens[index + 1].start]
    return tokens[index + 1].low if gap == " " else ""


def _may_describe(reading: Reading, index: int, opened: set[int]) -> bool:
    tokens = reading.tokens
    word = tokens[index].low
    if word in word_set("describing", "segments"):
        return True
    verb = all_verbs().at(tokens, index)
    if verb and verb.form == "base" and index not in opened:
        return word in also_nouns() or tokens[index - 1].low in word_set("before a group")
    if verb and (index in opened or verb.form in {"gerund", "third"}):
        return False
    return not is_measure_head(word) or word == "risk"
