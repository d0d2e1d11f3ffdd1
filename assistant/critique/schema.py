"""What the model answers: one shape for each kind of prompt."""

from __future__ import annotations

from math import isnan
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.models import PeerKind


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
