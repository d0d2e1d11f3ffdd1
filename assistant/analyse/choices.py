"""What the strategy documents have decided, and which of it no longer holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field

from assistant.language.days import last_day
from assistant.models import (
    Choice,
    Location,
    Noun,
    Organisation,
    Passage,
    StrategyDocument,
    fold,
    stable_id,
)

Kind = Literal["choice", "will-not", "driver", "assumption"]


class Withdrawal(Noun):
    """A passage that takes back what another document states.

    Attributes:
        choice_id: what is taken back.
        quote: the sentence that does so, verbatim.
        on: the day of the decision, as far as the passage or its document says.
    """

    choice_id: str
    document_id: str
    passage_id: str
    quote: str
    location: Location
    on: date | None = None


class Strategy(Noun):
    """Everything that the documents state, current or not.

    Attributes:
        choices: in the order of the documents; what no longer holds is ``withdrawn``.
        firm: ids of those that stand under a label or a heading of choices ("Choice 3.", "Where
            we compete"), not only in a sentence that sounds like one.
        replaced_by: from the id of a document to that of the one that replaced it.
        withdrawals: from the id of a choice to the passage that takes it back.
        passages: from the id of a choice to that of its passage.
    """

    choices: tuple[Choice, ...] = ()
    firm: frozenset[str] = frozenset()
    replaced_by: Mapping[str, str] = Field(default_factory=dict)
    withdrawals: Mapping[str, Withdrawal] = Field(default_factory=dict)
    passages: Mapping[str, str] = Field(default_factory=dict)

    def current(self, *kinds: Kind) -> tuple[Choice, ...]:
        """What still holds, of some kinds."""
        return tuple(item for item in self.choices if item.kind in kinds and not item.withdrawn)


def read_strategy(organisation: Organisation) -> Strategy:
    """Find choices, refusals, drivers and assumptions in every document, and what became of them.

    A document is replaced by one that declares so, that says so of its title, or that has the same
    title and a later date or version. English only; what is found is quoted verbatim.
    """
    documents = organisation.documents
    replaced = replaced_documents(documents)
    items = _distinct(item for document in documents for item in _items(document))
    withdrawals = _withdrawals(documents, items, replaced)
    choices = tuple(
        item.choice.model_copy(update={"withdrawn": True})
        if item.choice.document_id in replaced or item.choice.id in withdrawals
        else item.choice
        for item in items
    )
    return Strategy(
        choices=choices,
        firm=frozenset(item.choice.id for item in items if item.firm),
        replaced_by=replaced,
        withdrawals=withdrawals,
        passages={item.choice.id: item.passage.id for item in items},
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a passage, verbatim, one a block or full stop."""
    found = (part.strip() for part in _SENTENCE.split(text))
    return tuple(part for part in found if part)


def unlabelled(text: str) -> str:
    """The text without the label it begins with."""
    return LABEL.sub("", text).lstrip()


# Documents that replace others


def replaced_documents(documents: Sequence[StrategyDocument]) -> dict[str, str]:
    """From the id of each document that no longer counts to that of the one that replaced it."""
    replaced = {item.supersedes: item.id for item in documents if item.supersedes}
    known = {item.id for item in documents}
    for older, newer in (*_editions(documents), *_said(documents)):
        replaced.setdefault(older.id, newer.id)
    return {old: new for old, new in replaced.items() if old in known and old != new}


def _editions(
    documents: Iterable[StrategyDocument],
) -> Iterator[tuple[StrategyDocument, StrategyDocument]]:
    latest: dict[str, StrategyDocument] = {}
    for document in documents:
        title = _EDITION.sub("", fold(document.title)).strip(" ,-")
        other = latest.setdefault(title, document)
        if _age(document) == _age(other):
            continue
        older, newer = sorted((other, document), key=_age)
        latest[title] = newer
        yield older, newer


def _said(
    documents: Sequence[StrategyDocument],
) -> Iterator[tuple[StrategyDocument, StrategyDocument]]:
    """Pairs where a document says of another, by its title, that it replaces or ends it."""
    titles = {fold(item.title): item for item in documents if len(item.title) >= _LEAST_TITLE}
    for document in documents:
        for passage in document.passages:
            for sentence in sentences(passage.text):
                if not _REPLACES.search(sentence):
                    continue
                low = fold(sentence)
                for match in _REPLACES.finditer(low):
                    named = low[match.end() :].lstrip(" :'\"“")
                    other = next((titles[name] for name in titles if named.startswith(name)), None)
                    if other and other.id != document.id and _not_newer(other, document):
                        yield other, document


def _not_newer(one: StrategyDocument, other: StrategyDocument) -> bool:
    return not (one.published and other.published and one.published > other.published)


def _age(document: StrategyDocument) -> tuple[date, tuple[tuple[int, str], ...]]:
    parts = re.findall(r"\d+|[a-z]+", fold(document.version or ""))
    version = tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)
    return document.published or date.min, version


