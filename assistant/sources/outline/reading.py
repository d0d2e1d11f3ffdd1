"""Walks an outline and makes records of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.models import Location, Problem, Severity, fold
from assistant.sources.cells import is_blank
from assistant.sources.cycles import find_period
from assistant.sources.markers import FieldLine
from assistant.sources.outline.drafts import Draft, KeyResultDraft, ObjectiveDraft, finish
from assistant.sources.outline.fields import AND_TEXTS, SIZES, amount, set_field
from assistant.sources.outline.node import (
    INTRO_LEVEL,
    Node,
    field_lines,
    is_ignore_for_file,
    is_singular,
)
from assistant.sources.outline.notes import keep_notes
from assistant.sources.outline.roles import (
    Facts,
    is_explicit_team,
    learn,
    path,
    settle_details,
    settle_key_results,
    settle_objectives,
    team_name,
)
from assistant.sources.records import CycleRecord, Record, TeamRecord
from assistant.sources.tidy import Tidied, clean
from assistant.sources.vocabulary import FUNCTIONS, UNIT


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for everything below a heading.

    Attributes:
        team: name as written.
        defaults: fields that objectives take over unless they say otherwise.
        above: the key or text of the objective or key result that encloses this part.
        explicit: whether what stands here is sure to be objectives.
        titled: the source names the team elsewhere, so that a first heading is a mere title.
    """

    team: str | None = None
    cycle: str | None = None
    defaults: tuple[FieldLine, ...] = ()
    above: str | None = None
    explicit: bool = False
    titled: bool = False


_FOR_OBJECTIVES = frozenset(
    {"parent", "contribution", "kind", "drivers", "phase", "cycle", "team", "company"}
)
_INHERITED = frozenset({"owner", "kind", "horizon", "drivers", "phase", "parent", "contribution"})
_LEAD = re.compile(
    r"(?P<role>C[A-Z]{1,3}O|CISO|VPE|[SE]?VP [A-Z][\w&]*|Head of [A-Z][\w& ]{1,24}?)\s*[:–—]\s+(?=\S)"
)
_PREFIX = re.compile(r"(?P<name>[^\W\d_][\w&/+ -]{0,38}?)\s*(?::|\s[–—-])\s+(?=\S)")
_UNIT_NAME = re.compile(rf"(?:{UNIT})\s+\S.*|.*\S\s+(?:{UNIT})", re.IGNORECASE)
_FEW_WORDS = 3
_SEVERAL = re.compile(
    r"(?:krs|key[ -]?results|schl(?:ü|ue)sselergebnisse|r[ée]sultats[ -]cl[ée]s|resultados)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:^|(?<=\s))\(?\d{1,2}[.)]\s+")
_COLON = re.compile(r"(?!.*:[\w+-]+:$)(?P<words>.*?)\s*:")


def read_outline(root: Node, file: str, scope: Scope = Scope()) -> Iterator[Record]:
    """The records of an outline, in its order.

    Args:
        root: the outline; its nodes are given their roles on the way.
        file: the name that locations carry.
        scope: what the source says about the whole, such as its team.

    Yields:
        Teams, cycles and objectives, and a problem for each part that could not be read.
    """
    reading = _Reading(file, learn(root))
    reading.container(root, scope)
    for record in reading.records:
        yield finish(record, file) if isinstance(record, ObjectiveDraft) else record


