"""Where key results and documents name a metric, and what they say that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.analyse.choices import replaced_documents, sentences
from assistant.language.lexicon import is_measure_head
from assistant.language.plain import MOST_CHARACTERS, read
from assistant.language.stems import Stems, content_stems
from assistant.models import KeyResult, Noun, Objective, Passage, Span, StrategyDocument

_WEAK_STEMS = 3
"""So many telling words make an aside behind a comma a definition, where no cue does."""

_LONGEST_NAME = 6
_LEAST_DEFINITION = 4

_LONGEST_WINDOW = 100
"""More days than these behind a comma are rather the time that a goal is given."""


class Use(Noun):
    """A key result that names a metric, with what it says about how to count it.

    Attributes:
        objective: what the key result belongs to.
        on: the key result, as findings name it.
        name: the metric without the group or place behind it, in the words of the author.
        key: the same for every spelling of the name.
        defined: the words that say what is counted.
        note: a note that says so, where the text does not.
        population: what a share is a share of.
        windows: the days within which something counts.
        average: ``median`` or ``mean``, where it says so.
        unit: ``share``, ``money``, ``time`` or ``number``, where it is plain.
    """

    objective: Objective
    on: str
    name: str
    key: Stems
    defined: Span | None = None
    note: str = ""
    population: Span | None = None
    windows: frozenset[int] = frozenset()
    average: str | None = None
    unit: str | None = None

    @property
    def key_result(self) -> KeyResult:
        """The key result that it is about."""
        return self.objective.key_results[int(self.on[3:]) - 1]

    @property
    def definition(self) -> str:
        """The words that say what is counted; empty where none do."""
        return self.defined.text if self.defined else self.note

    @property
    def says_something(self) -> bool:
        """Whether there is anything that could differ."""
        return bool(self.definition or self.population or self.windows or self.average or self.unit)


class Stated(Noun):
    """What a document says that a metric is."""

    name: str
    key: Stems
    definition: str
    quote: str
    windows: frozenset[int]
    document: StrategyDocument
    passage: Passage


def uses_of(objective: Objective) -> Iterator[Use]:
    """The metrics that the key results of an objective name, dropped ones left out."""
    for number, item in enumerate(objective.key_results, start=1):
        if item.status != "dropped" and (found := _use(objective, item, f"kr:{number}")):
            yield found


def stated_in(documents: Iterable[StrategyDocument]) -> tuple[Stated, ...]:
    """The metrics that documents define, those of replaced documents left out.

    They do in a sentence ("Churn is counted as ...") or, on a page about measures, behind a name
    and a colon.
    """
    everything = tuple(documents)
    replaced = replaced_documents(everything)
    current = (item for item in everything if item.id not in replaced)
    return tuple(found for item in current for found in _stated(item))


def windows(text: str) -> frozenset[int]:
    """The spans of days that a text counts within: ``within 30 days`` and ``on the same day``."""
    low = read(text).low
    found = {
        int(match["count"]) * _DAYS[match["unit"]]
        for match in _WITHIN.finditer(low)
        if match["count"].isdigit()
    }
    found |= {
        _NUMBERS[match["count"]] * _DAYS[match["unit"]]
        for match in _WITHIN.finditer(low)
        if match["count"] in _NUMBERS
    }
    if _SAME_DAY.search(low):
        found.add(1)
    return frozenset(found)


@lru_cache(maxsize=8192)
def named_like(name: str) -> Stems:
    """What the spellings of one name have in common."""
    return content_stems(name)


# Key results


def _use(objective: Objective, item: KeyResult, on: str) -> Use | None:
    text = item.text[:MOST_CHARACTERS]
    name = _name(text, item)
    if name is None or not (key := named_like(name.text)) or not _is_name(name.text):
        return None
    behind = text[name.end :]
    defined = _definition(text, name.end)
    note = "" if defined else next(filter(None, map(_defining_note, item.notes)), "")
    population = _population(text, item)
    average = _AVERAGE.search(text)
    return Use(
        objective=objective,
        on=on,
        name=name.text,
        key=key,
        defined=defined,
        note=note,
        population=population,
        windows=windows(note or (defined.text if defined else "") or _before_numbers(behind)),
        average=_AVERAGES[average.group().lower()] if average else None,
        unit=_unit(item),
    )


def _name(text: str, item: KeyResult) -> Span | None:
    """The words that name the metric, cut before the group, the definition or the numbers."""
    first = _BREAK.search(text)
    metric = item.measure.metric
    start = metric.start if metric and (not first or metric.start < first.start()) else None
    if start is None:
        lead = _TOPIC.match(text)
        start = lead.end() if lead else 0
    end = first.start() if first and first.start() > start else len(text)
    if first and first.start() <= start:
        following = _BREAK.search(text, start + 1)
        end = following.start() if following else len(text)
    if metric and start <= metric.start < metric.end <= end:
        end = metric.end
    for cut in _TAIL.finditer(text, start, end):
        if _is_name(text[start : cut.start()]):
            end = cut.start()
            break
    words = _without_loose_end(text[start:end])
    if not words or len(words.split()) > _LONGEST_NAME:
        return None
    return Span.of(text, start, start + len(words))


def _without_loose_end(words: str) -> str:
    """Some words without the small ones that led to what was cut off."""
    words = words.rstrip(" ,;:-–")
    while (last := words.rpartition(" "))[2].lower() in _LOOSE_END and last[0]:
        words = last[0].rstrip(" ,;:-–")
    return words


def _is_name(words: str) -> bool:
    """Whether some words name a metric without what follows them."""
    tokens = [token.low for token in read(words).tokens]
    telling = [token for token in tokens if "-" in token or content_stems(token) - _COUNTING]
    if not telling:
        return False
    return len(telling) > 1 or is_measure_head(tokens[-1])


def _definition(text: str, after: int) -> Span | None:
    """The clause behind the name that says what is counted."""
    weak: Span | None = None
    for start, end in _clauses(text, after):
        is_aside = _SEPARATED.search(text, 0, start) is not None
        span = _trimmed(text, start, end)
        if span is None or _ASIDE.match(span.text):
            continue
        if _CUE.search(span.text):
            return span
        if weak is None and is_aside and _sounds_like_a_definition(span.text):
            weak = span
    return weak


def _sounds_like_a_definition(clause: str) -> bool:
    """Whether a clause without a cue says enough: a period, where a clock starts, or many words."""
    telling = len(content_stems(_NUMERIC.sub(" ", clause)))
    if telling >= _WEAK_STEMS or any(days <= _LONGEST_WINDOW for days in windows(clause)):
        return True
    if _CLOCK.match(clause) and not _NUMERIC.search(clause):
        return telling > 0
    return telling > 1 and bool(_PERIOD.search(clause))


def _clauses(text: str, after: int) -> Iterator[tuple[int, int]]:
    """The parts of a text behind a position, between commas, brackets and dashes."""
    start = after
    bounds = [match.span() for match in _SEPARATOR.finditer(text, after)]
    for begin, end in (*bounds, (len(text), len(text))):
        if begin > start:
            yield start, begin
        start = end


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """A clause without the numbers that it begins or ends with."""
    words = text[start:end]
    movement = _MOVEMENT.search(words)
    if movement:
        before, behind = words[: movement.start()], words[movement.end() :]
        cue = _CUE.search(before)
        if cue:
            end = start + movement.start()
            start += 0 if _SEPARATED.search(text, 0, start) else cue.start()
        elif _CUE.search(behind):
            start += movement.end()
        elif before.strip() and _SEPARATED.search(text, 0, start):
            end = start + movement.start()
        else:
            return None
    else:
        cue = _CUE.search(words)
        if cue and not _SEPARATED.search(text, 0, start):
            start += cue.start()
    while start < end and text[start] in " ,;:()–—-":
        start += 1
    while end > start and text[end - 1] in " ,;:()–—-":
        end -= 1
    return Span.of(text, start, end) if end > start else None


def _before_numbers(behind: str) -> str:
    movement = _MOVEMENT.search(behind)
    return behind[: movement.start()] if movement else ""


def _population(text: str, item: KeyResult) -> Span | None:
    """What follows "to 70 % of": the whole that a share is taken of."""
    target = item.measure.target
    if target is None or target.unit != "%":
        return None
    match = _OF.match(text, target.span.end) or _OF_ALL.search(text)
    if not match or not content_stems(match["whole"]):
        return None
    return Span.of(text, match.start("whole"), match.end("whole"))


def _defining_note(note: str) -> str:
    return next((one for one in sentences(note) if _CUE.search(one)), "")


def _unit(item: KeyResult) -> str | None:
    unit = item.measure.unit
    if unit is None:
        target = item.measure.target
        return "number" if target and target.value >= _PLAINLY_A_COUNT else None
    if unit in ("%", "pp"):
        return "share"
    if unit in _MONEY or (len(unit) == _CODE and unit.isupper()):
        return "money"
    return "time" if unit in _TIMES else None


# Documents


def _stated(document: StrategyDocument) -> Iterator[Stated]:
    about_measures = bool(_MEASURES.search(document.title))
    for passage in document.passages:
        lists = about_measures or bool(_MEASURES.search(passage.heading))
        for line in filter(None, map(str.strip, passage.text.split("\n"))):
            match = (_ENTRY.match(line) if lists else None) or _SENTENCE.match(line)
            if match is None or len(match["said"].split()) < _LEAST_DEFINITION:
                continue
            key = named_like(match["name"])
            if not key or len(match["name"].split()) > _LONGEST_NAME:
                continue
            yield Stated(
                name=match["name"],
                key=key,
                definition=match["said"],
                quote=line,
                windows=windows(line),
                document=document,
                passage=passage,
            )


_COUNTING = content_stems(
    "number share rate average median mean total percentage proportion count level score time "
    "amount value days hours weeks"
)
_DAYS = {
    unit: days
    for days, names in (
        (1, "day days d"),
        (7, "week weeks"),
        (30, "month months"),
        (91, "quarter quarters"),
        (365, "year years"),
    )
    for unit in names.split()
}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
} | {"a": 1, "an": 1, "the": 1}
_WITHIN = re.compile(
    r"\b(?:within|inside(?: of)?|(?:in|over|during|for)(?: the)? (?:last|past|previous|following|next)"
    r"|rolling|trailing|(?:measured|counted) over|less than|under)\s+"
    r"(?P<count>\d{1,3}|[a-z]+)[\s-]*(?:calendar |working |business )?"
    r"(?P<unit>days?|d|weeks?|months?|quarters?|years?)\b"
)
_SAME_DAY = re.compile(r"\b(?:on|by) the (?:same )?day\b|\b(?:the )?same day\b")
_CLOCK = re.compile(
    r"(?:from|since|starting)\s+(?:with\s+)?(?:the|our|their|a|an|its|first|last)\s", re.I
)
_PERIOD = re.compile(
    r"\b(?:this|the|each|every|a|last|past|previous)\s(?:calendar )?(?:year|quarter|month|week|day)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[,;(]|:\s|\s[–—-]\s|\s*(?:→|->|=>)|\s(?:from|to|by|at|of|above|below|under|over)?\s?[~<>≤≥]?[$€£]?\d"
    r"|\s(?:defined|counted|measured|calculated)\b|\s(?:i\.e\.|that is|meaning)\s"
)
_TOPIC = re.compile(r"[^,;:(]{1,40}:\s+(?=\D)")
_TAIL = re.compile(
    r"\s(?:of|in|from|at|for|on|by|among|amongst|across|within|under|with|without|between|to)\s"
)
_SEPARATOR = re.compile(r",(?!\d)\s*|;\s*|\s*[()]\s*|\s[–—-]\s|:\s")
_CUE = re.compile(
    r"\b(?:defined (?:as|by)|(?:is |are )?counted\b|counting\b|counts as\b|measured (?:as|by|from|over|at)"
    r"|calculated|computed|meaning\b|means that|i\.e\.|that is,|based on|excluding|excl\.|not counting"
    r"|including|incl\.|divided by|as a share of|as audited)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:by|until|before|in|for|at)\s+(?:the\s+)?(?:end|Q[1-4]|20\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec|easter|christmas|spring|summer|autumn|winter)"
    r"|(?:from )?(?:half|a third|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty"
    r"|thirty|forty|fifty|sixty|none)\b"
    r"|(?:without|while|but|and|so|because|using|through|via|thanks|drawn|conf(?:idence)?\b|was\b|now\b"
    r"|today|up from|down from|no (?:more|less|fewer|later) than|at (?:least|most)|not (?:over|above|below"
    r"|under|more|less)|staying?|keeping|kept|held|baseline|target|owner|see\b|source\b|e\.g\.)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"[~<>≤≥$€£]?\d[\d.,]*\s?(?:%|[a-z]{0,3}\b)", re.IGNORECASE)
_NUMBER = r"[~<>≤≥]?\s?[$€£]?\d[\d.,]*\s?(?:%|k\b|m\b|bn\b|percent\b|[€$£]|[a-z]+)?"
_MOVEMENT = re.compile(
    rf"(?:\b(?:up |down )?from\s+)?{_NUMBER}\s*(?:to|→|->|=>|-|–)\s*{_NUMBER}|\bto\s+{_NUMBER}"
    rf"|\bfrom\s+{_NUMBER}|:\s*{_NUMBER}$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\s*(?:of|among)\s+(?:all\s+|the\s+|our\s+|those\s+)*(?P<whole>[A-Za-z][\w' -]{2,60}?)"
    r"(?=\s*(?:$|[,;.(]|\s(?:by|in|until|before|within|from|at|on|for|with|without)\s))"
)
_OF_ALL = re.compile(
    r"[,(]\s*(?:out )?of (?:all|every)\s+(?P<whole>[A-Za-z][\w' -]{2,60}?)(?=\s*(?:$|[,;:.()\d]))"
)
_SEPARATED = re.compile(r"[,;(–—-]\s*$")
_LOOSE_END = frozenset(
    [
        "per",
        "with",
        "but",
        "and",
        "or",
        "the",
        "a",
        "an",
        "in",
        "of",
        "for",
        "to",
        "from",
        "at",
        "by",
        "on",
        "after",
        "than",
        "is",
        "are",
    ]
)
_AVERAGE = re.compile(r"\b(?:median|mean|average)\b", re.IGNORECASE)
_AVERAGES = {"median": "median", "mean": "mean", "average": "mean"}
_MONEY = frozenset("$€£¥₹")
_CODE = 3
_TIMES = frozenset(
    ["ms", "seconds", "minutes", "hours", "days", "working days", "weeks", "months", "years"]
)
_PLAINLY_A_COUNT = 200
_MEASURES = re.compile(
    r"\b(?:measures?|metrics?|kpis?|indicators?|definitions?|glossary|terms|what we count"
    r"|how we (?:count|measure))\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"^\W*(?P<name>[A-Za-z][\w'’&/ -]{2,60}?)(?:\s*\([A-Z]{2,6}\))?\s*(?::|–|—|=|\s-\s)\s*(?P<said>.+)$"
)
_SENTENCE = re.compile(
    r"^\W*(?:an?\s|the\s|our\s|we (?:count|measure|define)\s)?"
    r"(?P<name>[A-Za-z][\w'’&/ -]{2,60}?)\s+"
    r"(?:(?:is|are) (?:defined|counted|measured|calculated)(?: as| by| over| from| in)?"
    r"|means|counts|as(?= (?:the|all|orders|every)))\s+(?P<said>.+)$",
    re.IGNORECASE,
)