# What a document states


class _Item(NamedTuple):
    choice: Choice
    passage: Passage
    label: str | None
    firm: bool


class _Found(NamedTuple):
    kind: Kind
    text: str
    label: str | None = None
    firm: bool = False


def _items(document: StrategyDocument) -> Iterator[_Item]:
    for passage in document.passages:
        for found in _stated(passage):
            choice = Choice(
                id=stable_id("cho", document.id, found.kind, found.text),
                kind=found.kind,
                text=found.text,
                document_id=document.id,
                location=passage.location,
            )
            yield _Item(choice, passage, found.label, found.firm)


def _distinct(items: Iterable[_Item]) -> tuple[_Item, ...]:
    by_id: dict[str, _Item] = {}
    for item in items:
        by_id.setdefault(item.choice.id, item)
    return tuple(by_id.values())


def _stated(passage: Passage) -> Iterator[_Found]:
    lead, body = _parted(passage.text)
    above = _kind_above(lead, passage.heading)
    for block in filter(None, map(str.strip, body.split("\n"))):
        yield from _of_block(block, above)


def _of_block(block: str, above: Kind | None) -> Iterator[_Found]:
    labelled = LABEL.match(block)
    kind = _LABELS.get(labelled["what"].lower()) if labelled else above
    label = _key(labelled["what"], labelled["name"]) if labelled else None
    first, *rest = sentences(block) or ("",)
    refused = kind == "will-not" or (kind != "assumption" and _is_refusal(first))
    if refused:
        yield _Found("will-not", first, label, firm=kind is not None or bool(_FIRMLY.match(first)))
    elif kind and (labelled or len(block.split()) >= _LEAST_WORDS or kind == "driver"):
        yield _Found(kind, block, label, firm=True)
    elif sounds := _sounds_like(first):
        yield _Found(sounds, first)
    for sentence in rest:
        if _is_refusal(sentence):
            yield _Found("will-not", sentence, label if refused else None)
        elif kind is None and (sounds := _sounds_like(sentence)):
            yield _Found(sounds, sentence)


def _is_refusal(sentence: str) -> bool:
    return bool(_WILL_NOT.search(sentence) or _ENDED.search(sentence))


def _sounds_like(sentence: str) -> Kind | None:
    if sentence.endswith("?"):
        return None
    if _ASSUMES.search(sentence):
        return "assumption"
    if _GROWS.search(sentence):
        return "driver"
    return "choice" if _CHOOSES.search(sentence) else None


def _parted(text: str) -> tuple[str, str]:
    """The words that introduce a list item, and the item."""
    lead, _, body = text.rpartition(":\n")
    return (f"{lead}:", body) if lead else ("", text)


def _kind_above(lead: str, heading: str) -> Kind | None:
    for words in (lead, *reversed(heading.split(" > "))):
        if _WITHDRAWS.search(words) or _IS_WITHDRAWN.search(words):
            return None
        for pattern, kind in _HEADINGS:
            if pattern.search(words):
                return kind
    return None


# What is taken back


def _withdrawals(
    documents: Sequence[StrategyDocument], items: Sequence[_Item], replaced: Mapping[str, str]
) -> dict[str, Withdrawal]:
    labelled: dict[str, list[_Item]] = {}
    for item in items:
        if item.label and item.choice.document_id not in replaced:
            labelled.setdefault(item.label, []).append(item)
    by_id = {item.id: item for item in documents}
    found: dict[str, Withdrawal] = {}
    for document in sorted(documents, key=_age):
        if document.id in replaced:
            continue
        for passage in document.passages:
            for sentence, what in _taken_back(passage):
                target = _meant(what, sentence, passage, document, labelled, by_id)
                if target:
                    found.setdefault(
                        target.choice.id, _withdrawal(target, document, passage, sentence)
                    )
    return found


