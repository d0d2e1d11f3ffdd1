"""Reviews and scans as JSON: the models as they are, with fingerprints beside the findings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, Field, ValidationError, computed_field

from assistant.analyse.worklist import FORMULA, WorkItem, make_worklist
from assistant.errors import InputError
from assistant.models import (
    Evidence,
    Figure,
    Finding,
    LlmUse,
    NotChecked,
    Noun,
    Objective,
    Organisation,
    Problem,
    Relation,
    Review,
    Scan,
    Suppressed,
)
from assistant.report.views.summary import amount
from assistant.report.words import count_line, gravest_first

SCHEMA_VERSION = 1

_ADDED = frozenset({"fingerprint", "rank"})
"""What :func:`render` adds to a finding."""


class Outcome(Noun):
    """What can be read back of a review or a scan; ``findings`` with the weightiest first."""

    subject: str
    figures: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]


class WrittenFinding(Finding):
    """A finding as it is written, with its fingerprint."""

    @computed_field(description="names it, for `okr dismiss` and `okr answer`")  # type: ignore[prop-decorator]
    @property
    def fingerprint(self) -> str:
        """See :class:`Finding`."""
        return super().fingerprint

    @classmethod
    def of(cls, finding: Finding) -> WrittenFinding:
        """The finding, to be written."""
        return cls.model_construct(**dict(finding))


class WrittenSuppressed(Suppressed):
    """A finding that is not shown, with its fingerprint."""

    finding: WrittenFinding

    @classmethod
    def of(cls, item: Suppressed) -> WrittenSuppressed:
        """The same, to be written."""
        return cls.model_construct(**{**dict(item), "finding": WrittenFinding.of(item.finding)})


class WrittenObjective(Noun):
    """An objective of a draft with what stands beside it."""

    objective: Objective
    parents: tuple[Relation, ...] = ()
    peers: tuple[Relation, ...] = ()
    passages: tuple[Evidence, ...] = ()


class Written(Noun):
    """Something as it is written, beginning with the version of its form."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    version: int = Field(
        SCHEMA_VERSION, alias="schema", description="another one when a field means something else"
    )


class WrittenReview(Written):
    """A review as it is written; see :func:`render`."""

    findings: tuple[WrittenFinding, ...]
    reviews: tuple[WrittenObjective, ...]
    suppressed: tuple[WrittenSuppressed, ...]
    problems: tuple[Problem, ...]
    not_checked: tuple[NotChecked, ...]
    llm: LlmUse | None
    profile: str

    @classmethod
    def of(cls, review: Review) -> Self:
        """The review, to be written."""
        return cls(
            findings=tuple(map(WrittenFinding.of, review.findings)),
            reviews=tuple(
                WrittenObjective(
                    objective=item.objective,
                    parents=item.parents,
                    peers=item.peers,
                    passages=item.passages,
                )
                for item in review.reviews
            ),
            suppressed=tuple(map(WrittenSuppressed.of, review.suppressed)),
            problems=review.problems,
            not_checked=review.not_checked,
            llm=review.llm,
            profile=review.profile,
        )


def render(outcome: Review | Scan, organisation: Organisation | None = None) -> str:
    """The outcome as indented JSON.

    Args:
        outcome: a review or a scan.
        organisation: the teams and objectives of a scan, for the rank of its findings.

    Returns:
        An object with ``schema``, ``findings`` (each as made, plus its ``fingerprint``),
        ``suppressed`` (each finding with who decided so and why), ``problems``,
        ``not_checked`` and what else the outcome holds. The findings of a scan have their
        ``rank`` in its ``worklist``, which says how the rank is made.
    """
    if isinstance(outcome, Review):
        return json.dumps(WrittenReview.of(outcome).model_dump(mode="json"), indent=2)
    content = outcome.model_dump(mode="json", exclude={"findings", "suppressed"})
    suppressed = [WrittenSuppressed.of(item).model_dump(mode="json") for item in outcome.suppressed]
    items = make_worklist(outcome.findings, organisation or Organisation())
    ranks = {id(finding): item.rank for item in items for finding in item.findings}
    findings = [
        {**WrittenFinding.of(item).model_dump(mode="json"), "rank": ranks[id(item)]}
        for item in outcome.findings
    ]
    content |= {
        "suppressed": suppressed,
        "worklist": {"formula": FORMULA, "items": [_item(item) for item in items]},
    }
    return json.dumps({"schema": SCHEMA_VERSION, "findings": findings, **content}, indent=2)


def _item(item: WorkItem) -> dict[str, Any]:
    content = item.model_dump(mode="json", exclude={"findings"})
    return {**content, "findings": [finding.fingerprint for finding in item.findings]}


def read_outcome(path: Path) -> Outcome:
    """Read a file that holds what :func:`render` wrote.

    Raises:
        InputError: it cannot be read, or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ranks = {item["fingerprint"]: item.get("rank", 0) for item in content["findings"]}
        findings = [
            Finding.model_validate({k: v for k, v in item.items() if k not in _ADDED})
            for item in content["findings"]
        ]
        return Outcome(
            subject=_subject(content),
            figures=(("findings", count_line(findings)), *_figures(content)),
            findings=tuple(
                sorted(gravest_first(findings), key=lambda item: ranks[item.fingerprint])
            ),
            not_checked=tuple(map(NotChecked.model_validate, content["not_checked"])),
        )
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise InputError(
            f"'{path}' is neither a review nor a scan. Write one with `okr scan --format json "
            "--output FILE`, or `okr review DRAFT --format json --output FILE`."
        ) from None


def _subject(content: dict[str, Any]) -> str:
    if "taken_at" not in content:
        texts = (f"“{item['objective']['text']}”" for item in content["reviews"])
        return f"A review of draft objectives: {', '.join(texts)}"
    counts = (f"{content[name]} {name.replace('_', ' ')}" for name in _COUNTED)
    return f"A scan of {content['organisation']}: {', '.join(counts)}"


_COUNTED = ("teams", "objectives", "key_results", "documents")


def _figures(content: dict[str, Any]) -> list[tuple[str, str]]:
    figures = map(Figure.model_validate, content.get("figures", ()))
    return [(item.name, amount(item)) for item in figures if item.value is not None]
