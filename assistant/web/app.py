"""The web app: lays out the page, one file a tab, and serves it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from assistant.errors import OkrError
from assistant.web.api.endpoints import WRONG_CALLS, add_endpoints
from assistant.web.api.protocol import Mounted
from assistant.web.api.tools import Toolbox
from assistant.web.fragments import fragment
from assistant.web.gate import Gate
from assistant.web.look import look
from assistant.web.page import Page
from assistant.web.reach import check_reach, own_names
from assistant.web.reviewing import organisation_of
from assistant.web.scanning import Scanner
from assistant.web.services import Services
from assistant.web.tabs import method, organisation, prompts, review, strategy

if TYPE_CHECKING:
    from assistant.settings import Settings

TITLE = "OKR Review"
TABS = (review, organisation, strategy, prompts, method)
"""The tabs in their order: modules with NAME, TITLE, NEEDS (a permission) and ``add(page)``."""


def build(
    settings: Settings, services: Services | None = None, scanner: Scanner | None = None
) -> gr.Blocks:
    """Lay out the page, and the endpoints beside it.

    Args:
        settings: the same for every visitor; the page cannot change them.
        services: what visitors share; by default made from the settings.
        scanner: runs scans for all of them; likewise.
    """
    shared = services or Services(settings)
    scans = scanner or Scanner(shared)
    blocks: gr.Blocks
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as blocks:
        head = gr.HTML(elem_id="head", apply_default_css=False)
        with gr.Tabs(elem_id="tabs") as tabs:
            page = Page(settings, shared, scans, blocks, tabs)
            laid_out = [_add(tab, page) for tab in TABS]

        def greet(request: gr.Request) -> list[Any]:
            mine = shared.of(request)
            shown = (gr.Tab(visible=mine.person.may(tab.NEEDS)) for tab in TABS)
            return [header(mine), *shown]

        quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
        blocks.load(greet, None, [head, *laid_out], **quiet)
        add_endpoints(blocks, Toolbox(shared, scans))
    return blocks


def _add(tab: Any, page: Page) -> gr.Tab:
    # Whoever signs in is shown at once what is for everybody, and then what else they may use.
    hidden = page.services.visitors.must_sign_in and tab.NEEDS != "review"
    found: gr.Tab
    with gr.Tab(tab.TITLE, id=tab.NAME, elem_id=f"tab-{tab.NAME}", visible=not hidden) as found:
        tab.add(page)
    return found


def header(services: Services) -> str:
    """The head of the page: whose OKRs these are and what is at hand."""
    organisation = organisation_of(services)
    model = services.settings.llm_model if services.settings.llm_configured else None
    visitors, settings = services.visitors, services.settings
    return fragment(
        "header",
        organisation=organisation,
        model=model,
        person=services.person if visitors.must_sign_in else None,
        sign_out=settings.proxy_sign_out if visitors.behind_proxy else "sign-out",
    )


def open_app(services: Services, *, host: str, port: int | None, **more: Any) -> gr.Blocks:
    """Lay out the page and begin to listen, with the gate before everything.

    Args:
        services: what visitors share.
        host: a name or an address to listen on.
        port: a free one where it is None.
        more: for ``Blocks.launch``.

    Raises:
        OSError: it cannot listen there.
    """
    settings = services.settings
    names = own_names(host, settings)
    # The gate itself decides which proxy may say where a request comes from.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    scanner = Scanner(services)
    blocks = build(settings, services, scanner)
    mounted = Mounted(Toolbox(services, scanner))
    blocks.launch(
        server_name=f"[{host}]" if ":" in host.strip("[]") else host,
        server_port=port,
        max_file_size=int(settings.max_input_mb * 1_000_000),
        app_kwargs={
            "middleware": [Middleware(Gate, services=services, hosts=names)],
            "exception_handlers": WRONG_CALLS,
            **mounted.app_kwargs,
        },
        **look(),
        **more,
    )
    return blocks


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    allow_anyone: bool = False,
    tell: Callable[[str], object] = _say,
) -> None:
    """Start the app and stay until it is interrupted.

    Args:
        settings: the same for every visitor.
        host: a name or an address to listen on.
        port: 0 for a free one.
        allow_anyone: let in everybody who can reach an address that is not of this machine alone.
        tell: hears the address, once the app can be reached there.

    Raises:
        OkrError: the port is taken, or others could come in without signing in.
    """
    services = Services(settings)
    host = host.strip("[]") or "127.0.0.1"
    must_sign_in = services.visitors.must_sign_in
    check_reach(host, must_sign_in=must_sign_in, allow_anyone=allow_anyone)
    try:
        blocks = open_app(services, host=host, port=port or None, prevent_thread_lock=True)
    except OSError:
        raise OkrError(
            f"The app cannot listen on {host}:{port}: something else listens there, or the address is "
            "not of this machine. Choose another --port or --host."
        ) from None
    services.start()
    tell(f"OKR Review is at {blocks.local_url}. Ctrl+C ends it.")
    blocks.block_thread()
