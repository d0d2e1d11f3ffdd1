"""What a search may see: always the reader's audiences, and what else was asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from assistant.index.audience import readable
from assistant.index.conditions import Condition, among, not_among
from assistant.models import EntryKind


@dataclass(frozen=True, slots=True)
class Scope:
    """The entries that a search may see. There is none without audiences.

    Attributes:
        audiences: the audiences that the reader belongs to.
        kinds: what to look for.
        teams: ids of teams; None among them stands for entries of no team, such as passages.
            Not given means all.
        cycles: ids of cycles, likewise.
        exclude_owners: ids of objectives and documents that are left out with all they hold.
    """

    audiences: frozenset[str]
    kinds: Collection[EntryKind] = tuple(EntryKind)
    teams: Collection[str | None] | None = None
    cycles: Collection[str | None] | None = None
    exclude_owners: Collection[str] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What an entry must fulfil; the audience comes first."""
        optional = (
            among("kind", self.kinds) if set(self.kinds) != set(EntryKind) else None,
            among("team", self.teams) if self.teams is not None else None,
            among("cycle", self.cycles) if self.cycles is not None else None,
            not_among("owner", self.exclude_owners) if self.exclude_owners else None,
        )
        return (readable(self.audiences), *(condition for condition in optional if condition))

    @property
    def empty(self) -> bool:
        """Whether it lets no entry in, because one condition allows no value."""
        return any(not item.values and not item.exclude for item in self.conditions)
