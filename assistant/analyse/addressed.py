"""Texts of the organisation that tell a reviewer what to do, where no rule on a draft looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.language.injection import instructions
from assistant.models import (
    Evidence,
    Location,
    Objective,
    ObjectiveReview,
    Organisation,
    Problem,
    Relation,
    StrategyDocument,
    shortened,
)

_SHOWN = 80


def addressed(organisation: Organisation) -> Iterator[Problem]:
    """A warning for each document, objective and name with words that tell a reviewer what to do.

    Args:
        organisation: reduced to what the reader may see, if the reader is to see the warnings.
    """
    for team in organisation.teams:
        yield from _told(team.name, f"The name of the team {_short(team.name)}", team.location)
    for objective in organisation.objectives:
        yield from _of_objective(objective)
    for document in organisation.documents:
        yield from _of_document(document)


def addressed_names(organisation: Organisation) -> Iterator[Problem]:
    """As :func:`addressed`, without the objectives, which the rule S10 speaks about in a scan."""
    yield from addressed(organisation.model_copy(update={"objectives": ()}))


def addressed_around(reviews: Iterable[ObjectiveReview]) -> tuple[Problem, ...]:
    """The same for the parents, peers and passages that were looked up for drafts, each once."""
    found: list[Problem] = []
    for review in reviews:
        sources: tuple[Relation | Evidence, ...] = (
            *review.parents,
            *review.peers,
            *review.passages,
        )
        found += [problem for item in sources for problem in _of_source(item)]
    return tuple(dict.fromkeys(found))


def _of_objective(objective: Objective) -> Iterator[Problem]:
    yield from _told(objective.text, f"The objective {_short(objective.text)}", objective.location)
    for item in objective.key_results:
        place = item.location or objective.location
        yield from _told(item.text, f"The key result {_short(item.text)}", place)


def _of_document(document: StrategyDocument) -> Iterator[Problem]:
    named = f"The document {_short(document.title)}"
    yield from _told(document.title, f"{named}, in its title,", document.location)
    headings: set[str] = set()
    for passage in document.passages:
        if passage.heading not in headings:
            headings.add(passage.heading)
            yield from _told(passage.heading, f"{named}, in a heading,", passage.location)
        yield from _told(passage.text, named, passage.location)


def _of_source(item: Relation | Evidence) -> Iterator[Problem]:
    if isinstance(item, Evidence):
        yield from _told(item.title, "A document's title", item.location)
        yield from _told(item.quote, f"The document {_short(item.title)}", item.location)
        return
    yield from _told(item.team, "A team's name", item.location)
    yield from _told(item.text, f"The objective {_short(item.text)} of {item.team}", item.location)


def _told(text: str, what: str, location: Location | None) -> Iterator[Problem]:
    for order in instructions(text)[:1]:
        written = f" (written in {order.way})" if order.way else ""
        yield Problem(
            message=f"{what} tells the reviewer what to do: {shortened(order.says, _SHOWN)!r}{written}. "
            "A language model is not shown these words, and they change nothing.",
            location=location,
            severity="warning",
        )


def _short(text: str) -> str:
    return repr(shortened(text, 60))
