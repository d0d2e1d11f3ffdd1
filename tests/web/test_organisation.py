"""The organisation tab as a strategy office meets it, in a real browser over a real scan."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.history import opened
from assistant.ingest import ingest
from assistant.scan import scan_organisation
from assistant.settings import Settings
from assistant.web import scanning
from tests.conftest import MEMO, ORGANISATION, PLAN
from tests.web.conftest import DESKTOP, PHONE, Visit, Visiting, serving

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])

HOSTILE = "<img src=x onerror=\"document.title='taken'\"> {{7*7}} \u202egnp.exe"
MORE = f"""\
  - key: S2
    team: Service
    cycle: 2026-Q3
    objective: Technicians stay longer than two years
    key_results: [Technicians who leave within a year from 22 % to 12 %]
  - key: D1
    team: Depots
    cycle: 2026-Q3
    parents: [S1]
    objective: Depots give pharma fleets one repair date and keep it
    key_results: [Repairs finished on the promised day from 64 % to 82 %]
  - key: P2
    team: Portal
    cycle: 2026-Q2
    parents: [F1]
    objective: {json.dumps(HOSTILE)}
    key_results: [Launch the portal]
"""
CYCLE = "  - {name: 2026-Q3"


def write_corpus(folder: Path, okrs: str) -> None:
    (folder / "strategy").mkdir(parents=True, exist_ok=True)
    text = okrs.replace(
        CYCLE, f"  - {{name: 2026-Q2, start: 2026-04-01, end: 2026-06-30}}\n{CYCLE}"
    )
    (folder / "okrs.yaml").write_text(text)
    (folder / "strategy" / "plan.md").write_text(PLAN)
    (folder / "strategy" / "memo.md").write_text(MEMO)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two scans, between which an objective was added that copies its parent."""
    folder = tmp_path_factory.mktemp("scan")
    corpus, settings = folder / "corpus", Settings(home=folder / "home", corpus=folder / "corpus")
    today = datetime.now(UTC)
    for okrs, day in ((ORGANISATION, today - timedelta(days=1)), (ORGANISATION + MORE, today)):
        write_corpus(corpus, okrs)
        ingest(corpus, settings)
        scan_organisation(settings, now=day)
    return settings


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with serving(settings) as address:
        yield address


def turn(here: Visit, view: str = "") -> Page:
    """Turn to the tab, and to a view of the scan."""
    page = here.page
    page.get_by_role("tab", name="Organisation").click()
    page.locator("#scan-head .scan-head").wait_for()
    if view:
        page.get_by_role("navigation", name="Views of the scan").get_by_text(
            view, exact=True
        ).click()
        expect(page.locator("#scan-head [aria-current]")).to_have_text(view)
        page.locator("#scan-view .scan-view").wait_for()
    return page


def drawer(page: Page) -> Locator:
    found = page.locator("dialog.drawer")
    found.wait_for()
    return found


def task(page: Page, words: str) -> Locator:
    return page.locator(".task", has_text=words).first


def choose(page: Page, field: str, value: str) -> None:
    page.locator(f"#scan-filters [name={field}]").select_option(value)


@SIZES
def test_the_last_scan_is_there_at_once_and_can_be_narrowed(
    visit: Visiting, url: str, size: object
) -> None:
    here = visit(url, size=size)
    page = turn(here)
    expect(page.locator("#scan-head h2")).to_contain_text("Fernhill: ")
    expect(page.locator("#scan-head")).to_contain_text("4 teams, 6 objectives, 8 key results")
    expect(task(page, "Copied parent")).to_contain_text("Depots, 60 people")
    whole = page.locator(".task").count()
    choose(page, "team", "\u2002\u2002Depots")
    expect(page.locator(".task")).not_to_have_count(whole)
    assert all("Depots" in text for text in page.locator(".task").all_text_contents())
    choose(page, "kind", "A4")
    expect(page.locator(".task")).to_have_count(1)
    page.get_by_label("Words").fill("no such words")
    expect(page.get_by_text("No line fits. Take a filter away.")).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "text"
    page.get_by_label("Words").fill("repair DATE")
    expect(page.locator(".task")).to_have_count(1)
    page.reload()
    page = turn(here)
    expect(page.get_by_label("Words")).to_have_value("repair DATE")
    expect(page.locator(".task")).to_have_count(1)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".task")).to_have_count(whole)


