"""The verbs and nouns that other readers look up, built once from the word lists."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from assistant.language.plain import Token
from assistant.language.words import Form, Phrases, load, plural, singular, verb_forms

Way = Literal["increase", "decrease", "improve", "hold", "reach"]
"""``improve`` is up or down, whichever is better for the metric."""

WAYS: tuple[Way, ...] = ("increase", "decrease", "improve", "hold", "reach")


class Verb(NamedTuple):
    """A verb found in a text: how many tokens it takes, its base form and its form."""

    length: int
    lemma: str
    form: Form


class VerbList:
    """Verbs in all their forms, to be looked up at a token."""

    def __init__(self, lemmas: tuple[str, ...]) -> None:
        forms: dict[str, str] = {}
        for lemma in lemmas:
            for spelling, form in verb_forms(lemma):
                if form == "base" or spelling not in forms:
                    forms[spelling] = f"{lemma}|{form}"
        self._phrases = Phrases(forms)

    def at(self, tokens: tuple[Token, ...], index: int) -> Verb | None:
        """The verb that starts at a token, the longest one if there are several."""
        found = self._phrases.at(tokens, index)
        if not found:
            return None
        lemma, _, form = found[1].partition("|")
        return Verb(found[0], lemma, form)  # type: ignore[arg-type]


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
def also_nouns() -> frozenset[str]:
    """Verbs whose base form is a plain noun or adjective too."""
    return frozenset(load("verbs")["also nouns"])


@cache
def nouns(name: str, section: str) -> Phrases:
    """The nouns of a list in singular and plural; the label says which: ``one`` or ``many``."""
    entries: dict[str, str] = {}
    for noun in load(name)[section]:
        entries.setdefault(noun, "one")
        entries[_plural_phrase(noun)] = "many"
    return Phrases(entries)


@cache
def phrases(name: str, section: str) -> Phrases:
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
