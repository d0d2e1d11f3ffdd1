"""The organisation tab as it is when a button is pressed: what the browser keeps, and the scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from assistant.errors import InputError
from assistant.models import Noun
from assistant.web.board import Board
from assistant.web.filters import Filters
from assistant.web.scanning import Job, Scanner

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.services import Services

Part = Literal["head", "progress", "stop", "filters", "view", "detail", "source", "parcel", "kept"]
Done = dict[Part, object]
"""New values of parts of the page."""

WORKLIST, CHANGES, DRIFT = "worklist", "changes", "drift"
"""Views that are more than a template."""


class Kept(Noun):
    """What stays in the visitor's browser.

    Attributes:
        team: id of the team whose scan is looked at; empty for all.
        view: which part of it.
        filters: of the worklist.
        by: what the tree is coloured by.
        branch: id of the objective whose branch the tree shows; empty for all.
        whole: whether quiet branches stand in the tree too.
        before: id of the scan that is compared; empty for the one before the latest.
        after: id of the scan that it is compared with; empty for the latest.
    """

    team: str = ""
    view: str = WORKLIST
    filters: Filters = Filters()
    by: Literal["hop", "root"] = "hop"
    branch: str = Field("", max_length=200)
    whole: bool = False
    before: str = ""
    after: str = ""

    @classmethod
    def read(cls, value: object) -> Kept:
        """What the browser kept; nothing where it is from another version or was tampered with."""
        try:
            return cls.model_validate(value)
        except ValueError:
            return cls()


@dataclass(frozen=True)
class State:
    """The page as it is when a button is pressed.

    Attributes:
        settings: of this visitor; they name the audiences.
        said: the act and what stands beside it.
    """

    kept: Kept
    settings: Settings
    services: Services
    scanner: Scanner
    said: Mapping[str, str]

    def board(self) -> Board | None:
        """The scan that is looked at, if there is one that the visitor may see."""
        found = self.scanner.board(self.settings, self.kept.team)
        return None if found is None or self.scanner.is_hidden(self.settings, found) else found

    def known_board(self) -> Board:
        """The scan that is looked at.

        Raises:
            InputError: there is none.
        """
        found = self.board()
        if found is None:
            raise InputError("There is no scan to look at yet. Press Scan.")
        return found

    def job(self) -> Job | None:
        """The scan under way, or the one that ended last."""
        return self.scanner.job(self.settings, self.kept.team)
