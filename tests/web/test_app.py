"""The frame of the page: what it says about itself, and what it is without an index."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Page, expect

from assistant.errors import OkrError
from assistant.settings import Settings
from assistant.web import app
from assistant.web.fragments import notice
from assistant.web.services import Services
from tests.web.conftest import DRAFT, PHONE, Visiting, serving


def test_the_head_says_whose_okrs_these_are(settings: Settings) -> None:
    told = settings.model_copy(update={"llm_base_url": "http://x", "llm_model": "one"})
    head = lxml_html.fromstring(app.header(Services(told)))
    assert [item.text_content() for item in head.xpath("//li")] == [
        "Fernhill",
        "3 objectives, 1 document",
        "Language model: one",
    ]


def test_every_tab_has_a_name_of_its_own() -> None:
    assert len({tab.NAME for tab in app.TABS}) == len(app.TABS)
    assert len({tab.TITLE for tab in app.TABS}) == len(app.TABS)


def test_a_port_that_is_taken_is_a_sentence(settings: Settings) -> None:
    with serving(settings) as address:
        port = int(address.rsplit(":", 1)[1])
        with pytest.raises(OkrError, match=f"The app cannot listen on 127.0.0.1:{port}: .*--port"):
            app.serve(settings, host="127.0.0.1", port=port)


def test_the_command_says_where_the_app_is(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from assistant.cli import main; main()"]
    with subprocess.Popen(
        [*command, "serve", "--port", "0", "--home", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        running.kill()
    assert re.fullmatch(r"OKR Review is at http://127\.0\.0\.1:\d+/\. Ctrl\+C ends it\.\n", said)


def test_an_error_names_a_profile_without_the_folders_of_the_server() -> None:
    shown = lxml_html.fromstring(notice("The profile '/srv/okr/ours.yaml' is empty.", tone="error"))
    assert shown.text_content() == "The profile 'ours.yaml' is empty."


@pytest.mark.browser
def test_a_reload_and_the_way_back_lead_to_the_same_tab(visit: Visiting, url: str) -> None:
    here = visit(url)
    page = here.page
    chosen = page.locator('#tabs [role="tab"][aria-selected="true"]')
    page.get_by_role("tab", name="Strategy").click()
    page.get_by_label("Search").first.wait_for()
    page.get_by_role("tab", name="Method").click()
    page.locator("#method .headline").wait_for()
    page.reload()
    expect(chosen).to_have_text("Method")
    page.locator("#method .headline").wait_for()
    page.go_back()
    expect(chosen).to_have_text("Strategy")
    page.go_back()
    expect(chosen).to_have_text("Review")


def test_without_an_index_a_draft_can_still_be_reviewed(
    visit: Visiting, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with serving(Settings(home=tmp_path / "none")) as address:
        here = visit(address, size=PHONE)
        expect(here.page.locator(".welcome")).to_contain_text("Nothing is indexed yet")
        assert axe(here.page) == []
        here.review(DRAFT)
        assert here.page.locator("mark.warning").first.inner_text() == "leading"
        here.page.get_by_text("Not checked (").click()
        expect(here.page.locator(".closing")).to_contain_text("Parents, peers and strategy")
        here.page.close()
