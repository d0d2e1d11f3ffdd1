"""Case files: one labelled record a line, checked key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import InputError
from assistant.models import ConflictSubtype, DriftSubtype, PeerKind, fold

CASES = Path(__file__).parent / "cases"
SPLITS = ("train", "dev", "test")


class Case(BaseModel):
    """What every record has. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


CaseType = TypeVar("CaseType", bound=Case)


class Label(BaseModel):
    """One rule on one element: ``objective``, ``kr:N`` (from 1) or ``set``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: str = Field(pattern=r"^(objective|set|kr:[1-9]\d*)$")
    rule: str = Field(pattern=r"^[OKSA]\d{1,2}$")


class DraftCase(Case):
    """One labelled draft OKR; ``labels == ()`` says that it is good.

    ``milestones`` are the positions of key results that look guilty of K1, K2, K3 or K6 and are
    legitimate: early-phase milestones, legal dates, counts from zero, absolute limits, guards.
    """

    team: str | None = None
    cycle: str | None = None
    phase: Literal["discovery", "pilot"] | None = None
    objective: str
    key_results: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    arguable: tuple[Label, ...] = ()
    only: tuple[str, ...] | None = None
    milestones: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _labels_name_elements(self) -> DraftCase:
        for label in (*self.labels, *self.arguable):
            if label.on.startswith("kr:") and int(label.on[3:]) > len(self.key_results):
                raise ValueError(
                    f"a label is on {label.on}, but there are {len(self.key_results)} key results"
                )
        return self

    def elements(self) -> tuple[str, ...]:
        """The names of all elements: the objective, each key result, the set."""
        return ("objective", *(f"kr:{n}" for n in range(1, len(self.key_results) + 1)), "set")


EdgeLabel = Literal["aligned", "drifted", "unrelated"]
"""What a child is to its parent."""


class Okr(BaseModel):
    """One objective with its key results, as a team wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    objective: str
    key_results: tuple[str, ...] = ()
    team: str | None = None
    cycle: str | None = None

    @property
    def text(self) -> str:
        """All its words: the objective and each key result on a line of its own."""
        return "\n".join((self.objective, *self.key_results))

    @property
    def key(self) -> str:
        """The same for the same words, whoever wrote them."""
        return fold(self.text)


class Pair(Case):
    """A child and its parent; ``alternatives`` are other parents in the same organisation."""

    parent: Okr
    child: Okr
    alternatives: tuple[Okr, ...] = ()


class DriftCase(Pair):
    """A labelled child and parent.

    Cases of one ``group`` share their children: the label flips with the parent. ``arguable`` is
    a label that a careful second reader could give.
    """

    org: str | None = None
    label: EdgeLabel
    subtype: DriftSubtype | None = None
    arguable: EdgeLabel | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _only_drift_has_a_subtype(self) -> DriftCase:
        if self.subtype and self.label != "drifted":
            raise ValueError(f"a subtype belongs to a drifted pair, and this one is {self.label}")
        return self


class Level(Okr):
    """One level of a cascade: ``hop`` against the level above, ``cum`` against the top."""

    hop: EdgeLabel | None = None
    hop_subtype: DriftSubtype | None = None
    cum: EdgeLabel | None = None


class ChainCase(Case):
    """One cascade, top first."""

    levels: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _every_level_below_the_top_is_labelled(self) -> ChainCase:
        for number, level in enumerate(self.levels[1:], start=2):
            if level.hop is None or level.cum is None:
                raise ValueError(f"level {number} needs a hop and a cum")
        return self

    def edges(self) -> Iterator[Pair]:
        """For every level below the top, its pair with the level above, then that with the top."""
        okrs = [Okr(**level.model_dump(include=set(Okr.model_fields))) for level in self.levels]
        for number, child in enumerate(okrs[1:], start=2):
            yield Pair(id=f"{self.id}-hop{number}", parent=okrs[number - 2], child=child)
            yield Pair(id=f"{self.id}-cum{number}", parent=okrs[0], child=child)


class PeerCase(Case):
    """Two teams of one organisation and period; ``needs`` says which side needs the other."""

    org: str | None = None
    a: Okr
    b: Okr
    label: PeerKind
    subtype: ConflictSubtype | None = None
    needs: Literal["a", "b"] | None = None

    @model_validator(mode="after")
    def _details_fit_the_label(self) -> PeerCase:
        if self.subtype and self.label != "conflict":
            raise ValueError(f"a subtype belongs to a conflict, and this is {self.label}")
        if self.needs and self.label != "dependency":
            raise ValueError(f"needs belongs to a dependency, and this is {self.label}")
        return self


def read_cases(path: Path, model: type[CaseType]) -> list[CaseType]:
    """Read the records of a case file.

    Args:
        path: a JSONL file, or a folder of them.
        model: the kind of record.

    Raises:
        InputError: a file cannot be read, or a record is malformed; the message names the file,
            the line and the key.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    cases = [case for file in files for case in _read_file(file, model)]
    if not cases:
        raise InputError(f"There are no cases in '{path}'.")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise InputError(f"The id {case.id!r} stands twice in '{path}'. Ids must be unique.")
        seen.add(case.id)
    return cases


def _read_file(path: Path, model: type[CaseType]) -> Iterator[CaseType]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The case file '{path}' cannot be read: {error}.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: this is not JSON: {error.msg}.") from None
        except ValidationError as error:
            raise InputError(f"{path}:{number}: {_explain(error)}") from None


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "record"
    if first["type"] == "extra_forbidden":
        return f"the key {key!r} is unknown."
    return f"the key {key!r} is wrong: {first['msg']}."
