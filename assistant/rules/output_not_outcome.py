"""K1: a key result that names work delivered instead of the change it should cause."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.language.verbs import find_delivery, find_effect, find_evidence_criterion
from assistant.models import Span, shortened
from assistant.rules.base import Example, Flag, Rule, Subject
from assistant.rules.judged import confidence, is_early, is_legitimate
from assistant.rules.rewrites import key_results


def detect(subject: Subject) -> Iterator[Flag]:
    """Flag the delivery words of each key result that states no effect."""
    flags = list(_outputs(subject))
    if is_early(subject) and len(flags) < len(subject.objective.key_results):
        return
    yield from flags


def _outputs(subject: Subject) -> Iterator[Flag]:
    for position, key_result in enumerate(subject.objective.key_results, start=1):
        on, text = f"kr:{position}", key_result.text
        by_words = _by_words(text) if subject.scores is None else None
        sure = confidence(subject, "K1", on, by_words=by_words)
        if sure is None or is_legitimate(subject, text):
            continue
        delivery = find_delivery(text) or Span.of(text, 0, len(text))
        yield Flag(
            on=on,
            span=delivery,
            message=f"{shortened(delivery.text)!r} names work delivered. "
            "It can be done in full while nothing changes for anyone.",
            confidence=sure,
        )


def _by_words(text: str) -> float | None:
    if find_effect(text) or find_evidence_criterion(text) or not find_delivery(text):
        return None
    return 0.8


RULE = Rule(
    code="K1",
    slug="output-not-outcome",
    kind="J",
    group="key-result",
    title="Output, not an outcome",
    severity="warning",
    fires_when="It is met by making, holding, shipping or sending something, with no effect stated. "
    "Not when the effect is stated, nor for a learning or early-phase milestone that carries an "
    "evidence criterion or stands beside at least one outcome key result.",
    why="Finishing the work does not show that it helped. A team can score 1.0 on outputs while "
    "its objective does not move.",
    authority="Doerr, Seiden (outcomes over output), Torres; deliverables are allowed by some profiles",
    question="Once this is done, what will be different, for whom, and how would you see it?",
    prompt="Is the key result met by making, holding, shipping, hiring, training or sending something? "
    "Then fire, whatever numbers it carries ('publish 12 posts'), unless an effect on people or "
    "on the business is stated, or it is a learning or early-phase milestone with an evidence "
    "criterion or beside an outcome. Use of the delivered thing by people is an outcome.",
    examples=(
        Example(text="Launch the new service portal", fires=True),
        Example(text="Hold 12 driver workshops", fires=True, note="a number does not save it"),
        Example(
            text="Launch the portal, cutting calls per repair from 3.1 to 1.5",
            fires=False,
            note="the effect is stated",
        ),
        Example(text="Median repair time from 9 to 5 days", fires=False),
    ),
    held_out=(
        Example(text="Publish the pricing guide in four languages", fires=True),
        Example(text="Hire 4 engineers", fires=True),
        Example(
            text="Share of trailers repaired at the first visit from 62 % to 75 %", fires=False
        ),
        Example(
            text="Prototype tested: 7 of 10 dispatchers plan a day with it unaided", fires=False
        ),
    ),
    detect=detect,
    ask=key_results.ask_for_effect,
    rewrite=key_results.with_effect,
)
