"""For whom or where a goal applies, by what means, and what it must not cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.language.clauses import leads, openings
from assistant.language.dates import due_phrases, periods
from assistant.language.lexicon import all_verbs, also_nouns, is_measure_head, nouns, phrases
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import numbers
from assistant.language.words import load
from assistant.models import Span

Range = tuple[int, int]

_STOPS = frozenset(
    "a an the of for in on at to by with from and or but per via than as is are was were be been "
    "will would can who which that this these those our your their its his her my we they it them "
    "us you i not no nor so if when while where how what why whose whether more less fewer most least all every each "
    "any some many both other another such own same between among amongst within across over under "
    "above below up down out into through during until before after about around without against "
    "number share percentage percent proportion rate average median total amount level half third "
    "quarter one two three four five six seven eight nine ten twelve dozen hundred thousand million "
    "least first-ever only also even just still yet currently today now feel have has had do does "
    "get gets give gives make makes let lets help helps let's increase reduce improve love loves".split()
)
_MOST_WORDS = 5
_QUALIFIED = Pattern(
    r"\s(?:(?:aged|over|under|older than|younger than|above|below) \d[\d–-]*(?: to \d+)?"
    r"(?! ?%)(?:\s(?:years?|months?))?"
    r"|with (?:(?:more|fewer|less) than |over |under |at least )?\d[\d.,]*\+?k? [a-z]+)\b"
)
_AREA_PREPOSITION = Pattern(
    r"\b(?:in|at|across|within|throughout|from|around|outside|for|of|near|to|among|into|on)\s+(?:the |our |all |every |each )*$"
)
_NAME = Pattern(r"[A-Z][\w.&'-]*(?: (?:of |the |and |& )?[A-Z0-9][\w.&'-]*){0,3}")
_NOT_PLACES = frozenset(
    "q1 q2 q3 q4 h1 h2 fy okr kr nps csat arr mrr i we slack jira salesforce sap excel january "
    "february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday easter christmas kubernetes aws azure gcp gdpr iso soc python java ai ml crm erp".split()
)
_IN_AREA = Pattern(r"\bin (?P<area>[a-z][\w-]+(?: (?:and|&) [a-z][\w-]+)?)")
_NO_AREA = frozenset(
    "full time place total average progress use production order general particular line terms "
    "addition advance check charge case fact person need work stock house hours days weeks months "
    "minutes seconds years quarters time each every all our the a an one two three four five six at "
    "those these such trust confidence on it which this that its their any both half good sales revenue line-up "
    "less more under over advance bulk cash force response return search short touch tune turn".split()
)
_TAKES_IN = frozenset(
    "trust confidence interest invest investment increase reduction drop decline growth improvement "
    "rise fall cut gain experience live lives involved result resulting end engaged people work "
    "place belief bring hand get succeed saving change".split()
)

_GUARD = Pattern(
    r"\b(?:without (?!discount|interruption|notice|delay\b)(?:\w+ing\b|any\b|a\b|an\b|more\b|extra\b"
    r"|additional\b|increas|new\b|harm|loss|loosing|further\b|higher\b|lower\b|hurting|the\b|\w+)"
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
    r"|at (?:constant|stable|unchanged|equal|the same|no (?:extra|additional|more(?! than)) |current|flat"
    r"|steady|comparable|undiminished)(?! least)[a-z ]*"
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
_USING = Pattern(r"(?:,\s*|\s)(?P<cue>using) \w")
_RELATIVE_BEFORE = Pattern(r"\b(?:who|that|which) (?:\w+ ){1,4}$")
_END = Pattern(
    r"\swe\s(?=[a-z])|[.;:!?](?=\s|$)|[,(\[]|\s[–—-]\s|=>|→|->|\bso that\b|\bresulting in\b|\bin order to\b"
)
_FROM_TO = Pattern(r"\bfrom\s+[$€£]?\s?\d[^.;]{0,40}?\bto\b")
_FROM_LEVEL = Pattern(r"\b(?:from|to|by)\s+(?:at least |under |below )?[$€£]?\s?\d")


def find_segments(text: str) -> Iterator[Span]:
    """Yield the words that say for whom or where: people, organisations, places, channels.

    A span holds the noun phrase alone, without preposition and article: ``enterprise
    customers``, ``DACH``, ``tier-1 suppliers``, ``Leeds depot``.
    """
    reading = read(text)
    for start, end in segment_ranges(text):
        yield reading.span(start, end)


def find_guard(text: str) -> Span | None:
    """The limit that the goal must respect: "without raising prices", "while keeping ..."."""
    found = guard_range(text)
    return read(text).span(*found) if found else None


def find_mechanism(text: str) -> Span | None:
    """The means: "by automating triage", "through partners", "via the app"."""
    found = mechanism_range(text)
    return read(text).span(*found) if found else None


@lru_cache(maxsize=512)
def guard_range(text: str) -> Range | None:
    """Where the guard stands in the plain text."""
    reading = read(text)
    starts = [match.start() for match in _GUARD.finditer(reading.low)]
    ends_of_numbers = [number.end for number in numbers(text)]
    for match in _LIMIT_GUARD.finditer(reading.low):
        if any(end <= match.start() for end in ends_of_numbers):
            starts.append(match.start())
    for start in sorted(starts):
        before = reading.low[:start]
        says_something = any(
            lead.at < len(reading.tokens) and reading.tokens[lead.at].start < start
            for lead in leads(text)
        ) or any(end <= start for end in ends_of_numbers)
        if before.strip(" *-") and says_something and not _RELATIVE_BEFORE.search(before[-48:]):
            return start, _clause_end(text, start, stop_at_mechanism=True)
    return None


@lru_cache(maxsize=512)
def guard_cues(text: str) -> tuple[Range, ...]:
    """Where words stand that could open a guard."""
    return tuple(match.span() for match in _GUARD.finditer(read(text).low))


@lru_cache(maxsize=512)
def mechanism_range(text: str) -> Range | None:
    """Where the mechanism stands in the plain text."""
    reading = read(text)
    starts = [match.start() for match in _MECHANISM.finditer(reading.low)]
    starts += [m.start("cue") for m in _USING.finditer(reading.low) if _is_means(reading, m)]
    for start in sorted(starts):
        if any(due.start <= start < due.end for due in due_phrases(text)):
            continue
        return start, _clause_end(text, start, stop_at_mechanism=False)
    return None


@lru_cache(maxsize=512)
def side_ranges(text: str) -> tuple[Range, ...]:
    """Guard and mechanism, which say nothing about the goal's own direction."""
    return tuple(found for found in (guard_range(text), mechanism_range(text)) if found)


