"""Plain text for matching: odd characters become ordinary ones, and positions lead back.

Every reader in this package matches against ``Reading.low`` and answers with
``Reading.span``, so look-alike letters, full-width digits, non-breaking spaces, invisible
characters, emphasis and tags change neither what is found nor where it is said to stand.

No goal sentence is longer than ``MOST_CHARACTERS``. ``read`` ignores what stands behind them, so
every reader that starts from it costs a bounded amount whatever it is given; ``read_whole`` is
for the search for numbers alone, which must miss none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from typing import NamedTuple

from assistant.models import Span

MOST_CHARACTERS = 4000
"""How much of a text the readers of goals look at, in characters of the original."""

_LONGEST_WORD = 64
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+|(?<=\d)[.,](?=\d)[^\W_]+)*")

_SAME_FOR_US = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "\u2012": "–",
    "\u2015": "—",
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2a7d": "≤",
    "\u2a7e": "≥",
    "\u2264": "≤",
    "\u2044": "/",
    "\t": " ",
    "\n": " ",
    "\r": " ",
    "\u2122": "",
    "\u00ae": "",
    "\u00a9": "",
} | dict.fromkeys("➔➜➝➞➡⇒⟶⟹⮕🡒►▶", "→")

# Superscripts are footnotes or powers and a fraction has a value of its own, so none of them
# may melt into the number before it.
_LEFT_ALONE = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")

_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнгАВЕКМНОРСТУХІЈЅαορυνικτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhkmtbhrABEKMHOPCTYXIJSaopuviktABEZHIKMNOPTYX",
)
_MARKUP = re.compile(r"\*\*|~~|`|</?[a-zA-Z][^<>]{0,80}>")
_UNTIDY = re.compile(r"\s\s|\*\*|~~|`|</?[a-zA-Z]")
_HIDDEN = re.compile(
    r"(?<=[^\W_])[\u00ad\u200b-\u200f\u2060-\u2064\ufeff](?=[^\W_])|[\u202a-\u202e\u2066-\u2069]"
    r"|[\U000e0000-\U000e007f]"
)
"""Characters that nobody sees: inside a word, or turning the direction of writing."""

_MIXED_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTER = re.compile(r"[A-Za-z]")


class Token(NamedTuple):
    """A word or number of the plain text; hyphens and apostrophes hold a word together."""

    start: int
    end: int
    text: str
    low: str


class Reading:
    """A text made plain, with the way back to the original positions."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.plain = raw
        self._at: list[int] | None = None
        if not _is_plain(raw):
            self.plain, self._at = _make_plain(raw)
        lowered = self.plain.lower()
        self.low = (
            lowered
            if len(lowered) == len(self.plain)
            else "".join(c.lower() if len(c.lower()) == 1 else c for c in self.plain)
        )

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words and numbers, in order."""
        return tuple(
            Token(m.start(), m.end(), m.group(), self.low[m.start() : m.end()])
            for m in _TOKEN.finditer(self.plain)
        )

    @cached_property
    def starts(self) -> dict[int, int]:
        """From the position where a token starts to its number."""
        return {token.start: number for number, token in enumerate(self.tokens)}

    def span(self, start: int, end: int) -> Span:
        """The original words that became ``plain[start:end]``, without outer white space."""
        while start < end and self.plain[start].isspace():
            start += 1
        while end > start and self.plain[end - 1].isspace():
            end -= 1
        if self._at is None:
            return Span.of(self.raw, start, end)
        if start == end:
            at = self._at[start] if start < len(self._at) else len(self.raw)
            return Span.of(self.raw, at, at)
        after = self._at[end - 1] + 1
        while after < len(self.raw) and unicodedata.combining(self.raw[after]):
            after += 1
        return Span.of(self.raw, self._at[start], after)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The reading of the first ``MOST_CHARACTERS`` of a text, cut between words.

    Positions are those of the whole text. The same text is made plain once.
    """
    return Reading(_beginning(text))


@lru_cache(maxsize=4096)
def read_whole(text: str) -> Reading:
    """The reading of a text of any length, for work that is linear in it."""
    return read(text) if len(text) <= MOST_CHARACTERS else Reading(text)


def disguises(text: str) -> tuple[str, ...]:
    """The characters that hide in a text or pass for Latin letters, as ``U+0435 NAME``."""
    if text.isascii():
        return ()
    latin = _is_latin(text)
    found = [character for match in _HIDDEN.finditer(text) for character in match.group()]
    for match in _MIXED_WORD.finditer(text):
        plain = _unmask(match, latin=latin)
        found += [old for old, new in zip(match.group(), plain, strict=True) if old != new]
    return tuple(
        f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"
        for character in dict.fromkeys(found)
    )


def undisguised(text: str) -> str:
    """The text as it is read, where letters or markup are not what they seem; else the text."""
    if text.isascii() and not _MARKUP.search(text):
        return text
    plain = read_whole(text).plain
    has_marks = any(unicodedata.category(item) in {"Cf", "Mn"} for item in text)
    is_same = [*filter(str.isalnum, text)] == [*filter(str.isalnum, plain)]
    return text if is_same and not has_marks else plain


def _beginning(text: str) -> str:
    """The part that is read; a number is not cut in two, which would change its value."""
    if len(text) <= MOST_CHARACTERS:
        return text
    blank = text.rfind(" ", MOST_CHARACTERS - _LONGEST_WORD, MOST_CHARACTERS + 1)
    return text[: blank if blank >= 0 else MOST_CHARACTERS]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and not _UNTIDY.search(text)


def _make_plain(raw: str) -> tuple[str, list[int]]:
    out: list[str] = []
    at: list[int] = []
    markup = {i for match in _MARKUP.finditer(raw) for i in range(*match.span())}
    for index, character in enumerate(raw):
        tag = character == "<" and index in markup
        if out and unicodedata.combining(character):
            joined = unicodedata.normalize("NFC", out[-1] + character)
            out[-1] = joined if len(joined) == 1 else out[-1]
            continue
        for plain in " " if tag else "" if index in markup else _plain_character(character):
            if plain == " " and out and out[-1] == " ":
                continue
            out.append(plain)
            at.append(index)
    joined = "".join(out)
    latin = _is_latin(joined)
    return _MIXED_WORD.sub(lambda match: _unmask(match, latin=latin), joined), at


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    if character in _SAME_FOR_US:
        return _SAME_FOR_US[character]
    if character.isascii() or character in _LEFT_ALONE:
        return character if character.isprintable() else ""
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Cc", "Me"}:
        return ""
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    folded = unicodedata.normalize("NFKC", character)
    return "".join(c for c in folded if unicodedata.category(c) != "Mn")


def _unmask(match: re.Match[str], *, latin: bool) -> str:
    """Latin letters for their look-alikes, in words that also hold real Latin letters.

    In a text that is Latin otherwise, also in words that are look-alikes from end to end.
    """
    word = match.group()
    if word.isascii():
        return word
    plain = word.translate(_LOOK_ALIKES)
    whole = latin and len(word) > 1 and plain.isascii()
    return plain if whole or _ASCII_LETTER.search(word) else word


def _is_latin(text: str) -> bool:
    """Whether most letters are those of plain English."""
    letters = [character for character in text if character.isalpha()]
    return sum(map(str.isascii, letters)) * 2 > len(letters)
