"""Who serves each choice of the strategy, and which choices nobody serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assistant.analyse.choices import sentences, unlabelled
from assistant.analyse.citations import cited, dated, quoted
from assistant.analyse.contradictions import Contradiction
from assistant.analyse.findings import corpus_finding
from assistant.analyse.ground import Ground
from assistant.analyse.terms import terms
from assistant.models import (
    Choice,
    Coverage,
    Edge,
    Evidence,
    Figure,
    Finding,
    Objective,
    Severity,
    shortened,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


Period = tuple[str | None, str | None]
"""The ids of a team and of a cycle."""


class Opinion(Protocol):
    """What a reader says of a child and a parent: how likely the child serves it."""

    @property
    def serves(self) -> float:
        """From 0 to 1."""
        ...


Judge = Callable[[Sequence[tuple[Objective, Objective]]], Sequence[Opinion]]
"""Takes pairs of a child and a parent."""

SERVES = 0.52
"""From this cosine on an objective serves the choice that it is nearest to."""

FAR = 0.48
"""Below this cosine nobody is near a choice; between the two it cannot be told."""

_NAMED = 0.3
"""The same for an objective that names what the headline of the choice names."""

_NEARLY = 0.04
"""An objective may serve a second choice that is so little further away than the nearest."""

_CANDIDATES = 8
_PLAUSIBLE = 0.35
"""Below this cosine a reader's opinion adds nobody to those who serve."""

_LIKELY = 0.6
"""From here on a reader's opinion speaks against a gap."""

_HANDED_DOWN = 0.9
"""What is left of a service from a parent to its child, where no reader judged the link."""

_NEAREST = 3
_LONGEST_CHOICE = 400


class View(NamedTuple):
    """The coverage of everything that the strategy states, and how near it came to a gap.

    Attributes:
        coverage: choices, drivers and refusals of the documents, then the top objectives.
        nearest: for each choice the nearest objectives with their cosines.
        closest: for each choice the cosine of the nearest objective that is near no other.
        likely: for each firm choice the best opinion of a reader; empty where none was asked.
    """

    coverage: tuple[Coverage, ...]
    nearest: Mapping[str, Mapping[str, float]]
    closest: Mapping[str, float]
    likely: Mapping[str, float]


def cover(
    ground: Ground,
    *,
    edges: Sequence[Edge] = (),
    opposed: Sequence[Contradiction] = (),
    judge: Judge | None = None,
    today: date | None = None,
) -> View:
    """Find who serves what.

    An objective serves the choice that it is nearest to, if it is near enough, and so do those
    below it whose links did not drift.

    Args:
        edges: the declared links with their verdicts.
        opposed: what works against a refusal.
        judge: a reader; asked about the few nearest objectives of each firm choice.
        today: periods that ended before are left out, unless all did.
    """
    live = _live(ground, today)
    choices = ground.strategy.current("choice")
    direct, nearest, closest = _near(ground, choices, live)
    opinions = _ask(ground, choices, nearest, judge) if judge else {}
    for choice_id, said in opinions.items():
        agreed = {
            owner: serves
            for owner, serves in said.items()
            if serves >= _LIKELY and nearest[choice_id][owner] >= _PLAUSIBLE
        }
        if direct[choice_id]:
            direct[choice_id] = {**agreed, **direct[choice_id]}
    likely = {choice_id: max(said.values(), default=0.0) for choice_id, said in opinions.items()}
    below = _below(edges)
    against: dict[str, dict[str, float]] = defaultdict(dict)
    for item in opposed:
        against[item.refusal.id][item.objective.id] = round(item.share, 3)
    stated = [
        *(Coverage(choice=one, served_by=_handed_down(direct[one.id], below)) for one in choices),
        *_drivers(ground, live),
        *(
            Coverage(choice=one, against=against[one.id])
            for one in ground.strategy.current("will-not")
        ),
        *_tops(ground, edges),
    ]
    return View(tuple(stated), nearest, closest, likely)


