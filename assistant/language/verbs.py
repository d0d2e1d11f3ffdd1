"""Verbs of work, effects, evidence and upkeep: what a goal says will be done or will change."""

from __future__ import annotations

from assistant.language.clauses import lead_end, leads, openings
from assistant.language.cues import cues
from assistant.language.delivery import delivery_range
from assistant.language.effect import effect_range
from assistant.language.lexicon import maintain_verbs
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.sides import Range, guard_cues, guard_range
from assistant.models import Span


def leading_verb(text: str) -> Span | None:
    """The verb that the goal opens with, in any form; None for noun phrases such as "NPS 40".

    Labels, "we will", team names before "to" and adverbs are skipped. A word that no list
    knows counts as a verb if a determiner or a count follows it ("Delight our guests").
    """
    reading = read(text)
    first = openings(text)[:2]
    for lead in leads(text):
        if lead.at in first:
            return reading.span(reading.tokens[lead.at].start, lead_end(reading, lead))
    return None


def find_delivery(text: str) -> Span | None:
    """The words that say work will be done: a verb, its noun, a state, or a count of things made.

    "Launch the portal", "Launch of the portal", "Portal live", "12 blog posts" and "All nurses
    trained" are found; "release frequency", "build time" and "share of parcels delivered on
    time" are measures and are not. Whether an effect is stated too is
    :func:`find_effect`'s question.
    """
    found = delivery_range(text)
    return read(text).span(*found) if found else None


def find_effect(text: str) -> Span | None:
    """The words that state what the work should change, or the change of a level itself.

    Counts of things made ("from 4 to 12 posts") are no effect.
    """
    found = effect_range(text)
    return read(text).span(*found) if found else None


def find_evidence_criterion(text: str) -> Span | None:
    """The words that say what would count as evidence: "at least 7 of 10 customers confirm"."""
    reading = read(text)
    match = _EVIDENCE.search(reading.low)
    return reading.span(match.start(), match.end()) if match else None


def find_legal_date(text: str) -> Span | None:
    """The words that say a law, a licence or an authority sets the date: "before it expires"."""
    reading = read(text)
    match = _LEGAL_DATE.search(reading.low)
    return reading.span(match.start(), match.end()) if match else None


def find_maintain(text: str) -> Span | None:
    """The words that say all stays as it is: keep, maintain, continue, ongoing, as usual."""
    found = _maintain_range(text)
    return read(text).span(*found) if found else None


