"""Tells verbs from the nouns that are spelt alike: "build the portal", "build time"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language.codes import named_digits
from assistant.language.lexicon import Verb, also_nouns, is_measure_head, moving_verbs, nouns
from assistant.language.numerals import NUMBER, words_at
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token
from assistant.language.units import units
from assistant.language.words import word_set

_TWO_LEVELS = rf"(?:from\s+{NUMBER}[^.;]{{0,40}}?\bto\b|{NUMBER}[^.;]{{0,24}}?(?:→|->|=>))"
LEVELS_NEXT = Pattern(rf"\s*(?:\([^()]*\)|:(?: \w+)?)?\s*{_TWO_LEVELS}")
"""Matches right behind the name of a measure whose two levels follow: "open tickets 9 -> 4"."""

_NAMED_LEVELS = Pattern(
    rf"[^.;:]{{0,80}}[:,]\s*(?:from )?{NUMBER}[^.;]{{0,24}}?(?:→|->|\bto\b)\s*[<≤]?\s?{NUMBER}"
)
_PLACED_LEVELS = Pattern(rf"\s(?:per|of|in|for|at|by|on) [\w ]{{1,40}}?\s{_TWO_LEVELS}")
_COLON_NUMBER = Pattern(rf"\s*:\s*{NUMBER}")
_LEVEL_BEHIND = Pattern(
    rf"\s*(?:\([^()]*\)\s*)?(?::|≥|≤|<|>|=|→|from\s+{NUMBER}|at least|at most|under|below|above"
    rf"|up\b|down\b|\+|{NUMBER})"
)
_MEASURE_NEARBY = Pattern(
    r"[\d%↑↓]|\b(?:up|down|improves?|rises?|falls?|zero|doubled|halved"
    r"|one|two|three|four|five|ten|half|third|quarter)\b"
)
_MOST_WORDS = 7
_WINDOW = 80


def is_noun_use(reading: Reading, index: int, verb: Verb) -> bool:
    """Whether a verb form that opens a clause names a thing: "build time", "falls per"."""
    after = index + verb.length
    following = reading.tokens[after].low if after < len(reading.tokens) else ""
    if verb.length > 1 or " " in verb.lemma:
        is_joined = "-" in reading.tokens[index].low
        return is_joined and (not following or following in word_set("nouns stand before"))
    if named_digits(reading.raw)[reading.tokens[index].start]:
        return True
    if verb.lemma in moving_verbs():
        return _is_moving_noun(verb, following)
    if verb.form == "past":
        return _describes_a_measure(reading, after)
    if verb.form == "gerund":
        return _names_a_measure(reading, after)
    return _is_noun_in_base_form(reading, index, verb, following)


def _is_moving_noun(verb: Verb, following: str) -> bool:
    """Whether it is one as in "drop rate" and "rise in"; "improve time" is none."""
    is_noun_form = verb.form == "base" and verb.lemma in also_nouns()
    followers = word_set("noun compounds", "direction")
    return is_noun_form and (following in followers or following in {"of", "per", "in"})


def _is_noun_in_base_form(reading: Reading, index: int, verb: Verb, following: str) -> bool:
    after = index + verb.length
    if following in word_set("compound heads"):
        return after + 1 == len(reading.tokens) or bool(_MEASURE_NEARBY.search(reading.low))
    if verb.lemma not in also_nouns() or not following or following[0].isdigit():
        return False
    if following in word_set("determiners"):
        return False
    if following in word_set("nouns stand before"):
        return True
    if following in word_set("phrase ends"):
        is_head = is_measure_head(reading.tokens[index].low)
        return is_head and bool(_MEASURE_NEARBY.search(reading.low))
    return _names_a_measure(reading, after)


def _describes_a_measure(reading: Reading, index: int) -> bool:
    """Whether a participle and the words behind it name a measure: "signed LOIs: 5"."""
    words = _phrase(reading, index)
    if not words or words[0].low in word_set("determiners"):
        return False
    end = words[-1].end
    return bool(_LEVEL_BEHIND.match(reading.low, end) or _NAMED_LEVELS.match(reading.low, end))


def _names_a_measure(reading: Reading, index: int) -> bool:
    """Whether the words from a token up to a number or preposition end in a measure name."""
    words = _phrase(reading, index)
    if not words or words[-1].low in word_set("determiners") or words_at(words, 0):
        return False
    rest = reading.low[words[-1].end : words[-1].end + _WINDOW]
    if words[0].low not in word_set("determiners"):
        if LEVELS_NEXT.match(rest) or _COLON_NUMBER.match(rest):
            return True
        are_people = nouns("segments", "people").at(words, len(words) - 1)
        if not are_people and (_NAMED_LEVELS.match(rest) or _PLACED_LEVELS.match(rest)):
            return True
    is_described = len(words) > 1 and words[-1].low.endswith("ed")
    head = words[-2 if is_described else -1].low
    if not is_measure_head(head) and head not in units():
        return False
    return rest.strip(" .")[:1] in {"", "[", "("} or bool(_MEASURE_NEARBY.search(rest))


def _phrase(reading: Reading, index: int) -> Sequence[Token]:
    """The tokens of the noun phrase that starts at an index."""
    words: list[Token] = []
    for token in reading.tokens[index : index + _MOST_WORDS]:
        if token.low in word_set("phrase ends") or token.low[0].isdigit():
            break
        if words and reading.low[words[-1].end : token.start].strip(" -"):
            break
        words.append(token)
    return words
