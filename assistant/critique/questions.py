"""The narrow questions: what is asked about a link, about two peers, about a rule on an element."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from assistant.critique.combine import Probe
from assistant.critique.narrow import Question, compose
from assistant.models import Objective, PeerKind
from assistant.prompts import Message, Prompt, load, render
from assistant.rules.base import Example, Rule


class Side(NamedTuple):
    """What is shown of an objective: its key results that are not dropped, and whose it is."""

    text: str
    key_results: tuple[str, ...] = ()
    of: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The objective, then its key results."""
        return (self.text, *self.key_results)


DIRECTION = "direction.v1"
CONFLICT = "conflict.v1"
DECIDE = "decide.v1"

CONTROL = Side("Nobody is hurt in the car park", ("Accidents in the car park 6 → 0 a year",))
"""A parent that next to nothing serves. What a model says of a child under it, it says of the child
alone; see :func:`direction`."""


def side_of(objective: Objective, *names: str | None) -> Side:
    """What is shown of an objective.

    Args:
        objective: the objective.
        names: of its team and its period, as far as they are known. They tell a small model whose
            part of the work it is.
    """
    live = tuple(item.text for item in objective.key_results if item.status != "dropped")
    return Side(objective.text, live, ", ".join(name for name in names if name))


def sides_of(probe: Probe) -> tuple[Side, Side]:
    """The two sides of a probe."""
    return (
        Side(probe.first[0], probe.first[1:], probe.first_of),
        Side(probe.second[0], probe.second[1:], probe.second_of),
    )


def direction(child: Side, parent: Side) -> Question:
    """Does the child's success advance the parent?

    A small model says yes of some children whatever stands above them. Asked about the same child
    under :data:`CONTROL`, it shows how much of its yes is about the parent.
    """
    return compose(_prompt(DIRECTION), {**_link(child, parent), "form": "helps"})


def direction_judged(prompt: Prompt, child: Side, parent: Side) -> list[Message]:
    """What a capable model reads, to judge the same with quotes."""
    return render(prompt, nonce=None, form="judge", yes_first=True, **_link(child, parent))


def peers(kind: PeerKind, a: Side, b: Side) -> Question:
    """Are the two this to each other; of a dependency, does A need B?

    Args:
        kind: ``conflict``, ``duplicate`` or ``dependency``.
        a: the one.
        b: the other.
    """
    return compose(_prompt(CONFLICT), {**_pair(a, b), "form": kind})


def peers_judged(prompt: Prompt, a: Side, b: Side) -> list[Message]:
    """What a capable model reads, to say with quotes what the two are to each other."""
    return render(prompt, nonce=None, form="judge", yes_first=True, **_pair(a, b))


def decide(rule: Rule, objective: Objective, on: str) -> Question:
    """Does the rule fire on an element?"""
    return _decide(
        rule, objective.text, side_of(objective).key_results, on, objective.element(on) or ""
    )


def example(rule: Rule, given: Example) -> Question:
    """The same question about an example of the rule."""
    on = {"objective": "objective", "key-result": "kr:1", "set": "set", "alignment": "objective"}
    place = on[rule.group]
    whole = given.text if place == "objective" else given.objective
    return _decide(rule, whole, given.key_results, place, given.text)


def _link(child: Side, parent: Side) -> dict[str, object]:
    return {"parent": parent, "child": child}


def _pair(a: Side, b: Side) -> dict[str, object]:
    return {"a": a, "b": b}


def _decide(
    rule: Rule, objective: str, key_results: Sequence[str], on: str, element: str
) -> Question:
    shown = {
        "title": rule.title,
        "prompt": rule.prompt,
        "examples": [
            {"text": _shown(item), "verdict": "yes" if item.fires else "no"}
            for item in rule.examples
        ],
    }
    shared = {
        "rule": shown,
        "place": "objective" if on == "objective" else "set" if on == "set" else "kr",
        "element": element,
        "objective": objective,
        "key_results": list(key_results),
    }
    return compose(_prompt(DECIDE), shared)


def _shown(item: Example) -> str:
    parts = (item.objective, item.text, *item.key_results)
    return "; ".join(part for part in parts if part)


@cache
def _prompt(name: str) -> Prompt:
    return load(name)
