"""The web app: lays out the page, one file a tab, and serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import OkrError
from assistant.web.fragments import fragment
from assistant.web.look import look
from assistant.web.page import Page
from assistant.web.reviewing import organisation_of
from assistant.web.services import Services
from assistant.web.tabs import method, organisation, prompts, review, strategy

if TYPE_CHECKING:
    from assistant.settings import Settings

TITLE = "OKR Review"
TABS = (review, organisation, strategy, prompts, method)
"""The tabs in their order: modules with NAME, TITLE and ``add(page)``."""


def build(settings: Settings, services: Services | None = None) -> gr.Blocks:
    """Lay out the page.

    Args:
        settings: the same for every visitor; the page cannot change them.
        services: what visitors share; by default made from the settings.
    """
    shared = services or Services(settings)
    blocks: gr.Blocks
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as blocks:
        gr.HTML(lambda: header(shared), elem_id="head", apply_default_css=False)
        with gr.Tabs(elem_id="tabs") as tabs:
            page = Page(settings, shared, blocks, tabs)
            for tab in TABS:
                with gr.Tab(tab.TITLE, id=tab.NAME, elem_id=f"tab-{tab.NAME}"):
                    tab.add(page)
    return blocks


def header(services: Services) -> str:
    """The head of the page: whose OKRs these are and what is at hand."""
    organisation = organisation_of(services)
    model = services.settings.llm_model if services.settings.llm_configured else None
    return fragment("header", title=TITLE, organisation=organisation, model=model)


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Start the app and stay until it is interrupted.

    Raises:
        OkrError: the port is taken.
    """
    services = Services(settings)
    services.start()
    try:
        build(settings, services).launch(
            server_name=host,
            server_port=port or None,
            max_file_size=int(settings.max_input_mb * 1_000_000),
            **look(),
        )
    except OSError as error:
        raise OkrError(
            f"The app cannot listen on {host}:{port}: {error}. Choose another --port."
        ) from None
