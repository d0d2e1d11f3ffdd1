"""Objectives that rest on a replaced document or on a withdrawn assumption."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.analyse.choices import LABEL, Withdrawal, sentences, unlabelled
from assistant.analyse.citations import cited, dated, on_day, quoted
from assistant.analyse.contradictions import Contradiction, refused_terms, said
from assistant.analyse.findings import corpus_finding, own_words
from assistant.analyse.ground import Element, Ground, passages_of
from assistant.analyse.terms import Terms, as_term, numbers, terms
from assistant.models import (
    Choice,
    Evidence,
    Finding,
    Location,
    Objective,
    Passage,
    StrategyDocument,
    fold,
)

_LEAST_WEIGHT = 1.9
"""What the shared words weigh at least, one being a word of a single text, where a number or a
name is among them."""

_PLAIN_WEIGHT = 2.8
"""The same where neither is."""

_LEAST_COSINE = 0.45
_LEAST_TITLE = 6

_REFUSED_SHARE = 0.4
"""How much of a refusal the replaced passage has to say for the refusal to be about it."""

_LEAST_TERMS = 2
_SAME_SUBJECT = 0.4


class Ruin(NamedTuple):
    """Words that no longer hold, and what took their place.

    ``told`` are the telling words of what it planned, without what it refused itself;
    ``telling`` those of them that the newer document does not say as well.
    """

    text: str
    document: StrategyDocument
    passage_id: str
    location: Location | None
    newer: StrategyDocument
    told: Terms
    telling: Terms
    withdrawal: Withdrawal | None = None


class Stale(NamedTuple):
    """An objective that rests on a ruin; ``named`` where it names document or assumption itself."""

    objective: Objective
    element: Element
    ruin: Ruin
    shared: Terms
    weight: float
    named: str = ""
    refusal: Choice | None = None


class _Now(NamedTuple):
    """What holds today, and how to say so."""

    evidence: Evidence
    says: str


def stale(ground: Ground, opposed: Sequence[Contradiction] = ()) -> tuple[Stale, ...]:
    """Find what rests on words that no longer hold, the plainest case an objective.

    Args:
        opposed: what contradicts the strategy: where the refusal is about something that a
            replaced document had planned, the objective rests on that plan.

    Returns:
        At most one an objective. Objectives whose period ended before the newer document
        appeared are left alone: they were right while they ran.
    """
    ruins = tuple(_ruins(ground))
    found = [
        *_naming(ground, ruins),
        *(item for ruin in ruins for item in _resting(ground, ruin)),
        *_refused(ground, ruins, opposed),
    ]
    best: dict[str, Stale] = {}
    for item in sorted(found, key=lambda one: (not one.named, -one.weight)):
        best.setdefault(item.objective.id, item)
    order = ground.position
    return tuple(sorted(best.values(), key=lambda item: order[item.objective.id]))


def stale_finding(item: Stale, ground: Ground) -> Finding:
    """The finding, with the old and the new words and their days."""
    ruin = item.ruin
    about = refused_terms(item.refusal.text) if item.refusal else frozenset()
    old_quote = _most_telling(ruin.text, item.shared | about, ground)
    successor = None if ruin.withdrawal else ruin.newer
    old = cited(ruin.document, old_quote, ruin.location, ruin.passage_id, successor)
    now = _now(item, ground, old_quote)
    own = own_words(item.objective, item.element.text, item.objective.location)
    return corpus_finding(
        "A9",
        item.objective,
        f"{_rests(item)} {quoted(old.quote)} of {dated(old.title, old.published)}, "
        f"{_replaced(ruin, now)}",
        on=item.element.on,
        evidence=(own, old, now.evidence) if now else (own, old),
        confidence=0.95 if item.named else round(min(0.95, 0.62 + 0.08 * item.weight), 2),
    )


def _rests(item: Stale) -> str:
    if item.named:
        return f"{quoted(item.objective.text)} names {quoted(item.named)}, and with it"
    return f"{quoted(item.element.text)} rests on"


def _replaced(ruin: Ruin, now: _Now | None) -> str:
    if ruin.withdrawal and now:
        day = f" on {on_day(ruin.withdrawal.on)}" if ruin.withdrawal.on else ""
        return f"which {now.evidence.title} took back{day}: {quoted(now.evidence.quote)}"
    replaced = f"which {dated(ruin.newer.title, ruin.newer.published)} replaced"
    return f"{replaced}; it now {now.says}" if now else f"{replaced} and does not say again."


# What no longer holds


def _ruins(ground: Ground) -> Iterator[Ruin]:
    strategy, documents = ground.strategy, ground.documents
    refused = frozenset(item.text for item in strategy.choices if item.kind == "will-not")
    for old_id, new_id in strategy.replaced_by.items():
        newer = documents.get(_latest(new_id, ground))
        if newer is None:
            continue
        still = _said(newer, refused)
        for passage in passages_of(documents.get(old_id)):
            told = _planned(passage.text, refused)
            yield Ruin(
                passage.text,
                documents[old_id],
                passage.id,
                passage.location,
                newer,
                told,
                told - still,
            )
    by_id = {item.id: item for item in strategy.choices}
    for choice_id, withdrawal in strategy.withdrawals.items():
        choice, newer = by_id[choice_id], documents[withdrawal.document_id]
        told = _planned(choice.text, frozenset())
        yield Ruin(
            choice.text,
            documents[choice.document_id or ""],
            strategy.passages[choice_id],
            choice.location,
            newer,
            told,
            told,
            withdrawal,
        )


def _latest(document_id: str, ground: Ground) -> str:
    seen = {document_id}
    while (following := ground.strategy.replaced_by.get(document_id)) and following not in seen:
        seen.add(following)
        document_id = following
    return document_id


def _said(document: StrategyDocument, refused: frozenset[str]) -> Terms:
    """What a document affirms: the words of all but its refusals."""
    return frozenset().union(*(_planned(item.text, refused) for item in document.passages))


def _planned(text: str, refused: frozenset[str]) -> Terms:
    """The telling words of a text without its refusals and its label."""
    said = (one for one in sentences(unlabelled(text)) if one not in refused)
    return frozenset().union(*map(terms, said))


# Who rests on it


def _resting(ground: Ground, ruin: Ruin) -> Iterator[Stale]:
    weights = ground.postings.shared(ruin.telling)
    candidates = (weights >= _LEAST_WEIGHT).nonzero()[0]
    if not len(candidates):
        return
    cosines = ground.cosines(ruin.text)
    for at in map(int, candidates):
        objective = ground.objectives[at]
        near = cosines[at] >= max(_LEAST_COSINE, float(ground.nearest_choice[at]))
        if not near or ground.started_before(ruin.newer, objective):
            continue
        shared = (ground.terms[at] & ruin.telling) - _left_behind(ground, at)
        weight = ground.vocabulary.total(shared)
        marked = numbers(shared) or shared & ground.names
        if weight >= (_LEAST_WEIGHT if marked else _PLAIN_WEIGHT):
            element, _ = ground.best_element(at, shared)
            yield Stale(objective, element, ruin, shared, weight)


def _left_behind(ground: Ground, at: int) -> Terms:
    """The numbers from which an objective moves away."""
    starts = (
        element.key_result.measure.baseline
        for element in ground.elements[at]
        if element.key_result and element.key_result.measure.target
    )
    return frozenset(as_term(start.value, start.unit == "%") for start in starts if start)


def _naming(ground: Ground, ruins: Iterable[Ruin]) -> Iterator[Stale]:
    """Objectives that name a replaced document, or a withdrawn assumption by its label."""
    by_document: dict[str, list[Ruin]] = {}
    labels: list[tuple[re.Pattern[str], Ruin]] = []
    for ruin in ruins:
        if ruin.withdrawal is None:
            by_document.setdefault(ruin.document.id, []).append(ruin)
        elif label := LABEL.match(ruin.text):
            labels.append((_label_pattern(label), ruin))
    titles = [
        (re.compile(rf"\b{re.escape(found[0].document.title)}\b", re.IGNORECASE), found)
        for found in by_document.values()
        if len(found[0].document.title) >= _LEAST_TITLE
    ]
    if not titles and not labels:
        return
    for at, objective in enumerate(ground.objectives):
        words = "\n".join(_everything(objective))
        for pattern, ruin in labels:
            if (match := pattern.search(words)) and not ground.started_before(
                ruin.newer, objective
            ):
                yield _named(ground, at, ruin, match.group())
        for pattern, found in titles:
            match = pattern.search(words)
            if match and not ground.started_before(found[0].newer, objective):
                yield _named(ground, at, _closest(ground, at, found), match.group())


def _named(ground: Ground, at: int, ruin: Ruin, name: str) -> Stale:
    elements = ground.elements[at]
    element = next((one for one in elements if fold(name) in fold(one.text)), elements[0])
    shared = ground.terms[at] & ruin.telling
    return Stale(ground.objectives[at], element, ruin, shared, 4.0, name)


def _closest(ground: Ground, at: int, ruins: Sequence[Ruin]) -> Ruin:
    weigh = ground.vocabulary.total
    return max(ruins, key=lambda ruin: weigh(ground.terms[at] & ruin.telling))


def _everything(objective: Objective) -> Iterator[str]:
    yield from objective.texts
    yield from objective.notes
    yield objective.contribution or ""
    for item in objective.key_results:
        yield from item.notes


def _refused(
    ground: Ground, ruins: Sequence[Ruin], opposed: Sequence[Contradiction]
) -> Iterator[Stale]:
    """What contradicts a refusal, where a replaced document had planned what is refused."""
    for item in opposed:
        about = refused_terms(item.refusal.text)
        at, total = ground.position[item.objective.id], ground.vocabulary.total(about)
        for ruin in ruins:
            if ruin.newer.id != item.refusal.document_id or ruin.withdrawal:
                continue
            planned = ground.vocabulary.total(about & ruin.told)
            shared = ground.terms[at] & ruin.told
            if planned >= _REFUSED_SHARE * total and len(shared) >= _LEAST_TERMS:
                weight = ground.vocabulary.total(shared)
                yield Stale(
                    item.objective, item.element, ruin, shared, weight, refusal=item.refusal
                )


# Quotations


def _most_telling(text: str, shared: Terms, ground: Ground) -> str:
    """The sentence that holds most of the shared words."""
    weigh = ground.vocabulary.total
    return max(sentences(text) or (text,), key=lambda one: weigh(terms(one) & shared))


def _now(item: Stale, ground: Ground, old_quote: str) -> _Now | None:
    """What holds today on the same subject, if anything does."""
    ruin = item.ruin
    if taken := ruin.withdrawal:
        found = cited(ruin.newer, taken.quote, taken.location, taken.passage_id)
        return _Now(found, f"says {quoted(taken.quote)}")
    if refusal := item.refusal or _refusal_of(item, ground):
        place = ground.strategy.passages[refusal.id]
        return _Now(cited(ruin.newer, refusal.text, refusal.location, place), said(refusal))
    told: list[tuple[Passage, str]] = [
        (passage, one) for passage in ruin.newer.passages for one in sentences(passage.text)
    ]
    if not told:
        return None
    likeness = ground.likeness(old_quote, [one for _, one in told])
    best = int(likeness.argmax())
    if likeness[best] < _SAME_SUBJECT:
        return None
    passage, quote = told[best]
    found = cited(ruin.newer, quote, passage.location, passage.id)
    return _Now(found, f"says {quoted(quote)}")


def _refusal_of(item: Stale, ground: Ground) -> Choice | None:
    """What the newer document refuses of what the objective rests on."""
    weigh, told = ground.vocabulary.total, item.ruin.told
    found = [
        (weigh(about & item.shared), refusal)
        for refusal in ground.strategy.current("will-not")
        if refusal.document_id == item.ruin.newer.id
        and (about := refused_terms(refusal.text))
        and weigh(about & told) >= _REFUSED_SHARE * weigh(about)
        and len(about & item.shared) >= _LEAST_TERMS
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _label_pattern(label: re.Match[str]) -> re.Pattern[str]:
    what, name = re.escape(label["what"]), re.escape(label["name"])
    return re.compile(rf"\b{what}\s+{name}(?![\w-])", re.IGNORECASE)
