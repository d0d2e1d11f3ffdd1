"""Reads profiles. Whatever is wrong with one is a sentence that names its file and key."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import ConfigurationError, InputError
from assistant.profiles.profile import DEFAULT, KINDS, LEVELS, Kind, Level, Profile
from assistant.rules import find_rule
from assistant.rules.base import Limits

_FOLDER = Path(__file__).parent
_SUFFIXES = (".yaml", ".yml")
_KEYS = ("about", "authority", "extends", "limits", "rules")


@cache
def built_in() -> tuple[Profile, ...]:
    """The profiles that come with the tool, the default first."""
    names = sorted(_names(), key=lambda name: (name != DEFAULT, name))
    return tuple(_built_in(name) for name in names)


@cache
def _built_in(name: str) -> Profile:
    return _read(_FOLDER / f"{name}.yaml", ())


def load(name: str) -> Profile:
    """The profile with this name, or in this file.

    Args:
        name: ``strict`` or another built-in name, or the path of a YAML file.

    Raises:
        ConfigurationError: there is no such profile, or it cannot be used.
    """
    if name in _names():
        return _built_in(name)
    return _read(_place(name, Path(), "The profile"), ())


def _names() -> list[str]:
    return [path.stem for path in _FOLDER.glob("*.yaml")]


def _place(name: str, folder: Path, what: str) -> Path:
    if name in _names():
        return _FOLDER / f"{name}.yaml"
    if name.endswith(_SUFFIXES):
        return folder / name
    close = get_close_matches(name, _names(), n=1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    raise ConfigurationError(
        f"{what} {name!r} does not exist.{meant} There are: {', '.join(sorted(_names()))}; "
        "or name a file that ends in .yaml."
    )


def _read(path: Path, below: tuple[Path, ...]) -> Profile:
    content = _content(path)
    for key in content:
        if key not in _KEYS:
            _wrong(path, str(key), f"is not a key of a profile. The keys are: {', '.join(_KEYS)}.")
    base = _base(path, content, below)
    return Profile(
        name=path.stem if path.parent == _FOLDER else str(path),
        about=_text(path, content, "about") or "",
        authority=_text(path, content, "authority")
        or _wrong(path, "authority", "is missing. Say who decided on these rules."),
        extends=base.name if base else None,
        limits=_limits(path, content.get("limits"), base.limits if base else Limits()),
        levels=_levels(path, content.get("rules"), base.levels if base else {}),
    )


def _content(path: Path) -> dict[Any, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"The profile '{path}' cannot be read: {error.strerror}. Name a file that exists."
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(f"The profile '{path}' is not valid YAML: {reason}.") from None
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"The profile '{path}' holds no keys. The keys are: {', '.join(_KEYS)}."
        )
    return content


def _base(path: Path, content: Mapping[Any, Any], below: tuple[Path, ...]) -> Profile | None:
    name = _text(path, content, "extends")
    if name is None:
        return None
    above = _place(name, path.parent, f"{path}, extends: the profile")
    chain = (*below, path.resolve())
    if above.resolve() in chain:
        _wrong(path, "extends", "leads in a circle. Let one of the profiles extend 'default'.")
    return _read(above, chain)


def _text(path: Path, content: Mapping[Any, Any], key: str) -> str | None:
    value = content.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        _wrong(path, key, f"is {value!r}, but it is a text.")
    return " ".join(value.split())


def _limits(path: Path, given: object, base: Limits) -> Limits:
    limits = base.model_dump()
    for name, value in _mapping(path, "limits", given).items():
        if name not in limits:
            _wrong(path, f"limits.{name}", f"is no limit. The limits are: {', '.join(limits)}.")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            _wrong(path, f"limits.{name}", f"is {value!r}, but it is a whole number from 1.")
        limits[name] = value
    return Limits(**limits)


def _levels(
    path: Path, given: object, base: Mapping[str, Mapping[Kind, Level]]
) -> dict[str, dict[Kind, Level]]:
    levels = {code: dict(kinds) for code, kinds in base.items()}
    for name, value in _mapping(path, "rules", given).items():
        try:
            code = find_rule(str(name)).code
        except InputError as error:
            _wrong(path, f"rules.{name}", f"is no rule. {error}")
        levels.setdefault(code, {}).update(_by_kind(path, f"rules.{name}", value))
    return levels


def _by_kind(path: Path, key: str, value: object) -> dict[Kind, Level]:
    if not isinstance(value, dict):
        level = _level(path, key, value)
        return dict.fromkeys(KINDS, level)
    found: dict[Kind, Level] = {}
    for name, inner in value.items():
        kind = next((item for item in KINDS if item == name), None)
        if kind is None:
            _wrong(path, f"{key}.{name}", f"is no kind of objective: {', '.join(KINDS)}.")
        found[kind] = _level(path, f"{key}.{kind}", inner)
    return found


def _level(path: Path, key: str, value: object) -> Level:
    # YAML 1.1 reads a bare off as false.
    named = "off" if value is False else value
    level = next((item for item in LEVELS if item == named), None)
    if level is None:
        _wrong(path, key, f"is {value!r}, but it is one of: {', '.join(LEVELS)}.")
    return level


def _mapping(path: Path, key: str, given: object) -> dict[Any, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        _wrong(path, key, f"is {given!r}, but it is a list of names with values: 'NAME: value'.")
    return given


def _wrong(path: Path, key: str, what: str) -> NoReturn:
    raise ConfigurationError(f"The profile '{path}' cannot be used: {key} {what}")