def _is_means(reading: Reading, match: re.Match[str]) -> bool:
    """Whether "using" says how, not who: "customers using the app" are a segment."""
    if match.group().startswith(","):
        return True
    before = next((t for t in reversed(reading.tokens) if t.end <= match.start("cue") - 1), None)
    if not before:
        return False
    word = (before,)
    return not nouns("segments", "people").at(word, 0) and not re.search(
        r"(?:%|share|number|percentage|proportion) of\b", reading.low[: match.start()]
    )


def _clause_end(text: str, start: int, stop_at_mechanism: bool) -> int:
    reading = read(text)
    ends = [due.start for due in due_phrases(text) if due.start > start]
    # A number's own comma or colon is no end, so look behind the cue word only.
    if match := _END.search(reading.low, start + 3):
        ends.append(match.start())
    other = None
    if stop_at_mechanism:
        other = next((m.start() for m in _MECHANISM.finditer(reading.low, start + 8)), None)
        if level := _FROM_TO.search(reading.low, start + 8):
            ends.append(level.start())
    else:
        other = next((m.start() for m in _GUARD.finditer(reading.low, start + 3)), None)
        if level := _FROM_LEVEL.search(reading.low, start + 3):
            ends.append(level.start())
    if other:
        ends.append(other)
    end = min([*ends, len(reading.low)])
    return len(reading.low[:end].rstrip(" ,"))


@lru_cache(maxsize=512)
def segment_ranges(text: str) -> tuple[Range, ...]:
    """Where segments stand in the plain text, in order and without overlap."""
    reading = read(text)
    found = sorted(
        {
            *_people(text, reading),
            *_places(text, reading),
            *_names(text, reading),
            *_ages(reading),
        },
        key=lambda item: (item[0], -item[1]),
    )
    guard = guard_range(text)
    kept: list[Range] = []
    for start, end in found:
        if guard and guard[0] <= start < guard[1]:
            continue
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        elif end > start:
            kept.append((start, end))
    return tuple(kept)


def _people(text: str, reading: Reading) -> Iterator[Range]:
    tokens, opened = reading.tokens, set(openings(text))
    for index in range(len(tokens)):
        head = nouns("segments", "people").at(tokens, index) or _by_ending(tokens[index].low)
        if not head:
            continue
        last = index + head[0] - 1
        if not _is_head(
            reading, index, last, plural=head[1] == "many" or tokens[last].low in _COLLECTIVE
        ):
            continue
        first = _first_of_phrase(reading, index, opened)
        end = tokens[last].end
        if qualified := _QUALIFIED.match(reading.low, end):
            end = qualified.end()
        yield tokens[first].start, end


