"""Signing in, and what each person may do and see, over real HTTP and in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import Page, expect

from assistant.index import Index
from assistant.models import EVERYONE
from assistant.people import Person
from assistant.scan import scan_organisation
from assistant.settings import Settings
from assistant.web import scanning
from assistant.web.visitors import Visitors
from tests.web.conftest import DRAFT, PHONE, Visiting

SECRET = "one long password"
HIDDEN = ("Leipzig", "Board memo", "memo.md")
"""What stands in the document that is for leadership alone."""

NEAR = (
    "Objective: Leipzig closes and pharma repairs move to Halle\n- Repairs moved from 0 % to 9 %\n"
)
PEOPLE = (
    Person(name="anna", team="Portal"),
    Person(name="olga", role="office"),
    Person(name="boss", role="admin", audiences=frozenset({EVERYONE, "leadership"})),
)


@pytest.fixture(scope="module")
def settings(
    little_home: Path, little_corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A home of the module's own, with accounts."""
    home = tmp_path_factory.mktemp("team") / "home"
    shutil.copytree(little_home, home)
    settings = Settings(home=home, corpus=little_corpus, limit_indexing=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("assistant.accounts._ROUNDS", 4)
        for person in PEOPLE:
            Visitors(settings).accounts.add(person, SECRET)
    return settings


class Somebody:
    """A browser without a screen: signs in and calls what the page calls."""

    def __init__(self, url: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self.http.post("/sign-in", data={"name": name, "password": SECRET})
        self.config = self.http.get("/config").json()
        self.session = uuid4().hex

    def does(self, part: str, event: str, data: dict[int, Any] | None = None, **said: str) -> str:
        """What the server streams after an event on the part of the page with this id."""
        key = next(
            item["id"] for item in self.config["components"] if item["props"].get("elem_id") == part
        )
        call = next(item for item in self.config["dependencies"] if [key, event] in item["targets"])
        given = [(data or {}).get(place) for place in range(len(call["inputs"]))]
        sent = {
            "data": given,
            "event_data": said or None,
            "fn_index": call["id"],
            "session_hash": self.session,
            "trigger_id": key,
        }
        joined = self.http.post("/gradio_api/queue/join", json=sent)
        assert joined.status_code == 200, joined.text
        told = self.http.get("/gradio_api/queue/data", params={"session_hash": self.session})
        return told.text

    def turns_to(self, tab: str) -> str:
        """What the server streams when a tab is opened."""
        return "".join(
            self._selected(item, tab)
            for item in self.config["dependencies"]
            if item["targets"] and item["targets"][0][1] == "select"
        )

    def _selected(self, call: dict[str, Any], tab: str) -> str:
        sent = {
            "data": [None] * len(call["inputs"]),
            "event_data": {"value": tab, "index": 0, "selected": True},
            "fn_index": call["id"],
            "session_hash": self.session,
            "trigger_id": call["targets"][0][0],
        }
        assert self.http.post("/gradio_api/queue/join", json=sent).status_code == 200
        return self.http.get("/gradio_api/queue/data", params={"session_hash": self.session}).text


@pytest.fixture(scope="module")
def anna(url: str) -> Somebody:
    """A member."""
    return Somebody(url, "anna")


@pytest.fixture(scope="module")
def olga(url: str) -> Somebody:
    """Of the strategy office."""
    return Somebody(url, "olga")


@pytest.fixture(scope="module")
def boss(url: str) -> Somebody:
    """An admin who is of the leadership."""
    return Somebody(url, "boss")


def shown(told: str) -> str:
    """All that a stream says, also what is packed for a download."""
    found = [told]
    for line in told.splitlines():
        message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
        for value in (message.get("output") or {}).get("data") or []:
            if isinstance(value, str) and value.startswith('{"name"'):
                found.append(_unpacked(b64decode(json.loads(value)["base64"])))
    return "\n".join(found)


def _unpacked(content: bytes) -> str:
    if content[:2] != b"PK":
        return content.decode()
    with ZipFile(BytesIO(content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def hidden_ids(settings: Settings) -> Iterator[str]:
    """The ids of what is for leadership alone."""
    with Index.open(settings, writable=False) as index:
        for document in index.organisation({"leadership"}).documents:
            if document.audience == "leadership":
                yield document.id
                yield from (passage.id for passage in document.passages)


def all_that(person: Somebody, settings: Settings) -> str:
    """All that somebody gets who tries every door to the hidden document."""
    draft = {0: NEAR}
    told = [
        person.http.get("/").text,
        json.dumps(person.config),
        person.http.get("/gradio_api/info").text,
        person.turns_to("Strategy"),
        person.turns_to("Review"),
        person.does("review", "click", draft),
        *(
            person.does("outcome", "act", draft, act="export", form=form)
            for form in ("markdown", "json", "docx")
        ),
        person.does("seek", "act", query="Which depot closes, Leipzig or Halle?", kind=""),
    ]
    for key in hidden_ids(settings):
        told.append(person.does("found", "act", act="cite", id=key))
        told.append(person.does("found", "act", act="open", id=key))
        told.append(person.does("outcome", "act", draft, act="cite", id=key, quote="Leipzig"))
    return (
        "\n".join(map(shown, told))
        .replace(json.dumps(NEAR)[1:-1], "")
        .replace("Leipzig closes and", "")
    )


def test_a_member_never_gets_what_is_for_others(
    anna: Somebody, boss: Somebody, settings: Settings
) -> None:
    everything = all_that(boss, settings)
    assert [word for word in HIDDEN if word not in everything] == []
    assert "Pharma" in everything
    told = all_that(anna, settings)
    assert "The Leipzig depot" not in told
    assert [word for word in HIDDEN[1:] if word in told] == []


@pytest.mark.parametrize(
    ("who", "part", "said", "sentence"),
    [
        ("anna", "scan-head", {"act": "scan"}, "Scans are for the strategy office."),
        ("anna", "scan-view", {"act": "export", "form": "html"}, "Scans are for the strategy"),
        ("anna", "plan", {"act": "start"}, "Prompt evaluations are for the strategy office."),
        ("anna", "indexing", {"act": "index"}, "Uploads and indexing are for admins."),
        ("olga", "indexing", {"act": "stop"}, "Uploads and indexing are for admins."),
    ],
)
def test_what_a_role_may_not_do_is_refused_by_the_server(
    request: pytest.FixtureRequest, who: str, part: str, said: dict[str, str], sentence: str
) -> None:
    told = request.getfixturevalue(who).does(part, "act", **said)
    assert sentence in told
    assert '"success":false' in told


def test_indexing_is_limited_and_says_until_when(boss: Somebody) -> None:
    first = boss.does("indexing", "act", act="index")
    assert "Indexed." in first
    again = boss.does("indexing", "act", act="index")
    assert (
        "Too many runs of the indexing: the limit is 1 an hour. Try again in 60 minutes." in again
    )


def test_two_people_never_see_each_others_draft(anna: Somebody, olga: Somebody) -> None:
    secret = "Objective: Zebras carry our parcels\n- Parcels by zebra from 1 to 9\n"
    assert "Zebras" in anna.does("review", "click", {0: secret})
    assert "Zebras" not in shown(olga.does("outcome", "act", {0: DRAFT}, act="export", form="json"))
    # Were somebody to know the other's page, it would still not be theirs.
    own, olga.session = olga.session, anna.session
    told = shown(olga.does("outcome", "act", {0: DRAFT}, act="export", form="json"))
    assert told == '{"detail":"Not Found"}'
    olga.session = own
    assert "Zebras" in shown(anna.does("outcome", "act", {0: secret}, act="export", form="json"))


def test_a_scan_is_not_shown_to_who_lost_the_right_meanwhile(
    olga: Somebody, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = Visitors(settings).accounts

    def demoting(*given: Any, **more: Any) -> Any:
        accounts.put(Person(name="olga"))
        return scan_organisation(*given, **more)

    monkeypatch.setattr(scanning, "scan_organisation", demoting)
    told = olga.does("scan-head", "act", act="scan")
    accounts.put(PEOPLE[1])
    assert "Scans are for the strategy office." in told
    assert "Scanned in" not in told


def test_files_of_the_server_are_for_nobody(anna: Somebody, settings: Settings, url: str) -> None:
    accounts = settings.home / "accounts.json"
    for path in (f"/gradio_api/file={accounts}", f"/file={accounts}"):
        assert anna.http.get(path).status_code in (403, 404)
        assert httpx.get(f"{url}{path}").status_code == 401


@pytest.mark.browser
def test_from_signing_in_to_signing_out(
    visit: Visiting, url: str, axe: Callable[[Page], list[str]]
) -> None:
    here = visit(url, size=PHONE, ready="#name")
    page = here.page
    assert page.url == f"{url}/sign-in"
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.activeElement.id") == "name"
    page.keyboard.type("anna")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "Name and password do not fit. Try again, or ask whoever runs this app."
    )
    assert axe(page) == []
    assert [said.partition(":")[0] for said in here.complaints] == ["Failed to load resource"]
    here.complaints.clear()
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    page.locator("#outcome .welcome").wait_for()
    expect(page.locator(".who")).to_contain_text("Signed in as anna, Portal")
    expect(page.get_by_role("tab")).to_have_text(["Review", "Strategy", "Method"])
    expect(page.get_by_label("Team", exact=True)).to_have_value(re.compile("Portal$"))
    assert axe(page) == []
    here.review(DRAFT)
    page.reload()
    page.locator("#outcome .outcome").wait_for()
    assert here.draft == DRAFT
    page.get_by_role("tab", name="Strategy").click()
    expect(page.locator("#library")).to_contain_text(re.compile(r"\b1 documents?, 3 objectives"))
    expect(page.get_by_role("button", name="Add files")).to_be_hidden()
    expect(page.get_by_role("button", name="Index again")).to_be_hidden()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('okr-'))") == []
    page.close()


@pytest.mark.browser
def test_an_admin_at_the_same_browser_sees_more_and_no_draft(
    visit: Visiting, url: str, axe: Callable[[Page], list[str]]
) -> None:
    here = visit(url, dark=True, ready="#name")
    page = here.page
    assert axe(page) == []

    def sign_in(name: str) -> None:
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(SECRET)
        page.get_by_role("button", name="Sign in").click()
        page.locator("#outcome .welcome, #outcome .outcome").wait_for()

    sign_in("anna")
    page.get_by_label("Your draft").fill(DRAFT)
    page.wait_for_function("localStorage.getItem('okr-draft').length > 200")
    # A session that ends by itself leaves the draft, but for the same person alone.
    page.context.clear_cookies(name="okr-session")
    page.goto(url)
    sign_in("boss")
    assert here.draft == ""
    expect(page.get_by_role("tab")).to_have_text(
        ["Review", "Organisation", "Strategy", "Prompts", "Method"]
    )
    page.get_by_role("tab", name="Strategy").click()
    expect(page.get_by_role("button", name="Add files")).to_be_visible()
    expect(page.locator("#library")).to_contain_text("Board memo")
    page.get_by_label("Documents are for").click()
    expect(page.get_by_role("option", name="leadership")).to_be_visible()
    page.keyboard.press("Escape")
    # Somebody signs them out elsewhere: the page asks to sign in again.
    page.context.clear_cookies(name="okr-session")
    page.get_by_role("tab", name="Method").click()
    page.locator("#name").wait_for()
    here.complaints.clear()
    page.close()
