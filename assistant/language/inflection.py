"""The forms that an English word takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from assistant.language.words import load, word_set

Form = Literal["base", "third", "past", "gerund"]

_VOWELS = "aeiou"
_SHORTEST_PLURAL = 4


def verb_forms(lemma: str) -> Iterator[tuple[str, Form]]:
    """Every spelling of a verb, phrasal verbs (``roll out``) included, with its form."""
    head, _, particle = lemma.partition(" ")
    tail = f" {particle}" if particle else ""
    yield lemma, "base"
    for spelling in _british_and_american(head):
        yield spelling + tail, "base"
        yield _third(spelling) + tail, "third"
        yield _gerund(spelling) + tail, "gerund"
        for past in _past(spelling):
            yield past + tail, "past"
        if spelling in _BRITISH_DOUBLING:
            yield spelling + spelling[-1] + "ing" + tail, "gerund"
            yield spelling + spelling[-1] + "ed" + tail, "past"


def plural(noun: str) -> str:
    """The regular plural of a noun; of a phrase, that of its last word."""
    if noun in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """The likely singular of a word; words that are not plurals come back as they are."""
    if word in _SINGULARS:
        return _SINGULARS[word]
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def _british_and_american(verb: str) -> tuple[str, ...]:
    if verb.endswith("ise") and verb not in _ONLY_ISE:
        return verb, verb[:-3] + "ize"
    if verb.endswith("yse"):
        return verb, verb[:-3] + "yze"
    return (verb,)


def _third(verb: str) -> str:
    if verb in {"have", "be"}:
        return "has" if verb == "have" else "is"
    return verb + "es" if verb.endswith(("do", "go")) else plural(verb)


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def _past(verb: str) -> tuple[str, ...]:
    if verb in _IRREGULAR_PASTS:
        return tuple(_IRREGULAR_PASTS[verb])
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return (verb[:-1] + "ied",)
    return (_doubled(verb) + "ed",)


def _doubled(verb: str) -> str:
    return verb + verb[-1] if verb in _DOUBLING else verb


def _pairs(section: str) -> dict[str, list[str]]:
    """From the first word of each entry to the others."""
    entries = (entry.split() for entry in load("inflection")[section])
    return {first: others for first, *others in entries}


_DOUBLING = word_set("doubling", "inflection")
_BRITISH_DOUBLING = word_set("british doubling", "inflection")
_ONLY_ISE = word_set("only ise", "inflection")
_IRREGULAR_PASTS = _pairs("pasts")
_IRREGULAR_PLURALS = {one: many[0] for one, many in _pairs("plurals").items()}
# Of two singulars the first listed wins: people is more than one person.
_SINGULARS = {many: one for one, many in reversed(_IRREGULAR_PLURALS.items())} | {
    many: one[0] for many, one in _pairs("singulars").items()
}
