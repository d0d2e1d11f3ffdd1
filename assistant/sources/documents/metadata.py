"""What is known about a document beside its text, and where that was declared.

The manifest (``documents.yaml`` beside the file) beats what the file says about itself. Whoever
may read a document is decided here, so everything doubtful about an audience is refused: better a
document that is missing, with a reason, than one that the wrong people can read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import NamedTuple

from assistant.models import EVERYONE, Location, Noun, Problem

FIELDS = ("title", "published", "version", "supersedes", "audience")
MANIFESTS = ("documents.yaml", "documents.yml")
"""Names of the manifest, whatever their case."""

LONGEST_YAML = 256_000
"""Characters of a manifest or front matter; more is not written by hand."""

MOST_SHOWN = 40
"""Characters of a malformed value that a message repeats."""


class Metadata(Noun):
    """What was declared about one document; None where nothing was said.

    ``supersedes`` holds the words as written: an id, a file name, or a title with a version.
    ``folder_audience`` holds only where neither the manifest's entry nor the file names one;
    ``doubt`` is a reason not to read the file at all in that case.
    """

    title: str | None = None
    published: date | None = None
    version: str | None = None
    supersedes: str | None = None
    audience: str | None = None
    folder_audience: str | None = None
    doubt: str | None = None

    def completed_by(self, other: Metadata) -> Metadata:
        """A copy in which ``other`` fills what is open here."""
        return Metadata(**{**other.model_dump(), **self.model_dump(exclude_none=True)})

    @property
    def readers(self) -> str:
        """The audience that counts."""
        return self.audience or self.folder_audience or EVERYONE


class Refused(ValueError):
    """The document must not be read; the message is a sentence that says why."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Value(NamedTuple):
    """A value as written, None where it is not plain text, and its line."""

    text: str | None
    line: int | None = None


class _Node(NamedTuple):
    """A YAML node: values stay the words that were written, so ``2.10`` is no number."""

    node: object
    lines_above: int


class FrontMatter(NamedTuple):
    """The fields at the head of a text file, and the text below, with its line numbers kept."""

    fields: Mapping[str, Value]
    body: str


class Manifest(NamedTuple):
    """What ``documents.yaml`` says about the files beside it.

    Attributes:
        entries: by file name, in the composed form, since some systems take accents apart.
        audience: of the files that say nothing else.
        lost: entries that limit a file which is not there, as suffix and sentence: a file with
            that suffix and without an entry may be the lost one under another name.
        refusal: the reason why no document of the folder may be read.
    """

    file: str | None = None
    entries: Mapping[str, Metadata] = {}
    audience: str | None = None
    lost: Mapping[str, str] = {}
    refusal: Problem | None = None
    problems: tuple[Problem, ...] = ()

    def lists(self, name: str) -> bool:
        """Whether the file of this name has an entry."""
        return unicodedata.normalize("NFC", name) in self.entries

    def doubts(self, name: str) -> str | None:
        """Why the file of this name may be one that is limited; None for most."""
        return None if self.lists(name) else self.lost.get(PurePosixPath(name).suffix.lower())

    def entry(self, name: str) -> Metadata:
        """What is declared about the file of this name, the folder's audience included."""
        found = self.entries.get(unicodedata.normalize("NFC", name), Metadata())
        around = Metadata(folder_audience=self.audience, doubt=self.doubts(name))
        return found.completed_by(around)


def from_fields(
    fields: Mapping[str, Value], file: str, *, strict: bool = False
) -> tuple[Metadata, tuple[Problem, ...]]:
    """Read the fields that are known.

    Args:
        fields: names in small letters, values as written.
        file: where they stand, for locations.
        strict: refuse unknown names, not only those that look like a misspelt ``audience``.

    Returns:
        The metadata, and a problem for each field that is left out because it is malformed.

    Raises:
        Refused: the audience is malformed, or a name may be a misspelt ``audience``.
    """
    _check_names(fields, strict=strict)
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name in FIELDS:
        if name not in fields:
            continue
        text, line = fields[name]
        try:
            values[name] = _read(name, text)
        except ValueError as error:
            if name == "audience":
                raise Refused(str(error), line) from None
            message = f"{error}. The document is read without it."
            problems.append(Problem(message=message, location=Location(file=file, line=line)))
    return Metadata.model_validate(values), tuple(problems)


