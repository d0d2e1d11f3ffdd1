"""What a short value in a cell or a field means: a status, a score, a date, a list of names.

Each ``read_`` function takes a cell, or None where the source has none, yields a problem when
the words mean nothing to it, and returns what they mean.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Generator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from assistant.models import Location, ObjectiveKind, Phase, Problem, Severity, Status, fold
from assistant.sources.markers import is_key

T = TypeVar("T")
Reading = Generator[Problem, None, T]
"""Yields what could not be read and returns what could."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of one field, with the name that the source gives it and its place."""

    name: str
    text: str
    location: Location


_OPEN = """
open, new, draft, proposed, planned, pending, active, ongoing, started, in progress, in-progress,
in_progress, not started, not_started, to do, todo, on track, on_track, on-track, off track,
off_track, at risk, at_risk, at-risk, behind, delayed, blocked, on hold, paused, needs attention,
missed, not met, not achieved, failed, green, amber, yellow, red, offen, in arbeit"""
_DONE = """
done, complete, completed, achieved, met, reached, finished, closed, delivered, success,
successful, erledigt, fertig, abgeschlossen"""
_DROPPED = """
dropped, cancelled, canceled, abandoned, discarded, deprecated, postponed, deferred, removed,
archived, withdrawn, stopped, verworfen, abgebrochen"""

_MEASURED = re.compile(
    r"(?:(?:at least|at most|less than|more than|up to|under|over|below|above|by)\s+)?"
    r"[<>≤≥=~≈±+−-]{0,2}\s*(?:[€$£¥]|[A-Z]{3}\s)?\s*\d\S*(?:\s+\S+){0,2}",
    re.IGNORECASE,
)


def _meaning(words: str, status: Status) -> dict[str, Status]:
    return {word.strip(): status for word in words.split(",")}


STATUSES = _meaning(_OPEN, "open") | _meaning(_DONE, "done") | _meaning(_DROPPED, "dropped")

KINDS: dict[str, ObjectiveKind] = {
    "committed": "committed",
    "commit": "committed",
    "commitment": "committed",
    "operational": "committed",
    "roofshot": "committed",
    "aspirational": "aspirational",
    "aspiration": "aspirational",
    "stretch": "aspirational",
    "moonshot": "aspirational",
    "ambitious": "aspirational",
    "learning": "learning",
    "learn": "learning",
}

PHASES: dict[str, Phase] = {
    "discovery": "discovery",
    "discover": "discovery",
    "exploration": "discovery",
    "research": "discovery",
    "pilot": "pilot",
    "trial": "pilot",
    "beta": "pilot",
    "experiment": "pilot",
}

BLANKS = frozenset({"", "-", "–", "—", "n/a", "na", "none", "null", "nil", "#n/a"})
"""What people type into a cell that they leave empty."""

MAGNITUDES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
}

