"""YAML and JSON as one kind of tree, whose every node knows its line.

Nothing is constructed from tags, nothing is resolved to a number or a date: a scalar is its
words. A fault ends the document where it stands, and what was open then is marked ``cut``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.models import Location, Problem, Severity
from assistant.sources.cells import shown

DEEPEST = 60
"""Levels of nesting that are read; thirty teams within one another fit."""

MOST_NODES = 500_000
"""Elements that one document may have once its aliases are written out."""

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or literal as written; ``text`` is None for null."""

    text: str | None
    line: int
    size: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. ``cut`` says that a syntax error ended it early."""

    items: tuple[Node, ...]
    line: int
    size: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of a mapping, with the line of its name."""

    name: str
    line: int
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named fields, each name once. ``cut`` says that a syntax error ended it early."""

    pairs: tuple[Pair, ...]
    line: int
    size: int
    cut: bool = False


Node = Scalar | Sequence | Mapping


class _Fault(Exception):
    """The document ends here. Carries a sentence and a line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class _Open:
    """A list or mapping that is being read."""

    line: int
    is_mapping: bool
    anchor: str | None = None
    items: list[Node] = field(default_factory=list)
    pairs: dict[str, Pair] = field(default_factory=dict)
    name: tuple[str, int] | None = None
    ignored: bool = False


@dataclass
class _Builder:
    """Collects nodes into a tree and problems into a list."""

    file: str
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    root: Node | None = None
    size: int = 0

    def complain(self, message: str, line: int, severity: Severity = "error") -> None:
        """Note what is wrong with a part that the rest does not depend on."""
        self.problems.append(
            Problem(
                message=message, location=Location(file=self.file, line=line), severity=severity
            )
        )

    def open(self, line: int, *, is_mapping: bool, anchor: str | None = None) -> None:
        """Begin a list or a mapping."""
        if len(self.stack) >= DEEPEST:
            raise _Fault(
                f"Lists and fields are nested more than {DEEPEST} levels deep here; "
                "the rest of the document was not read.",
                line,
            )
        self.stack.append(_Open(line, is_mapping, anchor))

    def close(self, cut: bool = False) -> None:
        """End the innermost list or mapping."""
        top = self.stack.pop()
        node = _finished(top, cut)
        if top.anchor:
            self.anchors[top.anchor] = node
        self._place(node)

    def add(self, node: Node, anchor: str | None = None) -> None:
        """Put a finished node where it belongs: a field name, a value or a list item."""
        self.size += node.size
        if self.size > MOST_NODES:
            raise _Fault(
                f"The document has more than {MOST_NODES:,} elements from here on "
                "(counting what its aliases repeat); the rest of it was not read.",
                node.line,
            )
        if anchor:
            self.anchors[anchor] = node
        self._place(node)

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.name is None and not top.ignored:
            self._name(top, node)
        else:
            self._value(top, node)

    def _name(self, top: _Open, node: Node) -> None:
        if isinstance(node, Scalar):
            top.name = (node.text or "", node.line)
            return
        self.complain("A field name must be a text, not a list or a mapping.", node.line)
        top.ignored = True

    def _value(self, top: _Open, node: Node) -> None:
        name, top.name, top.ignored = top.name, None, False
        if name is None:
            return
        if name[0] == "<<" and not isinstance(node, Scalar):
            _merge(top, node)
            return
        first = top.pairs.get(name[0])
        if first:
            self.complain(
                f"The field {shown(name[0])!r} stands twice in one mapping, in lines {first.line} "
                f"and {name[1]}; the first one counts.",
                name[1],
            )
            return
        top.pairs[name[0]] = Pair(name[0], name[1], node)

    def finish(self, fault: _Fault | None = None) -> Iterator[Node | Problem]:
        """Yield the tree, cut short where a fault says so, then the problems."""
        while self.stack:
            self.close(cut=True)
        if self.root is not None:
            yield self.root
        if fault:
            self.complain(str(fault), fault.line)
        yield from self.problems


def _finished(top: _Open, cut: bool) -> Node:
    if top.is_mapping:
        pairs = tuple(top.pairs.values())
        return Mapping(pairs, top.line, 1 + sum(pair.value.size for pair in pairs), cut)
    return Sequence(tuple(top.items), top.line, 1 + sum(item.size for item in top.items), cut)


