"""The strategy tab as a visitor meets it: what is indexed, search, upload, index again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, expect

from assistant.analyse.choices import read_strategy
from assistant.analyse.snapshots import audience_names, take_snapshot
from assistant.errors import IndexUnavailable, InputError
from assistant.history import opened
from assistant.ingest import ingest
from assistant.models import Coverage
from assistant.settings import Settings
from assistant.web.indexing import Indexer
from assistant.web.library import library
from assistant.web.seeking import seek
from assistant.web.services import Services
from tests.web.conftest import DESKTOP, PHONE, Visiting, serving

BROKEN = "objectives:\n  - [\n"


@pytest.fixture
def own(little_corpus: Path, tmp_path: Path) -> Settings:
    """A folder of the test's own, with a broken file, and its index."""
    corpus = tmp_path / "corpus"
    shutil.copytree(little_corpus, corpus)
    (corpus / "broken.yaml").write_text(BROKEN)
    settings = Settings(home=tmp_path / "home", corpus=corpus)
    ingest(corpus, settings)
    return settings


@pytest.fixture
def address(own: Settings) -> Iterator[str]:
    with serving(own) as url:
        yield url


def strategy(page: Page) -> None:
    page.get_by_role("tab", name="Strategy").click()


def search(page: Page, words: str) -> None:
    page.get_by_label("Search strategy and OKRs").fill(words)
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_what_is_indexed_is_searched_and_added_to(
    address: str, visit: Visiting, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    page = visit(address, size=DESKTOP).page
    strategy(page)
    row = page.locator("#library tr", has_text="Plan 2027")
    expect(row).to_contain_text("4 May 2026")
    expect(row).to_contain_text("Markdown")
    assert axe(page) == []
    search(page, "which customers come first")
    hit = page.locator(".hit", has_text="We serve pharma hauliers first")
    expect(hit).to_contain_text("version 2 · 4 May 2026 · strategy/plan.md:9")
    hit.get_by_role("button", name="Open it where it stands").click()
    source = page.get_by_role("dialog", name="Plan 2027")
    expect(source.locator("mark.found")).to_contain_text("We serve pharma hauliers first")
    expect(source).to_contain_text("We will not open depots outside Europe before 2029.")
    page.keyboard.press("Escape")
    assert axe(page) == []
    assert "Leipzig" not in page.content()
    assert "Board memo" not in page.content()
    page.reload()
    strategy(page)
    expect(page.get_by_label("Search strategy and OKRs")).to_have_value(
        "which customers come first"
    )
    expect(page.locator(".hit").first).to_be_visible()

    rental = tmp_path / "rental.md"
    rental.write_text("# Rental\n\nWe will not rent out trailers older than eight years.\n")
    program = tmp_path / "setup.exe"
    program.write_text("MZ")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files([rental, program])
    taken = page.locator("#taken")
    expect(taken).to_contain_text("Kept as strategy/uploads/rental.md. Index again to take it in.")
    expect(taken.get_by_role("alert")).to_contain_text("'setup.exe' is not read; formats are .md")
    expect(page.locator("#library")).to_contain_text("1 file is not as it was indexed")
    page.get_by_role("button", name="Index again").click()
    expect(page.locator("#indexing")).to_contain_text("“Rental” was added.", timeout=20_000)
    expect(page.locator("#library tr", has_text="Rental")).to_be_visible()
    search(page, "how old may rented trailers be")
    expect(page.locator(".hit").first).to_contain_text("older than eight years")


@pytest.mark.browser
def test_it_fits_a_phone_in_the_dark(
    address: str, visit: Visiting, axe: Callable[[Page], list[str]]
) -> None:
    page = visit(address, size=PHONE, dark=True).page
    strategy(page)
    search(page, "<img src=x onerror=\"document.title = 'taken'\">")
    expect(page.locator("#found .headline")).to_contain_text("<img src=x")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.title() == "OKR Review"


@pytest.mark.browser
def test_without_an_index_it_says_how_to_begin(
    visit: Visiting, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    with serving(Settings(home=tmp_path / "none", corpus=tmp_path / "okrs")) as url:
        page = visit(url).page
        strategy(page)
        expect(page.locator("#library")).to_contain_text("Your strategy and OKRs belong here")
        assert axe(page) == []
        search(page, "anything")
        expect(page.locator("#found").get_by_role("alert")).to_contain_text("There is no index in")
        page.get_by_role("button", name="Index").click()
        expect(page.locator("#indexing").get_by_role("alert")).to_contain_text("There is no folder")
        page.close()


def told_files(settings: Settings) -> dict[str, list[str]]:
    shown = library(Services(settings)).problems
    return {item.file: [where for _, where, _ in item.remarks] for item in shown}


def test_errors_stand_by_their_file_and_line(own: Settings) -> None:
    everything = own.model_copy(update={"audience": "leadership"})
    assert told_files(everything) == {"broken.yaml": ["line 2", "line 3"]}


def test_files_that_may_be_for_others_are_not_named(own: Settings) -> None:
    (own.corpus / "strategy" / "memo-2.md").write_text("---\naudience: leadership\n---\nSecret\n")
    shown = library(Services(own))
    assert (shown.problems, shown.untold) == ([], 2)
    assert (shown.waiting, shown.waiting_untold) == ([], 1)
    seen = library(Services(own.model_copy(update={"audience": "leadership"})))
    assert seen.waiting == [("strategy/memo-2.md", "new or changed")]


def test_what_is_gone_or_changed_since_is_named(own: Settings) -> None:
    whole = own.model_copy(update={"audience": "leadership"})
    assert library(Services(whole)).waiting == []
    (own.corpus / "okrs.yaml").touch()
    assert library(Services(whole)).waiting == []
    (own.corpus / "strategy" / "plan.md").unlink()
    (own.corpus / "okrs.yaml").write_text((own.corpus / "okrs.yaml").read_text() + "\n")
    assert library(Services(whole)).waiting == [
        ("okrs.yaml", "new or changed"),
        ("strategy/plan.md", "gone"),
    ]


def test_a_document_that_was_closed_since_the_scan_is_not_named(own: Settings) -> None:
    known = Services(own).organisation()
    memo = known.documents[0].model_copy(update={"id": "doc-closed", "title": "Open Kestrel plan"})
    wider = known.model_copy(update={"documents": (*known.documents, memo)})
    snapshot = take_snapshot(
        wider, taken_at=datetime.now(UTC), findings=(), audiences=audience_names(own.audiences)
    )
    with opened(own.home) as history:
        history.keep_scan(snapshot)
    removed = library(Services(own))
    assert any("Open Kestrel plan" in said for said in removed.since_scan)

    whole = Services(own.model_copy(update={"audience": "leadership"})).organisation()
    (closed,) = {item.id for item in whole.documents} - {item.id for item in known.documents}
    hidden = memo.model_copy(update={"id": closed})
    wider = known.model_copy(update={"documents": (*known.documents, hidden)})
    snapshot = take_snapshot(
        wider, taken_at=datetime.now(UTC), findings=(), audiences=audience_names(own.audiences)
    )
    with opened(own.home) as history:
        history.keep_scan(snapshot)
    assert (library(Services(own)).scanned, library(Services(own)).since_scan) == ("", ())


def test_a_passage_says_who_serves_its_choice(own: Settings) -> None:
    services = Services(own)
    asked = "pharma hauliers first"
    before = seek(asked, "Strategy documents", services)[0]
    assert before.served == "Who serves it is known once the organisation was scanned."
    known = services.organisation()
    strategy = read_strategy(known)
    (choice,) = [item for item in strategy.choices if "pharma hauliers first" in item.text]
    served = Coverage(choice=choice, served_by={known.objectives[0].id: 1.0})
    snapshot = take_snapshot(
        known,
        taken_at=datetime.now(UTC),
        findings=(),
        coverage=(served,),
        audiences=audience_names(own.audiences),
    )
    with opened(own.home) as history:
        history.keep_scan(snapshot)
    after = seek(asked, "Strategy documents", services)[0]
    assert [(item.team, item.text) for item in after.served_by] == [
        ("Fernhill", known.objectives[0].text)
    ]


def test_an_objective_says_who_names_it_as_parent(own: Settings) -> None:
    found = seek("one repair date", "Objectives and key results", Services(own))
    hit = next(item for item in found if item.text.startswith("Depots give"))
    assert [item.text for item in hit.served_by] == ["Fleet managers book repairs without calling"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (" ", "Write what you look for: a question, a few words, or a draft objective."),
        ("x" * 1001, "The query has 1,001 characters; 1,000 are searched at once."),
    ],
    ids=["empty", "long"],
)
def test_a_query_that_cannot_be_searched_is_a_sentence(
    own: Settings, query: str, sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        seek(query, "Everything", Services(own))
    assert str(refused.value) == sentence


def test_a_run_that_is_stopped_goes_on_where_it_stopped(own: Settings) -> None:
    (own.corpus / "strategy" / "more.md").write_text("# More\n\nWe will not sell used trailers.\n")
    services = Services(own)
    indexer = Indexer()
    with FileLock(own.home / "index" / "lock"):
        run = indexer.begin(services)
        assert indexer.begin(services) is run
        while run.step != "Reading files" or run.done < run.total:
            assert not run.ended.wait(0.01)
        run.stop()
    assert run.ended.wait(20)
    assert (run.stopped, run.embedding, run.error, run.outcome) == (True, True, "", None)
    with pytest.raises(IndexUnavailable):
        seek("used trailers", "Everything", Services(own))
    again = indexer.begin(services)
    assert again.ended.wait(20)
    assert again.error == ""
    assert "used trailers" in seek("used trailers", "Everything", Services(own))[0].text
    assert again.edits == ("“More” was added.",)
