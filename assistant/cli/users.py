"""``okr users``: accounts of those who sign in to the web app."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import make_console, read_settings
from assistant.cli.options import Home

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.accounts import Accounts
    from assistant.people import Person

users = typer.Typer(
    name="users", help="Accounts of those who sign in to the web app.", no_args_is_help=True
)


class Role(StrEnum):
    """What somebody may do in the web app."""

    MEMBER = "member"
    OFFICE = "office"
    ADMIN = "admin"


Name = Annotated[str, typer.Argument(help="What they sign in with.")]
Team = Annotated[str | None, typer.Option(help="Their team, as the index has it.")]
Audiences = Annotated[
    str | None,
    typer.Option("--audience", help="Audiences whose documents they may see, comma-separated."),
]


@users.command("add")
def add(
    name: Name,
    role: Annotated[
        Role, typer.Option(help="member reviews; office also scans; admin also indexes.")
    ] = Role.MEMBER,
    team: Team = None,
    audience: Audiences = None,
    password: Annotated[
        bool, typer.Option("--password/--no-password", help="Ask for a password.")
    ] = True,
    home: Home = None,
) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    from assistant.people import Person

    accounts = _accounts(home)
    person = Person(name=name, role=role.value, team=team, audiences=_audiences(audience))
    accounts.add(person, _password() if password else None)
    _say(
        f"{name} can sign in as {role.value}. Accounts are in {accounts.path}. "
        "An app that is being served without any needs no restart: it asks from now on."
    )


@users.command("list")
def every(home: Home = None) -> None:
    """Say who may sign in, with role, team, audiences and how."""
    accounts = _accounts(home).every()
    if not accounts:
        _say("There are no accounts. `okr users add NAME` makes one.")
    console = make_console()
    for name, account in accounts.items():
        tokens = len(account.tokens)
        ways = ["password"] if account.password else []
        ways += [f"{tokens} token{'s' if tokens > 1 else ''}"] if tokens else []
        facts = _facts(account.person), ", ".join(ways) or "proxy only"
        console.print(f"{name}: {'; '.join(facts)}", markup=False, highlight=False, soft_wrap=True)


@users.command("change")
def change(
    name: Name,
    role: Annotated[Role | None, typer.Option(help="Another role.")] = None,
    team: Team = None,
    audience: Audiences = None,
    home: Home = None,
) -> None:
    """Give somebody another role, team or other audiences; what is not named stays."""
    from assistant.accounts import known

    accounts = _accounts(home)
    person = known(name, accounts.every()).person
    given = {
        "role": role.value if role else person.role,
        "team": person.team if team is None else team or None,
        "audiences": person.audiences if audience is None else _audiences(audience),
    }
    changed = person.model_copy(update=given)
    accounts.put(changed)
    _say(f"{name}: {_facts(changed)}.")


@users.command("passwd")
def passwd(name: Name, home: Home = None) -> None:
    """Give somebody another password, which signs them out everywhere."""
    _accounts(home).set_password(name, _password())
    _say(f"{name} has another password, and has to sign in with it.")


@users.command("token")
def token(name: Name, home: Home = None) -> None:
    """Make a token for a program of theirs, for the header "Authorization: Bearer TOKEN"."""
    made = _accounts(home).make_token(name)
    _say("This token is shown this once. `okr users revoke` makes it void.")
    typer.echo(made)


@users.command("revoke")
def revoke(name: Name, home: Home = None) -> None:
    """Make all tokens of somebody void."""
    _accounts(home).revoke_tokens(name)
    _say(f"The tokens of {name} are void.")


@users.command("remove")
def remove(name: Name, home: Home = None) -> None:
    """Take an account away, which signs them out everywhere and makes their tokens void."""
    accounts = _accounts(home)
    accounts.remove(name)
    _say(f"{name} can sign in no longer.")
    if not accounts.every():
        _say(f"That was the last account. Remove {accounts.path} if nobody is to sign in.")


def _accounts(home: Path | None) -> Accounts:
    from assistant.accounts import Accounts

    return Accounts(read_settings(home=home).home)


def _audiences(given: str | None) -> frozenset[str]:
    from assistant.models import EVERYONE

    named = (part.strip() for part in (given or "").split(","))
    return frozenset({EVERYONE, *(part for part in named if part)})


def _facts(person: Person) -> str:
    team = f", team {person.team}" if person.team else ""
    return f"{person.role}{team}, sees {', '.join(sorted(person.audiences))}"


def _password() -> str:
    """Asked for twice where somebody sits there, else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


def _say(sentence: str) -> None:
    make_console(stderr=True).print(sentence, markup=False, highlight=False, soft_wrap=True)