# Plurals that end like people and are none.
_THINGS = frozenset(
    "adapters amplifiers answers assists backlists banners barriers batters best-sellers "
    "bestsellers blacklists blenders blockers boilers boosters borders buffers burgers burners "
    "butters careers centers centres chapters characters chargers chasers checklists "
    "classifiers clippers closers clusters coffees committees computers connectors considers "
    "consists containers converters cookers coolers copiers corners counters covers crackers "
    "crossovers cylinders dangers degrees delivers differs dinners disasters disclaimers "
    "dispensers dollars drawers dryers enablers enters errors exists fasteners feeders fees "
    "fertilisers fertilizers fevers fibers figures fillers filters fingers flowers flyers "
    "folders freezers frontiers gathers guarantees hammers handovers hangers headers heaters "
    "hoists hours hovers identifiers indicators insists inverters jumpers kickers knees ladders "
    "lasers launchers layers ledgers letters levees levers lifters lighters liners lists liters "
    "litres loaders loafers lockers loggers lowers mailers makeovers markers masters matters "
    "mergers meters mixers modifiers monitors multipliers newsletters numbers offers openers "
    "orders others outliers pallets pampers papers parameters persists piers planners playlists "
    "plungers pointers ponders pop-overs posters powers prayers printers processors pullovers "
    "pumpers pushers qualifiers quarters razors receivers reducers reefers refers registers "
    "remainders reminders renders repeaters resists rivers rollers rollovers rosters routers "
    "rubbers rudders rulers samplers scalers scanners scooters scrapers screeners sealers "
    "sensors servers shavers shelters shortlists shoulders showers shutters skewers sliders "
    "slippers solvers sorters spanners spreaders sprinklers stackers staplers starters steamers "
    "stickers stopovers stoppers strainers streamers suffers summers surrenders sweepers "
    "takeovers tankers tapers teasers tempers tenders theaters theatres thrillers tickers tiers "
    "tigers tillers timbers timers toners towers trackers tractors trailers transfers "
    "transformers transponders trawlers trees triggers tubers tumblers turnovers twists uppers "
    "verifiers vouchers wafers wagers waitlists wallpapers washers waters weathers whitelists "
    "winters wipers wishlists wonders wrappers zippers".split()
)
_LIKE_PEOPLE = Pattern(r"[a-z][a-z-]{2,}(?:ers|ists|ians|ees|ants)")
_ANTS = frozenset(
    "applicants tenants merchants participants inhabitants claimants consultants accountants "
    "assistants attendants servants informants migrants occupants registrants".split()
)


def _by_ending(word: str) -> tuple[int, str] | None:
    """A plural that ends like people do: "third-graders", "cyclists", "dieticians", "trainees"."""
    if not _LIKE_PEOPLE.fullmatch(word) or word in _THINGS:
        return None
    if word.endswith("ants") and word not in _ANTS:
        return None
    return 1, "many"


_COLLECTIVE = {"staff", "youth", "community", "crew", "smb", "sme", "enterprise"}
_EACH = {"every", "each", "any"}


def before_word(reading: Reading, position: int) -> str:
    """The word that ends just before a position."""
    return next((t.low for t in reversed(reading.tokens) if t.end <= position), "")


_RATES = frozenset(
    "rate rates ratio share score error errors dropout yield waste scrap time times quality".split()
)


def _is_head(reading: Reading, index: int, last: int, plural: bool) -> bool:
    """Whether a noun names a group, and is not part of another name ("customer churn")."""
    tokens = reading.tokens
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    if following and reading.low[tokens[last].end : following.start] == " ":
        if nouns("segments", "people").at(tokens, last + 1) or nouns("segments", "places").at(
            tokens, last + 1
        ):
            return False
        if is_measure_head(following.low) and not plural:
            return False
    if plural:
        is_adjacent = following and reading.low[tokens[last].end : following.start] == " "
        is_described = (
            is_adjacent
            and following
            and following.low not in _STOPS
            and not following.low.endswith("ed")
        )
        return not (is_described and tokens[last].low in _COLLECTIVE)
    before = index - 1
    while before >= 0 and before > index - 4 and tokens[before].low not in _STOPS:
        before -= 1
    return (
        before >= 0
        and tokens[before].low in _EACH
        and not (
            following
            and following.low not in _STOPS
            and reading.low[tokens[last].end : following.start] == " "
            and not all_verbs().at(tokens, last + 1)
        )
    )


