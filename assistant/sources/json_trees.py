"""Reads JSON strictly into a tree, and says in which line and column it is not JSON."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from assistant.models import Problem
from assistant.sources.trees import Builder, Fault, Node, Scalar

LONGEST_NUMBER = 40
"""Characters; a longer number is left out."""

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
    reader = _JsonReader(text, Builder(file))
    try:
        reader.document()
    except Fault as fault:
        yield from reader.builder.finish(fault)
        return
    yield from reader.builder.finish()


class _JsonReader:
    """A strict reader that knows where it is."""

    def __init__(self, text: str, builder: Builder) -> None:
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

    def _fault(self, reason: str) -> Fault:
        return Fault(f"{self._where()} {reason} The rest of the file was not read.", self._line)

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
            line, column = self._place(self.at)
            self.builder.add(Scalar(self._string(), line, column))
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
        line, column = self._place(self.at)
        self.builder.add(Scalar(self._string(), line, column))
        self._skip()
        if self._peek() != ":":
            raise self._fault(f"a ':' belongs here, not {self._found()}.")
        self.at += 1
        self._skip()
        self._value()

    def _string(self) -> str:
        from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

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
