"""What the reader is given: goals as one text, or as two that are read together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.models import Objective

Text = tuple[str, str | None]
"""The first text, and the second where two are read together."""

Part = tuple[int, int]
"""Where a part of the second text begins and ends, in characters."""

JOINT = " | "


def of_objective(objective: Objective) -> Text:
    """The objective alone."""
    return objective.text, None


def of_key_result(objective: Objective, number: int) -> Text:
    """A key result alone; they count from 1."""
    return objective.key_results[number - 1].text, None


def of_set(objective: Objective) -> Text:
    """The objective, and all its key results together."""
    return objective.text, joined(item.text for item in objective.key_results)


def of_pair(first: Objective, second: Objective) -> Text:
    """Two objectives with their key results."""
    return joined(first.texts), joined(second.texts)


def joined(texts: Iterable[str]) -> str:
    """Several texts as one."""
    return JOINT.join(texts)


def parts(texts: Iterable[str]) -> Iterator[Part]:
    """Where each text stands in what :func:`joined` makes of them."""
    at = 0
    for text in texts:
        yield at, at + len(text)
        at += len(text) + len(JOINT)
