"""What a language model adds to a review: who agrees, what it took, what was dropped."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html
from rich.console import Console

from assistant.models import (
    Finding,
    KeyResult,
    LlmUse,
    Objective,
    ObjectiveReview,
    Review,
    SecondOpinion,
)
from assistant.report import html, markdown, terminal
from assistant.report.words import agreement_line, llm_line, opinion_lines


def printed(review: Review) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(terminal.render_review(review))
    return captured.get()


CRITICISED = [
    pytest.param("rule", ("llm", "agrees", "It can be live."), "Agreed by local and model: It can be live.",
                 id="both"),
    pytest.param("rule", ("llm", "silent", ""), "The language model was asked too and has no remark.",
                 id="the model is silent"),
    pytest.param("rule", ("llm", "disagrees", "It has one."), "The language model disagrees: It has one.",
                 id="the model disagrees"),
    pytest.param("llm", ("rule", "silent", ""),
                 "The local critic looked for it too and has no remark.", id="the local critic is silent"),
    pytest.param("rule", ("model", "agrees", ""), "The yes-or-no judge agrees.", id="the judge"),
    pytest.param("rule", ("team", "answered", "They book."), "The team answered: “They book.”",
                 id="the team"),
    pytest.param("rule", ("llm", "lowered", "Write it down."),
                 "After the answer it is lowered: Write it down.", id="after an answer"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "opinion", "sentence"), CRITICISED)
def test_a_second_opinion_is_shown_in_every_format(source, opinion, sentence):
    by, says, words = opinion
    finding = Finding(
        rule="K1", slug="s", severity="warning", on="kr:1", objective_id="o", message="m",
        source=source, opinions=(SecondOpinion(by=by, says=says, words=words),),
    )  # fmt: skip
    item = ObjectiveReview(
        objective=Objective(id="o", text="O", key_results=(KeyResult(id="k", text="Launch"),)),
        findings=(finding,),
    )
    review = Review(reviews=(item,))

    assert sentence in opinion_lines(finding)
    assert sentence in lxml_html.fromstring(html.render_review(review)).text_content()
    assert markdown.escape(sentence) in markdown.render_review(review)
    assert sentence in printed(review)


def test_how_far_the_critics_agree_is_counted():
    def made(source: str, *says: str) -> Finding:
        return Finding(
            rule="K1", slug="s", severity="warning", on="set", objective_id="o", message="m",
            source=source, opinions=tuple(SecondOpinion(by="llm", says=item) for item in says),
        )  # fmt: skip

    findings = (
        made("rule", "agrees"), made("rule", "silent"), made("rule"), made("llm", "kept"),
        made("rule", "agrees", "disagrees"),
    )  # fmt: skip
    item = ObjectiveReview(objective=Objective(id="o", text="O"), findings=findings)
    review = Review(reviews=(item,), llm=LlmUse(model="m", prompt="p"))

    assert agreement_line(review) == (
        "Local critic and language model: 1 by both, 2 by the local critic alone, "
        "1 by the model alone, 1 disputed by the model."
    )
    assert agreement_line(review.model_copy(update={"llm": None})) == ""


USES = [
    pytest.param({}, "m (p): nothing was sent.", id="offline"),
    pytest.param({"calls": 1, "seconds": 2.04}, "m (p): 1 call, tokens unknown, 2.0 s, cost unknown.",
                 id="unknown"),
    pytest.param({"calls": 2, "input_tokens": 1900, "output_tokens": 300, "cost": 0.0123, "quotes": 6,
                  "dropped_quotes": 1, "remarks": 4, "dropped_remarks": 1},
                 "m (p): 2 calls, 1,900 tokens read and 300 written, 0.0 s, $0.0123; dropped: 1 of 4 "
                 "remarks, and 1 of 6 quotes (17%), as they do not stand in the text.", id="all"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "sentence"), USES)
def test_what_the_model_took_and_what_was_dropped_is_one_sentence(given, sentence):
    assert llm_line(LlmUse(model="m", prompt="p", **given)) == sentence