def test_a_line_opens_with_quotes_and_leads_on(visit: Visiting, url: str) -> None:
    page = turn(visit(url))
    task(page, "Copied parent").locator("button").click()
    detail = drawer(page)
    expect(detail).to_contain_text("Depots give pharma fleets one repair date and keep it")
    expect(detail.get_by_role("table", name="What became of the parent’s meaning")).to_be_visible()
    detail.get_by_role("button", name="All about this objective").click()
    expect(page.locator("dialog.drawer .eyebrow")).to_have_text("Objective")
    expect(drawer(page).get_by_role("heading", name="What it serves")).to_be_visible()
    drawer(page).get_by_role("button", name=re.compile("^S1 Depots give")).first.click()
    expect(page.locator("dialog.drawer")).to_contain_text("Who serves it")
    drawer(page).get_by_role("button", name="Back").click()
    expect(page.locator("dialog.drawer")).not_to_contain_text("Who serves it")
    drawer(page).get_by_role("button", name="Back").click()
    expect(page.locator("dialog.drawer .eyebrow")).to_contain_text("Line ")
    expect(drawer(page).get_by_role("button", name="Back")).to_be_hidden()
    drawer(page).get_by_role("button", name="All about this objective").click()
    drawer(page).get_by_role("button", name=re.compile("^S1 Depots give")).first.click()
    expect(page.locator("dialog.drawer")).to_contain_text("Who serves it")
    drawer(page).get_by_role("button", name=re.compile("okrs.yaml")).last.click()
    source = page.locator("#scan-source dialog")
    expect(source).to_contain_text("Median repair time from 9 to 5 days")
    page.keyboard.press("Escape")
    expect(source).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.drawer")).to_be_hidden()
    expect(task(page, "Copied parent").locator("button")).to_be_focused()


def test_pictures_can_be_pressed_and_walked_through(visit: Visiting, url: str) -> None:
    here = visit(url)
    page = turn(here, "Drift")
    page.locator("svg a", has_text="S1 Depots give").first.click()
    expect(drawer(page).get_by_role("heading", level=2)).to_have_text(
        "Depots give pharma fleets one repair date and keep it"
    )
    page.keyboard.press("Escape")
    assert page.locator("svg .flag").count() > 0
    by_root = page.get_by_role("button", name="Way to the root")
    by_root.click()
    expect(by_root).to_have_attribute("aria-pressed", "true")
    expect(by_root).to_be_focused()
    assert page.locator("svg .flag").count() == 0
    page.locator("svg a").first.focus()
    page.keyboard.press("ArrowRight")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name.startswith("S1 Depots give")
    assert page.locator("svg a[tabindex='0']").count() == 1
    expect(page.locator(".okr-tip")).to_contain_text("S1 Depots give")
    width = page.locator(".framed svg").evaluate("one => one.clientWidth")
    page.get_by_role("button", name="Larger").click()
    assert page.locator(".framed svg").evaluate("one => one.clientWidth") > width
    expect(page.locator(".okr-tip")).to_be_hidden()
    page.locator("svg a", has_text="S1 Depots give").first.focus()
    page.keyboard.press("Enter")
    expect(drawer(page)).to_contain_text("What it serves")
    drawer(page).get_by_role("button", name="Show its branch in the picture").click()
    way = page.get_by_role("navigation", name="Branch")
    expect(way).to_contain_text("S1 Depots give")
    expect(page.locator("dialog.drawer")).to_have_count(0)
    first = page.locator("svg a").first
    expect(first).to_have_attribute("aria-label", re.compile("^S1 Depots give"))
    page.reload()
    turn(here)
    way.get_by_role("button", name="All objectives").click()
    expect(way).to_have_count(0)
    turn(here, "Strategy")
    page.get_by_role("link", name=re.compile("^We serve pharma hauliers first")).click()
    detail = drawer(page)
    expect(detail.get_by_role("heading", name="Served by", exact=True)).to_be_visible()
    detail.get_by_role("button", name="Read it in its document").click()
    expect(page.get_by_role("dialog", name="Plan 2027")).to_contain_text("version 2 · 4 May 2026")


def test_two_scans_are_compared_with_the_cause(visit: Visiting, url: str) -> None:
    here = visit(url)
    page = turn(here, "What changed")
    new = page.locator("details.changes", has_text="New")
    line = new.locator("li", has_text="Copied parent")
    expect(line.first).to_contain_text("was added.")
    line.first.get_by_role("button", name=re.compile("^Open")).click()
    expect(drawer(page)).to_contain_text("Copied parent")
    page.keyboard.press("Escape")
    latest = page.get_by_label("To the scan of").input_value()
    before = page.get_by_label("From the scan of").input_value()
    turn(here, "Over time")
    point = page.locator("svg a[data-kind=scan]").last
    point.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("To the scan of")).to_have_value(latest)
    expect(page.get_by_label("From the scan of")).to_have_value(before)
    turn(here, "Over time")
    page.locator("svg a[data-kind=scan]").first.focus()
    page.keyboard.press("Enter")
    alone = "This is the first scan that is kept, so nothing changed at it."
    expect(page.locator("#scan-head").get_by_role("alert")).to_have_text(alone)
    turn(here, "What changed")
    page.locator("#scan-view [name=before]").select_option(latest)
    expect(page.get_by_text("Choose two different scans.")).to_be_visible()


def test_the_scan_can_be_taken_away(visit: Visiting, url: str) -> None:
    here = visit(url)
    turn(here)
    taken = {name: _download(here, name) for name in ("HTML report", "CSV", "JSON", "Markdown")}
    assert "<h1>Fernhill: " in taken["HTML report"]
    assert HOSTILE not in taken["HTML report"]
    rows = list(csv.DictReader(io.StringIO(taken["CSV"].removeprefix("\ufeff"))))
    scan = json.loads(taken["JSON"])
    assert len(rows) == len(scan["findings"]) > 0
    assert scan["organisation"] == "Fernhill"
    assert taken["Markdown"].startswith("# ")


