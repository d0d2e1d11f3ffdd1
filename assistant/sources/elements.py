"""Builds records out of what fields and cells say and what stands around the text itself.

What a field says beats what is written around the text, and both beat what is inherited.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models import Location, ObjectiveKind, Phase, Status, fold
from assistant.sources.cells import KINDS, PHASES, Sizes, compose, has_words
from assistant.sources.records import KeyResultRecord, ObjectiveRecord
from assistant.sources.tidy import Tidied, clean


@dataclass(frozen=True, slots=True)
class Said:
    """What fields say about an objective or a key result; empty where they say nothing."""

    key: str | None = None
    owner: str | None = None
    status: Status | None = None
    score: float | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    team: str | None = None
    cycle: str | None = None
    parents: tuple[str, ...] = ()
    contribution: str | None = None
    horizon: str | None = None
    kind: ObjectiveKind | None = None
    phase: Phase | None = None
    drivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What holds for an element because of where it stands."""

    team: str | None = None
    cycle: str | None = None
    parents: tuple[str, ...] = ()


def tidied(text: str) -> Tidied:
    """The words of a text without what people write around them; all of it if no word is left."""
    if not has_words(text):
        return Tidied(text=" ".join(text.split()))
    words = clean(text)
    return words if has_words(words.text) else Tidied(text=" ".join(text.split()))


def build_objective(
    words: Tidied,
    location: Location,
    said: Said,
    inherited: Inherited,
    key_results: tuple[KeyResultRecord, ...] = (),
) -> ObjectiveRecord:
    """The record of an objective."""
    around = dict(reversed(words.fields))
    parents = (*inherited.parents, *said.parents, *_all(words, "parent"))
    return ObjectiveRecord(
        text=words.text,
        location=location,
        key=said.key or words.key,
        team=said.team or around.get("team") or inherited.team,
        cycle=said.cycle or around.get("cycle") or inherited.cycle,
        key_results=key_results,
        parents=tuple(dict.fromkeys(parents)),
        contribution=said.contribution or around.get("contribution"),
        owner=said.owner or words.owner,
        horizon=said.horizon or around.get("horizon"),
        kind=said.kind or words.kind or KINDS.get(fold(around.get("kind", ""))),
        phase=said.phase or PHASES.get(fold(around.get("phase", ""))),
        drivers=said.drivers or _all(words, "drivers"),
        status=said.status or words.status or "open",
        tags=tuple(dict.fromkeys((*said.tags, *words.tags))),
        notes=(*said.notes, *words.notes, *_rest(words, "confidence", "progress")),
    )


def build_key_result(
    words: Tidied | None, location: Location, said: Said, sizes: Sizes
) -> KeyResultRecord | None:
    """The record of a key result, with a measure that stands apart put into its words.

    Returns:
        None where there are no words at all.
    """
    text, scale = compose(words.text if words else None, sizes)
    if text is None or not has_words(text):
        return None
    words = words or Tidied(text=text)
    return KeyResultRecord(
        text=text,
        location=location,
        key=said.key or words.key,
        owner=said.owner or words.owner,
        status=said.status or words.status or "open",
        score=said.score if said.score is not None else words.score,
        tags=tuple(dict.fromkeys((*said.tags, *words.tags))),
        notes=(
            *said.notes,
            *scale,
            *words.notes,
            *_rest(words, "confidence", "progress", "team", "parent", "horizon", "cycle"),
        ),
    )


def _all(words: Tidied, name: str) -> tuple[str, ...]:
    return tuple(value for field, value in words.fields if field == name)


def _rest(words: Tidied, *names: str) -> tuple[str, ...]:
    return tuple(
        f"{field.capitalize()}: {value}" for field, value in words.fields if field in names
    )
