"""Reads the YAML front matter of a Markdown document: team, cycle and other defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.models import Location, Problem, fold
from assistant.sources.markers import FieldLine, read_marker
from assistant.sources.outline.fields import amount
from assistant.sources.outline.reading import Scope
from assistant.sources.records import CycleRecord, Record, TeamRecord
from assistant.sources.vocabulary import FIELDS

_MATTER = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_DEFAULTS = frozenset({"owner", "kind", "horizon", "drivers", "phase", "parent", "contribution"})


@dataclass(frozen=True, slots=True)
class Matter:
    """What the front matter says. ``body`` is the document with the front matter left blank."""

    body: str
    scope: Scope = field(default_factory=Scope)
    records: tuple[Record, ...] = ()


def front_matter(text: str, file: str) -> Matter:
    """Read the front matter of a document, if it has any.

    Args:
        text: the whole document.
        file: the name that locations carry.
    """
    match = _MATTER.match(text)
    if not match:
        return Matter(text)
    body = "\n" * match[0].count("\n") + text[match.end() :]
    found = _load(match["yaml"])
    if isinstance(found, _Broken):
        place = Location(file=file, line=found.line + 2)
        message = f"The front matter is not valid YAML ({found.reason}) and was left out."
        return Matter(body, records=(Problem(message=message, location=place),))
    fields = _fields(found)
    if not isinstance(found, Mapping) or any(read_marker(f"{name}:") for name in found):
        return Matter(f"\n{match['yaml']}\n{text[match.end() :]}")
    return Matter(body, _scope(fields), tuple(_records(fields, file)))


@dataclass(frozen=True, slots=True)
class _Broken:
    line: int
    reason: str


def _load(yaml_text: str) -> object:
    import yaml

    try:
        return yaml.BaseLoader(yaml_text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _Broken(mark.line if mark else 0, error.problem or "it cannot be read")
    except (yaml.YAMLError, RecursionError) as error:
        return _Broken(0, str(error).splitlines()[0] if str(error) else "it cannot be read")


def _fields(found: object) -> dict[str, FieldLine]:
    """The fields known here, by their name; texts and lists of texts count."""
    if not isinstance(found, Mapping):
        return {}
    fields = {}
    for name, value in found.items():
        known = FIELDS.get(fold(str(name)).replace("_", " "))
        parts = value if isinstance(value, list) else [value]
        words = "; ".join(part.strip() for part in parts if isinstance(part, str))
        if known and words:
            fields[known] = FieldLine(known, str(name), words)
    return fields


def _scope(fields: Mapping[str, FieldLine]) -> Scope:
    team = fields.get("team") or fields.get("company")
    return Scope(
        team=team.value if team else None,
        cycle=fields["cycle"].value if "cycle" in fields else None,
        defaults=tuple(line for name, line in fields.items() if name in _DEFAULTS),
        titled=team is not None,
    )


def _records(fields: Mapping[str, FieldLine], file: str) -> list[Record]:
    place = Location(file=file, line=1)
    records: list[Record] = []
    if "cycle" in fields:
        records.append(CycleRecord(name=fields["cycle"].value, location=place))
    team = fields.get("team") or fields.get("company")
    if not team:
        return records
    people, budget = (
        amount(fields[key].value) if key in fields else None for key in ("people", "budget")
    )
    parent = fields.get("parent_team") or (fields.get("company") if "team" in fields else None)
    records.append(
        TeamRecord(
            name=team.value,
            parent=parent.value if parent else None,
            people=int(people) if people is not None else None,
            budget=budget,
            location=place,
        )
    )
    return records
