"""Verbs of work, effects, evidence and upkeep: what a goal says will be done or will change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.language.clauses import LEVELS_NEXT, leads, openings
from assistant.language.codes import named_digits
from assistant.language.direction import cues
from assistant.language.lexicon import (
    Verb,
    delivery_verbs,
    maintain_verbs,
    nouns,
    phrases,
)
from assistant.language.metric import measured
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import numbers
from assistant.language.segments import guard_cues, guard_range
from assistant.models import Span

Range = tuple[int, int]


def leading_verb(text: str) -> Span | None:
    """The verb that the goal opens with, in any form; None for noun phrases such as "NPS 40".

    Labels, "we will", team names before "to" and adverbs are skipped. A word that no list
    knows counts as a verb if a determiner follows it ("Delight our guests").
    """
    reading = read(text)
    first = openings(text)[:2]
    for lead in leads(text):
        if lead.at in first:
            start = reading.tokens[lead.at].start
            return reading.span(start, reading.tokens[lead.at + lead.verb.length - 1].end)
    return _unknown_verb(reading, first)


def find_delivery(text: str) -> Span | None:
    """The words that say work will be done: a verb, its noun, a state, or a count of things made.

    "Launch the portal", "Launch of the portal", "Portal live", "12 blog posts" and "All nurses
    trained" are found; "release frequency", "build time" and "share of parcels delivered on
    time" are measures and are not. Whether an effect is stated too is
    :func:`find_effect`'s question.
    """
    reading = read(text)
    found = delivery_range(text)
    return reading.span(*found) if found else None


def find_effect(text: str) -> Span | None:
    """The words that state what the work should change, or the change of a level itself.

    Counts of things made ("from 4 to 12 posts") are no effect.
    """
    reading = read(text)
    found = effect_range(text)
    return reading.span(*found) if found else None


def find_evidence_criterion(text: str) -> Span | None:
    """The words that say what would count as evidence: "at least 7 of 10 customers confirm"."""
    reading = read(text)
    match = _EVIDENCE.search(reading.low)
    return reading.span(match.start(), match.end()) if match else None


def find_maintain(text: str) -> Span | None:
    """The words that say all stays as it is: keep, maintain, continue, ongoing, as usual."""
    reading = read(text)
    found = _maintain_range(text)
    return reading.span(*found) if found else None


_DETERMINERS = frozenset("the our a an all every each their its your new this these".split())
_NOT_VERBS = frozenset(
    "all every each no of for in on at to by with from and or but not more most both half under over "
    "than is are be as if when while across among within through without per behind beyond against "
    "toward towards into onto unto about around during before after since until".split()
)


def _unknown_verb(reading: Reading, at: tuple[int, ...]) -> Span | None:
    for index in at:
        if index + 1 >= len(reading.tokens):
            continue
        token, following = reading.tokens[index], reading.tokens[index + 1]
        gap = reading.low[token.end : following.start]
        is_word = token.low.isalpha() and token.low not in _NOT_VERBS and len(token.low) > 2
        if is_word and gap == " " and following.low in _DETERMINERS - {"new", "all"}:
            if not token.low.endswith("s") or token.low.endswith("ss"):
                return reading.span(token.start, token.end)
    return None


# --- delivery ---------------------------------------------------------------------------------

_SHARE = Pattern(r"%|\b(?:share|proportion|percentage|percent|rate|ratio)\b")
_LEVELS = Pattern(r"\bfrom\b[^.;]{0,60}?\bto\b|→|->|(?<!=)=>(?=\s*[<>≤≥~]?\s*[$€£]?\d)")
_FLOW_VERBS = frozenset(
    "deliver ship send complete resolve process submit issue run answer handle review close order "
    "file register test collect assess evaluate approve start open visit contact call serve report "
    "schedule plan certify inspect".split()
)
_WON = frozenset({"sign", "onboard", "win", "acquire", "hire"})
_AFTER_STATE = Pattern(
    r"[\s*_\])]*(?:$|[.,;:!)(\]]|=>|→|–|—|\s-\s|(?:by|in|to|for|on|at|across|with|and|before|until|via"
    r"|through|within|from|this|using|so|during|as|into|per)\b)"
)
_STATE_VERB_BEFORE = Pattern(
    r"\b(?:is|are|be|been|being|was|were|has|have|gets?|goes|fully|now)\s$"
)
_NOMINAL_AFTER = Pattern(
    r"\s*(?:$|[.,;:!)]|=>|(?:of|to|in|for|by|at|on|with|across|done|complete|completed|finished|live"
    r"|delivered|from|this|before|until|within|and|phase|project|programme|program|passed|approved"
    r"|signed|started|closed|ready|q[1-4])\b)"
)
_ON_TIME = Pattern(
    r"\s(?:on time|on-time|on schedule|in full|first time|at first|within|under|in under|late|early)"
)


@lru_cache(maxsize=512)
def delivery_range(text: str) -> Range | None:
    """Where the delivery stands in the plain text."""
    reading = read(text)
    for found in (
        _led_delivery(text, reading),
        _nominal_delivery(text, reading),
        _finished_delivery(text, reading),
        _counted_things(text, reading),
    ):
        if first := next(iter(found), None):
            return first
    return None


def _led_delivery(text: str, reading: Reading) -> Iterator[Range]:
    for lead in leads(text):
        verb = delivery_verbs().at(reading.tokens, lead.at)
        if not verb or _is_attributive(reading, lead.at, verb):
            continue
        if lead.verb.lemma == "hold" and any(
            cue.way == "hold" and cue.start == reading.tokens[lead.at].start for cue in cues(text)
        ):
            continue
        if lead.verb.lemma in _PEOPLE_OR_SHARE and _SHARE_FOLLOWS.match(
            reading.low, reading.tokens[lead.at + verb.length - 1].end
        ):
            continue
        yield _span_of(reading, lead.at, verb)


_PEOPLE_OR_SHARE = frozenset(
    {"complete", "start", "open", "move", "collect", "deliver", "ship", "report"}
)
_SHARE_FOLLOWS = Pattern(r"\s(?:at least |over |more than )?\d[\d.,]* ?(?:%|percent)")


def _is_attributive(reading: Reading, index: int, verb: Verb) -> bool:
    """Whether a participle at the start describes what is measured: "completed orders from"."""
    if verb.form != "past" or delivery_verbs().at(reading.tokens, index) is None:
        return False
    after = reading.tokens[index + verb.length :][:1]
    if not after or after[0].low in _DETERMINERS or after[0].low[0].isdigit():
        return False
    lemma_is_base = verb.lemma == reading.tokens[index].low
    return not lemma_is_base and bool(_LEVELS.search(reading.low) or _SHARE.search(reading.low))


def _nominal_delivery(text: str, reading: Reading) -> Iterator[Range]:
    tokens = reading.tokens
    named = named_digits(text)
    has_level = bool(_LEVELS.search(reading.low) or "%" in reading.low)
    for opening in openings(text):
        if has_level and any(lead.at == opening for lead in leads(text)):
            continue
        for index in range(opening, min(opening + 6, len(tokens))):
            if index > opening and reading.low[tokens[index - 1].end : tokens[index].start].strip(
                " -/&'\""
            ):
                break
            found = phrases("verbs", "delivery nouns").at(tokens, index)
            if found:
                end = tokens[index + found[0] - 1].end
                follows = _NOMINAL_AFTER.match(reading.low, end)
                leads_with_of = index == opening and reading.low.startswith((" of ", " to "), end)
                if follows and (leads_with_of or not has_level):
                    yield tokens[index].start, end
            is_number = tokens[index].low[0].isdigit() and not named[tokens[index].start]
            if tokens[index].low in _PHRASE_ENDS or is_number:
                break


_PHRASE_ENDS = frozenset(
    "of per from to in by for with on at is are was were under below above over across among than "
    "via through that which who so after before".split()
)


def _finished_delivery(text: str, reading: Reading) -> Iterator[Range]:
    """States and participles behind a noun: "gateway live", "all nurses trained"."""
    tokens, low = reading.tokens, reading.low
    is_share = any(number.unit == "%" and number.kind != "weak" for number in numbers(text))
    measured = is_share or bool(_LEVELS.search(low) or _SHARE.search(low))
    for index in range(1, len(tokens)):
        start = tokens[index].start
        if low[tokens[index - 1].end : start].strip(" *_)]>:=") not in {"", "-"}:
            continue
        if "=>" in low[tokens[index - 1].end : start] and tokens[index].low in {
            "done",
            "complete",
            "live",
        }:
            yield start, tokens[index].end
            continue
        state = phrases("verbs", "done").at(tokens, index)
        verb = delivery_verbs().at(tokens, index)
        if verb and verb.form != "past" and not (verb.lemma in _PAST_LIKE_BASE):
            verb = None
        if not state and not verb:
            continue
        length = max(state[0] if state else 0, verb.length if verb else 0)
        end = tokens[index + length - 1].end
        if not _AFTER_STATE.match(low, end) or _ON_TIME.match(low, end):
            continue
        if tokens[index - 1].low in _NO_SUBJECT and not _STATE_VERB_BEFORE.search(low[:start][-8:]):
            continue
        lemma = verb.lemma if verb else tokens[index].low
        if measured and (lemma in _FLOW_VERBS or not verb):
            continue
        if lemma in _WON and nouns("segments", "people").at(tokens, index - 1):
            continue
        if lemma in {"sign", "signed"} and nouns("segments", "people").at(tokens, index - 1):
            continue
        yield start, end


_PAST_LIKE_BASE = frozenset({"set up", "put in place", "cut over"})
_NO_SUBJECT = frozenset(
    "the a an of for in on at to by with from and or our not is are be than get well as more most "
    "newly recently who which that we".split()
)


def _counted_things(text: str, reading: Reading) -> Iterator[Range]:
    """Counts of things made or held: "12 blog posts", "number of workshops"."""
    tokens, low = reading.tokens, reading.low
    counts = {
        number.end: number
        for number in numbers(text)
        if number.unit is None or number.unit.startswith("per")
    }
    opened = set(openings(text))
    for index in range(len(tokens)):
        found = nouns("verbs", "deliverables").at(tokens, index)
        if not found or found[1] != "many":
            continue
        first = index
        while (
            first > 0
            and index - first < 3
            and tokens[first - 1].low.isalpha()
            and low[tokens[first - 1].end : tokens[first].start] == " "
            and tokens[first - 1].low not in _PHRASE_ENDS
            and tokens[first - 1].end not in counts
        ):
            first -= 1
        before = low[: tokens[first].start].rstrip()
        end = tokens[index + found[0] - 1].end
        counted = len(before) in counts or before.endswith("number of")
        led = first in opened and bool(LEVELS_NEXT.match(low, end))
        if (counted or led) and not _SHARE.search(low):
            yield tokens[first].start, end


def _span_of(reading: Reading, index: int, verb: Verb) -> Range:
    return reading.tokens[index].start, reading.tokens[index + verb.length - 1].end


# --- effect -----------------------------------------------------------------------------------

_CONNECTOR = Pattern(
    r"\bso that\b|\bso (?=\w+ (?:can|could|will|no longer|get|feel)\b)|\bresult(?:ing|s)? in\b"
    r"|\bleading to\b|\bleads? to\b|\bthereby\b|\bwith the result that\b"
    r"|\b(?:which|that) (?:cuts?|reduces?|raises?|increases?|lowers?|saves?|improves?|lifts?"
    r"|doubles?|halves?|shortens?)\b"
    r"|\b(?:adopted|used|chosen|recommended|trusted|preferred|read|reached|completed|accepted|opened|watched)"
    r"(?: \w+ly)? by (?:at least |over |more than )?(?:\d|half|one|two|three|all|every)"
    r"|\bwith (?:at least |over |more than |≥ ?)?\d[\d.,]* ?% (?:of |\w+ ?)?(?:\w+ )?(?:adoption|usage|uptake"
    r"|activation|satisfaction|acceptance|users|customers|staff|orders)\b"
    r"|\b(?:saving|freeing up|freeing|generating|yielding|bringing in|unlocking|winning|avoiding) (?=[^.;,]{0,40}\d)"
)
_PURPOSE_TO = Pattern(r"\b(?:in order )?to $")


@lru_cache(maxsize=512)
def effect_range(text: str) -> Range | None:
    """Where the effect stands in the plain text."""
    reading = read(text)
    if match := _CONNECTOR.search(reading.low):
        return match.start(), _sentence_end(reading, match.end())
    return _moved_level(text, reading)


def _moved_level(text: str, reading: Reading) -> Range | None:
    """A change of direction, or a level that moves, of something that is not made."""
    measure = measured(text)
    if measure.metric and _counts_things(reading, measure.metric):
        return None
    delivery = delivery_range(text)
    for cue in cues(text):
        if cue.kind == "limit" or cue.way in {"reach", "hold"}:
            continue
        if delivery and cue.start <= delivery[0]:
            continue
        if delivery and not measure.pair and cue.kind == "comparative":
            continue
        return cue.start, _sentence_end(reading, cue.end)
    if measure.pair and not (delivery and measure.metric and delivery[0] < measure.metric[1]):
        return measure.pair
    target = measure.roles.target
    if target and target.unit == "%" and target.kind != "weak" and not delivery:
        return target.start, target.end
    return None


def _counts_things(reading: Reading, metric: Range) -> bool:
    """Whether the metric's own head is a thing that is made: "blog posts per month"."""
    inside = [i for i, t in enumerate(reading.tokens) if metric[0] <= t.start < metric[1]]
    for index in inside:
        if reading.tokens[index].low in {"per", "in", "by", "for", "with", "a", "about", "on"}:
            return False
        found = nouns("verbs", "deliverables").at(reading.tokens, index)
        if found and found[1] == "many":
            after = index + found[0]
            return (
                after >= len(reading.tokens)
                or reading.tokens[after].start >= metric[1]
                or (
                    reading.tokens[after].low
                    in _PHRASE_ENDS | {"published", "held", "written", "made", "sent"}
                )
            )
    return False


