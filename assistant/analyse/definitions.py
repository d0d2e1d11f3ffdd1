"""One name of a metric with two meanings in two teams (A10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
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

_TRIED = 8
_CITED = 3
_MEANINGS = 8
"""So many meanings of one name are told apart; a name with more is no name of one metric."""


class Mismatch(NamedTuple):
    """Two uses of one name that do not count the same.

    ``other`` is None where only a document says otherwise; ``stated`` is what a document says;
    ``also`` are further uses with the meaning of the first.
    """

    use: Use
    other: Use | None
    reason: str
    stated: Stated | None = None
    confidence: float = 0.7
    also: tuple[Use, ...] = ()


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
        A10, one for each meaning that departs from the documented or the earlier stated one, on
        its first use; further uses are named and cited.
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
    """Tell the few meanings of a name apart, the documented one first, and hold them together."""
    if len(group) == 1 and (stated is None or not group[0].definition):
        return
    same = _Sameness(
        [*(use.definition for use in group), stated.definition if stated else ""], embed
    )
    ordered = sorted(group, key=lambda use: not (stated and _agrees(use, stated, same)))
    meanings = _meanings(ordered, same)
    for at, meaning in enumerate(meanings):
        found = _against(meaning, meanings[:at], cycles, same)
        if found is None and stated and _departs(meaning[0], stated, same):
            found = Mismatch(meaning[0], None, "definition", confidence=0.6)
        if found:
            also = tuple(use for use in meaning if use is not found.use)
            yield found._replace(stated=stated, confidence=_sure(found, stated, same), also=also)


def _meanings(uses: Iterable[Use], same: _Sameness) -> list[list[Use]]:
    """The uses by what they mean; what says too little to differ belongs to the first."""
    meanings: list[list[Use]] = []
    for use in uses:
        fitting = (one for one in meanings if _difference(use, one[0], same) is None)
        meaning = next(fitting, None)
        if meaning is not None:
            meaning.append(use)
        elif len(meanings) < _MEANINGS:
            meanings.append([use])
    return meanings


def _against(
    meaning: Sequence[Use],
    earlier: Iterable[Sequence[Use]],
    cycles: Mapping[str, Cycle],
    same: _Sameness,
) -> Mismatch | None:
    """The first two uses of two meanings that stand in different teams at one time."""
    for other in earlier:
        for use, there in product(meaning[:_TRIED], other[:_TRIED]):
            if _are_comparable(use, there, cycles) and (found := _difference(use, there, same)):
                reason, confidence = found
                return Mismatch(use, there, reason, confidence=confidence)
    return None


def _are_comparable(one: Use, other: Use, cycles: Mapping[str, Cycle]) -> bool:
    if one.objective.team_id == other.objective.team_id:
        return False
    periods = cycles.get(one.objective.cycle_id or ""), cycles.get(other.objective.cycle_id or "")
    first, second = periods
    if not (first and second and first.start and first.end and second.start and second.end):
        return one.objective.cycle_id == other.objective.cycle_id or None in periods
    return first.start <= second.end and second.start <= first.end


def _difference(use: Use, other: Use, same: _Sameness) -> tuple[str, float] | None:
    """In what two uses differ, with how sure that is; None where nothing says so."""
    if use.windows and other.windows and use.windows.isdisjoint(other.windows):
        return "window", 0.8
    if use.definition and other.definition and not same(use.definition, other.definition):
        return "definition", 0.7
    if (
        use.population
        and other.population
        and _are_apart(use.population.text, other.population.text)
    ):
        return "population", 0.65
    if use.average and other.average and use.average != other.average:
        return "average", 0.7
    if use.unit and other.unit and use.unit != other.unit and _are_called_alike(use, other):
        return "unit", 0.55
    return None


def _are_called_alike(use: Use, other: Use) -> bool:
    """Whether the whole names agree, with the group or place behind them."""
    one, two = use.key_result.measure.metric, other.key_result.measure.metric
    return bool(one and two and content_stems(one.text) == content_stems(two.text))


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
    peers = [item.other] if item.other else []
    evidence += [_evidence(one, teams, "peer") for one in (*peers, *item.also[:_CITED])]
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
    shared = _also(item, teams)
    if item.stated:
        title = dated(item.stated.document.title, item.stated.document.published)
        shared += f" {title} says {quoted(item.stated.definition)}."
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


def _also(item: Mismatch, teams: Mapping[str, str]) -> str:
    """The other teams with the meaning of the first use."""
    own = item.use.objective.team_id
    names = dict.fromkeys(_where(one, teams) for one in item.also if one.objective.team_id != own)
    if not names:
        return ""
    shown = ", ".join(list(names)[:_CITED])
    more = f" and {len(names) - _CITED} more" if len(names) > _CITED else ""
    return f" The same in {shown}{more}."


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
