"""Marks the digits that name something rather than count it: dates, standards, tiers, ids."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.dates import due_phrases, periods
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read

_NAMED = Pattern(
    r"\b(?:tier|phase|stage|step|wave|batch|cohort|series|type|class|category|grade|section|part"
    r"|article|annex|chapter|clause|scope|(?<!last )(?<!this )(?<!next )(?<!per )(?<!a )(?:week|day|month|year)|version|release|sprint|line|plant"
    r"|site|ward|room|building|terminal|gate|zone|route|unit|team|group|option|objective|okr|kr"
    r"|key result|goal|sdg|form|priority|prio|severity|sev|level|lvl|layer|district|floor|hall"
    r"|model|iteration|round|epic|story|ticket|issue|page|slide|no\.|nr\.|number|track|pillar"
    r"|theme|initiative|project|milestone|depot|store|branch|shift|bay|court|platform|area"
    r"|workstation|machine|cell|furnace|kiln|boiler|turbine|pump|berth|runway|dock|aisle|lab|studio"
    r"|theatre|clinic|precinct|sector|block|tower|wing|rig|reactor|hub|node"
    r"|cluster|server|rack|hangar|bus|tram)"
    r"[ -](?:\d{1,3}[a-z]?(?:/\d+)?(?![\w%]|[,.]\d| ?%|\s*(?:→|->|=>))|[ivx]+\b|[a-d]\b)"
    r"|\b(?:version|release|phase|section|clause|model|form|no\.|v) ?\d+(?:\.\d+)+"
    r"|\b(?:updat|upgrad|migrat)\w+ (?:\w+ ){0,4}?to (?:version )?\d+\.\d+\b(?! ?%)"
    r"|\b(?:the|in|since|of|from) 1[89]\d\d\b(?! ?[%€$£]| to\b)"
)
_LEVEL_REACHED = Pattern(
    r"(?:\b(?:maturity|culture|from|to|reach|at|trl|cmmi|readiness|language)\s+|(?:→|->|=>)\s*)$"
)
_GRADED_NAMES = ("level", "grade", "stage", "tier", "day", "week", "month")
_STANDARD = Pattern(
    r"\b(?:iso|iec|iso/iec|en|din|soc|ifrs|ias|gaap|basel|pci(?: dss)?|hipaa|nist|rfc|mifid|psd"
    r"|wcag|tls|ssl|http|html|css|python|java|node|php|angular|windows|ios|android|macos|dynamics"
    r"|sap|s/4hana|industry|web|haccp|brc|iatf|mdr|gdpr|astm|sdg|cfr|cobit|itil|leed|cmmi|dora)"
    r"[ /-]{1,2}(?:type |level |class |part |version |v)?\d[\d.:-]*(?:[ -]?type [i]+)?\b(?! ?%)"
)
_CODE = Pattern(
    r"https?://\S{1,2000}|www\.\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}|@\w[\w.-]{0,63}"
    r"|#\d+\b|\b(?!sub-)[a-z]{2,10}-\d{2,6}\b(?!%)"
    r"|\b24/7(?:/365)?|\b24x7\b|\b9/11\b|\b50/50\b|\b80/20\b|\b1-(?:2-1|on-1|to-1)\b|\b1:1s?\b"
    r"|\b9-to-5\b|(?<!→ )(?<!> )(?<!from )(?<!to )\b\d{1,2}:\d\d\b(?!\s*(?:→|->|to\b|min|h\b))|\b\d{1,2} ?(?:am|pm)\b|\b\d{1,2}(?:st|nd|rd|th)\b"
    r"|\b(?:19|20)\d0s\b|\b[2-5]g\b|\b[23]d (?=print|model|scan|visual|design|render|view)"
    r"|\b[48]k (?=video|screen|stream)|\b[23]fa\b|\b[2-4]pl\b"
    r"|\[[^\[\]]{0,40}\?\s*\]|\(\d{1,3} ?% (?:done|complete|confiden\w+|conf\.?)\)"
    r"|(?<=\s)[–-] [a-z]+ \(\d{1,3} ?%\)\s*$"
    r"|\baged? \d{1,2}(?: ?(?:-|–|to|and) ?\d{1,2})?"
    r"|\b\d{1,2}(?: ?(?:-|–|to) ?\d{1,2})?[ -]year[ -]olds?"
    r"|\b(?:under|over)[ -]\d{1,2}s\b|\bv\.? ?\d+(?:\.\d+)+"
)
_RELEASE = Pattern(r"\b[A-Z]\w{0,40} [1-9]\.0(?![\d%])(?=\s*(?:$|[.,;:)(]|in\b|live\b))")


@lru_cache(maxsize=4096)
def named_digits(text: str) -> bytes:
    """One byte for each character of the plain text, 1 where it belongs to a name or a date."""
    reading = read(text)
    marks = bytearray(len(reading.low))
    for start, end in _names(reading):
        marks[start:end] = b"\x01" * (end - start)
    for period in periods(text):
        if period.kind != "duration":
            marks[period.start : period.end] = b"\x01" * (period.end - period.start)
    for due in due_phrases(text):
        marks[due.start : due.end] = b"\x01" * (due.end - due.start)
    return bytes(marks)


def _names(reading: Reading) -> list[tuple[int, int]]:
    found = [match.span() for match in _CODE.finditer(reading.low)]
    found += [match.span() for match in _STANDARD.finditer(reading.low)]
    found += [match.span() for match in _RELEASE.finditer(reading.plain)]
    for match in _NAMED.finditer(reading.low):
        before = reading.low[max(0, match.start() - 16) : match.start()]
        graded = match.group().startswith(_GRADED_NAMES) and _LEVEL_REACHED.search(before)
        if not graded:
            found.append(match.span())
    return found
