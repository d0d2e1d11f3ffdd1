"""Knows the columns of the usual exports, from data files, and finds them in a header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from assistant.errors import ConfigurationError
from assistant.models import Noun
from assistant.sources.vocabulary import GOALS

FOLDER = Path(__file__).parent.parent / "presets"
COMMON = "columns"

ORDER = (
    "teams",
    "cycles",
    "wide",
    "levels",
    "ladder",
    "long",
    "parent-id",
    "dotted-order",
    "typed-rows",
    "objectives",
)
"""The built-in presets, the most telling columns first."""

Shape = Literal["rows", "levels", "parent-id", "dotted", "typed", "teams", "cycles"]

_OWNED = ("id", "owner", "status", "score", "notes", "tags", "due")
"""Roles that a heading may give to one kind of element: ``objective owner``, ``KR status``."""

_NUMBER = re.compile(r"\b[0-9]+\b")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
_LONGEST_HEADING = 60


class Each(Noun):
    """Roles that stand once for every number, and how their headings are made."""

    roles: tuple[str, ...]
    names: tuple[str, ...]


class Preset(Noun):
    """What the columns of one kind of export are called, and what its rows mean.

    ``needs`` are roles without which a table is of another kind (``a|b``: either will do);
    ``without`` are roles that it must not have. ``columns`` gives the headings of each role,
    ``{n}`` standing for a number. With ``alone`` the common headings do not count.
    """

    name: str
    shape: Shape
    about: str = ""
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]]
    each: Each | None = None
    alone: bool = False
    sheet: str | None = Field(None, description="the only sheet of a workbook to be read")

    @field_validator("columns", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {
            str(role): (names,) if isinstance(names, str) else names
            for role, names in value.items()
        }


@dataclass(frozen=True)
class Known:
    """A preset with every heading that it knows, as names_of gives them."""

    preset: Preset
    names: Mapping[str, str]


@dataclass(frozen=True)
class Columns:
    """Where each role stands, by role or by role and number, and which headings mean nothing."""

    places: Mapping[str, int]
    unread: tuple[int, ...]
    numbered: Mapping[str, tuple[int, ...]]

    def numbers(self, role: str) -> tuple[int, ...]:
        """The numbers under which a role occurs, ascending."""
        return self.numbered.get(role, ())


def simplify(heading: str) -> str:
    """A heading as it is compared: ``KeyResult_1 (Target)`` is ``key result 1 target``."""
    text = _CAMEL.sub(" ", heading).casefold()
    text = "".join(letter if letter.isalnum() or letter in "%#{}" else " " for letter in text)
    text = _LETTER_DIGIT.sub(" ", text)
    words = " ".join(text.split())
    return words if words == "#" else " ".join(words.replace("#", " ").split())


def names_of(preset: Preset) -> dict[str, str]:
    """Every simplified heading that a preset knows, in the order in which they count."""
    names: dict[str, str] = {}
    common = {} if preset.alone else common_columns()
    for columns in (preset.columns, common):
        for role, headings in columns.items():
            for heading in headings:
                names.setdefault(_pattern(heading), role)
    for heading, role in _owned(common) if preset.shape == "rows" else ():
        names.setdefault(heading, role)
    for heading, role in _each(preset, common):
        names.setdefault(heading, role)
    return names


def _pattern(heading: str) -> str:
    return simplify(heading).replace("{ n }", "{n}")


def _owned(common: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str]]:
    for role in _OWNED:
        for heading in common.get(role, ()):
            yield f"objective {simplify(heading)}", f"objective.{role}"
            yield f"kr {simplify(heading)}", f"kr.{role}"
            yield f"key result {simplify(heading)}", f"kr.{role}"


def _each(preset: Preset, common: Mapping[str, Iterable[str]]) -> Iterable[tuple[str, str]]:
    if preset.each is None:
        return
    for role in preset.each.roles:
        goals = sorted(GOALS) if role == "target" else ()
        for heading in (*preset.columns.get(role, ()), *common.get(role, ()), *goals):
            for template in preset.each.names:
                yield _pattern(template.replace("{name}", heading)), role


def find_columns(header: tuple[str, ...], names: Mapping[str, str]) -> Columns:
    """Find the roles in a header. Where two columns have one role, the better name wins."""
    ranks = {name: rank for rank, name in enumerate(names)}
    best: dict[str, tuple[int, int]] = {}
    unread: list[int] = []
    for column, heading in enumerate(header):
        found = _role(heading, names)
        if found is None:
            unread.extend([column] if heading else [])
            continue
        place, name = found
        rank = ranks[name]
        if place in best and best[place][0] <= rank:
            unread.append(column)
            continue
        if place in best:
            unread.append(best[place][1])
        best[place] = (rank, column)
    places = {place: column for place, (_, column) in best.items()}
    return Columns(places, tuple(sorted(unread)), _numbered(places))


def _numbered(places: Iterable[str]) -> dict[str, tuple[int, ...]]:
    numbers: dict[str, list[int]] = {}
    for place in places:
        role, _, number = place.rpartition(" ")
        if role:
            numbers.setdefault(role, []).append(int(number))
    return {role: tuple(sorted(found)) for role, found in numbers.items()}


def _role(heading: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """The role of a heading, with its number if it has one, and the name that matched."""
    if not heading or len(heading) > _LONGEST_HEADING:
        return None
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", heading)
    for text in dict.fromkeys((simplify(heading), simplify(bare))):
        if text in names:
            return names[text], text
        numbers = _NUMBER.findall(text)
        name = _NUMBER.sub("{n}", text)
        if len(numbers) == 1 and name in names:
            return f"{names[name]} {int(numbers[0])}", name
    return None


def fits(preset: Preset, columns: Columns) -> bool:
    """Whether the header has what the preset needs, and nothing that speaks against it."""
    has_needs = all(any(_has(columns, role) for role in need.split("|")) for need in preset.needs)
    return has_needs and not any(_has(columns, role) for role in preset.without)


def _has(columns: Columns, role: str) -> bool:
    name, _, number = role.rpartition(" ")
    return bool(columns.numbers(name)) if number == "{n}" else role in columns.places


@lru_cache(maxsize=1)
def common_columns() -> dict[str, tuple[str, ...]]:
    """The headings that mean the same in every table, by role."""
    content = _load(FOLDER / f"{COMMON}.yaml")
    return {role: tuple(names) for role, names in content.items()}


@lru_cache(maxsize=1)
def built_in() -> tuple[Known, ...]:
    """The presets that come with the program, in the order in which they are tried."""
    presets = (Preset.model_validate(_load(FOLDER / f"{name}.yaml")) for name in ORDER)
    return tuple(Known(preset, names_of(preset)) for preset in presets)


def choose(preset: str | Path | None) -> tuple[Known, ...]:
    """The presets to try.

    Args:
        preset: the name of a built-in preset, the path of a preset file, or None for all.

    Raises:
        ConfigurationError: there is no such preset, or the file is not one.
    """
    if preset is None:
        return built_in()
    named = next((item for item in built_in() if item.preset.name == str(preset)), None)
    return (named or _own(Path(preset)),)


def _own(path: Path) -> Known:
    if not path.is_file():
        raise ConfigurationError(
            f"There is no column preset {str(path)!r}; give a file, or one of {', '.join(ORDER)}."
        )
    try:
        content = _load(path)
        kind = content.get("shape")
        presets = [item.preset for item in built_in()]
        twin = next((item for item in presets if kind in (item.name, item.shape)), None)
        given = {"name": path.stem, **content}
        if twin:
            columns = given.get("columns")
            own = columns if isinstance(columns, dict) else {}
            given |= {"shape": twin.shape, "columns": {**twin.columns, **own}}
            given.setdefault("needs", twin.needs)
            given.setdefault("each", twin.each)
        preset = Preset.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"The column preset {str(path)!r} is wrong in {field!r}: {first['msg']}."
        ) from None
    return Known(preset, names_of(preset))


def _load(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        words = " ".join(str(error).split())
        raise ConfigurationError(
            f"The column preset {str(path)!r} cannot be read: {words}."
        ) from None
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"The column preset {str(path)!r} must hold fields, not a list or a text."
        )
    return content