def _taken_back(passage: Passage) -> Iterator[tuple[str, str]]:
    """Sentences that take something back, with the label of what they take back."""
    for sentence in sentences(passage.text):
        for match in (*_WITHDRAWS.finditer(sentence), *_IS_WITHDRAWN.finditer(sentence)):
            yield sentence, _key(match["what"], match["name"])


def _meant(
    label: str,
    sentence: str,
    passage: Passage,
    document: StrategyDocument,
    labelled: Mapping[str, list[_Item]],
    by_id: Mapping[str, StrategyDocument],
) -> _Item | None:
    """What carries the label: in the document named beside it, else in the only one that has it."""
    candidates = [
        item
        for item in labelled.get(label, ())
        if item.passage.id != passage.id and _not_newer(by_id[item.passage.document_id], document)
    ]
    around = fold(f"{passage.heading} {sentence}")
    named = [one for one in candidates if fold(by_id[one.passage.document_id].title) in around]
    chosen = named or candidates
    return chosen[0] if len({item.passage.document_id for item in chosen}) == 1 else None


def _withdrawal(
    target: _Item, document: StrategyDocument, passage: Passage, sentence: str
) -> Withdrawal:
    return Withdrawal(
        choice_id=target.choice.id,
        document_id=document.id,
        passage_id=passage.id,
        quote=sentence,
        location=passage.location,
        on=_day(sentence) or _day(passage.heading) or document.published,
    )


def _day(text: str) -> date | None:
    for match in _DAY.finditer(text.lower()):
        iso = re.fullmatch(r"\d{4}-\d\d-\d\d", match.group())
        day = last_day(match.group(), "iso" if iso else "day", "by", "", None)
        if day:
            return day
    return None


def _key(what: str, name: str) -> str:
    """One key for ``assumption A2``, ``Assumption 2`` and ``assumption a-2``."""
    kind = what.lower().rstrip("s")
    plain = name.lower().replace("-", "").replace(".", "")
    if len(plain) > 1 and plain[0] == kind[0] and plain[1:].isdigit():
        plain = plain[1:]
    return f"{kind} {plain}"


