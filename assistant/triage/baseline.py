"""The baseline file: findings that are known already, so that only new ones count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.models import (
    Finding,
    FindingSource,
    Location,
    Noun,
    Problem,
    Review,
    Scan,
    shortened,
)

Outcome = TypeVar("Outcome", Review, Scan)

_SCHEMA = 1


class Entry(Noun):
    """A known finding. All but the fingerprint is there for people.

    Attributes:
        file: where it was found; empty where that is unknown.
        element: the words that it is about.
        source: a language model may miss what it found before, so its entries are never stale.
    """

    rule: str
    file: str
    element: str
    message: str
    source: FindingSource = "rule"
    fingerprint: str


class _File(Noun):
    """What the file holds."""

    schema_version: int
    findings: tuple[Entry, ...]


def read_baseline(path: Path) -> tuple[Entry, ...]:
    """The entries of a baseline file.

    Raises:
        InputError: it cannot be read or is no baseline.
    """
    try:
        content = _File.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"The baseline '{path}' cannot be read: {error.strerror}. --write-baseline makes one."
        ) from None
    except (ValidationError, ValueError) as error:
        raise InputError(
            f"The baseline '{path}' cannot be used: {_reason(error)}. "
            "Write it anew with --write-baseline."
        ) from None
    if content.schema_version != _SCHEMA:
        raise InputError(
            f"The baseline '{path}' was written by another version of okr. "
            "Write it anew with --write-baseline."
        )
    return content.findings


def write_baseline(path: Path, outcome: Review | Scan, *, everything: bool = False) -> int:
    """Put all findings that an outcome shows into a baseline file.

    Args:
        path: the file; what it says about files that were not looked at now stays in it.
        outcome: what was found.
        everything: whether no file was left out.

    Returns:
        How many findings of the outcome are in it.

    Raises:
        InputError: the file is there and is no baseline, or cannot be written.
    """
    before = read_baseline(path) if path.exists() else ()
    looked = _files(outcome)
    own = {item.fingerprint: _entry(item) for item in outcome.findings}
    kept = [item for item in before if not everything and item.file not in looked]
    entries = {**{item.fingerprint: item for item in kept}, **own}
    ordered = sorted(entries.values(), key=lambda e: (e.file, e.rule, e.element, e.fingerprint))
    content = _File(schema_version=_SCHEMA, findings=tuple(ordered)).model_dump()
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The baseline '{path}' cannot be written: {error.strerror}. Choose another file."
        ) from None
    return len(own)


def compare(
    outcome: Outcome, entries: Iterable[Entry], path: Path, *, everything: bool = False
) -> Outcome:
    """The outcome with the findings of a baseline marked as known.

    Args:
        outcome: what was found.
        entries: what is known.
        path: names the baseline where an entry is stale.
        everything: whether no file was left out, so that an entry of any file can be stale.

    Returns:
        The outcome, with a note for each entry that nothing was found for any more.
    """
    entries = tuple(entries)
    problems = (*outcome.problems, *_stale(outcome, entries, path, everything=everything))
    known = {item.fingerprint for item in entries}
    return _marked(outcome, known).model_copy(update={"problems": problems})


def _stale(
    outcome: Review | Scan, entries: Iterable[Entry], path: Path, *, everything: bool
) -> Iterator[Problem]:
    suppressed = (item.finding for item in outcome.suppressed)
    found = {item.fingerprint for item in (*outcome.findings, *suppressed)}
    looked = _files(outcome)
    for entry in entries:
        if entry.fingerprint in found or entry.source == "llm":
            continue
        if everything or entry.file in looked:
            yield _gone(entry, path)


def _marked(outcome: Outcome, known: set[str]) -> Outcome:
    if isinstance(outcome, Scan):
        return outcome.model_copy(update={"findings": tuple(_mark(outcome.findings, known))})
    reviews = (
        item.model_copy(update={"findings": tuple(_mark(item.findings, known))})
        for item in outcome.reviews
    )
    return outcome.model_copy(update={"reviews": tuple(reviews)})


def _mark(findings: Iterable[Finding], known: set[str]) -> Iterator[Finding]:
    for finding in findings:
        is_known = finding.fingerprint in known
        yield finding.model_copy(update={"known": True}) if is_known else finding


def _files(outcome: Review | Scan) -> set[str]:
    """The files that an outcome looked at; a scan does not say, so only those with findings."""
    places = [item.location for item in outcome.findings]
    if isinstance(outcome, Review):
        places.extend(item.objective.location for item in outcome.reviews)
    return {_file(place) for place in places}


def _file(location: Location | None) -> str:
    return location.file if location else ""


def _entry(finding: Finding) -> Entry:
    return Entry(
        rule=finding.rule,
        file=_file(finding.location),
        element=finding.words,
        message=finding.message,
        source=finding.source,
        fingerprint=finding.fingerprint,
    )


def _gone(entry: Entry, path: Path) -> Problem:
    words = shortened(entry.element, 80)
    return Problem(
        message=f"The baseline knows {entry.rule} on {words!r}, which is not found any more. "
        f"--write-baseline {path} takes it out.",
        location=Location(file=entry.file) if entry.file else None,
        severity="info",
    )


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"]
    return str(error)
