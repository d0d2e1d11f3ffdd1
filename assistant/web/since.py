"""What became of the findings since the draft was last reviewed: fixed, new, remaining."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.models import Noun, Review, fold, shortened

_WORD = re.compile(r"[^\W\d_]{4,}")
_ENOUGH = 4
"""Words of a draft from which on it can be told that another one has none of them."""


class Seen(Noun):
    """A finding as the browser remembers it: enough to know it again and to name it."""

    fingerprint: str
    rule: str
    severity: str
    place: str
    words: str
    source: str = "rule"


class Since(Noun):
    """What changed; ``new`` and ``remaining`` hold fingerprints of the later review."""

    fixed: tuple[Seen, ...] = ()
    new: frozenset[str] = frozenset()
    remaining: frozenset[str] = frozenset()


def seen(review: Review) -> tuple[Seen, ...]:
    """The findings of a review that call for something, to be kept until the next; notes do not."""
    return tuple(
        Seen(
            fingerprint=finding.fingerprint,
            rule=finding.rule,
            severity=finding.severity,
            place=f"{number}/{finding.on}",
            words=shortened(finding.span.text if finding.span else finding.words, 90),
            source=finding.source,
        )
        for number, item in enumerate(review.reviews)
        for finding in item.findings
        if finding.severity != "info"
    )


def since(before: Iterable[Seen], review: Review) -> Since:
    """Compare a review with an earlier one of what is taken to be the same draft.

    A finding remains where the same rule fires on the same words, or else at the same place: words
    that were changed and still deserve the remark are not fixed. What was set aside meanwhile, or
    lowered to a note, is not fixed either, nor is what only the language model can say while it was
    not asked.
    """
    notes = (item for item in review.findings if item.severity == "info")
    aside = {item.fingerprint for item in (*notes, *(one.finding for one in review.suppressed))}
    earlier = [
        item
        for item in before
        if item.fingerprint not in aside and (item.source != "llm" or review.llm)
    ]
    later = seen(review)
    remaining: set[str] = set()
    for same in (_by_words, _by_place):
        known = {same(item): item for item in earlier}
        for item in later:
            if item.fingerprint in remaining:
                continue
            match = known.pop(same(item), None)
            if match is not None:
                remaining.add(item.fingerprint)
                earlier.remove(match)
    new = frozenset(item.fingerprint for item in later) - remaining
    return Since(fixed=tuple(earlier), new=new, remaining=frozenset(remaining))


def same_draft(before: Review, after: Review) -> bool:
    """Whether one may be an edit of the other: false where they have no longer word in common."""
    one, other = _words(before), _words(after)
    return min(len(one), len(other)) < _ENOUGH or not one.isdisjoint(other)


def _words(review: Review) -> set[str]:
    objectives = [item.objective for item in review.reviews]
    texts = (
        text for one in objectives for text in (one.text, *(kr.text for kr in one.key_results))
    )
    return {word for text in texts for word in _WORD.findall(fold(text))}


def _by_words(item: Seen) -> tuple[str, str]:
    return item.rule, item.fingerprint


def _by_place(item: Seen) -> tuple[str, str]:
    return item.rule, item.place
