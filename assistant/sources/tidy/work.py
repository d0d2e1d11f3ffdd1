"""What is known about an element while the words around its text are taken off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.models import ObjectiveKind, Status, fold
from assistant.sources.cells import KINDS
from assistant.sources.markers import MarkerRole, read_field
from assistant.sources.tidy.reports import NUMBER_ONLY, is_progress, read_progress, read_score
from assistant.sources.tidy.traced import Traced

_SCORE = re.compile(
    r"(?:score|grade)?\s*[:=]?\s*(0?[.,]\d{1,2}|1[.,]0|[01](?=\s*$))", re.IGNORECASE
)
_NAMED_SCORE = re.compile(
    r"(?:score|grade)\s*[:=]?\s*(?P<value>[01](?:[.,]\d{1,2})?|[.,]\d{1,2}|\d{1,3}\s?%|\d{1,2}/10)",
    re.IGNORECASE,
)
_PRIORITY = re.compile(r"P\d|prio(?:rity)?\s*:?\s*\d", re.IGNORECASE)
_TAG = re.compile(r"[^\W\d_][\w&/+.-]{1,23}(?: [\w&/+.-]{1,15})?")
_NO_TAG = frozenset(
    ("baseline", "target", "owner", "metric", "number", "value", "unit", "date", "name", "tbd", "tbc",
     "tba", "todo", "xx", "nn", "yy", "zz", "insert", "placeholder", "sic", "link")
)  # fmt: skip
TICKET = re.compile(r"[A-Z][A-Z0-9]{1,9}[-_]\d{1,7}")
_ROLES = re.compile(r"@[\w.-]+(?:\s*[,&/+]\s*@[\w.-]+)*")
_SERVES = re.compile(
    r"(?:supports|serves|contributes to|aligned to|parent)\s+(?=\S)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tidied:
    """An element's own words, and what stood around them.

    Attributes:
        text: the words, verbatim.
        offsets: where each character of ``text`` stood in the raw text.
        role: what a marker such as ``O1:`` or ``KR:`` announced.
        key: the number or the ticket that the source gives, ``KR1.2`` or ``PAY-12``.
        fields: what stood in brackets with a name, as (field, value): ``("parent", "O1")``.
        notes: remarks that are no part of the goal, such as ``70 % achieved``.
    """

    text: str
    offsets: tuple[int, ...] = ()
    role: MarkerRole | None = None
    key: str | None = None
    owner: str | None = None
    status: Status | None = None
    score: float | None = None
    kind: ObjectiveKind | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Work:
    """A text that is being stripped, with what came off so far."""

    traced: Traced
    role: MarkerRole | None = None
    key: str | None = None
    owners: list[tuple[int, str]] = field(default_factory=list)
    status: Status | None = None
    score: float | None = None
    kind: ObjectiveKind | None = None
    tags: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0
    counted: bool = False

    @property
    def text(self) -> str:
        """What is left of the text."""
        return self.traced.text

    def cut(self, start: int, end: int) -> bool:
        """Take a part off; always True, as steps answer that they took something."""
        self.traced = self.traced.cut(start, end).strip()
        return True

    def add(self, into: list[tuple[int, str]], words: str) -> bool:
        """Keep words with the place where they stood, since the end is read backwards."""
        into.append((self.at, words))
        return True

    def note(self, words: str) -> bool:
        """Keep a remark, and read the status out of it."""
        words = words.strip()
        self.status = self.status or read_progress(words)
        self.notes.append(words)
        return True

    def found(self) -> Tidied:
        """All that came off, without the text."""
        return Tidied(
            text="",
            role=self.role,
            key=self.key,
            owner=", ".join(_in_order(self.owners)) or None,
            status=self.status,
            score=self.score,
            kind=self.kind,
            tags=tuple(_in_order(self.tags)),
            notes=tuple(dict.fromkeys(self.notes)),
            fields=tuple(dict.fromkeys(self.fields)),
        )


def _in_order(words: list[tuple[int, str]]) -> Iterable[str]:
    return dict.fromkeys(word for _, word in sorted(words, key=lambda pair: pair[0]))


Step = Callable[[Work], bool]
"""Takes one thing off a text; False where there is nothing for it to take."""


def set_apart(work: Work, match: re.Match[str], boxed: bool, at_end: bool = True) -> bool:
    """Understand what stands between brackets; False where it belongs to the text."""
    work.at = work.traced.offsets[match.start()]
    words = match["words"].strip()
    readings = _ANYWHERE + (_AT_END if at_end else ()) + (_BOXED if boxed else ())
    return any(reading(work, words) for reading in readings)


def _named(work: Work, words: str) -> bool:
    line = read_field(words)
    if line and line.value and line.name in _IN_BRACKETS:
        return apply(work, line.name, line.value)
    parent = _SERVES.match(words)
    return parent is not None and apply(work, "parent", words[parent.end() :])


def _mentioned(work: Work, words: str) -> bool:
    if not _ROLES.fullmatch(words):
        return False
    for name in re.findall(r"@([\w.-]+)", words):
        work.add(work.owners, name)
    return True


def _graded(work: Work, words: str) -> bool:
    match = _NAMED_SCORE.fullmatch(words)
    return match is not None and apply(work, "score", match["value"])


def _ranked(work: Work, words: str) -> bool:
    return bool(_PRIORITY.fullmatch(words)) and work.add(work.tags, words)


def _bare_score(work: Work, words: str) -> bool:
    return bool(_SCORE.fullmatch(words)) and not words.isdigit() and apply(work, "score", words)


def _kind(work: Work, words: str) -> bool:
    return fold(words) in KINDS and apply(work, "kind", words)


def _progress(work: Work, words: str) -> bool:
    if NUMBER_ONLY.fullmatch(words) and not re.search(r"\d", work.text.replace(words, "")):
        return False
    return is_progress(words) and work.note(words)


def _ticket(work: Work, words: str) -> bool:
    if not TICKET.fullmatch(words):
        return False
    work.key = work.key or words
    return True


def _tag(work: Work, words: str) -> bool:
    return _is_tag(words) and work.add(work.tags, words)


_ANYWHERE = (_named, _mentioned, _graded, _ranked)
_AT_END = (_bare_score, _kind, _progress)
_BOXED = (_ticket, _tag)
_IN_BRACKETS = frozenset(
    {
        "owner", "parent", "status", "score", "kind", "team", "confidence", "tags", "phase",
        "cycle", "horizon", "drivers", "contribution", "progress", "key",
    }
)  # fmt: skip


def apply(work: Work, name: str, value: str) -> bool:
    """Set what a named remark says; False where its value makes no sense."""
    if name == "owner":
        work.add(work.owners, _owner(value))
    elif name == "score":
        work.score = read_score(value)
        return work.score is not None
    elif name == "status":
        work.note(value)
    elif name == "kind" and fold(value) in KINDS:
        work.kind = KINDS[fold(value)]
    elif name == "tags":
        work.add(work.tags, value)
    else:
        work.fields.append((name, value))
    return True


def _owner(value: str) -> str:
    return re.sub(r"(?<!\w)@(?=\w)", "", value).strip(" .,;")


def _is_tag(words: str) -> bool:
    return (
        _TAG.fullmatch(words) is not None
        and not any(word in _NO_TAG for word in re.split(r"\W+", fold(words)))
        and len(words) > 1
    )
