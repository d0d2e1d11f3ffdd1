"""Accounts of those who sign in, in one file of the home folder that its owner alone can read."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING

from assistant.errors import ConfigurationError, InputError
from assistant.models import Noun
from assistant.people import Person

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "accounts.json"
SHORTEST_PASSWORD = 10
"""Characters that a password needs; there is no longest."""

_ROUNDS = 12
_TOKEN = "okr_"  # noqa: S105
_NAME = re.compile(r"[\w.@+-]{1,100}")
_PATIENCE = 10.0


class Token(Noun):
    """What a program signs in with; the token itself is nowhere.

    Attributes:
        digest: SHA-256 of it, in hexadecimal.
        made_at: when it was made.
    """

    digest: str
    made_at: datetime


class Account(Noun):
    """Somebody who may sign in.

    Attributes:
        person: who that is.
        password: as bcrypt has it; None where a proxy or a token alone signs them in.
        tokens: what their programs sign in with.
    """

    person: Person
    password: str | None = None
    tokens: tuple[Token, ...] = ()


class Accounts:
    """The accounts of a home folder; safe to share between threads and processes.

    Args:
        home: the home folder; it is made when the first account is.
    """

    def __init__(self, home: Path) -> None:
        self.path = home / FILE
        self._lock = Lock()
        self._known: tuple[object, dict[str, Account]] = (None, {})

    def every(self) -> Mapping[str, Account]:
        """The accounts by name, as they are now.

        Raises:
            ConfigurationError: the file cannot be read.
        """
        with self._lock:
            stamp = self._stamp()
            if stamp != self._known[0]:
                self._known = (stamp, self._read() if stamp else {})
            return self._known[1]

    def add(self, person: Person, password: str | None) -> None:
        """Make an account.

        Raises:
            InputError: the name is taken or malformed, or the password is too short.
        """
        if not _NAME.fullmatch(person.name):
            raise InputError(
                f"{person.name!r} is no name to sign in with. Letters, digits and . _ @ + - are."
            )
        secret = None if password is None else hashed(password)

        def change(accounts: dict[str, Account]) -> None:
            if person.name in accounts:
                raise InputError(f"There is already an account {person.name!r}.")
            accounts[person.name] = Account(person=person, password=secret)

        self._change(change)

    def remove(self, name: str) -> None:
        """Take an account away; whoever is signed in with it is so no longer.

        Raises:
            InputError: there is no such account.
        """

        def change(accounts: dict[str, Account]) -> None:
            known(name, accounts)
            del accounts[name]

        self._change(change)

    def put(self, person: Person) -> None:
        """Give the account of this name another role, team or other audiences.

        Raises:
            InputError: there is no such account.
        """
        self._update(person.name, person=person)

    def set_password(self, name: str, password: str) -> None:
        """Change a password; whoever is signed in with the former one is so no longer.

        Raises:
            InputError: there is no such account, or the password is too short.
        """
        self._update(name, password=hashed(password))

    def make_token(self, name: str) -> str:
        """A new token, which is kept nowhere and can be shown this once.

        Raises:
            InputError: there is no such account.
        """
        made = _TOKEN + token_urlsafe(32)
        kept = Token(digest=digest(made), made_at=datetime.now(UTC))

        def change(accounts: dict[str, Account]) -> None:
            account = known(name, accounts)
            tokens = (*account.tokens, kept)
            accounts[name] = account.model_copy(update={"tokens": tokens})

        self._change(change)
        return made

    def revoke_tokens(self, name: str) -> None:
        """Make all tokens of an account void.

        Raises:
            InputError: there is no such account.
        """
        self._update(name, tokens=())

    def with_password(self, name: str, password: str) -> Account | None:
        """The account that these fit; an unknown name takes as long as a wrong password."""
        import bcrypt

        account = self.every().get(name)
        secret = account.password if account else None
        fits = bcrypt.checkpw(_condensed(password), (secret or _nobody()).encode())
        return account if account and secret and fits else None

    def with_token(self, token: str) -> Account | None:
        """The account that a token was made for."""
        # What is looked up is a digest, so the time that it takes says nothing about the token.
        wanted = digest(token)
        for account in self.every().values():
            if any(item.digest == wanted for item in account.tokens):
                return account
        return None

    def _update(self, name: str, **values: object) -> None:
        def change(accounts: dict[str, Account]) -> None:
            accounts[name] = known(name, accounts).model_copy(update=values)

        self._change(change)

    def _change(self, change: Callable[[dict[str, Account]], None]) -> None:
        from filelock import FileLock, Timeout

        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=_PATIENCE, mode=0o600):
                accounts = self._read() if self.path.exists() else {}
                change(accounts)
                self._write(accounts)
        except Timeout:
            raise InputError(
                "The accounts are being changed by somebody else. Try again."
            ) from None

    def _write(self, accounts: Mapping[str, Account]) -> None:
        """Write the whole file or none, never readable for others, not even for a moment."""
        unfinished = self.path.with_name(f".{FILE}.{token_hex(4)}.part")
        content = [account.model_dump(mode="json") for account in accounts.values()]
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=2, ensure_ascii=False, default=sorted)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path)
        finally:
            unfinished.unlink(missing_ok=True)

    def _read(self) -> dict[str, Account]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            accounts = [Account.model_validate(item) for item in found]
        except (OSError, ValueError, TypeError) as error:
            raise ConfigurationError(
                f"The accounts in {self.path} cannot be read, so nobody can sign in: "
                f"{_reason(error)}. Restore the file, or remove it and make the accounts anew."
            ) from None
        return {account.person.name: account for account in accounts}

    def _stamp(self) -> object:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def known(name: str, accounts: Mapping[str, Account]) -> Account:
    """The account with this name.

    Raises:
        InputError: there is none.
    """
    if name not in accounts:
        raise InputError(f"There is no account {name!r}. `okr users list` shows which there are.")
    return accounts[name]


def hashed(password: str) -> str:
    """A password as it is kept.

    Raises:
        InputError: it is too short.
    """
    import bcrypt

    if len(password) < SHORTEST_PASSWORD:
        raise InputError(f"A password needs at least {SHORTEST_PASSWORD} characters.")
    return bcrypt.hashpw(_condensed(password), bcrypt.gensalt(_ROUNDS)).decode("ascii")


def digest(token: str) -> str:
    """What is kept of something random that is long enough not to be guessed."""
    return sha256(token.encode()).hexdigest()


def _condensed(password: str) -> bytes:
    """All of a password, however long: bcrypt takes 72 bytes and stops at a zero."""
    return b64encode(sha256(password.encode()).digest())


@cache
def _nobody() -> str:
    """What a password is held against where there is no such account."""
    return hashed(token_urlsafe(32))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "it is damaged"
