"""Every format says the same and lets no text of an OKR act as markup."""

from __future__ import annotations

import json

import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from rich.console import Console

from assistant.models import Finding, Location, Objective, Review, Scan, Span, Suppressed
from assistant.report import html, markdown, sarif, terminal
from assistant.report import json as json_report
from assistant.report.words import at_or_above, count_line, outcome_line
from assistant.rules import all_rules
from tests.report.conftest import HOSTILE


def test_json_holds_what_a_finding_promises(review: Review) -> None:
    content = json.loads(json_report.render(review))
    first = content["findings"][0]
    assert set(first) >= {
        "rule", "on", "span", "severity", "message", "evidence", "confidence", "source",
        "fingerprint",
    }  # fmt: skip
    assert first["span"] == {"start": 11, "end": 18, "text": "leading"}
    assert [item["rule"] for item in content["findings"]] == ["O1", "K1"]
    assert content["not_checked"][0]["what"] == "LLM critique"


def test_sarif_points_at_the_line_and_names_the_rule(review: Review) -> None:
    run = json.loads(sarif.render(review, all_rules()))["runs"][0]
    result = run["results"][1]
    place = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "K1"
    assert place["artifactLocation"]["uri"] == "d.md"
    assert place["region"] == {"startLine": 4, "snippet": {"text": "Launch"}}
    assert result["level"] == "warning"
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "my%20draft.md"
    )
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"] == "a.csv:3: Row 3 has no text."


@pytest.mark.parametrize("render", [html.render_review, html.render_review_fragment])
def test_html_shows_hostile_text_as_text(render, review: Review) -> None:  # type: ignore[no-untyped-def]
    tree = lxml_html.fromstring(render(review))
    assert not tree.xpath("//script | //a | //img | //@onerror")
    assert HOSTILE in tree.text_content()


def test_html_of_a_scan_shows_hostile_text_as_text(scan: Scan) -> None:
    tree = lxml_html.fromstring(html.render_scan(scan))
    assert not tree.xpath("//script | //img | //a[not(starts-with(@href, '#'))]")
    assert HOSTILE in tree.xpath("//h1")[0].text_content()


def test_html_loads_nothing_from_elsewhere(review: Review) -> None:
    tree = lxml_html.fromstring(html.render_review(review))
    assert not tree.xpath("//@src | //link | //@href")


@pytest.mark.parametrize("kind", ["review", "scan"])
def test_markdown_shows_hostile_text_as_text(kind: str, review: Review, scan: Scan) -> None:
    text = markdown.render_review(review) if kind == "review" else markdown.render_scan(scan)
    tree = lxml_html.fromstring(MarkdownIt("commonmark").enable("table").render(text))
    assert not tree.xpath("//script | //a | //img | //em")
    assert HOSTILE in tree.text_content()