def front_matter(text: str) -> FrontMatter:
    """Take the block between two ``---`` lines off the head of a text.

    Raises:
        Refused: the block cannot be read although it may name an audience.
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines[:20]) if line.strip()), None)
    if first is None or lines[first].rstrip() != "---":
        return FrontMatter({}, text)
    after = lines[first + 1 :]
    count = next((n for n, line in enumerate(after) if line.rstrip() in ("---", "...")), None)
    if count is None:
        if _names_audience(_paragraph(after)):
            raise Refused("its front matter has no closing '---' line", first + 1)
        return FrontMatter({}, text)
    inside = "\n".join(after[:count])
    fields = _front_fields(inside, first + 1)
    if fields is None:
        return FrontMatter({}, text)
    body = "\n" * (first + count + 2) + "\n".join(after[count + 1 :])
    return FrontMatter(fields, body)


def _front_fields(inside: str, lines_above: int) -> dict[str, Value] | None:
    """The fields, or None where the text between two rules is no front matter at all."""
    try:
        nodes = _mapping(inside, lines_above)
        fields = None if nodes is None else _values(nodes)
    except Refused as error:
        if not _names_audience(inside):
            return None
        raise Refused(f"its front matter cannot be read: {error}", error.line) from None
    if _names_audience(inside) and "audience" not in (fields or {}):
        raise Refused("its front matter names an audience where none is read", lines_above)
    return fields


def read_manifest(text: str, file: str, names: frozenset[str]) -> Manifest:
    """Read a manifest.

    Args:
        text: its content.
        file: its name, for locations.
        names: the files that stand beside it.

    Returns:
        The manifest; where it cannot be trusted, one with a ``refusal`` and no entries.
    """
    try:
        return _read_manifest(text, file, names)
    except Refused as error:
        return refused_manifest(file, str(error), error.line)


def refused_manifest(file: str, reason: str, line: int | None = None) -> Manifest:
    """A manifest that lets no document of its folder be read."""
    message = (
        f"{PurePosixPath(file).name!r} cannot be used: {reason}. The documents of this folder are "
        "not read, because this file decides who may see them. Mend it and read the folder again."
    )
    return Manifest(file, refusal=Problem(message=message, location=Location(file=file, line=line)))


def _read_manifest(text: str, file: str, names: frozenset[str]) -> Manifest:
    top = _mapping(text)
    if not top:
        raise Refused("it holds no entries, such as 'plan.pdf:' with its fields below", 1)
    of_folder, _ = from_fields(_values({n: top[n] for n in top if n == "audience"}), file)
    entries: dict[str, Metadata] = {}
    lost: dict[str, str] = {}
    problems: list[Problem] = []
    for written, node in top.items():
        if written == "audience":
            continue
        name = unicodedata.normalize("NFC", written)
        try:
            fields = {} if _is_empty(node) else _values(_children(node))
            entries[name], found = from_fields(fields, file, strict=True)
        except Refused as error:
            raise Refused(f"at {name!r}, {error}", error.line) from None
        problems.extend(found)
        if name in names:
            continue
        message = f"{name!r} is listed, but it is not in this folder. Correct or remove the entry."
        where = Location(file=file, line=_line(node))
        problems.append(Problem(message=message, location=where, severity="warning"))
        if entries[name].audience not in (None, EVERYONE):
            lost[PurePosixPath(name).suffix.lower()] = _may_be(name, entries[name].audience)
    return Manifest(file, entries, of_folder.audience, lost, None, tuple(problems))


def _may_be(name: str, audience: str | None) -> str:
    return (
        f"documents.yaml limits {name!r} to {audience!r}, no such file is there, and this may be it "
        "under another name; give it an entry of its own, or correct that one"
    )


def _check_names(fields: Mapping[str, Value], *, strict: bool) -> None:
    for name, (_, line) in fields.items():
        if name in FIELDS or (name == "kind" and not strict):
            continue
        if name == "<<" or get_close_matches(name, ["audience"], cutoff=0.75):
            raise Refused(f"{name!r} is not a known field (is 'audience' meant?)", line)
        if strict:
            raise Refused(f"{name!r} is not a known field; known are {', '.join(FIELDS)}", line)


def _read(name: str, text: str | None) -> str | date | None:
    if text is None:
        raise ValueError(f"{name!r} is not one plain value")
    if name == "audience":
        return _audience(text)
    if text.strip().casefold() in _NOTHING:
        return None
    return _date(text) if name == "published" else " ".join(text.split())


def _audience(text: str) -> str:
    """One name that the setting can repeat exactly; it has no commas and one spelling."""
    if text.strip().casefold() in _NOTHING:
        raise ValueError("the audience is empty; name one, or write 'everyone'")
    if _AUDIENCE.fullmatch(text):
        return text
    meant = "-".join(re.findall(r"[a-z0-9_]+", text.casefold()))
    hint = f"; write {meant!r}" if meant and "," not in text else "; name exactly one"
    raise ValueError(
        f"the audience {_shown(text)} is malformed: it is one name of small letters, digits, '-' "
        f"and '_'{hint}"
    )


def _date(text: str) -> date:
    match = _DATE.match(text.strip())
    try:
        if match:
            return date.fromisoformat(match[0])
    except ValueError:
        pass
    raise ValueError(f"'published' is {_shown(text)}, which is not a date such as 2026-01-31")


def _shown(text: str) -> str:
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…")


def _names_audience(text: str) -> bool:
    return bool(_AUDIENCE_LINE.search(text))


def _paragraph(lines: list[str]) -> str:
    stop = next((n for n, line in enumerate(lines) if line.startswith("#")), len(lines))
    return "\n".join(lines[: min(stop, 40)])


def _mapping(text: str, lines_above: int = 0) -> dict[str, _Node] | None:
    """The top of a YAML text as a mapping of its nodes, or None where it is something else."""
    import yaml

    if len(text) > LONGEST_YAML:
        raise Refused(f"it is longer than {LONGEST_YAML} characters")
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = None if mark is None else mark.line + 1 + lines_above
        tab = " (indent with spaces, not tabs)" if "'\\t'" in str(error.problem) else ""
        raise Refused(f"it is not valid YAML: {error.problem}{tab}", line) from None
    except RecursionError:
        raise Refused("it is nested too deeply") from None
    except yaml.YAMLError:
        raise Refused("it holds characters that are not allowed in YAML") from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        return None
    return _children(_Node(node, lines_above))


def _children(parent: _Node) -> dict[str, _Node]:
    import yaml

    if not isinstance(parent.node, yaml.MappingNode):
        raise Refused("it needs 'name: value' pairs here", _line(parent))
    found: dict[str, _Node] = {}
    for key, value in parent.node.value:
        child = _Node(value, parent.lines_above)
        if not isinstance(key, yaml.ScalarNode):
            raise Refused("a name must be plain text", _line(child))
        if key.value in found:
            raise Refused(f"{key.value!r} stands there twice", _line(child))
        found[key.value] = child
    return found


def _values(nodes: Mapping[str, _Node]) -> dict[str, Value]:
    """Names do not depend on case; two that differ in nothing else are one name given twice."""
    values: dict[str, Value] = {}
    for name, node in nodes.items():
        folded = name.strip().casefold()
        if folded in values:
            raise Refused(f"{folded!r} stands there twice", _line(node))
        values[folded] = Value(getattr(node.node, "value", None), _line(node))
        if not isinstance(values[folded].text, str):
            values[folded] = Value(None, _line(node))
    return values


def _is_empty(node: _Node) -> bool:
    return getattr(node.node, "value", None) == ""


def _line(node: _Node) -> int:
    mark = getattr(node.node, "start_mark", None)
    return (mark.line if mark else 0) + 1 + node.lines_above


_NOTHING = frozenset({"", "null", "~", "none"})
_AUDIENCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_AUDIENCE_LINE = re.compile(r"^[ \t\-{]*[\"']?audience[\"']?\s*:", re.IGNORECASE | re.MULTILINE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
