"""Keeps of a critique what is backed by words that are really there.

Pure. A quote must stand in the element that it is said to come from, a citation in the source
that it names; a wrong address is repaired, an invented quote is dropped. A number that no source
has becomes a visible blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from assistant.critique.context import ContextPack
from assistant.critique.quotes import find_quote
from assistant.critique.schema import Citation, Remark, RewordedRemark
from assistant.language.blanks import NUMBER, unsupported_numbers, written_numbers
from assistant.models import Noun, Objective, Span
from assistant.prompts import STAND_INS, neutralise

Reason = Literal["rule", "quote", "place", "citation", "ungrounded", "repeated"]
"""Why something was dropped: unknown rule; words that are nowhere in the draft; words that stand
where the rule does not apply; words that are in no source; no words left of the kind of source
that the rule compares with; said before."""

_LETTERS = {"O": "objective", "K": "kr", "S": "set", "A": "either"}
_REFERENCE = re.compile(
    r"\b(?:(?:kr|key results?|parent|peer|strategy)\s?[:#]?\s?\d+(?:\s?(?:,|-|and|or|to)\s?\d+)*"
    r"|[OKSA]\d{1,2})\b",
    re.IGNORECASE,
)
_SMALL = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))


class Quoted(Noun):
    """Words of a source, verbatim, with the id under which the model saw it."""

    ref: str
    quote: str


class Grounded(Noun):
    """A remark whose words were found.

    Attributes:
        on: the element, ``objective``, ``kr:N`` or ``set``.
        quoted_on: the element in which the quote stands; differs from ``on`` for ``set``.
        span: the quote, in the text of ``quoted_on``.
        repaired: whether the model had named another element.
    """

    rule: str
    on: str
    quoted_on: str
    span: Span
    message: str
    question: str
    rewrite: str | None
    citations: tuple[Quoted, ...]
    confidence: float
    repaired: bool = False


class Dropped(Noun):
    """Something the model said that is not passed on, and why."""

    reason: Reason
    rule: str
    quote: str


class Verified(Noun):
    """What is left of a critique.

    Attributes:
        findings: in the order of the model.
        dropped: what was taken out.
        quotes: how many quotes and citations the model gave.
        blanks: how many numbers were blanked.
    """

    findings: tuple[Grounded, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    quotes: int = 0
    blanks: int = 0

    @property
    def dropped_quotes(self) -> int:
        """How many quotes and citations were not verbatim."""
        return sum(item.reason in ("quote", "citation") for item in self.dropped)


def verify(
    remarks: Sequence[Remark],
    objective: Objective,
    sources: Mapping[str, str],
    needs: Mapping[str, str | None],
    facts: Iterable[str] = (),
) -> Verified:
    """Check every quote, citation and number.

    Args:
        remarks: what the model said.
        objective: the draft it was shown.
        sources: the texts it was shown beside it, by the id under which it saw them.
        needs: the codes of the rules it was given, each with the kind of source that a remark
            must cite, such as ``parent``, or None where the draft is enough.
        facts: other texts it was shown, which may back a number and cannot be cited.
    """
    places = dict(_places(objective))
    known = written_numbers((*places.values(), *sources.values(), *facts))
    findings: list[Grounded] = []
    dropped: list[Dropped] = []
    blanks = 0
    for remark in remarks:
        lost, made = _ground(remark, places, sources, needs)
        dropped.extend(lost)
        if made is None:
            continue
        if any(_same(made, other) for other in findings):
            dropped.append(Dropped(reason="repeated", rule=made.rule, quote=made.span.text))
            continue
        made, blanked = _without_inventions(made, known)
        findings.append(made)
        blanks += blanked
    quotes = sum(1 + len(remark.citations) for remark in remarks)
    return Verified(findings=tuple(findings), dropped=tuple(dropped), quotes=quotes, blanks=blanks)


def known_numbers(
    objective: Objective, context: ContextPack, more: Iterable[str] = ()
) -> tuple[str, ...]:
    """Every number, as written, of the draft, of what stands around it and of some other texts."""
    facts = (value for _, value in context.facts)
    return written_numbers((*objective.texts, *context.texts.values(), *facts, *more))


def plain_prose(text: str, known: tuple[str, ...]) -> str:
    """What a model says to people: on one line, without markup, invented numbers blanked."""
    return _blanked(_tidy(text), known, prose=True)[0]


def plain_rewrite(text: str, known: tuple[str, ...]) -> tuple[str, int]:
    """A text that a model proposes, likewise, and how many numbers were blanked."""
    return _blanked(_tidy(text), known, prose=False)


def _places(objective: Objective) -> Iterator[tuple[str, str]]:
    yield "objective", objective.text
    for position, key_result in enumerate(objective.key_results, start=1):
        yield f"kr:{position}", key_result.text


def _ground(
    remark: Remark,
    places: Mapping[str, str],
    sources: Mapping[str, str],
    needs: Mapping[str, str | None],
) -> tuple[list[Dropped], Grounded | None]:
    rule = remark.rule.strip().upper()

    def drop(reason: Reason, quote: str = remark.quote) -> Dropped:
        return Dropped(reason=reason, rule=rule[:8], quote=quote)

    if rule not in needs:
        return [drop("rule")], None
    claimed = _element(remark.on)
    found = _locate(remark.quote, claimed, places)
    allowed = [(place, span) for place, span in found if _applies(rule, place)]
    if not allowed:
        return [drop("place" if found else "quote")], None
    quoted_on, span = allowed[0]
    citations, unbacked = _citations(remark.citations, sources)
    lost = [drop("citation", quote) for quote in unbacked]
    need = needs[rule]
    if need and not any(item.ref.startswith(f"{need}:") for item in citations):
        return [*lost, drop("ungrounded")], None
    on = "set" if rule.startswith("S") else quoted_on
    grounded = Grounded(
        rule=rule,
        on=on,
        quoted_on=quoted_on,
        span=span,
        message=_tidy(remark.message),
        question=_tidy(remark.question),
        rewrite=_rewrite(remark, places[quoted_on], on),
        citations=citations,
        confidence=remark.confidence,
        repaired=claimed not in (on, quoted_on),
    )
    return lost, grounded


def _element(on: str) -> str:
    """``KR 2`` and ``kr:02`` as ``kr:2``."""
    place = on.strip().casefold()
    number = re.fullmatch(r"(?:kr|key result)\W*0*(\d+)", place)
    return f"kr:{number[1]}" if number else place


def _locate(quote: str, claimed: str, places: Mapping[str, str]) -> list[tuple[str, Span]]:
    """Every element that holds the quote, the claimed one first."""
    found = [(place, find_quote(quote, text)) for place, text in places.items()]
    held = [(place, span) for place, span in found if span]
    return sorted(held, key=lambda item: item[0] != claimed)


def _applies(rule: str, place: str) -> bool:
    about = _LETTERS.get(rule[0], "either")
    return about in ("set", "either") or place.startswith(about)


def _citations(
    citations: Iterable[Citation], sources: Mapping[str, str]
) -> tuple[tuple[Quoted, ...], list[str]]:
    kept: list[Quoted] = []
    lost: list[str] = []
    for citation in citations:
        held = _locate(citation.quote, citation.id.strip().casefold(), sources)
        if not held:
            lost.append(citation.quote)
            continue
        quoted = Quoted(ref=held[0][0], quote=held[0][1].text)
        if quoted not in kept:
            kept.append(quoted)
    return tuple(kept), lost


def _rewrite(remark: Remark, original: str, on: str) -> str | None:
    text = _tidy(remark.rewrite or "") if isinstance(remark, RewordedRemark) else ""
    same = text.casefold() == _tidy(original).casefold()
    return None if not text or same or on == "set" or text.casefold() == "null" else text


def _tidy(text: str) -> str:
    """One line without control characters, with the brackets that stand-ins stood for."""
    line = neutralise(text)
    for stand_in, original in STAND_INS.items():
        line = line.replace(stand_in, original)
    return line


def _same(one: Grounded, other: Grounded) -> bool:
    return (one.rule, one.on, one.span) == (other.rule, other.on, other.span)


def _without_inventions(finding: Grounded, known: tuple[str, ...]) -> tuple[Grounded, int]:
    message, first = _blanked(finding.message, known, prose=True)
    question, second = _blanked(finding.question, known, prose=True)
    rewrite, third = _blanked(finding.rewrite or "", known, prose=False)
    changes = {"message": message, "question": question, "rewrite": rewrite or None}
    return finding.model_copy(update=changes), first + second + third


def _blanked(text: str, known: tuple[str, ...], *, prose: bool) -> tuple[str, int]:
    """The text with its invented numbers blanked, and how many they were.

    Prose may name elements (``KR 2``) and count up to ten in words; a rewrite may say ``one``.
    """
    named = [match.span() for match in _REFERENCE.finditer(text)] if prose else []
    blanks = 0
    for span in reversed(unsupported_numbers(text, known)):
        if any(start <= span.start and span.end <= end for start, end in named):
            continue
        if _is_plain_count(span.text, prose):
            continue
        text = f"{text[: span.start]}{NUMBER}{text[span.end :]}"
        blanks += 1
    return text, blanks


def _is_plain_count(written: str, prose: bool) -> bool:
    word = written.casefold()
    return word in _SMALL if prose else word == "one"
