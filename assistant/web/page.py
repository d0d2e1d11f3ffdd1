"""What every tab is given: settings, shared services, and places to keep things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.web.scanning import Scanner
    from assistant.web.services import Services

_OBFUSCATION = "okr-review-state"
"""Gradio scrambles what it keeps in the browser with this. It is the same in every run, so that
a draft outlives a restart of the server; it protects nothing."""


@dataclass(frozen=True)
class Page:
    """The page that is being laid out.

    Attributes:
        settings: the same for all visitors.
        services: the open index and what was read into it, shared by all visitors.
        scanner: runs scans, likewise shared.
        blocks: the page itself, for ``page.blocks.load(...)``.
        tabs: the tabs, for ``gr.Tabs(selected=NAME)`` as an output.
    """

    settings: Settings
    services: Services
    scanner: Scanner
    blocks: gr.Blocks
    tabs: gr.Tabs

    def kept(self, name: str, default: Any) -> gr.BrowserState:
        """A value that stays in the visitor's own browser, across reloads.

        Args:
            name: unique on the page.
            default: what a first visit has; any JSON.
        """
        import gradio as gr
        from gradio.context import Context

        # What lies in a tab is read from the browser only once that tab was opened.
        within, Context.block = Context.block, self.blocks
        try:
            return gr.BrowserState(default, storage_key=f"okr-{name}", secret=_OBFUSCATION)
        finally:
            Context.block = within
