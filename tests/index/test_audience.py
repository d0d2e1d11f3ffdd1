"""Who may read what."""

from __future__ import annotations

import pytest

from assistant.index.audience import readable, visible_part
from assistant.models import Organisation


@pytest.mark.parametrize(
    ("audiences", "documents"),
    [
        (["everyone"], ["doc-plan"]),
        (["everyone", "leadership"], ["doc-plan", "doc-memo"]),
        (["everyone", " LeaderShip "], ["doc-plan", "doc-memo"]),
        (["leadership"], ["doc-memo"]),
        (["lead"], []),
        (["leadership team"], []),
        (["%"], []),
        ([""], []),
        ([], []),
    ],
    ids=str,
)
def test_a_reader_sees_the_documents_of_the_own_audiences(
    organisation: Organisation, audiences: list[str], documents: list[str]
) -> None:
    part = visible_part(organisation, audiences)
    assert [document.id for document in part.documents] == documents
    assert part.objectives == organisation.objectives


def test_a_document_with_a_blank_audience_is_for_nobody(organisation: Organisation) -> None:
    blank = organisation.documents[0].model_copy(update={"audience": " "})
    odd = organisation.model_copy(update={"documents": (blank,)})
    assert visible_part(odd, ["everyone", "", " "]).documents == ()


def test_a_reader_without_an_audience_has_no_value_to_match() -> None:
    assert readable(["", "  "]).values == ()
