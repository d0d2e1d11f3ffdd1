"""Cuts a document into passages: a few sentences under one heading, short enough to quote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from assistant.models import Location, Passage, stable_id

LEAST, MOST = 30, 90
"""Words that a passage should hold; a choice may be shorter, a very long sentence is cut."""

LONGEST = 150
"""Words from which a single sentence is cut."""

LONGEST_ABOVE = 300
"""Characters from which a heading counts as text, and a table's header is not repeated."""

SPEAKING = 4
"""Words from which a heading with nothing below it is a statement, not a label."""

TRAIL = " > "

BlockKind = Literal["heading", "text", "item", "row"]


class Block(NamedTuple):
    """One paragraph, heading, list item or table row, as a reader found it.

    Attributes:
        text: the visible words; a line end stands where the source has one.
        level: depth of a heading or of a list item, from 1.
        line: line of the first word, from 1; page likewise.
        lead: words above it without which it cannot be understood, such as a table's header.
    """

    kind: BlockKind
    text: str
    level: int = 0
    line: int | None = None
    page: int | None = None
    lead: str = ""


class _Sentence(NamedTuple):
    text: str
    line: int | None
    page: int | None
    opens: bool  # the first of its block
    words: int


class _Lead(NamedTuple):
    """Words that introduce deeper blocks; ``block`` tells two of the same words apart."""

    text: str
    depth: int
    block: int


class _Piece(NamedTuple):
    """A block on its way into passages: its sentences, and whether it stands alone."""

    sentences: tuple[_Sentence, ...]
    leads: tuple[_Lead, ...]
    alone: bool

    @property
    def lead(self) -> str:
        return "\n".join(lead.text for lead in self.leads)


def split(
    blocks: Iterable[Block], document_id: str, file: str, title: str = ""
) -> tuple[Passage, ...]:
    """Cut blocks into passages of about 30 to 90 words that never cross a heading.

    A list item or table row that states a choice ("we will not ...", "A over B", or under a
    heading such as "Where we play") is a passage of its own, as is a paragraph that begins with
    "Choice 3." or "We will not"; words that introduce it ("We will not:") are repeated in front
    of it, on a line of their own. White space is folded; otherwise the text is verbatim. A
    heading that only repeats ``title`` is left out of the trail.
    """
    seen: Counter[str] = Counter()
    passages = []
    for heading, section in _sections(_bounded(blocks), title):
        for lead, sentences in _grouped(_pieces(section, heading)):
            text = f"{lead}\n{_joined(sentences)}" if lead else _joined(sentences)
            name = stable_id("psg", document_id, heading, text)
            seen[name] += 1
            first = sentences[0]
            passages.append(
                Passage(
                    id=name if seen[name] == 1 else f"{name}-{seen[name]}",
                    document_id=document_id,
                    text=text,
                    heading=heading,
                    location=Location(file=file, line=first.line, page=first.page),
                )
            )
    return tuple(passages)


def folded(text: str) -> str:
    """The text with every run of white space as one space; soft hyphens and marks dropped."""
    return " ".join(_INVISIBLE.sub("", text).split())


