"""Word lists from data/, the forms that an English word takes, and phrases found in tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from assistant.language.plain import Token

Form = Literal["base", "third", "past", "gerund"]

_DATA = Path(__file__).parent / "data"
_VOWELS = "aeiou"


@cache
def load(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of ``data/NAME.txt``.

    A file holds ``[section]`` headings, one or more comma-separated entries a line, and
    comments after ``#``.
    """
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("["):
            current = sections.setdefault(entry.strip("[]"), [])
        elif entry:
            current.extend(word.strip() for word in entry.split(","))
    return {section: tuple(words) for section, words in sections.items()}


class VerbForm(NamedTuple):
    """What a word is the form of."""

    lemma: str
    form: Form


def verb_forms(lemma: str) -> Iterable[tuple[str, Form]]:
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


def verb_table(lemmas: Iterable[str]) -> dict[str, VerbForm]:
    """From every spelling to its verb. Where two forms are spelt alike, the base form wins."""
    table: dict[str, VerbForm] = {}
    for lemma in lemmas:
        for spelling, form in verb_forms(lemma):
            if form == "base" or spelling not in table:
                table[spelling] = VerbForm(lemma, form)
    return table


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
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


class Phrases:
    """A list of words and phrases that can be looked up at a token.

    Args:
        entries: from a phrase in lower case to whatever it stands for.
    """

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase, label in entries.items():
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append((words, label))
            if len(words) > 1:
                joined = "-".join(words)
                self._by_first.setdefault(joined, []).append(((joined,), label))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[Token], index: int) -> tuple[int, str] | None:
        """The longest phrase that starts at a token: its length in tokens, and its label."""
        for words, label in self._by_first.get(tokens[index].low, ()):
            if len(words) == 1:
                return 1, label
            if tuple(t.low for t in tokens[index : index + len(words)]) == words:
                return len(words), label
        return None


def _british_and_american(verb: str) -> tuple[str, ...]:
    if verb.endswith("ise") and verb not in _ONLY_ISE:
        return verb, verb[:-3] + "ize"
    if verb.endswith("yse"):
        return verb, verb[:-3] + "yze"
    return (verb,)


def _third(verb: str) -> str:
    if verb in {"have", "be"}:
        return "has" if verb == "have" else "is"
    return plural(verb) if not verb.endswith(("do", "go")) else verb + "es"


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def _past(verb: str) -> tuple[str, ...]:
    if verb in _IRREGULAR_PASTS:
        return _IRREGULAR_PASTS[verb]
    if verb.endswith("e"):
        return (verb + "d",)
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return (verb[:-1] + "ied",)
    return (_doubled(verb) + "ed",)


def _doubled(verb: str) -> str:
    return verb + verb[-1] if verb in _DOUBLING else verb


_ONLY_ISE = {"raise", "promise", "advise", "revise", "supervise", "exercise", "rise", "praise"}
_DOUBLING = frozenset(
    "ship cut drop stop plan run get set cap trim submit commit refer equip map tag log swap win "
    "put hit begin slip spin step strip scrap transfer control admit permit fit refit let pin "
    "transmit chop sit dig spot zip".split()
)
_BRITISH_DOUBLING = frozenset("cancel model label travel level channel signal enrol".split())
_IRREGULAR_PASTS: dict[str, tuple[str, ...]] = {
    "be": ("was", "were", "been"),
    "become": ("became", "become"),
    "begin": ("began", "begun"),
    "break": ("broke", "broken"),
    "bring": ("brought",),
    "build": ("built",),
    "buy": ("bought",),
    "choose": ("chose", "chosen"),
    "come": ("came", "come"),
    "cut": ("cut",),
    "do": ("did", "done"),
    "draw": ("drew", "drawn"),
    "drive": ("drove", "driven"),
    "fall": ("fell", "fallen"),
    "feel": ("felt",),
    "find": ("found",),
    "get": ("got", "gotten"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "grow": ("grew", "grown"),
    "have": ("had",),
    "hit": ("hit",),
    "hold": ("held",),
    "keep": ("kept",),
    "know": ("knew", "known"),
    "lead": ("led",),
    "learn": ("learned", "learnt"),
    "leave": ("left",),
    "let": ("let",),
    "lose": ("lost",),
    "make": ("made",),
    "meet": ("met",),
    "pay": ("paid",),
    "put": ("put",),
    "rebuild": ("rebuilt",),
    "redo": ("redid", "redone"),
    "rewrite": ("rewrote", "rewritten"),
    "rise": ("rose", "risen"),
    "run": ("ran", "run"),
    "say": ("said",),
    "see": ("saw", "seen"),
    "sell": ("sold",),
    "send": ("sent",),
    "set": ("set",),
    "show": ("showed", "shown"),
    "shrink": ("shrank", "shrunk"),
    "sink": ("sank", "sunk"),
    "speak": ("spoke", "spoken"),
    "speed": ("sped", "speeded"),
    "spend": ("spent",),
    "spin": ("spun",),
    "stand": ("stood",),
    "take": ("took", "taken"),
    "teach": ("taught",),
    "tell": ("told",),
    "think": ("thought",),
    "understand": ("understood",),
    "undertake": ("undertook", "undertaken"),
    "win": ("won",),
    "write": ("wrote", "written"),
}
_IRREGULAR_PLURALS = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "staff": "staff",
    "people": "people",
    "analysis": "analyses",
    "leaf": "leaves",
    "life": "lives",
    "crisis": "crises",
    "criterion": "criteria",
    "series": "series",
}
_SINGULARS = {plural: single for single, plural in _IRREGULAR_PLURALS.items()} | {
    "news": "news",
    "sales": "sales",
    "savings": "savings",
    "gas": "gas",
    "process": "process",
    "bus": "bus",
    "losses": "loss",
    "churn": "churn",
    "releases": "release",
    "purchases": "purchase",
    "increases": "increase",
    "diseases": "disease",
    "cases": "case",
    "phases": "phase",
    "expenses": "expense",
    "licences": "licence",
    "licenses": "license",
    "houses": "house",
    "courses": "course",
    "nurses": "nurse",
    "bases": "base",
    "uses": "use",
    "causes": "cause",
    "databases": "database",
    "warehouses": "warehouse",
    "businesses": "business",
    "responses": "response",
    "invoices": "invoice",
}
