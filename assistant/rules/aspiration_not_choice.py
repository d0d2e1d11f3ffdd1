"""O1: an aspiration that nobody would oppose, instead of a choice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.segments import find_mechanism, find_segments
from assistant.models import Span, shortened
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import confidence
from assistant.rules.rewrites import objectives

_LOFTY = re.compile(
    r"\b(?:world[- ]class|best[- ]in[- ]class|industry[- ]leading|market[- ]leading|leading"
    r"|number one|no\. ?1|#1|(?:the )?best|excellen(?:t|ce)|outstanding|amazing|awesome|great(?:est)?"
    r"|delight\w*|wow|innovati\w+|transform\w*|revolutioni[sz]e|empower\w*|inspir\w+|passion\w*"
    r"|most (?:loved|trusted|admired|innovative|customer[- ]\w+)|trusted partner|partner of choice"
    r"|thought leader\w*|next[- ]level|unlock\w*|seamless\w*|high[- ]performing"
    r"|operational excellence|employer of choice|customer[- ]cent(?:ric|ricity|red)|data[- ]driven"
    r"|synerg\w+|future[- ]proof|cutting[- ]edge|state[- ]of[- ]the[- ]art)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:instead of|rather than|not |without|even if|even when|over |before|first|only|stop\w*"
    r"|so that|because|than)\b",
    re.IGNORECASE,
)


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag lofty words in an objective with no segment, mechanism or contrast."""
    text = subject.objective.text
    lofty = _LOFTY.search(text)
    by_words = 0.8 if lofty and not _is_choice(text) else None
    sure = confidence(subject, "O1", "objective", by_words=None) or by_words
    if sure is None:
        return
    start, end = lofty.span() if lofty else (0, len(text))
    yield Flag(
        on="objective",
        span=Span.of(text, start, end),
        message=f"{shortened(text[start:end])!r} is a state nobody would oppose; "
        "the objective names no segment, no way to win and nothing that gives way.",
        confidence=sure,
    )


def _is_choice(text: str) -> bool:
    if _CONTRAST.search(text) or find_mechanism(text):
        return True
    return next(iter(find_segments(text)), None) is not None


RULE = Rule(
    code="O1",
    slug="aspiration-not-choice",
    kind="J",
    group="objective",
    title="Aspiration, not a choice",
    severity="warning",
    fires_when="It names a state whose opposite no sane peer would choose, and gives no segment or "
    "place, no way to win, no change from today and nothing that gives way. "
    "It could hang on any wall.",
    why="An aspiration excludes nothing, so it cannot say no to a single idea. Teams below it "
    "each fill it with their own meaning and run in different directions.",
    authority="Strategy as choice (Martin, Rumelt): an objective names where to play or how to win",
    question="For whom or where will you win first, by doing what differently, and what will you "
    "stop doing for it?",
    prompt="Would any sane peer organisation sign the opposite? If not, does the objective at least name a "
    "segment or place, a way to win, a change from today, or what gives way? Fire only when it "
    "names none of them. Lofty words alone are not guilty; plain words alone are not innocent.",
    examples=(
        Example(text="Become the leading provider of cooling solutions", fires=True),
        Example(text="Deliver an outstanding customer experience", fires=True),
        Example(
            text="Become the first call for pharma hauliers, even if food fleets wait longer",
            fires=False,
            note="lofty, yet it names a segment and what gives way",
        ),
        Example(text="Win the second order", fires=False, note="short, yet it chooses"),
    ),
    held_out=(
        Example(text="Be a world-class engineering organisation", fires=True),
        Example(text="Drive operational excellence", fires=True),
        Example(text="Delight night-shift nurses rather than their managers", fires=False),
        Example(text="Fewer returns from first-time buyers", fires=False),
    ),
    detect=detect,
    ask=objectives.ask_for_choice,
    rewrite=objectives.with_choice,
)
