"""Settings: precedence, and sentences for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from assistant.settings import Ignore, Settings, load_settings


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_environment_beats_the_file_and_an_argument_beats_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("okr.toml").write_text('llm_model = "from-file"\nhome = "file-home"\n')
    monkeypatch.setenv("OKR_LLM_MODEL", "from-environment")
    settings = load_settings(home=Path("argument-home"))
    assert settings.llm_model == "from-environment"
    assert settings.home == Path("argument-home")


def test_a_wrong_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_LLM_TIMEOUT", "soon")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert str(caught.value) == (
        "The setting 'llm_timeout' (environment variable OKR_LLM_TIMEOUT) is wrong: "
        "Input should be a valid number, unable to parse string as a number."
    )


def test_an_unknown_key_in_the_file_is_named() -> None:
    Path("okr.toml").write_text('lmm_model = "typo"\n')
    with pytest.raises(ConfigurationError, match="'lmm_model'"):
        load_settings()


def test_a_broken_file_is_a_sentence() -> None:
    Path("okr.toml").write_text("home = \n")
    with pytest.raises(ConfigurationError, match=r"okr\.toml cannot be read"):
        load_settings()


@pytest.mark.parametrize(
    ("given", "audiences"),
    [
        ("", {"everyone"}),
        ("leadership", {"everyone", "leadership"}),
        (" leadership , board ", {"everyone", "leadership", "board"}),
    ],
)
def test_everyone_belongs_to_everyone(given: str, audiences: set[str]) -> None:
    assert Settings(audience=given).audiences == audiences


def test_a_key_never_shows() -> None:
    settings = Settings(llm_api_key="sk-very-secret")
    assert "sk-very-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_what_is_ignored_stands_in_the_file() -> None:
    Path("okr.toml").write_text(
        'profile = "strict"\nhistory = false\n'
        '[[ignore]]\nrule = "K2"\nteam = "Portal"\nreason = "no figures before July"\n'
        '[[ignore]]\nrule = "S7"\n'
    )
    settings = load_settings()
    assert (settings.profile, settings.history) == ("strict", False)
    assert settings.ignore == (
        Ignore(rule="K2", team="Portal", reason="no figures before July"),
        Ignore(rule="S7"),
    )


def test_a_typo_in_an_ignore_is_named() -> None:
    Path("okr.toml").write_text('[[ignore]]\nrule = "K2"\nreasn = "x"\n')
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert str(caught.value) == (
        "The setting 'ignore.0.reasn' (environment variable OKR_IGNORE) is wrong: "
        "Extra inputs are not permitted."
    )
