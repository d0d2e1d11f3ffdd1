"""Profiles: what the built-in ones say, and a sentence for whatever is wrong with one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.models import ObjectiveKind
from assistant.profiles import Profile, built_in, load
from assistant.rules import all_rules, find_rule
from assistant.rules.base import Limits
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")


def test_the_built_in_profiles_come_default_first_and_name_their_authority() -> None:
    assert [item.name for item in built_in()] == [
        "default",
        "numbers-allowed",
        "output-friendly",
        "strict",
    ]
    assert all(len(item.authority) > 20 and item.about for item in built_in())


@pytest.mark.parametrize(
    ("profile", "rule", "kind", "level"),
    [
        ("default", "O1", None, "warning"),
        ("default", "K1", None, "warning"),
        ("default", "O2", None, "info"),
        ("default", "S6", None, "info"),
        ("strict", "K1", "aspirational", "error"),
        ("numbers-allowed", "O2", None, "off"),
        ("numbers-allowed", "K1", None, "warning"),
        ("output-friendly", "K1", "committed", "off"),
        ("output-friendly", "K6", "committed", "off"),
        ("output-friendly", "K1", None, "info"),
        ("output-friendly", "K1", "aspirational", "warning"),
    ],
)
def test_a_built_in_profile_grades_a_rule(
    profile: str, rule: str, kind: ObjectiveKind | None, level: str
) -> None:
    assert load(profile).level(find_rule(rule), kind) == level


def test_the_default_profile_says_what_the_rules_say() -> None:
    default = load("default")
    assert default.levels == {}
    assert default.limits == Limits()


def test_strict_grades_the_draft_rules_as_released() -> None:
    errors = {"O1", "O3", "K1", "K2", "K10", "S6"}
    warnings = {"O2", "O4", "O7", "O9", "O10", "K3", "K4", "K6", "K7", "K8", "K9"}
    warnings |= {"S1", "S2", "S3", "S7", "S10", "A1"}
    advice = {"O5", "O6", "O8", "O11", "K5", "K11", "S4", "S5", "S8", "S9"}
    strict = load("strict")
    found = {rule.code: strict.level(rule, None) for rule in all_rules() if rule.detect}
    assert found == {
        **dict.fromkeys(errors, "error"),
        **dict.fromkeys(warnings, "warning"),
        **dict.fromkeys(advice, "info"),
    }


def test_strict_is_nowhere_milder_than_default() -> None:
    rank = ["off", "info", "warning", "error"]
    default, strict = load("default"), load("strict")
    milder = [
        rule.code
        for rule in all_rules()
        if rank.index(strict.level(rule, None)) < rank.index(default.level(rule, None))
    ]
    assert milder == []


def test_a_rule_that_is_off_is_left_out_and_the_others_carry_their_severity() -> None:
    profile = load("output-friendly")
    codes = {rule.code: rule.severity for rule in profile.rules("committed")}
    assert "K1" not in codes
    assert codes["K2"] == "info"
    assert [rule.code for rule in profile.off("committed")] == ["K1", "K6"]
    assert profile.off("learning") == ()
    assert len(codes) == len(all_rules()) - 2


def own(folder: Path, text: str) -> Profile:
    path = folder / "own.yaml"
    path.write_text(text)
    return load(str(path))


def test_an_own_profile_changes_what_it_extends(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(
        "authority: our board\nextends: numbers-allowed\nlimits: {key_results: 4}\n"
    )
    profile = own(
        tmp_path,
        "authority: our guild\nextends: house.yaml\nlimits: {objective_words: 12}\n"
        "rules:\n  no-target: error\n  K1: {learning: off}\n",
    )
    assert (profile.limits.key_results, profile.limits.objective_words) == (4, 12)
    assert profile.level(find_rule("O2"), None) == "off"
    assert profile.level(find_rule("K2"), None) == "error"
    assert profile.level(find_rule("K1"), "learning") == "off"
    assert profile.level(find_rule("K1"), None) == "warning"
    assert profile.extends == str(tmp_path / "house.yaml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rules: {}", "authority is missing. Say who decided on these rules."),
        ("authority: ''", "authority is '', but it is a text."),
        (
            "authority: me\nrule: {K1: off}",
            "rule is not a key of a profile. The keys are: about, authority, extends, limits, "
            "rules.",
        ),
        (
            "authority: me\nrules: {K1: fatal}",
            "rules.K1 is 'fatal', but it is one of: off, info, warning, error.",
        ),
        (
            "authority: me\nrules: {K1: {promised: off}}",
            "rules.K1.promised is no kind of objective: committed, aspirational, learning, "
            "undeclared.",
        ),
        (
            "authority: me\nrules: [K1]",
            "rules is ['K1'], but it is a list of names with values: 'NAME: value'.",
        ),
        (
            "authority: me\nlimits: {words: 3}",
            "limits.words is no limit. The limits are: objective_words, objective_characters, "
            "key_results, objectives_per_team, objectives_for_company.",
        ),
        (
            "authority: me\nlimits: {key_results: three}",
            "limits.key_results is 'three', but it is a whole number from 1.",
        ),
        (
            "authority: me\nlimits: {key_results: 0}",
            "limits.key_results is 0, but it is a whole number from 1.",
        ),
        (
            "authority: me\nextends: own.yaml",
            "extends leads in a circle. Let one of the profiles extend 'default'.",
        ),
    ],
    ids=lambda value: value.replace("\n", " ") if "authority: " in value else "",
)
def test_what_is_wrong_names_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        own(tmp_path, text)
    assert str(caught.value) == (
        f"The profile '{tmp_path / 'own.yaml'}' cannot be used: {sentence}"
    )


def test_an_unknown_rule_is_named_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        own(tmp_path, "authority: me\nrules: {K77: off}")
    assert str(caught.value).startswith(
        f"The profile '{tmp_path / 'own.yaml'}' cannot be used: rules.K77 is no rule. "
        "There is no rule 'K77'. There are: O1, "
    )


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("authority: [", "is not valid YAML: while parsing a flow node"),
        ("just words", "holds no keys. The keys are: about, authority,"),
        ("", "holds no keys. The keys are: about, authority,"),
    ],
    ids=["broken", "words", "empty"],
)
def test_what_is_no_profile_at_all(tmp_path: Path, text: str, start: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        own(tmp_path, text)
    assert str(caught.value).startswith(f"The profile '{tmp_path / 'own.yaml'}' {start}")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "strickt",
            "The profile 'strickt' does not exist. Did you mean 'strict'? There are: default, "
            "numbers-allowed, output-friendly, strict; or name a file that ends in .yaml.",
        ),
        (
            "missing.yaml",
            "The profile 'missing.yaml' cannot be read: No such file or directory. Name a file "
            "that exists.",
        ),
    ],
)
def test_a_profile_that_does_not_exist(name: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(name)
    assert str(caught.value) == sentence


def test_an_unknown_base_names_the_file_that_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        own(tmp_path, "authority: me\nextends: lax")
    assert str(caught.value).startswith(
        f"{tmp_path / 'own.yaml'}, extends: the profile 'lax' does not exist."
    )


def test_the_example_of_the_documentation_is_a_profile(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    profile = own(tmp_path, example)
    assert profile.authority == "our guild of OKR coaches, March 2026"
    assert profile.limits.key_results == 4
    assert profile.level(find_rule("K1"), "learning") == "info"


def test_the_documentation_lists_every_built_in_profile() -> None:
    assert re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE) == [
        "default",
        "strict",
        "output-friendly",
        "numbers-allowed",
    ]
    assert {item.name for item in built_in()} == set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.M))
