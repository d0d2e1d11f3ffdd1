"""The word lists: readable, without doubles, and every section in use."""

from __future__ import annotations

from pathlib import Path

import pytest

import assistant.language as package
from assistant.language.inflection import plural, singular, verb_forms
from assistant.language.plain import read
from assistant.language.words import Phrases, load

ROOT = Path(package.__file__).parent
LISTS = sorted(path.stem for path in (ROOT / "data").glob("*.txt"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("*.py"))


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_is_lower_case_and_stands_once_in_its_section(name: str) -> None:
    for section, words in load(name).items():
        doubles = sorted({word for word in words if words.count(word) > 1})
        assert (section, doubles) == (section, [])
        if name not in {"units"}:
            assert [word for word in words if word != word.lower()] == []


@pytest.mark.parametrize("section", load("grammar"))
def test_every_section_of_the_grammar_is_read_by_some_code(section: str) -> None:
    assert f'"{section}"' in CODE


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("launch", "launch launches launching launched"),
        ("roll out", "roll out|rolls out|rolling out|rolled out"),
        ("write", "write writes writing wrote written"),
        ("ship", "ship ships shipping shipped"),
        (
            "organise",
            "organise organises organising organised organize organizes organizing organized",
        ),
        ("cut", "cut cuts cutting"),
        ("be", "be is being was were been"),
        ("label", "label labels labeling labeled labelling labelled"),
        ("simplify", "simplify simplifies simplifying simplified"),
    ],
)
def test_a_verb_in_all_its_forms(verb: str, forms: str) -> None:
    expected = set(forms.split("|") if "|" in forms else forms.split())
    assert {spelling for spelling, _ in verb_forms(verb)} == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("customer", "customers"),
        ("company", "companies"),
        ("child", "children"),
        ("branch", "branches"),
        ("midwife", "midwives"),
        ("nurse", "nurses"),
        ("person", "people"),
        ("key", "keys"),
    ],
)
def test_plurals_and_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert singular(many) == one


@pytest.mark.parametrize("word", ["sales", "process", "bus", "status", "churn", "gas"])
def test_words_in_s_that_are_no_plurals_stay(word: str) -> None:
    assert singular(word) == word


def test_a_phrase_is_found_written_apart_and_joined() -> None:
    phrases = Phrases({"roll out": "verb", "roll": "bread"})
    assert phrases.at(read("roll out").tokens, 0) == (2, "verb")
    assert phrases.at(read("roll-out").tokens, 0) == (1, "verb")
    assert phrases.at(read("roll in").tokens, 0) == (1, "bread")
    assert phrases.at(read("rolls").tokens, 0) is None
