"""Prints the generated parts of docs/formats.md from the code: `python -m evals.formats`.

A generated part stands between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.sources.fields import FIELDS
from assistant.sources.tabular.presets import Preset, built_in, common_columns
from evals import pages

PAGE = Path(__file__).parent.parent / "docs" / "formats.md"


def fields_table() -> str:
    """Every field of the YAML and JSON schema with its other names."""
    rows = ["| of | field | also known as |", "|---|---|---|"]
    for kind, fields in FIELDS.items():
        for field, names in fields.items():
            others = _listed(name for name in names if name != field)
            rows.append(f"| {kind} | `{field}` | {others} |")
    return "\n".join(rows)


def presets_table() -> str:
    """Every built-in preset in the order in which they are tried."""
    parts = [_preset(known.preset) for known in built_in()]
    return "\n".join(parts)


def _preset(preset: Preset) -> str:
    roles = {role: names for role, names in preset.columns.items() if role not in preset.without}
    columns = "; ".join(f"{role}: {_listed(names)}" for role, names in roles.items())
    return f"- **{preset.name}**. {preset.about.strip()}\n  Headings: {columns}."


def columns_table() -> str:
    """The headings that are known in every table, by what they mean."""
    rows = ["| column | headings |", "|---|---|"]
    rows += [f"| {role} | {_listed(names)} |" for role, names in common_columns().items()]
    return "\n".join(rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


PARTS: pages.Parts = {
    "fields": fields_table,
    "presets": presets_table,
    "columns": columns_table,
}


def fill(text: str) -> str:
    """The page with every generated part made anew."""
    return pages.fill(text, PARTS)


if __name__ == "__main__":
    pages.refresh(PAGE, PARTS)
