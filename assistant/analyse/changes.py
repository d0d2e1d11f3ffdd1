"""What is different from an earlier scan, and which edit caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from hashlib import blake2s
from typing import Literal

from assistant.analyse.citations import on_day, quoted
from assistant.history.scans import (
    SeenCoverage,
    SeenDocument,
    SeenEdge,
    SeenFinding,
    SeenObjective,
    Snapshot,
)
from assistant.models import (
    SEVERITIES,
    Change,
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
_SUBJECT = 70
_ALIKE = 0.6
"""How alike two texts of one team and period are at least for one to be the other, edited."""

_FEW = 30
"""Among more new objectives of one team and period, words alone are not compared."""

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

_LOOK = "Look here"
"""What says so carries no verdict, so that its rule's own word would say too much."""

_WORDS = {
    "A1": "orphaned",
    "A2": "without anybody who serves it",
    "A3": "drifted",
    "A4": "a copy of its parent",
    "A5": "in conflict",
    "A6": "a duplicate",
    "A7": "dependent",
    "A8": "against the strategy",
    "A9": "stale",
    "A10": "measured in two ways",
    "A11": "under another parent than it serves",
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


def compare(previous: Snapshot, current: Snapshot) -> tuple[Change, ...]:
    """What is new, resolved and otherwise different, with the cause of each as far as it shows.

    Args:
        previous: an earlier scan of the same scope.
        current: the present one.

    Returns:
        New findings, then resolved ones, then those that outlived an edit and severities that
        changed, then links with another verdict. Among each what compares objectives with others
        and with the strategy comes first, then what is graver.
    """
    edits = _Edits(previous, current)
    kept, gone, new = _paired(previous.findings, current.findings)
    reworded = edits.reworded(gone, new)
    stayed = {id(old) for old, _ in reworded}
    edited = {id(item) for _, item in reworded}
    return (
        *(_change("new", item, edits) for item in _ranked(new) if id(item) not in edited),
        *(_change("resolved", item, edits) for item in _ranked(gone) if id(item) not in stayed),
        *(_still(item, edits) for item in _ranked(item for _, item in reworded)),
        *_other_severities(kept, edits),
        *_other_verdicts(previous, current, edits),
    )


def edits(previous: Snapshot, current: Snapshot) -> tuple[str, ...]:
    """What was edited between two snapshots, a sentence each: documents first, then objectives.

    Args:
        previous: what was there.
        current: what is there now, for the same audiences.
    """
    found = _Edits(previous, current)
    documents = (item.id for side in (current, previous) for item in side.documents)
    objectives = (item.id for side in (current, previous) for item in side.objectives)
    said = (*map(found.of_document, documents), *map(found.of_objective, objectives))
    return tuple(dict.fromkeys(filter(None, said)))


_Pair = tuple[SeenFinding, SeenFinding]


def _paired(
    previous: Sequence[SeenFinding], current: Sequence[SeenFinding]
) -> tuple[list[_Pair], list[SeenFinding], list[SeenFinding]]:
    """What both scans found, what only the earlier one did, and what only the present one did.

    A fingerprint says what is said of which words. Two objectives may share their words, so one
    finding of each scan belongs to one of the other, on the same objective if there is one.
    """
    pairs: list[_Pair] = []
    new = list(current)
    gone = list(previous)
    for key_of in (_exactly, _by_words):
        waiting: dict[object, list[SeenFinding]] = defaultdict(list)
        for item in reversed(gone):
            waiting[key_of(item)].append(item)
        left = []
        for item in new:
            if others := waiting.get(key_of(item)):
                pairs.append((others.pop(), item))
            else:
                left.append(item)
        taken = {id(old) for old, _ in pairs}
        new, gone = left, [item for item in gone if id(item) not in taken]
    return pairs, gone, new


def _exactly(item: SeenFinding) -> object:
    return item.fingerprint, item.objective_id


def _by_words(item: SeenFinding) -> object:
    return item.fingerprint


def _ranked(findings: Iterable[SeenFinding]) -> list[SeenFinding]:
    return sorted(
        findings, key=lambda item: (item.rule not in _WORDS, -SEVERITIES.index(item.severity))
    )


# What is remembered


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


# What was edited


class _Edits:
    """The edits between two scans, and the sentence for each."""

    def __init__(self, previous: Snapshot, current: Snapshot) -> None:
        self._previous, self._current = previous, current
        self._old = {item.id: item for item in previous.objectives}
        self._new = {item.id: item for item in current.objectives}
        self._old_documents = {item.id: item for item in previous.documents}
        self._new_documents = {item.id: item for item in current.documents}
        self._became = _became(
            [item for key, item in self._old.items() if key not in self._new],
            [item for key, item in self._new.items() if key not in self._old],
        )
        self._was = {new: old for old, new in self._became.items()}
        self._served = {item.choice_id: item for item in previous.coverage}
        self._serves = {item.choice_id: item for item in current.coverage}

    def cause(self, finding: SeenFinding) -> str:
        """The edit behind the appearance or disappearance of a finding; empty if none shows."""
        causes = (
            self.of_objective(finding.objective_id),
            *map(self.of_objective, finding.about),
            *map(self.of_document, finding.about),
            self._of_coverage(finding.objective_id),
            self._of_rules(),
            self._of_any_document(finding),
        )
        return next(filter(None, causes), "")

    def of_objective(self, objective_id: str) -> str:
        """What became of an objective, as a sentence; empty where nothing did."""
        old = self._old.get(self._was.get(objective_id, objective_id))
        new = self._new.get(self._became.get(objective_id, objective_id))
        if old and not new:
            return f"The objective {quoted(old.text)} was removed."
        if new and not old:
            return f"The objective {quoted(new.text)} was added."
        return _edit(old, new) if old and new and old.whole != new.whole else ""

    def of_document(self, document_id: str) -> str:
        """What became of a document, as a sentence; empty where nothing did."""
        old, new = self._old_documents.get(document_id), self._new_documents.get(document_id)
        if new and not old:
            before = _alone(self._old_documents, self._new_documents, new)
            if before:
                return f"{_edition(new)} took the place of {_edition(before)}."
            return f"{_edition(new)} was added."
        if old and not new:
            after = _alone(self._new_documents, self._old_documents, old)
            if after:
                return f"{_edition(after)} took the place of {_edition(old)}."
            return f"{_edition(old)} was removed."
        if old and new and old.words != new.words:
            return f"The text of {_edition(new)} was changed."
        return ""

    def reworded(self, gone: Sequence[SeenFinding], new: Sequence[SeenFinding]) -> list[_Pair]:
        """What was found before and after the words that it is about were edited."""
        waiting: dict[tuple[str, str], list[SeenFinding]] = defaultdict(list)
        for item in gone:
            now = self._became.get(item.objective_id, item.objective_id)
            waiting[item.rule, now].append(item)
        return [
            (others.pop(0), item)
            for item in new
            if (others := waiting.get((item.rule, item.objective_id)))
            and self.of_objective(item.objective_id)
        ]

    def text(self, objective_id: str) -> str:
        """The words of an objective or a choice, as they are or were."""
        found = (
            self._new.get(objective_id)
            or self._old.get(objective_id)
            or self._serves.get(objective_id)
            or self._served.get(objective_id)
        )
        return found.text if found else ""

    def _of_coverage(self, choice_id: str) -> str:
        """What became of those who served a choice."""
        before, after = self._served.get(choice_id), self._serves.get(choice_id)
        owners = {
            *(before.served_by if before else ()),
            *(after.served_by if after else ()),
        }
        return next(filter(None, map(self.of_objective, sorted(owners))), "")

    def _of_rules(self) -> str:
        if self._previous.profile != self._current.profile:
            return (
                f"The profile is {self._current.profile!r} now; it was {self._previous.profile!r}."
            )
        if self._previous.rules != self._current.rules:
            return "The rules, their settings or the trained models were changed."
        return ""

    def _of_any_document(self, finding: SeenFinding) -> str:
        """For findings against the strategy: a document that came, went or was edited."""
        if finding.rule not in ("A2", "A8", "A9"):
            return ""
        known = {**self._old_documents, **self._new_documents}
        edits = [said for key in known if (said := self.of_document(key))]
        return edits[0] if len(edits) == 1 else ""


def _became(gone: Sequence[SeenObjective], new: Sequence[SeenObjective]) -> dict[str, str]:
    """From objectives that are gone to those that they were edited into.

    The source may give no keys, so that an objective with other words is another one: in one team
    and period the most alike belong together, by key results and words.
    """
    places: dict[tuple[str | None, str | None], list[SeenObjective]] = defaultdict(list)
    for item in new:
        places[item.team_id, item.cycle_id].append(item)
    scored = sorted(
        (
            (_alike(old, item), old.id, item.id)
            for old in gone
            for item in _candidates(old, places.get((old.team_id, old.cycle_id), []))
        ),
        reverse=True,
    )
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for alike, old_id, new_id in scored:
        if alike >= _ALIKE and old_id not in pairs and new_id not in taken:
            pairs[old_id] = new_id
            taken.add(new_id)
    return pairs


def _candidates(old: SeenObjective, there: Sequence[SeenObjective]) -> Sequence[SeenObjective]:
    """What an objective may have become; among many, those that share a key result."""
    if len(there) <= _FEW:
        return there
    results = {*old.key_results}
    return [item for item in there if not results.isdisjoint(item.key_results)]


def _alike(old: SeenObjective, new: SeenObjective) -> float:
    both = {*old.key_results} | {*new.key_results}
    results = len({*old.key_results} & {*new.key_results}) / len(both) if both else 0.0
    return max(results, SequenceMatcher(None, fold(old.text), fold(new.text)).ratio())


# What to say


def _change(kind: Literal["new", "resolved"], finding: SeenFinding, edits: _Edits) -> Change:
    words = _WORDS.get(finding.rule)
    if finding.message.startswith(_LOOK):
        words = "worth a look"
    start = "Resolved" if kind == "resolved" else f"Newly {words}" if words else "New"
    if kind == "resolved" and words:
        start = f"No longer {words}"
    return _said(kind, start, finding, edits)


def _still(finding: SeenFinding, edits: _Edits) -> Change:
    return _said("changed", "Still so after the edit", finding, edits)


def _said(
    kind: Literal["new", "resolved", "changed"], start: str, finding: SeenFinding, edits: _Edits
) -> Change:
    about = shortened(edits.text(finding.objective_id), _SUBJECT)
    is_named = not about or about.rstrip(" …") in finding.message
    subject = "" if is_named else f", {quoted(about)}"
    return Change(
        kind=kind,
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        message=f"{start}{subject}: {finding.message}",
        cause=edits.cause(finding),
    )


def _other_severities(kept: Iterable[_Pair], edits: _Edits) -> Iterator[Change]:
    for old, item in kept:
        if old.severity != item.severity:
            yield _said("changed", f"From {old.severity} to {item.severity}", item, edits)


def _other_verdicts(previous: Snapshot, current: Snapshot, edits: _Edits) -> Iterator[Change]:
    """Links judged otherwise than before, where no new or resolved drift says so already."""
    said = {
        item.objective_id
        for snapshot, other in ((previous, current), (current, previous))
        for item in snapshot.findings
        if item.rule == "A3" and item.fingerprint not in {one.fingerprint for one in other.findings}
    }
    old = {(item.child_id, item.parent_id): item.verdict for item in previous.edges}
    for edge in current.edges:
        before = old.get((edge.child_id, edge.parent_id))
        if before in (None, edge.verdict) or edge.child_id in said:
            continue
        child, parent = edits.text(edge.child_id), edits.text(edge.parent_id)
        yield Change(
            kind="changed",
            rule="A3",
            fingerprint="",
            message=f"{quoted(child)} under {quoted(parent)} was judged {before!r} and is now "
            f"{edge.verdict!r}.",
            cause=edits.of_objective(edge.child_id) or edits.of_objective(edge.parent_id),
        )


def _edition(document: SeenDocument) -> str:
    version = f", version {document.version}" if document.version else ""
    day = f" of {on_day(document.published)}" if document.published else ""
    return f"{quoted(document.title)}{version}{day}"


def _alone(
    here: Mapping[str, SeenDocument], there: Mapping[str, SeenDocument], like: SeenDocument
) -> SeenDocument | None:
    """The only document of the same title that only one of two scans has."""
    found = [
        item
        for key, item in here.items()
        if key not in there and fold(item.title) == fold(like.title)
    ]
    return found[0] if len(found) == 1 else None


def _edit(old: SeenObjective, new: SeenObjective) -> str:
    """How an objective was edited, the weightiest part of it."""
    if fold(old.text) != fold(new.text):
        return f"The objective {quoted(old.text)} now reads {quoted(new.text)}."
    if old.words != new.words:
        return f"Key results of {quoted(new.text)} were changed."
    if old.parents != new.parents:
        return _other_parents(old, new)
    return f"Of {quoted(new.text)} something was changed: {_other_fields(old, new)}."


def _other_parents(old: SeenObjective, new: SeenObjective) -> str:
    lost = [quoted(item) for item in old.parents if item not in new.parents]
    found = [quoted(item) for item in new.parents if item not in old.parents]
    if lost and found:
        return (
            f"The parent of {quoted(new.text)} is {', '.join(found)} now; it was {', '.join(lost)}."
        )
    if found:
        return f"{quoted(new.text)} names the parent {', '.join(found)} now."
    if lost:
        return f"{quoted(new.text)} no longer names the parent {', '.join(lost)}."
    return f"The order of the parents of {quoted(new.text)} was changed."


def _other_fields(old: SeenObjective, new: SeenObjective) -> str:
    names = [
        name
        for name in {**old.fields, **new.fields}
        if old.fields.get(name) != new.fields.get(name)
    ]
    return ", ".join(names) or "a field"
