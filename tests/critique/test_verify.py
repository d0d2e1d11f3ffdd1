import pytest

from assistant.critique.schema import Remark, RewordedRemark
from assistant.critique.verify import Verified, verify
from assistant.models import KeyResult, Objective

OBJECTIVE = Objective(
    id="obj-1",
    text="Pharma hauliers stay because the cold chain never breaks",
    key_results=(
        KeyResult(id="kr-1", text="Launch the “driver” portal by 31 March"),
        KeyResult(id="kr-2", text="Renewals from 71 % to 85 %"),
        KeyResult(id="kr-3", text="Hiring"),
    ),
)
SOURCES = {
    "parent:1": "Keep every pharma contract that ends before 2028",
    "strategy:1": "We serve pharma hauliers first, even where food fleets wait 9 days.",
}
NEEDS = {"O1": None, "K1": None, "K8": None, "S3": None, "A1": None, "A3": "parent"}
FACTS = ("2026-Q3 (2026-07-01 to 2026-09-30)",)


def verified(**changes: object) -> Verified:
    remark = {
        "on": "kr:1",
        "rule": "K1",
        "quote": "Launch the “driver” portal",
        "message": "It can be done while nothing changes.",
        "question": "What will be different?",
        "rewrite": None,
        "citations": [],
        "confidence": 0.7,
    }
    made = RewordedRemark.model_validate({**remark, **changes})
    return verify([made], OBJECTIVE, SOURCES, NEEDS, FACTS)


KEPT = [
    pytest.param({}, "kr:1", "Launch the “driver” portal", False, id="as claimed"),
    pytest.param({"quote": 'launch the "driver" portal'}, "kr:1", "Launch the “driver” portal",
                 False, id="folded quote, original words"),
    pytest.param({"quote": "Renewals from 71 %"}, "kr:2", "Renewals from 71 %", True,
                 id="wrong element repaired"),
    pytest.param({"on": "KR 01"}, "kr:1", "Launch the “driver” portal", False, id="other spelling"),
    pytest.param({"on": "kr:9"}, "kr:1", "Launch the “driver” portal", True, id="no such element"),
    pytest.param({"quote": "Hiring"}, "kr:3", "Hiring", True, id="one word that is the element"),
    pytest.param({"rule": " k1 "}, "kr:1", "Launch the “driver” portal", False, id="code as typed"),
    pytest.param({"rule": "O1", "on": "objective", "quote": "cold chain"}, "objective",
                 "cold chain", False, id="objective rule"),
    pytest.param({"rule": "A1", "on": "objective", "quote": "cold chain"}, "objective",
                 "cold chain", False, id="orphan needs no citation"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "on", "words", "repaired"), KEPT)
def test_a_remark_with_real_words_is_kept(changes, on, words, repaired):
    outcome = verified(**changes)

    [finding] = outcome.findings
    assert outcome.dropped == ()
    assert (finding.on, finding.span.text, finding.repaired) == (on, words, repaired)
    text = OBJECTIVE.element(finding.quoted_on)
    assert text is not None
    assert text[finding.span.start : finding.span.end] == words


DROPPED = [
    pytest.param({"quote": "Launch the new portal"}, "quote", id="invented words"),
    pytest.param({"quote": "portal"}, "quote", id="one word"),
    pytest.param({"quote": ""}, "quote", id="no words"),
    pytest.param({"quote": "serve pharma hauliers first"}, "quote", id="words of a source"),
    pytest.param({"rule": "K99"}, "rule", id="unknown rule"),
    pytest.param({"rule": "K1; DROP"}, "rule", id="no code at all"),
    pytest.param({"rule": "O1"}, "place", id="objective rule on a key result"),
    pytest.param({"quote": "cold chain"}, "place", id="key result rule on the objective"),
    pytest.param({"rule": "A3"}, "ungrounded", id="comparison without a source"),
]


@pytest.mark.parametrize(("changes", "reason"), DROPPED)
def test_a_remark_without_ground_is_dropped_and_counted(changes, reason):
    outcome = verified(**changes)

    assert outcome.findings == ()
    assert [item.reason for item in outcome.dropped] == [reason]
    assert outcome.dropped_quotes == (1 if reason == "quote" else 0)


def test_a_remark_on_the_set_keeps_the_element_that_it_quotes():
    [finding] = verified(rule="S3", on="set", quote="Renewals from 71 %").findings

    assert (finding.on, finding.quoted_on, finding.span.text) == (
        "set", "kr:2", "Renewals from 71 %",
    )  # fmt: skip


def test_a_set_rule_that_names_an_element_is_about_the_set():
    [finding] = verified(rule="S3", on="kr:2", quote="Renewals from 71 %").findings

    assert (finding.on, finding.repaired) == ("set", False)


