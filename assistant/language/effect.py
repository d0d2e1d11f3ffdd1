"""Words that state what the work should change, or the change of a level itself."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.cues import Cue, cues
from assistant.language.delivery import delivery_range
from assistant.language.lexicon import nouns
from assistant.language.metric import Measured, measured
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.sides import Range
from assistant.language.words import word_set

_CONNECTOR = Pattern(
    r"\bso that\b|\bso (?=\w+ (?:can|could|will|no longer|get|feel)\b)|\bresult(?:ing|s)? in\b"
    r"|\bleading to\b|\bleads? to\b|\bthereby\b|\bwith the result that\b"
    r"|\b(?:which|that) (?:cuts?|reduces?|raises?|increases?|lowers?|saves?|improves?|lifts?"
    r"|doubles?|halves?|shortens?)\b"
    r"|\b(?:adopted|used|chosen|recommended|trusted|preferred|read|reached|completed|accepted|opened"
    r"|watched)(?: \w+ly)? by (?:at least |over |more than )?(?:\d|half|one|two|three|all|every)"
    r"|\bwith (?:at least |over |more than |≥ ?)?\d[\d.,]* ?% (?:of |\w+ ?)?(?:\w+ )?"
    r"(?:adoption|usage|uptake|activation|satisfaction|acceptance|users|customers|staff|orders)\b"
    r"|\b(?:saving|freeing up|freeing|generating|yielding|bringing in|unlocking|winning|avoiding)"
    r" (?=[^.;,]{0,40}\d)"
)
_END = Pattern(r"[.;](?=\s|$)")


@lru_cache(maxsize=4096)
def effect_range(text: str) -> Range | None:
    """Where the effect stands in the plain text."""
    reading = read(text)
    if match := _CONNECTOR.search(reading.low):
        return match.start(), _sentence_end(reading, match.end())
    measure = measured(text)
    if measure.metric and _counts_things(reading, measure.metric):
        return None
    delivery = delivery_range(text)
    cue = next((cue for cue in cues(text) if _is_effect(cue, delivery, measure)), None)
    if cue:
        return cue.start, _sentence_end(reading, cue.end)
    return _level(measure, delivery)


def _is_effect(cue: Cue, delivery: Range | None, measure: Measured) -> bool:
    """Whether a word of direction speaks of the world, not of the work."""
    if cue.kind == "limit" or cue.way in {"reach", "hold"}:
        return False
    if not delivery:
        return True
    is_loose = cue.kind == "comparative" and not measure.pair
    return cue.start > delivery[0] and not is_loose


def _level(measure: Measured, delivery: Range | None) -> Range | None:
    """A level that moves, or a share to reach, of something that is not made."""
    is_made = delivery and measure.metric and delivery[0] < measure.metric[1]
    if measure.pair and not is_made:
        return measure.pair
    target = measure.roles.target
    if target and target.unit == "%" and target.kind != "weak" and not delivery:
        return target.start, target.end
    return None


def _counts_things(reading: Reading, metric: Range) -> bool:
    """Whether the metric's own head is a thing that is made: "blog posts per month"."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if not metric[0] <= token.start < metric[1]:
            continue
        if token.low in word_set("uncounted"):
            return False
        found = nouns("verbs", "deliverables").at(tokens, index)
        if found and found[1] == "many":
            after = index + found[0]
            ends = after >= len(tokens) or tokens[after].start >= metric[1]
            made = word_set("short phrase ends") | word_set("made and counted")
            return ends or tokens[after].low in made
    return False


def _sentence_end(reading: Reading, start: int) -> int:
    match = _END.search(reading.low, start)
    end = match.start() if match else len(reading.low)
    return start + len(reading.low[start:end].rstrip())