_NUMBER = re.compile(r"[+\-−]?[0-9][0-9.,'’\u00a0\u202f ]*|[+\-−]?\.[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DOTTED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_OUT_OF = re.compile(r"([0-9.,]+)\s*(?:/|of|out of)\s*([0-9.,]+)", re.IGNORECASE)
_DATE_FORMS = ("%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_FIGURE = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)*")
_WORDS_SHOWN = 60


def plain(text: str) -> str:
    """The text without control characters, its line breaks as ``\\n``, trimmed."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_blank(text: str) -> bool:
    """Whether a cell is empty in the eyes of the person who filled it."""
    return fold(text) in BLANKS


def has_words(text: str) -> bool:
    """Whether there is any letter in the text; a bare number is no goal."""
    return any(letter.isalpha() for letter in text)


def is_figure(text: str) -> bool:
    """Whether a cell holds a value that is measured rather than words: ``30 %``, ``< 5 days``."""
    return _MEASURED.fullmatch(text.strip()) is not None


def shown(text: str) -> str:
    """The text on one line, short enough for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _WORDS_SHOWN else line[: _WORDS_SHOWN - 1] + "…"


def remark(cell: Cell, what: str, severity: Severity = "warning") -> Problem:
    """A problem about one cell: ``The NAME 'TEXT' WHAT``."""
    return Problem(
        message=f"The {cell.name} {shown(cell.text)!r} {what}",
        location=cell.location,
        severity=severity,
    )


def read_number(text: str) -> float | None:
    """The number that a text consists of, or None.

    Reads ``1,200``, ``1 200``, ``1.200.000``, ``0,7`` and ``−3``. A single comma before exactly
    three digits separates thousands.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    digits = re.sub(r"['’\u00a0\u202f ]", "", text).replace("−", "-")
    unsigned = digits.lstrip("+-")
    if "," in digits and "." in digits:
        thousands = "," if digits.rindex(",") < digits.rindex(".") else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif _THOUSANDS.fullmatch(unsigned):
        digits = digits.replace(",", "")
    elif _DOTTED_THOUSANDS.fullmatch(unsigned):
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def read_status(cell: Cell | None) -> Reading[Status | None]:
    """Open, done or dropped; None where nothing or nothing known is said."""
    if cell is None or is_blank(cell.text):
        return None
    status = STATUSES.get(fold(cell.text))
    if status is None:
        yield remark(cell, "is not a status known here; write open, done or dropped.")
    return status


def is_percent_scale(texts: list[str]) -> bool:
    """Whether the bare numbers of one column run from 0 to 100 rather than from 0 to 1."""
    numbers = (read_number(text) for text in texts)
    return any(number is not None and number > 1 for number in numbers)


def read_score(cell: Cell | None, percent: bool = False) -> Reading[float | None]:
    """A score from 0 to 1.

    Args:
        cell: ``0.7``, ``70``, ``70 %``, ``7/10``.
        percent: whether a bare number up to 1 is meant as a percentage too.
    """
    if cell is None or is_blank(cell.text):
        return None
    value = _score(cell.text, percent)
    if value is None or value < 0:
        yield remark(cell, "is not a score; write 0 to 1, or 0 to 100 %.")
        return None
    if value > 1:
        yield remark(cell, "is above 100 %; it was read as 1.", "info")
    return min(value, 1.0)


def _score(text: str, percent: bool) -> float | None:
    ratio = _OUT_OF.fullmatch(text.strip())
    if ratio:
        part, whole = (read_number(group) for group in ratio.groups())
        return part / whole if part is not None and whole else None
    bare = text.strip().removesuffix("%")
    number = read_number(bare)
    if number is None:
        return None
    in_percent = percent or bare != text.strip() or number > 1
    return number / 100 if in_percent else number


def read_kind(cell: Cell | None) -> Reading[ObjectiveKind | None]:
    """Committed, aspirational or learning."""
    return (yield from _one_of(cell, KINDS, "committed, aspirational or learning"))


def read_phase(cell: Cell | None) -> Reading[Phase | None]:
    """Discovery or pilot."""
    return (yield from _one_of(cell, PHASES, "discovery or pilot"))


def _one_of(cell: Cell | None, words: dict[str, T], known: str) -> Reading[T | None]:
    if cell is None or is_blank(cell.text):
        return None
    value = words.get(fold(cell.text))
    if value is None:
        yield remark(cell, f"is not known here and was left out; write {known}.")
    return value


def read_text(cell: Cell | None) -> str | None:
    """The trimmed words, or None for a blank."""
    return None if cell is None or is_blank(cell.text) else cell.text.strip()


def read_names(cell: Cell | None) -> tuple[str, ...]:
    """Short names separated by commas, semicolons, bars or lines."""
    return _split(cell, r"[,;|\n]")


def read_statements(cell: Cell | None) -> tuple[str, ...]:
    """Texts that may hold commas, separated by semicolons, bars or lines."""
    return _split(cell, r"[;|\n]")


def read_references(
    cell: Cell | None, keys: Container[str], whole: bool = False
) -> tuple[str, ...]:
    """What a text refers to: keys separated by commas, or texts, which may hold commas.

    Args:
        cell: ``O1, O2``; ``Grow; Save``; ``Grow, and be kind``.
        keys: what else is known to be a key.
        whole: whether a text that is no list of keys is one reference.
    """
    names = read_names(cell)
    if all(name in keys or is_key(name) for name in names):
        return names
    if not whole:
        return read_statements(cell)
    text = read_text(cell)
    return (text,) if text else ()


def _split(cell: Cell | None, separators: str) -> tuple[str, ...]:
    if cell is None:
        return ()
    parts = (part.strip() for part in re.split(separators, cell.text))
    return tuple(part for part in parts if not is_blank(part))


def read_date(cell: Cell | None) -> Reading[date | None]:
    """A day: ISO, ``1.7.2026``, ``1 July 2026``; not ``01/07/2026``, which is two days."""
    if cell is None or is_blank(cell.text):
        return None
    day = _date(cell.text.strip())
    if day is None:
        yield remark(cell, "is not a date that can be read; write it as 2026-07-31.")
    return day


def _date(text: str) -> date | None:
    attempts: list[Callable[[], date]] = [lambda: datetime.fromisoformat(text).date()]
    for form in _DATE_FORMS:
        attempts.append(lambda form=form: datetime.strptime(text, form).date())  # type: ignore[misc]
    for attempt in attempts:
        try:
            return attempt()
        except ValueError:
            continue
    return None


def read_count(cell: Cell | None) -> Reading[int | None]:
    """A whole number of people."""
    if cell is None or is_blank(cell.text):
        return None
    value = read_number(cell.text)
    if value is None or value < 0 or value != int(value):
        yield remark(cell, "is not a number of people; write a whole number such as 12.")
        return None
    return int(value)


def read_amount(cell: Cell | None) -> Reading[float | None]:
    """An amount of money; the currency is left out: ``€ 1.2M`` is 1200000."""
    if cell is None or is_blank(cell.text):
        return None
    value = _amount(cell.text)
    if value is None or value < 0:
        yield remark(cell, "is not an amount; write a number such as 1200000 or 1.2M.")
        return None
    return value


def _amount(text: str) -> float | None:
    match = re.fullmatch(
        r"\s*(?:[A-Za-z]{3}\b|[$€£¥])?\s*(?P<number>[^A-Za-z$€£¥]+?)\s*"
        r"(?P<magnitude>[A-Za-z]+?)??\s*(?:[A-Z]{3}|[$€£¥])?\s*",
        text,
    )
    if not match:
        return None
    number = read_number(match["number"])
    factor = MAGNITUDES.get((match["magnitude"] or "").casefold())
    if number is None or (match["magnitude"] and factor is None):
        return None
    return number * (factor or 1.0)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The parts of a measure that a source keeps beside the text of a key result."""

    metric: Cell | None = None
    baseline: Cell | None = None
    target: Cell | None = None
    unit: Cell | None = None


def compose(text: str | None, sizes: Sizes) -> tuple[str | None, tuple[str, ...]]:
    """Put a measure that is kept apart into the words that a reviewer sees.

    Only what the text lacks is added, and every figure stays as written: the text ``Churn``
    with 4.1, 3 and % beside it becomes ``Churn, from 4.1 % to 3 %``. The scale of a progress
    bar, 0 % to 100 % with no metric, says nothing about the result and becomes a note.

    Args:
        text: the text of the key result, if there is one; the metric stands in for it.
        sizes: the parts that stand in fields of their own.

    Returns:
        The text, None where there is none, and notes.
    """
    metric, unit = read_text(sizes.metric), read_text(sizes.unit)
    baseline = _with_unit(read_text(sizes.baseline), unit)
    target = _with_unit(read_text(sizes.target), unit)
    if metric is None and baseline in (None, "0 %", "0%") and target in ("100 %", "100%"):
        return text, (f"Progress from {baseline} to {target}",) if baseline else ()
    words = _with_metric(text, metric)
    if words is None:
        return None, ()
    lacks_start = baseline is not None and not _numbers(baseline) <= _numbers(words)
    lacks_end = target is not None and not _holds(words, target)
    start = f" from {baseline}" if lacks_start else ""
    end = f" to {target}" if lacks_end else ""
    return (f"{words.rstrip(' .,;')},{start}{end}" if start or end else words), ()


def _with_unit(value: str | None, unit: str | None) -> str | None:
    if value is None or unit is None or read_number(value) is None:
        return value
    return f"{unit}{value}" if unit in "$€£¥" else f"{value} {unit}"


def _with_metric(text: str | None, metric: str | None) -> str | None:
    if text is None or metric is None:
        return text or metric
    return text if fold(metric) in fold(text) else f"{text.rstrip(' .:;')}: {metric}"


def _holds(text: str, value: str) -> bool:
    """Whether the text says this figure, with its unit if it has one: ``3 %``, not ``3 months``."""
    number = _FIGURE.search(value)
    if number is None:
        return fold(value) in fold(text)
    unit = value[number.end() :].strip()
    figures = (match for match in _FIGURE.finditer(text) if match[0] == number[0])
    return any(_is_followed(text[match.end() :], unit) for match in figures)


def _is_followed(rest: str, unit: str) -> bool:
    return rest.lstrip().startswith(unit) if unit else not rest[:1].isalnum()


def _numbers(text: str) -> set[str]:
    return set(_FIGURE.findall(text))


def renamed(cell: Cell | None, name: str) -> Cell | None:
    """The same cell under the name that messages shall use."""
    return cell and replace(cell, name=name)