def gap_findings(view: View, ground: Ground, *, today: date | None = None) -> Iterator[Finding]:
    """A finding for each choice, driver and top objective that nobody serves.

    The finding on a choice carries the id of the choice in place of an objective's.
    """
    taken_up = _taken_up(ground)
    for item in view.coverage:
        if item.served_by:
            continue
        if item.choice.kind == "choice" and item.choice.id in ground.strategy.firm:
            yield _choice_gap(item.choice, view, ground)
        elif item.choice.kind == "driver":
            yield _driver_gap(item.choice, ground)
        elif item.choice.kind == "objective" and (found := _top_gap(item, ground, taken_up, today)):
            yield found


def narrowed(coverage: Iterable[Coverage], ids: Collection[str]) -> tuple[Coverage, ...]:
    """What some objectives do about each choice."""
    return tuple(
        item.model_copy(
            update={
                "served_by": {key: value for key, value in item.served_by.items() if key in ids},
                "against": {key: value for key, value in item.against.items() if key in ids},
            }
        )
        for item in coverage
    )


def coverage_figures(
    view: View, ground: Ground, within: Collection[str] | None = None
) -> Iterator[Figure]:
    """How many objectives, and people in teams, stand behind each choice and behind none.

    Args:
        within: ids of the objectives that are counted; all where None is given.
    """
    counted = [item.id for item in ground.objectives if within is None or item.id in within]
    choices = [item for item in view.coverage if item.choice.kind == "choice"]
    if not choices:
        return
    served: set[str] = set()
    for item in choices:
        served.update(item.served_by)
        if item.choice.id in ground.strategy.firm:
            yield Figure(
                name=f"People in teams that serve {quoted(headline(item.choice))}",
                value=_people(item.served_by, ground),
                unit="people",
                formula="people of every team with an objective that serves the choice, each team once",
                of=tuple(item.served_by),
                note=f"{len(item.served_by)} objective{'' if len(item.served_by) == 1 else 's'}",
            )
    elsewhere = tuple(key for key in counted if key not in served)
    yield Figure(
        name="Objectives that serve no stated choice",
        value=round(100 * len(elsewhere) / len(counted), 1) if counted else None,
        unit="%",
        formula="objectives near no choice and below none that is, of all that were not dropped",
        of=elsewhere,
        note="by nearness of the texts and by declared parents; a place to look, no verdict",
    )


def headline(choice: Choice) -> str:
    """What a choice is called: its first sentence without its label."""
    return (sentences(unlabelled(choice.text)) or (choice.text,))[0]


# Who serves


def _live(ground: Ground, today: date | None) -> Sequence[bool]:
    """Which objectives belong to periods that still run or lie ahead; all, if none does."""
    if today is None:
        return [True] * len(ground.objectives)
    ends = (ground.cycles.get(item.cycle_id or "") for item in ground.objectives)
    live = [cycle is None or cycle.end is None or cycle.end >= today for cycle in ends]
    return live if any(live) else [True] * len(live)


def _near(
    ground: Ground, choices: Sequence[Choice], live: Sequence[bool]
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]], dict[str, float]]:
    """For each choice who serves it by nearness, the nearest whoever they serve, and how near."""
    import numpy as np

    served: dict[str, dict[str, float]] = {item.id: {} for item in choices}
    nearest: dict[str, dict[str, float]] = {item.id: {} for item in choices}
    closest: dict[str, float] = {}
    rows = np.flatnonzero(np.asarray(live, dtype=bool))
    if not choices or not len(rows):
        return served, nearest, closest
    texts = [unlabelled(item.text) for item in choices]
    cosines = ground.vectors[rows] @ ground.embed(texts).T
    is_nearest = cosines >= _best_of_document(cosines, choices) - _NEARLY
    for column, choice in enumerate(choices):
        own = cosines[is_nearest[:, column], column]
        closest[choice.id] = float(own.max()) if len(own) else 0.0
        named = ground.names & terms(headline(choice))
        least = np.full(len(rows), SERVES, dtype=np.float32)
        if named:
            least[[bool(named & ground.terms[row]) for row in rows]] = _NAMED
        hits = np.flatnonzero(is_nearest[:, column] & (cosines[:, column] >= least))
        for hit in hits[np.argsort(-cosines[hits, column], kind="stable")]:
            cosine = float(cosines[hit, column])
            served[choice.id][ground.objectives[rows[hit]].id] = _strength(cosine)
        for hit in np.argsort(-cosines[:, column], kind="stable")[:_CANDIDATES]:
            owner = ground.objectives[rows[hit]].id
            nearest[choice.id][owner] = round(float(cosines[hit, column]), 4)
    return served, nearest, closest


