"""Units and currencies: what people write beside a number, and the name we give it."""

from __future__ import annotations

import re
from functools import cache

from assistant.language.patterns import Pattern
from assistant.language.words import load

CURRENCIES = (
    {
        "us$": "$",
        "$": "$",
        "usd": "$",
        "€": "€",
        "eur": "€",
        "£": "£",
        "gbp": "£",
        "¥": "¥",
    }
    | {"jpy": "¥", "₹": "₹", "inr": "₹", "rs": "₹", "rs.": "₹"}
    | {code.lower(): code for code in ("CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "AUD", "CAD")}
    | {code.lower(): code for code in ("SGD", "ZAR", "KES", "AED")}
)
"""From a sign or code in lower case to the unit that a Quantity carries."""

_CODES = "|".join(code for code in CURRENCIES if code.isalpha())
CURRENCY_BEFORE = Pattern(rf"(?:us\$|[$€£¥₹]|\b(?:rs\.|{_CODES}))\s?$")
CURRENCY_AFTER = Pattern(rf"\s?(?:[$€£¥₹]|(?:{_CODES})\b)")


@cache
def units() -> dict[str, str]:
    """From every spelling of a unit to its name."""
    return {spelling: unit for unit, spellings in load("units").items() for spelling in spellings}


@cache
def unit_pattern() -> re.Pattern[str]:
    """Matches a unit right behind a number, the blank between them included."""
    spellings = sorted((s for s in units() if not s.startswith("-")), key=len, reverse=True)
    return re.compile(rf"\s?(?:{'|'.join(map(re.escape, spellings))})(?!\w)(?!-[a-z])")