_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_WHOLE = r"(?:\d+|five|six|seven|eight|nine|ten|twelve|twenty)"
_WHO = (
    r"(?:\w+ ){0,3}?(?:customers|users|interviewees|respondents|participants|patients|pilots?|sites"
    r"|teams|buyers|prospects|clinicians|nurses|teachers|students|merchants|sellers|partners|donors"
    r"|experts|testers|clients|people|managers|stores|schools|farmers|households|companies|cases"
    r"|tests|experiments|citizens|drivers|operators|residents|suppliers|engineers|wards|members"
    r"|shoppers)"
)
_EVIDENCE = Pattern(
    rf"\b(?:at least |≥ ?|more than |minimum )?{_COUNT} (?:out of|of|in) (?:the |our )?{_WHOLE}"
    rf" {_WHO}[^.;]*"
    r"|\b(?:tested|prototype|pilot(?:ed)?|trial(?:l?ed)?|interview(?:s|ed)?|usability)\b[^.;]*?"
    rf"\b{_COUNT} (?:out of|of|in) {_WHOLE} [^.;]*"
    rf"|\b(?:at least |≥ ?|more than )?\d+ ?% of (?:the )?{_WHO} (?:in the (?:pilot|test|trial) )?"
    r"(?:confirm|say|agree|would|choose|prefer|report|pass|accept|recommend|complete the task|find"
    r"|rate)[^.;]*"
    rf"|\b(?:at least |≥ ?|more than )?\d+ {_WHO} (?:\w+ )?(?:confirm|say|agree|would pay|choose"
    r"|prefer|commit|validate|sign a letter|sign an lo[iu]|pre-?order)[^.;]*"
    r"|\b(?:decision|verdict|recommendation|conclusion|learnings?|findings|result|answer)s?(?: \w+)?"
    r" (?:is |are |was )?(?:documented|recorded|taken|made|written up|backed|supported|based on"
    r"|published) ?(?:with|on|by|from|using|in)?[^.;]*"
    r"|\b(?:hypothes[ie]s|assumptions?|riskiest assumption)[^.;]{0,60}?\b(?:accepted|rejected"
    r"|confirmed|tested|validated|refuted|invalidated|proven|disproven|holds|falsified)[^.;]*"
    r"|\b(?:go/no-go|go or no-go|go / no-go|stop-or-go|kill-or-scale|continue-or-stop|go/kill"
    r"|yes-or-no|keep-or-kill|pivot-or-persevere)\b[^.;]*"
    r"|\b(?:kill|success|acceptance|evidence|exit|decision|pass|stopping) criteri(?:on|a)\b[^.;]*"
    r"|\b(?:accepted|rejected|stopped|validated|confirmed|continued|successful|proven|passed"
    r"|dropped) if\b[^.;]*"
    r"|\b(?:we (?:stop|continue|drop|scale|know|learn|decide)|stop|continue|scale) if\b[^.;]*"
    r"|\bevidence (?:that|of|from|for)\b[^.;]*"
    r"|\b(?:validated|confirmed|tested|verified|proven) (?:by|with|in|through) (?:at least )?"
    r"(?:\d+|an? (?:independent|external|randomi[sz]ed|a/b)|two|three|four|five|six|eight|ten"
    r"|twelve)[^.;]*"
    r"|\b(?:statistically )?significant (?:difference|effect|result|uplift|at)\b[^.;]*"
    rf"|\bat least {_COUNT} (?:out of|of|in) (?:the |our |these |those )?{_WHOLE}\b[^.;]*"
    rf"|\b{_COUNT} of (?:them|these|those) (?:still |would |can(?:not)? |could )?[a-z]{{2,}}[^.;]*"
    r"|\b(?:kept|keep it|continued?|dropped|go on|abandoned|scaled|extended)(?: only)? if\b[^.;]*"
    rf"|\bif (?:fewer|less|more|nobody|at least|under|over|{_COUNT})\b[^.;]*?\bwe\b[^.;]*"
    rf"|\bletters? of intent (?:from|by|signed by) (?:at least )?{_COUNT}\b[^.;]*"
)
_LEGAL_DATE = Pattern(
    r"\b(?:before|by the time|when|until|day) (?:(?:it|they|the|our|its|old|new|current|present"
    r"|existing|licen[cs]es?|certificates?|permits?|law|directive|rule|regulation|code|act|approval)"
    r" ){1,4}(?:expires?|lapses?|ends?|runs? out|takes effect|applies|comes? into force"
    r"|becomes? (?:law|binding|mandatory|due))\b"
    r"|\b(?:date|deadline) (?:set|required|given|fixed) by (?:the )?(?:law|regulator|authority"
    r"|ministry|directive|state)\b"
    r"|\b(?:legal|statutory|regulatory) (?:date|deadline)\b"
    r"|\b(?:becomes?|is) (?:mandatory|binding|compulsory|required by law)\b"
    r"|\bas (?:section|article|paragraph|the law|the regulator|the directive)\b[^.;,]{0,20}"
    r"\b(?:requires?|demands?)\b"
    r"|\bdue (?:to|at|with) the (?:ministry|regulator|authority|state|court|commission)\b"
    r"|\bwithout (?:which|it|that)\b[^.;]{0,60}\b(?:may|must|close[sd]?|stops?|switched off|lose"
    r"|banned|fined?)\b"
)
_UPKEEP = Pattern(
    r"\b(?:business as usual|bau|as usual|steady state|status quo|ongoing|run the business"
    r"|day-to-day operations|continu(?:ous|ed) (?:support|operation|maintenance|delivery of))\b"
)


def _maintain_range(text: str) -> Range | None:
    reading = read(text)
    guard = [found] if (found := guard_range(text)) else []
    for lead in leads(text):
        verb = maintain_verbs().at(reading.tokens, lead.at)
        start = reading.tokens[lead.at].start
        if not verb or _is_in(start, guard):
            continue
        keeps_count = verb.lemma in {"retain", "preserve"} and _is_number(reading, lead.next)
        if not keeps_count:
            return start, reading.tokens[lead.at + verb.length - 1].end
    for cue in cues(text):
        if cue.way == "hold" and not _is_in(cue.start, [*guard, *guard_cues(text)]):
            return cue.start, cue.end
    match = _UPKEEP.search(reading.low)
    return match.span() if match else None


def _is_in(position: int, ranges: list[Range]) -> bool:
    return any(start <= position < end for start, end in ranges)


def _is_number(reading: Reading, index: int) -> bool:
    return index < len(reading.tokens) and reading.tokens[index].low[0].isdigit()