def _merge(top: _Open, node: Node) -> None:
    """YAML's ``<<``: take over the fields that are not there yet."""
    for source in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(source, Mapping):
            for pair in source.pairs:
                top.pairs.setdefault(pair.name, pair)


# --- YAML ------------------------------------------------------------------------------------

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
    builder = _Builder(file)
    lines = text.split("\n")
    try:
        for event in yaml.parse(text, Loader=loader):
            _feed(builder, event, above, lines)
            if isinstance(event, yaml.DocumentEndEvent):
                yield from builder.finish()
                builder = _Builder(file)
    except yaml.MarkedYAMLError as error:
        yield from builder.finish(_yaml_fault(error, lines, above))
    except _Fault as fault:
        yield from builder.finish(fault)


def _feed(builder: _Builder, event: Any, above: int, lines: list[str]) -> None:
    line = above + event.start_mark.line + 1
    kind = type(event).__name__
    if kind in ("MappingStartEvent", "SequenceStartEvent"):
        _check_tag(builder, event.tag, line)
        builder.open(line, is_mapping=kind == "MappingStartEvent", anchor=event.anchor)
    elif kind in ("MappingEndEvent", "SequenceEndEvent"):
        builder.close()
    elif kind == "ScalarEvent":
        _check_tag(builder, event.tag, line)
        if event.style is None and event.value:
            _check_comment(builder, event, line, lines)
            _check_joined(builder, event, above, lines)
        is_null = event.style is None and event.value in _NULLS
        builder.add(Scalar(None if is_null else event.value, line), event.anchor)
    elif kind == "AliasEvent":
        builder.add(_aliased(builder, event.anchor, line))


def _aliased(builder: _Builder, anchor: str, line: int) -> Node:
    if anchor not in builder.anchors:
        raise _Fault(
            f"The alias '*{shown(anchor)}' refers to nothing above it; a text that begins with "
            "an asterisk must stand in quotes. The rest of the document was not read.",
            line,
        )
    return builder.anchors[anchor]


def _check_tag(builder: _Builder, tag: str | None, line: int) -> None:
    if tag and tag != "!" and tag not in _PLAIN_TAGS:
        written = tag.replace("tag:yaml.org,2002:", "!!")
        builder.complain(
            f"The tag {shown(written)!r} has no meaning here and was ignored; "
            "the value behind it was read as plain data.",
            line,
            "warning",
        )


def _check_comment(builder: _Builder, event: Any, line: int, lines: list[str]) -> None:
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


def _check_joined(builder: _Builder, event: Any, above: int, lines: list[str]) -> None:
    """A list item with the wrong indentation becomes the end of the text above it."""
    for number in range(event.start_mark.line + 1, event.end_mark.line + 1):
        here = lines[number] if number < len(lines) else ""
        text = here.lstrip()
        if text.startswith("- ") or "\t" in here[: len(here) - len(text)]:
            builder.complain(
                f"YAML joins {shown(text)!r} to the text above, because the line is indented "
                "with a tab or too far; indent it with spaces like its neighbours.",
                above + number + 1,
            )


def _yaml_fault(error: Any, lines: list[str], above: int) -> _Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    here = lines[line] if line < len(lines) else ""
    return _Fault(
        f"This is not valid YAML at line {above + line + 1}, column {column + 1}: "
        f"{_yaml_reason(error, here, column)} The rest of the document was not read.",
        above + line + 1,
    )


def _yaml_reason(error: Any, here: str, column: int) -> str:
    problem = error.problem or error.context or "the text cannot be read"
    if "\t" in here[: column + 1] and not here[: column + 1].strip():
        return "the line is indented with a tab, and YAML takes spaces only."
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


# --- JSON ------------------------------------------------------------------------------------

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.])")
_LITERAL = re.compile(r"(?:true|false|null)(?![0-9A-Za-z_])")
_NOT_A_NUMBER = re.compile(r"(?:NaN|-?Infinity)(?![0-9A-Za-z_])")


def parse_json(text: str, file: str) -> Iterator[Node | Problem]:
    """Read one JSON value.

    Yields:
        The tree, whole or cut at the first syntax error, then the problems in it. A trailing
        comma, NaN, a repeated field or an endless number is a problem that costs only itself.
    """
    reader = _JsonReader(text, _Builder(file))
    try:
        reader.document()
    except _Fault as fault:
        yield from reader.builder.finish(fault)
        return
    yield from reader.builder.finish()


