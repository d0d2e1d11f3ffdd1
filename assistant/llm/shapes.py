"""The shape of an answer: the JSON schema that says it, and how an answer is read into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Answered = TypeVar("Answered", bound=BaseModel)

_LIMITS = ("maxLength", "maxItems", "minimum", "maximum")
_KEPT = ("type", "items", "enum")
_TRIES = 20
_CHARACTERS_PER_TOKEN = 4
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_COMMAS = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')


def json_schema(
    model: type[BaseModel], *, limits: bool = False, longest: int | None = None
) -> dict[str, Any]:
    """The JSON schema of an answer, in the small dialect that endpoints agree on.

    References are written out, every field is required, nothing else is allowed.

    Args:
        model: the answer.
        limits: keep lengths and ranges. They stop a small model from running on; endpoints in
            the strict mode of OpenAI refuse some of them.
        longest: tokens that the answer may have. With limits, lists become so short that the
            longest answer fits, down to one item.
    """
    schema = model.model_json_schema()
    plain: dict[str, Any] = _plain(schema, schema.get("$defs", {}), limits)
    if limits and longest:
        _shorten_lists(plain, longest * _CHARACTERS_PER_TOKEN)
    return plain


def read_answer(text: str, model: type[Answered]) -> Answered:
    """Read an answer out of what the model wrote.

    Forgives a code fence, thoughts before the answer, words around it and trailing commas.

    Raises:
        ValueError: there is no JSON object in it.
        pydantic.ValidationError: there is one, of another shape.
    """
    broken = False
    wrong: ValidationError | None = None
    for candidate in _objects(without_thoughts(text)):
        if candidate is None:
            broken = True
            continue
        try:
            return model.model_validate(candidate)
        except ValidationError as error:
            wrong = wrong or error
    if wrong and not broken:
        raise wrong
    raise ValueError("no JSON object")


def without_thoughts(text: str) -> str:
    """What a model wrote, without what it marked as thoughts."""
    return _THOUGHTS.sub("", text)


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


def _shorten_lists(schema: dict[str, Any], characters: int) -> None:
    for node in schema["properties"].values():
        while node.get("maxItems", 1) > 1 and _longest(schema) > characters:
            node["maxItems"] -= 1


def _longest(node: dict[str, Any]) -> int:
    """About how many characters the longest JSON of this schema has."""
    if "properties" in node:
        return sum(len(name) + 6 + _longest(item) for name, item in node["properties"].items())
    if "items" in node:
        return int(node.get("maxItems", 1)) * _longest(node["items"])
    return int(node.get("maxLength", 6))


def _objects(text: str) -> Iterator[Any]:
    """What stands at each opening brace, outermost first; None where nothing can be read."""
    end = 0
    for brace in islice(re.finditer(r"\{", text), _TRIES):
        if brace.start() < end:
            continue
        rest = text[brace.start() :]
        found, length = _decode(rest)
        if found is None:
            found, length = _decode(_COMMAS.sub(lambda match: match[1] or "", rest))
        end = brace.start() + length
        yield found


def _decode(text: str) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0
