"""K12: a baseline or benchmark that no supplied source holds."""

from __future__ import annotations

from assistant.rules.base import Example, Rule

RULE = Rule(
    code="K12",
    slug="unsupported-number",
    kind="C",
    group="key-result",
    title="Unsupported number",
    severity="warning",
    needs="figures",
    fires_when="A baseline or benchmark appears in no supplied source. Always applied to our own rewrites: a "
    "rewrite never invents a number.",
    why="A start value that nobody measured makes the target arbitrary and the score fiction; an invented "
    "benchmark is quoted for years.",
    authority="Evidence practice: a figure has a source and a date; the rule this tool holds itself to",
    question="Where does this figure come from, and of what day is it?",
    prompt="Only where sources of figures are supplied: does the baseline or benchmark stand in one of them, "
    "rounded at most? Fire if it stands in none, or if a source gives another value. Targets are choices and "
    "need no source. A figure with its own source in the text is supported.",
    examples=(
        Example(
            text="Repeat repairs from 19 % to 8 %",
            source="Service report, June: 12 % of repairs came back within 30 days.",
            fires=True,
            note="the source gives another value",
        ),
        Example(
            text="Renewals from 71 % to the industry's 92 %",
            source="Contract list, June: 71 % of expiring contracts were renewed.",
            fires=True,
            note="the start is backed, the benchmark is not",
        ),
        Example(
            text="Repeat repairs from 12 % to 8 %",
            source="Service report, June: 12 % of repairs came back within 30 days.",
            fires=False,
            note="the target is a choice and needs no source",
        ),
        Example(
            text="Repeat repairs from [baseline?] to 8 %",
            source="Service report, June: calls a week 310.",
            fires=False,
            note="a visible blank claims nothing",
        ),
    ),
    held_out=(
        Example(
            text="Falls per 1,000 bed days from 5.1 to 3.5",
            source="Ward statistics, May: 3.9 falls per 1,000 bed days.",
            fires=True,
        ),
        Example(
            text="Falls per 1,000 bed days from 3.9 to 2.5",
            source="Ward statistics, May: 3.9 falls per 1,000 bed days.",
            fires=False,
        ),
    ),
)
