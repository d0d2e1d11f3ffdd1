"""Objectives that do what the strategy says will not be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.analyse.choices import sentences, unlabelled
from assistant.analyse.citations import cited, dated, quoted
from assistant.analyse.findings import corpus_finding, own_words
from assistant.analyse.ground import Element, Ground
from assistant.analyse.terms import Terms, numbers, terms
from assistant.language.parse import parse_measure
from assistant.models import Choice, Direction, Finding, Objective

LEAST_SHARE = 0.5
"""How much of what a refusal says the objective has to say as well, by weight."""

_LEAST_WEIGHT = 1.8
"""A refusal that says less is too general to be recognised in an objective."""

_LEAST_TERMS = 3
_LEAST_TOGETHER = 2
"""How many of the shared words have to stand in one element."""

_LEAST_COSINE = 0.3

_SAME_MEASURE = 0.8
"""How much of the name of a measure another has to say to be the same, by weight."""

_OPPOSITE: dict[Direction, Direction] = {"increase": "decrease", "decrease": "increase"}


class Contradiction(NamedTuple):
    """An objective that does what a statement refuses."""

    objective: Objective
    element: Element
    refusal: Choice
    shared: Terms
    share: float


def contradictions(ground: Ground) -> Iterator[Contradiction]:
    """Find the objectives that share most of a refusal's own words and do not comply with it.

    An objective is left alone where it is nearer to one of the choices than to the refusal, where
    the numbers of the refusal ("fleets of more than 500") are not its own, where its words say
    that something ends or shrinks, and where its period lies outside that of the refusal.
    """
    for refusal in ground.strategy.current("will-not"):
        wanted = refused_terms(refusal.text)
        total = ground.vocabulary.total(wanted)
        if total < _LEAST_WEIGHT or _DANGLING.search(refusal.text):
            continue
        shares = ground.postings.shared(wanted) / total
        candidates = (shares >= LEAST_SHARE).nonzero()[0]
        if not len(candidates):
            continue
        cosines = ground.cosines(refusal.text)
        for at in map(int, candidates):
            found = _judge(ground, refusal, wanted, at, float(shares[at]))
            nearest = float(ground.nearest_choice[at])
            if found and cosines[at] >= max(_LEAST_COSINE, nearest):
                yield found


def opposed_moves(ground: Ground) -> Iterator[Contradiction]:
    """Find key results that move a measure the other way than a choice wants it moved.

    The names of both measures have to share nearly all of their telling words.
    """
    for choice in ground.strategy.current("choice"):
        for sentence in sentences(unlabelled(choice.text)):
            measure = parse_measure(sentence)
            if measure.metric is None or measure.direction not in _OPPOSITE:
                continue
            wanted = terms(measure.metric.text) - numbers(terms(measure.metric.text))
            total = ground.vocabulary.total(wanted)
            if len(wanted) < _LEAST_TOGETHER or not total:
                continue
            stated = choice.model_copy(update={"text": sentence})
            shares = ground.postings.shared(wanted) / total
            for at in map(int, (shares >= _SAME_MEASURE).nonzero()[0]):
                element, shared = ground.best_element(at, wanted)
                share = ground.vocabulary.total(shared) / total
                if share >= _SAME_MEASURE and _direction(element) == _OPPOSITE[measure.direction]:
                    yield Contradiction(ground.objectives[at], element, stated, shared, share)


def contradiction_finding(item: Contradiction, ground: Ground) -> Finding:
    """The finding, with the words of both sides."""
    document = ground.documents.get(item.refusal.document_id or "")
    passage = ground.strategy.passages.get(item.refusal.id, item.refusal.id)
    is_refusal = item.refusal.kind == "will-not"
    evidence = cited(document, item.refusal.text, item.refusal.location, passage)
    own = own_words(item.objective, item.element.text, item.objective.location)
    return corpus_finding(
        "A8",
        item.objective,
        f"{quoted(item.element.text)} goes against {dated(evidence.title, evidence.published)}, "
        f"which {said(item.refusal)}",
        on=item.element.on,
        evidence=(own, evidence),
        confidence=round(min(0.95, 0.5 + 0.6 * item.share), 2) if is_refusal else 0.5,
        at_most=None if is_refusal else "info",
    )


def refused_terms(text: str) -> Terms:
    """What a refusal is about: its telling words, without when it holds and that something ends."""
    return terms(_UNTIL.sub(" ", text)) - _ENDING


def said(refusal: Choice) -> str:
    """``says “We will not ...”``, or ``rules out “...”`` for an item below such a heading."""
    states = refusal.kind != "will-not" or _NEGATES.search(refusal.text)
    verb = "says" if states else "rules out"
    return f"{verb} {quoted(refusal.text)}"


def _judge(
    ground: Ground, refusal: Choice, wanted: Terms, at: int, share: float
) -> Contradiction | None:
    objective, shared = ground.objectives[at], ground.terms[at] & wanted
    if len(shared) < _LEAST_TERMS or not numbers(wanted) <= shared:
        return None
    element, together = ground.best_element(at, wanted)
    if len(together) < _LEAST_TOGETHER or _complies(refusal.text, element):
        return None
    document = ground.documents.get(refusal.document_id or "")
    if _outside(refusal.text, ground, objective) or ground.started_before(document, objective):
        return None
    return Contradiction(objective, element, refusal, shared, share)


def _complies(refusal: str, element: Element) -> bool:
    """Whether the element ends what is refused, or keeps what shall not be ended."""
    ends, denies = bool(_ENDS.search(element.text)), bool(_DENIES.search(element.text))
    if _REFUSES_TO_SHRINK.search(refusal):
        return denies or not ends
    return denies or ends or _direction(element) == "decrease"


def _direction(element: Element) -> Direction | None:
    """Which way an element moves its measure: by its numbers, or else by its words."""
    measure = element.key_result.measure if element.key_result else None
    if measure is None:
        return None
    if measure.baseline and measure.target and measure.target.value != measure.baseline.value:
        return "decrease" if measure.target.value < measure.baseline.value else "increase"
    return measure.direction


def _outside(refusal: str, ground: Ground, objective: Objective) -> bool:
    """Whether the period begins after the refusal has run out: "before 2028"."""
    cycle = ground.cycles.get(objective.cycle_id or "")
    until = _UNTIL.search(refusal)
    return bool(until and cycle and cycle.start and cycle.start.year >= int(until["year"]))


_UNTIL = re.compile(r"\b(?:before|until|till)\s+(?:\w+\s+){0,3}?(?P<year>20\d\d)\b", re.IGNORECASE)
_DANGLING = re.compile(r"\b(?:it|this|these|those|so)\b", re.IGNORECASE)
_NEGATES = re.compile(
    r"\b(?:not|no|never|nobody|won['’]t|don['’]t|ends?|stops?|ceases?|closes?|gone|over|out of scope"
    r"|discontinued|abolished|withdrawn|refuse|decline)\b",
    re.IGNORECASE,
)
_ENDING = terms(
    "end stop cease close gone go discontinue abolish withdraw refuse decline scope long "
    "january february march april may june july august september october november december"
)
_ENDS = re.compile(
    r"\b(?:end|ends|ended|ending|stop|stops|stopped|stopping|close|closes|closed|closing"
    r"|w[io]u?nd(?:s|ing)? down|exit|exits|exited|phased? out|phasing out|hand(?:s|ed)? (?:over|back)"
    r"|terminat\w+|withdr[ae]w\w*|cancel\w*|discontinu\w+"
    r"|rid of|sell off|sold off|leave|leaves|leaving|give up|gives up)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|not|never|without|none|nobody)\b", re.IGNORECASE)
_REFUSES_TO_SHRINK = re.compile(
    r"\b(?:not|never|no longer|won['’]t)\s+(?:\w+ly\s+)?(?:cut|close|reduce|lower|drop|stop|end"
    r"|shrink|leave|abandon|withdraw|dismiss|lay off|give up|weaken|shorten)\b",
    re.IGNORECASE,
)
