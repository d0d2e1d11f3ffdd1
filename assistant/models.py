"""The nouns every stage speaks: immutable, validated, free of I/O.

Offsets are counted in Python characters (code points), half-open, and always refer to the
text of the element that carries them: ``element.text[span.start:span.end] == span.text``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2s
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From mild to grave; the position is the rank."""

FindingSource = Literal["rule", "model", "llm"]
Verdict = Literal[
    "agrees", "disagrees", "unsure", "silent", "answered", "kept", "lowered", "withdrawn"
]
Direction = Literal["increase", "decrease", "reach", "hold"]
ObjectiveKind = Literal["committed", "aspirational", "learning"]
Phase = Literal["discovery", "pilot"]
Status = Literal["open", "done", "dropped"]
SlotName = Literal["metric", "segment", "direction", "mechanism", "horizon", "guard"]
DriftSubtype = Literal[
    "contradiction",
    "copy_paste",
    "horizon_mismatch",
    "scope_change",
    "scope_narrowing",
    "means_end_swap",
    "metric_substitution",
]
EdgeVerdict = Literal["fine", "look", "drifted", "unclear"]
PeerKind = Literal["conflict", "duplicate", "dependency", "complementary", "unrelated"]
ConflictSubtype = Literal[
    "volume_vs_quality",
    "speed_vs_stability",
    "cost_vs_experience",
    "resource_contention",
    "opposite_direction",
    "cannibalisation",
]

EVERYONE = "everyone"
"""The audience of a document that any colleague may read."""


class Noun(BaseModel):
    """An immutable value. Unknown fields are refused, so a typo never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def fold(text: str) -> str:
    """The text as identity sees it: case and white space do not count."""
    return " ".join(text.split()).casefold()


def shortened(text: str, limit: int = 200) -> str:
    """The text on one line, cut at a word with an ellipsis where it is longer than the limit."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return f"{line[: limit - 2].rsplit(' ', 1)[0]} …"


def stable_id(prefix: str, *parts: str) -> str:
    """An id that depends only on what it names, never on its position in a file.

    Args:
        prefix: what is named, for example ``obj``.
        parts: the words that identify it, compared after :func:`fold`.

    Returns:
        ``prefix-`` and twelve hexadecimal digits.
    """
    digest = blake2s("\x1f".join(fold(part) for part in parts).encode(), digest_size=6)
    return f"{prefix}-{digest.hexdigest()}"


class Location(Noun):
    """Where a piece of text stands in its source. Lines, pages and columns count from 1."""

    file: str
    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    pointer: str | None = Field(None, description="JSON pointer inside a JSON or YAML file")

    def __str__(self) -> str:
        if self.cell:
            return f"{self.file}, {self.sheet + '!' if self.sheet else 'cell '}{self.cell}"
        if self.page:
            return f"{self.file}, page {self.page}"
        return f"{self.file}:{self.line}" if self.line else self.file


class Span(Noun):
    """A stretch of an element's text, with the words themselves."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """The span of ``text`` from ``start`` up to ``end``."""
        return cls(start=start, end=end, text=text[start:end])


class Quantity(Noun):
    """A number as written: ``1.9 %`` is 1.9 with the unit ``%``; ``$2M`` is 2000000 with ``$``."""

    value: float
    unit: str | None = None
    span: Span


class Deadline(Noun):
    """The day by which something is due, and the words that say so."""

    on: date | None = Field(None, description="last day of the stated period, if it can be told")
    span: Span


class Measure(Noun):
    """What a goal sentence measures, as far as the text says. Every part keeps its words."""

    metric: Span | None = None
    baseline: Quantity | None = None
    target: Quantity | None = None
    direction: Direction | None = None
    deadline: Deadline | None = None

    @property
    def unit(self) -> str | None:
        """The unit of the target, or else of the baseline."""
        quantity = self.target or self.baseline
        return quantity.unit if quantity else None


class Cycle(Noun):
    """A planning period such as 2026-Q3 or FY26."""

    id: str
    name: str
    start: date | None = None
    end: date | None = None


class Team(Noun):
    """A node of the organisation. ``people`` and ``budget`` are the user's own figures."""

    id: str
    name: str
    parent_id: str | None = None
    people: int | None = Field(None, ge=0)
    budget: float | None = Field(None, ge=0)
    location: Location | None = None


