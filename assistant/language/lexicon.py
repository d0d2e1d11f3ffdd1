"""The verbs and nouns that other readers look up, built once from the word lists."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from assistant.language.inflection import Form, plural, singular, verb_forms
from assistant.language.plain import Token
from assistant.language.words import Phrases, load, word_set

Way = Literal["increase", "decrease", "improve", "hold", "reach"]
"""``improve`` is up or down, whichever is better for the metric."""

WAYS: tuple[Way, ...] = ("increase", "decrease", "improve", "hold", "reach")
MOVING: tuple[Way, ...] = ("increase", "decrease", "improve")

Number = Literal["one", "many"]


class Verb(NamedTuple):
    """A verb found in a text: how many tokens it takes, its base form and its form."""

    length: int
    lemma: str
    form: Form


class VerbList:
    """Verbs in all their forms, to be looked up at a token. Of forms spelt alike, base wins."""

    def __init__(self, lemmas: tuple[str, ...]) -> None:
        forms: dict[str, tuple[str, Form]] = {}
        for lemma in lemmas:
            for spelling, form in verb_forms(lemma):
                if form == "base" or spelling not in forms:
                    forms[spelling] = lemma, form
        self._phrases = Phrases(forms)

    def at(self, tokens: tuple[Token, ...], index: int) -> Verb | None:
        """The verb that starts at a token, the longest one if there are several."""
        found = self._phrases.at(tokens, index)
        return Verb(found[0], *found[1]) if found else None


@cache
def delivery_verbs() -> VerbList:
    """Verbs of making, holding, shipping and sending."""
    return VerbList(load("verbs")["delivery"])


@cache
def way_verbs(way: Way) -> VerbList:
    """Verbs that move a measure one way."""
    return VerbList(load("direction")[f"{way} verbs"])


@cache
def maintain_verbs() -> VerbList:
    """Verbs of keeping things as they are."""
    return VerbList(load("verbs")["maintain"])


@cache
def all_verbs() -> VerbList:
    """Every verb known, whatever it says."""
    verbs, direction = load("verbs"), load("direction")
    lists = [verbs["delivery"], verbs["maintain"], verbs["other"]]
    lists += [direction[f"{way} verbs"] for way in WAYS]
    return VerbList(tuple(dict.fromkeys(lemma for lemmas in lists for lemma in lemmas)))


@cache
def moving_verbs() -> frozenset[str]:
    """The base forms of verbs that move a measure up or down."""
    return frozenset().union(*(word_set(f"{way} verbs", "direction") for way in MOVING))


def also_nouns() -> frozenset[str]:
    """Verbs whose base form is a plain noun or adjective too."""
    return word_set("also nouns", "verbs")


@cache
def nouns(name: str, section: str) -> Phrases[Number]:
    """The nouns of a list in singular and plural; the label says which."""
    entries: dict[str, Number] = {}
    for noun in load(name)[section]:
        entries.setdefault(noun, "one")
        entries[_plural_phrase(noun)] = "many"
    return Phrases(entries)


@cache
def phrases(name: str, section: str) -> Phrases[str]:
    """The entries of a list exactly as they stand."""
    return Phrases(dict.fromkeys(load(name)[section], section))


@cache
def measure_heads() -> frozenset[str]:
    """Single nouns that name a measure ("rate", "coverage"), and never a thing or a person."""
    polarity = load("polarity")
    entries = [*polarity["lower"], *polarity["higher"], *polarity["neutral"]]
    words = {entry.rpartition(" ")[2] for entry in entries if " of " not in entry}
    return frozenset(words - {*load("segments")["people"], *polarity["things"]})


def is_measure_head(word: str) -> bool:
    """Whether a word, singular or plural, names a measure."""
    return word in measure_heads() or singular(word) in measure_heads()


def _plural_phrase(phrase: str) -> str:
    head, _, last = phrase.rpartition(" ")
    return f"{head} {plural(last)}".strip()