def _best_of_document(cosines: Matrix, choices: Sequence[Choice]) -> Matrix:
    """The cosine of the nearest choice in the same document: its choices are meant to differ."""
    import numpy as np

    best = np.empty_like(cosines)
    documents = np.asarray([item.document_id or "" for item in choices])
    for document in set(documents):
        columns = np.flatnonzero(documents == document)
        best[:, columns] = cosines[:, columns].max(axis=1, keepdims=True)
    return best


def _strength(cosine: float) -> float:
    return round(min(1.0, max(0.0, 0.5 + 1.7 * (cosine - SERVES))), 3)


def _ask(
    ground: Ground,
    choices: Sequence[Choice],
    nearest: Mapping[str, Mapping[str, float]],
    judge: Judge,
) -> dict[str, dict[str, float]]:
    """What a reader says of each firm choice and the objectives nearest to it."""
    firm = [item for item in choices if item.id in ground.strategy.firm]
    pairs = [
        (choice.id, ground.objectives[ground.position[owner]], _as_parent(choice))
        for choice in firm
        for owner in nearest[choice.id]
    ]
    if not pairs:
        return {}
    said: dict[str, dict[str, float]] = {choice.id: {} for choice in firm}
    opinions = judge([(child, parent) for _, child, parent in pairs])
    for (choice_id, child, _), opinion in zip(pairs, opinions, strict=True):
        said[choice_id][child.id] = round(opinion.serves, 3)
    return said


def _as_parent(choice: Choice) -> Objective:
    text = unlabelled(choice.text)
    return Objective(id=choice.id, text=shortened(text, _LONGEST_CHOICE))


def _below(edges: Iterable[Edge]) -> dict[str, dict[str, float]]:
    """For each parent the children that did not drift, with what each link hands down."""
    below: dict[str, dict[str, float]] = defaultdict(dict)
    for edge in edges:
        if edge.verdict not in ("drifted", "look"):
            passed = _HANDED_DOWN if edge.serves is None else edge.serves
            below[edge.parent_id][edge.child_id] = passed
    return below


