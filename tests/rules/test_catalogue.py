"""Every rule agrees with its own examples, and the catalogue is whole."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import assistant.rules
from assistant.errors import InputError
from assistant.language.parse import parse_measure
from assistant.models import KeyResult, Objective
from assistant.report.catalogue import rule_page
from assistant.rules import all_rules, find_rule
from assistant.rules.base import Example, Rule, Subject

RULES = all_rules()
CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{example.fires}-{example.text[:40]}")
    for rule in RULES
    if rule.detect
    for example in (*rule.examples, *rule.held_out)
]
ABOUT_SOMETHING_MISSING = {"A1"}


def subject_of(rule: Rule, example: Example) -> Subject:
    if rule.group == "key-result":
        text, results = example.objective or "Depots keep their dates", (example.text,)
    else:
        text, results = example.objective or example.text, example.key_results
    key_results = tuple(
        KeyResult(id=f"kr-{number}", text=item, measure=parse_measure(item))
        for number, item in enumerate(results)
    )
    objective = Objective(
        id="obj-example",
        text=text,
        key_results=key_results,
        contribution=example.contribution,
        phase=example.phase,
    )
    return Subject(objective=objective, siblings=(objective,))


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_a_rule_agrees_with_its_own_examples(rule: Rule, example: Example) -> None:
    assert rule.detect is not None
    flags = list(rule.detect(subject_of(rule, example)))
    assert bool(flags) is example.fires


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_spans_hold_the_words_they_point_at(rule: Rule, example: Example) -> None:
    assert rule.detect is not None
    subject = subject_of(rule, example)
    for flag in rule.detect(subject):
        if flag.span is None:
            assert flag.on == "set" or rule.code in ABOUT_SOMETHING_MISSING
            continue
        element = subject.objective.element(flag.on)
        assert element is not None
        assert element[flag.span.start : flag.span.end] == flag.span.text != ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_shows_a_guilty_text_and_a_near_miss(rule: Rule) -> None:
    for group in (rule.examples, rule.held_out):
        assert {example.fires for example in group} == {True, False}
    shown = {(e.text, e.objective, e.contribution) for e in rule.examples}
    assert not shown & {(e.text, e.objective, e.contribution) for e in rule.held_out}


def test_codes_and_slugs_are_unique_and_every_file_holds_a_rule() -> None:
    folder = Path(inspect.getfile(assistant.rules)).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    assert {rule.slug.replace("-", "_") for rule in RULES} == files
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", ["k1", "K1", "output-not-outcome"])
def test_a_rule_is_found_by_code_or_slug(name: str) -> None:
    assert find_rule(name).code == "K1"


def test_an_unknown_rule_is_a_sentence_that_lists_the_codes() -> None:
    with pytest.raises(InputError) as caught:
        find_rule("K99")
    codes = ", ".join(rule.code for rule in RULES)
    assert str(caught.value) == f"There is no rule 'K99'. There are: {codes}."


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_of_a_rule_says_all_of_it(rule: Rule) -> None:
    page = rule_page(rule)
    assert page.startswith(f"# {rule.code} {rule.slug}\n")
    assert all(part in page for part in (rule.fires_when, rule.why, rule.question))
