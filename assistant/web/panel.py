"""A piece of HTML made by Python whose buttons and forms call Python back.

In the fragment, ``<button data-act="accept" data-finding="fnd-1">`` raises the event ``act`` with
``{"act": "accept", "finding": "fnd-1"}``, and so does sending a ``<form data-act="dismiss">``, with
the fields of the form beside; with ``data-asks`` the event is ``ask``.
``<details data-key="...">`` stay open when the fragment changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import Refused

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.services import Services

QUICK: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_limit": 8,
    "trigger_mode": "multiple",
}
"""How panels listen: they show themselves what happens, and who turns from tab to tab, or presses
Stop, is not kept waiting by what goes on before."""

_ASSETS = Path(__file__).parent / "assets"


def panel(value: str = "", *, elem_id: str, label: str, more: str = "") -> gr.HTML:
    """A panel; listen with ``panel.act(fn, ...)``, where ``fn`` takes a ``gr.EventData``.

    Args:
        value: the first fragment, escaped where it quotes anybody.
        elem_id: unique on the page.
        label: what it is called.
        more: a further script, which sees what ``panel.js`` declares.
    """
    return gr.HTML(
        value,
        elem_id=elem_id,
        label=label,
        elem_classes=["okr-panel"],
        apply_default_css=False,
        js_on_load=f"{script('panel.js')}\n{more}",
    )


def script(name: str) -> str:
    """One of the scripts that come with the page."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def admitted(services: Services, request: gr.Request, needs: Permission) -> Services:
    """The services as far as the visitor behind an event may see them.

    Args:
        services: those of all visitors.
        request: the event's.
        needs: what the visitor's role has to permit.

    Raises:
        Error: it does not, or nobody is signed in; the page shows why.
    """
    try:
        mine = services.of(request)
        mine.require(needs)
    except Refused as error:
        raise gr.Error(str(error), print_exception=False) from None
    return mine


def told(event: gr.EventData) -> dict[str, str]:
    """What a panel says with its event: ``act`` and whatever stands beside it."""
    data = event._data if isinstance(event._data, dict) else {}
    return {str(key): str(value) for key, value in data.items() if value is not None}
