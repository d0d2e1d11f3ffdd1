"""Pages with generated parts, each between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Parts = Mapping[str, Callable[[], str]]
"""What makes each part, by name."""


def fill(text: str, parts: Parts) -> str:
    """The text with every generated part made anew."""
    for name, part in parts.items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{part()}\n{end}{after}"
    return text
