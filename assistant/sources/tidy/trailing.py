"""Takes off what stands behind a text, and what stands in brackets inside it."""

from __future__ import annotations

import re

from assistant.sources.markers import read_field
from assistant.sources.tidy.reports import (
    ARROW,
    ENDS_IN_NUMBER,
    NUMBER_ONLY,
    is_outcome,
    is_progress,
    read_score,
)
from assistant.sources.tidy.work import Step, Work, apply, set_apart

_PARENTHESIS = re.compile(r"\((?P<words>[^()]{1,120})\)")
_TAIL = re.compile(r"\s*(?P<sign>[–—|;,:-])\s+(?P<words>[^–—|/;,:-]{2,60})$")
_SURELY_DONE = re.compile(r"(?:done|achieved|completed?|erledigt|erreicht)[.!]?", re.IGNORECASE)
_COLOUR = re.compile(r"green|amber|yellow|red", re.IGNORECASE)
_TAIL_FIELD = re.compile(
    r"[\s,;|–—/-]{1,6}(?P<name>owner|owned by|dri|lead|responsible|verantwortlich|status|score|grade|"
    r"confidence|team|parent|supports|serves)\s*[:=]\s*(?P<value>[^:=|]{1,80}?)\s*[.;|]?$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"the|an?|our|their|its|each|every|one", re.IGNORECASE)
_COUNTED = re.compile(r"(?:from\s+)?[$€£]?\d+\b(?![.,/])", re.IGNORECASE)

_TRAILING_BRACKET = re.compile(r"\s*\[(?P<words>[^\[\]]{1,60})\]\s*[.;:]?$")
_TRAILING_HASHTAG = re.compile(r"(?:\s|^)#([^\W\d_][\w-]{1,30})[,;.]?$")
_TRAILING_MENTION = re.compile(r"[\s,;(–—-]+(?:/?cc:?\s+)?@([^\W\d_][\w.-]{0,40}\w|\w)[,;.)]?$")
_LIGHT = re.compile(r"\s*(?P<glyph>[🟢🟡🟠🔴✅☑✔✓❌🚫⚪🔵🏁])\ufe0f?\s*$")
_TAKES_A_VALUE = re.compile(
    r"(?:\b(?:to|from|by|of|below|above|under|over|at|than|the|a|an|in|for|is|and|auf|von|um)|[=<>≤≥~$€£])\s*$",
    re.IGNORECASE,
)


def _unparenthesise(work: Work) -> bool:
    for match in _PARENTHESIS.finditer(work.text):
        at_end = match.end() == len(work.text.rstrip(" .;,:"))
        if set_apart(work, match, boxed=False, at_end=at_end):
            return work.cut(match.start(), match.end())
    return False


def _after_arrow(work: Work) -> bool:
    arrows = list(ARROW.finditer(work.text))
    if not arrows:
        return False
    arrow = arrows[-1]
    left, tail = work.text[: arrow.start()], work.text[arrow.end() :].strip()
    if not tail or not left.strip() or not is_outcome(left, arrow[0], tail):
        return False
    score = read_score(tail) if re.fullmatch(r"0?[.,]\d{1,2}|[01][.,]\d{1,2}", tail) else None
    if score is not None:
        work.score = score
    work.note(tail)
    return work.cut(arrow.start(), len(work.text))


def _after_dash(work: Work) -> bool:
    """``Move the till - done``; behind a comma or colon only what cannot be a part of the text."""
    match = _TAIL.search(work.text)
    if not match or not match.start() or not is_progress(match["words"]):
        return False
    sure = match["sign"] not in ",:" or _SURELY_DONE.fullmatch(match["words"])
    if not sure or NUMBER_ONLY.fullmatch(match["words"]) or _COLOUR.fullmatch(match["words"]):
        return False
    work.note(match["words"])
    return work.cut(match.start(), len(work.text))


def _trailing_score(work: Work) -> bool:
    match = re.search(r"\s+[–—|-]\s+(0[.,]\d{1,2}|1[.,]0)$", work.text)
    if not match or ENDS_IN_NUMBER.search(work.text[: match.start()]):
        return False
    work.score = read_score(match[1])
    return work.cut(match.start(), len(work.text))


def _trailing_field(work: Work) -> bool:
    match = _TAIL_FIELD.search(work.text)
    if not match or _is_noun(work.text, match):
        return False
    line = read_field(f"{match['name']}: {match['value']}")
    if not line or not match.start() or not apply(work, line.name, line.value):
        return False
    return work.cut(match.start(), len(work.text))


def _is_noun(text: str, match: re.Match[str]) -> bool:
    """Whether it is part of a sentence: ``back with the owner: one of two``, ``team: from 4 to 9``."""
    words = text[: match.start()].split()
    if match[0].lstrip()[0] in ",;|–—/-" or not words:
        return False
    is_person = match["name"].casefold() in ("owner", "dri", "lead", "team")
    return _ARTICLE.fullmatch(words[-1]) is not None or (
        is_person and _COUNTED.match(match["value"]) is not None
    )


def _trailing_bracket(work: Work) -> bool:
    match = _TRAILING_BRACKET.search(work.text)
    if not match or not match.start() or _TAKES_A_VALUE.search(work.text[: match.start()]):
        return False
    if not set_apart(work, match, boxed=True):
        return False
    return work.cut(match.start(), len(work.text))


def _trailing_word(work: Work) -> bool:
    for pattern, into in ((_TRAILING_HASHTAG, work.tags), (_TRAILING_MENTION, work.owners)):
        match = pattern.search(work.text)
        if match and match.start():
            work.at = work.traced.offsets[match.start(1)]
            work.add(into, match[1])
            return work.cut(match.start(), len(work.text))
    return False


def _trailing_light(work: Work) -> bool:
    match = _LIGHT.search(work.text)
    if not match or not match.start():
        return False
    if match["glyph"] in "✅☑✔✓🏁":
        work.status = work.status or "done"
    else:
        work.notes.append(match["glyph"])
    return work.cut(match.start(), len(work.text))


def _dangling(work: Work) -> bool:
    """A dash or bar that lost its second half."""
    bare = work.traced.strip_end(" |–—→⇒")
    if len(bare.text) == len(work.text) or not bare.text or not (work.notes or work.owners):
        return False
    work.traced = bare
    return True


WITHIN: tuple[Step, ...] = (_unparenthesise,)
TRAILING: tuple[Step, ...] = (
    _after_arrow, _trailing_field, _trailing_bracket, _unparenthesise, _trailing_word,
    _trailing_light, _after_dash, _trailing_score, _dangling,
)  # fmt: skip
