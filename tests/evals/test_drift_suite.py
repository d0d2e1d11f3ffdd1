"""The suite of children and parents: what counts, what does not, and the figures by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.errors import InputError
from evals.cases import CASES, SPLITS, DriftCase, Okr, read_cases
from evals.suites.drift import EdgeVerdict, run

ALIGNED, DRIFTED, UNRELATED = (
    EdgeVerdict(label="aligned", serves=0.9, unrelated=0.0),
    EdgeVerdict(label="drifted", serves=0.2, unrelated=0.3),
    EdgeVerdict(label="unrelated", serves=0.1, unrelated=0.8),
)


def case(
    name: str, label: str, child: str = "", parent: str = "Win", **fields: object
) -> DriftCase:
    return DriftCase(
        id=name,
        parent=Okr(objective=parent),
        child=Okr(objective=child or name),
        label=label,  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


class Scripted:
    """Says what the script says."""

    def __init__(self, *said: EdgeVerdict) -> None:
        self.said = said

    def judge(self, cases: Sequence[DriftCase]) -> Iterator[EdgeVerdict]:
        assert len(cases) == len(self.said)
        yield from self.said


def test_labels_by_hand() -> None:
    outcome = run(
        [case("a", "aligned"), case("b", "drifted"), case("c", "drifted"), case("d", "unrelated")],
        Scripted(ALIGNED, DRIFTED, ALIGNED, DRIFTED),
    )
    values = {name: figure.value for name, figure in outcome.metrics.items()}
    assert values["precision.aligned"] == 0.5
    assert values["recall.drifted"] == 0.5
    assert values["f1.unrelated"] == 0.0
    assert values["macro_f1"] == pytest.approx((2 / 3 + 0.5 + 0.0) / 3)
    assert values["accuracy"] == 0.5
    assert values["false_alarm_rate.any"] == 0.0
    assert values["auroc.aligned_vs_drifted"] == 0.75
    assert values["auroc.unrelated_vs_rest"] == pytest.approx((2 + 0.5) / 3)
    assert values["recall_at_20_false_alarms"] == 0.5


def test_the_right_parent_is_asked_for_within_a_group_and_a_child() -> None:
    groups = [
        case("a", "aligned", "one", group="g1"),
        case("b", "drifted", "one", "Lose", group="g1"),
        case("c", "unrelated", "two", group="g1"),
        case("d", "aligned", "two", "Lose", group="g1"),
        case("e", "aligned", "three", group="g2"),
        case("f", "drifted", "three", "Lose", group="g2"),
        case("g", "drifted", "one"),
    ]
    scores = (0.9, 0.2, 0.6, 0.6, 0.1, 0.3, 1.0)
    outcome = run(groups, Scripted(*(EdgeVerdict(label="aligned", serves=s) for s in scores)))
    assert outcome.metrics["right_parent_higher"].value == pytest.approx(1.5 / 3)
    assert outcome.metrics["right_parent_higher"].n == 3
    assert outcome.metrics["auroc.contrast"].n == 6
    assert outcome.metrics["auroc.contrast"].value == pytest.approx((3 + 2.5 + 0) / 9)


def test_an_arguable_label_that_is_said_counts_neither_way() -> None:
    cases = [case("a", "aligned", arguable="drifted"), case("b", "drifted"), case("c", "aligned")]
    said = run(cases, Scripted(DRIFTED, DRIFTED, ALIGNED)).metrics
    assert (said["f1.drifted"].value, said["accuracy"].n) == (1.0, 2)
    other = run(cases, Scripted(UNRELATED, DRIFTED, ALIGNED)).metrics
    assert (other["recall.aligned"].value, other["accuracy"].n) == (0.5, 3)


@pytest.mark.parametrize(
    ("label", "arguable", "counted"),
    [("drifted", "unrelated", 3), ("drifted", "aligned", 2), ("aligned", "unrelated", 2)],
)
def test_a_score_counts_where_both_labels_are_on_one_side(
    label: str, arguable: str, counted: int
) -> None:
    cases = [case("a", label, arguable=arguable), case("b", "aligned"), case("c", "drifted")]
    outcome = run(cases, Scripted(DRIFTED, ALIGNED, DRIFTED))
    assert outcome.metrics["auroc.aligned_vs_rest"].n == counted


def test_subtypes_as_a_guess_and_as_they_are_said() -> None:
    cases = [
        case("a", "drifted", subtype="copy_paste"),
        case("b", "drifted", subtype="contradiction"),
        case("c", "aligned"),
    ]
    outcome = run(
        cases,
        Scripted(
            EdgeVerdict(label="drifted", subtype="copy_paste"),
            EdgeVerdict(label="aligned", subtype="contradiction"),
            EdgeVerdict(label="drifted", subtype="copy_paste"),
        ),
    )
    assert outcome.metrics["macro_f1.subtype"].value == 1.0
    assert outcome.metrics["macro_f1.subtype_said"].value == pytest.approx((2 / 3 + 0) / 2)
    assert outcome.decisions[1].said_subtype is None


def test_warnings_are_right_where_the_child_does_not_serve() -> None:
    def warning(label: str) -> EdgeVerdict:
        return EdgeVerdict(label=label, warned=True)  # type: ignore[arg-type]

    cases = [
        case("a", "aligned"),
        case("b", "drifted"),
        case("c", "unrelated"),
        case("d", "aligned"),
    ]
    outcome = run(
        cases, Scripted(*[warning("drifted")] * 3, EdgeVerdict(label="aligned", warned=False))
    )
    assert outcome.metrics["precision.warned"].value == pytest.approx(2 / 3)
    assert outcome.metrics["recall.warned"].value == 1.0
    assert outcome.metrics["false_alarm_rate"].value == 0.5


def test_a_critic_without_severities_has_no_rate_of_warnings() -> None:
    outcome = run([case("a", "aligned"), case("b", "drifted")], Scripted(DRIFTED, DRIFTED))
    assert outcome.metrics["false_alarm_rate.any"].value == 1.0
    assert "false_alarm_rate" not in outcome.metrics


def test_errors_and_abstentions_are_counted_apart() -> None:
    cases = [case("a", "aligned"), case("b", "drifted"), case("c", "drifted"), case("d", "aligned")]
    outcome = run(
        cases, Scripted(EdgeVerdict(error="broken"), EdgeVerdict(serves=0.1), DRIFTED, ALIGNED)
    )
    assert outcome.errors == ("a: broken",)
    assert (outcome.cases, outcome.abstained, len(outcome.decisions)) == (4, 1, 3)
    assert outcome.metrics["recall.drifted"].n == 1
    assert outcome.metrics["auroc.aligned_vs_drifted"].n == 3


def test_a_critic_that_never_answers_has_no_figures() -> None:
    outcome = run([case("a", "aligned"), case("b", "drifted")], Scripted(*[EdgeVerdict()] * 2))
    assert (outcome.metrics, outcome.abstained) == ({}, 2)


def test_a_group_is_drawn_as_a_whole() -> None:
    one = [case(f"a{n}", "aligned", group="g") for n in range(4)]
    outcome = run(one, Scripted(ALIGNED, DRIFTED, ALIGNED, DRIFTED))
    figure = outcome.metrics["accuracy"]
    assert (figure.low, figure.value, figure.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ('"label": "aligned", "subtype": "copy_paste"', "a subtype belongs to a drifted pair"),
        ('"label": "drift"', "the key 'label' is wrong"),
        ('"label": "aligned", "parents": []', "the key 'parents' is unknown."),
    ],
    ids=["subtype", "label", "unknown"],
)
def test_a_malformed_case_is_a_sentence(tmp_path, fields: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "own.jsonl"
    sides = '"parent": {"objective": "x"}, "child": {"objective": "y"}'
    path.write_text(f'{{"id": "a", {sides}, {fields}}}\n')
    with pytest.raises(InputError) as caught:
        read_cases(path, DriftCase)
    assert str(caught.value).startswith(f"{path}:1: ")
    assert sentence in str(caught.value)


def test_the_splits_share_no_organisation_and_no_child() -> None:
    organisations, children = {}, {}
    for split in SPLITS:
        cases = read_cases(CASES / "drift" / split, DriftCase)
        organisations[split] = {item.org for item in cases}
        children[split] = {item.child.key for item in cases}
    for one, other in (("train", "dev"), ("train", "test"), ("dev", "test")):
        assert not organisations[one] & organisations[other]
        assert not children[one] & children[other]
