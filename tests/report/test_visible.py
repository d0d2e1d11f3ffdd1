"""A terminal that no text can steer."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from assistant.report.visible import Visible, VisibleOnly


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – ü 漢", "plain – ü 漢"),
        ("\x1b[2Jgone", "\ufffd[2Jgone"),
        ("a\x9b31mb", "a\ufffd31mb"),
        ("\u202eesrever\u202c", "\ufffdesrever\ufffd"),
    ],
    ids=["plain", "escape", "C1", "direction"],
)
def test_controls_become_visible(text: str, shown: str) -> None:
    console = Console(width=60, file=io.StringIO())
    with console.capture() as captured:
        console.print(Visible(Text(text)))
    assert captured.get().startswith(shown)
    assert not {"\x1b", "\x9b", "\u202e", "\u202c"} & set(captured.get())


def test_styles_stay_and_nothing_of_a_text_reaches_the_terminal_as_a_command() -> None:
    console = Console(width=60, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.push_render_hook(VisibleOnly())
    with console.capture() as captured:
        console.print(Text("red\x1b]8;;https://evil.example\x1b\\", style="red"))
    assert captured.get().count("\x1b") == 2, "the style begins and ends"
    assert "\x1b[31m" in captured.get()
