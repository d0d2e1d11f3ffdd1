"""What a suite is made of, and what a run of it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from evals.cases import Case, read_cases
from evals.metrics import Figure

Row = tuple[str, ...]
CaseType = TypeVar("CaseType", bound=Case)
Case_contra = TypeVar("Case_contra", bound=Case, contravariant=True)


class Judged(Protocol):
    """A verdict; ``error`` is one sentence where the case could not be judged at all."""

    @property
    def error(self) -> str | None: ...


VerdictType = TypeVar("VerdictType", bound=Judged)
Verdict_co = TypeVar("Verdict_co", bound=Judged, covariant=True)


class Critic(Protocol[Case_contra, Verdict_co]):
    """Judges cases of one kind."""

    def judge(self, cases: Sequence[Case_contra]) -> Iterator[Verdict_co]:
        """One verdict a case, in order."""


@dataclass(frozen=True)
class Spent:
    """What a language model was asked in a run, or for one case.

    Attributes:
        prompt: its label, with the first digits of its hash.
        calls: requests that were sent.
        kept: answers that were kept from an earlier run, for which nothing was sent.
        read: tokens of all questions, about, whether they were sent or not.
        written: tokens of all answers, likewise.
        cost: in US dollars, of what was sent; None if it is unknown.
    """

    prompt: str
    model: str
    calls: int
    kept: int
    read: int
    written: int
    cost: float | None

    @classmethod
    def together(cls, parts: Iterable[Spent]) -> Spent | None:
        """The sum; None of nothing."""
        every = list(parts)
        if not every:
            return None
        costs = [part.cost for part in every if part.calls]
        known = [cost for cost in costs if cost is not None]
        return cls(
            prompt=every[0].prompt,
            model=next((part.model for part in every if part.calls), every[0].model),
            calls=sum(part.calls for part in every),
            kept=sum(part.kept for part in every),
            read=sum(part.read for part in every),
            written=sum(part.written for part in every),
            cost=sum(known) if len(known) == len(costs) else None,
        )


@dataclass(frozen=True)
class Outcome:
    """A run of a suite over some cases.

    Attributes:
        decisions: dataclasses, one a decision.
        metrics: the figures by name.
        errors: a sentence for each case that could not be judged.
        cases: how many there were, those with errors included.
        abstained: decisions on which the critic gave no verdict; no figure counts them.
        seconds: how long the critic took.
        spent: what a language model was asked, where the critic counts it.
    """

    decisions: tuple[Any, ...]
    metrics: Mapping[str, Figure]
    errors: tuple[str, ...]
    cases: int
    abstained: int
    seconds: float
    spent: Spent | None = None


@dataclass(frozen=True)
class Answers(Generic[CaseType, VerdictType]):
    """What a critic answered: the cases that it could judge, and the errors apart."""

    judged: tuple[tuple[CaseType, VerdictType], ...]
    errors: tuple[str, ...]
    seconds: float
    verdicts: tuple[VerdictType, ...] = ()


def ask(
    cases: Sequence[CaseType], critic: Critic[CaseType, VerdictType]
) -> Answers[CaseType, VerdictType]:
    """Let a critic judge the cases."""
    started = time.perf_counter()
    verdicts = list(critic.judge(cases))
    seconds = time.perf_counter() - started
    pairs = list(zip(cases, verdicts, strict=True))
    return Answers(
        judged=tuple((case, verdict) for case, verdict in pairs if verdict.error is None),
        errors=tuple(f"{case.id}: {verdict.error}" for case, verdict in pairs if verdict.error),
        seconds=seconds,
        verdicts=tuple(verdicts),
    )


@dataclass(frozen=True)
class Suite(Generic[CaseType, VerdictType]):
    """A kind of case, how critics are scored on it, and how the figures are shown.

    Attributes:
        name: what the command calls it, and the folder of its cases.
        model: the kind of record.
        run: scores a critic on cases.
        critics: what makes each critic, by name; the first is the default.
        baselines: the critics that stand beside the chosen one.
        head: the columns of the table, without those of the baselines.
        rows: the cells, those of the baselines last.
    """

    name: str
    model: type[CaseType]
    run: Callable[[Sequence[CaseType], Critic[CaseType, VerdictType]], Outcome]
    critics: Mapping[str, Callable[[], Critic[CaseType, VerdictType]]]
    baselines: tuple[str, ...]
    head: Row
    rows: Callable[[Outcome, Mapping[str, Outcome]], Iterator[Row]]

    def measure(
        self, path: Path, critic: str, most: int | None = None
    ) -> tuple[Outcome, dict[str, Outcome]]:
        """Score a critic and the baselines.

        Args:
            path: a case file, or a folder of them.
            critic: one of ``critics``.
            most: how many of the cases are judged; always the same ones.

        Returns:
            The critic's outcome, and those of the baselines by name.

        Raises:
            InputError: the cases cannot be read.
        """
        cases = some_of(read_cases(path, self.model), most)
        others = {
            name: self.run(cases, self.critics[name]()) for name in self.baselines if name != critic
        }
        return self.run(cases, self.critics[critic]()), others


def some_of(cases: Sequence[CaseType], most: int | None) -> Sequence[CaseType]:
    """So many of the cases, the same ones every time, in their order; None for all."""
    if most is None or most >= len(cases):
        return cases
    ranked = sorted(cases, key=lambda case: blake2b(case.id.encode()).digest())
    chosen = {case.id for case in ranked[:most]}
    return [case for case in cases if case.id in chosen]
