"""Where the clauses of a goal open, and with which verb."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.language.codes import named_digits
from assistant.language.lexicon import (
    Verb,
    all_verbs,
    also_nouns,
    is_measure_head,
    nouns,
    phrases,
)
from assistant.language.noun_use import is_noun_use
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.words import word_set

_LABEL = Pattern(
    r"[^\w\[(]*(?:"
    r"\[[ x]\]"
    r"|[\[(](?:p|kr|o|okr|kpi|t|m)\s?-?\d+(?:\.\d+)*[\])]\s*[:.–-]?"
    r"|(?:kr|o|okr|kpi|obj|objective|key result|goal|p|krs)\s?#?\d+(?:[.-]\d+)*\s*(?:[:.)]|[–-]\s)"
    r"|\d{1,2}(?:\.\d{1,2})*[.)](?=\s)"
    r"|(?:objective|key result|goal|kpi|kr|target|aim|hypothesis|outcome)\s*:"
    r")\s*"
)
_TICKET = Pattern(r"\s*(?!COVID|ISO|SOC|GPT|CO)[A-Z]{2,10}-\d{1,6}\b\s*[:.–-]?\s+")
_WE = r"(?:we|i|you|they|everyone|(?:the|our|every|each|all) (?:\w+ )?teams?)"
_SUBJECT = Pattern(
    rf"(?:(?:{_WE}|the organi[sz]ation|the company|our people)\s+(?:have|has)\s+"
    r"(?=\w+ed\b|built|written|run|held|sent|set|made)"
    rf"|{_WE}\s+(?:will|want to|aim to|plan to|are going to|should|must|need to|shall"
    r"|would like to|have to|intend to|can|to|are)\s+(?:be (?=\w+ing\b))?"
    r"|we'll\s+|we\s+(?=[a-z]+)"
    r"|(?:our|the|my) (?:\w+ )?(?:aim|goal|objective|ambition|target|intention|mission|plan)"
    r"(?: for [\w ]{1,30}?)? (?:is|will be)(?: to| that)?\s+"
    r"|(?:in order |so as )?to\s+|please\s+|let's\s+|also\s+|then\s+|further\s+|again\s+"
    r"|and\s+|not only\s+|that\s+|therefore\s+"
    r"|(?!(?:early|daily|weekly|monthly|yearly|quarterly|hourly|nightly|only|supply|family|assembly"
    r"|july|reply|apply|italy|rely|elderly|friendly|costly|timely|likely|unlikely|monopoly|fly)\b)"
    r"[a-z]{2,20}ly\s+(?=[a-z]))"
)
_TEAM_TO = Pattern(
    r"(?P<who>[A-Z]\w+(?: (?:and|&) [A-Z]\w+| [A-Z]\w+| (?:team|squad|crew|desk|department|unit))?)"
    r"(?: team)? (?:to|will|must) "
)
_BREAK = Pattern(r"(?:[.;!?](?=\s|$)|:(?=\s)|\n|\s[–—]\s|\s-\s|\s\|\s|[=-]>|→)\s*")
_INTRODUCTION = Pattern(
    r"(?:in|by|for|across|with|within|among|through|as|after|on|at|from|until|to|during|following"
    r"|over|per|when|while|if|because|given|having)\b[^.;:]{2,120}?(?:,\s+|\s(?=we\s))"
)


_NOUN_ENDING = Pattern(
    r"(?:^.{1,2}|[^s]s|tion|sion|ment|ness|ity|ance|ence|ship|hood|ism|ist|ology|graphy|age|ing"
    r"|ure)$"
)
_COUNT = Pattern(
    r"(?:\d[\d.,]*k?|half|two|three|four|five|six|seven|eight|nine|ten) (?!of\b.*:)[a-z]"
)


class Lead(NamedTuple):
    """The verb that opens a clause. ``at`` is the number of its first token."""

    at: int
    verb: Verb

    @property
    def next(self) -> int:
        """The number of the token behind the verb."""
        return self.at + self.verb.length


@lru_cache(maxsize=4096)
def openings(text: str) -> tuple[int, ...]:
    """The tokens at which clauses open, labels and phrases such as "we will" left out."""
    reading = read(text)
    positions = [token.start for token in reading.tokens]
    starts = [0, *(match.end() for match in _BREAK.finditer(reading.low))]
    # Of breaks with no word between them the last one counts: "a - - - - b".
    last = {bisect_left(positions, start): start for start in starts}
    return tuple(sorted({at for start in last.values() for at in _openings_from(reading, start)}))


def skip_opening(reading: Reading, start: int, limit: int) -> int:
    """Where a clause comes to the point: labels, introductions and "we will" left out."""
    start = _skip_labels(reading, start)
    introduction = _INTRODUCTION.match(reading.low, start)
    if introduction and introduction.end() <= limit:
        start = introduction.end()
    skipped = _skip_subject(reading, start)
    return skipped if skipped <= limit else start


@lru_cache(maxsize=4096)
def leads(text: str) -> tuple[Lead, ...]:
    """The verbs that open the clauses of a text, coordinated ones ("build and launch") too."""
    reading = read(text)
    found: list[Lead] = []
    for index in openings(text):
        lead = _lead_at(reading, index)
        while lead:
            found.append(lead)
            lead = _coordinated(reading, lead)
    return tuple(found)


def lead_end(reading: Reading, lead: Lead) -> int:
    """The position behind the verb."""
    return reading.tokens[lead.next - 1].end


def _openings_from(reading: Reading, start: int) -> Iterator[int]:
    start = _skip_labels(reading, start)
    if introduction := _INTRODUCTION.match(reading.low, start):
        yield from _token_from(reading, _skip_subject(reading, introduction.end()))
    yield from _token_from(reading, _skip_subject(reading, start))


def _skip_labels(reading: Reading, start: int) -> int:
    while label := _LABEL.match(reading.low, start) or _TICKET.match(reading.plain, start):
        start = label.end()
    return start


def _skip_subject(reading: Reading, start: int) -> int:
    while start < len(reading.low) and not reading.low[start].isalnum():
        start += 1
    team = _TEAM_TO.match(reading.plain, start)
    if team and _is_team(reading, team):
        start = team.end()
    while (match := _SUBJECT.match(reading.low, start)) and match.end() > start:
        start = match.end()
    return start


def _is_team(reading: Reading, match: re.Match[str]) -> bool:
    """Whether "X to" names who acts: a verb follows, and X is no measure, work or verb itself."""
    first, behind = reading.starts.get(match.start()), reading.starts.get(match.end())
    if first is None or behind is None or not all_verbs().at(reading.tokens, behind):
        return False
    words = match.group("who").lower().split()
    if is_measure_head(words[-1]) or is_measure_head(words[0]):
        return False
    verb = all_verbs().at(reading.tokens, first)
    is_verb = verb and verb.form == "base" and verb.lemma not in also_nouns()
    return not is_verb and not phrases("verbs", "delivery nouns").at(reading.tokens, first)


def _token_from(reading: Reading, start: int) -> Iterator[int]:
    """The next token, if the clause does not end before it."""
    while start < len(reading.low) and start not in reading.starts:
        start += 1
        if reading.low.startswith((".", ";"), start):
            return
    if start in reading.starts:
        yield reading.starts[start]


def _lead_at(reading: Reading, index: int) -> Lead | None:
    verb = all_verbs().at(reading.tokens, index)
    if not verb:
        return Lead(index, Verb(1, "", "base")) if _is_unknown_verb(reading, index) else None
    if verb.form == "third" or is_noun_use(reading, index, verb):
        return None
    return Lead(index, verb)


def _is_unknown_verb(reading: Reading, index: int) -> bool:
    """Whether a word that no list knows is a verb: "Delight our guests", "Woo 30 shops"."""
    if index + 1 >= len(reading.tokens):
        return False
    token, following = reading.tokens[index], reading.tokens[index + 1]
    if reading.low[token.end : following.start] != " " or not token.low.isalpha():
        return False
    is_noun = token.text.isupper() or _NOUN_ENDING.search(token.low) or is_measure_head(token.low)
    if is_noun or token.low in word_set("never verbs"):
        return False
    if nouns("segments", "people").at(reading.tokens, index):
        return False
    is_named = named_digits(reading.raw)[following.start]
    counts = not is_named and _COUNT.match(reading.low, following.start)
    return bool(counts) or following.low in word_set("verbs stand before")


def _coordinated(reading: Reading, lead: Lead) -> Lead | None:
    tokens, after = reading.tokens, lead.next
    if after >= len(tokens):
        return None
    gap = reading.low[tokens[after - 1].end : tokens[after].start]
    if tokens[after].low in {"and", "or", "then"}:
        after += 1
    elif not set("&/,+").intersection(gap):
        return None
    verb = all_verbs().at(tokens, after) if after < len(tokens) else None
    return Lead(after, verb) if verb and verb.form == lead.verb.form else None
