"""The suite of peers: what counts, swapped partners, and the figures by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.cases import CASES, SPLITS, Okr, PeerCase, read_cases
from evals.suites.peers import PeerVerdict, run, swapped


def case(name: str, a: str, b: str, label: str, **fields: object) -> PeerCase:
    return PeerCase(
        id=name,
        a=Okr(objective=a),
        b=Okr(objective=b),
        label=label,  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


def say(label: str | None, **fields: object) -> PeerVerdict:
    return PeerVerdict(label=label, **fields)  # type: ignore[arg-type]


class Scripted:
    """Says what the script says."""

    def __init__(self, *said: PeerVerdict) -> None:
        self.said = said

    def judge(self, cases: Sequence[PeerCase]) -> Iterator[PeerVerdict]:
        yield from self.said


CASES_BY_HAND = [
    case("p1", "A", "B", "conflict", subtype="volume_vs_quality"),
    case("p2", "A", "C", "unrelated"),
    case("p3", "D", "B", "complementary"),
    case("p4", "D", "E", "dependency", needs="a"),
    case("p5", "F", "G", "duplicate"),
]


def test_swapped_partners_share_a_side_with_a_conflict() -> None:
    assert [item.id for item in swapped(CASES_BY_HAND)] == ["p2", "p3"]


def test_figures_by_hand() -> None:
    outcome = run(
        CASES_BY_HAND,
        Scripted(
            say("conflict", subtype="volume_vs_quality", warned=True),
            say("conflict", subtype="cannibalisation", warned=True),
            say("complementary", warned=False),
            say("dependency", needs="b"),
            say("unrelated"),
        ),
    )
    values = {name: figure.value for name, figure in outcome.metrics.items()}
    assert values["f1.conflict"] == pytest.approx(2 / 3)
    assert values["f1.duplicate"] == 0.0
    assert values["macro_f1"] == pytest.approx((2 / 3 + 0 + 1 + 1 + 0) / 5)
    assert values["macro_f1.subtype"] == 1.0
    assert values["accuracy.needs"] == 0.0
    assert values["swapped_partner_conflict_rate"] == 0.5
    assert values["precision.warned"] == 0.5
    assert values["false_alarm_rate"] == 0.5
    assert values["false_alarm_rate.any"] == 0.5


def test_scores_rank_each_label_against_the_others() -> None:
    scores = [{"conflict": value} for value in (0.9, 0.2, 0.1, 0.95, 0.3)]
    outcome = run(CASES_BY_HAND, Scripted(*(say("unrelated", scores=item) for item in scores)))
    assert outcome.metrics["auroc.conflict"].value == 0.75
    assert outcome.decisions[0].score == 0.9


def test_errors_and_abstentions_are_counted_apart() -> None:
    silent = [say(None)] * 3
    outcome = run(CASES_BY_HAND, Scripted(say("conflict"), say(None, error="broken"), *silent))
    assert outcome.errors == ("p2: broken",)
    assert (outcome.abstained, len(outcome.decisions)) == (3, 4)
    assert outcome.metrics["accuracy"].n == 1
    assert "swapped_partner_conflict_rate" not in outcome.metrics


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ('"label": "duplicate", "subtype": "cannibalisation"', "a subtype belongs to a conflict"),
        ('"label": "conflict", "needs": "a"', "needs belongs to a dependency"),
    ],
    ids=["subtype", "needs"],
)
def test_details_that_do_not_fit_are_a_sentence(tmp_path: Path, fields: str, sentence: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        f'{{"id": "p", "a": {{"objective": "x"}}, "b": {{"objective": "y"}}, {fields}}}'
    )
    with pytest.raises(InputError) as caught:
        read_cases(path, PeerCase)
    assert sentence in str(caught.value)


def test_every_okr_has_partners_and_the_splits_share_none() -> None:
    okrs = {}
    for split in SPLITS:
        cases = read_cases(CASES / "peers" / split, PeerCase)
        okrs[split] = {okr.key for item in cases for okr in (item.a, item.b)}
    for one, other in (("train", "dev"), ("train", "test"), ("dev", "test")):
        assert not okrs[one] & okrs[other]
