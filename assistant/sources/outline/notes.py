"""Keeps what is written below an element without being a part of it."""

from __future__ import annotations

import re

from assistant.sources.outline.drafts import Draft
from assistant.sources.outline.node import Node
from assistant.sources.tidy import is_progress, read_progress, read_score
from assistant.sources.tidy.reports import ARROW

_BOX = re.compile(r"\[[ xX✓✔]\]\s+|[☐☑☒]\s*")
_SCORE = re.compile(r"(?:score|grade)?\W*[01]?[.,]\d{1,2}", re.IGNORECASE)


def keep_notes(node: Node, target: Draft) -> None:
    """Keep a line and all below it; below a label such as ``Initiatives:``, each with the label."""
    label = node.text.strip(" :") if node.role == "aside" and node.children else None
    if not label:
        _remark(_BOX.sub("", node.text), target)
    for child in node.children:
        _nested(child, target, label)


def _nested(node: Node, target: Draft, label: str | None) -> None:
    words = _BOX.sub("", node.text) if node.mark != "comment" else node.text
    target.note(f"{label}: {words}" if label and node.mark != "comment" else words)
    for child in node.children:
        _nested(child, target, label)


def _remark(text: str, target: Draft) -> None:
    """``=> done`` or ``0.7`` on a line of its own says how far the element has come."""
    words = ARROW.sub("", text, count=1) if ARROW.match(text) else text
    score = read_score(words) if _SCORE.fullmatch(words) else None
    if score is not None and target.score is None:
        target.score = score
        return
    if words != text or is_progress(words):
        target.status = target.status or read_progress(words)
    target.note(words)
