"""Every format of a scan ranks the same findings, and lets no text act as markup or formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from rich.console import Console

from assistant.analyse.worklist import FORMULA
from assistant.history import Tally
from assistant.models import Change, Figure, Location, Organisation, Scan
from assistant.report import csv as csv_report
from assistant.report import html, markdown, terminal
from assistant.report import json as json_report
from assistant.report.context import Context
from assistant.report.views.trends import over_scans
from tests.report.conftest import HOSTILE
from tests.report.scans import TAKEN, fernhill, remark, whole_scan

RANKED = ["A3", "A5", "K1", "S9"]


def tally(taken_at: datetime, **given: int) -> Tally:
    counts = dict.fromkeys(("judged", "drifted", "look", "conflicts", "grave", "findings"), 1)
    return Tally.model_validate(
        {"id": "scan-1", "taken_at": taken_at, "objectives": 4, **counts, **given}
    )


def in_terminal(scan: Scan, *, limit: int = 20, earlier: Sequence[Tally] = ()) -> str:
    console = Console(width=400)
    with console.capture() as captured:
        console.print(terminal.render_scan(scan, fernhill(), limit=limit, earlier=earlier))
    return captured.get()


def in_markdown(scan: Scan, *, earlier: Sequence[Tally] = ()) -> lxml_html.HtmlElement:
    text = markdown.render_scan(scan, fernhill(), earlier=earlier)
    return lxml_html.fromstring(MarkdownIt("commonmark").enable("table").render(text))


def page(scan: Scan) -> lxml_html.HtmlElement:
    return lxml_html.fromstring(html.render_scan(scan, fernhill()))


def rows(scan: Scan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_report.render_scan(scan, fernhill()))))


def test_the_ranks_are_the_same_everywhere() -> None:
    scan = whole_scan()
    content = json.loads(json_report.render(scan, fernhill()))
    assert [item["rule"] for item in content["findings"]] == ["K1", "S9", "A3", "A5"]
    assert [item["rank"] for item in content["findings"]] == [3, 3, 1, 2]
    assert [(row["rank"], row["rule"]) for row in rows(scan)] == list(
        zip("1233", RANKED, strict=True)
    )
    for shown in (in_terminal(scan), in_markdown(scan).text_content(), page(scan).text_content()):
        places = [
            shown.index(item)
            for item in ("A3 drift", "A5 peer-conflict", "2 remarks on the wording: K1, S9")
        ]
        assert places == sorted(places)


def test_every_report_says_how_the_rank_is_made() -> None:
    scan = whole_scan()
    assert f"Weight = {FORMULA}" in " ".join(in_terminal(scan).split())
    assert f"Weight = {FORMULA}" in in_markdown(scan).text_content()
    assert f"Weight = {FORMULA}" in page(scan).text_content()
    assert json.loads(json_report.render(scan, fernhill()))["worklist"]["formula"] == FORMULA


def test_json_keeps_the_findings_as_they_are() -> None:
    scan = whole_scan()
    content = json.loads(json_report.render(scan, fernhill()))
    for written, finding in zip(content["findings"], scan.findings, strict=True):
        kept = {key: value for key, value in written.items() if key not in ("rank", "fingerprint")}
        assert kept == finding.model_dump(mode="json")
    assert content["worklist"]["items"][0] == {
        "rank": 1, "weight": 20.79, "affected": 30, "counted": "people", "wording": False,
        "findings": [scan.findings[2].fingerprint],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x"], ids=repr
)
def test_no_cell_of_a_csv_starts_a_formula(text: str) -> None:
    scan = whole_scan().model_copy(
        update={
            "findings": (
                remark("K1", "v1").model_copy(
                    update={"message": text, "question": text, "location": Location(file=text)}
                ),
            )
        }
    )
    (row,) = rows(scan)
    assert (row["message"], row["question"], row["file"]) == ("'" + text.replace("\r", "\n"),) * 3
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_a_csv_leaves_harmless_text_alone() -> None:
    row = rows(whole_scan())[0]
    assert row["objective"] == HOSTILE
    assert row["message"] == f"It moves another number. {HOSTILE}"
    assert (row["team"], row["cycle"], row["weight"]) == ("Sales", "2026-Q3", "20.79")
    assert row["quotes"].splitlines() == [f"parent: “f1: {HOSTILE}”", f"draft: “s1: {HOSTILE}”"]


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    text = html.render_scan(whole_scan(), fernhill())
    tree = lxml_html.fromstring(text)
    assert not tree.xpath("//script | //img | //link | //iframe | //form | //@src")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    assert set(tree.xpath("//@href")) <= {f"#{key}" for key in tree.xpath("//@id")}
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in text
    assert "@import" not in text


def test_ids_of_the_page_are_unique_and_pictures_have_names() -> None:
    tree = page(whole_scan())
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    pictures = tree.xpath("//svg")
    assert len(pictures) == 8
    for picture in pictures:
        assert picture.get("role") == "img"
        assert all(key in ids for key in picture.get("aria-labelledby").split())
        assert picture.xpath("string(desc)")


def test_pictures_are_well_formed_whatever_the_text_holds() -> None:
    strange = fernhill().objectives[1].model_copy(update={"text": "a\x00b\x0b ]]> &amp; <svg> ￿"})
    organisation = fernhill()
    objectives = (organisation.objectives[0], strange, *organisation.objectives[2:])
    text = html.render_scan(
        whole_scan(), organisation.model_copy(update={"objectives": objectives})
    )
    parts = [f"<svg{part.split('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    drawings = [part for part in parts if part.startswith("<svg xmlns")]
    assert len(drawings) == 8
    assert all(etree.fromstring(part) is not None for part in drawings)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("1 of 4 links drifted", id="count of drift"),
        pytest.param(
            "1 of 2 choices and aims that nobody serves", id="withdrawn ones do not count"
        ),
        pytest.param("1,234.5 people", id="figure"),
        pytest.param("Budget that drifted – no budgets", id="figure without a value"),
        pytest.param(f"Parent: “f1: {HOSTILE}”", id="quote of the parent"),
        pytest.param(f"This: “s1: {HOSTILE}”", id="quote of the child"),
        pytest.param(f"metric ↷ changed {HOSTILE} calls", id="slots"),
        pytest.param(
            "Cosine of the two texts 0.81, which is nearness and no verdict; chance that its "
            "success advances the parent 0.12; the language model says drifted, the local reader "
            "drifted.",
            id="both verdicts",
        ),
        pytest.param("Ask: Would it?", id="question"),
        pytest.param("It is none if: they share one outcome", id="what would make it none"),
        pytest.param("✗ drifted S1", id="drift in words"),
        pytest.param("⌂✗ root lost V2 Phones are answered", id="root in words"),
        pytest.param(f"V2 is stale. Because: {HOSTILE}", id="change with its cause"),
        pytest.param("Metrics: none is defined. Define them.", id="not checked"),
        pytest.param("(withdrawn)", id="withdrawn choice"),
    ],
)
def test_the_page_says(sentence: str) -> None:
    shown = " ".join(" ".join(page(whole_scan()).itertext()).split())
    assert sentence in shown


def test_markdown_and_terminal_let_no_text_act() -> None:
    tree = in_markdown(whole_scan())
    assert not tree.xpath("//script | //a | //img | //em")
    assert f"This: “s1: {HOSTILE}”" in tree.text_content()
    assert f"A3 drift S1 {HOSTILE}" in in_terminal(whole_scan())


def test_the_terminal_shows_as_many_lines_as_it_is_asked_for() -> None:
    shown = in_terminal(whole_scan(), limit=2)
    assert "  2 ! A5 peer-conflict" in shown
    assert "K1 says so." not in shown
    assert "… and 1 more (--limit, or --format html, csv)." in shown


@pytest.mark.parametrize("key", ["drift", "coverage", "peers", "horizon", "trend", "figures"])
def test_what_was_not_looked_at_has_no_section(key: str) -> None:
    empty = Scan(
        organisation="x", taken_at=TAKEN, teams=0, objectives=0, key_results=0, documents=0
    )
    bare = lxml_html.fromstring(html.render_scan(empty, Organisation()))
    assert not bare.xpath(f"//section[@id='{key}']")
    assert page(whole_scan()).xpath(f"//section[@id='{key}']")


def test_links_that_nobody_judged_are_said_to_be_so() -> None:
    edges = tuple(edge.model_copy(update={"verdict": "unclear"}) for edge in whole_scan().edges)
    tree = page(whole_scan().model_copy(update={"edges": edges}))
    assert "No link to a parent was judged, so nothing is coloured." in tree.text_content()
    assert not tree.xpath("//section[@id='drift']//svg")


def test_earlier_scans_are_drawn_beside_the_present_one() -> None:
    before = tally(TAKEN - timedelta(days=31), drifted=2, judged=3)
    tree = lxml_html.fromstring(html.render_scan(whole_scan(), fernhill(), earlier=[before]))
    shown = " ".join(tree.xpath("string(//section[@id='trend'])").split())
    assert "From scan to scan" in shown
    assert "2026-10-02: 66.7 %; 2026-11-02: 25 %" in shown
    line = "Links that drifted, 2026-10-02 to 2026-11-02: 66.7, 25 %"
    assert line in in_terminal(whole_scan(), earlier=[before])
    assert line in in_markdown(whole_scan(), earlier=[before]).text_content()


def test_of_many_scans_the_last_of_a_day_or_of_a_month_is_drawn() -> None:
    def labels(*ago: timedelta) -> list[str]:
        earlier = [tally(TAKEN - one) for one in sorted(ago, reverse=True)]
        return [label for label, _ in over_scans(whole_scan(), earlier)[0].points]

    hours = [timedelta(hours=one) for one in (1, 2, 3)]
    assert labels(*hours) == ["11-02 06:30", "11-02 07:30", "11-02 08:30", "11-02 09:30"]
    assert labels(*(timedelta(hours=one) for one in range(1, 34))) == ["2026-11-01", "2026-11-02"]
    days = [timedelta(days=one) for one in range(1, 45)]
    assert labels(*days) == ["2026-09-30", "2026-10-31", "2026-11-02"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [((), "nothing changed"), (whole_scan().changes, "1 new, 1 resolved")],
    ids=["none", "some"],
)
def test_a_comparison_says_what_it_came_to(changes: tuple[Change, ...], said: str) -> None:
    scan = whole_scan().model_copy(update={"changes": changes})
    line = f"Since the scan of 2026-10-02 09:30 UTC: {said}."
    for shown in (in_terminal(scan), in_markdown(scan).text_content(), page(scan).text_content()):
        assert line in shown
    alone = scan.model_copy(update={"since": None})
    assert "What changed" not in page(alone).text_content() + in_markdown(alone).text_content()


def test_the_terminal_counts_the_changes_that_it_leaves_out() -> None:
    shown = in_terminal(whole_scan(), limit=1)
    assert "V2 is stale." in shown
    assert "Settled." not in shown
    assert "… and 1 more changes (--limit, or --format html, markdown, json)." in shown


BRANCH = {"team": "Sales", "within": ("sales",), "teams": 1, "objectives": 2}


def test_a_scan_of_a_branch_says_so_and_shows_no_other() -> None:
    scan = whole_scan().model_copy(update={**BRANCH, "coverage": whole_scan().coverage[1:]})
    opening = "Only Sales and the teams below it. 1 team, 2 objectives"
    for shown in (in_terminal(scan), in_markdown(scan).text_content(), page(scan).text_content()):
        assert opening in " ".join(shown.split())
    drift = page(scan).xpath("string(//section[@id='drift'])")
    assert "Old orders" in drift
    assert "Phones are answered" not in drift
    assert "Fernhill, not looked at" in drift
    coverage = page(scan).xpath("string(//section[@id='coverage'])")
    assert "not served here" in coverage
    assert "nobody serves it" not in coverage


def test_with_many_teams_the_picture_of_horizons_shows_branches() -> None:
    names = ["Horizon balance", "Horizon balance of Service and below"]
    names += [f"Horizon balance of Team {number}" for number in range(14)]
    figures = tuple(Figure(name=name, value=10, unit="%") for name in names)
    scan = whole_scan().model_copy(update={"figures": figures})
    (picture,) = page(scan).xpath("//section[@id='horizon']//svg")
    assert picture.xpath("string(desc)") == "All that was looked at: 10 %; Service and below: 10 %"
    assert "Team 13" in page(scan).xpath("string(//section[@id='horizon']//table)")


def test_a_long_worklist_is_cut_and_says_so() -> None:
    many = tuple(
        remark("A9", f"choice-{number}").model_copy(update={"words": str(number)})
        for number in range(1003)
    )
    shown = page(whole_scan().model_copy(update={"findings": many})).text_content()
    assert "3 more lines are in the CSV and JSON of the scan." in shown


def test_names_of_what_is_not_an_objective() -> None:
    context = Context(whole_scan(), fernhill())
    assert context.name("c2") == "Quiet at night"
    assert context.name("gone") == "gone"
    assert context.subject(remark("A2", "gone").model_copy(update={"words": "Our words"})) == (
        "Our words"
    )
