"""What a terminal is sent: no text of others can move the cursor, change colours or turn the line."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

_STAND_IN = "\ufffd"
_UNSAFE = dict.fromkeys(
    (
        *(code for code in range(0x20) if chr(code) not in "\n\t"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ),
    _STAND_IN,
)


class Visible:
    """Something that rich prints, with control characters and turns of direction made visible.

    Args:
        shown: what to print; its styles stay.
    """

    def __init__(self, shown: ConsoleRenderable) -> None:
        self.shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The segments of what is shown; those that control the terminal are rich's own."""
        for part in console.render(self.shown, options):
            text = part.text if part.control else part.text.translate(_UNSAFE)
            yield Segment(text, part.style, part.control)


class VisibleOnly(RenderHook):
    """Does the same for everything that a console prints."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """The same things, each made :class:`Visible`; what steers a live display is let be."""
        return [Visible(item) for item in renderables]
