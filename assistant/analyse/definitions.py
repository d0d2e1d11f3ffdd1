"""One name of a metric with two meanings in two teams (A10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant.analyse.citations import cited, dated, quoted
from assistant.analyse.findings import corpus_finding
from assistant.analyse.legible import location_of
from assistant.analyse.metric_uses import Stated, Use, stated_in, uses_of
from assistant.language.stems import Stems, content_stems, overlap
from assistant.models import Cycle, Evidence, Finding, Organisation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[Sequence[str]], NDArray[np.float32]]
    """Takes texts; returns one vector of length 1 a row."""

_SAME_WORDS = 0.5
"""From this share of common words on, two definitions say the same."""

_SAME_MEANING = 0.7
"""From this cosine on, they say the same in other words."""

_OTHER_WORDS = 0.25
"""Below this share of common words a definition is another than that of a document."""

_MEANINGS = 8
"""So many meanings of one name are told apart; a name with more is no name of one metric."""


class Mismatch(NamedTuple):
    """Two uses of one name that do not count the same.

    ``other`` is None where only a document says otherwise; ``stated`` is what a document says.
    """

    use: Use
    other: Use | None
    reason: str
    stated: Stated | None = None
    confidence: float = 0.7


def mismatch_findings(
    organisation: Organisation, *, embed: Embed | None = None
) -> tuple[Finding, ...]:
    """Find metrics that share a name and count something else in another team.

    Definitions stand behind a name ("Churn, counted over 30 days"), in notes, and in documents.
    Only teams whose periods overlap are compared; another named group or place is no mismatch.

    Args:
        organisation: objectives and the documents that the reader may see.
        embed: recognises one definition in other words; without it words alone are compared.

    Returns:
        A10, at most one for each key result, on the one that departs from the documented or the
        earlier stated meaning.
    """
    return tuple(_finding(item, organisation) for item in mismatches(organisation, embed=embed))


def mismatches(organisation: Organisation, *, embed: Embed | None = None) -> Iterator[Mismatch]:
    """As :func:`mismatch_findings`, before anything is worded."""
    cycles = {item.id: item for item in organisation.cycles}
    stated = {item.key: item for item in reversed(stated_in(organisation.documents))}
    groups: dict[Stems, list[Use]] = defaultdict(list)
    for objective in organisation.objectives:
        if objective.status == "dropped":
            continue
        for use in uses_of(objective):
            if use.says_something:
                groups[use.key].append(use)
    for key, group in groups.items():
        yield from _of_group(group, stated.get(key), cycles, embed)


def _of_group(
    group: Sequence[Use],
    stated: Stated | None,
    cycles: Mapping[str, Cycle],
    embed: Embed | None,
) -> Iterator[Mismatch]:
    """Compare each use with the few meanings met before, the documented one first."""
    if len(group) == 1 and (stated is None or not group[0].definition):
        return
    same = _Sameness(
        [*(use.definition for use in group), stated.definition if stated else ""], embed
    )
    ordered = sorted(group, key=lambda use: not (stated and _agrees(use, stated, same)))
    meanings: list[Use] = []
    for use in ordered:
        others = (one for one in meanings if _are_comparable(one, use, cycles))
        found = next(
            (
                Mismatch(use, one, *reason)
                for one in others
                if (reason := _difference(use, one, same))
            ),
            None,
        )
        if found is None and stated and _departs(use, stated, same):
            found = Mismatch(use, None, "definition", stated, 0.6)
        if found:
            yield found._replace(stated=stated, confidence=_sure(found, stated, same))
        if len(meanings) < _MEANINGS:
            meanings.append(use)


def _are_comparable(one: Use, other: Use, cycles: Mapping[str, Cycle]) -> bool:
    if one.objective.team_id == other.objective.team_id:
        return False
    periods = cycles.get(one.objective.cycle_id or ""), cycles.get(other.objective.cycle_id or "")
    first, second = periods
    if not (first and second and first.start and first.end and second.start and second.end):
        return one.objective.cycle_id == other.objective.cycle_id or None in periods
    return first.start <= second.end and second.start <= first.end


def _difference(use: Use, other: Use, same: _Sameness) -> tuple[str, Stated | None, float] | None:
    """In what two uses differ, with how sure that is; None where nothing says so."""
    if use.windows and other.windows and use.windows.isdisjoint(other.windows):
        return "window", None, 0.8
    if use.definition and other.definition and not same(use.definition, other.definition):
        return "definition", None, 0.7
    if (
        use.population
        and other.population
        and _are_apart(use.population.text, other.population.text)
    ):
        return "population", None, 0.65
    if use.average and other.average and use.average != other.average:
        return "average", None, 0.7
    if use.unit and other.unit and use.unit != other.unit:
        return "unit", None, 0.55
    return None


def _are_apart(one: str, other: str) -> bool:
    return overlap(content_stems(one), content_stems(other)) == 0


def _agrees(use: Use, stated: Stated, same: _Sameness) -> bool:
    """Whether a use says what a document says."""
    if not use.definition or (
        use.windows and stated.windows and use.windows.isdisjoint(stated.windows)
    ):
        return False
    return same(use.definition, stated.definition)


def _departs(use: Use, stated: Stated, same: _Sameness) -> bool:
    """Whether a use plainly says something else than a document."""
    if not use.definition:
        return False
    if use.windows and stated.windows and use.windows.isdisjoint(stated.windows):
        return True
    shared = overlap(content_stems(use.definition), content_stems(stated.quote))
    return shared <= _OTHER_WORDS and not same(use.definition, stated.definition)


def _sure(found: Mismatch, stated: Stated | None, same: _Sameness) -> float:
    """More where a document takes sides."""
    if not stated or not found.other:
        return found.confidence
    sides = [_agrees(one, stated, same) for one in (found.use, found.other)]
    return 0.9 if sides == [False, True] else found.confidence


class _Sameness:
    """Tells whether two definitions say the same; embeds the few that words tell apart."""

    def __init__(self, definitions: Iterable[str], embed: Embed | None) -> None:
        self._texts = list(dict.fromkeys(filter(None, definitions)))
        self._embed = embed
        self._rows: dict[str, NDArray[np.float32]] | None = None

    def __call__(self, one: str, other: str) -> bool:
        if overlap(content_stems(one), content_stems(other)) >= _SAME_WORDS:
            return True
        if self._embed is None:
            return False
        if self._rows is None:
            vectors = self._embed(self._texts)
            self._rows = dict(zip(self._texts, vectors, strict=True))
        return bool(self._rows[one] @ self._rows[other] >= _SAME_MEANING)


# Wording


def _finding(item: Mismatch, organisation: Organisation) -> Finding:
    use = item.use
    teams = {team.id: team.name for team in organisation.teams}
    evidence = [_evidence(use, teams, "draft")]
    if item.other:
        evidence.append(_evidence(item.other, teams, "peer"))
    if item.stated:
        evidence.append(_document(item.stated))
    return corpus_finding(
        "A10",
        use.objective,
        _message(item, teams),
        on=use.on,
        span=use.defined or use.population,
        evidence=tuple(evidence),
        confidence=item.confidence,
        at_most="info",
    )


def _evidence(use: Use, teams: Mapping[str, str], kind: str) -> Evidence:
    return Evidence(
        kind="draft" if kind == "draft" else "peer",
        id=use.objective.id,
        title=teams.get(use.objective.team_id or "", ""),
        quote=use.key_result.text,
        location=location_of(use.objective, use.on),
    )


def _document(stated: Stated) -> Evidence:
    return cited(stated.document, stated.quote, stated.passage.location, stated.passage.id)


def _message(item: Mismatch, teams: Mapping[str, str]) -> str:
    use, other, name = item.use, item.other, quoted(item.use.name)
    shared = ""
    if item.stated:
        title = dated(item.stated.document.title, item.stated.document.published)
        shared = f" {title} says {quoted(item.stated.definition)}."
    if other is None:
        return f"{name} is {quoted(use.definition)} here.{shared}"
    there = _where(other, teams)
    if item.reason in ("window", "definition"):
        mine, theirs = _meaning(use), _meaning(other)
        return f"{name} is {quoted(mine)} here and {quoted(theirs)} in {there}.{shared}"
    if item.reason == "population" and use.population and other.population:
        return (
            f"{name} is a share of {quoted(use.population.text)} here and of "
            f"{quoted(other.population.text)} in {there}.{shared}"
        )
    if item.reason == "average":
        return f"{name} is a {use.average} here and a {other.average} in {there}.{shared}"
    return f"{name} is stated as {_UNITS[use.unit or '']} here and as {_UNITS[other.unit or '']} in {there}.{shared}"


def _meaning(use: Use) -> str:
    return use.definition or use.key_result.text


def _where(use: Use, teams: Mapping[str, str]) -> str:
    return teams.get(use.objective.team_id or "") or quoted(use.objective.text)


_UNITS = {
    "share": "a percentage",
    "money": "an amount of money",
    "time": "a length of time",
    "number": "a number",
    "": "something else",
}
