"""How well an organisation is aligned, as a ladder of four steps that each rest on a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from assistant.analyse.standing import Standing
from assistant.models import Coverage, Edge, Figure, Finding, Objective, PeerLink

ENOUGH = 80.0
"""The share in per cent that a step needs."""

_LEAST_EDGES = 5
_UNDECIDED = ("unclear",)
_SERVING = frozenset({"fine"})


class Step(NamedTuple):
    """One rung: what it is called, and the figures that must all be high enough."""

    level: int
    name: str
    figures: tuple[Figure, ...]

    @property
    def reached(self) -> bool | None:
        """None where a figure is not known."""
        values = [item.value for item in self.figures]
        if any(value is not None and value < ENOUGH for value in values):
            return False
        return None if any(value is None for value in values) else True


def maturity_figures(
    standing: Standing,
    *,
    findings: Sequence[Finding] = (),
    peers: Sequence[PeerLink] = (),
    coverage: Sequence[Coverage] = (),
    unchecked: Collection[str] = (),
) -> tuple[Figure, ...]:
    """The level of alignment, then the figures that it rests on.

    1: objectives exist. 2 linked: they say what they serve, and can be graded. 3 serving: the
    links hold, and nothing opposes the strategy. 4 coordinated: every choice is served, unless
    only one branch is looked at, and teams do not collide or do things twice unawares.

    Args:
        unchecked: codes of rules that nobody looked at; what rests on them is not known.

    Returns:
        The level is the last step that, with all before it, reaches 80 % in each of its figures;
        the value is None without objectives. ``of`` always holds what falls short.
    """
    steps = _steps(standing, findings, peers, coverage, frozenset(unchecked))
    level, stopped = 1, None
    for step in steps:
        if not step.reached:
            stopped = step
            break
        level = step.level
    return (
        Figure(
            name="Alignment maturity",
            value=float(level) if standing.objectives else None,
            unit="of 4",
            formula=f"the last of {_names(steps)} up to which every figure is at least "
            f"{ENOUGH:.0f} %",
            note=_why(stopped) if stopped else "",
        ),
        *(figure for step in steps for figure in step.figures),
    )


def _steps(
    standing: Standing,
    findings: Sequence[Finding],
    peers: Sequence[PeerLink],
    coverage: Sequence[Coverage],
    unchecked: frozenset[str],
) -> tuple[Step, ...]:
    free = _free_of_collisions(standing, findings, peers, unchecked)
    # One branch need not serve every choice of the organisation.
    together = (free,) if standing.within else (_covered(coverage), free)
    return (
        Step(2, "linked", (_linked(standing), _gradable(standing))),
        Step(3, "serving", (_serving(standing), _with_strategy(standing, findings, unchecked))),
        Step(4, "coordinated", together),
    )


def _names(steps: Sequence[Step]) -> str:
    return ", ".join(["1 written", *(f"{step.level} {step.name}" for step in steps)])


def _why(step: Step) -> str:
    short = [item for item in step.figures if item.value is not None and item.value < ENOUGH]
    unknown = [item for item in step.figures if item.value is None]
    said = [f"{item.name}: {item.value:.0f} %" for item in short]
    said += [f"{item.name}: not known" for item in unknown]
    return f"step {step.level}, {step.name}, is not reached: {'; '.join(said)}"


# The figures; `of` holds what falls short


def _linked(standing: Standing) -> Figure:
    below = [item for item in standing.objectives if item.team_id not in standing.tops]
    loose = [item.id for item in below if not item.parents and not item.contribution]
    return _share(
        "Objectives that say what they serve",
        len(below),
        loose,
        "objectives below the top with a parent or a stated contribution / objectives below the top",
    )


def _gradable(standing: Standing) -> Figure:
    open_ended = [item.id for item in standing.objectives if not _has_target(item)]
    return _share(
        "Objectives that can be graded",
        len(standing.objectives),
        open_ended,
        "objectives with at least one key result that states a target / objectives",
    )


def _has_target(objective: Objective) -> bool:
    return any(
        item.measure.target is not None
        for item in objective.key_results
        if item.status != "dropped"
    )


def _serving(standing: Standing) -> Figure:
    judged: dict[str, list[Edge]] = defaultdict(list)
    for edge in standing.edges:
        if edge.child_id in standing.ids and edge.verdict not in _UNDECIDED:
            judged[edge.child_id].append(edge)
    failing = [
        key for key, edges in judged.items() if not any(edge.verdict in _SERVING for edge in edges)
    ]
    return _share(
        "Objectives whose link to a parent holds",
        len(judged) if len(judged) >= _LEAST_EDGES else 0,
        failing,
        "objectives with a link that is fine / objectives with a link that could be judged",
    )


def _with_strategy(
    standing: Standing, findings: Sequence[Finding], unchecked: frozenset[str]
) -> Figure:
    against = {item.objective_id for item in findings if item.rule in ("A8", "A9")}
    has_strategy = bool(standing.organisation.documents) and not unchecked & {"A8", "A9"}
    return _share(
        "Objectives that nothing in the strategy opposes",
        len(standing.objectives) if has_strategy else 0,
        sorted(against & standing.ids),
        "objectives without A8 or A9 / objectives",
    )


def _covered(coverage: Sequence[Coverage]) -> Figure:
    choices = [item for item in coverage if item.choice.kind == "choice"]
    idle = [item.choice.id for item in choices if not item.served_by]
    return _share(
        "Choices that somebody serves",
        len(choices),
        idle,
        "choices of the strategy near which an objective stands / choices of the strategy",
    )


def _free_of_collisions(
    standing: Standing,
    findings: Sequence[Finding],
    peers: Sequence[PeerLink],
    unchecked: frozenset[str],
) -> Figure:
    told = {item.objective_id for item in findings if item.rule in ("A5", "A6", "A7")}
    grave = {
        key
        for link in peers
        if link.kind in ("conflict", "duplicate") and {link.a_id, link.b_id} & told
        for key in (link.a_id, link.b_id)
    }
    teams = {item.team_id for item in standing.objectives if item.team_id}
    is_known = len(teams) > 1 and not unchecked & {"A5", "A6", "A7"}
    return _share(
        "Objectives free of conflicts, duplicates and missing commitments",
        len(standing.objectives) if is_known else 0,
        sorted((told | grave) & standing.ids),
        "objectives without A5, A6 or A7, on either side / objectives",
    )


def _share(name: str, total: int, short: Sequence[str], formula: str) -> Figure:
    return Figure(
        name=name,
        value=round(100 * (total - len(short)) / total, 1) if total else None,
        unit="%",
        formula=formula,
        of=tuple(short) if total else (),
        note=f"{len(short)} of {total} fall short" if total else "nothing to count",
    )
