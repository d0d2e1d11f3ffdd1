"""Finds a quote in a text although case, spaces, dashes or quotation marks differ.

Pure. What is found is always given back as it stands in the original.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.models import Span
from assistant.prompts import STAND_INS, is_hidden

_ALIKE = str.maketrans(
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛ʼ`´′", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | STAND_INS
)
_EDGE = " \"'.,;:!?()*_"
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+(?:['.,-][^\W_{_IDEOGRAPH}]+)*")


def find_quote(quote: str, text: str) -> Span | None:
    """Where the quote stands in the text.

    Unicode forms, case, white space, invisible characters, dashes and quotation marks are
    folded; marks around the quote are passed over. It must begin and end at the edge of a word,
    and hold at least two words or all that the text has.

    Args:
        quote: the words as somebody else repeats them.
        text: the original.

    Returns:
        The stretch of the original, or None.
    """
    folded, origins = _fold(text)
    wanted = _fold(quote)[0].strip(_EDGE)
    if not wanted or not _is_enough(wanted, folded):
        return None
    start = folded.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if _at_edge(folded, start) and _at_edge(folded, end):
            return Span.of(text, origins[start], _whole(text, origins[end - 1] + 1))
        start = folded.find(wanted, start + 1)
    return None


def _fold(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position it comes from."""
    folded: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        if is_hidden(character):
            continue
        decomposed = unicodedata.normalize("NFKD", character.translate(_ALIKE))
        for piece in decomposed.translate(_ALIKE).casefold():
            if piece.isspace() and (not folded or folded[-1] == " "):
                continue
            folded.append(" " if piece.isspace() else piece)
            origins.append(position)
    return "".join(folded), origins


def _is_enough(wanted: str, folded: str) -> bool:
    words = len(_WORD.findall(wanted))
    return words >= 2 or (words == 1 and len(_WORD.findall(folded)) == 1)  # noqa: PLR2004


def _at_edge(text: str, position: int) -> bool:
    """Whether a word may begin or end here. Scripts without letter case have no such edges."""
    if position in (0, len(text)):
        return True
    before, after = text[position - 1], text[position]
    if unicodedata.combining(after):
        return False
    return not (_is_solid(before) and _is_solid(after))


def _is_solid(character: str) -> bool:
    return character.isdigit() or character.lower() != character.upper()


def _whole(text: str, end: int) -> int:
    """The end, moved behind accents that belong to the last character."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
