"""Reads YAML into trees, from its events: no tag is constructed, no alias is written out unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assistant.models import Location, Problem
from assistant.sources.cells import shown
from assistant.sources.trees import Builder, Fault, Node, Scalar

_DOCUMENT = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_PROLOGUE = re.compile(r"(?:[ \t]*(?:#.*)?\n|%.*\n)*")
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # YAML 1.1, 5.1
)
_BREAKS = re.compile("[\x85\u2028\u2029]")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "set", "omap")
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_HASH_NUMBER = re.compile(r"[ \t]+#[0-9]")


def parse_yaml(text: str, file: str) -> Iterator[Node | Problem]:
    """Read every document of a YAML stream. A broken document costs only itself.

    Yields:
        One tree a document, whole or cut at its first syntax error, and after each the
        problems in it.
    """
    text = _BREAKS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text, unprintable = _printable(text, file)
    yield from unprintable
    line = 0
    for document in _documents(text):
        yield from _yaml_document(document, file, line)
        line += document.count("\n")


def _printable(text: str, file: str) -> tuple[str, list[Problem]]:
    match = _UNPRINTABLE.search(text)
    if not match:
        return text, []
    problem = Problem(
        message=f"The control character U+{ord(match[0]):04X} was read as a space, "
        "here and wherever else such characters stand.",
        location=Location(file=file, line=text.count("\n", 0, match.start()) + 1),
        severity="warning",
    )
    return _UNPRINTABLE.sub(" ", text), [problem]


def _documents(text: str) -> Iterator[str]:
    """Split at the document markers, which YAML allows nowhere else in the first column."""
    starts = [match.start() for match in _DOCUMENT.finditer(text)]
    if starts and _PROLOGUE.fullmatch(text, 0, starts[0]):
        starts[0] = 0
    elif not starts or starts[0] != 0:
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def _yaml_document(text: str, file: str, above: int) -> Iterator[Node | Problem]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = Builder(file)
    lines = text.split("\n")
    try:
        for event in yaml.parse(text, Loader=loader):
            _feed(builder, event, above, lines)
            if isinstance(event, yaml.DocumentEndEvent):
                yield from builder.finish()
                builder = Builder(file)
    except yaml.MarkedYAMLError as error:
        yield from builder.finish(_yaml_fault(error, lines, above))
    except Fault as fault:
        yield from builder.finish(fault)


def _feed(builder: Builder, event: Any, above: int, lines: list[str]) -> None:
    line = above + event.start_mark.line + 1
    kind = type(event).__name__
    if kind in ("MappingStartEvent", "SequenceStartEvent"):
        _check_tag(builder, event.tag, line)
        builder.open(
            line,
            is_mapping=kind == "MappingStartEvent",
            anchor=event.anchor,
            is_in_brackets=bool(event.flow_style),
        )
    elif kind in ("MappingEndEvent", "SequenceEndEvent"):
        builder.close()
    elif kind == "ScalarEvent":
        _check_tag(builder, event.tag, line)
        if not event.style and event.value:
            _check_comment(builder, event, line, lines)
            _check_joined(builder, event, above, lines)
        is_null = not event.style and event.value in _NULLS
        builder.add(
            Scalar(None if is_null else event.value, line, event.start_mark.column + 1),
            event.anchor,
        )
    elif kind == "AliasEvent":
        builder.add(_aliased(builder, event.anchor, line), line=line)


def _aliased(builder: Builder, anchor: str, line: int) -> Node:
    if anchor not in builder.anchors:
        raise Fault(
            f"The alias '*{shown(anchor)}' refers to nothing above it; a text that begins with "
            "an asterisk must stand in quotes. The rest of the document was not read.",
            line,
        )
    return builder.anchors[anchor]


def _check_tag(builder: Builder, tag: str | None, line: int) -> None:
    if tag and tag != "!" and tag not in _PLAIN_TAGS:
        written = tag.replace("tag:yaml.org,2002:", "!!")
        builder.complain(
            f"The tag {shown(written)!r} has no meaning here and was ignored; "
            "the value behind it was read as plain data.",
            line,
            "warning",
        )


def _check_comment(builder: Builder, event: Any, line: int, lines: list[str]) -> None:
    """``Be #1`` is ``Be`` and a comment to YAML: nobody means that."""
    end = event.end_mark
    rest = lines[end.line][end.column :] if end.line < len(lines) else ""
    if _HASH_NUMBER.match(rest):
        builder.complain(
            f"The words {shown(rest)!r} were left out, because ' #' begins a comment in YAML; "
            "put the whole text in quotes.",
            line,
            "warning",
        )


def _check_joined(builder: Builder, event: Any, above: int, lines: list[str]) -> None:
    """A list item with the wrong indentation becomes the end of the text above it."""
    for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
        here = lines[number] if number < len(lines) else ""
        text = here.lstrip()
        if text.startswith("- ") and not builder.is_in_brackets:
            builder.complain(
                f"YAML joins {shown(text)!r} to the text above, because the line is indented "
                "too far; indent it like its neighbours.",
                above + number + 1,
            )


def _yaml_fault(error: Any, lines: list[str], above: int) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    here = lines[line] if line < len(lines) else ""
    return Fault(
        f"This is not valid YAML at line {above + line + 1}, column {column + 1}: "
        f"{_yaml_reason(error, here, column)} The rest of the document was not read.",
        above + line + 1,
    )


def _yaml_reason(error: Any, here: str, column: int) -> str:
    problem = error.problem or error.context or "the text cannot be read"
    if "\t" in here[: column + 1] and not here[: column + 1].strip():
        return "the line is indented with a tab, and YAML takes spaces only."
    if here[column : column + 1] == "\t":
        return "a tab stands where YAML takes spaces only."
    if problem.startswith("found character that cannot start"):
        return f"a text that begins with {here[column : column + 1]!r} must stand in quotes."
    for start, reason in _YAML_REASONS.items():
        if problem.startswith(start):
            return reason
    return f"{problem}{f' ({error.context})' if error.context and error.problem else ''}."


_YAML_REASONS = {
    "mapping values are not allowed": "a field or a ': ' stands where none can; put a text with "
    "a colon in quotes, or mend the indentation.",
    "found unexpected end of stream": "a quote was opened and never closed.",
    "found unexpected document indicator": "a quote was opened and never closed.",
    "could not find expected ':'": "the line is neither a list item nor 'field: value'.",
    "did not find expected key": "the line is indented or quoted unlike the fields above it.",
    "did not find expected '-' indicator": "the line is indented unlike the list above it.",
    "did not find expected <document start>": "the line does not belong to what stands above; "
    "mend its indentation.",
    "did not find expected ',' or": "a bracket or brace was opened and not closed in time.",
    "did not find expected alphabetic": "a text that begins with '*' or '&' must stand in quotes.",
}
