"""Who may read what. Every path from the index to a reader passes through here."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.index.conditions import Condition, among
from assistant.models import Organisation, StrategyDocument, fold


def gate(audience: str) -> str:
    """The name of an audience as it is compared: case and white space do not count."""
    return fold(audience)


def readable(audiences: Iterable[str]) -> Condition:
    """What an entry must fulfil for a reader who belongs to these audiences.

    A document whose audience is blank opens for nobody: a reader has no blank audience.
    """
    return among("gate", (gate(name) for name in audiences if gate(name)))


def visible(document: StrategyDocument, audiences: Iterable[str]) -> bool:
    """Whether a reader who belongs to these audiences may read the document."""
    return gate(document.audience) in readable(audiences).values


def visible_part(organisation: Organisation, audiences: Iterable[str]) -> Organisation:
    """The organisation without the documents that are for others; OKRs are for everyone."""
    wanted = tuple(audiences)
    documents = tuple(item for item in organisation.documents if visible(item, wanted))
    return organisation.model_copy(update={"documents": documents})
