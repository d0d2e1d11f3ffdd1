"""The web app, its API and its MCP server."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings


def serve(settings: Settings, *, host: str, port: int, allow_anyone: bool = False) -> None:
    """Start the app and stay until it is interrupted; see :func:`assistant.web.app.serve`.

    What visitors upload lies in a folder that nobody else on the machine can read, and goes at the
    end. Gradio takes the folder from the environment when it is imported, hence here.
    """
    with TemporaryDirectory(prefix="okr-uploads-") as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from assistant.web.app import serve as begin

        begin(settings, host=host, port=port, allow_anyone=allow_anyone)
