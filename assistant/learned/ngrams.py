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
_LONGEST = 600
"""Characters that count; a longer text has said what it says."""


@lru_cache(maxsize=4096)
def hashed(text: str) -> dict[int, float]:
    """The n-grams of a text, of length 1: bucket to weight. Digits are all alike."""
    counts = Counter(
        crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in _grams(text[:_LONGEST])
    )
    weights = {bucket: 1 + log(count) for bucket, count in counts.items()}
    norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {bucket: weight / norm for bucket, weight in weights.items()}


def _grams(text: str) -> Iterator[str]:
    folded = " ".join(_DIGIT.sub("0", text.lower()).split())
    words = _TOKEN.findall(folded)
    yield from (f"w:{word}" for word in words)
    yield from (f"b:{one} {two}" for one, two in zip(["^", *words], [*words, "$"], strict=True))
    if words:
        yield f"f:{words[0]}"
        yield f"f2:{' '.join(words[:2])}"
    padded = f" {folded} "
    for size in (3, 4, 5):
        yield from (f"c:{padded[at : at + size]}" for at in range(len(padded) - size + 1))
