"""The review tab as a visitor meets it, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from assistant.history import opened
from assistant.settings import Settings
from tests.web.conftest import DESKTOP, DRAFT, PHONE, Visit, Visiting, serving

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@SIZES
def test_a_draft_is_marked_mended_and_compared(visit: Visiting, url: str, size: object) -> None:
    here = visit(url, size=size)
    here.review(DRAFT)
    page = here.page
    assert page.locator("mark.warning").all_inner_texts()[:2] == ["leading", "Launch"]
    card = here.open("Output, not an outcome")
    expect(card.get_by_text("Ask yourself")).to_be_visible()
    card.get_by_role("button", name="Use this for key result 1").click()
    expect(page.get_by_text("Taken over:")).to_be_visible()
    assert "- Launch the new portal, so that [who?]" in here.draft
    assert "[who?]" in page.locator(".blank").all_inner_texts()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Your former draft is back.")).to_be_visible()
    assert here.draft == DRAFT


@SIZES
def test_what_is_mended_is_counted_as_fixed(visit: Visiting, url: str, size: object) -> None:
    here = visit(url, size=size)
    here.review(DRAFT)
    here.page.locator(".element", has_text="Launch the new").get_by_text("Edit").click()
    words = here.page.get_by_label("New words of key result 1")
    words.fill("Repairs that need a call from 60 % to 20 %")
    here.page.get_by_role("button", name="Save and review").click()
    since = here.page.locator(".since")
    expect(since).to_contain_text("✓ 2 fixed")
    expect(since).to_contain_text("+ 0 new")
    since.locator("summary").click()
    expect(since.get_by_text("Output, not an outcome")).to_be_visible()
    assert "- Repairs that need a call from 60 % to 20 %" in here.draft
    assert here.page.get_by_text("Output, not an outcome").count() == 1


def test_a_citation_opens_the_passage_in_its_document(visit: Visiting, url: str) -> None:
    here = visit(url)
    here.review(DRAFT)
    cite = here.page.get_by_role("button", name=re.compile("Plan 2027, version 2, 2026-05-04"))
    cite.first.click()
    source = here.page.get_by_role("dialog", name="Plan 2027")
    expect(source).to_contain_text("version 2 · 4 May 2026 · strategy/plan.md:")
    expect(source.locator("mark.found")).to_have_count(1)
    expect(source).to_contain_text("We will not open depots outside Europe before 2029.")
    here.page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    cite.first.click()
    expect(source).to_be_visible()
    assert "Leipzig" not in here.page.content()


def test_what_is_set_aside_stays_so_until_it_is_taken_back(visit: Visiting, url: str) -> None:
    here = visit(url)
    here.review(DRAFT.replace("leading portal", "leading portal of all"))
    card = here.open("Aspiration, not a choice")
    card.get_by_text("Set this aside …").click()
    card.get_by_label("It is not right").check()
    card.get_by_label("In a few words, why?").fill("The board chose the words")
    card.get_by_role("button", name="Set aside", exact=True).click()
    page = here.page
    expect(page.get_by_text("Set aside (1)")).to_be_visible()
    expect(page.locator(".finding", has_text="Aspiration, not a choice")).to_have_count(0)
    expect(page.locator(".since")).to_contain_text("✓ 0 fixed")
    other = visit(url)
    other.review(DRAFT.replace("leading portal", "leading portal of all"))
    other.page.get_by_text("Set aside (1)").click()
    expect(other.page.locator(".closing")).to_contain_text("wrong: The board chose the words")
    other.page.get_by_role("button", name="Take back").click()
    expect(other.page.locator(".finding", has_text="Aspiration, not a choice")).to_have_count(1)


def test_an_answer_without_a_model_stands_beside_the_remark_until_it_is_taken_back(
    visit: Visiting, url: str, settings: Settings
) -> None:
    draft = DRAFT.replace("Launch the new portal", "Launch the portal for drivers")
    here = visit(url)
    here.review(draft)
    card = here.open("Output, not an outcome")
    card.get_by_text("Answer …").click()
    card.get_by_label("Your answer to:").fill("Drivers stop calling the depot.")
    card.get_by_role("button", name="Keep the answer").click()
    page = here.page
    expect(page.get_by_text("It stands beside the remark from now on.")).to_be_visible()
    said = "The team answered: “Drivers stop calling the depot.”"
    expect(card.get_by_text(said)).to_be_visible()
    expect(page.locator(".since")).to_contain_text("✓ 0 fixed")
    with opened(settings.home) as history:
        assert [item.rule for item in history.answers()] == ["K1"]
    page.get_by_text("Not checked").click()
    unchecked = page.locator(".closing")
    expect(unchecked).to_contain_text("Put the answer into the draft, or set the remark aside.")
    assert not re.search(r"`|--[a-z]", unchecked.inner_text())
    other = visit(url)
    other.review(draft)
    expect(other.open("Output, not an outcome").get_by_text(said)).to_be_visible()
    other.page.get_by_role("button", name="Take the answer back").click()
    expect(other.page.get_by_text(said)).to_have_count(0)
    with opened(settings.home) as history:
        assert history.answers() == ()


@pytest.mark.parametrize(
    ("draft", "headline", "step"),
    [
        (
            "Objective: Fleet managers book repairs without calling\n",
            "in 1 objective",
            "→ The objective has no key results yet. Add a line for each below it, beginning with "
            "“- ”: what would you measure, from where to where, by when?",
        ),
        (
            "Objective: Speditionen in Polen vertrauen uns bei jeder Kühlfahrt\n"
            "- Wiederkehrende Aufträge von 40 % auf 60 % steigern\n",
            "In a language that the rules do not read: 1 objective",
            "→ The rules read English. Review a translation, or have a language model set up that "
            "reads your language.",
        ),
    ],
    ids=["no key results", "another language"],
)
def test_what_cannot_be_read_as_it_should_be_leads_on(
    visit: Visiting, url: str, draft: str, headline: str, step: str
) -> None:
    here = visit(url)
    here.review(draft)
    expect(here.page.locator(".headline")).to_contain_text(headline)
    expect(here.page.locator(".step")).to_have_text([step])
    assert here.page.locator(".clear").count() == 0


def test_without_an_index_a_draft_is_read_by_the_rules_of_a_profile_of_ones_own(
    visit: Visiting, tmp_path: Path
) -> None:
    (tmp_path / "ours.yaml").write_text("authority: us\nrules: {K1: error}\n")
    with serving(Settings(home=tmp_path, profile=str(tmp_path / "ours.yaml"))) as address:
        here = visit(address)
        page = here.page
        expect(page.locator(".step")).to_contain_text("Nothing is indexed yet")
        expect(page.get_by_label("Profile", exact=True)).to_have_value("ours.yaml")
        here.review(DRAFT)
        expect(page.locator(".finding.error")).to_contain_text("Output, not an outcome")
        assert str(tmp_path) not in page.locator("#outcome").inner_html()
        _choose(here, "Profile", "default")
        here.review(DRAFT)
        expect(page.locator(".finding.error")).to_have_count(0)
        page.close()


def test_a_draft_survives_a_reload_and_nobody_else_sees_it(visit: Visiting, url: str) -> None:
    here, other = visit(url), visit(url)
    here.review(DRAFT)
    here.page.reload()
    here.page.locator("#outcome .outcome").wait_for()
    assert here.draft == DRAFT
    assert here.page.locator("mark.warning").first.inner_text() == "leading"
    other.page.reload()
    other.page.locator("#outcome .welcome").wait_for()
    assert other.draft == ""
    assert "leading" not in other.page.content()


def test_words_that_were_only_typed_survive_a_reload(visit: Visiting, url: str) -> None:
    here = visit(url)
    here.page.get_by_label("Your draft").fill("Objective: half a thought")
    here.page.wait_for_timeout(300)
    here.page.reload()
    expect(here.page.get_by_label("Your draft")).to_have_value("Objective: half a thought")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>document.title = 'taken'</script>",
        "<img src=x onerror=\"document.title = 'taken'\">",
        "${document.title = 'taken'}",
        "{{constructor.constructor('document.title = 1')()}}",
        "=HYPERLINK(1)",
        "הלקוחות חוזרים אלינו",
        "Win " + "very" * 2500,
    ],
    ids=["script", "image", "template", "handlebars", "formula", "right-to-left", "long"],
)
def test_hostile_words_are_shown_as_words(visit: Visiting, url: str, hostile: str) -> None:
    here = visit(url, size=PHONE)
    here.review(f"Objective: {hostile}\n- Launch {hostile}\n")
    assert f"- Launch {hostile}" in (here.page.locator("#as-text").text_content() or "")
    assert hostile[:20] in (here.page.locator(".results .result").first.text_content() or "")
    assert here.page.title() == "OKR Review"
    assert here.page.locator(".outcome script, .outcome img").count() == 0
    assert here.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_stands_in_the_way_of_anybody(
    visit: Visiting, url: str, axe: Callable[[Page], list[str]], size: object, dark: bool
) -> None:
    here = visit(url, size=size, dark=dark)
    assert axe(here.page) == []
    here.review(DRAFT)
    here.page.locator(".outcome details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert axe(here.page) == []
    here.page.get_by_role("button", name=re.compile("Plan 2027")).first.click()
    here.page.get_by_role("dialog").wait_for()
    assert axe(here.page) == []


def test_the_keyboard_alone_is_enough(visit: Visiting, url: str) -> None:
    here = visit(url)
    page = here.page
    page.get_by_label("Your draft").focus()
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Control+Enter")
    page.locator("#outcome .outcome").wait_for()
    page.locator(".ref", has_text="K1").focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.innerText")
    assert "Output, not an outcome" in focused
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_review_can_be_taken_away(visit: Visiting, url: str) -> None:
    here = visit(url)
    here.review(DRAFT)
    taken = {name: _download(here, name) for name in ("Markdown", "Word", "JSON")}
    assert taken["Markdown"].decode().startswith("# Review: ")
    assert json.loads(taken["JSON"])["schema"] == 1
    words = [item.text for item in Document(BytesIO(taken["Word"])).paragraphs]
    assert "Become the leading [! O1] portal" in words
    assert here.page.locator("#as-text").text_content() == (
        "Become the leading portal\n- Launch the new portal\n"
        "- Repairs booked online from 12 % to 35 %"
    )


def _download(here: Visit, name: str) -> bytes:
    with here.page.expect_download() as download:
        here.page.get_by_role("button", name=f"Download as {name}").click()
    return Path(download.value.path()).read_bytes()


def test_a_workbook_becomes_a_draft_that_can_be_edited(
    visit: Visiting, url: str, tmp_path: Path
) -> None:
    book = Workbook()
    book.active.append(["Team", "Objective", "Key result"])
    book.active.append(["Portal", "Become the leading portal", "Launch the new portal"])
    book.save(tmp_path / "plan.xlsx")
    here = visit(url)
    here.page.get_by_label("Your draft").fill("Objective: mine")
    here.page.locator("#outcome").wait_for()
    here.page.set_input_files("input[type=file]", tmp_path / "plan.xlsx")
    here.page.get_by_text("Your draft is ready to be changed").wait_for()
    assert here.draft == (
        "Objective: Become the leading portal\nTeam: Portal\n\n- Launch the new portal\n"
    )
    here.page.get_by_role("button", name="Bring the former draft back").click()
    expect(here.page.get_by_label("Your draft")).to_have_value("Objective: mine")


def test_a_file_that_holds_no_draft_is_refused_in_a_sentence(
    visit: Visiting, url: str, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").write_text("")
    here = visit(url)
    here.page.set_input_files("input[type=file]", tmp_path / "empty.md")
    expect(here.page.get_by_role("alert")).to_have_text(
        "'empty.md' is empty: there is nothing to review."
    )


def test_the_last_cycle_is_a_beginning(visit: Visiting, url: str) -> None:
    here = visit(url)
    _choose(here, "Team", "Portal")
    _choose(here, "Start from", "Portal: OKRs of the cycle before")
    here.page.get_by_text("Your draft is ready to be changed").wait_for()
    assert here.draft == (
        "Team: Portal\n\nObjective: Fleet managers book repairs without calling\nParent: S1\n\n"
        "- Repairs booked online from 12 % to 35 %\n"
    )


def test_a_template_is_full_of_blanks(visit: Visiting, url: str) -> None:
    here = visit(url)
    _choose(here, "Start from", "Template: Something to learn first")
    here.page.get_by_text("Your draft is ready to be changed").wait_for()
    assert here.draft.startswith("Objective: We know whether [whom or where?] would")


def test_a_parent_can_be_chosen_or_taken_from_what_is_suggested(visit: Visiting, url: str) -> None:
    here = visit(url)
    _choose(here, "Team", "Portal")
    here.review("Objective: Fleet managers keep one repair date\n- Dates kept from 64 % to 82 %\n")
    here.page.get_by_text("What it might serve").wait_for()
    here.page.get_by_role("button", name=re.compile("Serve this.*Depots give")).click()
    here.page.get_by_text("What it serves").wait_for()
    assert "\nParent: Depots give pharma fleets one repair date and keep it\n" in here.draft


def test_the_first_visit_shows_the_way(visit: Visiting, url: str) -> None:
    here = visit(url)
    expect(here.page.locator(".welcome")).to_contain_text(
        "Your draft is read beside the 3 objectives and 1 strategy document of Fernhill."
    )
    here.page.get_by_role("button", name="Try it with an example").click()
    expect(here.page.get_by_text("This is the example.")).to_be_visible()
    assert here.draft.startswith("Team: Marketing & Offer")


def test_an_empty_draft_is_a_sentence(visit: Visiting, url: str) -> None:
    here = visit(url)
    here.page.get_by_role("button", name="Review", exact=True).click()
    expect(here.page.get_by_role("alert")).to_have_text(
        "There is no draft yet. Write an objective and its key results, a line each, "
        "or start from something."
    )


def _choose(here: Visit, label: str, option: str) -> None:
    here.page.get_by_label(label, exact=True).click()
    here.page.get_by_role("option", name=option).click()
    here.page.wait_for_timeout(400)
