"""Reads the case files: sentences with their parts marked as ``{x:words}``, and simple tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_CASES = Path(__file__).parent / "cases"
_MARK = re.compile(r"\{([a-z]+):")


class Case(NamedTuple):
    """A sentence, the marked parts by their letter, and what stands behind ``##``."""

    text: str
    parts: dict[str, list[str]]
    verdict: str

    def part(self, mark: str) -> str | None:
        """The words marked with a letter, or None."""
        return next(iter(self.parts.get(mark, [])), None)


def lines(name: str) -> Iterator[str]:
    """The lines of a case file without headings, comments and blank lines."""
    for line in (_CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            yield line


def marked(*names: str) -> list[Case]:
    """The marked sentences of some case files."""
    return [_unmark(line) for name in names for line in lines(name)]


def table(name: str) -> list[tuple[str, str]]:
    """The rows of a case file whose two columns are separated by ``|``."""
    rows = (line.rpartition("|") for line in lines(name) if not line.startswith("["))
    return [(text.strip(), expected.strip()) for text, _, expected in rows]


def sections(name: str) -> list[tuple[str, str]]:
    """Each line of a case file with the ``[section]`` that it stands in."""
    found, section = [], ""
    for line in lines(name):
        if line.startswith("[") and line.endswith("]"):
            section = line.strip("[]")
        else:
            found.append((line, section))
    return found


def _unmark(line: str) -> Case:
    body, _, verdict = line.rpartition(" ## ") if " ## " in line else (line, "", "")
    text, parts, opened, at = "", {}, [], 0
    while at < len(body):
        if mark := _MARK.match(body, at):
            opened.append((mark.group(1), len(text)))
            at = mark.end()
            continue
        if body[at] == "}" and opened:
            letter, start = opened.pop()
            parts.setdefault(letter, []).append(text[start:])
        else:
            text += body[at]
        at += 1
    return Case(text, parts, verdict.strip())
