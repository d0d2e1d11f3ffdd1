"""The web page over a real local server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client
from lxml import html as lxml_html

from assistant.settings import Settings
from assistant.web.app import LONGEST_DRAFT, build, review_draft

DRAFT = "# Portal\n\nObjective: Become the leading portal\n- Launch the new portal\n"


@pytest.fixture(scope="module")
def settings(little_home: Path) -> Settings:
    return Settings(home=little_home)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[Client]:
    blocks = build(settings)
    _, url, _ = blocks.launch(prevent_thread_lock=True, quiet=True, server_port=None)
    yield Client(url, verbose=False)
    blocks.close()


def test_a_pasted_draft_is_reviewed_over_http(client: Client) -> None:
    answer = client.predict(text=DRAFT, team="", parent="", api_name="/review_draft")
    tree = lxml_html.fromstring(answer)
    assert [mark.text for mark in tree.xpath("//mark[@class='warning']")] == [
        "leading",
        "Launch",
        " the new portal",
    ]
    assert "K1 output-not-outcome" in tree.text_content()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste a draft on the left: an objective and its key results, a line each."),
        ("  \n", "Paste a draft on the left: an objective and its key results, a line each."),
        (
            "x" * (LONGEST_DRAFT + 1),
            "The draft has 100,001 characters; 100,000 are read at once. Split it.",
        ),
    ],
    ids=["empty", "blank", "too long"],
)
def test_input_that_cannot_be_reviewed_is_a_sentence(
    settings: Settings, text: str, sentence: str
) -> None:
    assert lxml_html.fromstring(review_draft(text, "", "", settings)).text_content() == sentence


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "=HYPERLINK(1)",
        "\u202egnp.exe",
        "Win " + "very " * 2000 + "much",
    ],
    ids=["script", "image", "formula", "right-to-left", "long"],
)
def test_hostile_text_is_shown_as_text(settings: Settings, hostile: str) -> None:
    shown = review_draft(f"Objective: {hostile}\n- Launch {hostile}\n", "", hostile, settings)
    tree = lxml_html.fromstring(shown)
    assert not tree.xpath("//script | //img | //@onerror")
    assert hostile.removeprefix("\u202e") in tree.text_content()
