"""YAML and JSON as one kind of tree, whose every node knows its line.

Nothing is constructed from tags, nothing is resolved to a number or a date: a scalar is its
words. A fault ends the document where it stands, and what was open then is marked ``cut``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.models import Location, Problem, Severity
from assistant.sources.cells import shown

DEEPEST = 60
"""Levels of nesting that are read; thirty teams within one another fit."""

MOST_NODES = 500_000
"""Elements that one document may have once its aliases are written out."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or literal as written; ``text`` is None for null."""

    text: str | None
    line: int
    column: int = 1
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
    column: int
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named fields, each name once. ``cut`` says that a syntax error ended it early."""

    pairs: tuple[Pair, ...]
    line: int
    size: int
    cut: bool = False


Node = Scalar | Sequence | Mapping


class Fault(Exception):
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
    name: Scalar | None = None
    ignored: bool = False
    is_in_brackets: bool = False


@dataclass
class Builder:
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

    @property
    def is_in_brackets(self) -> bool:
        """Whether the innermost list or mapping is one of YAML's in brackets or braces."""
        return bool(self.stack) and self.stack[-1].is_in_brackets

    def open(
        self,
        line: int,
        *,
        is_mapping: bool,
        anchor: str | None = None,
        is_in_brackets: bool = False,
    ) -> None:
        """Begin a list or a mapping."""
        if len(self.stack) >= DEEPEST:
            raise Fault(
                f"Lists and fields are nested more than {DEEPEST} levels deep here; "
                "the rest of the document was not read.",
                line,
            )
        self.stack.append(_Open(line, is_mapping, anchor, is_in_brackets=is_in_brackets))

    def close(self, cut: bool = False) -> None:
        """End the innermost list or mapping."""
        top = self.stack.pop()
        node = _finished(top, cut)
        if top.anchor:
            self.anchors[top.anchor] = node
        self._place(node)

    def add(self, node: Node, anchor: str | None = None, line: int | None = None) -> None:
        """Put a finished node where it belongs: a field name, a value or a list item.

        An alias puts a node of another ``line`` here.
        """
        self.size += node.size
        if self.size > MOST_NODES:
            raise Fault(
                f"The document has more than {MOST_NODES:,} elements from here on "
                "(counting what its aliases repeat); the rest of it was not read.",
                line or node.line,
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
            top.name = node
            return
        self.complain("A field name must be a text, not a list or a mapping.", node.line)
        top.ignored = True

    def _value(self, top: _Open, node: Node) -> None:
        label, top.name, top.ignored = top.name, None, False
        if label is None:
            return
        name = label.text or ""
        if name == "<<" and not isinstance(node, Scalar):
            _merge(top, node)
            return
        first = top.pairs.get(name)
        if first is None:
            top.pairs[name] = Pair(name, label.line, label.column, node)
            return
        self.complain(
            f"The field {shown(name)!r} at line {label.line}, column {label.column} already stands "
            f"at line {first.line}, column {first.column}; the first one counts.",
            label.line,
        )

    def finish(self, fault: Fault | None = None) -> Iterator[Node | Problem]:
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