def _first_of_phrase(reading: Reading, index: int, opened: set[int]) -> int:
    tokens, first = reading.tokens, index
    while first > 0 and index - first < _MOST_WORDS - 1:
        before = tokens[first - 1]
        gap = reading.low[before.end : tokens[first].start]
        if gap.strip(" *_'\"") or before.low in _STOPS or before.low[0].isdigit():
            break
        if not _may_describe(reading, first - 1, opened):
            break
        first -= 1
    return first


def _may_describe(reading: Reading, index: int, opened: set[int]) -> bool:
    tokens = reading.tokens
    word = tokens[index].low
    if word in load("segments")["describing"]:
        return True
    verb = all_verbs().at(tokens, index)
    if verb and verb.form == "base" and index not in opened:
        previous = tokens[index - 1].low
        return word in also_nouns() or previous in _BEFORE_A_GROUP
    if verb and (index in opened or verb.form in {"gerund", "third"}):
        return False
    return not is_measure_head(word) or word == "risk"


_BEFORE_A_GROUP = frozenset(
    "for of among from the our all every each with by in to at across".split()
) - {"to"}


_AGES = Pattern(r"\b(?:under|over)-\d{1,2}s\b|\b\d{1,2} ?(?:-|–|to) ?\d{1,2}[ -]year[ -]olds\b")


def _ages(reading: Reading) -> Iterator[Range]:
    return (match.span() for match in _AGES.finditer(reading.low))


def _places(text: str, reading: Reading) -> Iterator[Range]:
    tokens, opened = reading.tokens, set(openings(text))
    for index, token in enumerate(tokens):
        if region := phrases("segments", "regions").at(tokens, index):
            if token.text[0].isupper() and (len(token.low) > 2 or token.text.isupper()):
                yield token.start, tokens[index + region[0] - 1].end
            continue
        if channel := phrases("segments", "channels").at(tokens, index):
            before = reading.low[max(0, token.start - 8) : token.start]
            if re.search(
                r"\b(?:on|in|via|over|for|by|at|during)\s(?:the |our )?$", before
            ) and _ends_phrase(reading, index + channel[0] - 1):
                yield token.start, tokens[index + channel[0] - 1].end
            continue
        place = nouns("segments", "places").at(tokens, index)
        if not place:
            continue
        first = _first_of_phrase(reading, index, opened)
        last = index + place[0] - 1
        before = reading.low[max(0, tokens[first].start - 28) : tokens[first].start]
        end = tokens[last].end
        each = index > 0 and tokens[first - 1].low in {"every", "each"} and first > 0
        numbered = re.compile(r" (?:\d{1,3}|[A-Z])\b(?![.,]\d| ?%)").match(reading.plain, end)
        if numbered and place[1] == "one":
            yield tokens[first].start, numbered.end()
        elif (
            each
            or (place[1] == "many" and not reading.low.startswith(" per ", end))
            or _AREA_PREPOSITION.search(before)
        ) and _ends_phrase(reading, last):
            yield tokens[first].start, end


def _ends_phrase(reading: Reading, last: int) -> bool:
    """Whether no further noun follows, so that the word found is the head of its phrase."""
    tokens = reading.tokens
    if last + 1 >= len(tokens):
        return True
    following = tokens[last + 1]
    gap = reading.low[tokens[last].end : following.start]
    if gap.strip():
        return True
    return (
        following.low in _STOPS
        or following.low[0].isdigit()
        or bool(all_verbs().at(tokens, last + 1))
    )


def _names(text: str, reading: Reading) -> Iterator[Range]:
    """Proper names and lines of business behind "in": "in Poland", "in footwear"."""
    taken = [(period.start, period.end) for period in periods(text)]
    for match in _NAME.finditer(reading.plain):
        before = reading.low[max(0, match.start() - 20) : match.start()]
        if not re.search(
            r"\b(?:in|at|across|within|throughout|around|outside|near)\s(?:the |our )?$", before
        ):
            continue
        first = (
            reading.tokens[reading.starts[match.start()]].low
            if match.start() in reading.starts
            else ""
        )
        last = next((i for i, t in enumerate(reading.tokens) if t.end >= match.end()), None)
        if last is None or not _ends_phrase(reading, last):
            continue
        if first in _NOT_PLACES or any(s <= match.start() < e for s, e in taken):
            continue
        yield match.start(), match.end()
    for match in _IN_AREA.finditer(reading.low):
        start = match.start("area")
        word = match.group("area").split()[0]
        if (
            any(s <= start < e for s, e in taken)
            or word in _NO_AREA
            or word.endswith("ing")
            and before_word(reading, match.start()) not in _RATES
        ):
            continue
        before = next((t for t in reversed(reading.tokens) if t.end < match.start() + 1), None)
        if not before or before.low in _TAKES_IN or not is_measure_head(before.low):
            continue
        yield start, match.end("area")
