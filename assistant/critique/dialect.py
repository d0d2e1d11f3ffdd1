"""How one endpoint wants to be asked for JSON: a ladder that is walked down as it refuses.

Pure: requests as plain data, no vendor and no connection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from assistant.critique.schema import json_schema

Method = Literal["json_schema", "tool", "plain"]
"""A JSON schema as response format, the arguments of a forced tool call, or plain words."""

_STRICT_HOSTS = ("openai.com", "azure.com", "azure.us", "azure.cn")
_TOOL = "answer"
_LIMIT_WORDS = ("maxlength", "maxitems", "minimum", "maximum", "keyword", "invalid schema")
_SCHEMA_WORDS = ("response_format", "json_schema", "json schema", "grammar")


@dataclass(frozen=True)
class Dialect:
    """What is sent, and under which names.

    Attributes:
        method: how JSON is asked for.
        limits: whether lengths and ranges stand in the JSON schema.
        tokens: the name of the parameter for the longest answer.
        temperature: whether one is sent (0, so that unchanged text gets the same findings).
        usage: whether a count of tokens is asked for.
    """

    method: Method = "json_schema"
    limits: bool = True
    tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    usage: bool = True

    def without(self, said: str) -> Dialect | None:
        """What to try after a refusal in these words, or None if nothing is left."""
        words = said.casefold()
        if self.usage and ("stream_options" in words or "include_usage" in words):
            return replace(self, usage=False)
        if self.tokens == "max_tokens" and "max_completion_tokens" in words:
            return replace(self, tokens="max_completion_tokens")
        if self.temperature and "temperature" in words:
            return replace(self, temperature=False)
        if self.method == "json_schema" and self.limits and _holds(words, _LIMIT_WORDS):
            return replace(self, limits=False)
        if self.method == "json_schema":
            return replace(self, method="tool")
        return replace(self, method="plain") if self.method == "tool" else None

    def parameters(self, schema: type[BaseModel], longest: int) -> dict[str, Any]:
        """The part of the request that depends on the dialect.

        Args:
            schema: the answer wanted.
            longest: tokens that the answer may have.
        """
        wanted = json_schema(schema, limits=self.limits, longest=longest)
        body: dict[str, Any] = {self.tokens: longest}
        if self.temperature:
            body["temperature"] = 0
        if self.method == "json_schema":
            form = {"name": schema.__name__, "strict": True, "schema": wanted}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        if self.method == "tool":
            function = {"name": _TOOL, "description": "Give the answer.", "parameters": wanted}
            body["tools"] = [{"type": "function", "function": function}]
            body["tool_choice"] = {"type": "function", "function": {"name": _TOOL}}
        return body

    def instruction(self, schema: type[BaseModel]) -> str:
        """What must be said in words because the endpoint is not told in parameters."""
        if self.method != "plain":
            return ""
        wanted = json.dumps(json_schema(schema))
        return f"Answer with one JSON object and nothing else. Its JSON schema: {wanted}"


def first_dialect(host: str) -> Dialect:
    """What to try first. OpenAI's strict mode refuses limits; others are helped by them."""
    if host.endswith(_STRICT_HOSTS):
        return Dialect(limits=False, tokens="max_completion_tokens")
    return Dialect()


def is_about_schema(said: str) -> bool:
    """Whether an error, whatever its status, speaks of the format that was asked for."""
    return _holds(said.casefold(), _SCHEMA_WORDS)


def _holds(words: str, any_of: tuple[str, ...]) -> bool:
    return any(item in words for item in any_of)
