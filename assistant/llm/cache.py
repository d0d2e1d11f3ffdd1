"""What an endpoint answered, and what was learnt about it, in a file of its own at home.

Only complete answers that could be read are kept, under a digest of the whole request; the
request itself is not kept, nor is any key. Answers quote drafts, so the file is for its owner
alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.llm.answers import Heard, Kept
from assistant.llm.dialect import Dialect
from assistant.memory import digest, opened

FILE = "llm.sqlite"
_MOST = 20_000
_DAYS = 7
"""After so many days what was learnt about an endpoint is found out anew."""

_KEPT = TypeAdapter(Kept)
_DIALECT = TypeAdapter(Dialect)


class Cache:
    """The kept answers of one endpoint and model."""

    def __init__(self, home: Path, url: str, model: str, *, answers: bool = True) -> None:
        """Prepare; nothing is opened yet.

        Args:
            home: the folder; where it cannot be written, nothing is kept.
            url: whom the answers come from.
            model: likewise.
            answers: whether answers are kept, or only what is learnt about the endpoint.
        """
        self._home = home
        self._of = (url, model)
        self._answers = answers

    def without_answers(self) -> Cache:
        """The same file, for what is learnt about the endpoint alone."""
        return Cache(self._home, *self._of, answers=False)

    def recall(self, request: object) -> Heard | None:
        """The answer to a request that was asked before.

        Args:
            request: all that is sent, as JSON can hold it.
        """
        if not self._answers:
            return None
        kept = self._read("answer", request)
        try:
            return Heard.kept(_KEPT.validate_python(kept)) if kept else None
        except ValidationError:
            return None

    def keep(self, request: object, heard: Heard) -> None:
        """Keep an answer that could be read."""
        if self._answers:
            self._write(asdict(heard.to_keep()), "answer", request)

    def learnt(self) -> Dialect | None:
        """How the endpoint wants to be asked, if that was found out lately."""
        try:
            return _DIALECT.validate_python(found) if (found := self.fact("dialect")) else None
        except ValidationError:
            return None

    def learn(self, dialect: Dialect) -> None:
        """Keep how the endpoint wants to be asked."""
        self.note("dialect", asdict(dialect))

    def fact(self, name: str) -> Any:
        """What was found out about the endpoint within the last days, or None."""
        kept = self._read("fact", name)
        if kept is None or kept["day"] + _DAYS < _today():
            return None
        return kept["value"]

    def note(self, name: str, value: object) -> None:
        """Keep something that was found out about the endpoint."""
        self._write({"day": _today(), "value": value}, "fact", name)

    def _read(self, *name: object) -> Any:
        key = digest(*self._of, *name)
        with opened(self._home, _MOST, FILE) as memory:
            found = memory.recall([key]).get(key)
        return json.loads(found) if found else None

    def _write(self, value: object, *name: object) -> None:
        with opened(self._home, _MOST, FILE) as memory:
            memory.keep({digest(*self._of, *name): json.dumps(value).encode()})


def size(home: Path) -> int | None:
    """The bytes that the file takes; None if there is none."""
    path = home / FILE
    return path.stat().st_size if path.is_file() else None


def _today() -> int:
    return datetime.now(UTC).date().toordinal()
