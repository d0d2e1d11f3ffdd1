"""The web app: a page that reviews a pasted draft."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import OkrError
from assistant.report.html import render_review_fragment
from assistant.review import ReviewOptions, review_text

if TYPE_CHECKING:
    import gradio as gr

    from assistant.settings import Settings

TITLE = "OKR Review"
EXAMPLE = """# Marketing & Offer

Cycle: 2026-Q4

Objective: Be the most trusted name in refrigerated transport
Parent: We win mid-size hauliers on running cost, not on list price
- Launch the new website with the trailer configurator
- Mid-size enquiries that name a Care customer from 6 % to 15 %
- Increase brand awareness among hauliers to 40 %
"""
LONGEST_DRAFT = 100_000
"""Characters that one pasted draft may have."""


def review_draft(text: str, team: str, parent: str, settings: Settings) -> str:
    """Review a pasted draft.

    Args:
        text: the draft as people paste it.
        team: name of the team, or empty.
        parent: objective that the draft serves, or empty.
        settings: names the index and the language model.

    Returns:
        An HTML fragment: the review, or one sentence about what is wrong with the input.
    """
    if not text.strip():
        return _notice("Paste a draft on the left: an objective and its key results, a line each.")
    if len(text) > LONGEST_DRAFT:
        return _notice(
            f"The draft has {len(text):,} characters; {LONGEST_DRAFT:,} are read at once. Split it."
        )
    options = ReviewOptions(team=team.strip() or None, parent=parent.strip() or None)
    try:
        return render_review_fragment(review_text(text, settings, options, file="draft"))
    except OkrError as error:
        return _notice(str(error))


def build(settings: Settings) -> gr.Blocks:
    """Lay out the app.

    Args:
        settings: used for every review; the page cannot change them.
    """
    import gradio as gr

    def on_review(text: str, team: str, parent: str) -> Iterator[str]:
        """Review a draft OKR and return the findings as HTML."""
        yield _notice("Reading the draft …")
        yield review_draft(text, team, parent, settings)

    blocks: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False) as blocks:
        gr.Markdown(f"# {TITLE}\nPaste a draft. What is found is marked in your own words.")
        with gr.Row():
            with gr.Column():
                draft = gr.Textbox(EXAMPLE, label="Draft", lines=14, max_lines=30)
                team = gr.Textbox(label="Team (where the draft names none)")
                parent = gr.Textbox(label="Parent objective (where the draft names none)")
                button = gr.Button("Review", variant="primary")
            with gr.Column():
                outcome = gr.HTML(_notice("The review appears here."), label="Review")
        button.click(on_review, [draft, team, parent], outcome, api_name="review_draft")
    return blocks


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Start the app and stay until it is interrupted.

    Raises:
        OkrError: the port is taken.
    """
    try:
        build(settings).launch(
            server_name=host, server_port=port or None, footer_links=[], share=False, quiet=True
        )
    except OSError as error:
        raise OkrError(
            f"The app cannot listen on {host}:{port}: {error}. Choose another --port."
        ) from None


def _notice(sentence: str) -> str:
    return f'<p role="status">{html.escape(sentence)}</p>'
