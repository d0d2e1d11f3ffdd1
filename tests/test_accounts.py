"""Accounts: what is kept of a password, who may read the file, and the commands that change it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.accounts import FILE, Accounts, hashed
from assistant.errors import ConfigurationError, InputError
from assistant.people import Person
from tests.conftest import Command

SECRET = "one long password"


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """A home with one account, whose password is quick to try."""
    monkeypatch.setattr("assistant.accounts._ROUNDS", 4)
    found = Accounts(tmp_path / "home")
    found.add(Person(name="anna", team="Portal"), SECRET)
    return found


def test_the_file_is_for_its_owner_alone_and_holds_no_password(accounts: Accounts) -> None:
    token = accounts.make_token("anna")
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600
    assert [item.name for item in accounts.path.parent.iterdir() if item.suffix == ".part"] == []
    text = accounts.path.read_text()
    assert SECRET not in text
    assert token not in text


def test_a_password_takes_long_to_try() -> None:
    assert hashed(SECRET).startswith("$2b$12$")
    assert hashed(SECRET) != hashed(SECRET)


@pytest.mark.parametrize(
    ("name", "password", "fits"),
    [
        pytest.param("anna", SECRET, True, id="right"),
        pytest.param("anna", f"{SECRET}!", False, id="wrong"),
        pytest.param("anna", "", False, id="empty"),
        pytest.param("Anna", SECRET, False, id="another name"),
        pytest.param("nobody", SECRET, False, id="unknown"),
    ],
)
def test_a_name_and_its_password_belong_together(
    accounts: Accounts, name: str, password: str, fits: bool
) -> None:
    found = accounts.with_password(name, password)
    assert (found is not None) == fits
    assert found is None or found.person.team == "Portal"


@pytest.mark.parametrize(
    ("kept", "tried"),
    [
        pytest.param("x" * 72 + "one", "x" * 72 + "two", id="after 72 bytes"),
        pytest.param("long enough\0one", "long enough\0two", id="after a zero"),
    ],
)
def test_all_of_a_password_counts(accounts: Accounts, kept: str, tried: str) -> None:
    accounts.set_password("anna", kept)
    assert accounts.with_password("anna", tried) is None
    assert accounts.with_password("anna", kept) is not None


def test_an_account_without_a_password_opens_to_none(accounts: Accounts) -> None:
    accounts.add(Person(name="robot"), None)
    assert accounts.with_password("robot", "") is None
    assert accounts.with_token("") is None


def test_a_token_is_good_until_it_is_revoked(accounts: Accounts) -> None:
    first, second = accounts.make_token("anna"), accounts.make_token("anna")
    assert first != second
    for token in (first, second):
        found = accounts.with_token(token)
        assert found is not None
        assert found.person.name == "anna"
    accounts.revoke_tokens("anna")
    assert accounts.with_token(first) is None
    assert accounts.with_token(second) is None


def test_what_another_process_changes_is_seen_at_once(accounts: Accounts) -> None:
    other = Accounts(accounts.path.parent)
    assert set(other.every()) == {"anna"}
    accounts.put(Person(name="anna", role="admin", audiences=frozenset({"leadership"})))
    assert other.every()["anna"].person.role == "admin"
    accounts.remove("anna")
    assert other.every() == {}


def test_changes_at_the_same_time_do_not_undo_each_other(accounts: Accounts) -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda _: accounts.make_token("anna"), range(16)))
    assert all(accounts.with_token(token) for token in tokens)


@pytest.mark.parametrize(
    ("person", "password", "sentence"),
    [
        pytest.param("anna", SECRET, "There is already an account 'anna'.", id="taken"),
        pytest.param("bob", "short", "A password needs at least 10 characters.", id="short"),
        pytest.param(
            "a, b",
            SECRET,
            "'a, b' is no name to sign in with. Letters, digits and . _ @ + - are.",
            id="malformed",
        ),
    ],
)
def test_what_cannot_be_an_account_is_a_sentence(
    accounts: Accounts, person: str, password: str, sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        accounts.add(Person(name=person), password)
    assert str(refused.value) == sentence
    assert set(accounts.every()) == {"anna"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda accounts: accounts.remove("bob"), id="remove"),
        pytest.param(lambda accounts: accounts.put(Person(name="bob")), id="change"),
        pytest.param(lambda accounts: accounts.set_password("bob", SECRET), id="password"),
        pytest.param(lambda accounts: accounts.make_token("bob"), id="token"),
        pytest.param(lambda accounts: accounts.revoke_tokens("bob"), id="revoke"),
    ],
)
def test_an_unknown_name_is_a_sentence(
    accounts: Accounts, change: Callable[[Accounts], object]
) -> None:
    with pytest.raises(InputError) as refused:
        change(accounts)
    assert (
        str(refused.value) == "There is no account 'bob'. `okr users list` shows which there are."
    )


@pytest.mark.parametrize("text", ["{", "[1]", '[{"person": 1}]', "5"])
def test_a_damaged_file_lets_nobody_in(accounts: Accounts, text: str) -> None:
    accounts.path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        accounts.every()
    assert str(refused.value) == (
        f"The accounts in {accounts.path} cannot be read, so nobody can sign in: it is damaged. "
        "Restore the file, or remove it and make the accounts anew."
    )


def test_the_commands_from_the_first_account_to_the_last(okr: Command, tmp_path: Path) -> None:
    home = ("--home", tmp_path / "home")
    assert okr("users", "list", *home).err == (
        "There are no accounts. `okr users add NAME` makes one.\n"
    )
    audience = ("--audience", "board, leadership")
    added = okr("users", "add", "anna", "--team", "Portal", *audience, *home, stdin=f"{SECRET}\n")
    path = tmp_path / "home" / FILE
    assert (added.status, added.err) == (
        0,
        f"anna can sign in as member. Accounts are in {path}. "
        "An app that is being served without any needs no restart: it asks from now on.\n",
    )
    token = okr("users", "token", "anna", *home).out.strip()
    assert okr("users", "list", *home).out == (
        "anna: member, team Portal, sees board, everyone, leadership; password, 1 token\n"
    )
    found = Accounts(tmp_path / "home")
    assert found.with_token(token) is not None
    assert okr("users", "change", "anna", "--role", "office", "--audience", "", *home).err == (
        "anna: office, team Portal, sees everyone.\n"
    )
    assert okr("users", "revoke", "anna", *home).err == "The tokens of anna are void.\n"
    assert found.with_token(token) is None
    okr("users", "passwd", "anna", *home, stdin=f"{SECRET} again\n")
    assert found.with_password("anna", f"{SECRET} again") is not None
    assert okr("users", "remove", "anna", *home).err == (
        "anna can sign in no longer.\n"
        f"That was the last account. Remove {path} if nobody is to sign in.\n"
    )
    assert okr("users", "passwd", "anna", *home, stdin=SECRET).status == 2
