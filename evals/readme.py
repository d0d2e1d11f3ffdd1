"""Prints the generated parts of the README from the code: `python -m evals.readme`.

A generated part stands between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic_core import PydanticUndefined

from assistant.report.catalogue import rule_table
from assistant.rules import all_rules
from assistant.settings import Settings

README = Path(__file__).parent.parent / "README.md"


def settings_table() -> str:
    """Every setting with its variable, default and meaning, as a Markdown table."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, PydanticUndefined) else f"`{default}`"
        rows.append(f"| `OKR_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


PARTS: Mapping[str, Callable[[], str]] = {
    "settings": settings_table,
    "rules": lambda: rule_table(all_rules()),
}


def fill(text: str) -> str:
    """The text with every generated part made anew."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}{part()}\n{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(fill(README.read_text(encoding="utf-8")), encoding="utf-8")
