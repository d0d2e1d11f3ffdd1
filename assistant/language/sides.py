"""What stands beside the goal: the means to it, and what it must not cost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from assistant.language.clauses import leads
from assistant.language.dates import due_phrases
from assistant.language.lexicon import nouns
from assistant.language.numerals import NUMBER
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import numbers
from assistant.models import Span

Range = tuple[int, int]
"""Start and end in the plain text."""

_GUARD = Pattern(
    r"\b(?:without (?!discount|interruption|notice|delay\b)\w"
    r"|(?:while|whilst) (?:still |also )?(?:keeping|maintaining|holding|staying|preserving"
    r"|retaining|remaining|protecting|sustaining|safeguarding|not\b|respecting|leaving|limiting"
    r"|guaranteeing|ensuring|meeting)"
    r"|(?:while|whilst) (?:\w+ ){1,4}?(?:stays?|remains?|grows?|doubles?|rises?|increases?|holds?"
    r"|does not|do not|doesn't|don't|is|are)\b"
    r"|(?:and|but) (?:keep|hold|maintain|keeping|holding|maintaining|stay|staying)\b"
    r"|but (?:not|never)\b|not at the expense of|no worse than|never exceeding"
    r"|provided(?: that)?\b|as long as|subject to|on condition that|with no (?:\w+ )?"
    r"(?:increase|decrease|drop|loss|rise|decline|impact|change|harm|deterioration|reduction|extra"
    r"|additional|more|new)"
    r"|with (?:stable|constant|unchanged|unreduced|steady|flat|the same|equal|undiminished)\b"
    r"|at (?:constant|stable|unchanged|equal|the same|no (?:extra|additional|more(?! than)) "
    r"|current|flat|steady|comparable|undiminished)(?! least)[a-z ]*"
    r"|keeping\b)"
)
_LIMIT_GUARD = Pattern(
    r"(?:\bat (?:no more than|most|max(?:imum)?|or below|or above)\b"
    r"|\bwith (?:an? |the )?[a-z][\w -]{2,40}? (?:still |staying |remaining |kept |held )*"
    r"(?:below|above|under|over|at least|at most|at or above|at or below|no worse than"
    r"|no (?:higher|lower|more|less) than|≤|≥|<|>)"
    r"|\bby no more than\b)\s*[$€£]?\s?[\d]"
)
_MECHANISM = Pattern(
    r"(?<![\w-])(?:by (?:(?!being\b|morning\b|evening\b|spring\b)\w+ing\b|(?:means|way|use) of\b)"
    r"|through (?!with\b|the (?:year|quarter|end)|\d|q[1-4]|h[12]|end\b|to\b)(?:\w)"
    r"|via \w|with the help of|thanks to|by the use of"
    r"|leveraging|(?<=[\d%] )with (?:a|the|our) new\b|powered by|enabled by|driven by)"
)
_USING = Pattern(r"(?P<comma>,)?\s*(?<=[\s,])(?P<cue>using) \w")
_SHARE_OF = Pattern(r"(?:%|share|number|percentage|proportion) of\b")
_RELATIVE_BEFORE = Pattern(r"\b(?:who|that|which) (?:\w+ ){1,4}$")
_PARTICIPLE_BEFORE = Pattern(r"\w(?:ed|id|old|ent) $")
_NEGATIVE_BEFORE = Pattern(r"\b(?:no(?! more| less| fewer)|nobody|none|never|not one|zero) [^.;]*$")
_END = Pattern(
    r"\swe\s(?=[a-z])|[.;:!?](?=\s|$)|[,(\[]|\s[–—-]\s|=>|→|->"
    r"|\bso that\b|\bresulting in\b|\bin order to\b"
)
_FROM_TO = Pattern(rf"\bfrom\s+{NUMBER}[^.;]{{0,40}}?\bto\b")
_LEVEL = Pattern(rf"\b(?:from|to|by)\s+(?:at least |under |below )?{NUMBER}")
_CUE_LENGTH = 3
_PHRASE_LENGTH = 8
_WINDOW = 48


def find_guard(text: str) -> Span | None:
    """The limit that the goal must respect: "without raising prices", "while keeping ..."."""
    found = guard_range(text)
    return read(text).span(*found) if found else None


def find_mechanism(text: str) -> Span | None:
    """The means: "by automating triage", "through partners", "via the app"."""
    found = mechanism_range(text)
    return read(text).span(*found) if found else None


@lru_cache(maxsize=4096)
def guard_range(text: str) -> Range | None:
    """Where the guard stands in the plain text."""
    reading = read(text)
    says_something = min(
        [reading.tokens[lead.at].end for lead in leads(text)]
        + [number.end for number in numbers(text)],
        default=len(reading.low),
    )
    for start in sorted([*_guard_starts(text, reading)]):
        before = reading.low[max(0, start - _WINDOW) : start]
        is_double_no = _NEGATIVE_BEFORE.search(reading.low[:start])
        in_name = _PARTICIPLE_BEFORE.search(before) and _FROM_TO.search(reading.low, start)
        if in_name or is_double_no or _RELATIVE_BEFORE.search(before):
            continue
        if says_something <= start:
            return start, _guard_end(text, reading, start)
    return None


@lru_cache(maxsize=4096)
def guard_cues(text: str) -> tuple[Range, ...]:
    """Where words stand that could open a guard."""
    return tuple(match.span() for match in _GUARD.finditer(read(text).low))


@lru_cache(maxsize=4096)
def mechanism_range(text: str) -> Range | None:
    """Where the mechanism stands in the plain text."""
    reading = read(text)
    starts = [match.start() for match in _MECHANISM.finditer(reading.low)]
    starts += _using(reading)
    dues = due_phrases(text)
    for start in sorted(starts):
        if not any(due.start <= start < due.end for due in dues):
            return start, _mechanism_end(text, reading, start)
    return None


@lru_cache(maxsize=4096)
def side_ranges(text: str) -> tuple[Range, ...]:
    """Guard and mechanism, which say nothing about the goal's own direction."""
    return tuple(found for found in (guard_range(text), mechanism_range(text)) if found)