class _Reading:
    """The walk through one outline."""

    def __init__(self, file: str, facts: Facts) -> None:
        self.file = file
        self.facts = facts
        self.records: list[Record | ObjectiveDraft] = []
        self.latest: Draft | None = None
        self.for_file: list[str] = []

    def place(self, line: int) -> Location:
        return Location(file=self.file, line=line)

    def complain(self, message: str, line: int, severity: Severity = "warning") -> None:
        self.records.append(Problem(message=message, location=self.place(line), severity=severity))

    # --- containers ---

    def container(
        self, node: Node, scope: Scope, last: ObjectiveDraft | None = None
    ) -> ObjectiveDraft | None:
        """Read what stands under a heading; returns the last objective."""
        settle_objectives(node, self.facts, scope.explicit)
        for child in node.children:
            if child.role == "field":
                scope = self.container_field(child, scope, last)
            elif child.role == "objective":
                last = self.objective(child, scope)
            elif child.role == "key_result":
                self.lone_key_result(child, last, scope)
            elif child.role == "key_results":
                self.group(child, last, scope)
            elif child.role == "objectives":
                _tell_labelled(child)
                last = self.container(child, replace(scope, explicit=True), last)
            elif child.role == "container":
                last = self.named(child, scope, last)
            else:
                self.aside(child, last)
        return last

    def named(self, node: Node, scope: Scope, last: ObjectiveDraft | None) -> ObjectiveDraft | None:
        """Read a part that a heading gives to a team or a cycle, or merely entitles."""
        inner = self.enter(node, scope)
        same = (inner.team, inner.cycle) == (scope.team, scope.cycle)
        self.container(node, inner, last if same else None)
        return last if same else None

    def enter(self, node: Node, scope: Scope) -> Scope:
        """The scope below a heading; records the team and the cycle that it names."""
        title = node.tidied.text if node.kind != "heading" else node.text
        lines = [line for child in node.children for line in self.own_fields(child)]
        period = find_period(title)
        sure = not self.facts.objectives_marked
        if period:
            name = title[period[0] : period[1]].strip()
            self.records.append(CycleRecord(name=name, location=self.place(node.line)))
            scope = replace(scope, cycle=name)
        elif (line := _field(title)) and line.name == "cycle" and not is_blank(line.value):
            self.records.append(CycleRecord(name=line.value, location=self.place(node.line)))
            return replace(scope, cycle=line.value, explicit=sure)
        name_of_team = team_name(title)
        is_title = scope.titled and node.level == 1 and not is_explicit_team(title)
        if not name_of_team or is_title:
            return replace(scope, explicit=sure and (scope.explicit or bool(period)))
        team = self.team(name_of_team, node.line, lines, scope.team)
        return replace(scope, team=team, explicit=sure)

    def own_fields(self, node: Node) -> list[FieldLine]:
        return field_lines(node.text) if node.mark == "field" else []

    def team(self, name: str, line: int, fields: list[FieldLine], above: str | None) -> str:
        """Record a team and the teams of its path; returns its name."""
        named = {item.name: item.value for item in fields}
        parent = named.get("parent_team") or above
        *before, last = path(name) or (name,)
        for part in before:
            self.records.append(TeamRecord(name=part, parent=parent, location=self.place(line)))
            parent = part
        if parent is not None and fold(parent) == fold(last):
            return last
        people, budget = (amount(named.get(key)) for key in ("people", "budget"))
        self.records.append(
            TeamRecord(
                name=last,
                parent=parent,
                people=int(people) if people is not None else None,
                budget=budget,
                location=self.place(line),
            )
        )
        return last

    def container_field(self, node: Node, scope: Scope, last: ObjectiveDraft | None) -> Scope:
        """A field before the first objective holds for all that follow; one behind, for the last."""
        for line in field_lines(node.text):
            if is_blank(line.value):
                continue
            if line.name in ("team", "company") and not (last and last.team is None):
                scope = replace(scope, team=self.team(line.value, node.line, [], None))
            elif line.name == "cycle" and not (last and last.cycle is None):
                self.records.append(CycleRecord(name=line.value, location=self.place(node.line)))
                scope = replace(scope, cycle=line.value)
            elif last:
                self.set_field(last, line, node.line)
            elif line.name in _INHERITED:
                scope = replace(scope, defaults=(*scope.defaults, line))
        return scope

    def lone_key_result(self, node: Node, last: ObjectiveDraft | None, scope: Scope) -> None:
        """A key result that stands beside its objective instead of below it."""
        if last:
            self.key_result(node, last, scope)
            return
        self.complain(
            f"The key result {node.tidied.text!r} stands under no objective and was left out; "
            "write its objective above it.",
            node.line,
            "error",
        )

    def group(self, node: Node, last: ObjectiveDraft | None, scope: Scope) -> None:
        """What stands below ``Key results:``."""
        if last:
            self.inside(node, last, scope)
            return
        for child in node.children:
            if child.mark not in ("field", "comment") and child.kind in ("item", "row"):
                self.lone_key_result(child, None, scope)

    # --- objectives ---

    def objective(self, node: Node, scope: Scope) -> ObjectiveDraft | None:
        """Read one objective and all that stands below it."""
        self.adopt_text(node)
        tidied = node.tidied
        if not tidied.text:
            return self.empty(node, scope)
        draft = ObjectiveDraft(
            _head(tidied.text) if node.elements else tidied.text,
            node.line,
            key=tidied.key,
            team=scope.team,
            cycle=scope.cycle,
            parents=[scope.above] if scope.above else [],
        )
        self.records.append(draft)
        self.latest = draft
        draft.notes, self.for_file = self.for_file, []
        self.take(draft, node, tidied)
        self.take_prefix(draft, scope)
        self.inside(node, draft, scope)
        _settle_loose(self, draft)
        for line in scope.defaults:
            self.set_default(draft, line, node.line)
        return draft

    def empty(self, node: Node, scope: Scope) -> ObjectiveDraft | None:
        """An objective that has no words, only a number."""
        if not node.elements:
            self.complain("This objective has no words and was left out.", node.line)
            return None
        label = node.tidied.key or "Objective"
        self.complain(
            f"This objective has no words; its key results were kept under {label!r}.", node.line
        )
        node.text, node._tidied = label, Tidied(text=label, key=node.tidied.key)
        return self.objective(node, scope)

    def adopt_text(self, node: Node) -> None:
        """``Objective 1`` on a line of its own takes the words of the next line."""
        if node.tidied.text:
            return
        for child in node.children:
            if child.mark is None and child.kind in ("line", "heading") and child.text:
                key = node.tidied.key
                node._tidied = replace(clean(child.text), key=key or child.tidied.key)
                node.line = child.line
                node.children[:] = [
                    part
                    for other in node.children
                    for part in (child.children if other is child else [other])
                ]
                return

    def take_prefix(self, draft: ObjectiveDraft, scope: Scope) -> None:
        """``CRO: ...`` names the owner, ``Payments: ...`` the team, where it is one."""
        if not take_lead(draft):
            match = _PREFIX.match(draft.text)
            if match and self.is_team(match["name"], scope):
                draft.team = team_name(match["name"]) or match["name"]
                draft.text = draft.text[match.end() :]

    def is_team(self, name: str, scope: Scope) -> bool:
        """Whether the words before a colon name a team."""
        if _UNIT_NAME.fullmatch(name) or fold(name) in self.facts.teams:
            return True
        if scope.above:
            return name[0].isupper() and len(name.split()) <= _FEW_WORDS
        return scope.team is None and fold(name) in FUNCTIONS

    def inside(self, node: Node, draft: ObjectiveDraft, scope: Scope) -> None:
        """Read what stands below an objective, or below a label inside it."""
        if node.mark == "key_results" and not node.elements:
            _tell_lines(node)
        settle_key_results(node)
        below = replace(
            scope, above=draft.reference, team=draft.team, cycle=draft.cycle, defaults=()
        )
        for child in node.children:
            if child.role == "field":
                for line in field_lines(child.text):
                    self.set_field(draft, line, child.line)
            elif child.role == "key_result":
                self.key_result(child, draft, scope)
            elif child.role == "key_results":
                if child.level == INTRO_LEVEL and not child.text.endswith(":"):
                    draft.note(child.text)
                self.inside(child, draft, scope)
            elif child.role == "objective":
                self.objective(child, below)
            elif child.role == "objectives":
                self.container(child, replace(below, explicit=True))
            elif child.role == "container":
                self.container(child, self.enter(child, below))
            else:
                self.aside(child, draft)

    # --- key results ---

    def key_result(self, node: Node, owner: ObjectiveDraft, scope: Scope) -> None:
        """Read one key result and all that stands below it."""
        parts = self.several(node)
        if parts:
            for part in parts:
                self.key_result(part, owner, scope)
            return
        self.adopt_text(node)
        tidied = node.tidied
        draft = KeyResultDraft(tidied.text, node.line, key=tidied.key)
        self.take(draft, node, tidied, owner)
        if not tidied.text and not draft.sizes:
            self.complain("This key result has no words and was left out.", node.line)
            return
        take_lead(draft)
        owner.key_results.append(draft)
        self.latest = draft
        self.details(node, draft, owner, scope)

    def several(self, node: Node) -> list[Node]:
        """``Key results: one; two`` are two, and so are ``Key results: 1) one 2) two``."""
        if node.kind == "row" or node.tidied.key or not _SEVERAL.match(node.text):
            return []
        words = node.text.partition(":")[2].strip()
        counted = len(_COUNTED.findall(words)) > 1 and _COUNTED.match(words)
        texts = _COUNTED.split(words) if counted else AND_TEXTS.split(node.tidied.text)
        texts = [text.strip(" ,;") for text in texts if text.strip(" ,;")]
        if len(texts) < 2:  # noqa: PLR2004
            return []
        parts = [Node(text, node.line, "item", role="key_result") for text in texts]
        parts[-1].children = node.children
        return parts

    def details(
        self, node: Node, draft: KeyResultDraft, owner: ObjectiveDraft, scope: Scope
    ) -> None:
        """Read what stands below a key result."""
        settle_details(node, self.facts)
        below = replace(
            scope, above=draft.reference, team=owner.team, cycle=owner.cycle, defaults=()
        )
        for child in node.children:
            if child.role == "field":
                for line in field_lines(child.text):
                    self.detail_field(draft, owner, line, child)
            elif child.role == "key_result":
                self.key_result(child, owner, scope)
            elif child.role == "key_results":
                self.inside(child, owner, scope)
            elif child.role == "objective":
                self.objective(child, below)
            elif child.role == "objectives":
                self.container(child, replace(below, explicit=True))
            elif child.role == "container":
                self.container(child, self.enter(child, below))
            else:
                self.aside(child, draft)

    def detail_field(
        self, draft: KeyResultDraft, owner: ObjectiveDraft, line: FieldLine, node: Node
    ) -> None:
        if line.name in _FOR_OBJECTIVES:
            self.set_field(owner, line, node.line)
        elif node.loose and line.name not in SIZES:
            draft.loose.append(line)
        else:
            self.set_field(draft, line, node.line)

    # --- words beside the text ---

    def aside(self, node: Node, draft: Draft | None) -> None:
        """Keep as notes what is said about an element without being one."""
        if node.role == "comment":
            self.comment(node)
        elif draft:
            keep_notes(node, draft)

    def comment(self, node: Node) -> None:
        """Keep a line that speaks to this tool with the element above it."""
        if self.latest:
            self.latest.note(node.text)
        elif is_ignore_for_file(node.text):
            self.for_file.append(node.text)
        else:
            self.complain(
                "This 'okr:' line stands above all objectives, so it holds for none. Put it below "
                "the objective or key result that it is about, or write 'okr: ignore-file'.",
                node.line,
            )

    def take(
        self, draft: Draft, node: Node, tidied: Tidied, owner: ObjectiveDraft | None = None
    ) -> None:
        """Put onto an element what stood around its words and in the cells beside it."""
        draft.owner, draft.status, draft.score = tidied.owner, tidied.status, tidied.score
        draft.kind = tidied.kind
        draft.tags.extend(tidied.tags)
        for words in (*tidied.notes, *node.notes):
            draft.note(words)
        if node.struck:
            draft.status = "dropped"
        named = [FieldLine(name, name.capitalize(), value) for name, value in tidied.fields]
        for line in (*named, *node.fields):
            target = owner if owner and line.name in _FOR_OBJECTIVES else draft
            self.set_field(target, line, node.line)

    # --- fields ---

    def set_default(self, draft: ObjectiveDraft, line: FieldLine, at: int) -> None:
        """Set a field that the objective itself leaves open."""
        held = {"parent": draft.parents, "drivers": draft.drivers}.get(
            line.name, getattr(draft, line.name, None)
        )
        if not held:
            self.set_field(draft, line, at)

    def set_field(self, draft: Draft, line: FieldLine, at: int) -> None:
        """Set one field of an element; words that mean nothing to it become a note."""
        if is_blank(line.value):
            return
        if not set_field(draft, line):
            draft.note(f"{line.label}: {line.value}")
            if line.name == "score":
                self.complain(
                    f"The score {line.value!r} is not one from 0 to 1, or from 0 to 100 %; "
                    "it was kept as a note.",
                    at,
                )

    # --- records ---


