"""O5: the objective is longer than one line."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Span
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.rewrites import objectives


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the words beyond the profile's limit of words, or else of characters."""
    text, limits = subject.objective.text, subject.limits
    words = text.split()
    if len(words) <= limits.objective_words and len(text) <= limits.objective_characters:
        return
    start = _start_of_excess(text, limits.objective_words, limits.objective_characters)
    yield Flag(
        on="objective",
        span=Span.of(text, start, len(text)),
        message=f"The objective has {len(words)} words and {len(text)} characters; "
        f"a crisp one has at most {limits.objective_words} words "
        f"and {limits.objective_characters} characters.",
    )


def _start_of_excess(text: str, words: int, characters: int) -> int:
    position = 0
    for _ in range(words):
        while position < len(text) and text[position].isspace():
            position += 1
        while position < len(text) and not text[position].isspace():
            position += 1
    while position < len(text) and text[position].isspace():
        position += 1
    return min(position, characters)


_LONG = (
    "Improve the way in which our regional depots plan, schedule, hand over and document the "
    "repairs that they carry out for fleet customers with mixed trailers"
)
_WIDE = (
    "Reestablish interdepartmental responsibility for cross-border transportation documentation "
    "throughout manufacturing, warehousing and aftermarket organisations"
)

RULE = Rule(
    code="O5",
    slug="not-crisp",
    kind="L",
    group="objective",
    title="Not crisp",
    severity="info",
    fires_when="The objective is longer than one line: by default over 18 words or 150 characters.",
    why="An objective that cannot be said in one breath is not remembered, "
    "and what is not remembered does not steer anyone.",
    authority="Common practice: an objective is memorable",
    question="Which eight to twelve words would you say to a colleague in the corridor?",
    prompt="Is the objective longer than one line, over about 18 words? Do not judge its content.",
    examples=(
        Example(text=_LONG, fires=True),
        Example(text="Depots give fleets one repair date and keep it", fires=False),
    ),
    held_out=(
        Example(text=_WIDE, fires=True, note="few words, many characters"),
        Example(
            text="Drivers in the north find a working charger within ten minutes of every motorway "
            "exit this winter",
            fires=False,
            note="exactly at the limit of words",
        ),
    ),
    any_language=True,
    detect=detect,
    ask=objectives.ask_for_core,
    rewrite=objectives.shortened_safely,
)
