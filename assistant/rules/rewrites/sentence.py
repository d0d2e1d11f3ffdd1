"""Edits that keep a sentence a sentence, and the words that questions quote."""

from __future__ import annotations

import re

from assistant.language.dates import find_deadlines
from assistant.models import KeyResult, Measure, shortened
from assistant.rules.base import Flag, Subject

_TAIL = re.compile(r"[\s.;,]+$")
_BROKEN = re.compile(r"[\n\r;!?|#@{}<>=\[\]]|\.\s|->|→|\s-\s|[–—]")
_ASIDE = re.compile(r"[()\"“”]")
_QUOTED = 70


def text_of(subject: Subject, flag: Flag) -> str:
    """The text of the flagged element."""
    return subject.objective.element(flag.on) or ""


def key_result_of(subject: Subject, flag: Flag) -> KeyResult:
    """The flagged key result."""
    return subject.objective.key_results[int(flag.on[3:]) - 1]


def measure_of(subject: Subject, flag: Flag) -> Measure:
    """What the flagged key result measures."""
    return key_result_of(subject, flag).measure


def quoted(text: str) -> str:
    """The text in quotation marks, on one line and not too long."""
    return f"“{shortened(text, _QUOTED)}”"


def metric_or_text(subject: Subject, flag: Flag) -> str:
    """The measure of the flagged key result in quotation marks, or else all of it."""
    metric = measure_of(subject, flag).metric
    return quoted(metric.text if metric else text_of(subject, flag))


def is_one_clause(text: str, most_words: int) -> bool:
    """Whether words can be put behind a text: one line and clause without marks or asides."""
    bare = trimmed(text)
    if _BROKEN.search(bare) or _ASIDE.search(bare) or ":" in bare:
        return False
    return 0 < len(bare.split()) <= most_words


def is_one_line(text: str, most_words: int) -> bool:
    """Whether a remark in parentheses can be put behind a text."""
    bare = trimmed(text)
    if bare.endswith((")", "]")) or re.search(r"[\n\r!?]|=>|\.\s", bare):
        return False
    return 0 < len(bare.split()) <= most_words


def trimmed(text: str) -> str:
    """The text on one line without the punctuation that closes it."""
    return _TAIL.sub("", " ".join(text.split()))


def capitalised(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def is_due(words: str) -> bool:
    """Whether some words are nothing, or only say by when."""
    left = words
    for due in find_deadlines(words):
        left = left.replace(due.span.text, "")
    return not left.strip(" .,;")