def size(text: str) -> int:
    """Length in words; scripts without spaces count eight characters a word."""
    return max(len(text.split()), len(text) // 8)


def _bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Text that stands above many passages is repeated in each, so it may not be long."""
    above = ""
    for block in blocks:
        if block.kind == "heading" and len(block.text) > LONGEST_ABOVE:
            yield block._replace(kind="text")
        elif len(block.lead) <= LONGEST_ABOVE:
            yield block
        else:
            if block.lead != above:
                above = block.lead
                yield block._replace(text=above, lead="")
            yield block._replace(lead="")


def _sections(blocks: Iterable[Block], title: str) -> Iterator[tuple[str, list[Block]]]:
    trail: list[Block] = []
    section: list[Block] = []
    for block in blocks:
        if not folded(block.text):
            continue
        if block.kind != "heading":
            section.append(block)
            continue
        yield from _closed(trail, section, block.level, title)
        section = []
        trail = [*(step for step in trail if step.level < block.level), block]
    yield from _closed(trail, section, 0, title)


def _closed(
    trail: list[Block], section: list[Block], next_level: int, title: str
) -> Iterator[tuple[str, list[Block]]]:
    """A finished section. A heading with nothing below it speaks for itself."""
    if section:
        yield _trail(trail, title), section
    elif trail and next_level <= trail[-1].level and size(trail[-1].text) >= SPEAKING:
        yield _trail(trail[:-1], title), [trail[-1]._replace(kind="text")]


def _trail(trail: Sequence[Block], title: str) -> str:
    steps = [folded(step.text) for step in trail]
    return TRAIL.join(steps[1:] if steps and steps[0] == title else steps)


def _pieces(section: Sequence[Block], heading: str) -> Iterator[_Piece]:
    """Blocks with the words that introduce them; an introduction is not a piece of its own."""
    leads: list[_Lead] = []
    following = [*section[1:], None]
    for number, (block, after) in enumerate(zip(section, following, strict=True)):
        depth = block.level if block.kind == "item" else 0
        if block.kind != "row":
            leads = [lead for lead in leads if lead.depth < depth]
        above = (*leads, _Lead(block.lead, depth, -1)) if block.lead else tuple(leads)
        sentences = list(_sentences(block))
        if _introduces(block, after):
            leads.append(_Lead(sentences.pop().text, depth, number))
        if sentences:
            yield _Piece(tuple(sentences), above, _is_choice(block, heading, above))


def _introduces(block: Block, after: Block | None) -> bool:
    if after is None or not folded(block.text).endswith(":") or size(block.text) > MOST:
        return False
    if block.kind == "item":
        return after.kind == "item" and after.level > block.level
    return block.kind == "text" and after.kind in ("item", "row")


def _grouped(pieces: Iterable[_Piece]) -> Iterator[tuple[str, list[_Sentence]]]:
    groups: list[tuple[_Piece, list[_Sentence]]] = []
    open_ = False
    for piece in pieces:
        if groups and (piece.alone or groups[-1][0].alone or groups[-1][0].leads != piece.leads):
            open_ = False
        for sentence in piece.sentences:
            if not open_ or _words(groups[-1][1]) + sentence.words > MOST:
                groups.append((piece, []))
                open_ = True
            groups[-1][1].append(sentence)
        open_ = _words(groups[-1][1]) < LEAST
    return ((piece.lead, sentences) for piece, sentences in _without_tails(groups))


def _without_tails(
    groups: Sequence[tuple[_Piece, list[_Sentence]]],
) -> Iterator[tuple[_Piece, list[_Sentence]]]:
    """Join a short rest to what stands before it, where both fit one passage."""
    held: tuple[_Piece, list[_Sentence]] | None = None
    for piece, sentences in groups:
        if held and _fits(held, piece, sentences):
            held = (held[0], [*held[1], *sentences])
            continue
        if held:
            yield held
        held = (piece, sentences)
    if held:
        yield held


def _fits(held: tuple[_Piece, list[_Sentence]], piece: _Piece, sentences: list[_Sentence]) -> bool:
    before, words = held[0], _words(held[1])
    if before.alone or piece.alone or before.leads != piece.leads:
        return False
    return min(words, _words(sentences)) < LEAST and words + _words(sentences) <= MOST


def _words(sentences: Iterable[_Sentence]) -> int:
    return sum(sentence.words for sentence in sentences)


def _joined(sentences: Sequence[_Sentence]) -> str:
    first, *rest = sentences
    return first.text + "".join(("\n" if one.opens else " ") + one.text for one in rest)


def _sentences(block: Block) -> Iterator[_Sentence]:
    opens = True
    line, counted = block.line, 0
    for start, end in _cuts(block.text):
        text = folded(block.text[start:end])
        if not text:
            continue
        begins = end - len(block.text[start:end].lstrip())
        if line is not None:
            line += block.text.count("\n", counted, begins)
        counted = begins
        yield _Sentence(text, line, block.page, opens, size(text))
        opens = False


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        nearby = max(start, match.start() - 12)
        if _ABBREVIATION.search(text, nearby, match.start() + 1):
            continue
        yield from _parts(text, start, match.end())
        start = match.end()
    yield from _parts(text, start, len(text))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence of a few hundred words helps nobody: cut it at a space near the limit."""
    while size(text[start : min(end, start + LONGEST * 12)]) > LONGEST:
        stop = _cut_near(text, start, end)
        yield start, stop
        start = stop
    yield start, end


def _cut_near(text: str, start: int, end: int) -> int:
    """Where to cut: behind the last space within the limits, or hard where there is none."""
    stop = min(end, start + MOST * 8)
    cut = stop
    for words, match in enumerate(_SPACE.finditer(text, start + 1, stop), start=1):
        cut = match.end()
        if words >= MOST:
            break
    return cut


def _is_choice(block: Block, heading: str, leads: Iterable[_Lead]) -> bool:
    """Items and rows by their words or by what stands above; a paragraph by how it begins."""
    if block.kind == "text":
        return bool(_LABELLED.search(block.text) or _REFUSAL.search(block.text))
    above = [heading, *(lead.text for lead in leads)]
    return bool(_CHOICE.search(block.text)) or any(map(_CHOICE_HEADING.search, above))


_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
_SENTENCE_END = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s+[\"'“‘«(\[]?[^\W_a-zß-öø-ÿ])|[。！？]+[」』”]?|\n\s*\n)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|approx|ca|resp|incl|excl|no|nr|nos|fig|mr|mrs|ms|dr|prof|st|inc|ltd"
    r"|co|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|z\.\s?b|d\.\s?h|u\.\s?a|bzw|usw|ggf"
    r"|p\.\s?ex)|(?:^|[\s(.])[^\W\d_])\.$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\W*(?:choice|bet|decision|assumption|principle|priority|pillar|trade-?off|guard ?rail"
    r"|entscheidung|annahme|grundsatz)\s+\w{1,4}\s*[.:)–—-]",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"^\W*(?:(?:nobody|no one|no team)\b|(?:we|the company|teams|wir)(?:\s+\w+)?\s+(?:(?:will|do|shall"
    r"|must|may) not|won['’]t|don['’]t|cannot|never|no longer|stop|nicht|kein\w*)\b)",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:we|the company|nobody|no one|no team|every team|teams)\b.{0,40}?"
    r"\b(?:will|won['’]t|do not|don['’]t|does not|never|no longer|stop|stops|choose|chose|bet"
    r"|prefer|decline|refuse|must|may not|cannot)\b"
    r"|^\W*(?:no|nobody|not|never|stop|choose|bet)\b"
    r"|\b(?:instead of|rather than|over|before|at the expense of|in favou?r of|even if)\b"
    r"|\b(?:wir werden|wir wollen|kein\w*|nicht|statt|anstatt|verzichten)\b",
    re.IGNORECASE,
)
_CHOICE_HEADING = re.compile(
    r"\b(?:choices?|choose|chosen|bets?|trade-?offs?|priorit(?:y|ies)|principles?|guard ?rails?"
    r"|assum(?:e|ptions?)|decisions?|non-?goals?|out of scope|in scope|stop doing|say no"
    r"|(?:will|do|shall|won['’]t|don['’]t)(?: \w+)? not\b|won['’]t|don['’]t|not (?:do|to do|doing)"
    r"|where (?:to|we) \w+|how (?:to|we)(?: will)? win|what (?:gives way|we will|changes)"
    r"|we (?:will|choose|refuse)|pillars?|entscheidung\w*|nicht)\b",
    re.IGNORECASE,
)
