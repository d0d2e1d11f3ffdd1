"""Word lists from data/, and phrases found in the tokens of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from assistant.language.plain import Token

Label = TypeVar("Label")

_DATA = Path(__file__).parent / "data"


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


@cache
def word_set(section: str, name: str = "grammar") -> frozenset[str]:
    """The entries of one section as a set."""
    return frozenset(load(name)[section])


class Phrases(Generic[Label]):
    """A list of words and phrases that can be looked up at a token.

    Args:
        entries: from a phrase in lower case to whatever it stands for.
    """

    def __init__(self, entries: Mapping[str, Label]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Label]]] = {}
        for phrase, label in entries.items():
            words = tuple(phrase.split())
            self._add(words, label)
            if len(words) > 1:
                self._add(("-".join(words),), label)
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    def _add(self, words: tuple[str, ...], label: Label) -> None:
        self._by_first.setdefault(words[0], []).append((words, label))

    def at(self, tokens: Sequence[Token], index: int) -> tuple[int, Label] | None:
        """The longest phrase that starts at a token: its length in tokens, and its label."""
        for words, label in self._by_first.get(tokens[index].low, ()):
            if len(words) == 1 or tuple(t.low for t in tokens[index : index + len(words)]) == words:
                return len(words), label
        return None
