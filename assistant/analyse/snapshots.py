"""What has to be remembered of a scan, so that a later one can be compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2s

from assistant.history.scans import (
    SeenCoverage,
    SeenDocument,
    SeenEdge,
    SeenFinding,
    SeenObjective,
    Snapshot,
)
from assistant.models import (
    Coverage,
    Edge,
    Finding,
    Objective,
    Organisation,
    ParentLink,
    Passage,
    StrategyDocument,
    fold,
    shortened,
)

_LONGEST = 160

_FIELDS = {
    "key": "key",
    "team_id": "team",
    "cycle_id": "period",
    "contribution": "contribution",
    "owner": "owner",
    "horizon": "horizon",
    "kind": "kind",
    "phase": "phase",
    "drivers": "drivers",
    "status": "state",
    "tags": "tags",
    "notes": "notes",
}
_RESULT_FIELDS = {
    "score": "scores of key results",
    "status": "states of key results",
    "owner": "owners of key results",
    "tags": "tags of key results",
    "notes": "notes on key results",
}


def take_snapshot(
    organisation: Organisation,
    *,
    taken_at: datetime,
    findings: Iterable[Finding],
    edges: Iterable[Edge] = (),
    coverage: Iterable[Coverage] = (),
    team: str | None = None,
    looked_at: int | None = None,
    audiences: Iterable[str] = (),
    profile: str = "default",
    rules: str = "",
) -> Snapshot:
    """What has to be remembered of a scan.

    Args:
        organisation: everything that was looked at, objectives of other teams included.
        taken_at: in UTC.
        findings: those that were shown.
        team: the id of the team that the scan was limited to.
        looked_at: how many objectives were; None for all of the organisation.
        audiences: for whom it was taken; scans for others are never compared with it.
        rules: changes when the rules or their settings do.
    """
    owners = {
        passage.id: document.id
        for document in organisation.documents
        for passage in document.passages
    }
    return Snapshot(
        taken_at=taken_at,
        team=team,
        team_name=named.name if (named := organisation.team(team)) else "",
        looked_at=looked_at,
        audiences=audience_names(audiences),
        profile=profile,
        rules=rules,
        findings=tuple(_seen_finding(item, owners) for item in findings),
        objectives=tuple(_seen_objective(item) for item in organisation.objectives),
        documents=tuple(_seen_document(item) for item in organisation.documents),
        edges=tuple(
            SeenEdge(child_id=item.child_id, parent_id=item.parent_id, verdict=item.verdict)
            for item in edges
        ),
        coverage=tuple(
            SeenCoverage(
                choice_id=item.choice.id,
                text=shortened(item.choice.text, _LONGEST),
                served_by=tuple(item.served_by),
            )
            for item in coverage
        ),
    )


def audience_names(audiences: Iterable[str]) -> tuple[str, ...]:
    """The audiences of a scan as the history knows them: folded, each once, in order."""
    return tuple(sorted({fold(item) for item in audiences}))


def _seen_finding(finding: Finding, owners: Mapping[str, str]) -> SeenFinding:
    behind = (owners.get(item.id, item.id) for item in finding.evidence)
    about = dict.fromkeys(one for one in behind if one != finding.objective_id)
    return SeenFinding(
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        severity=finding.severity,
        message=finding.message,
        objective_id=finding.objective_id,
        about=tuple(about),
    )


def _seen_objective(objective: Objective) -> SeenObjective:
    without_place = objective.model_copy(
        update={
            "location": None,
            "parents": tuple(ParentLink(stated=link.stated) for link in objective.parents),
            "key_results": tuple(
                item.model_copy(update={"location": None}) for item in objective.key_results
            ),
        }
    )
    return SeenObjective(
        id=objective.id,
        text=shortened(objective.text, _LONGEST),
        team_id=objective.team_id,
        cycle_id=objective.cycle_id,
        parents=tuple(shortened(link.stated, _LONGEST) for link in objective.parents),
        fields=dict(_fields(without_place)),
        key_results=tuple(_digest(item.text)[:8] for item in objective.key_results),
        words=_digest(*objective.texts),
        whole=_digest(without_place.model_dump_json()),
    )


def _fields(objective: Objective) -> Iterator[tuple[str, str]]:
    for name, label in _FIELDS.items():
        if value := getattr(objective, name):
            yield label, _digest(repr(value))[:8]
    for name, label in _RESULT_FIELDS.items():
        values = [getattr(item, name) for item in objective.key_results]
        if any(value not in (None, "open", ()) for value in values):
            yield label, _digest(repr(values))[:8]


def _seen_document(document: StrategyDocument) -> SeenDocument:
    return SeenDocument(
        id=document.id,
        title=document.title,
        version=document.version,
        published=document.published,
        words=_digest(*(_words(item) for item in document.passages)),
    )


def _words(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}"


def _digest(*parts: str) -> str:
    return blake2s(
        "\x1f".join(map(fold, parts)).encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
