"""What a scan comes to, in a few counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.models import Figure, Scan

HORIZON = "horizon"
BELOW = " and below"
"""Figures whose name begins so are shown as one picture."""


@dataclass(frozen=True)
class Count:
    """A number, what it counts, and the section of the report that lists it."""

    name: str
    number: str
    section: str


def sum_up(scan: Scan) -> Iterator[Count]:
    """The counts that the parts of a scan give; what was not looked at gives none."""
    verdicts = Counter(edge.verdict for edge in scan.edges)
    judged = len(scan.edges) - verdicts["unclear"]
    if judged:
        yield Count("links drifted", f"{verdicts['drifted']} of {judged}", "drift")
        yield Count("links to look at", f"{verdicts['look']}", "drift")
        lost = sum(1 for edge in scan.edges if edge.from_root is not None and edge.lost_at)
        yield Count("objectives that lost the root", str(lost), "drift")
    if scan.coverage:
        wanted = [
            item
            for item in scan.coverage
            if item.choice.kind != "will-not" and not item.choice.withdrawn
        ]
        alone = sum(1 for item in wanted if not item.served_by)
        if scan.within:
            served = f"{len(wanted) - alone} of {len(wanted)}"
            yield Count("choices that this branch serves", served, "coverage")
        else:
            yield Count(
                "choices and aims that nobody serves", f"{alone} of {len(wanted)}", "coverage"
            )
    if scan.peers:
        kinds = Counter(link.kind for link in scan.peers)
        yield Count("conflicts", str(kinds["conflict"]), "peers")
        yield Count("duplicates", str(kinds["duplicate"]), "peers")
        yield Count("dependencies", str(kinds["dependency"]), "peers")
    if scan.changes:
        kinds_of_change = Counter(change.kind for change in scan.changes)
        yield Count("new since then", str(kinds_of_change["new"]), "changes")
        yield Count("resolved since then", str(kinds_of_change["resolved"]), "changes")


def amount(figure: Figure) -> str:
    """The value of a figure with its unit; a dash where there is none."""
    if figure.value is None:
        return "–"
    number = f"{figure.value:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {figure.unit}".strip()


def horizon_name(figure: Figure) -> str:
    """Whose balance it is."""
    for opening in ("horizon balance of ", "horizon balance", HORIZON):
        if figure.name.casefold().startswith(opening):
            return figure.name[len(opening) :].strip(" :") or "All that was looked at"
    return figure.name


def is_wide(figure: Figure) -> bool:
    """Whether a figure of horizons is about all that was looked at, or about a whole branch."""
    return figure.name.endswith(BELOW) or figure.name.casefold() == "horizon balance"


def is_horizon(figure: Figure) -> bool:
    """Whether a figure belongs to the balance of short and long horizons."""
    return figure.name.casefold().startswith(HORIZON)
