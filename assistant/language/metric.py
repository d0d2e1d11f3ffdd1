"""The words that name what a goal measures."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.language.clauses import Lead, leads, skip_opening
from assistant.language.dates import due_phrases
from assistant.language.direction import Cue, cues
from assistant.language.lexicon import all_verbs, delivery_verbs, is_measure_head
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, Token, read
from assistant.language.polarity import polarity
from assistant.language.quantities import Number, numbers
from assistant.language.roles import Roles, roles
from assistant.language.segments import side_ranges
from assistant.language.words import load

Range = tuple[int, int]


class Measured(NamedTuple):
    """What a goal measures, by position in the plain text."""

    metric: Range | None
    roles: Roles

    @property
    def pair(self) -> Range | None:
        """From the start value to the target, where both are stated."""
        start, target = self.roles.baseline, self.roles.target
        if not start or not target:
            return None
        return min(start.start, target.start), max(start.end, target.end)


# Words at the end of a name that belong to the number behind it.
_TRAILING = frozenset(
    "from to at of is are be by with reach reaches reaching hit hits below under above over than least "
    "most more less fewer no not in a an the up down baseline current currently today now was were "
    "about around approximately roughly nearly almost and or stays stay remains remain will should "
    "must can has have been goes go comes come stands target goal level within for until minus plus "
    "on average vs only just further steady as on exceeds exceed exceeding max min maximum minimum "
    "lower higher better or equal between gets get kept held keeps still per some well even top we never always larger smaller longer shorter worse bigger faster slower".split()
) - {"average", "level"}
_CHANGE_NOUNS = frozenset(
    "reduction decrease increase drop decline uplift improvement rise cut".split()
)
_KEPT_AT_END = Pattern(
    r"\b(?:sign|check|log|start|set|roll|follow|break|back|write|top|pop|opt|drop|trade)s?[- ](?:up|in|ups|ins|on|off|out)s?$"
)
_LEADING = frozenset(
    "the a an our its their your of in for to on that this these those more fewer less "
    "lower higher increase decrease reduction growth improvement drop rise uplift decline from by at as "
    "there is are be fall cut gain better faster additional extra further amount back out off".split()
)
_RIGHT_END = Pattern(
    r"[;!?]|[.](?=\s|$)|,(?=\s)|\s[–—-]\s|\(|\[|=>|→|->|:(?=\s)|@|#|\bso that\b|\bresulting in\b|\bin order to\b"
    r"|\bleading to\b|\bcompared (?:to|with)\b|\bvs\b|\bversus\b"
)
_MOST_RIGHT = 160
_LONGEST_TOPIC = 7
_LEVEL_WORDS = Pattern(
    r"\b(?:at or (?:above|below|under|over)|below|above|under|within|stable|steady|constant|flat"
    r"|at (?:the|its|current|today))\b"
)
_BOUNDARY = Pattern(
    r"[;!?](?=\s|$)|[.](?=\s+[\"'(*]*[A-Z])|:(?=\s)|\s[–—]\s|\s-\s|\s\|\s|\b(?:so|such) that\b"
    r"|\bresulting in\b|\bleading to\b|\bmeaning\b"
)
_LEFT_CUE_TAIL = Pattern(r"[\s:=<>≤≥~≈↑↓+→»–—*_(\[,'\"-]+$")


@lru_cache(maxsize=512)
def measured(text: str) -> Measured:
    """The measure of a goal sentence: its numbers by role, and the words that name it."""
    found = roles(text)
    reading = read(text)
    anchor = _anchor(reading.low, found)
    name = _named_beside(text, reading, found, anchor) if anchor else _named_alone(text, reading)
    return Measured(name, found)


def _anchor(low: str, found: Roles) -> Number | None:
    """The number nearest to the name: the first of start and target, or else the change."""
    levels = [n for n in (found.baseline, found.target) if n and n is not found.change]
    if not levels:
        return found.change or found.target
    first = min(levels, key=lambda n: n.start)
    change = found.change
    if change and change.end <= first.start and not _has_name(low[change.end : first.start]):
        return change
    return first


def _named_beside(text: str, reading: Reading, found: Roles, anchor: Number) -> Range | None:
    left = _left_of(text, reading, found, anchor)
    right = _right_of(text, reading, found, anchor)
    if right and _prefers_right(text, reading, found, anchor, left):
        return right
    return left or right


def _prefers_right(
    text: str, reading: Reading, found: Roles, anchor: Number, left: Range | None
) -> bool:
    low = reading.low
    if not left:
        return True
    if re.match(
        r"\s(?:of|of the|of all|of our)\s(?!sales|revenue|turnover)",
        low[anchor.end : anchor.end + 12],
    ):
        gap = low[left[1] : anchor.start].strip()
        return gap in {":", "–", "-", ",", ": at least", ":at least"} or bool(
            re.search(r"[,:]\s*(?:at least |over |more than )?$", low[left[1] : anchor.start])
        )
    delivered = [lead for lead in leads(text) if delivery_verbs().at(reading.tokens, lead.at)]
    is_count = anchor.kind == "weak" or (anchor.kind == "count" and not anchor.unit)
    is_count = is_count and not found.is_pair
    if is_count and delivered and reading.tokens[delivered[0].at].start < anchor.start:
        return True
    return False


# --- left of the number -------------------------------------------------------------------------


def _left_of(text: str, reading: Reading, found: Roles, anchor: Number) -> Range | None:
    limit = _left_limit(text, reading.low, anchor)
    start = _left_edge(text, reading, found, anchor, limit)
    tokens = [t for t in reading.tokens if start <= t.start and t.end <= limit]
    tokens = _without_tail(reading, tokens, anchor)
    tokens = _without_head(tokens)
    if not tokens or not any(
        token.low.isalpha() or "-" in token.low or token.low.isalnum() for token in tokens
    ):
        return None
    if all(token.low in _LEADING | _TRAILING for token in tokens):
        return None
    return _closed(reading, tokens[0].start, tokens[-1].end)


def _left_limit(text: str, low: str, anchor: Number) -> int:
    """Where the name must end: before means or deadline that stand between it and the number."""
    limit = anchor.start
    asides = [*side_ranges(text), *((due.start, due.end) for due in due_phrases(text))]
    for start, end in sorted(asides, reverse=True):
        if end <= limit and not _has_name(low[end:limit]) and _has_name(low[:start]):
            limit = start
    return limit


def _left_edge(text: str, reading: Reading, found: Roles, anchor: Number, limit: int) -> int:
    """Where the name can start: behind the last opening, verb of direction or other measure."""
    low = reading.low
    edge = 0
    for match in _BOUNDARY.finditer(reading.plain, 0, anchor.start):
        if _names_something(_without_cues(text, low, match.end(), limit)):
            edge = match.end()
    edge = skip_opening(reading, edge, anchor.start)
    edge = _behind_verbs(text, reading, edge, anchor.start)
    for cue in cues(text):
        if (
            cue.kind in {"verb", "comparative", "noun"}
            and edge <= cue.start
            and cue.end <= anchor.start
        ):
            rest = low[cue.end : limit]
            if _has_name(rest) and not _only_tail(rest):
                edge = max(edge, cue.end)
    for number in numbers(text):
        chosen = number.start in {
            n.start for n in (found.baseline, found.target, found.change) if n
        }
        if chosen and number.start != anchor.start and number.end <= anchor.start:
            if number.kind != "weak":
                edge = max(edge, number.end)
    for start, end in side_ranges(text):
        if end <= limit and edge < end:
            edge = end
    for due in due_phrases(text):
        if due.end <= limit and not _has_name(low[edge : due.start]):
            edge = max(edge, due.end)
    return edge


def _behind_verbs(text: str, reading: Reading, edge: int, limit: int) -> int:
    """The end of the verbs that open a clause at ``edge``: "Build and launch"."""
    lead = next((lead for lead in leads(text) if reading.tokens[lead.at].start == edge), None)
    while lead and reading.tokens[lead.at + lead.verb.length - 1].end <= limit:
        edge = reading.tokens[lead.at + lead.verb.length - 1].end
        lead = next((other for other in leads(text) if _touches(lead, other)), None)
    return edge


def _names_something(words: str) -> bool:
    """Whether the words between a boundary and a number are a name, not just "median"."""
    return _has_name(words) and words.strip(" :") not in _TOO_THIN


def _without_cues(text: str, low: str, start: int, end: int) -> str:
    """The words from ``start`` to ``end`` less those that say a direction."""
    words, at = "", start
    for cue in cues(text):
        if at <= cue.start < end:
            words, at = words + low[at : cue.start], cue.end
    return words + low[at:end]


_TOO_THIN = frozenset(
    {"median", "average", "mean", "total", "rate", "share", "score", "p95", "avg"}
)


def _touches(first: Lead, second: Lead) -> bool:
    between = second.at - (first.at + first.verb.length)
    return second.at > first.at and between in {0, 1}


def _has_name(words: str) -> bool:
    return any(
        w not in _TRAILING and w not in _LEADING for w in re.findall(r"[a-z][a-z'-]*|\d\w+", words)
    )


def _only_tail(words: str) -> bool:
    return not _has_name(words)


def _without_tail(reading: Reading, tokens: list[Token], anchor: Number) -> list[Token]:
    """The tokens without the words that lead over to the number."""
    cue_starts = {cue.start for cue in cues(reading.raw) if cue.kind != "limit"}
    kept = list(tokens)
    while kept:
        last = kept[-1]
        index = reading.starts[last.start]
        verb = all_verbs().at(reading.tokens, index)
        is_cue = last.start in cue_starts
        if (
            last.low in _TRAILING
            or is_cue
            or last.low in _CHANGE_NOUNS
            or (verb and _moves(verb.lemma) and is_cue)
            or (last.low.endswith("ly") and len(kept) > 1 and _is_adverb(last.low))
        ):
            kept.pop()
            continue
        break
    return kept


def _is_adverb(word: str) -> bool:
    return word in {
        "significantly",
        "slightly",
        "steadily",
        "currently",
        "consistently",
        "substantially",
        "presently",
    }


def _moves(lemma: str) -> bool:
    direction = load("direction")
    return any(
        lemma in direction[f"{way} verbs"] for way in ("increase", "decrease", "improve")
    ) or lemma in {"reach", "hit", "stay", "remain", "go", "come", "stand", "exceed"}


def _without_head(tokens: list[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and kept[0].low in _LEADING:
        kept.pop(0)
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


# --- right of the number ------------------------------------------------------------------------


def _right_of(text: str, reading: Reading, found: Roles, anchor: Number) -> Range | None:
    low = reading.low
    begin = _last_of_cluster(low, found, anchor)
    end = _right_edge(text, reading, found, begin)
    tokens = [t for t in reading.tokens if begin <= t.start and t.end <= end]
    tokens = _without_right_head(tokens)
    while tokens and tokens[-1].low in _RIGHT_TAIL:
        tokens.pop()
    if not tokens or re.search(r"[^\w\s*_'\":)-]", low[begin : tokens[0].start]):
        return None
    if all(token.low in _LEADING | _TRAILING for token in tokens):
        return None
    return tokens[0].start, tokens[-1].end


_RIGHT_TAIL = frozenset(
    "and or by to from in at of with for on the a an per until than is are as".split()
)


def _last_of_cluster(low: str, found: Roles, anchor: Number) -> int:
    """The end of the numbers that stand together: "from 5 to 3"."""
    end = anchor.end
    for number in sorted(n for n in (found.baseline, found.target, found.change) if n):
        if number.start >= end and not _has_name(low[end : number.start]):
            end = number.end
    return end


def _without_right_head(tokens: list[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and (kept[0].low in _LEADING or kept[0].low in {"all", "every"}):
        # "20 % increase in sales" loses the noun of change, "80 % of improvement ideas" does not.
        is_noun = kept[0].low in _CHANGE_NOUNS | {"growth", "gain", "fall"}
        if is_noun and not (len(kept) > 1 and kept[1].low in {"in", "of"}):
            break
        kept.pop(0)
    return kept


def _right_edge(text: str, reading: Reading, found: Roles, begin: int) -> int:
    low = reading.low
    ends = [len(low), begin + _MOST_RIGHT]
    if match := _RIGHT_END.search(low, begin):
        ends.append(match.start())
    ends += [due.start for due in due_phrases(text) if due.start >= begin]
    ends += [start for start, _ in side_ranges(text) if start >= begin]
    if any(lead.verb.lemma in _CARRYING for lead in leads(text)):
        ends += [match.start() for match in _DESTINATION.finditer(low, begin)]
    chosen = {n.start for n in (found.baseline, found.target, found.change) if n}
    for number in numbers(text):
        if number.start >= begin and number.start in chosen:
            ends.append(_cue_start(reading, number, begin))
    for cue in cues(text):
        if cue.kind == "verb" and cue.start > begin and re.search(r"\band $", low[: cue.start]):
            ends.append(cue.start)
    return min(ends)


_CARRYING = frozenset(
    "migrate move convert shift onboard transfer upgrade transition connect".split()
)
_DESTINATION = Pattern(r"\s(?:to|onto|into|from)\s")


def _cue_start(reading: Reading, number: Number, begin: int) -> int:
    """Where the words that lead over to a number start."""
    tokens = [t for t in reading.tokens if begin <= t.start and t.end <= number.start]
    start = number.start
    while tokens and tokens[-1].low in _TRAILING:
        start = tokens.pop().start
    return start


# --- no number ----------------------------------------------------------------------------------


def _named_alone(text: str, reading: Reading) -> Range | None:
    """What a verb or word of direction acts on: "Reduce churn", "faster onboarding"."""
    sides = side_ranges(text)
    moving = [
        cue
        for cue in cues(text)
        if cue.way in {"increase", "decrease", "improve", "hold"}
        and not any(start <= cue.start < end for start, end in sides)
    ]
    for cue in moving:
        if found := _object_of(text, reading, cue):
            return found
    if not moving and not leads(text) and (found := _bare_topic(reading)):
        return found
    return None


def _object_of(text: str, reading: Reading, cue: Cue) -> Range | None:
    ends = [len(reading.low), cue.end + _MOST_RIGHT]
    if match := _RIGHT_END.search(reading.low, cue.end):
        ends.append(match.start())
    ends += [due.start for due in due_phrases(text) if due.start >= cue.end]
    ends += [start for start, _ in side_ranges(text) if start >= cue.end]
    ends += [c.start for c in cues(text) if c.start > cue.end and c.kind == "verb"]
    if cue.way == "hold" and (level := _LEVEL_WORDS.search(reading.low, cue.end + 1)):
        ends.append(level.start())
    tokens = [t for t in reading.tokens if cue.end <= t.start and t.end <= min(ends)]
    tokens = _without_head(tokens)
    while tokens and tokens[-1].low in _RIGHT_TAIL:
        tokens.pop()
    if not tokens:
        return None
    return tokens[0].start, tokens[-1].end


def object_range(text: str) -> Range | None:
    """What the opening verb acts on, up to the next clause, deadline or means."""
    found = leads(text)
    if not found:
        return None
    reading = read(text)
    last = found[0]
    while following := next((other for other in found if _touches(last, other)), None):
        last = following
    start = reading.tokens[last.at].start
    end = reading.tokens[last.at + last.verb.length - 1].end
    return _object_of(text, reading, Cue(start, end, "reach", "verb"))


def _bare_topic(reading: Reading) -> Range | None:
    """The whole text, if it is a short name of a known measure."""
    match = re.search(r"[([:,;]", reading.low)
    end = match.start() if match and match.start() > 2 else len(reading.low)
    tokens = [token for token in reading.tokens if token.end <= end]
    if not tokens or len(tokens) > _LONGEST_TOPIC or polarity(reading.low[:end]) is None:
        return None
    name = re.split(r"\b(?:of|in|for|per|to|from|among|at|on|with)\b", reading.low[:end])[0].split()
    if not name or not (is_measure_head(name[-1]) or is_measure_head(tokens[-1].low)):
        return None
    return tokens[0].start, tokens[-1].end