def test_the_terminal_reads_no_markup_out_of_text(review: Review) -> None:
    console = Console(width=200, record=True, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(terminal.render_review(review))
    shown = captured.get()
    assert HOSTILE in shown
    assert shown.index("K1 output-not-outcome") < shown.index("O1 aspiration-not-choice")
    assert "1 objective: 1 warning, 1 info" in shown


def test_the_terminal_folds_all_but_the_gravest(review: Review) -> None:
    many = tuple(review.findings[1].model_copy(update={"on": f"kr:{n}"}) for n in range(1, 9))
    item = review.reviews[0].model_copy(update={"findings": many})
    console = Console(width=200)
    with console.capture() as captured:
        console.print(terminal.render_review(Review(reviews=(item,))))
    assert captured.get().count("'Launch' names work.") == 5
    with console.capture() as captured:
        console.print(terminal.render_review(Review(reviews=(item,)), everything=True))
    assert captured.get().count("'Launch' names work.") == 8


def test_marked_parts_join_to_the_text_again() -> None:
    objective = Objective(id="o", text="Launch the leading portal")
    findings = [
        Finding(
            rule=rule, slug="s", severity=severity, on="objective", objective_id="o",
            span=Span.of(objective.text, start, end), message="m",
        )
        for rule, severity, start, end in (("A1", "info", 0, 25), ("O1", "warning", 11, 18))
    ]  # fmt: skip
    parts = list(html.marked_parts(objective, "objective", findings))
    assert "".join(text for text, _, _ in parts) == objective.text
    assert ("leading", "warning", "O1 A1") in parts


def test_counting_and_filtering(review: Review) -> None:
    assert count_line(review.findings) == "1 warning, 1 info"
    assert count_line(()) == "no findings"
    assert [item.rule for item in at_or_above(review.findings, "warning")] == ["K1"]


@pytest.fixture
def sorted_out(review: Review) -> Review:
    """The review with its first finding known, and a suppressed one with hostile words."""
    first = review.findings[0].model_copy(update={"known": True})
    hidden = Suppressed(
        finding=review.findings[1].model_copy(update={"on": "kr:2", "words": HOSTILE}),
        by="draft",
        reason=HOSTILE,
        location=Location(file="d.md", line=9),
    )
    item = review.reviews[0].model_copy(update={"findings": (first, review.findings[1])})
    return review.model_copy(
        update={"reviews": (item,), "suppressed": (hidden,), "profile": "strict"}
    )


def test_what_is_known_or_suppressed_is_counted_apart(review: Review, sorted_out: Review) -> None:
    assert outcome_line(review) == "1 warning, 1 info"
    assert outcome_line(sorted_out) == "1 warning; 1 known, 1 suppressed; profile strict"
    all_known = review.findings[0].model_copy(update={"known": True})
    item = review.reviews[0].model_copy(update={"findings": (all_known,)})
    assert outcome_line(Review(reviews=(item,))) == "no new findings; 1 known"


def shown_in(form: str, outcome: Review) -> str:
    if form == "terminal":
        console = Console(width=400)
        with console.capture() as captured:
            console.print(terminal.render_review(outcome))
        return captured.get()
    if form == "markdown":
        rendered = MarkdownIt("commonmark").render(markdown.render_review(outcome))
        return lxml_html.fromstring(rendered).text_content()
    return lxml_html.fromstring(html.render_review(outcome)).text_content()


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_every_report_says_what_is_suppressed_and_why(form: str, sorted_out: Review) -> None:
    shown = shown_in(form, sorted_out)
    assert "1 warning; 1 known, 1 suppressed; profile strict" in shown
    assert f"K1 output-not-outcome on “{HOSTILE}”: {HOSTILE} (in the draft, d.md:9)" in shown
    assert "info, known" in shown


def test_json_keeps_the_suppressed_apart(sorted_out: Review) -> None:
    content = json.loads(json_report.render(sorted_out))
    assert [(item["rule"], item["known"]) for item in content["findings"]] == [
        ("O1", True),
        ("K1", False),
    ]
    (hidden,) = content["suppressed"]
    assert (hidden["by"], hidden["reason"], hidden["finding"]["on"]) == ("draft", HOSTILE, "kr:2")
    assert hidden["finding"]["fingerprint"] == sorted_out.suppressed[0].finding.fingerprint
    assert content["profile"] == "strict"


@pytest.mark.parametrize(
    ("by", "kind"), [("draft", "inSource"), ("settings", "external"), ("dismissal", "external")]
)
def test_sarif_marks_the_suppressed(sorted_out: Review, by: str, kind: str) -> None:
    hidden = sorted_out.suppressed[0].model_copy(update={"by": by})
    outcome = sorted_out.model_copy(update={"suppressed": (hidden,)})
    results = json.loads(sarif.render(outcome, all_rules()))["runs"][0]["results"]
    assert [item.get("baselineState") for item in results] == ["unchanged", "new", None]
    assert ["suppressions" in item for item in results] == [False, False, True]
    (suppression,) = results[2]["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == (kind, HOSTILE)
    assert suppression["location"]["physicalLocation"]["region"] == {"startLine": 9}
