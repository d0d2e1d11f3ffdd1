"""The suite of drafts: what counts, what does not, and the figures by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import InputError
from evals.cases import CASES, SPLITS, DraftCase, Label, read_cases
from evals.metrics import Counts, draw_weights, kappa, summarise
from evals.suites.drafts import Place, Verdict, group_of, places, run
from tests.conftest import Command


def case(name: str, *labels: tuple[str, str], **fields: object) -> DraftCase:
    return DraftCase(
        id=name,
        objective="Win the second order",
        key_results=("Launch it", "Repeat rate from 20 % to 30 %"),
        labels=tuple(Label(on=on, rule=rule) for on, rule in labels),
        **fields,  # type: ignore[arg-type]
    )


class Scripted:
    """Says what the script says."""

    def __init__(self, *said: dict[Place, str] | None) -> None:
        self.said = said

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        for said in self.said:
            yield Verdict(error="broken") if said is None else Verdict(said=said)  # type: ignore[arg-type]


def test_precision_and_recall_by_hand() -> None:
    cases = [case("a-1", ("kr:1", "K1")), case("a-2", ("kr:1", "K1")), case("a-3")]
    outcome = run(
        cases,
        Scripted({("kr:1", "K1"): "warning"}, {}, {("kr:2", "K1"): "warning"}),
    )
    assert outcome.metrics["precision.K1"].value == 0.5
    assert outcome.metrics["recall.K1"].value == 0.5
    assert outcome.metrics["f1.K1"].value == 0.5
    assert outcome.metrics["f1.K1"].n == 2
    assert outcome.metrics["false_alarm_rate"].value == 1.0


def test_what_is_arguable_or_unlabelled_counts_neither_way() -> None:
    arguable = case("a-1", arguable=(Label(on="kr:1", rule="K1"),))
    only = case("a-2", only=("K2",))
    assert ("kr:1", "K1") not in set(places(arguable))
    assert {rule for _, rule in places(only)} == {"K2"}
    outcome = run(
        [arguable, only], Scripted({("kr:1", "K1"): "warning"}, {("kr:1", "K1"): "warning"})
    )
    assert np.isnan(outcome.metrics["precision.K1"].value)


def test_errors_and_abstentions_are_counted_apart() -> None:
    outcome = run([case("a-1", ("kr:1", "K1")), case("a-2")], Scripted(None, {}))
    assert outcome.errors == ("a-1: broken",)
    assert outcome.cases == 2
    assert outcome.metrics["f1.K1"].n == 0


def test_contrast_partners_are_drawn_together() -> None:
    assert group_of("harbor-031a") == group_of("harbor-031b") == "harbor-031"
    weights = draw_weights(["x", "x", "y"], resamples=50)
    assert (weights[0] == 1).all()
    assert (weights[:, 0] == weights[:, 1]).all()


def test_figures_that_are_undefined_say_so() -> None:
    nothing = np.array([False, False])
    counts = Counts.of(nothing, nothing, draw_weights(["a", "b"], resamples=10))
    assert summarise(counts.f1, 0).as_json() == {"value": None, "low": None, "high": None, "n": 0}


def test_kappa_agrees_with_the_textbook() -> None:
    gold = np.array([True] * 25 + [False] * 25)
    said = np.array([True] * 20 + [False] * 5 + [True] * 10 + [False] * 15)
    assert kappa(gold, said, np.ones((1, 50)))[0] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"id": "a", "objective": "x", "label": []}', "the key 'label' is unknown."),
        ('{"id": "a"}', "the key 'objective' is wrong: Field required."),
        ('{"id": "a", ', "this is not JSON"),
        (
            '{"id": "a", "objective": "x", "labels": [{"on": "kr:1", "rule": "K1"}]}',
            "a label is on kr:1, but there are 0 key results",
        ),
    ],
    ids=["unknown", "missing", "json", "element"],
)
def test_a_malformed_case_names_line_and_key(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "ok", "objective": "fine"}\n' + line + "\n")
    with pytest.raises(InputError) as caught:
        read_cases(path, DraftCase)
    assert f"{path}:2: " in str(caught.value)
    assert sentence in str(caught.value)


def test_the_splits_share_no_organisation_and_no_text() -> None:
    organisations, texts = {}, {}
    for split in SPLITS:
        cases = read_cases(CASES / "drafts" / split, DraftCase)
        organisations[split] = {item.id.rsplit("-", 1)[0] for item in cases}
        texts[split] = {item.objective.casefold() for item in cases if len(item.objective) > 25}
    for one, other in (("train", "dev"), ("train", "test"), ("dev", "test")):
        assert not organisations[one] & organisations[other]
        assert not texts[one] & texts[other]


def test_the_command_writes_the_documented_json(okr: Command, workplace: Path) -> None:
    records = [
        {"id": "w-1", "objective": "Drive excellence", "key_results": ["Publish 12 posts"],
         "labels": [{"on": "objective", "rule": "O1"}, {"on": "kr:1", "rule": "K1"}]},
        {"id": "w-2", "objective": "Win the second order",
         "key_results": ["Repeat rate from 20 % to 30 %"], "labels": []},
    ]  # fmt: skip
    (workplace / "own.jsonl").write_text("".join(json.dumps(item) + "\n" for item in records))
    outcome = okr(
        "eval", "run", "drafts", "--critic", "baseline", "--cases", "own.jsonl",
        "--json", "out.json", "--decisions", "decisions.jsonl",
    )  # fmt: skip
    assert outcome.status == 0
    found = json.loads(Path("out.json").read_text())
    assert (found["suite"], found["critic"], found["cases"]) == ("drafts", "baseline", 2)
    assert set(found["metrics"]["f1.K1"]) == {"value", "low", "high", "n"}
    assert {"macro_f1", "false_alarm_rate", "false_alarm_rate.any"} <= set(found["metrics"])
    assert set(found["baselines"]) == {"nearest"}
    decisions = [json.loads(line) for line in Path("decisions.jsonl").read_text().splitlines()]
    assert len(decisions) == found["decisions"]


def test_an_unknown_suite_is_a_sentence(okr: Command, workplace: Path) -> None:
    outcome = okr("eval", "run", "nothing")
    assert outcome.status == 2
    assert (
        outcome.err
        == "There is no suite 'nothing'. There are: drafts, drift, chains, peers, attacks.\n"
    )


def test_only_flags_on_milestones_are_held_against_a_critic_of_milestones() -> None:
    cases = [case("a-1", milestones=(1,)), case("a-2", milestones=(1, 2))]
    said = Scripted({("kr:1", "K1"): "warning", ("kr:2", "K2"): "info"}, {("kr:2", "K4"): "info"})
    figure = run(cases, said).metrics["milestone_flags"]
    assert figure.n == 3
    assert figure.value == pytest.approx(1 / 3)
