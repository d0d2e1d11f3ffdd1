"""What a review or a scan leaves unchecked, a sentence each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant.models import NotChecked, ObjectiveReview, Organisation, shortened


def undecided_rules(codes: Sequence[str]) -> Iterator[NotChecked]:
    """Rules that are on and that nothing here decides."""
    if codes:
        yield NotChecked(
            what=", ".join(codes),
            why="it needs the sources of figures, and no rule of the scan decides that",
            how="`okr explain CODE` has the question to ask.",
        )


def unjudged_links(*, has_model: bool) -> NotChecked:
    """That no language model has read the links.

    Args:
        has_model: whether one is configured.
    """
    how = "scan with --llm-budget 200, so that the language model reads the uncertain links too."
    configure = "; or set OKR_LLM_BASE_URL and OKR_LLM_MODEL, and" if not has_model else ", or"
    return NotChecked(
        what="Whether each child advances its parent, beyond what its words show",
        why="the local reader tells that little better than chance where texts are alike, so it "
        "says where to look and leaves the verdict to plain signs",
        how=f"Read the places to look yourself{configure} {how}",
    )


def missing_documents(organisation: Organisation) -> Iterator[NotChecked]:
    """That nothing could be held against the strategy, where none is at hand."""
    if not organisation.documents:
        yield NotChecked(
            what="A8, A9, and who serves the choices of the strategy",
            why="no strategy document is indexed that you may see",
            how="Put the documents into the folder and run `okr index`, or name your --audience.",
        )


def beyond_ration(rations: Iterable[tuple[int, int, str]]) -> Iterator[NotChecked]:
    """What the trained reader was not asked about, since there is so much.

    Args:
        rations: how many were left over, how many are read at most, and of what.
    """
    for left, most, what in rations:
        if left > 0:
            yield NotChecked(
                what=f"{left:,} {what}, beyond what plain signs in the words show",
                why=f"the trained reader reads {most:,} at most, so that a scan ends in time",
                how="Scan team by team with --team.",
            )


def missing_parents(reviews: Iterable[ObjectiveReview]) -> Iterator[NotChecked]:
    """Drafts whose distance to a parent could not be judged, as they name none that is known."""
    for review in reviews:
        if any(relation.declared for relation in review.parents):
            continue
        stated = review.objective.parents
        why = "it names no parent"
        how = "Name one with a line such as 'Parent: ...' or with --parent."
        if stated:
            why = f"the parent it names, {shortened(stated[0].stated, 80)!r}, is not in the index"
            how = "Check the words against the parent's own, or index it first."
        name = shortened(review.objective.text, 80)
        yield NotChecked(what=f"Distance of {name!r} to its parent", why=why, how=how)
