"""Reads ``okr: ignore K2 -- reason`` out of the notes of a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.errors import InputError
from assistant.models import Finding, Location, Noun, Objective, Problem
from assistant.rules import find_rule

_LINE = re.compile(
    r"(?:<!--\s*)?okr\s*:\s*(?P<verb>[\w-]+)\s*(?P<rest>.*?)\s*(?:-->)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_REASON = re.compile(r"(?:^|\s)(?:--|[–—])(?:\s+|$)")
_INLINE = re.compile(r"\bokr\s*:\s*ignore\b", re.IGNORECASE)
_VERBS = {"ignore": False, "ignore-file": True}
_FORM = "'okr: ignore K2 -- reason'"


class Directive(Noun):
    """One rule that the author does not want to hear about, at one place.

    Attributes:
        on: the element that the line follows: ``objective`` or ``kr:N``.
        for_file: whether it holds for the whole file.
        location: of that element.
    """

    rule: str
    reason: str
    objective_id: str
    on: str
    for_file: bool
    location: Location | None

    def covers(self, finding: Finding, file: str | None) -> bool:
        """Whether a finding in a file is meant.

        After an objective it holds for all that stands under it; after a key result for this one,
        and for what is said about the objective and the set.
        """
        if finding.rule != self.rule:
            return False
        if self.for_file:
            return file == (self.location.file if self.location else None)
        if finding.objective_id != self.objective_id:
            return False
        others = finding.on.startswith("kr:") and finding.on != self.on
        return self.on == "objective" or not others

    def __str__(self) -> str:
        return f"okr: ignore{'-file' if self.for_file else ''} {self.rule}"


def directives(objective: Objective) -> Iterator[Directive | Problem]:
    """What the notes of an objective and its key results say to this tool.

    Yields:
        A directive for each rule named, and a warning for whatever is not applied.
    """
    for on, text, notes, location in _elements(objective):
        if _INLINE.search(text):
            yield _warning(
                "'okr: ignore' stands inside a text, where it is not applied. Put it on a line of "
                f"its own below: {_FORM}.",
                location,
            )
        for note in notes:
            match = _LINE.fullmatch(note)
            if match:
                yield from _read(match, objective.id, on, location)


def _elements(
    objective: Objective,
) -> Iterator[tuple[str, str, tuple[str, ...], Location | None]]:
    yield "objective", objective.text, objective.notes, objective.location
    for position, item in enumerate(objective.key_results, start=1):
        yield f"kr:{position}", item.text, item.notes, item.location or objective.location


def _read(
    match: re.Match[str], objective_id: str, on: str, location: Location | None
) -> Iterator[Directive | Problem]:
    verb = match["verb"].casefold()
    if verb not in _VERBS:
        yield _warning(f"'okr: {match['verb']}' is not understood. Write {_FORM}.", location)
        return
    named, *reasons = _REASON.split(match["rest"], maxsplit=1)
    names = [name for name in re.split(r"[,;\s]+", named) if name]
    reason = reasons[0].strip() if reasons else ""
    said = f"'okr: {verb} {' '.join(named.split())}'".replace(" '", "'")
    if not names:
        yield _warning(f"{said} names no rule, so it is not applied. Write {_FORM}.", location)
        return
    if not reason:
        yield _warning(f"{said} gives no reason, so it is not applied. Write {_FORM}.", location)
        return
    for code in known(names, said, location):
        if isinstance(code, Problem):
            yield code
            continue
        yield Directive(
            rule=code,
            reason=reason,
            objective_id=objective_id,
            on=on,
            for_file=_VERBS[verb],
            location=location,
        )


def known(names: Iterable[str], said: str, location: Location | None) -> Iterator[str | Problem]:
    """The codes of rules named by code or slug, each once; a warning for each unknown one."""
    seen: set[str] = set()
    for name in names:
        try:
            code = find_rule(name).code
        except InputError as error:
            yield _warning(f"{said} is not applied to {name!r}. {error}", location)
            continue
        if code not in seen:
            seen.add(code)
            yield code


def _warning(message: str, location: Location | None) -> Problem:
    return Problem(message=message, location=location, severity="warning")