def _guard_starts(text: str, reading: Reading) -> Iterator[int]:
    yield from (start for start, _ in guard_cues(text))
    first = min((number.end for number in numbers(text)), default=len(reading.low))
    for match in _LIMIT_GUARD.finditer(reading.low):
        if first <= match.start():
            yield match.start()


def _using(reading: Reading) -> Iterator[int]:
    """Where "using" says how, not who: "customers using the app" are a segment."""
    share = _SHARE_OF.search(reading.low)
    for match in _USING.finditer(reading.low):
        at = reading.starts[match.start("cue")]
        is_whose = at > 0 and nouns("segments", "people").at(reading.tokens, at - 1)
        in_share = share and share.start() < match.start()
        if match.group("comma") or (at > 0 and not is_whose and not in_share):
            yield match.start("cue")


def _guard_end(text: str, reading: Reading, start: int) -> int:
    begin = start + _PHRASE_LENGTH
    others = (
        _MECHANISM.search(reading.low, begin),
        _FROM_TO.search(reading.low, begin),
    )
    return _clause_end(text, reading, start, [m.start() for m in others if m])


def _mechanism_end(text: str, reading: Reading, start: int) -> int:
    begin = start + _CUE_LENGTH
    others = (_GUARD.search(reading.low, begin), _LEVEL.search(reading.low, begin))
    return _clause_end(text, reading, start, [m.start() for m in others if m])


def _clause_end(text: str, reading: Reading, start: int, ends: list[int]) -> int:
    ends += [due.start for due in due_phrases(text) if due.start > start]
    if match := _END.search(reading.low, start + _CUE_LENGTH):
        ends.append(match.start())
    end = min([*ends, len(reading.low)])
    return start + len(reading.low[start:end].rstrip(" ,"))
