"""Which edits lie between two scans, and the sentence for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from assistant.analyse.citations import on_day, quoted
from assistant.history.scans import SeenDocument, SeenFinding, SeenObjective, Snapshot
from assistant.models import fold

_ALIKE = 0.6
"""How alike two texts of one team and period are at least for one to be the other, edited."""

_FEW = 30
"""Among more new objectives of one team and period, words alone are not compared."""

Pair = tuple[SeenFinding, SeenFinding]
"""A finding of the earlier scan and the same of the present one."""


def edits(previous: Snapshot, current: Snapshot) -> tuple[str, ...]:
    """What was edited between two snapshots, a sentence each: documents first, then objectives.

    Args:
        previous: what was there.
        current: what is there now, for the same audiences.
    """
    found = Edits(previous, current)
    documents = (item.id for side in (current, previous) for item in side.documents)
    objectives = (item.id for side in (current, previous) for item in side.objectives)
    said = (*map(found.of_document, documents), *map(found.of_objective, objectives))
    return tuple(dict.fromkeys(filter(None, said)))


class Edits:
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

    def reworded(self, gone: Sequence[SeenFinding], new: Sequence[SeenFinding]) -> list[Pair]:
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
