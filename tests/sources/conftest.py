"""What the tests of the readers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from assistant.models import Problem
from assistant.sources.records import (
    CycleRecord,
    KeyResultRecord,
    ObjectiveRecord,
    Record,
    TeamRecord,
)

Sketch = Callable[[Iterable[Record]], str]


@pytest.fixture
def sketch() -> Sketch:
    """Draws records as lines: what it is, where it stands, its text, and every field that is set.

    ``O7 Make paying effortless | team=Payments owner=Mia`` is an objective of line 7; key results
    (``K``) are indented below it, teams (``T``), cycles (``C``) and problems (``!``) stand alone.
    """
    return _sketch


def _sketch(records: Iterable[Record]) -> str:
    return "\n".join(line for record in records for line in _lines(record))


def _lines(record: Record) -> list[str]:
    if isinstance(record, ObjectiveRecord):
        fields = ("key", "team", "cycle", "parents", "contribution", "owner", "horizon", "kind")
        fields += ("phase", "drivers", "status", "tags", "notes")
        return [_line("O", record, fields), *(_key_result(item) for item in record.key_results)]
    if isinstance(record, TeamRecord):
        where = f"{record.parent} > {record.name}" if record.parent else record.name
        sizes = [
            f"{name}={value:g}"
            for name in ("people", "budget")
            if (value := getattr(record, name)) is not None
        ]
        return [" | ".join([f"T{record.location.line} {where}", *sizes])]
    if isinstance(record, CycleRecord):
        return [f"C{record.location.line} {record.name}"]
    if isinstance(record, Problem):
        return [f"! {record.severity} {record}"]
    raise AssertionError(record)


def _key_result(record: KeyResultRecord) -> str:
    return "  " + _line("K", record, ("key", "owner", "status", "score", "tags", "notes"))


def _line(kind: str, record: ObjectiveRecord | KeyResultRecord, fields: Iterable[str]) -> str:
    said = [
        f"{name}={_shown(value)}"
        for name in fields
        if (value := getattr(record, name)) not in (None, (), "open")
    ]
    return f"{kind}{record.location.line} {record.text}" + (f" | {' '.join(said)}" if said else "")


def _shown(value: object) -> str:
    return "[" + "; ".join(map(str, value)) + "]" if isinstance(value, tuple) else str(value)
