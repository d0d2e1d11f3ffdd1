"""Every format shows the question and the rewrite of a finding, and says what a rewrite is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from lxml import html as lxml_html
from rich.console import Console

from assistant.models import Finding, Objective, ObjectiveReview, Review
from assistant.report import html, markdown, sarif, terminal
from assistant.report import json as json_report
from assistant.rules import all_rules

QUESTION = "Where does “activation” stand today?"
OF_ELEMENT = "Raise activation from [baseline?] to 60 %"
OF_SET = "[what must not get worse?] holds at [target?] or better"


def finding(rule: str, on: str, rewrite: str) -> Finding:
    return Finding(
        rule=rule, slug="slug", severity="info", on=on, objective_id="o", message="A remark.",
        question=QUESTION, rewrite=rewrite,
    )  # fmt: skip


REVIEW = Review(
    reviews=(
        ObjectiveReview(
            objective=Objective(id="o", text="Depots keep their dates"),
            findings=(finding("K3", "kr:1", OF_ELEMENT), finding("S3", "set", OF_SET)),
        ),
    )
)


def in_terminal(review: Review) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(terminal.render_review(review))
    return captured.get()


def in_markdown(review: Review) -> str:
    return markdown.render_review(review).replace("\\", "")


def in_html(review: Review) -> str:
    return str(lxml_html.fromstring(html.render_review(review)).text_content())


def in_sarif(review: Review) -> str:
    results = json.loads(sarif.render(review, all_rules()))["runs"][0]["results"]
    assert [item["properties"]["rewrite"] for item in results] == [OF_ELEMENT, OF_SET]
    return "\n".join(item["message"]["text"] for item in results)


@pytest.mark.parametrize("shown", [in_terminal, in_markdown, in_html, in_sarif])
def test_question_and_rewrite_are_shown(shown: Callable[[Review], str]) -> None:
    text = shown(REVIEW)
    assert text.count(QUESTION) == 2
    assert f"Perhaps: {OF_ELEMENT}" in text
    assert f"Perhaps add: {OF_SET}" in text


def test_json_keeps_question_and_rewrite_apart() -> None:
    first = json.loads(json_report.render(REVIEW))["findings"][0]
    assert (first["question"], first["rewrite"]) == (QUESTION, OF_ELEMENT)
