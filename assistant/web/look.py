"""How the page looks: theme, style sheet and head, all served from here."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.themes.utils.fonts import LocalFont

_ASSETS = Path(__file__).parent / "assets"
FONTS = "/static/fonts/"
"""Where Gradio serves the fonts that come with it."""

_FONT = LocalFont("IBM Plex Sans", weights=(400, 700))


def look() -> dict[str, Any]:
    """What ``Blocks.launch`` is told, so that the page looks as it should and asks nobody else."""
    return {
        "theme": _theme(),
        "css": _styles(),
        "head": _head(),
        "favicon_path": str(_ASSETS / "mark.svg"),
        "footer_links": [],
        "run_history": False,
        "share": False,
        "ssr_mode": False,
        "quiet": True,
    }


def styles_alone() -> str:
    """The style sheets for a page that Gradio has no part in, with the font."""
    family = f'"{_FONT.name}", system-ui, sans-serif'
    return f"{_FONT.stylesheet()['css']}\n:root {{ --font: {family}; }}\n{_styles()}"


def _styles() -> str:
    """The style sheets of the page, after that of the pictures in reports."""
    pictures = files("assistant.report") / "templates" / "pictures.css"
    own = sorted(_ASSETS.glob("*.css"))
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in (pictures, *own))


def _head() -> str:
    script = (_ASSETS / "page.js").read_text(encoding="utf-8")
    return f'<meta name="color-scheme" content="light dark"><script>{script}</script>'


def _theme() -> Any:
    """Calm and flat; fonts that come with Gradio and are served from here, else the system's."""
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        text_size=gr.themes.sizes.text_md,
        radius_size=gr.themes.sizes.radius_md,
        font=[_FONT, "system-ui", "sans-serif"],
        font_mono=[LocalFont("IBM Plex Mono", weights=(400,)), "ui-monospace", "monospace"],
    )
    both = {
        "body_background_fill": "var(--ground)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--soft)",
        "background_fill_primary": "var(--paper)",
        "background_fill_secondary": "var(--ground)",
        "block_background_fill": "transparent",
        "block_border_width": "0px",
        "block_border_color": "var(--line)",
        "block_shadow": "none",
        "block_padding": "0px",
        "block_label_background_fill": "transparent",
        "block_label_text_color": "var(--soft)",
        "block_title_text_color": "var(--ink)",
        "block_title_text_weight": "700",
        "block_info_text_color": "var(--soft)",
        "border_color_primary": "var(--line)",
        "border_color_accent": "var(--accent)",
        "color_accent": "var(--accent)",
        "color_accent_soft": "var(--accent-soft)",
        "link_text_color": "var(--accent)",
        "link_text_color_hover": "var(--ink)",
        "link_text_color_visited": "var(--accent)",
        "link_text_color_active": "var(--accent)",
        "input_background_fill": "var(--paper)",
        "input_background_fill_focus": "var(--paper)",
        "input_border_color": "var(--edge)",
        "input_border_color_focus": "var(--accent)",
        "input_border_width": "1px",
        "input_placeholder_color": "var(--soft)",
        "input_shadow": "none",
        "input_shadow_focus": "none",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent-strong)",
        "button_primary_border_color": "var(--accent)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "var(--paper)",
        "button_secondary_background_fill_hover": "var(--accent-soft)",
        "button_secondary_border_color": "var(--edge)",
        "button_secondary_text_color": "var(--ink)",
        "button_border_width": "1px",
        "button_transition": "none",
        "panel_background_fill": "var(--paper)",
        "panel_border_color": "var(--line)",
        "shadow_drop": "none",
        "table_border_color": "var(--line)",
        "table_even_background_fill": "var(--paper)",
        "table_odd_background_fill": "var(--ground)",
        "error_background_fill": "var(--error-bg)",
        "error_border_color": "var(--error)",
        "error_text_color": "var(--error)",
        "loader_color": "var(--accent)",
    }
    dark = {f"{name}_dark": value for name, value in both.items() if hasattr(theme, f"{name}_dark")}
    return theme.set(**both, **dark)
