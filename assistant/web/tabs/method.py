"""The method tab: the rule catalogue, profiles, published accuracy, data and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.profiles import built_in
from assistant.web.fragments import fragment
from assistant.web.method import GROUPS, entries, measured, profiles
from assistant.web.panel import panel, told

if TYPE_CHECKING:
    from assistant.web.page import Page

NAME, TITLE = "method", "Method"

_LONGEST = 100
_QUICK: dict[str, Any] = {
    "api_visibility": "private",
    "show_progress": "hidden",
    "concurrency_limit": 8,
}


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    usual = page.settings.profile

    def select(event: gr.SelectData) -> Any:
        return shown("", "", usual) if event.value == TITLE else gr.skip()

    def choose(event: gr.EventData) -> str:
        said = told(event)
        return shown(said.get("words", ""), said.get("group", ""), said.get("profile", ""))

    names = [profile.name for profile in built_in()]
    form = panel(
        fragment("choose", words="", group="", groups=GROUPS, profiles=names, profile=usual),
        elem_id="choose",
        label="Rules to show",
    )
    page_of_rules = panel(elem_id="method", label="Method")
    page.tabs.select(select, None, page_of_rules, **_QUICK)
    form.act(choose, None, page_of_rules, **_QUICK)


def shown(words: str, group: str, profile: str) -> str:
    """The page, as HTML.

    Args:
        words: what the rules shown have in them.
        group: one of the groups of rules; anything else means all.
        profile: name of a profile that comes with the tool; anything else means the default.
    """
    words = words.strip()[:_LONGEST]
    every = built_in()
    chosen = next((item for item in every if item.name == profile), every[0])
    found = entries(words, group, chosen)
    return fragment(
        "method",
        words=words,
        profile=chosen.name,
        groups=found,
        number=sum(map(len, found.values())),
        entries=profiles(),
        measured=measured(),
    )
