"""The organisation held against its strategy: coverage, contradictions, what has gone stale."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from assistant.analyse.choices import Strategy, read_strategy
from assistant.analyse.contradictions import contradiction_finding, contradictions, opposed_moves
from assistant.analyse.coverage import Judge, cover, coverage_figures, gap_findings, narrowed
from assistant.analyse.ground import Ground, Vectors
from assistant.analyse.staleness import stale, stale_finding
from assistant.models import Coverage, Edge, Figure, Finding, Noun, Organisation

"""The rules that are decided here."""


class StrategyView(Noun):
    """What was found.

    Attributes:
        strategy: what the documents state.
        coverage: who serves each choice, driver and top objective, and who works against refusals.
        findings: A2, A8 and A9; a finding about a choice has the id of the choice in place of an
            objective's, and the choice as its words.
        figures: how many people stand behind each choice, and how much serves none.
    """

    strategy: Strategy
    coverage: tuple[Coverage, ...] = ()
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()


def hold_against_strategy(
    organisation: Organisation,
    stored: Vectors,
    embed: Vectors,
    *,
    edges: Sequence[Edge] = (),
    judge: Judge | None = None,
    today: date | None = None,
    within: Collection[str] | None = None,
) -> StrategyView:
    """Compare every objective with what the strategy documents state.

    Args:
        organisation: objectives and the documents that the reader may see.
        stored: gives the vectors of objectives and key results by id.
        embed: gives the vectors of texts; asked for choices and replaced passages only.
        edges: the declared links with their verdicts; without them no service is handed down.
        judge: a reader of child and parent; asked about few pairs a choice.
        today: periods that ended before count for no coverage.
        within: ids of objectives; coverage and figures tell of them alone.
    """
    strategy = read_strategy(organisation)
    ground = Ground(organisation, strategy, stored, embed)
    if not ground.objectives:
        return StrategyView(strategy=strategy)
    opposed = tuple(contradictions(ground))
    moves = {item.objective.id: item for item in opposed_moves(ground)}
    for item in opposed:
        moves.pop(item.objective.id, None)
    view = cover(ground, edges=edges, opposed=opposed, judge=judge, today=today)
    findings = (
        *gap_findings(view, ground, today=today),
        *(contradiction_finding(item, ground) for item in (*opposed, *moves.values())),
        *(stale_finding(item, ground) for item in stale(ground, opposed)),
    )
    if within is not None:
        view = view._replace(coverage=narrowed(view.coverage, within))
    return StrategyView(
        strategy=strategy,
        coverage=view.coverage,
        findings=findings,
        figures=tuple(coverage_figures(view, ground, within)),
    )
