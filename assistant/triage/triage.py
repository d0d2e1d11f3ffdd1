"""Parts the findings that people see from those that they decided not to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.history import Dismissal, HistoryUnavailable, opened
from assistant.models import Finding, Location, Noun, Objective, Problem, Suppressed, fold
from assistant.triage.directives import Directive, directives, known

if TYPE_CHECKING:
    from assistant.settings import Ignore, Settings

_SETTINGS = Location(file="okr.toml")


class Looked(Noun):
    """What was looked at.

    Attributes:
        objectives: all of them.
        applied: for the id of each, the codes of the rules whose detectors ran.
        teams: the names of the teams, by id.
        everything: whether nothing was left out, so that what fits nothing here fits nowhere.
    """

    objectives: tuple[Objective, ...]
    applied: Mapping[str, frozenset[str]]
    teams: Mapping[str, str]
    everything: bool = False


class Triaged(Noun):
    """The findings that people see, those that they decided not to see, and what is amiss."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    problems: tuple[Problem, ...]


def triage(
    findings: Iterable[Finding], looked: Looked, settings: Settings, *, remember: bool = True
) -> Triaged:
    """Apply what the draft, the settings and the history say about findings, in this order.

    Args:
        findings: everything that was found.
        looked: where it was looked for.
        settings: holds ``ignore``, and names the history.
        remember: whether the history notes what is shown.

    Returns:
        Every finding exactly once, and problems with what is said about findings.
    """
    said = [item for objective in looked.objectives for item in directives(objective)]
    in_draft = [item for item in said if isinstance(item, Directive)]
    in_settings, problems = _sorted(_ignores(settings.ignore, looked))
    problems = [*(item for item in said if isinstance(item, Problem)), *problems]
    files = {item.id: _file(item) for item in looked.objectives}
    owners = {item.id: item.team_id for item in looked.objectives}
    shown: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[int] = set()
    for finding in findings:
        objective_id = finding.objective_id
        by_draft = [item for item in in_draft if item.covers(finding, files.get(objective_id))]
        by_settings = [item for item in in_settings if item.covers(finding, owners)]
        used.update(map(id, (*by_draft, *by_settings)))
        if by_draft:
            suppressed.append(_by_draft(finding, by_draft[0]))
        elif by_settings:
            suppressed.append(_by_settings(finding, by_settings[0]))
        else:
            shown.append(finding)
    problems.extend(_unused(in_draft, in_settings, used, looked))
    dismissed, history_problems = _dismissed(shown, settings, remember)
    suppressed.extend(
        _by_dismissal(item, dismissed[item.fingerprint])
        for item in shown
        if item.fingerprint in dismissed
    )
    return Triaged(
        findings=tuple(item for item in shown if item.fingerprint not in dismissed),
        suppressed=tuple(suppressed),
        problems=(*problems, *history_problems),
    )


def _file(objective: Objective) -> str | None:
    return objective.location.file if objective.location else None


# --- settings -----------------------------------------------------------------------------------


class _Rule(Noun):
    """One ``[[ignore]]`` of the settings, with the ids of the teams that it names."""

    rule: str
    reason: str
    name: str
    team_ids: frozenset[str] | None

    def covers(self, finding: Finding, owners: Mapping[str, str | None]) -> bool:
        """Whether a finding about an objective of these owners is meant."""
        if finding.rule != self.rule:
            return False
        return self.team_ids is None or owners.get(finding.objective_id) in self.team_ids


def _ignores(ignores: Iterable[Ignore], looked: Looked) -> Iterator[_Rule | Problem]:
    for number, ignore in enumerate(ignores, start=1):
        team = f" for team {ignore.team!r}" if ignore.team else ""
        name = f"[[ignore]] number {number} (rule {ignore.rule!r}{team})"
        if not ignore.reason.strip():
            yield Problem(
                message=f"{name} gives no reason, so it is not applied. Add 'reason = \"...\"'.",
                location=_SETTINGS,
                severity="warning",
            )
            continue
        for code in known([ignore.rule], name, _SETTINGS):
            if isinstance(code, Problem):
                yield code
                continue
            reason = " ".join(ignore.reason.split())
            teams = _team_ids(ignore.team, looked)
            yield _Rule(rule=code, reason=reason, name=name, team_ids=teams)


def _team_ids(team: str | None, looked: Looked) -> frozenset[str] | None:
    if team is None:
        return None
    return frozenset(
        id for id, name in looked.teams.items() if team == id or fold(team) == fold(name)
    )


def _sorted(items: Iterable[_Rule | Problem]) -> tuple[list[_Rule], list[Problem]]:
    items = list(items)
    return (
        [item for item in items if isinstance(item, _Rule)],
        [item for item in items if isinstance(item, Problem)],
    )


# --- what suppresses nothing --------------------------------------------------------------------


def _unused(
    in_draft: Iterable[Directive], in_settings: Iterable[_Rule], used: set[int], looked: Looked
) -> Iterator[Problem]:
    """What a rule that ran found nothing for. Of a rule that did not run, nothing can be said."""
    for item in in_draft:
        if id(item) in used or not _ran(item, looked):
            continue
        yield _note(f"'{item}' suppresses nothing here. Take it out.", item.location)
    if not looked.everything:
        return
    ran = frozenset().union(*looked.applied.values())
    for rule in in_settings:
        if id(rule) not in used and rule.rule in ran:
            yield _note(f"{rule.name} suppresses nothing. Take it out.", _SETTINGS)


def _ran(item: Directive, looked: Looked) -> bool:
    if not item.for_file:
        return item.rule in looked.applied.get(item.objective_id, frozenset())
    file = item.location.file if item.location else None
    return any(
        item.rule in looked.applied.get(objective.id, frozenset())
        for objective in looked.objectives
        if _file(objective) == file
    )


def _note(message: str, location: Location | None) -> Problem:
    return Problem(message=message, location=location, severity="info")


# --- the history --------------------------------------------------------------------------------


def _dismissed(
    shown: Iterable[Finding], settings: Settings, remember: bool
) -> tuple[dict[str, Dismissal], tuple[Problem, ...]]:
    if not settings.history:
        return {}, ()
    try:
        with opened(settings.home) as history:
            if remember:
                return history.meet(shown), ()
            return {item.fingerprint: item for item in history.dismissals()}, ()
    except HistoryUnavailable as error:
        message = f"Dismissals are not applied. {error}"
        return {}, (Problem(message=message, severity="warning"),)


# --- why ----------------------------------------------------------------------------------------


def _by_draft(finding: Finding, directive: Directive) -> Suppressed:
    return Suppressed(
        finding=finding, by="draft", reason=directive.reason, location=directive.location
    )


def _by_settings(finding: Finding, rule: _Rule) -> Suppressed:
    return Suppressed(finding=finding, by="settings", reason=rule.reason, location=_SETTINGS)


def _by_dismissal(finding: Finding, dismissal: Dismissal) -> Suppressed:
    reason = f"{dismissal.kind}: {dismissal.reason}"
    return Suppressed(finding=finding, by="dismissal", reason=reason)
