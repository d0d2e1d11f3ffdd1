"""The five tools, and how they are asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError, OkrError
from assistant.web.api.conflicts import find_conflicts
from assistant.web.api.drafts import review_draft
from assistant.web.api.organisation import scan_organisation
from assistant.web.api.rules import explain_rule
from assistant.web.api.strategy import search_strategy
from assistant.web.api.tool import Asker, Tool

if TYPE_CHECKING:
    from assistant.scan import Tell
    from assistant.web.scanning import Scanner
    from assistant.web.services import Services

TOOLS = (
    Tool(review_draft, "Review draft OKRs"),
    Tool(scan_organisation, "Scan the organisation", permission="scan", keeps=True),
    Tool(find_conflicts, "Find conflicts with other teams"),
    Tool(explain_rule, "Explain a rule", quotes=False),
    Tool(search_strategy, "Search strategy and OKRs"),
)

AT_ONCE = 4
"""How many calls of one tool are worked on at once; others wait."""

_FAILED = "{name} failed for a reason that it cannot name. The log of the server has it."

_log = logging.getLogger(__name__)


class Toolbox:
    """The tools with what they work on; safe to share between threads.

    Args:
        services: shared by all who ask; a caller narrows them to whoever asks.
        scanner: shared with the page, so that one scan runs at a time.
    """

    def __init__(self, services: Services, scanner: Scanner) -> None:
        self.services = services
        self._scanner = scanner
        self._tools = {tool.name: tool for tool in TOOLS}

    def ask(
        self, name: str, given: Mapping[str, Any], services: Services, tell: Tell
    ) -> dict[str, Any]:
        """Ask for a tool.

        Args:
            name: of the tool.
            given: its arguments, as JSON has them.
            services: as far as whoever asks may see them.
            tell: hears what is done; raises to stop it.

        Returns:
            The answer, as JSON has it.

        Raises:
            OkrError: it cannot be answered; the message says why.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise InputError(
                f"There is no tool {name[:50]!r}. There are: {', '.join(self._tools)}."
            )
        try:
            return tool.call(Asker(services, self._scanner, tell), given)
        except OkrError:
            raise
        except Exception:
            _log.exception("%s failed", name)
            raise OkrError(_FAILED.format(name=name)) from None
