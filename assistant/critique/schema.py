"""What the model answers: its shape, the JSON schema that says so, and how an answer is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from math import isnan
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.models import PeerKind

Answered = TypeVar("Answered", bound=BaseModel)

_LIMITS = ("maxLength", "maxItems", "minimum", "maximum")
_KEPT = ("type", "items", "enum")
_TRIES = 20
_CHARACTERS_PER_TOKEN = 4
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_COMMAS = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')


def _text(longest: int) -> Any:
    """A string whose length an endpoint may limit while it writes; a longer one is still read."""
    return Field(json_schema_extra={"maxLength": longest})


def _share(value: object) -> object:
    """A confidence given in percent, as a share; beyond the ends, the end. Few endpoints can
    keep a number within a range, and a slip there should not cost the remark.
    """
    if not isinstance(value, int | float) or isnan(value):
        return value
    return min(max(value / 100 if value > 1 else value, 0.0), 1.0)


_CASELESS = BeforeValidator(
    lambda value: value.strip().casefold() if isinstance(value, str) else value
)

Confidence = Annotated[
    float,
    BeforeValidator(_share),
    Field(ge=0, le=1, json_schema_extra={"minimum": 0, "maximum": 1}),
]


class _Part(BaseModel):
    """Immutable; what a model adds of its own is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Citation(_Part):
    """Words from a source that the model was shown, with the id under which it was shown."""

    id: Annotated[str, _text(20)]
    quote: Annotated[str, _text(160)]


class Remark(_Part):
    """One finding as the model says it, not verified yet.

    ``rule`` and ``quote`` come before the prose, so that a model which writes from left to right
    settles on the evidence first.
    """

    on: Annotated[str, _text(12)]
    rule: Annotated[str, _text(4)]
    quote: Annotated[str, _text(160)]
    message: Annotated[str, _text(280)]
    question: Annotated[str, _text(180)] = ""
    citations: Annotated[tuple[Citation, ...], Field(json_schema_extra={"maxItems": 2})] = ()
    confidence: Confidence


class RewordedRemark(Remark):
    """A remark that comes with a rewrite at once, as the first critique prompt asks for it."""

    rewrite: Annotated[str | None, _text(240)] = None


class Remarks(_Part):
    """Everything that the model remarks about one draft.

    The limits let the longest answer fit into the default ``llm_max_tokens``.
    """

    findings: Annotated[tuple[Remark, ...], Field(json_schema_extra={"maxItems": 5})]


class Critique(_Part):
    """Remarks with rewrites."""

    findings: Annotated[tuple[RewordedRemark, ...], Field(json_schema_extra={"maxItems": 5})]


class Check(_Part):
    """Whether one finding stands; ``finding`` is its number, from 1."""

    finding: int
    because: Annotated[str, _text(200)] = ""
    stands: Annotated[Literal["yes", "partly", "no"], _CASELESS]


class SelfCheck(_Part):
    """A second look at findings that were made already."""

    checks: Annotated[tuple[Check, ...], Field(json_schema_extra={"maxItems": 12})]


class Reconsideration(_Part):
    """What the team's answer makes of a finding."""

    quote: Annotated[str, _text(160)]
    reason: Annotated[str, _text(280)]
    verdict: Annotated[Literal["kept", "lowered", "withdrawn"], _CASELESS]
    question: Annotated[str, _text(180)] = ""


class Reworded(_Part):
    """One proposal for an element; ``settles`` holds codes of rules."""

    text: Annotated[str, _text(300)]
    settles: Annotated[tuple[str, ...], Field(json_schema_extra={"maxItems": 6})] = ()
    because: Annotated[str, _text(240)] = ""


class Rewrites(_Part):
    """Proposals for one element, the smallest edit first."""

    rewrites: Annotated[tuple[Reworded, ...], Field(json_schema_extra={"maxItems": 2})]


class Point(_Part):
    """One point of a summary, with the numbers of the findings that it rests on, from 1."""

    findings: Annotated[tuple[int, ...], Field(json_schema_extra={"maxItems": 8})]
    text: Annotated[str, _text(320)]


class Summary(_Part):
    """What a review or a scan has found, for leadership."""

    headline: Annotated[str, _text(240)]
    points: Annotated[tuple[Point, ...], Field(json_schema_extra={"maxItems": 5})]
    question: Annotated[str, _text(200)] = ""


class DirectionJudgement(_Part):
    """Whether a child's success advances its parent."""

    parent_quote: Annotated[str, _text(160)]
    child_quote: Annotated[str, _text(160)]
    because: Annotated[str, _text(240)] = ""
    advances: Annotated[Literal["yes", "no", "unsure"], _CASELESS]
    subtype: Annotated[str, _text(24)] = ""
    confidence: Confidence


class PeerJudgement(_Part):
    """What two objectives of different teams are to each other."""

    a_quote: Annotated[str, _text(160)]
    b_quote: Annotated[str, _text(160)]
    because: Annotated[str, _text(240)] = ""
    kind: Annotated[PeerKind, _CASELESS]
    subtype: Annotated[str, _text(24)] = ""
    needs: Annotated[str, _text(4)] = ""
    confidence: Confidence


SCHEMAS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        Critique,
        Remarks,
        SelfCheck,
        Reconsideration,
        Rewrites,
        Summary,
        DirectionJudgement,
        PeerJudgement,
    )
}
"""The answers by the name that a prompt's header uses."""


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
