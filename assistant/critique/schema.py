"""What the model answers: its shape, the JSON schema that says so, and how an answer is read."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Answered = TypeVar("Answered", bound=BaseModel)

_LIMITS = ("maxLength", "maxItems", "minimum", "maximum")
_KEPT = ("type", "items")
_TRIES = 20
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_COMMAS = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')


def _text(longest: int) -> Any:
    """A string whose length an endpoint may limit while it writes; a longer one is still read."""
    return Field(json_schema_extra={"maxLength": longest})


def _share(value: object) -> object:
    """A confidence given in percent, as a share."""
    if isinstance(value, int | float) and 1 < value <= 100:  # noqa: PLR2004
        return value / 100
    return value


class _Part(BaseModel):
    """Immutable; what a model adds of its own is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Citation(_Part):
    """Words from a source that the model was shown, with the id under which it was shown."""

    id: Annotated[str, _text(40)]
    quote: Annotated[str, _text(400)]


class Remark(_Part):
    """One finding as the model says it, not verified yet.

    ``rule`` and ``quote`` come before the prose, so that a model which writes from left to right
    settles on the evidence first.
    """

    on: Annotated[str, _text(12)]
    rule: Annotated[str, _text(4)]
    quote: Annotated[str, _text(300)]
    message: Annotated[str, _text(400)]
    question: Annotated[str, _text(300)] = ""
    rewrite: Annotated[str | None, _text(400)] = None
    citations: Annotated[tuple[Citation, ...], Field(json_schema_extra={"maxItems": 4})] = ()
    confidence: Annotated[
        float,
        BeforeValidator(_share),
        Field(ge=0, le=1, json_schema_extra={"minimum": 0, "maximum": 1}),
    ]


class Critique(_Part):
    """Everything that the model remarks about one draft."""

    findings: Annotated[tuple[Remark, ...], Field(json_schema_extra={"maxItems": 8})]


SCHEMAS: dict[str, type[BaseModel]] = {"Critique": Critique}
"""The answers by the name that a prompt's header uses."""


def json_schema(model: type[BaseModel], *, limits: bool) -> dict[str, Any]:
    """The JSON schema of an answer, in the small dialect that endpoints agree on.

    References are written out, every field is required, nothing else is allowed.

    Args:
        model: the answer.
        limits: keep lengths and ranges. They stop a small model from running on; endpoints in
            the strict mode of OpenAI refuse some of them.
    """
    schema = model.model_json_schema()
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}), limits)
    return plain


def read_answer(text: str, model: type[Answered]) -> Answered:
    """Read an answer out of what the model wrote.

    Forgives a code fence, thoughts before the answer, words around it and trailing commas.

    Raises:
        ValueError: there is no JSON object in it.
        pydantic.ValidationError: there is one, of another shape.
    """
    return model.model_validate(_find_object(text))


def _plain(node: Any, definitions: dict[str, Any], limits: bool) -> Any:
    if isinstance(node, list):
        return [_plain(item, definitions, limits) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions, limits)
    if "properties" in node:
        properties = {
            name: _plain(item, definitions, limits) for name, item in node["properties"].items()
        }
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    if "anyOf" in node and not any("$ref" in option for option in node["anyOf"]):
        node = {**node, "type": [option["type"] for option in node["anyOf"]]}
    kept = (*_KEPT, *_LIMITS) if limits else _KEPT
    return {name: _plain(item, definitions, limits) for name, item in node.items() if name in kept}


def _find_object(text: str) -> Any:
    text = _THOUGHTS.sub("", text)
    for candidate in (text, _COMMAS.sub(lambda match: match.group(1) or "", text)):
        for brace in islice(re.finditer(r"\{", candidate), _TRIES):
            try:
                return json.JSONDecoder().raw_decode(candidate, brace.start())[0]
            except (ValueError, RecursionError):
                continue
    raise ValueError("no JSON object")
