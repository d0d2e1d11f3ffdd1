"""Words and letters of a text as a sparse vector, by the hashing trick.

Source: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009. Our own
few lines, because importing scikit-learn for them costs a second at every start.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import log, sqrt
from zlib import crc32

BUCKETS = 2**15
_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?|[^\w\s]")
_DIGIT = re.compile(r"\d")
_SIZES, _LETTERS = (3, 4, 5), crc32(b"c:")
"""Of pieces of letters; and how the checksum of one begins."""
_LONGEST = 600
"""Characters that count; a longer text has said what it says."""


@lru_cache(maxsize=4096)
def hashed(text: str) -> dict[int, float]:
    """The n-grams of a text, of length 1: bucket to weight. Digits are all alike."""
    counts = Counter(_buckets(text[:_LONGEST]))
    weights = {bucket: 1 + log(count) for bucket, count in counts.items()}
    norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {bucket: weight / norm for bucket, weight in weights.items()}


def _buckets(text: str) -> list[int]:
    folded = " ".join(_DIGIT.sub("0", text.lower()).split())
    found = [crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in _words(folded)]
    padded = f" {folded} "
    if not padded.isascii():
        found += [
            crc32(padded[at : at + size].encode("utf-8", "replace"), _LETTERS) % BUCKETS
            for size in _SIZES
            for at in range(len(padded) - size + 1)
        ]
        return found
    # The usual case: letters and bytes are the same, which saves half the time.
    letters = padded.encode("ascii")
    for size in _SIZES:
        found += [
            crc32(letters[at : at + size], _LETTERS) % BUCKETS
            for at in range(len(letters) - size + 1)
        ]
    return found


def _words(folded: str) -> Iterator[str]:
    words = _TOKEN.findall(folded)
    yield from (f"w:{word}" for word in words)
    yield from (f"b:{one} {two}" for one, two in zip(["^", *words], [*words, "$"], strict=True))
    if words:
        yield f"f:{words[0]}"
        yield f"f2:{' '.join(words[:2])}"
