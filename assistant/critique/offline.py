"""Stands in for a model: notes what would be asked, and takes its answers from files.

So a prompt can be tried by hand in any chat window: print it, paste it there, put the answer into a
file, and let the rest of the way run on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from assistant.errors import InputError
from assistant.llm.answers import Answer
from assistant.llm.faults import Fault, clean
from assistant.llm.shapes import Answered, read_answer, without_thoughts
from assistant.prompts import Message

if TYPE_CHECKING:
    from assistant.llm.client import OnToken

_MOST_BYTES = 2_000_000
_MOST_FAULTS = 4


class Offline:
    """Answers from files in turn, and remembers the questions. Not for several threads."""

    model = "an answer from a file"

    def __init__(self, files: Iterable[Path] = ()) -> None:
        """Take the files; each is read when its question comes."""
        self._left = list(files)
        self.asked: list[tuple[type[BaseModel], tuple[Message, ...]]] = []

    def ask(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """The next answer.

        Raises:
            Fault: no file is left.
            InputError: the file cannot be read, or holds no such answer; the message says where.
        """
        self.asked.append((schema, tuple(messages)))
        if not self._left:
            raise Fault(
                "offline",
                "no answer file is left for this question",
                "Give --offline-answer once for each question, in the order of the questions.",
            )
        path = self._left.pop(0)
        text = _text(path)
        if on_token:
            on_token(text)
        return Answer(
            parsed=_read(text, schema, path),
            text=text,
            model=self.model,
            method="plain",
            seconds=0.0,
            first_token_seconds=None,
            input_tokens=None,
            output_tokens=None,
            calls=0,
        )

    @property
    def unused(self) -> tuple[Path, ...]:
        """The files that no question came for."""
        return tuple(self._left)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"The answer '{path}' cannot be read: {error.strerror}.") from None
    if len(content) > _MOST_BYTES:
        raise InputError(f"The answer '{path}' has over {_MOST_BYTES:,} bytes; that is no answer.")
    return content.decode("utf-8-sig", errors="replace")


def _read(text: str, schema: type[Answered], path: Path) -> Answered:
    try:
        return read_answer(text, schema)
    except ValidationError as error:
        said = "; ".join(_wrong(error))
        if text.lstrip().startswith("["):
            said += ". It is a list; put it into an object"
        raise InputError(f"The answer '{path}' is JSON of another shape: {said}.") from None
    except ValueError:
        raise InputError(_unreadable(text, schema, path)) from None


def _unreadable(text: str, schema: type[BaseModel], path: Path) -> str:
    plain = without_thoughts(text)
    names = ", ".join(f'"{name}": ...' for name in schema.model_fields)
    wanted = f"Ask the model again for one JSON object {{{names}}} and put it there whole."
    if not plain.strip():
        return f"The answer '{path}' is empty. {wanted}"
    if "{" not in plain:
        return f"The answer '{path}' is prose, no JSON: {clean(plain)!r}. {wanted}"
    line, column, why = _broken(text)
    return f"The answer '{path}' holds broken JSON at line {line}, column {column}: {why}. {wanted}"


def _broken(text: str) -> tuple[int, int, str]:
    """Where the first object of a text ends to make sense, counted from 1, and why."""
    start = text.index("{")
    try:
        json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        return error.lineno, error.colno, error.msg[:1].lower() + error.msg[1:]
    except RecursionError:
        pass
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), "it cannot be read"


def _wrong(error: ValidationError) -> Iterator[str]:
    for item in islice(error.errors(), _MOST_FAULTS):
        place = ""
        for part in item["loc"]:
            place += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if place else part
        yield f"{place or 'the whole'}: {item['msg'][:1].lower()}{item['msg'][1:]}"
    if error.error_count() > _MOST_FAULTS:
        yield f"and {error.error_count() - _MOST_FAULTS} more"