_LEAST_TITLE = 6
_LEAST_WORDS = 3
_EDITION = re.compile(r"\b(?:version|ver\.?|v\.?|edition|rev\.?)\s*\d[\w.]*$")
_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bno\.)(?<!\bvs\.)(?<!\bapprox\.)[\"'”’)]*\s+"
    r"(?=[\"'“‘(]?[A-Z0-9À-Þ])|\n+",
)
_NAME = r"(?P<name>[A-Za-z]{0,3}[-.]?\d{1,3}[a-z]?|[A-Z]|[IVX]{1,4})"
_WHAT = r"(?P<what>choice|bet|pillar|priority|assumption|decision|hypothesis|principle)"
LABEL = re.compile(rf"^\W*{_WHAT}\s+{_NAME}\s*[.:)–—-]", re.IGNORECASE)
"""``Choice 3.`` or ``Assumption A2:`` at the start of a text, with ``what`` and ``name``."""
_LABELS: dict[str, Kind] = {
    "choice": "choice",
    "bet": "choice",
    "pillar": "choice",
    "priority": "choice",
    "assumption": "assumption",
    "hypothesis": "assumption",
}
_WE = r"\b(?:we|the company|the group|this company|our teams?|teams)\b"
_FIRMLY = re.compile(
    rf"^\W*{_WE}\s+(?:also\s+)?(?:(?:will|shall) (?:not|never|no longer)|won['’]t)\b", re.IGNORECASE
)
_WILL_NOT = re.compile(
    rf"{_WE}\s+(?:also\s+)?(?:(?:will|shall|must|may) (?:not|never|no longer)\b|won['’]t\b|never\b"
    r"|no longer\b|stop\b|refuse\b|decline\b|(?:do|does) not "
    r"(?!want|know|believe|think|expect|count|mind|have|see|yet|need|understand|mean)"
    r"|don['’]t (?!want|know|believe|think|expect|count|mind|have|see|yet|need|understand|mean))"
    r"|^\W*(?:nobody|no one|no team)\s+(?:will|may|must|shall)\b"
    r"|\b(?:is|are|remains?|stays?) out of scope\b|^\W*(?:out of scope|not in scope|non-goals?)\s*:",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"^(?:[\w'’-]+,? ){1,14}?(?<!\bthe )(?<!\btheir )(?<!\bits )(?<!\bour )(?<!\bto )(?<!\bat )"
    r"(?:ends?|stops?|ceases?|closes?|(?:is|are) (?:gone|over|discontinued|closed"
    r"|abolished|withdrawn|no longer offered))\W*$",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    rf"{_WE}\s+(?:\w+\s+){{0,2}}?(?:choose|chose|have chosen|bet on|focus on|concentrate on"
    r"|prioriti[sz]e|go for|compete (?:on|in|for|with)|win (?:by|through|with|on)|put \w+ first"
    rf"|stand for)\b|^\W*{_WE}\s+will (?!not\b|never\b|no longer\b|see\b|know\b|be\b)",
    re.IGNORECASE,
)
_ASSUMES = re.compile(
    r"\b(?:we assume|our assumptions? (?:is|are)|the assumption (?:is|behind)"
    r"|this (?:plan|strategy|choice) (?:assumes|rests on|depends on|relies on))\b",
    re.IGNORECASE,
)
_GROWS = re.compile(
    r"\b(?:growth|(?:the|our) business grows?)\s+(?:comes? from|is driven by|rests on|by)\b",
    re.IGNORECASE,
)
_HEADINGS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(
            r"\b(?:(?:will|do|shall|must)(?: \w+)? not\b|won['’]t|don['’]t|not (?:do|doing|to do)"
            r"|non-?goals?|out of scope|not in scope|stop doing|say no|we stop|gives? way"
            r"|give up|no longer do)\b",
            re.IGNORECASE,
        ),
        "will-not",
    ),
    (
        re.compile(
            r"\b(?:assum(?:e|es|ed|ptions?)|hypothes[ei]s|(?:this|plan|strategy|it)(?: all)? "
            r"(?:rests|depends|relies) on|what (?:must|has to|needs to) be true)\b",
            re.IGNORECASE,
        ),
        "assumption",
    ),
    (
        re.compile(
            r"\b(?:growth (?:drivers?|model|engine|levers?)|drivers? of (?:growth|value)"
            r"|value drivers?|what drives (?:us|growth))\b",
            re.IGNORECASE,
        ),
        "driver",
    ),
    (
        re.compile(
            r"\b(?:(?:our|strategic|key|big)(?: \w+)? (?:choices?|bets?|priorit(?:y|ies)|pillars?"
            r"|focus(?: areas?)?)|choices|where (?:to|we)(?: will)? (?:play|compete|win|invest|focus)"
            r"|how (?:to|we)(?: will)? win|what we (?:choose|bet on|focus on)"
            r"|^we (?:choose|focus on|bet on)\b|where we go)\b",
            re.IGNORECASE,
        ),
        "choice",
    ),
)
_VERBS = (
    r"(?:withdr[ae]w(?:s|n|ing)?|drop(?:s|ped)?|revoke[sd]?|retract(?:s|ed)?|abandon(?:s|ed)?"
    r"|replace[sd]?|supersede[sd]?|cancel(?:s|led|ed)?|reverse[sd]?|retire[sd]?|overturn(?:s|ed)?)"
)
_WITHDRAWS = re.compile(
    rf"\b{_VERBS}\s+(?:the |our |of )?{_WHAT}\s+{_NAME}(?![\w-])", re.IGNORECASE
)
_IS_WITHDRAWN = re.compile(
    rf"\b{_WHAT}\s+{_NAME}(?![\w-])(?: of [\w .]{{2,60}}?)?\s+"
    r"(?:(?:is|was|are|has been|have been|stands)\s+(?:hereby |now )?(?:withdrawn|dropped|revoked"
    r"|retracted|abandoned|replaced|superseded|cancell?ed|reversed|retired|void|no longer (?:valid"
    r"|true|held))|no longer (?:holds?|applies|stands)|does not hold|has (?:fallen|failed|lapsed)"
    r"|fell\b|proved (?:wrong|false))",
    re.IGNORECASE,
)
_REPLACES = re.compile(
    r"\b(?:replaces?|supersedes?|takes the place of|succeeds)\s+(?:the |our )?", re.IGNORECASE
)
_DAY = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b[0-3]?\d(?:st|nd|rd|th)?\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]* \d{4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* [0-3]?\d,? \d{4}\b"
)
