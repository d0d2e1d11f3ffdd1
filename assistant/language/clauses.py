"""Where the clauses of a goal open, and with which verb."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.language.codes import named_digits
from assistant.language.lexicon import Verb, all_verbs, also_nouns, is_measure_head, phrases
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token, read
from assistant.language.words import load

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
_SUBJECT = Pattern(
    r"(?:(?:we|i|you|they|everyone|(?:the|our|every|each|all) (?:\w+ )?teams?|the organi[sz]ation"
    r"|the company|our people)\s+(?:have|has)\s+(?=\w+ed\b|built|written|run|held|sent|set|made)"
    r"|(?:we|i|you|they|everyone|(?:the|our|every|each|all) (?:\w+ )?teams?)"
    r"\s+(?:will|want to|aim to|plan to|are going to|should|must|need to|shall|would like to"
    r"|have to|intend to|can|to|are)\s+(?:be (?=\w+ing\b))?"
    r"|we'll\s+|we\s+(?=[a-z]+)"
    r"|(?:our|the|my) (?:\w+ )?(?:aim|goal|objective|ambition|target|intention|mission|plan)"
    r"(?: for [\w ]{1,30}?)? (?:is|will be)(?: to| that)?\s+"
    r"|(?:in order |so as )?to\s+|please\s+|let's\s+|also\s+|then\s+|further\s+|again\s+|jointly\s+"
    r"|and\s+|not only\s+|that\s+|therefore\s+"
    r"|(?!(?:early|daily|weekly|monthly|yearly|quarterly|hourly|nightly|only|supply|family|assembly"
    r"|july|reply|apply|italy|rely|elderly|friendly|costly|timely|likely|unlikely|monopoly|fly)\b)"
    r"[a-z]{2,20}ly\s+(?=[a-z]))"
)
_TEAM_TO = Pattern(
    r"(?P<who>[A-Z]\w+(?: (?:and|&) [A-Z]\w+| [A-Z]?\w+)?)(?: team)? (?:to|will|must) "
)
_BREAK = Pattern(r"(?:[.;!?](?=\s|$)|:(?=\s)|\n|\s[–—]\s|\s-\s|\s\|\s|[=-]>|→)\s*")
_INTRODUCTION = Pattern(
    r"(?:in|by|for|across|with|within|among|through|as|after|on|at|from|until|to|during|following"
    r"|over|per|when|while|if|because|given|having)\b[^.;:]{2,120}?(?:,\s+|\s(?=we\s))"
)
_DETERMINERS = frozenset(
    "the a an our all every each new more this these its their your my both any half another no "
    "first second it them us up out".split()
)
_COMPOUND_HEADS = frozenset("rate rates ratio ratios time times score".split())
_LEVEL_BEHIND = Pattern(
    r"\s*(?:\([^()]*\)\s*)?(?::|≥|≤|<|>|=|→|from\s+[$€£]?\d|at least|at most|under|below|above"
    r"|up\b|down\b|\+|[$€£]?\s?\d)"
)
_NOUN_IF_FOLLOWED_BY = frozenset(
    "of per from is are has have was were by under below above".split()
)
_NP_ENDS = frozenset(
    "of per from to in by for with on at is are was were under below above over across among until "
    "against between about after during than before within without through via and or that which who so from than rises falls drops grows "
    "improves increases decreases up down reaches stays remains".split()
)
_MEASURE_NEARBY = Pattern(
    r"[\d%↑↓]|\b(?:up|down|improves?|rises?|falls?|zero|doubled|halved"
    r"|one|two|three|four|five|ten|half|third|quarter)\b"
)
LEVELS_NEXT = Pattern(
    r"\s*(?:\([^()]*\)|:(?: \w+)?)?\s*(?:from\b[^.;]{0,40}?\bto\b|[$€£]?\s?\d[^.;]{0,24}?(?:→|->|=>))"
)
_NAMED_LEVELS = Pattern(
    r"[^,.;:]{0,80}:\s*(?:from )?[$€£]?\s?\d[^.;]{0,24}?(?:→|->|\bto\b)\s*[<≤]?\s?[$€£]?\s?\d"
)


class Lead(NamedTuple):
    """The verb that opens a clause. ``at`` is the number of its first token."""

    at: int
    verb: Verb


@lru_cache(maxsize=512)
def openings(text: str) -> tuple[int, ...]:
    """The tokens at which clauses open, labels and phrases such as "we will" left out."""
    reading = read(text)
    starts = [0]
    starts += [match.end() for match in _BREAK.finditer(reading.low)]
    found: list[int] = []
    for start in starts:
        found.extend(_openings_from(reading, start))
    return tuple(sorted(set(found)))


def _openings_from(reading: Reading, start: int) -> list[int]:
    start = _skip_labels(reading, start)
    found = []
    if introduction := _INTRODUCTION.match(reading.low, start):
        found += _token_from(reading, _skip_subject(reading, introduction.end()))
    return found + _token_from(reading, _skip_subject(reading, start))


def skip_opening(reading: Reading, start: int, limit: int) -> int:
    """Where a clause comes to the point: labels, introductions and "we will" left out."""
    start = _skip_labels(reading, start)
    introduction = _INTRODUCTION.match(reading.low, start)
    if introduction and introduction.end() <= limit:
        start = introduction.end()
    skipped = _skip_subject(reading, start)
    return skipped if skipped <= limit else start


def _skip_labels(reading: Reading, start: int) -> int:
    while label := _LABEL.match(reading.low, start) or _TICKET.match(reading.plain, start):
        start = label.end()
    return start


def _skip_subject(reading: Reading, start: int) -> int:
    while start < len(reading.low) and not reading.low[start].isalnum():
        start += 1
    if team := _TEAM_TO.match(reading.plain, start):
        start = team.end() if _is_team(reading, team) else start
    while match := _SUBJECT.match(reading.low, start):
        if match.end() == start:
            break
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


def _token_from(reading: Reading, start: int) -> list[int]:
    while start < len(reading.low) and start not in reading.starts:
        start += 1
        if start < len(reading.low) and reading.low[start] in ".;":
            return []
    return [reading.starts[start]] if start in reading.starts else []


@lru_cache(maxsize=512)
def leads(text: str) -> tuple[Lead, ...]:
    """The verbs that open the clauses of a text, coordinated ones ("build and launch") too."""
    reading = read(text)
    found: list[Lead] = []
    for index in openings(text):
        lead = lead_at(reading, index)
        while lead:
            found.append(lead)
            lead = _coordinated(reading, lead)
    return tuple(found)


def lead_at(reading: Reading, index: int) -> Lead | None:
    """The verb at a token that opens a clause, if the word is used as one."""
    verb = all_verbs().at(reading.tokens, index)
    if not verb or verb.form == "third" or is_noun_use(reading, index, verb):
        return None
    return Lead(index, verb)


def _coordinated(reading: Reading, lead: Lead) -> Lead | None:
    tokens, after = reading.tokens, lead.at + lead.verb.length
    if after >= len(tokens):
        return None
    gap = reading.low[tokens[after - 1].end : tokens[after].start]
    if tokens[after].low in {"and", "or", "then"}:
        after += 1
    elif "&" not in gap and "/" not in gap and "," not in gap and "+" not in gap:
        return None
    if after >= len(tokens):
        return None
    verb = all_verbs().at(tokens, after)
    if not verb or verb.form != lead.verb.form:
        return None
    return Lead(after, verb)


def is_noun_use(reading: Reading, index: int, verb: Verb) -> bool:
    """Whether a verb form at the start of a clause names a thing: "build time", "falls per"."""
    tokens = reading.tokens
    after = index + verb.length
    following = tokens[after].low if after < len(tokens) else ""
    if verb.length > 1 or " " in verb.lemma:
        return "-" in tokens[index].low and following in _NOUN_IF_FOLLOWED_BY | {""}
    if named_digits(reading.raw)[tokens[index].start]:
        return True
    if _is_move(verb.lemma):
        followers = {"of", "per", "in", *load("direction")["noun compounds"]}
        return verb.lemma in also_nouns() and verb.form == "base" and following in followers
    if verb.form == "base" and following in _COMPOUND_HEADS:
        return bool(_MEASURE_NEARBY.search(reading.low)) or after + 1 == len(tokens)
    if verb.form == "past":
        return _describes_a_measure(reading, after)
    if verb.form == "gerund":
        return _names_a_measure(reading, after)
    if verb.lemma not in also_nouns() or not following:
        return False
    if following in _DETERMINERS or following[0].isdigit():
        return False
    if following in _NOUN_IF_FOLLOWED_BY:
        return True
    if following in _NP_ENDS:
        return is_measure_head(tokens[index].low) and bool(_MEASURE_NEARBY.search(reading.low))
    return _names_a_measure(reading, after)


def _describes_a_measure(reading: Reading, index: int) -> bool:
    """Whether a participle and the words behind it name a measure: "signed LOIs: 5"."""
    words = []
    for token in reading.tokens[index : index + 6]:
        if token.low in _NP_ENDS | _DETERMINERS or token.low[0].isdigit():
            break
        words.append(token)
    return bool(words) and bool(_LEVEL_BEHIND.match(reading.low, words[-1].end))


def _is_move(lemma: str) -> bool:
    direction = load("direction")
    return any(lemma in direction[f"{way} verbs"] for way in ("increase", "decrease", "improve"))


def _names_a_measure(reading: Reading, index: int) -> bool:
    """Whether the words from a token up to a number or preposition end in a measure name."""
    tokens = reading.tokens
    last: Token | None = None
    for token in tokens[index : index + 7]:
        if token.low in _NP_ENDS or token.low[0].isdigit():
            break
        if last and reading.low[last.end : token.start].strip(" -"):
            break
        last = token
    if not last or last.low in _DETERMINERS:
        return False
    described = last.low.endswith("ed") and last.start > tokens[index].start
    head = tokens[reading.starts[last.start] - 1] if described else last
    rest = reading.low[last.end : last.end + 80]
    if reading.tokens[index].low not in _DETERMINERS and (
        LEVELS_NEXT.match(rest) or _NAMED_LEVELS.match(rest)
    ):
        return True
    if not is_measure_head(head.low):
        return False
    return rest.strip(" .")[:1] in {"", "[", "("} or bool(_MEASURE_NEARBY.search(rest))


def is_direction_lead(lead: Lead) -> bool:
    """Whether a clause opens with a verb that moves a measure."""
    return _is_move(lead.verb.lemma)
