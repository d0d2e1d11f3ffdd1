"""Objectives and key results while their lines are being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.models import Location, ObjectiveKind, Phase, Status
from assistant.sources.cells import Cell, Sizes, compose
from assistant.sources.markers import FieldLine, is_positional
from assistant.sources.records import KeyResultRecord, ObjectiveRecord


@dataclass(slots=True)
class Draft:
    """An objective or key result while its lines are being read."""

    text: str
    line: int
    key: str | None = None
    owner: str | None = None
    status: Status | None = None
    score: float | None = None
    kind: ObjectiveKind | None = None
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """What a child says to name this element: a lasting key, or the text."""
        return self.key if self.key and not is_positional(self.key) else self.text

    def note(self, words: str) -> None:
        """Keep a remark once."""
        words = words.strip()
        if words and words not in self.notes:
            self.notes.append(words)


@dataclass(slots=True)
class KeyResultDraft(Draft):
    """A key result while its lines are being read.

    ``sizes`` are figures that stand beside the text; ``loose`` are fields that follow it on its
    own level and may be meant for the objective.
    """

    sizes: dict[str, FieldLine] = field(default_factory=dict)
    loose: list[FieldLine] = field(default_factory=list)


@dataclass(slots=True)
class ObjectiveDraft(Draft):
    """An objective while its lines are being read."""

    team: str | None = None
    cycle: str | None = None
    parents: list[str] = field(default_factory=list)
    contribution: str | None = None
    horizon: str | None = None
    phase: Phase | None = None
    drivers: list[str] = field(default_factory=list)
    key_results: list[KeyResultDraft] = field(default_factory=list)


def finish(draft: ObjectiveDraft, file: str) -> ObjectiveRecord:
    """The record of an objective; its own score is a note, since its key results have them."""
    if draft.score is not None:
        draft.note(f"Score: {draft.score:g}")
    return ObjectiveRecord(
        text=draft.text,
        location=Location(file=file, line=draft.line),
        key=draft.key,
        team=draft.team,
        cycle=draft.cycle,
        key_results=tuple(finish_key_result(item, file) for item in draft.key_results),
        parents=tuple(dict.fromkeys(draft.parents)),
        contribution=draft.contribution,
        owner=draft.owner,
        horizon=draft.horizon,
        kind=draft.kind,
        phase=draft.phase,
        drivers=tuple(dict.fromkeys(draft.drivers)),
        status=draft.status or "open",
        tags=tuple(dict.fromkeys(draft.tags)),
        notes=tuple(draft.notes),
    )


def finish_key_result(draft: KeyResultDraft, file: str) -> KeyResultRecord:
    """The record of a key result, with the figures beside it put into its words."""
    place = Location(file=file, line=draft.line)
    cells = {
        name: Cell(name=line.label, text=line.value, location=place)
        for name, line in draft.sizes.items()
    }
    text, notes = compose(draft.text or None, Sizes(**cells)) if cells else (draft.text, ())
    return KeyResultRecord(
        text=text or draft.text,
        location=place,
        key=draft.key,
        owner=draft.owner,
        status=draft.status or "open",
        score=draft.score,
        tags=tuple(dict.fromkeys(draft.tags)),
        notes=(*draft.notes, *notes),
    )
