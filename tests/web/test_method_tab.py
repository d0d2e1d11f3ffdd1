"""The method tab: every rule, searchable, with its profile and its published figures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Page, expect

from assistant.profiles import built_in
from assistant.rules import all_rules
from assistant.web import method
from assistant.web.tabs.method import choosing, shown
from tests.web.conftest import PHONE, Visiting


def text(fragment: str, path: str) -> list[str]:
    found = lxml_html.fromstring(fragment).xpath(path)
    return [" ".join(item.text_content().split()) for item in found]


def codes(fragment: str) -> list[str]:
    found = lxml_html.fromstring(fragment).xpath("//details[starts-with(@data-key, 'rule-')]")
    return [item.get("data-key").removeprefix("rule-") for item in found]


def test_every_rule_is_there_with_its_examples() -> None:
    page = shown("", "", "default")
    assert sorted(codes(page)) == sorted(rule.code for rule in all_rules())
    words = " ".join(lxml_html.fromstring(page).text_content().split())
    for rule in all_rules():
        assert " ".join(rule.why.split()) in words


@pytest.mark.parametrize(
    ("words", "group", "found"),
    [
        ("no-baseline", "", ["K3"]),
        ("K1 workshops", "", ["K1"]),
        ("zzz", "", []),
        ("<script>", "", []),
        ("appraisal", "set", ["S6"]),
        ("appraisal", "objective", []),
    ],
    ids=["slug", "two words", "nothing", "markup", "group", "other group"],
)
def test_rules_are_found_by_all_words(words: str, group: str, found: list[str]) -> None:
    page = shown(words, group, "default")
    assert codes(page) == found
    assert "<script>" not in page


def test_severities_are_those_of_the_profile() -> None:
    path = "//details[@data-key='rule-K1']/summary/span[1]"
    assert text(shown("K1", "", "default"), path) == ["! Look again"]
    assert text(shown("K1", "", "strict"), path) == ["✗ Fix first"]
    assert text(shown("K1", "", "no such"), path) == ["! Look again"]


def test_a_rule_has_its_published_figures_with_interval_and_cases() -> None:
    (figure,) = method.entries("aspiration-not-choice", "", built_in()[0]).values()
    found = {item.name: item for item in figure[0].figures}
    assert list(found) == ["Precision", "Recall", "F1"]
    f1 = found["F1"]
    assert 0 <= f1.low <= f1.value <= f1.high <= 1
    said = text(shown("aspiration-not-choice", "", "default"), "//div[@class='figure']")[2]
    assert said == f"F1{f1.value:.2f} {f1.low:.2f} to {f1.high:.2f}, {f1.cases} cases"


def test_a_rule_without_figures_says_why() -> None:
    said = text(shown("A3", "alignment", "default"), "//div[@class='figures']")
    assert "Accuracy: none; the labelled drafts carry no corpus." in said


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in an installation without the package evals."""
    for name in ("evals", "evals.readme", "evals.catalogue"):
        monkeypatch.setitem(sys.modules, name, None)
    method.measured.cache_clear()
    method._results.cache_clear()
    yield
    method.measured.cache_clear()
    method._results.cache_clear()


@pytest.mark.usefixtures("alone")
def test_without_the_evals_the_page_says_so() -> None:
    page = shown("", "", "default")
    assert "This installation holds no published figures. They come with" in page
    assert len(codes(page)) == len(all_rules())


def test_a_profile_says_what_it_changes() -> None:
    path = "//details[@data-key='profile-strict']//li"
    assert "K1 Output, not an outcome: error" in text(shown("", "", "default"), path)


def test_a_profile_of_ones_own_is_the_usual_one(tmp_path: Path) -> None:
    house = tmp_path / "house.yaml"
    house.write_text("extends: strict\nauthority: Our strategy office\nrules: {K6: off}\n")
    page = shown("binary-milestone", "", "", usual=str(house))
    assert text(page, "//details[@data-key='rule-K6']/summary/span[1]") == ["– Off"]
    (own,) = text(page, f"//details[@data-key='profile-{house}']")
    assert own.startswith("house.yaml")
    assert "Authority: Our strategy office. Extends strict." in own
    assert text(choosing(dict.fromkeys(("words", "group", "profile"), ""), str(house)), "//option[@selected]")[-1] == "Profile house.yaml"  # fmt: skip


def test_a_profile_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    page = shown("", "", "", usual=str(tmp_path / "gone.yaml"))
    (said,) = text(page, "//p[@role='alert']")
    assert said == (
        "The profile 'gone.yaml' cannot be read: No such file or directory. Name a "
        "file that exists. Until then the rules are shown as in the profile default."
    )


@pytest.mark.browser
def test_it_is_read_on_a_phone_and_by_keyboard(
    visit: Visiting, url: str, axe: Callable[[Page], list[str]]
) -> None:
    page = visit(url, size=PHONE).page
    page.get_by_role("tab", name="Method").click()
    expect(page.locator("#method .headline")).to_have_text(f"{len(all_rules())} rules")
    assert axe(page) == []
    page.get_by_label("Search the rules").fill("no-baseline")
    page.keyboard.press("Enter")
    expect(page.locator("#method .headline")).to_have_text("1 rule for “no-baseline”")
    expect(page.locator("#method details.finding .interval").first).to_be_visible()
    page.reload()
    page.get_by_role("tab", name="Method").click()
    expect(page.get_by_label("Search the rules")).to_have_value("no-baseline")
    expect(page.locator("#method .headline")).to_have_text("1 rule for “no-baseline”")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
