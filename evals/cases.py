"""Case files: one labelled record a line, checked key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import InputError

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
    """One labelled draft OKR; ``labels == ()`` says that it is good."""

    team: str | None = None
    cycle: str | None = None
    phase: Literal["discovery", "pilot"] | None = None
    objective: str
    key_results: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    arguable: tuple[Label, ...] = ()
    only: tuple[str, ...] | None = None

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