def _sentence_end(reading: Reading, start: int) -> int:
    match = re.compile(r"[.;](?=\s|$)").search(reading.low, start)
    end = match.start() if match else len(reading.low)
    return len(reading.low[:end].rstrip())


# --- evidence and upkeep ----------------------------------------------------------------------

_WHO = (
    r"(?:\w+ ){0,3}?(?:customers|users|interviewees|respondents|participants|patients|pilots?|sites|teams|buyers|prospects"
    r"|clinicians|nurses|teachers|students|merchants|sellers|partners|donors|experts|testers|clients"
    r"|people|managers|stores|schools|farmers|households|companies|cases|tests|experiments|citizens"
    r"|drivers|operators|residents|suppliers|engineers|wards|members|shoppers)"
)
_EVIDENCE = Pattern(
    rf"\b(?:at least |≥ ?|more than |minimum )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
    rf" (?:out of|of|in) (?:the |our )?(?:\d+|five|six|seven|eight|nine|ten|twelve|twenty) {_WHO}[^.;]*"
    rf"|\b(?:at least |≥ ?|more than )?\d+ ?% of (?:the )?{_WHO} (?:in the (?:pilot|test|trial) )?"
    r"(?:confirm|say|agree|would|choose|prefer|report|pass|accept|recommend|complete the task|find|rate)[^.;]*"
    rf"|\b(?:at least |≥ ?|more than )?\d+ {_WHO} (?:\w+ )?(?:confirm|say|agree|would pay|choose|prefer|commit"
    r"|validate|sign a letter|sign an lo[iu]|pre-?order)[^.;]*"
    r"|\b(?:decision|verdict|recommendation|conclusion|learnings?|findings|result|answer)s?(?: \w+)?"
    r" (?:is |are |was )?(?:documented|recorded|taken|made|written up|backed|supported|based on|published)"
    r" ?(?:with|on|by|from|using|in)?[^.;]*"
    r"|\b(?:hypothes[ie]s|assumptions?|riskiest assumption)[^.;]{0,60}?\b(?:accepted|rejected|confirmed|tested|validated"
    r"|refuted|invalidated|proven|disproven|holds|falsified)[^.;]*"
    r"|\b(?:go/no-go|go or no-go|go / no-go|stop-or-go|kill-or-scale|continue-or-stop|go/kill|yes-or-no|keep-or-kill|pivot-or-persevere)\b[^.;]*"
    r"|\b(?:kill|success|acceptance|evidence|exit|decision|pass|stopping) criteri(?:on|a)\b[^.;]*"
    r"|\b(?:accepted|rejected|stopped|validated|confirmed|continued|successful|proven|passed|dropped) if\b[^.;]*"
    r"|\b(?:we (?:stop|continue|drop|scale|know|learn|decide)|stop|continue|scale) if\b[^.;]*"
    r"|\bevidence (?:that|of|from|for)\b[^.;]*"
    r"|\b(?:validated|confirmed|tested|verified|proven) (?:by|with|in|through) (?:at least )?(?:\d+|an? (?:independent|external|randomi[sz]ed|a/b)|two|three|four|five|six|eight|ten|twelve)[^.;]*"
    r"|\b(?:statistically )?significant (?:difference|effect|result|uplift|at)\b[^.;]*"
)
_MAINTAIN_PHRASE = Pattern(
    r"\b(?:business as usual|bau|as usual|steady state|status quo|ongoing|run the business"
    r"|day-to-day operations|continu(?:ous|ed) (?:support|operation|maintenance|delivery of))\b"
)


def _maintain_range(text: str) -> Range | None:
    reading = read(text)
    guard = guard_range(text)
    for lead in leads(text):
        verb = maintain_verbs().at(reading.tokens, lead.at)
        start = reading.tokens[lead.at].start
        if not verb or (guard and guard[0] <= start < guard[1]):
            continue
        if verb.lemma in {"retain", "preserve"} and _amount_follows(reading, lead.at + verb.length):
            continue
        return _span_of(reading, lead.at, verb)
    for cue in cues(text):
        in_guard = any(start <= cue.start < end for start, end in guard_cues(text))
        if cue.way == "hold" and not in_guard and not (guard and guard[0] <= cue.start < guard[1]):
            return cue.start, cue.end
    match = _MAINTAIN_PHRASE.search(reading.low)
    return match.span() if match else None


def _amount_follows(reading: Reading, index: int) -> bool:
    return index < len(reading.tokens) and reading.tokens[index].low[0].isdigit()


__all__ = [
    "delivery_range",
    "effect_range",
    "find_delivery",
    "find_effect",
    "find_evidence_criterion",
    "find_maintain",
    "leading_verb",
]
