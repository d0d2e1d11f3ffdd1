"""What is checked of an objective, and what is let be."""

from __future__ import annotations

import pytest

from assistant.analyse.draft import check
from assistant.analyse.legible import language_of, unjudged
from assistant.models import KeyResult, Objective
from assistant.rules import all_rules
from assistant.rules.base import Subject


def objective(text: str, *results: str, dropped: tuple[int, ...] = ()) -> Objective:
    key_results = tuple(
        KeyResult(id=f"kr-{n}", text=item, status="dropped" if n in dropped else "open")
        for n, item in enumerate(results, start=1)
    )
    return Objective(id="obj-1", text=text, key_results=key_results)


def found(item: Objective) -> set[tuple[str, str]]:
    return {(f.rule, f.on) for f in check(Subject(objective=item), all_rules())}


def test_a_dropped_key_result_is_let_be() -> None:
    whole = objective("Depots keep their dates", "Launch the portal", "Hire 8 people")
    partly = objective(
        "Depots keep their dates", "Launch the portal", "Hire 8 people", dropped=(2,)
    )
    assert {("K1", "kr:1"), ("K1", "kr:2")} <= found(whole)
    assert ("K1", "kr:1") in found(partly)
    assert not {on for _, on in found(partly)} & {"kr:2"}


def test_a_dropped_objective_is_let_be() -> None:
    item = objective("Become the leading portal", "Launch it").model_copy(
        update={"status": "dropped"}
    )
    assert found(item) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wir gewinnen mittelgroße Spediteure in Polen", "de"),
        ("Nos clients reviennent après la première commande", "fr"),
        ("Depots keep their dates", None),
        ("NPS 40", None),
    ],
)
def test_the_language_decides_what_is_checked(text: str, code: str | None) -> None:
    item = objective(text)
    assert language_of(item) == code
    missing = next(unjudged([item], lambda _: all_rules()), None)
    assert (missing is None) is (code is None)
    if missing:
        assert f"its language ({code})" in missing.why
        assert not {rule for rule, _ in found(item)} & {"O1", "K1", "K2", "K3"}
