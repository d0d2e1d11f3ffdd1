"""Words that say work will be done: a verb, its noun, a state, or a count of things made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from assistant.language.clauses import lead_end, leads, openings
from assistant.language.codes import named_digits
from assistant.language.cues import cues
from assistant.language.lexicon import Verb, delivery_verbs, nouns, phrases
from assistant.language.noun_use import LEVELS_NEXT
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import numbers
from assistant.language.sides import Range
from assistant.language.words import word_set

_SHARE = Pattern(r"%|\b(?:share|proportion|percentage|percent|rate|ratio)\b")
_LEVELS = Pattern(r"\bfrom\b[^.;]{0,60}?\bto\b|→|->|(?<!=)=>(?=\s*[<>≤≥~]?\s*[$€£]?\d)")
_SHARE_FOLLOWS = Pattern(r"\s(?:at least |over |more than )?\d[\d.,]* ?(?:%|percent)")
_AFTER_NOUN = Pattern(
    r"\s*(?:$|[.,;:!)]|=>|(?:of|to|in|for|by|at|on|with|across|done|complete|completed|finished"
    r"|live|delivered|from|this|before|until|within|and|phase|project|programme|program|passed"
    r"|approved|signed|started|closed|ready|q[1-4])\b)"
)
_AFTER_STATE = Pattern(
    r"[\s*_\])]*(?:$|[.,;:!)(\]]|=>|→|–|—|\s-\s|(?:by|in|to|for|on|at|across|with|and|before|until"
    r"|via|through|within|from|this|using|so|during|as|into|per)\b)"
)
_ON_TIME = Pattern(
    r"\s(?:on time|on-time|on schedule|in full|first time|at first|within|under|in under|late"
    r"|early)"
)
_LINKED = Pattern(r"\b(?:is|are|be|been|being|was|were|has|have|gets?|goes|fully|now)\s$")
_STATES = {"done", "complete", "live"}
_PAST_LIKE_BASE = {"set up", "put in place", "cut over"}
_LONGEST_NOUN = 6
_MOST_DESCRIBING = 3


@lru_cache(maxsize=4096)
def delivery_range(text: str) -> Range | None:
    """Where the delivery stands in the plain text; imperatives before nouns before states."""
    for finder in (_imperatives, _nouns_of_work, _states, _counted_things):
        if found := next(finder(text), None):
            return found
    return None


def _imperatives(text: str) -> Iterator[Range]:
    reading = read(text)
    held = {cue.start for cue in cues(text) if cue.way == "hold"}
    for lead in leads(text):
        verb = delivery_verbs().at(reading.tokens, lead.at)
        start, end = reading.tokens[lead.at].start, lead_end(reading, lead)
        if not verb or start in held or _is_attributive(reading, lead.at, verb):
            continue
        if verb.lemma in word_set("share verbs") and _SHARE_FOLLOWS.match(reading.low, end):
            continue
        yield start, reading.tokens[lead.at + verb.length - 1].end


def _is_attributive(reading: Reading, index: int, verb: Verb) -> bool:
    """Whether a participle at the start describes what is measured: "completed orders from"."""
    if verb.form != "past" or verb.lemma == reading.tokens[index].low:
        return False
    after = reading.tokens[index + verb.length :][:1]
    if not after or after[0].low in word_set("determiners") or after[0].low[0].isdigit():
        return False
    return bool(_LEVELS.search(reading.low) or _SHARE.search(reading.low))


def _nouns_of_work(text: str) -> Iterator[Range]:
    """Nouns such as "Launch of the portal" and "CRM rollout in 5 countries"."""
    reading = read(text)
    has_level = bool(_LEVELS.search(reading.low) or "%" in reading.low)
    led = {lead.at for lead in leads(text)}
    for opening in openings(text):
        if has_level and opening in led:
            continue
        for index in _phrase_from(reading, opening):
            found = phrases("verbs", "delivery nouns").at(reading.tokens, index)
            if not found:
                continue
            end = reading.tokens[index + found[0] - 1].end
            is_head = index == opening and reading.low.startswith((" of ", " to "), end)
            if _AFTER_NOUN.match(reading.low, end) and (is_head or not has_level):
                yield reading.tokens[index].start, end


def _phrase_from(reading: Reading, opening: int) -> Iterator[int]:
    """The tokens of the noun phrase that starts a clause."""
    named, tokens = named_digits(reading.raw), reading.tokens
    for index in range(opening, min(opening + _LONGEST_NOUN, len(tokens))):
        if index > opening and reading.low[tokens[index - 1].end : tokens[index].start].strip(
            " -/&'\""
        ):
            return
        yield index
        is_number = tokens[index].low[0].isdigit() and not named[tokens[index].start]
        if is_number or tokens[index].low in word_set("short phrase ends"):
            return


def _states(text: str) -> Iterator[Range]:
    """States and participles behind a noun: "gateway live", "all nurses trained"."""
    reading = read(text)
    tokens, low = reading.tokens, reading.low
    is_share = any(number.unit == "%" and number.kind != "weak" for number in numbers(text))
    measured = is_share or bool(_LEVELS.search(low) or _SHARE.search(low))
    for index in range(1, len(tokens)):
        start = tokens[index].start
        gap = low[tokens[index - 1].end : start]
        if "=>" in gap and tokens[index].low in _STATES:
            yield start, tokens[index].end
        if gap.strip(" *_)]>:=") not in {"", "-"}:
            continue
        state = phrases("verbs", "done").at(tokens, index)
        verb = _participle(reading, index)
        if not state and not verb:
            continue
        length = max(state[0] if state else 0, verb.length if verb else 0)
        end = tokens[index + length - 1].end
        is_end = _AFTER_STATE.match(low, end) and not _ON_TIME.match(low, end)
        if is_end and _says_work(reading, index, verb, measured):
            yield start, end


def _participle(reading: Reading, index: int) -> Verb | None:
    verb = delivery_verbs().at(reading.tokens, index)
    is_past = verb and (verb.form == "past" or verb.lemma in _PAST_LIKE_BASE)
    return verb if is_past else None


def _says_work(reading: Reading, index: int, verb: Verb | None, measured: bool) -> bool:
    """Whether a state has a subject of its own, and no rate makes it daily business."""
    tokens = reading.tokens
    start = tokens[index].start
    previous = tokens[index - 1].low
    linked = _LINKED.search(reading.low[max(0, start - 8) : start])
    if previous in word_set("no subject") and not linked:
        return False
    lemma = verb.lemma if verb else tokens[index].low
    if measured and (not verb or lemma in word_set("flow verbs")):
        return False
    is_won = lemma in word_set("winning verbs") or lemma == "signed"
    return not (is_won and nouns("segments", "people").at(tokens, index - 1))


def _counted_things(text: str) -> Iterator[Range]:
    """Counts of things made or held: "12 blog posts", "number of workshops"."""
    reading = read(text)
    tokens, low, opened = reading.tokens, reading.low, set(openings(text))
    counts = {n.end for n in numbers(text) if n.unit is None or n.unit.startswith("per")}
    if _SHARE.search(low):
        return
    for index in range(len(tokens)):
        found = nouns("verbs", "deliverables").at(tokens, index)
        if not found or found[1] != "many":
            continue
        first = index
        while first > 0 and index - first < _MOST_DESCRIBING and _describes(reading, first, counts):
            first -= 1
        before, end = (
            low[: tokens[first].start].rstrip(),
            tokens[index + found[0] - 1].end,
        )
        is_counted = len(before) in counts or before.endswith("number of")
        if is_counted or (first in opened and LEVELS_NEXT.match(low, end)):
            yield tokens[first].start, end


def _describes(reading: Reading, index: int, counts: set[int]) -> bool:
    """Whether the word before a token belongs to the same noun phrase."""
    before = reading.tokens[index - 1]
    adjoins = reading.low[before.end : reading.tokens[index].start] == " "
    is_word = before.low.isalpha() and before.low not in word_set("short phrase ends")
    return adjoins and is_word and before.end not in counts
