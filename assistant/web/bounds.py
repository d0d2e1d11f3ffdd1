"""What a request may ask for, and how much it may send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.types import Message, Receive

    from assistant.settings import Settings

UPLOAD = "/gradio_api/upload"

_API = "/gradio_api/"
_UNUSED = (
    *(
        f"{_API}{name}"
        for name in (
            "component_server",
            "custom_component/",
            "deep_link",
            "dev/",
            "file",
            "process_recording",
            "profiling/",
            "proxy=",
            "run-history/",
            "runs",
            "stream/",
            "undo-vibe-edit",
            "vibe-",
        )
    ),
    "/login",
    "/monitoring",
)
"""What Gradio offers beside and this app has no use for: it would write drafts to the disk, hand
out files by their path, and tell everybody what others call."""

_STREAMS = (f"{_API}heartbeat/", f"{_API}call/")
_MEGABYTE = 1_000_000
_AT_LEAST = 1.0
"""Megabytes that a draft may come to, with all that a page sends beside it."""

_FILES_AT_ONCE = 10


def is_unused(path: str) -> bool:
    """Whether a path leads to something that the app does not have."""
    return path.startswith(_UNUSED)


def page_of(asked: HTTPConnection) -> str:
    """The page whose stream is asked for; empty where none is."""
    path: str = asked.scope["path"]
    if path.startswith(_STREAMS):
        return path.rstrip("/").rpartition("/")[2]
    return asked.query_params.get("session_hash", "")


def longest(settings: Settings, *, many: bool) -> int:
    """How many megabytes a request may send: about one file, or several where there may be many."""
    most = max(_AT_LEAST, settings.max_input_mb)
    return int(most * (_FILES_AT_ONCE if many else 1) + 1)


def is_too_long(asked: HTTPConnection, most: int) -> bool:
    """Whether a request says itself that it sends more megabytes than these."""
    length = asked.headers.get("content-length", "0")
    return not length.isdecimal() or int(length[:15]) > most * _MEGABYTE


def too_long(most: int) -> str:
    """Says that a request sends more megabytes than these."""
    return f"This request is too long: {most} MB are taken at once."


def bounded(receive: Receive, most: int) -> Receive:
    """What is received, up to a number of megabytes; then the request is refused."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most * _MEGABYTE:
            raise HTTPException(413, too_long(most))
        return message

    return counted