CITATIONS = [
    pytest.param([("parent:1", "every pharma contract")], [("parent:1", "every pharma contract")], 0,
                 id="verbatim"),
    pytest.param([("strategy:1", "every pharma contract")],
                 [("parent:1", "every pharma contract")], 0, id="wrong source repaired"),
    pytest.param([("parent:7", "EVERY  pharma contract")],
                 [("parent:1", "every pharma contract")], 0, id="unknown source repaired"),
    pytest.param([("strategy:1", "lose every contract"), ("parent:1", "contract that ends")],
                 [("parent:1", "contract that ends")], 1, id="one invented, one real"),
    pytest.param([("parent:1", "every pharma contract")] * 2,
                 [("parent:1", "every pharma contract")], 0, id="said twice"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kept", "lost"), CITATIONS)
def test_citations_are_checked_against_their_source(given, kept, lost):
    citations = [{"id": ref, "quote": quote} for ref, quote in given]

    outcome = verified(rule="A3", on="objective", quote="cold chain", citations=citations)

    [finding] = outcome.findings
    assert [(item.ref, item.quote) for item in finding.citations] == kept
    assert outcome.dropped_quotes == lost
    assert outcome.quotes == 1 + len(given)


def test_a_comparison_whose_only_citation_is_invented_is_dropped():
    citations = [{"id": "parent:1", "quote": "lose every contract"}]

    outcome = verified(rule="A3", on="objective", quote="cold chain", citations=citations)

    assert outcome.findings == ()
    assert [item.reason for item in outcome.dropped] == ["citation", "ungrounded"]


def test_a_comparison_must_cite_what_it_compares_with():
    citations = [{"id": "strategy:1", "quote": "food fleets wait"}]

    outcome = verified(rule="A3", on="objective", quote="cold chain", citations=citations)

    assert outcome.findings == ()
    assert [item.reason for item in outcome.dropped] == ["ungrounded"]


NUMBERS = [
    pytest.param("Renewals from 71 % to 85 % of fleets", id="draft"),
    pytest.param("Serve food fleets within 9 days", id="source"),
    pytest.param("Done by 30 September 2026", id="cycle"),
    pytest.param("Renewals to [target?] %", id="blank"),
    pytest.param("Give one repair date", id="the word one"),
]


@pytest.mark.parametrize("rewrite", NUMBERS)
def test_a_number_that_a_source_has_stays(rewrite):
    outcome = verified(rewrite=rewrite)

    assert outcome.findings[0].rewrite == rewrite
    assert outcome.blanks == 0


INVENTED = [
    pytest.param("Renewals from 71 % to 92 %", "Renewals from 71 % to [number?]", id="target"),
    pytest.param("Save $3M by 31 December", "Save [number?] by 31 December", id="money"),
    pytest.param("Twice the renewals in 14 months", "[number?] the renewals in [number?] months",
                 id="word and count"),
    pytest.param("Ask three fleets", "Ask [number?] fleets", id="number word"),
]  # fmt: skip


@pytest.mark.parametrize(("rewrite", "blanked"), INVENTED)
def test_a_number_that_no_source_has_becomes_a_blank(rewrite, blanked):
    outcome = verified(rewrite=rewrite)

    assert outcome.findings[0].rewrite == blanked
    assert outcome.blanks == blanked.count("[number?]")


PROSE = [
    pytest.param("KR 2 and kr:3 measure two things; see K8 and parent:1.",
                 "KR 2 and kr:3 measure two things; see K8 and parent:1.", id="references"),
    pytest.param("Key results 2 and 3 pull apart.", "Key results 2 and 3 pull apart.", id="several"),
    pytest.param("Peers usually reach 40 %.", "Peers usually reach [number?].", id="benchmark"),
]  # fmt: skip


@pytest.mark.parametrize("part", ["message", "question"])
@pytest.mark.parametrize(("said", "kept"), PROSE)
def test_prose_may_name_elements_and_may_not_invent_figures(part, said, kept):
    [finding] = verified(**{part: said}).findings

    assert getattr(finding, part) == kept


REWRITES = [
    pytest.param("Launch the “driver” portal  by 31 March", None, id="nothing new"),
    pytest.param("", None, id="empty"),
    pytest.param("null", None, id="the word null"),
    pytest.param("Drivers\n use\x1b[m it", "Drivers use[m it", id="control characters"),
]


@pytest.mark.parametrize(("rewrite", "kept"), REWRITES)
def test_a_rewrite_is_a_clean_new_line_or_none(rewrite, kept):
    outcome = verified(rewrite=rewrite)

    assert outcome.findings[0].rewrite == kept


def test_the_same_remark_is_made_once():
    said = {
        "on": "kr:1", "rule": "K1", "quote": "Launch the", "message": "m", "confidence": 1,
    }  # fmt: skip
    remarks = [Remark.model_validate({**said, "message": words}) for words in ("m", "other")]

    outcome = verify(remarks, OBJECTIVE, SOURCES, NEEDS)

    assert [finding.message for finding in outcome.findings] == ["m"]
    assert [item.reason for item in outcome.dropped] == ["repeated"]
    assert outcome.dropped_quotes == 0
