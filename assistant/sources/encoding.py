"""Turns the bytes of a text file into text, or says that they are none."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

SAMPLE = 64_000
"""Bytes looked at to tell an encoding; enough for any language, quick for any file."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SCRIPTS = [
    *("cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "koi8_r"),
    *("cp932", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "cp949"),
]
MOSTLY, HARDLY = 0.7, 0.05
"""Shares of NUL bytes in one half of the bytes, and in the other, that show UTF-16."""


class NotText(ValueError):
    """The bytes are not text in any encoding that is in use."""


class Decoded(NamedTuple):
    """Text with line ends as ``\\n``, and how it was read. ``guessed``: the file did not say."""

    text: str
    encoding: str
    guessed: bool


def decode(data: bytes) -> Decoded:
    """Read bytes as UTF-8 or UTF-16 (with or without a mark), else as the encoding they look like.

    Raises:
        NotText: the bytes hold something else than text.
    """
    encoding = _marked(data) or _unmarked_utf16(data)
    if encoding is None and b"\x00" in data:
        raise NotText("NUL bytes")
    try:
        return _decoded(data, encoding or "utf-8", guessed=False)
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise NotText(str(error)) from None
    return _guess(data)


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _BOMS if data.startswith(mark)), None)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in text of Latin letters: every second byte is NUL."""
    sample = data[:SAMPLE]
    half = len(sample) // 2
    if half == 0 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > MOSTLY and even < HARDLY:
        return "utf-16-le"
    if even > MOSTLY and odd < HARDLY:
        return "utf-16-be"
    return None


def _decoded(data: bytes, encoding: str, *, guessed: bool) -> Decoded:
    text = data.decode(encoding)
    if "\x00" in text:
        raise NotText("NUL characters")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), encoding, guessed)


def _guess(data: bytes) -> Decoded:
    """Another script if the detector sees one; cp1252, what Windows writes in the West, if not."""
    from charset_normalizer import from_bytes

    sample = data[:SAMPLE]
    whole = len(data) <= SAMPLE or b"\n" not in sample
    best = from_bytes(
        sample if whole else sample[: sample.rindex(b"\n")], cp_isolation=_SCRIPTS
    ).best()
    foreign = best is not None and not _mostly_latin(str(best))
    for encoding in ([best.encoding] if best and foreign else []) + ["cp1252"]:
        try:
            decoded = _decoded(data, encoding, guessed=True)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(decoded.text):
            return decoded
    raise NotText("no encoding fits")


def _mostly_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < "\u0250" for letter in letters) * 2 >= len(letters)
