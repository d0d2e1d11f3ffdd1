"""Two readers compared, by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

from assistant.errors import InputError
from evals import agreement
from evals.agreement import ALL, ARGUED, SecondLabels, compare
from evals.cases import CASES, DraftCase, Label, read_cases

Labels = tuple[tuple[str, str], ...]


def labels(*given: tuple[str, str]) -> tuple[Label, ...]:
    return tuple(Label(on=on, rule=rule) for on, rule in given)


def first(name: str, *given: tuple[str, str], **fields: object) -> DraftCase:
    return DraftCase(
        id=name,
        objective="Win the second order",
        key_results=("Launch it", "Repeat rate from 20 % to 30 %"),
        labels=labels(*given),
        **{"only": ("K1", "K2"), **fields},  # type: ignore[arg-type]
    )


def second(name: str, *given: tuple[str, str]) -> SecondLabels:
    return SecondLabels(id=name, labels=labels(*given))


def test_kappa_and_both_agreements_by_hand() -> None:
    one = [
        first("a-1", ("kr:1", "K1")),
        first("a-2", ("kr:1", "K1")),
        first("a-3", ("kr:1", "K1")),
        first("a-4"),
    ]
    two = [
        second("a-1", ("kr:1", "K1")),
        second("a-2", ("kr:1", "K1")),
        second("a-3"),
        second("a-4", ("kr:2", "K1")),
    ]
    found = compare(one, two).rules["K1"]
    assert (found.decisions, found.both, found.first, found.second) == (8, 2, 1, 1)
    assert found.positive == pytest.approx(4 / 6)
    assert found.negative == pytest.approx(8 / 10)
    assert found.kappa.value == pytest.approx(
        cohen_kappa_score([1, 0, 1, 0, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0, 0, 1])
    )
    assert found.kappa.low <= found.kappa.value <= found.kappa.high


def test_only_what_was_judged_is_a_decision() -> None:
    found = compare([first("a-1")], [second("a-1", ("objective", "O1"), ("set", "A1"))])
    assert found.rules[ALL].decisions == 4
    assert found.outside == 2
    assert set(found.rules) == {ALL, ARGUED}


def test_what_is_arguable_is_counted_apart() -> None:
    one = first("a-1", ("kr:1", "K1"), arguable=labels(("kr:2", "K1"), ("kr:2", "K2")))
    found = compare([one], [second("a-1", ("kr:1", "K1"), ("kr:2", "K1"))])
    assert (found.arguable, found.arguable_given, found.outside) == (2, 1, 0)
    assert found.rules["K1"].second == 0
    assert (found.rules[ALL].decisions, found.rules[ARGUED].decisions) == (2, 4)
    assert (found.rules[ALL].second, found.rules[ARGUED].second) == (0, 1)


def test_only_the_drafts_that_both_labelled_count() -> None:
    found = compare([first("a-1"), first("a-2", ("kr:1", "K1"))], [second("a-1")])
    assert (found.drafts, found.rules[ALL].decisions) == (1, 4)
    assert "K1" not in found.rules


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (second("b-9"), "The second reader labelled 'b-9', which is no draft of the first."),
        (
            second("a-1", ("kr:3", "K1")),
            "The second reader put K1 on kr:3 of 'a-1', which has 2 key results.",
        ),
    ],
    ids=["draft", "element"],
)
def test_labels_of_nothing_are_a_sentence(given: SecondLabels, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        compare([first("a-1")], [given])
    assert str(caught.value) == sentence


def test_a_malformed_line_names_file_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "second.jsonl"
    path.write_text('{"id": "a-1", "labels": []}\n{"id": "a-2"}\n')
    with pytest.raises(InputError) as caught:
        read_cases(path, SecondLabels)
    assert str(caught.value) == f"{path}:2: the key 'labels' is wrong: Field required."


def test_the_table_lists_rules_that_either_gave_and_the_counts() -> None:
    found = compare([first("a-1", ("kr:1", "K1"))], [second("a-1", ("kr:1", "K1"))])
    table = agreement.as_table(json.loads(agreement.as_json(found)))
    rows = [line.split(" | ")[0] for line in table.splitlines()[2:5]]
    assert rows == [
        "| every rule",
        "| every rule, with what is arguable as silence of the first",
        "| K1 output-not-outcome",
    ]
    assert "| K1 output-not-outcome | 2 | 1 | 0 | 0 | 1.00 [1.00, 1.00] | 1.00 | 1.00 |" in table
    assert table.endswith(
        "1 drafts. Of 0 places that the first reader calls arguable, the second flags 0; they "
        "count in the second line alone. 0 labels of the second are on rules that were not to be "
        "judged there and are left out."
    )


def test_without_a_comparison_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "STORED", tmp_path / "none.json")
    assert agreement.agreement_table() == "Not measured yet."


def test_the_published_comparison_is_that_of_the_files() -> None:
    test = read_cases(CASES / "drafts" / "test", DraftCase)
    found = compare(test, read_cases(agreement.SECOND, SecondLabels))
    assert agreement.as_json(found) == agreement.STORED.read_text(encoding="utf-8"), (
        "Run `make accuracy`."
    )
