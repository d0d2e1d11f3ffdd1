"""The words beside a number that name what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assistant.language.clauses import Lead, lead_end, leads, skip_opening
from assistant.language.cues import Cue, cues
from assistant.language.dates import due_phrases
from assistant.language.lexicon import all_verbs, also_nouns
from assistant.language.number import Number
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token, read
from assistant.language.quantities import numbers
from assistant.language.roles import Roles
from assistant.language.sides import Range, side_ranges
from assistant.language.words import word_set

_BOUNDARY = Pattern(
    r"[;!?](?=\s|$)|[.](?=\s+[\"'(*]*[A-Z])|:(?=\s)|\s[–—]\s|\s-\s|\s\|\s|\b(?:so|such) that\b"
    r"|\bresulting in\b|\bleading to\b|\bmeaning\b"
)
_END = Pattern(
    r"[;!?]|[.](?=\s|$)|,(?=\s)|\s[–—-]\s|\(|\[|=>|→|->|:(?=\s)|@|#|\bso that\b|\bresulting in\b"
    r"|\bin order to\b|\bleading to\b|\bcompared (?:to|with)\b|\bvs\b|\bversus\b"
)
_DESTINATION = Pattern(r"\s(?:to|onto|into|from)\s")
_RELATIVE = Pattern(r"\w (?:who|whose)\b")
_WORD = Pattern(r"[a-z][a-z'-]*|\d\w+")
_OTHER_MARKS = Pattern(r"[^\w\s*_'\":)-]")
_MOST_CHARACTERS = 160


def name_before(text: str, found: Roles, anchor: Number) -> Range | None:
    """The name left of a number: "reply time" in "Cut reply time from 5 to 3 hours"."""
    reading = read(text)
    limit = _limit(text, anchor)
    start = _edge(text, found, anchor, limit)
    tokens = [t for t in reading.tokens if start <= t.start and t.end <= limit]
    tokens = without_head(_without_tail(text, tokens))
    if not _is_name(tokens):
        return None
    return _closed(reading, tokens[0].start, tokens[-1].end)


def name_after(text: str, found: Roles, anchor: Number) -> Range | None:
    """The name right of a number: "nurses" in "Train 200 nurses by May"."""
    reading = read(text)
    begin = _end_of_cluster(reading.low, found, anchor)
    end = end_of_name(text, begin)
    if any(lead.verb.lemma in word_set("carrying verbs") for lead in leads(text)):
        destination = _DESTINATION.search(reading.low, begin)
        end = min(end, destination.start()) if destination else end
    chosen = {n.start for n in (found.baseline, found.target, found.change) if n}
    for number in numbers(text):
        if number.start >= begin and number.start in chosen:
            end = min(end, _cue_start(reading, number, begin))
    tokens = [t for t in reading.tokens if begin <= t.start and t.end <= end]
    tokens = without_right_tail(_without_right_head(tokens))
    if not _is_name(tokens) or _OTHER_MARKS.search(reading.low, begin, tokens[0].start):
        return None
    return tokens[0].start, tokens[-1].end


def end_of_name(text: str, begin: int) -> int:
    """Where a name that starts at a position must end: punctuation, deadline, means, "and cut"."""
    low = read(text).low
    ends = [len(low), begin + _MOST_CHARACTERS]
    if match := _END.search(low, begin):
        ends.append(match.start())
    ends += [due.start for due in due_phrases(text) if due.start >= begin]
    ends += [start for start, _ in side_ranges(text) if start >= begin]
    ends += [c.start for c in cues(text) if c.kind == "verb" and _joins(low, c.start, begin)]
    ends += [start for start in _joined_verbs(read(text)) if start >= begin]
    return min(ends)


def has_name(words: str) -> bool:
    """Whether some words hold more than those that lead over to a number."""
    small = word_set("trailing") | word_set("leading")
    return any(match.group() not in small for match in _WORD.finditer(words))


def without_head(tokens: list[Token]) -> list[Token]:
    """The tokens without articles and other words that do not belong to a name."""
    first = next(
        (i for i, t in enumerate(tokens) if t.low not in word_set("leading")),
        len(tokens),
    )
    return tokens[first:]


def without_right_tail(tokens: list[Token]) -> list[Token]:
    """The tokens without prepositions left over at the end."""
    kept = list(tokens)
    while kept and kept[-1].low in word_set("right tail"):
        kept.pop()
    return kept


def touches(first: Lead, second: Lead) -> bool:
    """Whether a verb stands right behind another: "build and launch"."""
    return second.at > first.at and second.at - first.next in {0, 1}


def _is_name(tokens: list[Token]) -> bool:
    small = word_set("trailing") | word_set("leading")
    return any(token.low not in small for token in tokens)


def _limit(text: str, anchor: Number) -> int:
    """Where the name must end: before means or deadline that stand between it and the number."""
    low, limit = read(text).low, anchor.start
    asides = [*side_ranges(text), *((due.start, due.end) for due in due_phrases(text))]
    for start, end in sorted(asides, reverse=True):
        if end <= limit and not has_name(low[end:limit]) and has_name(low[:start]):
            limit = start
    return limit


def _edge(text: str, found: Roles, anchor: Number, limit: int) -> int:
    """Where the name can start: behind the last opening, verb of direction or other measure."""
    reading = read(text)
    low, edge = reading.low, _clause_start(text, limit, anchor)
    edge = _behind_verbs(text, skip_opening(reading, edge, anchor.start), anchor.start)
    for cue in cues(text):
        in_reach = edge <= cue.start and cue.end <= anchor.start
        if in_reach and _starts_name(low, cue, edge) and has_name(low[cue.end : limit]):
            edge = cue.end
    chosen = {n.start for n in (found.baseline, found.target, found.change) if n}
    ends = [n.end for n in numbers(text) if n.start in chosen - {anchor.start} and n.kind != "weak"]
    ends += [end for _, end in side_ranges(text)]
    ends += [due.end for due in due_phrases(text) if not has_name(low[edge : due.start])]
    return max([edge, *(end for end in ends if end <= limit)])


def _starts_name(low: str, cue: Cue, edge: int) -> bool:
    """Whether what a cue moves stands behind it; not so in "tenders won by", "who would sign"."""
    if cue.kind in {"mark", "limit"} or _RELATIVE.search(low, edge, cue.start):
        return False
    is_base = low[cue.start : cue.end] in word_set("reach verbs", "direction")
    return cue.way != "reach" or is_base


def _clause_start(text: str, limit: int, anchor: Number) -> int:
    """Behind the last boundary that has a name between itself and the number."""
    words, end = "", limit
    for match in reversed([*_BOUNDARY.finditer(read(text).plain, 0, anchor.start)]):
        words = f"{_without_cues(text, match.end(), end)} {words}".strip(" :")
        end = match.start()
        if words not in word_set("too thin") and has_name(words):
            return match.end()
    return 0


def _without_cues(text: str, start: int, end: int) -> str:
    """The words from ``start`` to ``end`` less those that say a direction."""
    low, words = read(text).low, ""
    for cue in cues(text):
        if start <= cue.start < end:
            words, start = words + low[start : cue.start], cue.end
    return words + low[start:end]


def _behind_verbs(text: str, edge: int, limit: int) -> int:
    """The end of the verbs that open a clause at ``edge``: "Build and launch"."""
    reading, found = read(text), leads(text)
    lead = next((lead for lead in found if reading.tokens[lead.at].start == edge), None)
    while lead and lead_end(reading, lead) <= limit:
        edge = lead_end(reading, lead)
        current = lead
        lead = next((other for other in found if touches(current, other)), None)
    return edge


def _without_tail(text: str, tokens: list[Token]) -> list[Token]:
    """The tokens without the words that lead over to the number."""
    cue_starts = {cue.start for cue in cues(text) if cue.kind != "limit"}
    small = word_set("trailing") | word_set("nouns of change")
    kept = list(tokens)
    while kept and (kept[-1].low in small or kept[-1].start in cue_starts):
        if kept[-1].low in {"min", "max"} and kept[-2:-1] and kept[-2].low[0].isdigit():
            break
        kept.pop()
    return kept


def _closed(reading: Reading, start: int, end: int) -> Range:
    """The range with a bracket that it opened closed again, or left out."""
    inside = reading.low[start:end]
    for opening, closing in ("()", "[]"):
        if inside.count(opening) > inside.count(closing):
            at = reading.low.find(closing, end)
            if at != -1 and not reading.low[end:at].strip():
                end = at + 1
            else:
                end = start + len(inside[: inside.rfind(opening)].rstrip(" ,:-"))
    return start, end


def _end_of_cluster(low: str, found: Roles, anchor: Number) -> int:
    """The end of the numbers that stand together: "from 5 to 3"."""
    end = anchor.end
    for number in sorted(n for n in (found.baseline, found.target, found.change) if n):
        if number.start >= end and not has_name(low[end : number.start]):
            end = number.end
    return end


def _without_right_head(tokens: list[Token]) -> list[Token]:
    """The rest of a name: "20 % increase in sales" loses the noun of change, "80 % of improvement ideas" does not."""
    changes = word_set("nouns of change") | word_set("more nouns of change")
    kept = list(tokens)
    while kept and (kept[0].low in word_set("leading") or kept[0].low in {"all", "every"}):
        linked = len(kept) > 1 and kept[1].low in {"in", "of"}
        if kept[0].low in changes and not linked:
            break
        kept.pop(0)
    return kept


def _joins(low: str, start: int, begin: int) -> bool:
    """Whether a verb starts another measure: "... and reduce churn"."""
    return start > begin and low[:start].endswith(" and ")


def _joined_verbs(reading: Reading) -> Iterator[int]:
    """Where "and" goes on with another order: "... and connect them to the server"."""
    for before, index in pairwise(range(len(reading.tokens))):
        verb = all_verbs().at(reading.tokens, index)
        is_order = verb and verb.form == "base" and verb.lemma not in also_nouns()
        if is_order and reading.tokens[before].low == "and":
            yield reading.tokens[before].start


def _cue_start(reading: Reading, number: Number, begin: int) -> int:
    """Where the words that lead over to a number start."""
    tokens = [t for t in reading.tokens if begin <= t.start and t.end <= number.start]
    start = number.start
    while tokens and tokens[-1].low in word_set("trailing"):
        start = tokens.pop().start
    return start
