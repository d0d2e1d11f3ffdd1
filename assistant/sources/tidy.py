"""Separates the words of an element from what people write around them.

``[P0] KR1: Raise activation from 41 % to 55 % (owner: Mia) => done`` is the text
``Raise activation from 41 % to 55 %`` with a tag, a key, an owner and a status. Whatever stays
is verbatim: only invisible characters go and white space is evened out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from assistant.models import ObjectiveKind, Status, fold
from assistant.sources.cells import KINDS
from assistant.sources.markers import MarkerRole, read_field, read_marker
from assistant.sources.vocabulary import DONE, DROPPED, PENDING

_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1b\x7f"
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile(
    f"[{_INVISIBLE}]|(?:(?<=[\\x00-\\x7f])|^)[{_JOINERS}]|[{_JOINERS}](?=[\\x00-\\x7f]|$)"
)
_NEW_LINES = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Traced:
    """A text that knows where each of its characters stood in the raw text.

    ``offsets[i]`` is the position of ``text[i]`` in the raw text; a run of white space became
    one space and stands where the run began.
    """

    text: str
    offsets: tuple[int, ...]

    def keep(self, start: int, end: int) -> Traced:
        """The part from ``start`` up to ``end``."""
        return Traced(self.text[start:end], self.offsets[start:end])

    def cut(self, start: int, end: int) -> Traced:
        """Everything but the part from ``start`` up to ``end``; one space stays between words."""
        left, right = self.keep(0, start).strip_end(), self.keep(end, len(self.text)).strip_start()
        if left.text and right.text and right.text[0] not in ",.;:!?)":
            gap = Traced(" ", (self.offsets[min(len(left.text), start)],))
            return left + gap + right
        return left + right

    def __add__(self, other: Traced) -> Traced:
        return Traced(self.text + other.text, self.offsets + other.offsets)

    def strip(self) -> Traced:
        """Without white space at either end."""
        return self.strip_start().strip_end()

    def strip_start(self) -> Traced:
        """Without white space at the start."""
        return self.keep(len(self.text) - len(self.text.lstrip()), len(self.text))

    def strip_end(self, characters: str | None = None) -> Traced:
        """Without white space, or these characters, at the end."""
        return self.keep(0, len(self.text.rstrip(characters)))


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


def normalise(text: str) -> str:
    """The text of a whole file with ``\\n`` line ends, plain spaces and nothing invisible.

    Lines keep their number, tabs and indentation stay.
    """
    text = _UNSEEN.sub("", _NEW_LINES.sub("\n", text))
    return re.sub(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]", " ", text)


def trace(raw: str) -> Traced:
    """The raw text on one line, without what nobody sees."""
    characters: list[str] = []
    offsets: list[int] = []
    unseen = {match.start() for match in _UNSEEN.finditer(raw)}
    for position, character in enumerate(raw):
        if position in unseen:
            continue
        if not character.isspace():
            characters.append(character)
            offsets.append(position)
        elif characters and characters[-1] != " ":
            characters.append(" ")
            offsets.append(position)
    return Traced("".join(characters), tuple(offsets)).strip_end()


def clean(raw: str) -> Tidied:
    """Take the words of an objective or key result out of what is written around them.

    Args:
        raw: one line, cell or item, without list bullets of the format itself.

    Returns:
        The words and everything that was set apart. Nothing is lost: what carries no meaning
        known here stays in the text.
    """
    work = _Work(trace(raw))
    for steps in (_LEADING, _WITHIN, _TRAILING):
        _repeat(work, steps)
    text = work.traced
    return replace(work.found(), text=text.text, offsets=text.offsets)


@dataclass(slots=True)
class _Work:
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
        return self.traced.text

    def cut(self, start: int, end: int) -> bool:
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


_Step = Callable[[_Work], bool]
_MOST_STEPS = 200


def _repeat(work: _Work, steps: Iterable[_Step]) -> None:
    """Apply the steps until none of them finds anything more."""
    for _ in range(_MOST_STEPS):
        if not any(step(work) for step in steps):
            return


# --- what stands before the text ---------------------------------------------------------------

_BULLET = re.compile(r"[•◦▪▫‣⁃●○■□◆◇►▶➤➢✦·∙*+–—-]\s+(?=\S)")
_COUNT = re.compile(
    r"(?:\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=[^\W\d_]|[\"'„“\[*~])(?!quartal|halbjahr|quarter)",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?:\[(?P<mark>[ xX✓✔])\]|(?P<glyph>[☐☑☒✅✔✓])\ufe0f?)\s*(?=\S)")
_EMPHASIS = re.compile(r"(\*\*|__|~~)(?=\S)(.{1,600}?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\((?:https?:|/|#|mailto:|\.)[^()\s]*\)")
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
_TICKET = re.compile(r"[A-Z][A-Z0-9]{1,9}[-_]\d{1,7}")
_LEADING_TICKET = re.compile(
    rf"(?:\[(?P<boxed>{_TICKET.pattern})\][:\s]*|(?P<bare>{_TICKET.pattern})\s*[:–—|-]\s+)(?=\S)"
)
_BRACKETED = re.compile(r"\[(?P<words>[^\[\]]{1,60})\](?!\()\s*[:–—-]?\s*")
_BEFORE_COLON = re.compile(
    r"[(\[](?P<words>[^()\[\]]{1,60})[)\]]\s*(?:[:：]|[–—-]+(?=\s))\s*(?=\S)"
)
_LEADING_STATUS = re.compile(
    rf"(?:(?P<done>{DONE})|(?P<dropped>{DROPPED}))\s*[:!]\s+(?=\S)", re.IGNORECASE
)
_HASHTAG = re.compile(r"#([^\W\d_][\w-]{1,30})(?=[\s,;]|$)[\s,;]*")
_MENTION = re.compile(r"@([^\W\d_][\w.-]{0,40}\w)(?=[\s,;:]|$)[\s,;:]*")


def _unbox(work: _Work) -> bool:
    match = _BOX.match(work.text)
    if not match:
        return False
    if (match["mark"] or match["glyph"]) in "xX✓✔☑✅":
        work.status = work.status or "done"
    return work.cut(0, match.end())


def _unbullet(work: _Work) -> bool:
    match = _BULLET.match(work.text)
    return match is not None and work.cut(0, match.end())


def _uncount(work: _Work) -> bool:
    match = None if work.counted else _COUNT.match(work.text)
    if not match:
        return False
    work.counted = True
    return work.cut(0, match.end())


def _unmark(work: _Work) -> bool:
    if work.role:
        return False
    marker = read_marker(work.text)
    if not marker:
        return False
    work.role, work.key = marker.role, marker.key or work.key
    return work.cut(0, marker.end)


def _after_marker(work: _Work) -> bool:
    """``Objective 1 (committed): ...``: what stands between a marker and its colon."""
    match = _BEFORE_COLON.match(work.text) if work.role else None
    if not match:
        return False
    if not _set_apart(work, match, boxed=True):
        work.note(match["words"])
    return work.cut(0, match.end())


def _unticket(work: _Work) -> bool:
    match = _LEADING_TICKET.match(work.text)
    if not match:
        return False
    work.key = match["boxed"] or match["bare"]
    return work.cut(0, match.end())


def _leading_bracket(work: _Work) -> bool:
    match = _BRACKETED.match(work.text)
    if not match or match.end() == len(work.text) or not _set_apart(work, match, boxed=True):
        return False
    return work.cut(0, match.end())


def _leading_status(work: _Work) -> bool:
    match = _LEADING_STATUS.match(work.text)
    if not match:
        return False
    work.status = work.status or ("done" if match["done"] else "dropped")
    return work.cut(0, match.end())


def _leading_word(work: _Work) -> bool:
    for pattern, into in ((_HASHTAG, work.tags), (_MENTION, work.owners)):
        match = pattern.match(work.text)
        if match and match.end() < len(work.text):
            work.at = work.traced.offsets[match.start(1)]
            work.add(into, match[1])
            return work.cut(0, match.end())
    return False


# --- what stands inside -------------------------------------------------------------------------

_PARENTHESIS = re.compile(r"\((?P<words>[^()]{1,120})\)")
_ROLES = re.compile(r"@[\w.-]+(?:\s*[,&/+]\s*@[\w.-]+)*")


_SERVES = re.compile(
    r"(?:supports|serves|contributes to|aligned to|parent)\s+(?=\S)", re.IGNORECASE
)


def _unlink(work: _Work) -> bool:
    match = _LINK.search(work.text)
    if not match:
        return False
    traced = work.traced
    work.traced = (
        traced.keep(0, match.start())
        + traced.keep(match.start(1), match.end(1))
        + traced.keep(match.end(), len(traced.text))
    )
    return True


def _unstress(work: _Work) -> bool:
    match = _EMPHASIS.search(work.text)
    if not match:
        return False
    if match[1] == "~~" and match[0] != work.text:
        work.notes.append(f"Struck out: {match[2]}")
        return work.cut(match.start(), match.end())
    if match[1] == "~~":
        work.status = "dropped"
    traced = work.traced
    work.traced = (
        traced.keep(0, match.start())
        + traced.keep(match.start(2), match.end(2))
        + traced.keep(match.end(), len(traced.text))
    ).strip()
    return True


def _unparenthesise(work: _Work) -> bool:
    for match in _PARENTHESIS.finditer(work.text):
        at_end = match.end() == len(work.text.rstrip(" .;,"))
        if _set_apart(work, match, boxed=False, at_end=at_end):
            return work.cut(match.start(), match.end())
    return False


def _set_apart(work: _Work, match: re.Match[str], boxed: bool, at_end: bool = True) -> bool:
    """Understand what stands between brackets; False where it belongs to the text."""
    work.at = work.traced.offsets[match.start()]
    words = match["words"].strip()
    readings = _ANYWHERE + (_AT_END if at_end else ()) + (_BOXED if boxed else ())
    return any(reading(work, words) for reading in readings)


def _named(work: _Work, words: str) -> bool:
    line = read_field(words)
    if line and line.value and line.name in _IN_BRACKETS:
        return _apply(work, line.name, line.value)
    parent = _SERVES.match(words)
    return parent is not None and _apply(work, "parent", words[parent.end() :])


def _mentioned(work: _Work, words: str) -> bool:
    if not _ROLES.fullmatch(words):
        return False
    for name in re.findall(r"@([\w.-]+)", words):
        work.add(work.owners, name)
    return True


def _graded(work: _Work, words: str) -> bool:
    match = _NAMED_SCORE.fullmatch(words)
    return match is not None and _apply(work, "score", match["value"])


def _ranked(work: _Work, words: str) -> bool:
    return bool(_PRIORITY.fullmatch(words)) and work.add(work.tags, words)


def _bare_score(work: _Work, words: str) -> bool:
    return bool(_SCORE.fullmatch(words)) and not words.isdigit() and _apply(work, "score", words)


def _kind(work: _Work, words: str) -> bool:
    return fold(words) in KINDS and _apply(work, "kind", words)


def _progress(work: _Work, words: str) -> bool:
    if _NUMBER_ONLY.fullmatch(words) and not re.search(r"\d", work.text.replace(words, "")):
        return False
    return is_progress(words) and work.note(words)


def _ticket(work: _Work, words: str) -> bool:
    if not _TICKET.fullmatch(words):
        return False
    work.key = work.key or words
    return True


def _tag(work: _Work, words: str) -> bool:
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


def _apply(work: _Work, name: str, value: str) -> bool:
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


# --- what stands behind -------------------------------------------------------------------------

_ARROW = re.compile(r"\s*(?:={1,2}>|-{1,2}>|[⇒→➔➜⟶])\s*")
_PERCENT = r"(?:~|ca\.?\s?|about\s)?\d{1,3}(?:[.,]\d+)?\s?%"
_REPORT = (
    rf"(?:status\s*:\s*)?(?:{_PERCENT}\s*,?\s*(?:of (?:the )?target\s*)?(?:{DONE}|{PENDING})?"
    rf"|(?:{PENDING}|{DONE}|{DROPPED})\b)"
)
_PROGRESS = re.compile(rf"{_REPORT}(?:[,;:!.(–—][^\n]{{0,120}})?", re.IGNORECASE)
_LONG_PROGRESS = re.compile(rf"{_REPORT}(?:[\s,;:!.(–—-].{{0,120}})?", re.IGNORECASE)
_FINISHED = re.compile(rf"(?:status\s*:\s*)?(?:100\s?%\s*)?(?:{DONE})\b|100\s?%", re.IGNORECASE)
_GIVEN_UP = re.compile(rf"(?:status\s*:\s*)?(?:{DROPPED})\b", re.IGNORECASE)
_BEGUN = re.compile(rf"(?:{PENDING})\b", re.IGNORECASE)
_NUMBER_ONLY = re.compile(
    r"[\s~≈]*[$€£]?\d[\d.,]*\s*(?P<unit>%|pp|[a-z]{1,12})?[.!]?", re.IGNORECASE
)
_HAS_TARGET = re.compile(
    r"\b(?:to|below|under|above|over|at least|at most|nach|auf|bis)\s+[<>≤≥~]?\s?[$€£]?\d|[<>≤≥]\s?\d|"
    r"(?:->|→|⇒|=>)",
    re.IGNORECASE,
)
_ENDS_IN_NUMBER = re.compile(r"\d[\d.,]*\s*(?P<unit>%|[^\W\d]{0,12})\s*$")
_GOAL_VALUE = re.compile(r"\b(?:of|to|at)\s+\d[\d.,]*\s*$", re.IGNORECASE)
_TAIL = re.compile(r"\s*[–—|/;,:-]\s+(?P<words>[^–—|/;,:-]{2,60})$")
_TAIL_FIELD = re.compile(
    r"[\s,;|–—/-]{1,6}(?P<name>owner|owned by|dri|lead|responsible|verantwortlich|status|score|grade|"
    r"confidence|team|parent|supports|serves)\s*[:=]\s*(?P<value>[^:=|]{1,80}?)\s*[.;|]?$",
    re.IGNORECASE,
)
_TRAILING_BRACKET = re.compile(r"\s*\[(?P<words>[^\[\]]{1,60})\]\s*[.;]?$")
_TRAILING_HASHTAG = re.compile(r"(?:\s|^)#([^\W\d_][\w-]{1,30})[,;.]?$")
_TRAILING_MENTION = re.compile(r"[\s,;(–—-]+@([^\W\d_][\w.-]{0,40}\w|\w)[,;.)]?$")
_LIGHT = re.compile(r"\s*(?P<glyph>[🟢🟡🟠🔴✅☑✔✓❌🚫⚪🔵🏁])\ufe0f?\s*$")
_TAKES_A_VALUE = re.compile(
    r"(?:\b(?:to|from|by|of|below|above|under|over|at|than|the|a|an|in|for|is|and|auf|von|um)|[=<>≤≥~$€£])\s*$",
    re.IGNORECASE,
)


def is_progress(words: str) -> bool:
    """Whether all words report how far something has come: ``done``, ``70 % achieved``."""
    return _PROGRESS.fullmatch(words.strip()) is not None


def read_progress(words: str) -> Status | None:
    """The status that a remark reports: done, dropped, or None where it is still open."""
    words = words.strip()
    if _BEGUN.match(words):
        return None
    if _FINISHED.match(words):
        return "done"
    return "dropped" if _GIVEN_UP.match(words) else None


def read_score(words: str) -> float | None:
    """A score from 0 to 1 out of ``0.7``, ``0,7``, ``70 %`` or ``7/10``; None for other words."""
    match = re.fullmatch(
        r"\s*(?:score|grade)?\s*[:=]?\s*(\d{0,3}(?:[.,]\d+)?)\s*(%|/\s?10)?\s*",
        words,
        re.IGNORECASE,
    )
    if not match or not match[1]:
        return None
    value = float(match[1].replace(",", "."))
    value /= {None: 1, "%": 100}.get(match[2], 10)
    return value if 0 <= value <= 1 else None


def _after_arrow(work: _Work) -> bool:
    arrows = list(_ARROW.finditer(work.text))
    if not arrows:
        return False
    arrow = arrows[-1]
    left, tail = work.text[: arrow.start()], work.text[arrow.end() :].strip()
    if not tail or not left.strip() or not _is_outcome(left, tail):
        return False
    score = read_score(tail) if re.fullmatch(r"0?[.,]\d{1,2}|[01][.,]\d{1,2}", tail) else None
    if score is not None:
        work.score = score
    work.note(tail)
    return work.cut(arrow.start(), len(work.text))


def _is_outcome(left: str, tail: str) -> bool:
    """Whether what follows an arrow reports a result, and is not the target itself."""
    number = _NUMBER_ONLY.fullmatch(tail)
    if not number:
        return _LONG_PROGRESS.fullmatch(tail) is not None
    if _HAS_TARGET.search(left):
        return True
    before = _ENDS_IN_NUMBER.search(left)
    if before is None:
        return True
    return (
        number["unit"] == "%"
        and before["unit"] != "%"
        and (bool(before["unit"]) or _GOAL_VALUE.search(left) is not None)
    )


def _after_dash(work: _Work) -> bool:
    match = _TAIL.search(work.text)
    if not match or not match.start() or not is_progress(match["words"]):
        return False
    if _NUMBER_ONLY.fullmatch(match["words"]):
        return False
    work.note(match["words"])
    return work.cut(match.start(), len(work.text))


def _trailing_score(work: _Work) -> bool:
    match = re.search(r"\s+[–—|-]\s+(0[.,]\d{1,2}|1[.,]0)$", work.text)
    if not match or _ENDS_IN_NUMBER.search(work.text[: match.start()]):
        return False
    work.score = read_score(match[1])
    return work.cut(match.start(), len(work.text))


def _trailing_field(work: _Work) -> bool:
    match = _TAIL_FIELD.search(work.text)
    line = match and read_field(f"{match['name']}: {match['value']}")
    if not match or not line or not match.start() or not _apply(work, line.name, line.value):
        return False
    return work.cut(match.start(), len(work.text))


def _trailing_bracket(work: _Work) -> bool:
    match = _TRAILING_BRACKET.search(work.text)
    if not match or not match.start() or _TAKES_A_VALUE.search(work.text[: match.start()]):
        return False
    if not _set_apart(work, match, boxed=True):
        return False
    return work.cut(match.start(), len(work.text))


def _trailing_word(work: _Work) -> bool:
    for pattern, into in ((_TRAILING_HASHTAG, work.tags), (_TRAILING_MENTION, work.owners)):
        match = pattern.search(work.text)
        if match and match.start():
            work.at = work.traced.offsets[match.start(1)]
            work.add(into, match[1])
            return work.cut(match.start(), len(work.text))
    return False


def _trailing_light(work: _Work) -> bool:
    match = _LIGHT.search(work.text)
    if not match or not match.start():
        return False
    if match["glyph"] in "✅☑✔✓🏁":
        work.status = work.status or "done"
    else:
        work.notes.append(match["glyph"])
    return work.cut(match.start(), len(work.text))


def _dangling(work: _Work) -> bool:
    """A dash or bar that lost its second half."""
    bare = work.traced.strip_end(" |–—→⇒")
    if len(bare.text) == len(work.text) or not bare.text or not (work.notes or work.owners):
        return False
    work.traced = bare
    return True


_LEADING: tuple[_Step, ...] = (
    _unlink, _unstress, _unbullet, _unbox, _uncount, _unmark, _after_marker, _unticket, _leading_bracket, _leading_status, _leading_word,
)  # fmt: skip
_WITHIN: tuple[_Step, ...] = (_unparenthesise,)
_TRAILING: tuple[_Step, ...] = (
    _after_arrow, _trailing_field, _trailing_bracket, _unparenthesise, _trailing_word,
    _trailing_light, _after_dash, _trailing_score, _dangling,
)  # fmt: skip
