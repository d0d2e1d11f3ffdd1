"""What a rule is: one immutable value that carries its words, its examples and its detector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from assistant.models import Cycle, Noun, Objective, ObjectiveKind, Phase, Severity, Span

Kind = Literal["L", "J", "C"]
"""L: decidable from the text. J: a judgement on the draft. C: needs the corpus."""

Group = Literal["objective", "key-result", "set", "alignment"]

Need = Literal["parent", "peer", "strategy", "organisation", "figures"]
"""What a rule of kind C compares the draft with: the parent that it names, objectives of other
teams, strategy documents, all objectives of the organisation, or sources of figures."""


class Limits(Noun):
    """The numbers that a profile may change."""

    objective_words: int = 18
    objective_characters: int = 150
    key_results: int = 5
    objectives_per_team: int = 3
    objectives_for_company: int = 5


class Subject(Noun):
    """What a detector looks at: one objective with its key results, in its surroundings.

    Attributes:
        objective: the draft under review.
        siblings: the other objectives of the same team and cycle, in order.
        cycle: the period of the draft, if known.
        is_top: whether the team stands at the top of the organisation.
        limits: the numbers of the active profile.
        scores: what the trained heads say, by ``CODE@ELEMENT``, where they are sure enough;
            None where they were not asked, so that rules fall back on words.
    """

    objective: Objective
    siblings: tuple[Objective, ...] = ()
    cycle: Cycle | None = None
    is_top: bool = False
    limits: Limits = Limits()
    scores: Mapping[str, float] | None = None

    def score(self, code: str, on: str) -> float | None:
        """How likely the rule holds on an element, or None where the head stays silent."""
        return self.scores.get(f"{code}@{on}") if self.scores else None


class Flag(Noun):
    """One place where a rule fires, before severity and profile are applied.

    Attributes:
        on: ``objective``, ``kr:N`` or ``set``.
        span: the exact words; None for the set, and where the remark is about something missing.
        message: one sentence that says what fired, on these words.
        question: what the team can answer, if it is not the rule's own question.
        rewrite: a better text with no number that the draft does not have.
        confidence: from 0 to 1; 1 where the text alone decides.
    """

    on: str
    span: Span | None
    message: str
    question: str | None = None
    rewrite: str | None = None
    confidence: float = Field(1.0, ge=0, le=1)


_BESIDE = ("parent", "alternative", "peer", "source")


class Example(Noun):
    """A text with the verdict it should get. ``near_miss`` looks guilty and is not.

    An example of an objective rule fills ``text``; one of a key result rule puts the key
    result into ``text`` and may name the ``objective``; one of a set rule fills
    ``objective`` and ``key_results``. One of a rule that compares also says what stands beside
    the text: the ``parent``, an ``alternative`` parent, a ``peer``, the words of a ``source``,
    or the ``children`` that serve it.
    """

    text: str = ""
    fires: bool
    objective: str = ""
    key_results: tuple[str, ...] = ()
    contribution: str | None = None
    owner: str | None = None
    declared: ObjectiveKind | None = None
    phase: Phase | None = None
    parent: str = ""
    alternative: str = ""
    peer: str = ""
    source: str = ""
    children: tuple[str, ...] = ()
    note: str = ""

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """What the text is compared with, as name and words."""
        one_each = ((name, getattr(self, name)) for name in _BESIDE)
        return (
            *(pair for pair in one_each if pair[1]),
            *(("child", item) for item in self.children),
        )

    @property
    def near_miss(self) -> bool:
        """Whether this shows where the rule should stay silent."""
        return not self.fires


Advise = Callable[[Subject, Flag], str | None]


class Rule(Noun):
    """A rule, whole: definition, reasons, examples, detector and prompt fragment.

    Attributes:
        code: ``K1``; stable for ever, as is ``slug``.
        fires_when: the definition, in one or two sentences.
        why: what goes wrong for the team if nobody says it.
        authority: where the rule comes from, in a few words.
        question: what to ask the team when it fires.
        prompt: the fragment that tells a language model how to decide this rule.
        examples: shown in docs and prompts.
        held_out: used in tests only, so that no model is graded on what it was shown.
        any_language: whether the detector also holds for texts that are not English.
        needs: what has to be at hand beside the draft; None where the draft is enough.
        detect: yields a flag for each place where the rule fires; None where only the
            stages that see the whole corpus can decide.
        ask: a question about one flag that quotes its words; where it is None, or returns
            None, ``question`` is asked.
        rewrite: a better text for the flagged element, or for the set one more key result, with
            blanks where something is not known; None where no edit is sure to read well.
    """

    code: str = Field(pattern=r"^[OKSA]\d{1,2}$")
    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: Kind
    group: Group
    title: str
    severity: Severity
    fires_when: str
    why: str
    authority: str
    question: str
    prompt: str
    examples: tuple[Example, ...] = Field(min_length=2)
    held_out: tuple[Example, ...] = Field(min_length=2)
    any_language: bool = False
    needs: Need | None = None
    detect: Callable[[Subject], Iterator[Flag]] | None = None
    ask: Advise | None = None
    rewrite: Advise | None = None