def _tell_labelled(node: Node) -> None:
    """Lines below ``Objective`` are objectives where no list is; below a singular, the first."""
    lines = [
        child for child in node.children if child.mark is None and child.kind in ("line", "heading")
    ]
    if not lines:
        return
    if is_singular(node.text):
        lines[0].role = "objective"
    elif not node.elements:
        for line in lines:
            line.role = "objective"


def _tell_lines(node: Node) -> None:
    for child in node.children:
        if child.kind == "line" and child.mark is None:
            child.role = "key_result"


def _field(title: str) -> FieldLine | None:
    lines = field_lines(title)
    return lines[0] if lines else None


def _head(text: str) -> str:
    """A text over a list, without the colon that leads to the list."""
    match = _COLON.fullmatch(text)
    return match["words"] if match else text


def take_lead(draft: Draft) -> bool:
    """``CRO: Close ...`` names the owner by office."""
    match = _LEAD.match(draft.text)
    if not match:
        return False
    draft.owner = draft.owner or match["role"]
    draft.text = draft.text[match.end() :]
    return True


def _settle_loose(reading: _Reading, draft: ObjectiveDraft) -> None:
    """Fields after the last key result are the objective's, unless each key result has some."""
    with_loose = [item for item in draft.key_results if item.loose]
    for item in with_loose:
        trailing = item is draft.key_results[-1] and len(with_loose) == 1
        for line in item.loose:
            reading.set_field(draft if trailing else item, line, item.line)
