"""Who uses the web app: what they may do, and whose documents they may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assistant.models import EVERYONE, Noun

if TYPE_CHECKING:
    from assistant.settings import Settings

Role = Literal["member", "office", "admin"]
Permission = Literal["review", "scan", "evaluate", "manage"]
"""``review`` drafts and search; ``scan`` the organisation; ``evaluate`` prompts; ``manage`` what is
indexed and who may sign in."""

PERMITTED: dict[Role, frozenset[Permission]] = {
    "member": frozenset({"review"}),
    "office": frozenset({"review", "scan", "evaluate"}),
    "admin": frozenset({"review", "scan", "evaluate", "manage"}),
}


class Person(Noun):
    """Somebody who uses the app.

    Attributes:
        name: what they sign in with.
        role: decides what they may do.
        team: theirs, offered first; None where they belong to none.
        audiences: whose documents they may see; everyone belongs to ``everyone``.
    """

    name: str
    role: Role = "member"
    team: str | None = None
    audiences: frozenset[str] = frozenset({EVERYONE})

    def may(self, what: Permission) -> bool:
        """Whether this person's role permits it."""
        return what in PERMITTED[self.role]

    def narrowed(self, settings: Settings) -> Settings:
        """The settings with this person's audiences in place of those of the server."""
        return settings.model_copy(
            update={"audience": ",".join(sorted({EVERYONE, *self.audiences}))}
        )


def local(settings: Settings) -> Person:
    """Whoever sits at this machine, where nobody has to sign in: may do everything."""
    return Person(name="local", role="admin", audiences=settings.audiences)