def _download(here: Visit, name: str) -> str:
    with here.page.expect_download() as download:
        here.page.get_by_role("button", name=f"Download the scan as {name}").click()
    return Path(download.value.path()).read_bytes().decode()


@pytest.mark.parametrize(
    ("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=["desktop light", "phone dark"]
)
def test_nothing_stands_in_the_way_of_anybody(
    visit: Visiting, url: str, axe: Callable[[Page], list[str]], size: dict[str, int], dark: bool
) -> None:
    here = visit(url, size=size, dark=dark)
    page = turn(here)
    views = page.locator("#scan-head .views button").all_inner_texts()
    assert len(views) > 4
    for view in views:
        turn(here, view)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert axe(page) == [], view
        wide = "Math.max(...[...document.querySelectorAll('.scan-head > *, .scan-view > *')].map(one => one.getBoundingClientRect().right))"  # fmt: skip
        assert page.evaluate(wide) <= size["width"], view
        assert len(page.locator("#scan-view").inner_text()) > 20
    assert page.locator("#tab-organisation img").count() == 0
    turn(here, "Worklist")
    page.get_by_label("Words").fill("onerror")
    line = page.locator(".task", has_text="<img src=x").first
    expect(line).to_contain_text("{{7*7}}")
    line.locator("button").click()
    drawer(page).get_by_role("button", name="All about this objective").click()
    expect(page.locator("dialog.drawer .eyebrow")).to_have_text("Objective")
    expect(drawer(page)).to_contain_text("<img src=x onerror=")
    assert axe(page) == []
    assert page.title() == "OKR Review"


def test_a_scan_can_be_watched_stopped_and_begun_again(
    visit: Visiting, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.home / "index", tmp_path / "home" / "index")
    held, calm = Event(), scanning.scan_organisation

    def slowly(*given: Any, **more: Any) -> Any:
        more["tell"]("Reading the first half", 3, 6)
        held.wait(60)
        return calm(*given, **more)

    monkeypatch.setattr(scanning, "scan_organisation", slowly)
    with serving(settings.model_copy(update={"home": tmp_path / "home"})) as url:
        page = turn(visit(url))
        expect(page.get_by_text("See where the intent gets lost")).to_be_visible()
        page.get_by_role("button", name="Scan", exact=True).click()
        expect(page.locator("#scan-progress")).to_contain_text("Reading the first half, 3 of 6")
        bar = page.get_by_role("progressbar", name="Scan")
        assert (bar.get_attribute("value"), bar.get_attribute("max")) == ("3", "6")
        other = turn(visit(url, size=PHONE))
        expect(other.locator("#scan-progress")).to_contain_text("Reading the first half, 3 of 6")
        other.get_by_role("button", name="Stop the scan").click()
        expect(other.get_by_text("Stopping at the next step …")).to_be_visible()
        held.set()
        for watched in (page, other):
            sentence = watched.get_by_text("The scan was stopped. Nothing of it is kept.")
            expect(sentence).to_be_visible()
        with opened(tmp_path / "home") as history:
            assert history.all_scans(("everyone",)) == ()
        page.get_by_role("button", name="Scan", exact=True).click()
        expect(page.locator(".task").first).to_be_visible(timeout=60_000)
        expect(page.locator("#scan-progress progress")).to_have_count(0)
        page.get_by_label("Look at").select_option(label="\u2002Service")
        expect(page.locator("#scan-view")).to_contain_text("of Service and the teams below it")
        page.close()
        other.close()


def test_without_an_index_the_way_is_shown(
    visit: Visiting, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    with serving(Settings(home=tmp_path / "none")) as url:
        page = turn(visit(url))
        expect(page.locator("#scan-head").get_by_role("alert")).to_contain_text("okr index")
        assert page.get_by_role("button", name="Scan", exact=True).count() == 0
        assert axe(page) == []
        page.get_by_role("button", name="Add files on the Strategy tab").click()
        expect(page.get_by_role("button", name="Index", exact=True)).to_be_visible()
        page.close()


def test_a_scan_that_rests_on_what_is_now_for_others_is_not_shown(
    visit: Visiting, settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(settings.home, tmp_path / "home")
    shutil.copytree(settings.corpus, tmp_path / "corpus")
    now = settings.model_copy(update={"home": tmp_path / "home", "corpus": tmp_path / "corpus"})
    plan = tmp_path / "corpus" / "strategy" / "plan.md"
    plan.write_text(PLAN.replace("kind: strategy", "kind: strategy\naudience: leadership"))
    ingest(now.corpus, now)
    with serving(now) as url:
        page = turn(visit(url))
        sentence = page.get_by_text("The last scan rests on documents that are not for you.")
        expect(sentence).to_be_visible()
        assert "pharma hauliers first" not in page.content()
        page.close()
