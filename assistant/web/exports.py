"""Reviews to take away, made in memory: no draft is written to the disk of the server."""

from __future__ import annotations

import json
from base64 import b64encode

from assistant.errors import InputError
from assistant.models import Review

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def parcel(review: Review, form: str) -> str:
    """A file for the browser to save.

    Args:
        review: what is exported.
        form: ``markdown``, ``docx`` or ``json``.

    Returns:
        JSON with ``name``, ``mime`` and the content as ``base64``.

    Raises:
        InputError: there is no such format.
    """
    return packed(*_made(review, form))


def packed(name: str, mime: str, content: bytes) -> str:
    """A file as the browser takes it, see :func:`parcel`."""
    return json.dumps({"name": name, "mime": mime, "base64": b64encode(content).decode("ascii")})


def _made(review: Review, form: str) -> tuple[str, str, bytes]:
    if form == "markdown":
        from assistant.report.markdown import render_review

        return "okr-review.md", "text/markdown", render_review(review).encode()
    if form == "json":
        from assistant.report.json import render

        return "okr-review.json", "application/json", render(review).encode()
    if form == "docx":
        from assistant.report.docx import render_review as render_docx

        return "okr-review.docx", _WORD, render_docx(review)
    raise InputError(f"A review cannot be saved as {form!r}. There are: docx, json, markdown.")


def plain(review: Review) -> str:
    """The objectives and key results alone, as text for the tool where OKRs live."""
    return "\n\n".join(
        "\n".join(
            [
                " ".join(item.objective.text.split()),
                *(f"- {' '.join(result.text.split())}" for result in item.objective.key_results),
            ]
        )
        for item in review.reviews
    )
