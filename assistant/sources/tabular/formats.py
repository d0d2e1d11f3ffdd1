"""Shows a cell of a workbook as its reader sees it: 0.031 in the format 0.0% is ``3.1%``.

The usual number formats are understood: digits, thousands, percent, scaling commas, currency
and literal text, sections for signs. Dates are ISO whatever their format. What a format says
beyond that (fractions, conditions, colours) is left out; the number itself never is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"'
    r"|\\(?P<escaped>.)"
    r"|_.|\*."  # the width of a character, a filler
    r"|\[\$(?P<currency>[^\]\-]*)[^\]]*\]"
    r"|\[[^\]]*\]"  # colours, conditions
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)(?P<scale>,*)"
    r"|(?P<exponent>E[+-]0+)"
    r"|(?P<percent>%)"
    r"|(?P<general>General)"
    r"|(?P<literal>.)",
    re.DOTALL,
)
_MOST_DECIMALS = 15
_PLAIN_DIGITS = 11
_WHOLE = 10**15


def show(value: object, number_format: str) -> str:
    """The text that a spreadsheet shows for a value.

    Args:
        value: text, number, truth value, date, time or duration; None is an empty cell.
        number_format: the code of the format, such as ``#,##0.00`` or ``General``.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    return _SHOWN.get(type(value), str)(value) if value is not None else ""


def _moment(value: datetime) -> str:
    if value.time() == time():
        return value.date().isoformat()
    return value.strftime("%Y-%m-%d %H:%M:%S" if value.second else "%Y-%m-%d %H:%M")


def _time(value: time) -> str:
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


_SHOWN: dict[type, Callable[[Any], str]] = {
    datetime: _moment,
    date: date.isoformat,
    time: _time,
    timedelta: _duration,
}


def _number(value: float, number_format: str) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    section, signed = _section(number_format, value)
    tokens = list(_TOKEN.finditer(section))
    digits = [token for token in tokens if token["digits"]]
    # Dates are converted before; a format with no or several digit groups is beyond this file.
    if len(digits) != 1 or any(token["exponent"] for token in tokens) or "/" in section:
        return _general(value)
    percents = sum(1 for token in tokens if token["percent"])
    amount = Decimal(repr(value)) * 100**percents / 1000 ** len(_scale(digits[0]))
    try:
        figure = _digits(amount if signed else abs(amount), _pattern(digits[0]))
    except InvalidOperation:  # more digits than a decimal holds
        return _general(value)
    minus, figure = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
    shown = "".join(figure if token["digits"] else _words(token) for token in tokens)
    return minus + shown.strip()


def _section(number_format: str, value: float) -> tuple[str, bool]:
    """The part of the format for this sign, and whether the minus sign is still to be shown."""
    sections = re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])+|(?<=;)(?=;|$)', number_format)
    if value < 0 and len(sections) > 1 and sections[1]:
        return sections[1], False
    if value == 0 and len(sections) > 2 and sections[2]:  # noqa: PLR2004 - +;-;0
        return sections[2], True
    return (sections[0] if sections else "General"), True


def _pattern(token: re.Match[str]) -> str:
    return token["digits"].rstrip(",")


def _scale(token: re.Match[str]) -> str:
    """The commas behind the digits: each divides by a thousand."""
    digits: str = token["digits"]
    return digits[len(digits.rstrip(",")) :] + (token["scale"] or "")


def _digits(amount: Decimal, pattern: str) -> str:
    whole, _, decimals = pattern.partition(".")
    places = min(len(decimals), _MOST_DECIMALS)
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    for mark in reversed(decimals):
        if mark == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.removesuffix(".") if places else text
    text = text.removeprefix("-") if not rounded else text
    least = whole.replace(",", "").count("0")
    sign, unsigned = ("-", text[1:]) if text.startswith("-") else ("", text)
    missing = least - len(unsigned.partition(".")[0].replace(",", ""))
    return sign + "0" * missing + unsigned


def _general(value: float) -> str:
    if value == int(value) and abs(value) < _WHOLE:
        return str(int(value))
    try:
        return f"{float(value):.{_PLAIN_DIGITS}g}"
    except OverflowError:
        return f"{Decimal(value):.1e}"


def _words(token: re.Match[str]) -> str:
    for name in ("quoted", "escaped", "currency", "percent", "literal"):
        if token[name]:
            return str(token[name])
    return ""
