"""Pages with generated parts, each between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Parts = Mapping[str, Callable[[], str]]
"""What makes each part, by name."""

Stored = Mapping[str, float | None]
"""A figure as results files hold it: ``value``, ``low``, ``high``, ``n``."""

NO_FIGURE = "-"


def fill(text: str, parts: Parts) -> str:
    """The text with every generated part made anew."""
    for name, part in parts.items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{part()}\n{end}{after}"
    return text


def refresh(page: Path, parts: Parts) -> None:
    """Make the generated parts of a page anew, in its file."""
    page.write_text(fill(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number(figure: Stored | None) -> str:
    """The value with two decimals, or a dash where there is none."""
    if not figure or figure["value"] is None:
        return NO_FIGURE
    return f"{figure['value']:.2f}"


def interval(figure: Stored | None) -> str:
    """The value with its 95 % interval: ``0.89 [0.85, 0.92]``."""
    if not figure or figure["value"] is None:
        return NO_FIGURE
    return f"{figure['value']:.2f} [{figure['low']:.2f}, {figure['high']:.2f}]"
