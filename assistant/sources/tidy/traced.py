"""A text that knows where its characters came from, and what nobody sees in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1b\x7f"
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile(
    f"[{_INVISIBLE}]|(?:(?<=[\\x00-\\x7f])|^)[{_JOINERS}]|[{_JOINERS}](?=[\\x00-\\x7f]|$)"
)
_UNEVEN = re.compile(f"[{_INVISIBLE}{_JOINERS}]|[^\\S ]|[ ]{{2}}|^[ ]|[ ]$|[\x1c-\x1f\x85]")
_NEW_LINES = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Traced:
    """A text that knows where each of its characters stood in the raw text.

    ``offsets[i]`` is the position of ``text[i]`` in the raw text; a run of white space became
    one space and stands where the run began.
    """

    text: str
    offsets: tuple[int, ...]

    def keep(self, start: int, end: int) -> Traced:
        """The part from ``start`` up to ``end``."""
        return Traced(self.text[start:end], self.offsets[start:end])

    def cut(self, start: int, end: int) -> Traced:
        """Everything but the part from ``start`` up to ``end``; one space stays between words."""
        left, right = self.keep(0, start).strip_end(), self.keep(end, len(self.text)).strip_start()
        if left.text and right.text and right.text[0] not in ",.;:!?)":
            gap = Traced(" ", (self.offsets[min(len(left.text), start)],))
            return left + gap + right
        return left + right

    def __add__(self, other: Traced) -> Traced:
        return Traced(self.text + other.text, self.offsets + other.offsets)

    def strip(self) -> Traced:
        """Without white space at either end."""
        return self.strip_start().strip_end()

    def strip_start(self) -> Traced:
        """Without white space at the start."""
        return self.keep(len(self.text) - len(self.text.lstrip()), len(self.text))

    def strip_end(self, characters: str | None = None) -> Traced:
        """Without white space, or these characters, at the end."""
        return self.keep(0, len(self.text.rstrip(characters)))


_WORD_BULLET = re.compile(r"^[ \t]*(?:(?P<sign>[•·o◦▪§■])|[a-h]\.)\t(?=\S)", re.MULTILINE)
_WORD_LEVELS = {"•": 0, "·": 0, "▪": 2, "§": 2, "■": 2}
"""How deep a list of Word is, by its sign; it puts a tab behind them."""

_WIKI_HEADING = re.compile(r"^h([1-6])\.[ \t]+(?=\S)", re.MULTILINE)
_WIKI_NUMBER = re.compile(r"^(#{1,3})[ \t]+(?=\S)", re.MULTILINE)


def normalise(text: str) -> str:
    """The text of a whole file with ``\\n`` line ends, plain spaces and nothing invisible.

    Lines keep their number, tabs and indentation stay.
    """
    text = _UNSEEN.sub("", _NEW_LINES.sub("\n", text))
    text = re.sub(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    return _without_wiki_marks(_WORD_BULLET.sub(_list_mark, text))


def _list_mark(found: re.Match[str]) -> str:
    return "    " * _WORD_LEVELS.get(found["sign"] or "", 1) + "- "


def _without_wiki_marks(text: str) -> str:
    """Jira's headings and numbers as Markdown has them: ``h2. Goal``, ``# first``."""
    if not _WIKI_HEADING.search(text):
        return text
    numbered = _WIKI_NUMBER.sub(lambda found: f"{'   ' * (len(found[1]) - 1)}1. ", text)
    return _WIKI_HEADING.sub(lambda found: f"{'#' * int(found[1])} ", numbered)


def trace(raw: str) -> Traced:
    """The raw text on one line, without what nobody sees."""
    if not _UNEVEN.search(raw):
        return Traced(raw, tuple(range(len(raw))))
    characters: list[str] = []
    offsets: list[int] = []
    unseen = {match.start() for match in _UNSEEN.finditer(raw)}
    for position, character in enumerate(raw):
        if position in unseen:
            continue
        if not character.isspace():
            characters.append(character)
            offsets.append(position)
        elif characters and characters[-1] != " ":
            characters.append(" ")
            offsets.append(position)
    return Traced("".join(characters), tuple(offsets)).strip_end()
