"""What of an organisation is indexed: every passage, objective and key result, one entry each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from assistant.models import (
    EVERYONE,
    EntryKind,
    Location,
    Objective,
    Organisation,
    StrategyDocument,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One text that can be found.

    Attributes:
        id: id of the passage, objective or key result.
        text: the words as they stand in the source, fit to be quoted.
        heading: what stands above a passage; it is embedded with the text.
        title: title of the document, or name of the team.
        owner_id: document id of a passage, objective id otherwise.
    """

    id: str
    kind: EntryKind
    text: str
    owner_id: str
    title: str = ""
    heading: str = ""
    team_id: str | None = None
    cycle_id: str | None = None
    audience: str = EVERYONE
    location: Location | None = None

    @property
    def embedded(self) -> str:
        """The text that is embedded and searched."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    @property
    def place(self) -> str:
        """The location as JSON; empty if unknown."""
        return self.location.model_dump_json(exclude_none=True) if self.location else ""

    @property
    def text_hash(self) -> str:
        """Changes when the entry must be embedded again."""
        return _digest(self.embedded)

    @property
    def hash(self) -> str:
        """Changes when anything about the entry changes."""
        return _digest(
            self.kind,
            self.text,
            self.heading,
            self.title,
            self.owner_id,
            self.team_id,
            self.cycle_id,
            self.audience,
            self.place,
        )


def entries(organisation: Organisation) -> Iterator[Entry]:
    """Everything that can be found, in the order of the organisation.

    An id names one thing: where two elements share one, the first is indexed.
    """
    seen: set[str] = set()
    for entry in _all(organisation):
        if entry.id not in seen:
            seen.add(entry.id)
            yield entry


def _all(organisation: Organisation) -> Iterator[Entry]:
    for document in organisation.documents:
        yield from _passages(document)
    names = {team.id: team.name for team in organisation.teams}
    for objective in organisation.objectives:
        yield from _goals(objective, names.get(objective.team_id or "", ""))


def _passages(document: StrategyDocument) -> Iterator[Entry]:
    for passage in document.passages:
        yield Entry(
            id=passage.id,
            kind=EntryKind.PASSAGE,
            text=passage.text,
            heading=passage.heading,
            owner_id=document.id,
            title=document.title,
            audience=document.audience,
            location=passage.location,
        )


def _goals(objective: Objective, team: str) -> Iterator[Entry]:
    texts = [(EntryKind.OBJECTIVE, objective.id, objective.text, objective.location)]
    texts += [
        (EntryKind.KEY_RESULT, item.id, item.text, item.location) for item in objective.key_results
    ]
    for kind, identity, text, location in texts:
        yield Entry(
            id=identity,
            kind=kind,
            text=text,
            owner_id=objective.id,
            title=team,
            team_id=objective.team_id,
            cycle_id=objective.cycle_id,
            location=location,
        )


def _digest(*parts: str | None) -> str:
    return blake2b(json.dumps(parts).encode(), digest_size=12).hexdigest()
