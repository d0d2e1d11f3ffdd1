"""What the type column of an export says that a row is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from assistant.models import ObjectiveKind, fold
from assistant.sources.cells import KINDS
from assistant.sources.vocabulary import KEY_RESULT, OBJECTIVE

ElementKind = Literal["objective", "key_result"]

_KEY_RESULT = re.compile(rf"\b(?:{KEY_RESULT}|krs?)\b|^(?:results?|resultat|ergebnis)$")
_OBJECTIVE = re.compile(rf"\b(?:{OBJECTIVE}|goals?|okrs?)\b|^o$")


@lru_cache(maxsize=1000)
def read_element_kind(text: str) -> ElementKind | None:
    """Objective or key result: ``KR``, ``Key result (metric)``, ``Team objective``, ``Goal``."""
    words = fold(text).replace("_", " ")
    if _KEY_RESULT.search(words):
        return "key_result"
    return "objective" if _OBJECTIVE.search(words) else None


def read_objective_kind(text: str) -> ObjectiveKind | None:
    """Committed, aspirational or learning, if a word of the type says so."""
    return next((KINDS[word] for word in fold(text).split() if word in KINDS), None)
