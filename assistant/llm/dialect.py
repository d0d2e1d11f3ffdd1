"""How one endpoint wants to be asked: a ladder that is walked down as it refuses.

Pure: requests as plain data, no vendor and no connection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from assistant.llm.shapes import json_schema

Method = Literal["json_schema", "tool", "plain"]
"""A JSON schema as response format, the arguments of a forced tool call, or plain words."""

METHODS: tuple[Method, ...] = ("json_schema", "tool", "plain")

_STRICT_HOSTS = ("openai.com", "azure.com", "azure.us", "azure.cn")
_TOOL = "answer"
_LIMIT_WORDS = ("maxlength", "maxitems", "minimum", "maximum", "keyword", "invalid schema")
_SCHEMA_WORDS = ("response_format", "json_schema", "json schema", "grammar")
_SHORT = 8
"""Tokens of an answer that is one of a few words."""

_FEWER = 5
"""How many likely tokens endpoints give that do not give 20."""


@dataclass(frozen=True)
class Dialect:
    """What is sent, and under which names.

    Attributes:
        method: how JSON is asked for.
        limits: whether lengths and ranges stand in the JSON schema.
        tokens: the name of the parameter for the longest answer.
        temperature: whether one is sent (0, so that unchanged text gets the same findings).
        usage: whether a count of tokens is asked for.
        stream: whether the answer is asked for piece by piece.
        likely: how many likely tokens with their probabilities are asked for where the answer
            is one of a few words; 0 if the endpoint gives none.
        thinks: whether the model needs room for thoughts before a short answer.
    """

    method: Method = "json_schema"
    limits: bool = True
    tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    usage: bool = True
    stream: bool = True
    likely: int = 20
    thinks: bool = False

    def common(self, longest: int) -> dict[str, Any]:
        """What every request carries. ``longest``: tokens that the answer may have."""
        body: dict[str, Any] = {self.tokens: longest}
        if self.temperature:
            body["temperature"] = 0
        return body

    def renamed(self, said: str) -> Dialect | None:
        """What to try after a refusal in these words, if they are about what all requests carry."""
        words = said.casefold()
        if self.usage and ("stream_options" in words or "include_usage" in words):
            return replace(self, usage=False)
        if self.tokens == "max_tokens" and "max_completion_tokens" in words:
            return replace(self, tokens="max_completion_tokens")
        if self.temperature and "temperature" in words:
            return replace(self, temperature=False)
        if self.stream and "stream" in words:
            return replace(self, stream=False)
        return None


class Question(Protocol):
    """What is wanted, in whatever dialect."""

    @property
    def longest(self) -> int:
        """Tokens that the answer may have, thoughts included."""

    def parameters(self, dialect: Dialect) -> dict[str, Any]:
        """The part of the request that depends on the dialect."""

    def instruction(self, dialect: Dialect) -> str:
        """What must be said in words because the endpoint is not told in parameters."""

    def after(self, dialect: Dialect, said: str) -> Dialect | None:
        """What to try after a refusal in these words, or None if nothing is left."""


@dataclass(frozen=True)
class Structured:
    """A question that is answered with an object.

    Attributes:
        schema: the answer wanted.
        longest: tokens that the answer may have.
    """

    schema: type[BaseModel]
    longest: int

    def parameters(self, dialect: Dialect) -> dict[str, Any]:
        """See :class:`Question`."""
        wanted = _schema_of(self.schema, dialect.limits, self.longest)
        body = dialect.common(self.longest)
        if dialect.method == "json_schema":
            form = {"name": self.schema.__name__, "strict": True, "schema": wanted}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if dialect.method == "tool":
            function = {"name": _TOOL, "description": "Give the answer.", "parameters": wanted}
            body["tools"] = [{"type": "function", "function": function}]
            body["tool_choice"] = {"type": "function", "function": {"name": _TOOL}}
        return body

    def instruction(self, dialect: Dialect) -> str:
        """See :class:`Question`."""
        if dialect.method != "plain":
            return ""
        wanted = json.dumps(json_schema(self.schema))
        return f"Answer with one JSON object and nothing else. Its JSON schema: {wanted}"

    def after(self, dialect: Dialect, said: str) -> Dialect | None:
        """See :class:`Question`."""
        if other := dialect.renamed(said):
            return other
        if dialect.method == "plain":
            return None
        if dialect.method == "tool":
            return replace(dialect, method="plain")
        if dialect.limits and _holds(said.casefold(), _LIMIT_WORDS):
            return replace(dialect, limits=False)
        return replace(dialect, method="tool")


@dataclass(frozen=True)
class Short:
    """A question that is answered with one of a few words.

    Attributes:
        options: the words.
        longest: tokens that thoughts and answer may have where the model thinks.
    """

    options: Sequence[str]
    longest: int

    def parameters(self, dialect: Dialect) -> dict[str, Any]:
        """See :class:`Question`."""
        body = dialect.common(self.longest if dialect.thinks else min(_SHORT, self.longest))
        if dialect.likely:
            body |= {"logprobs": True, "top_logprobs": dialect.likely}
        return body

    def instruction(self, dialect: Dialect) -> str:
        """Nothing: the question says which answers there are."""
        return ""

    def after(self, dialect: Dialect, said: str) -> Dialect | None:
        """See :class:`Question`."""
        if other := dialect.renamed(said):
            return other
        if dialect.likely > _FEWER and "top_logprobs" in said.casefold():
            return replace(dialect, likely=_FEWER)
        return replace(dialect, likely=0) if dialect.likely else None


def first_dialect(host: str) -> Dialect:
    """What to try first. OpenAI's strict mode refuses limits; others are helped by them."""
    if host.endswith(_STRICT_HOSTS):
        return Dialect(limits=False, tokens="max_completion_tokens")
    return Dialect()


def is_about_schema(said: str) -> bool:
    """Whether an error, whatever its status, speaks of the format that was asked for."""
    return _holds(said.casefold(), _SCHEMA_WORDS)


@lru_cache(maxsize=64)
def _schema_of(schema: type[BaseModel], limits: bool, longest: int) -> dict[str, Any]:
    """Made once, as it takes some milliseconds; nobody changes it."""
    return json_schema(schema, limits=limits, longest=longest)


def _holds(words: str, any_of: tuple[str, ...]) -> bool:
    return any(item in words for item in any_of)