class ParentLink(Noun):
    """What an objective is said to serve; the ids are None while the words match nothing."""

    stated: str
    objective_id: str | None = None
    key_result_id: str | None = None


class KeyResult(Noun):
    """One measurable result, with what could be parsed out of its text."""

    id: str
    text: str
    key: str | None = Field(None, description="what the source calls it: KR1.2, PAY-12")
    measure: Measure = Measure()
    owner: str | None = None
    status: Status = "open"
    score: float | None = Field(None, ge=0, le=1)
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    location: Location | None = None


class Objective(Noun):
    """One objective with its key results, as one team wrote it for one cycle."""

    id: str
    text: str
    key: str | None = Field(None, description="what the source calls it: O1, PAY-12")
    team_id: str | None = None
    cycle_id: str | None = None
    key_results: tuple[KeyResult, ...] = ()
    parents: tuple[ParentLink, ...] = ()
    contribution: str | None = Field(None, description="stated, where there is no parent")
    owner: str | None = None
    horizon: str | None = None
    kind: ObjectiveKind | None = None
    phase: Phase | None = None
    drivers: tuple[str, ...] = ()
    status: Status = "open"
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    location: Location | None = None

    def element(self, on: str) -> str | None:
        """The text of the element that a finding names: ``objective``, ``kr:N`` or ``set``.

        Returns:
            The text, or None for ``set`` and for a key result that does not exist.
        """
        if on == "objective":
            return self.text
        if not on.startswith("kr:") or not on[3:].isdigit():
            return None
        position = int(on[3:])
        return (
            self.key_results[position - 1].text if 1 <= position <= len(self.key_results) else None
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of the objective, then of each key result."""
        return (self.text, *(item.text for item in self.key_results))

    def words(self, on: str) -> str:
        """The words that a remark on an element is about; of the set, all of them."""
        return "\n".join(self.texts) if on == "set" else self.element(on) or ""


class Passage(Noun):
    """A quotable stretch of a strategy document, a few sentences long."""

    id: str
    document_id: str
    text: str
    heading: str = ""
    location: Location


class StrategyDocument(Noun):
    """One version of a document that says what the organisation has chosen."""

    id: str
    title: str
    published: date | None = None
    version: str | None = None
    supersedes: str | None = Field(None, description="id of the version it replaces")
    audience: str = EVERYONE
    passages: tuple[Passage, ...] = ()
    location: Location


class Problem(Noun):
    """Something in the input that could not be read, or not as it stands."""

    message: str
    location: Location | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" if self.location else self.message


class Organisation(Noun):
    """Everything that was read: teams, cycles, objectives and strategy documents."""

    name: str = "Organisation"
    teams: tuple[Team, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    objectives: tuple[Objective, ...] = ()
    documents: tuple[StrategyDocument, ...] = ()

    def team(self, team_id: str | None) -> Team | None:
        """The team with this id, or None."""
        return next((team for team in self.teams if team.id == team_id), None)

    def cycle(self, cycle_id: str | None) -> Cycle | None:
        """The cycle with this id, or None."""
        return next((cycle for cycle in self.cycles if cycle.id == cycle_id), None)

    def objective(self, objective_id: str | None) -> Objective | None:
        """The objective with this id, or None."""
        return next((item for item in self.objectives if item.id == objective_id), None)

    def document(self, document_id: str | None) -> StrategyDocument | None:
        """The document with this id, or None."""
        return next((item for item in self.documents if item.id == document_id), None)


class EntryKind(StrEnum):
    """What an entry of the index is."""

    PASSAGE = "passage"
    OBJECTIVE = "objective"
    KEY_RESULT = "key_result"


class Hit(Noun):
    """One entry that a query found.

    ``score`` is the fused rank score (higher is better, comparable within one query only);
    ``similarity`` is the cosine between query and entry, from -1 to 1.
    """

    id: str
    kind: EntryKind
    text: str
    score: float
    similarity: float
    owner_id: str = Field(description="document id of a passage, objective id otherwise")
    title: str = Field(description="document title, or team name")
    audience: str = EVERYONE
    location: Location | None = None


class Evidence(Noun):
    """Words from a source that a finding rests on. ``quote`` is verbatim."""

    kind: Literal["draft", "parent", "peer", "strategy"]
    id: str
    title: str
    quote: str
    location: Location | None = None
    published: date | None = None
    version: str | None = None
    superseded_by: str | None = Field(None, description="title and version that replaced it")
    similarity: float | None = None


class SecondOpinion(Noun):
    """What somebody other than its source says about a finding.

    Attributes:
        by: ``rule`` is the local critic, ``model`` a judge that reads yes or no out of a small
            model, ``llm`` the language model, ``team`` whoever wrote the draft.
        says: of a critic ``agrees``, ``disagrees``, ``unsure``, or ``silent`` where it was asked
            and had no remark; of the team ``answered``; after its answer ``kept``, ``lowered``
            or ``withdrawn``.
        words: the reason, or the answer.
    """

    by: Literal["rule", "model", "llm", "team"]
    says: Verdict
    words: str = ""


class Finding(Noun):
    """One thing worth the author's attention. It travels unchanged to every surface."""

    rule: str
    slug: str
    severity: Severity
    on: str = Field(description="objective, kr:N (from 1) or set")
    objective_id: str
    span: Span | None = None
    message: str
    why: str = ""
    question: str | None = None
    rewrite: str | None = None
    evidence: tuple[Evidence, ...] = ()
    confidence: float = Field(1.0, ge=0, le=1)
    source: FindingSource = "rule"
    location: Location | None = None
    words: str = Field("", description="what it is about: the element, or all of the set")
    known: bool = Field(False, description="in the baseline, so it does not count as new")
    opinions: tuple[SecondOpinion, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same rule on the same words, wherever they stand."""
        if self.words:
            return stable_id("fnd", self.rule, self.words)
        return stable_id(
            "fnd", self.rule, self.objective_id, self.on, self.span.text if self.span else ""
        )


class Suppressed(Noun):
    """A finding that somebody decided not to see, who said so, and why."""

    finding: Finding
    by: Literal["draft", "settings", "dismissal", "answer"]
    reason: str
    location: Location | None = None


class NotChecked(Noun):
    """A part of the review that was off, why, and what would switch it on."""

    what: str
    why: str
    how: str


class Relation(Noun):
    """Another objective beside the reviewed one. ``similarity`` is a cosine, not a verdict."""

    objective_id: str
    text: str
    team: str
    cycle: str | None = None
    similarity: float
    declared: bool = Field(False, description="named as parent by the author, not suggested")
    location: Location | None = None


class ObjectiveReview(Noun):
    """What was found about one objective of the draft."""

    objective: Objective
    findings: tuple[Finding, ...] = ()
    parents: tuple[Relation, ...] = ()
    peers: tuple[Relation, ...] = ()
    passages: tuple[Evidence, ...] = ()


class LlmUse(Noun):
    """What the language model was asked and what it cost. Tokens are None where unreported.

    Attributes:
        quotes: quotes and citations that it gave.
        dropped_quotes: those of them that do not stand where it said, or anywhere.
        remarks: findings that it made.
        dropped_remarks: those of them that were not passed on, for whatever reason.
        cost: in US dollars; None if it is unknown.
        cached: answers that were kept from an earlier call, for which nothing was sent.
    """

    model: str
    prompt: str
    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    seconds: float = 0.0
    cost: float | None = None
    cached: int = 0
    quotes: int = 0
    dropped_quotes: int = 0
    remarks: int = 0
    dropped_remarks: int = 0


class Review(Noun):
    """The outcome of reviewing one draft file."""

    reviews: tuple[ObjectiveReview, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    problems: tuple[Problem, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    llm: LlmUse | None = None
    profile: str = "default"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the draft."""
        return tuple(finding for review in self.reviews for finding in review.findings)


class SlotChange(Noun):
    """What became of one part of the parent's meaning in the child, with the words of both."""

    slot: SlotName
    change: Literal["kept", "changed", "lost", "added"]
    above: str | None = Field(None, description="the parent's words")
    below: str | None = Field(None, description="the child's words")


class BetterParent(Noun):
    """Another objective that a child serves more plainly than its declared parent."""

    objective_id: str
    margin: float = Field(description="how much likelier it serves this one, from 0 to 1")


class Edge(Noun):
    """A declared link from a child to its parent, and whether the child's success advances it.

    Attributes:
        similarity: cosine of the two texts; shown because it misleads, never a verdict.
        serves: how likely the child's success advances the parent, from 0 to 1; None where
            nothing could judge it.
        verdict: ``fine``; ``drifted``; ``look`` where the evidence points to drift and does not
            carry a verdict; ``unclear`` where nothing can be told.
        subtype: how it drifted, for ``drifted`` and ``look``.
        slots: what was kept, changed, lost and added.
        from_root: how likely it still serves the top of its chain; None at the first level.
        lost_at: the objective on the way from the root where the root's intent was lost.
        judged: what a language model says, if one was asked; ``verdict`` and ``serves`` are then of
            both together.
        local: what the local reader says, if a model was asked too.
        because: the model's reason, if it gave one whose quotes hold.
    """

    child_id: str
    parent_id: str
    key_result_id: str | None = None
    similarity: float
    serves: float | None = Field(None, ge=0, le=1)
    verdict: EdgeVerdict = "unclear"
    subtype: DriftSubtype | None = None
    slots: tuple[SlotChange, ...] = ()
    from_root: float | None = Field(None, ge=0, le=1)
    root_id: str | None = None
    lost_at: str | None = None
    better: BetterParent | None = None
    judged: EdgeVerdict | None = None
    local: EdgeVerdict | None = None
    because: str = ""


class PeerLink(Noun):
    """What two objectives of different teams are to each other.

    Attributes:
        needs: of a dependency, which side needs the other: ``a`` where A needs B.
        shared: the outcome that suffers (conflict), is owned twice (duplicate) or is needed.
        unless: what would make it no conflict.
        confidence: calibrated, from 0 to 1.
        evidence: the exact words of both.
        judged: what a language model says, if one was asked: the kind, ``unrelated`` if it sees
            nothing of that kind, None if it leans to neither; ``confidence`` is then of both together.
        local: what the local reader says, if a model was asked too.
        because: the model's reason, if it gave one whose quotes hold.
    """

    a_id: str
    b_id: str
    kind: PeerKind
    subtype: ConflictSubtype | None = None
    needs: Literal["a", "b"] | None = None
    confidence: float = Field(ge=0, le=1)
    similarity: float
    shared: str = ""
    unless: str = ""
    evidence: tuple[Evidence, ...] = ()
    judged: PeerKind | None = None
    local: PeerKind | None = None
    because: str = ""


class Choice(Noun):
    """Something that the strategy has decided, as a document states it.

    ``kind``: a ``choice`` to pursue, a ``will-not``, a ``driver`` of the growth model, an
    ``assumption``, or an ``objective`` at the top of the organisation.
    """

    id: str
    kind: Literal["choice", "will-not", "driver", "assumption", "objective"]
    text: str
    document_id: str | None = None
    objective_id: str | None = None
    location: Location | None = None
    withdrawn: bool = Field(False, description="a newer document replaces or withdraws it")


class Coverage(Noun):
    """Who serves a choice: objective ids with how plainly, from 0 to 1, and who works against it."""

    choice: Choice
    served_by: dict[str, float] = Field(default_factory=dict)
    against: dict[str, float] = Field(default_factory=dict)


class Change(Noun):
    """What is different from an earlier scan, with the edit that caused it."""

    kind: Literal["new", "resolved", "changed"]
    rule: str
    fingerprint: str
    message: str
    cause: str = ""


class Figure(Noun):
    """A number about the organisation that can be traced: its formula and what it counts."""

    name: str
    value: float | None
    unit: str = ""
    formula: str = ""
    of: tuple[str, ...] = Field((), description="ids of what was counted")
    note: str = ""


class Scan(Noun):
    """The outcome of looking at the whole organisation, or at one branch of it.

    Attributes:
        team: the name of the team that it was limited to, with the teams below it; empty for all.
        within: the ids of these teams; empty for all.
        since: when the earlier scan was taken that ``changes`` compares with; None without one.
    """

    organisation: str
    taken_at: datetime
    team: str = ""
    within: tuple[str, ...] = ()
    since: datetime | None = None
    teams: int
    objectives: int
    key_results: int
    documents: int
    edges: tuple[Edge, ...] = ()
    peers: tuple[PeerLink, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    figures: tuple[Figure, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    problems: tuple[Problem, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    llm: LlmUse | None = None
    profile: str = "default"
