"""The tools as endpoints of the app, for `gradio_client` and plain HTTP."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, get_type_hints

import gradio as gr
from gradio.route_utils import FnIndexInferError
from starlette.requests import Request
from starlette.responses import JSONResponse

from assistant.errors import OkrError
from assistant.web.api.tools import AT_ONCE, TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.web.api.tool import Tool
    from assistant.web.api.tools import Toolbox


def add_endpoints(blocks: gr.Blocks, toolbox: Toolbox) -> None:
    """Make every tool an endpoint.

    Args:
        blocks: the page, while it is laid out.
        toolbox: the tools.
    """
    for tool in TOOLS:
        made = gr.api(  # type: ignore[attr-defined]
            _endpoint(tool, toolbox),
            api_name=tool.name,
            api_description=tool.description,
            concurrency_limit=AT_ONCE,
        )
        function = blocks.fns[made["id"]]
        # Gradio learns this from an argument, which it would then ask callers for.
        function.tracks_progress = True
        schemas = tool.arguments.model_json_schema()["properties"].values()
        for component, schema in zip(function.inputs, schemas, strict=True):
            component._api_info = schema  # type: ignore[union-attr]


def _endpoint(tool: Tool, toolbox: Toolbox) -> Callable[..., Any]:
    """A function with the signature of the tool that Gradio can read and call."""

    def call(request: gr.Request, *values: Any) -> dict[str, Any]:
        progress = gr.Progress()

        def tell(what: str, done: int, total: int) -> None:
            progress((done, total or None), desc=what)

        try:
            services = toolbox.services.of(request)
            given = dict(zip(tool.arguments.model_fields, values, strict=True))
            return toolbox.ask(tool.name, given, services, tell)
        except OkrError as error:
            raise gr.Error(str(error), print_exception=False) from None

    hints = get_type_hints(tool.function)
    _, *parameters = inspect.signature(tool.function).parameters.values()
    asked = {item.name: hints[item.name] for item in parameters}
    first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    call.__name__ = tool.name
    call.__annotations__ = {"request": gr.Request, **asked, "return": dict[str, Any]}
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [first, *parameters], return_annotation=dict[str, Any]
    )
    return call


async def _wrong_call(asked: Request, error: Exception) -> JSONResponse:
    """Say in a sentence what Gradio found wrong with a call before it reached a tool."""
    name = asked.path_params.get("api_name", "")
    if "/call/" not in asked.url.path:
        raise error
    names = [tool.name for tool in TOOLS]
    sentence = f"There is no tool {name[:50]!r}. There are: {', '.join(names)}."
    if name in names:
        sentence = f"{name} cannot be called so: {str(error).partition('. ')[0]}."
    return JSONResponse({"detail": sentence}, 422)


WRONG_CALLS = dict.fromkeys((TypeError, KeyError, FnIndexInferError), _wrong_call)
"""Handlers of exceptions, for FastAPI."""
