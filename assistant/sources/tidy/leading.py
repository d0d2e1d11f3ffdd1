"""Takes off what stands before a text, and the markup inside it."""

from __future__ import annotations

import re

from assistant.sources.markers import read_marker
from assistant.sources.tidy.work import TICKET, Step, Work, set_apart
from assistant.sources.vocabulary import DONE, DROPPED

_BULLET = re.compile(r"[•◦▪▫‣⁃●○■□◆◇►▶➤➢✦·∙*+–—-]\s+(?=\S)")
_COUNT = re.compile(
    r"(?:\(?\d{1,2}[.)]|\(?[a-h]\))\s+(?=[^\W\d_]|[\"'„“\[*~])(?!quartal|halbjahr|quarter)",
    re.IGNORECASE,
)
_BOX = re.compile(r"(?:\[(?P<mark>[ xX✓✔])\]|(?P<glyph>[☐☑☒✅✔✓])\ufe0f?)\s*(?=\S)")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,600}?)(?<=\S)\1")
_STRIKE = re.compile(r"(~~)(?=\S)(.{1,600}?)(?<=\S)~~")
BEHIND_STRUCK = re.compile(r"\s*(?:\([^()]*[^\W\d_][^()]*\))?[\s.,;!]*")
"""What may follow struck-out words without taking their place: ``(moved to Q3).``"""
_LINK = re.compile(r"!?\[([^\[\]]{1,300})\]\((?:https?:|/|#|mailto:|\.)[^()\s]*\)")
_LEADING_TICKET = re.compile(
    rf"(?:\[(?P<boxed>{TICKET.pattern})\][:\s]*|(?P<bare>{TICKET.pattern})\s*[:–—|-]\s+)(?=\S)"
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


def _unlink(work: Work) -> bool:
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


def _unstress(work: Work) -> bool:
    match = _EMPHASIS.search(work.text)
    if not match:
        return False
    _unwrap(work, match)
    return True


def _unwrap(work: Work, match: re.Match[str]) -> None:
    traced = work.traced
    work.traced = (
        traced.keep(0, match.start())
        + traced.keep(match.start(2), match.end(2))
        + traced.keep(match.end(), len(traced.text))
    ).strip()


def _unstrike(work: Work) -> bool:
    """``~~Ship it~~``: an element that is struck out as a whole was dropped."""
    match = _STRIKE.match(work.text)
    if not match or not BEHIND_STRUCK.fullmatch(work.text, match.end()):
        return False
    work.status = "dropped"
    _unwrap(work, match)
    return True


def strike_out(work: Work) -> bool:
    """Take off the words that are struck out among others that stay.

    This comes last: a box, a marker or an owner around a strike says nothing else in its place.
    """
    match = _STRIKE.search(work.text)
    if not match:
        return False
    work.notes.append(f"Struck out: {match[2]}")
    return work.cut(match.start(), match.end())


def _unbullet(work: Work) -> bool:
    match = _BULLET.match(work.text)
    return match is not None and work.cut(0, match.end())


def _unbox(work: Work) -> bool:
    match = _BOX.match(work.text)
    if not match:
        return False
    if (match["mark"] or match["glyph"]) in "xX✓✔☑✅":
        work.status = work.status or "done"
    return work.cut(0, match.end())


def _uncount(work: Work) -> bool:
    match = None if work.counted else _COUNT.match(work.text)
    if not match:
        return False
    work.counted = True
    return work.cut(0, match.end())


def _unmark(work: Work) -> bool:
    if work.role:
        return False
    marker = read_marker(work.text)
    if not marker:
        return False
    work.role, work.key = marker.role, marker.key or work.key
    return work.cut(0, marker.end)


def _after_marker(work: Work) -> bool:
    """``Objective 1 (committed): ...``: what stands between a marker and its colon."""
    match = _BEFORE_COLON.match(work.text) if work.role else None
    if not match:
        return False
    if not set_apart(work, match, boxed=True):
        work.note(match["words"])
    return work.cut(0, match.end())


def _unticket(work: Work) -> bool:
    match = _LEADING_TICKET.match(work.text)
    if not match:
        return False
    work.key = match["boxed"] or match["bare"]
    return work.cut(0, match.end())


def _leading_bracket(work: Work) -> bool:
    match = _BRACKETED.match(work.text)
    if not match or match.end() == len(work.text) or not set_apart(work, match, boxed=True):
        return False
    return work.cut(0, match.end())


def _leading_status(work: Work) -> bool:
    match = _LEADING_STATUS.match(work.text)
    if not match:
        return False
    work.status = work.status or ("done" if match["done"] else "dropped")
    return work.cut(0, match.end())


def _leading_word(work: Work) -> bool:
    for pattern, into in ((_HASHTAG, work.tags), (_MENTION, work.owners)):
        match = pattern.match(work.text)
        if match and match.end() < len(work.text):
            work.at = work.traced.offsets[match.start(1)]
            work.add(into, match[1])
            return work.cut(0, match.end())
    return False


LEADING: tuple[Step, ...] = (
    _unlink, _unstrike, _unstress, _unbullet, _unbox, _uncount, _unmark, _after_marker, _unticket,
    _leading_bracket, _leading_status, _leading_word,
)  # fmt: skip
