"""The method tab: the rule catalogue, profiles, published accuracy, data and limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.profiles.profile import DEFAULT
from assistant.web.fragments import fragment
from assistant.web.method import GROUPS, at_hand, entries, measured, profiles
from assistant.web.panel import QUICK, panel, told

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.page import Page

NAME, TITLE = "method", "Method"
NEEDS: Permission = "review"

_LONGEST = 100
_NOTHING = {"words": "", "group": "", "profile": ""}
_LOADING = '<p class="soft" role="status">Fetching the rules …</p>'


def add(page: Page) -> None:
    """Lay out the tab and wire it."""
    usual = page.settings.profile
    asked = page.kept("method", _NOTHING)
    form = panel(choosing(_NOTHING, usual), elem_id="choose", label="Rules to show")
    page_of_rules = panel(_LOADING, elem_id="method", label="Method")

    def select(event: gr.SelectData, kept: Any) -> dict[Any, Any]:
        if event.value != TITLE:
            return {page_of_rules: gr.skip()}
        said = _asked(kept)
        return {form: choosing(said, usual), page_of_rules: shown(**said, usual=usual)}

    def choose(event: gr.EventData) -> dict[Any, Any]:
        said = _asked(told(event))
        return {page_of_rules: shown(**said, usual=usual), asked: said}

    page.tabs.select(select, asked, [form, page_of_rules], **QUICK)
    form.act(choose, None, [page_of_rules, asked], **QUICK)


def choosing(said: Mapping[str, str], usual: str) -> str:
    """The form: words, group and profile, as they were chosen."""
    names = {item.name: Path(item.name).name for item in at_hand(usual)[0]}
    chosen = {**said, "profile": said["profile"] or usual}
    return fragment("choose", groups=GROUPS, profiles=names, **chosen)


def shown(words: str, group: str, profile: str, usual: str = DEFAULT) -> str:
    """The page, as HTML.

    Args:
        words: what the rules shown have in them.
        group: one of the groups of rules; anything else means all.
        profile: name of a profile; anything else means the usual one.
        usual: the profile of the settings.
    """
    words = words.strip()[:_LONGEST]
    known, problem = at_hand(usual)
    by_name = {item.name: item for item in known}
    chosen = by_name.get(profile) or by_name.get(usual) or by_name[DEFAULT]
    found = entries(words, group, chosen)
    return fragment(
        "method",
        words=words,
        profile=Path(chosen.name).name,
        problem=problem,
        groups=found,
        number=sum(map(len, found.values())),
        entries=profiles(known),
        measured=measured(),
    )


def _asked(kept: Any) -> dict[str, str]:
    """What was chosen; nothing where the browser tampered with it."""
    values = kept if isinstance(kept, dict) else {}
    return {name: str(values.get(name) or "")[:_LONGEST] for name in _NOTHING}
