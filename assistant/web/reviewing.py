"""What the review tab does, apart from the screen: from a form to a review, and on from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexUnavailable, InputError
from assistant.models import Finding, Noun, Objective, ObjectiveReview, Organisation, Review
from assistant.profiles import built_in
from assistant.review import ReviewOptions, Tell, review_text
from assistant.web.since import Seen
from assistant.web.view import Peer

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.services import Services

LONGEST_DRAFT = 100_000
"""Characters that one draft may have."""


class Form(Noun):
    """What the visitor filled in. Names are as the index has them; empty where nothing is chosen."""

    text: str = ""
    team: str = ""
    cycle: str = ""
    parent: str = ""
    profile: str = ""

    @classmethod
    def read(cls, value: Any) -> Form:
        """What the browser kept; nothing where it is from another version or was tampered with."""
        try:
            return cls.model_validate(value)
        except ValueError:
            return cls()


class Kept(Noun):
    """What stays in the visitor's browser beside the form.

    Attributes:
        seen: what the latest review found; None where this draft was not reviewed yet.
        before: what it is compared with.
        undo: the draft as it was before it was last changed for the visitor.
    """

    seen: tuple[Seen, ...] | None = None
    before: tuple[Seen, ...] | None = None
    undo: str | None = None

    @classmethod
    def read(cls, value: Any) -> Kept:
        """What the browser kept; nothing where it is from another version or was tampered with."""
        try:
            return cls.model_validate(value)
        except ValueError:
            return cls()


@dataclass
class Session:
    """What the server remembers of one open page; it is gone when the page is closed.

    Attributes:
        review: the latest, without which it is made again.
        run: counts reviews, so that a language model that is late is not listened to.
        progress: what the language model does now; empty when it is not at work.
        peers: what other teams' objectives are to those of the draft, by the ids of both.
        shown: what was shown last, and is shown still when a model that is late has been stopped.
        kept: what the browser keeps.
    """

    review: Review | None = None
    run: int = 0
    progress: str = ""
    peers: dict[tuple[str, str], Peer] = field(default_factory=dict)
    shown: str = ""
    kept: Kept | None = None

    def stop(self) -> None:
        """Listen no longer to a language model that is at work."""
        self.run += 1
        self.progress = ""

    def forget(self) -> None:
        """Begin with another draft."""
        self.stop()
        self.review, self.peers, self.kept = None, {}, Kept()


def look_at(form: Form, services: Services, *, llm: bool, tell: Tell | None = None) -> Review:
    """Review the draft of a form.

    Args:
        form: what the visitor filled in.
        services: hold the settings and the open index.
        llm: whether the language model is asked too.
        tell: hears what happens.

    Raises:
        OkrError: the draft cannot be reviewed; the message says why.
    """
    check(form.text)
    options = ReviewOptions(
        team=form.team or None, cycle=form.cycle or None, parent=form.parent or None, llm=llm
    )
    try:
        index = services.index()
    except IndexUnavailable:
        index = None
    settings = with_profile(services.settings, form.profile)
    return review_text(form.text, settings, options, tell, file="draft", index=index)


def check(text: str) -> None:
    """Refuse a text that is no draft.

    Raises:
        InputError: it is empty or too long.
    """
    if not text.strip():
        raise InputError(
            "There is no draft yet. Write an objective and its key results, a line each, "
            "or start from something."
        )
    if len(text) > LONGEST_DRAFT:
        raise InputError(
            f"The draft has {len(text):,} characters; {LONGEST_DRAFT:,} are read at once. Split it."
        )


def with_profile(settings: Settings, name: str) -> Settings:
    """The settings with another profile that comes with the tool; others are not for visitors."""
    if name not in {profile.name for profile in built_in()}:
        return settings
    return settings.model_copy(update={"profile": name})


def organisation_of(services: Services) -> Organisation | None:
    """What is indexed, or None where nothing is."""
    try:
        return services.organisation()
    except IndexUnavailable:
        return None


def carried_over(review: Review, last: Review | None) -> Review:
    """The review with what the language model said before about words that are still the same."""
    if last is None:
        return review
    said = [item for item in last.findings if item.source == "llm"]
    reviews = tuple(
        _with_said(item, [finding for finding in said if _stands(finding, item.objective)])
        for item in review.reviews
    )
    return review.model_copy(update={"reviews": reviews})


def _stands(finding: Finding, objective: Objective) -> bool:
    return bool(finding.words) and objective.words(finding.on) == finding.words


def _with_said(review: ObjectiveReview, said: list[Finding]) -> ObjectiveReview:
    known = {item.fingerprint for item in review.findings}
    more = tuple(
        item.model_copy(update={"objective_id": review.objective.id})
        for item in said
        if item.fingerprint not in known
    )
    return review.model_copy(update={"findings": (*review.findings, *more)}) if more else review


def find(review: Review, fingerprint: str) -> tuple[int, Finding] | None:
    """A finding with the position of its objective, from 0."""
    for position, item in enumerate(review.reviews):
        for finding in item.findings:
            if finding.fingerprint == fingerprint:
                return position, finding
    return None