class _JsonReader:
    """A strict reader that knows where it is."""

    def __init__(self, text: str, builder: _Builder) -> None:
        self.text = text
        self.builder = builder
        self.at = 0
        self.breaks = [match.start() for match in re.finditer("\n", text)]

    def document(self) -> None:
        self._skip()
        self._value()
        self._skip()
        if self.at < len(self.text):
            raise self._fault("there is more text after the end of the value.")

    def _place(self, at: int) -> tuple[int, int]:
        before = bisect_right(self.breaks, at - 1)
        return before + 1, at - (self.breaks[before - 1] if before else -1)

    @property
    def _line(self) -> int:
        return self._place(self.at)[0]

    def _where(self) -> str:
        line, column = self._place(self.at)
        return f"This is not valid JSON at line {line}, column {column}:"

    def _fault(self, reason: str) -> _Fault:
        return _Fault(f"{self._where()} {reason} The rest of the file was not read.", self._line)

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _value(self) -> None:
        start = self._peek()
        if start == "{":
            self._container("}", self._member)
        elif start == "[":
            self._container("]", self._value)
        elif start == '"':
            line = self._line
            self.builder.add(Scalar(self._string(), line))
        else:
            self._bare()

    def _container(self, closer: str, member: Callable[[], None]) -> None:
        self.builder.open(self._line, is_mapping=closer == "}")
        self.at += 1
        self._skip()
        while self._peek() != closer:
            member()
            self._skip()
            self._separator(closer)
        self.at += 1
        self.builder.close()

    def _separator(self, closer: str) -> None:
        if self._peek() == closer:
            return
        if self._peek() != ",":
            raise self._fault(f"',' or {closer!r} belongs here, not {self._found()}.")
        comma = self.at
        self.at += 1
        self._skip()
        if self._peek() == closer:
            line, column = self._place(comma)
            self.builder.complain(
                f"This is not valid JSON at line {line}, column {column}: a comma stands before "
                f"the closing {closer!r}; remove it. The rest was read.",
                line,
            )

    def _member(self) -> None:
        if self._peek() != '"':
            raise self._fault(f"a field name in double quotes belongs here, not {self._found()}.")
        line = self._line
        self.builder.add(Scalar(self._string(), line))
        self._skip()
        if self._peek() != ":":
            raise self._fault(f"a ':' belongs here, not {self._found()}.")
        self.at += 1
        self._skip()
        self._value()

    def _string(self) -> str:
        from json.decoder import JSONDecodeError, scanstring

        try:
            value, self.at = scanstring(self.text, self.at + 1, True)
        except JSONDecodeError as error:
            self.at = min(error.pos, len(self.text))
            raise self._fault(f"{_JSON_REASONS.get(error.msg, error.msg)}.") from None
        return _SURROGATE.sub("\ufffd", value)

    def _bare(self) -> None:
        line = self._line
        match = _JSON_NUMBER.match(self.text, self.at) or _LITERAL.match(self.text, self.at)
        if match:
            self.builder.add(Scalar(self._plain(match[0], line), line))
            self.at = match.end()
            return
        match = _NOT_A_NUMBER.match(self.text, self.at)
        if not match:
            raise self._fault(f"a value belongs here, not {self._found()}.")
        self.builder.complain(
            f"{self._where()} {match[0]} is no JSON number; the value was left out.", line
        )
        self.builder.add(Scalar(None, line))
        self.at = match.end()

    def _plain(self, word: str, line: int) -> str | None:
        if len(word) <= LONGEST_NUMBER:
            return None if word == "null" else word
        self.builder.complain(
            f"{self._where().replace('not valid JSON', 'no usable number')} it has "
            f"{len(word):,} characters; the value was left out.",
            line,
        )
        return None

    def _found(self) -> str:
        word = re.compile(r"[^\s,:\[\]{}]{1,20}|.?", re.DOTALL).match(self.text, self.at)
        return repr(word[0]) if word and word[0] else "the end of the file"


_JSON_REASONS = {
    "Unterminated string starting at": "a quote was opened here and never closed",
    "Invalid control character at": "a line break, tab or control character stands in a text; "
    "write it as \\n or \\t",
    "Invalid \\escape": "a backslash in a text must be written twice",
    "Invalid \\uXXXX escape": "\\u needs four hexadecimal digits behind it",
}
