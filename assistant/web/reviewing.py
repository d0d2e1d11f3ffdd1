"""What the review tab does, apart from the screen: from a form to a review, and on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import IndexUnavailable, InputError
from assistant.models import Finding, Noun, Organisation, Review
from assistant.profiles import built_in
from assistant.review import ReviewOptions, Tell, review_text, rewrite
from assistant.web.carrying import Said, carried_over
from assistant.web.since import Seen
from assistant.web.view import Peer

if TYPE_CHECKING:
    from assistant.critique.rewriting import Reworking
    from assistant.index import Index
    from assistant.people import Person
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
        said: what the language model said.
    """

    seen: tuple[Seen, ...] | None = None
    before: tuple[Seen, ...] | None = None
    undo: str | None = None
    said: Said = Said()

    @classmethod
    def read(cls, value: Any) -> Kept:
        """What the browser kept; nothing where it is from another version or was tampered with."""
        try:
            return cls.model_validate(value)
        except ValueError:
            return cls()


@dataclass(frozen=True)
class Wanted:
    """What the language model is to do next: read a draft, or word one element of it differently.

    Attributes:
        form: with the draft.
        number: of the objective, from 1, whose element ``on`` is to be worded differently.
        answered: the fingerprint of a finding that the team has answered just now.
    """

    form: Form
    number: int = 0
    on: str = ""
    answered: str = ""


@dataclass
class Session:
    """What the server remembers of one open page; it is gone when the page is closed.

    Attributes:
        review: the latest, without which it is made again.
        run: counts reviews, so that a language model that is late is not listened to.
        wanted: what the language model has not begun yet.
        progress: what the language model does now; empty when it is not at work.
        told: one sentence about what was just done; ``undoable`` where it can be taken back.
        reworded: what the language model would write instead, by the words as they stand.
        peers: what other teams' objectives are to those of the draft, by the ids of both.
        shown: what was shown last, and is shown still when a model that is late has been stopped.
        kept: what the browser keeps.
        person: whose it is.
    """

    review: Review | None = None
    run: int = 0
    wanted: Wanted | None = None
    progress: str = ""
    told: str = ""
    undoable: bool = False
    reworded: dict[str, Reworking] = field(default_factory=dict)
    peers: dict[tuple[str, str], Peer] = field(default_factory=dict)
    shown: str = ""
    kept: Kept | None = None
    person: Person | None = None

    def belong_to(self, person: Person) -> None:
        """Forget what was for another person, or for this one when they might see more."""
        if self.person not in (None, person):
            self.forget()
            self.shown = ""
        self.person = person

    def stop(self) -> None:
        """Listen no longer to a language model that is at work."""
        self.run += 1
        self.wanted, self.progress = None, ""

    def say(self, sentence: str = "", *, undoable: bool = False) -> None:
        """Say what was just done; by default nothing."""
        self.told, self.undoable = sentence, undoable

    def forget(self) -> None:
        """Begin with another draft."""
        self.stop()
        self.say()
        self.review, self.peers, self.reworded, self.kept = None, {}, {}, Kept()


def look_at(
    form: Form,
    services: Services,
    *,
    llm: bool,
    tell: Tell | None = None,
    early: Callable[[Review], None] | None = None,
    said: Said | None = None,
) -> Review:
    """Review the draft of a form.

    Args:
        form: what the visitor filled in.
        services: hold the settings and the open index.
        llm: whether the language model is asked too.
        tell: hears what happens.
        early: see :func:`review_text`.
        said: what the language model said before; of words that are still the same it stands.

    Raises:
        OkrError: the draft cannot be reviewed; the message says why.
    """
    check(form.text)
    settings = with_profile(services.settings, form.profile)
    review = review_text(
        form.text,
        settings,
        _options(form, llm=llm),
        tell,
        file="draft",
        index=index_of(services),
        early=early,
    )
    if said is None:
        return review
    return carried_over(review, said, settings, organisation_of(services))


def word_differently(wanted: Wanted, services: Services, tell: Tell) -> Reworking:
    """Ask the language model for other words for an element.

    Raises:
        OkrError: the draft cannot be reviewed; the message says why.
    """
    return rewrite(
        wanted.form.text,
        wanted.on,
        with_profile(services.settings, wanted.form.profile),
        _options(wanted.form, llm=True),
        number=wanted.number,
        tell=tell,
        index=index_of(services),
    )


def _options(form: Form, *, llm: bool) -> ReviewOptions:
    return ReviewOptions(
        team=form.team or None, cycle=form.cycle or None, parent=form.parent or None, llm=llm
    )


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
    """The settings with another profile that comes with the tool; a visitor names no file."""
    if name not in {profile.name for profile in built_in()}:
        return settings
    return settings.model_copy(update={"profile": name})


def index_of(services: Services) -> Index | None:
    """The open index, or None where there is none."""
    try:
        return services.index()
    except IndexUnavailable:
        return None


def organisation_of(services: Services) -> Organisation | None:
    """What is indexed, or None where nothing is."""
    try:
        return services.organisation()
    except IndexUnavailable:
        return None


def find(review: Review, fingerprint: str) -> tuple[int, Finding] | None:
    """A finding with the position of its objective, from 0."""
    for position, item in enumerate(review.reviews):
        for finding in item.findings:
            if finding.fingerprint == fingerprint:
                return position, finding
    return None