def _handed_down(
    direct: Mapping[str, float], below: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """Who serves a choice, and all below them whose links hold."""
    served = dict(direct)
    waiting = list(direct)
    while waiting:
        parent = waiting.pop()
        for child, passed in below.get(parent, {}).items():
            strength = round(served[parent] * passed, 3)
            if child not in served:
                served[child] = strength
                waiting.append(child)
    return served


def _drivers(ground: Ground, live: Sequence[bool]) -> Iterator[Coverage]:
    """Who declares which driver; nothing where no objective declares any."""
    declared: dict[str, list[str]] = defaultdict(list)
    for objective, is_live in zip(ground.objectives, live, strict=True):
        for driver in objective.drivers if is_live else ():
            declared[driver].append(objective.id)
    if not declared:
        return
    words = {driver: terms(driver) for driver in declared}
    for choice in ground.strategy.current("driver"):
        said = terms(choice.text)
        owners = (
            one
            for name, found in words.items()
            if found and found <= said
            for one in declared[name]
        )
        yield Coverage(choice=choice, served_by=dict.fromkeys(owners, 1.0))


def _tops(ground: Ground, edges: Iterable[Edge]) -> Iterator[Coverage]:
    """The objectives of the top teams, each with its children."""
    children: dict[str, dict[str, Edge]] = defaultdict(dict)
    for edge in edges:
        children[edge.parent_id][edge.child_id] = edge
    tops = {item.id for item in ground.teams.values() if item.parent_id is None}
    if len(tops) == len(ground.teams):
        return
    for objective in ground.objectives:
        if objective.team_id not in tops or objective.parents:
            continue
        found = children.get(objective.id, {})
        choice = Choice(
            id=objective.id,
            kind="objective",
            text=objective.text,
            objective_id=objective.id,
            location=objective.location,
        )
        yield Coverage(
            choice=choice,
            served_by={
                child: _HANDED_DOWN if edge.serves is None else round(edge.serves, 3)
                for child, edge in found.items()
                if edge.verdict != "drifted"
            },
            against={
                child: round(1 - (edge.serves or 0.0), 3)
                for child, edge in found.items()
                if edge.verdict == "drifted"
            },
        )


# Gaps


def _choice_gap(choice: Choice, view: View, ground: Ground) -> Finding:
    document = ground.documents.get(choice.document_id or "")
    passage = ground.strategy.passages.get(choice.id, choice.id)
    evidence = cited(document, choice.text, choice.location, passage)
    near = list(view.nearest.get(choice.id, {}).items())[:_NEAREST]
    closest = view.closest.get(choice.id, 0.0)
    doubted = closest >= FAR or view.likely.get(choice.id, 0.0) >= _LIKELY
    *others, last = [_named(ground, owner) for owner, _ in near] or [""]
    names = f"{', '.join(others)} and {last}" if others else last
    message = (
        f"No objective serves {quoted(headline(choice))} of "
        f"{dated(evidence.title, evidence.published)}"
        + (f"; the nearest are {names}." if len(near) > 1 else ".")
    )
    at_most: Severity | None = "info" if doubted else None
    stand_in = Objective(id=choice.id, text=choice.text, location=choice.location)
    return corpus_finding(
        "A2",
        stand_in,
        message,
        evidence=(evidence, *(_near_evidence(ground, *item) for item in near)),
        confidence=0.5 if doubted else round(min(0.95, 0.75 + 2 * (FAR - closest)), 2),
        at_most=at_most,
    )


def _driver_gap(choice: Choice, ground: Ground) -> Finding:
    document = ground.documents.get(choice.document_id or "")
    passage = ground.strategy.passages.get(choice.id, choice.id)
    evidence = cited(document, choice.text, choice.location, passage)
    return corpus_finding(
        "A2",
        Objective(id=choice.id, text=choice.text, location=choice.location),
        f"No objective declares {quoted(choice.text)} of "
        f"{dated(evidence.title, evidence.published)} as its driver.",
        evidence=(evidence,),
        confidence=0.6,
        at_most="info",
    )


def _top_gap(
    item: Coverage, ground: Ground, taken_up: Set[Period], today: date | None
) -> Finding | None:
    """A top objective without a child that serves it, where others of its period have some."""
    objective = ground.objectives[ground.position[item.choice.id]]
    cycle = ground.cycles.get(objective.cycle_id or "")
    if objective.status != "open":
        return None
    if item.against:
        message = f"Every objective below {quoted(objective.text)} has drifted from it."
    elif (objective.team_id, objective.cycle_id) in taken_up:
        message = f"No objective of another team names {quoted(objective.text)} as what it serves."
    else:
        return None
    ahead = bool(today and cycle and cycle.start and cycle.start > today)
    return corpus_finding(
        "A2",
        objective,
        message,
        confidence=0.6 if ahead else 0.9,
        at_most="info" if ahead else None,
    )


def _taken_up(ground: Ground) -> Set[Period]:
    """The teams and periods of which somebody took up an objective."""
    served = {link.objective_id for item in ground.objectives for link in item.parents}
    return {(item.team_id, item.cycle_id) for item in ground.objectives if item.id in served}


def _near_evidence(ground: Ground, owner: str, cosine: float) -> Evidence:
    objective = ground.objectives[ground.position[owner]]
    team = ground.teams.get(objective.team_id or "")
    return Evidence(
        kind="peer",
        id=owner,
        title=team.name if team else "",
        quote=objective.text,
        location=objective.location,
        similarity=round(cosine, 3),
    )


def _named(ground: Ground, owner: str) -> str:
    objective = ground.objectives[ground.position[owner]]
    team = ground.teams.get(objective.team_id or "")
    return f"{quoted(objective.text)} ({team.name})" if team else quoted(objective.text)


def _people(served: Iterable[str], ground: Ground) -> float | None:
    """The people of the teams behind some objectives; None where no team gives a figure."""
    teams = {ground.objectives[ground.position[owner]].team_id for owner in served}
    known = [
        team.people
        for team in (ground.teams.get(one or "") for one in teams)
        if team and team.people is not None
    ]
    return float(sum(known)) if known or not teams else None
