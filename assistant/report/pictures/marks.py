"""The marks and words of the verdicts, so that no meaning hangs on colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.report.views.forest import State

MARKS: Mapping[State, str] = {
    "drifted": "✗",
    "look": "?",
    "fine": "✓",
    "unclear": "–",
    "none": "○",
}
HOP_WORDS: Mapping[State, str] = {
    "drifted": "drifted",
    "look": "look here",
    "fine": "serves its parent",
    "unclear": "cannot tell",
    "none": "no step to judge",
}
ROOT_WORDS: Mapping[State, str] = {
    "drifted": "root lost",
    "look": "look at the root",
    "fine": "serves the root",
    "unclear": "root: cannot tell",
    "none": "",
}
