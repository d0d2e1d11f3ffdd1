"""Who is behind a request: a session, a token, a proxy's word, or whoever sits at this machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from starlette.requests import HTTPConnection

from assistant.accounts import Account, Accounts, digest
from assistant.errors import ConfigurationError, NotSignedIn, Refused
from assistant.models import EVERYONE
from assistant.people import Person, Role, local

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from assistant.settings import Settings

COOKIE = "okr-session"

_IPV6 = 6
_ROLES: tuple[tuple[str, Role], ...] = (("okr-admin", "admin"), ("okr-office", "office"))
"""Groups that give a role, the strongest first."""

_SIGN_IN = "You are not signed in, or not any more. Sign in and try again."
_UNKNOWN_TOKEN = "This token is not known, or not any more. Ask for a new one."  # noqa: S105


class Visitor(NamedTuple):
    """Somebody who asks for something.

    Attributes:
        person: who that is, with what they may do and see.
        key: what their use of costly actions is counted under.
    """

    person: Person
    key: str


@dataclass(frozen=True)
class _Session:
    name: str
    password: str | None
    ends: datetime


class Visitors:
    """Knows who is behind a request; safe to share between threads.

    Args:
        settings: name the home folder, and the proxy if there is one.

    Raises:
        ConfigurationError: the proxy is not described well.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.accounts = Accounts(settings.home)
        self._proxies = tuple(_networks(settings))
        # Were the file to vanish while the app is served, it would not be open to everybody.
        self._had_accounts = self.accounts.path.exists()
        self._sessions: dict[str, _Session] = {}
        self._lock = Lock()

    @property
    def must_sign_in(self) -> bool:
        """Whether anybody has to: where there are accounts, or a proxy that says who it is."""
        return self.behind_proxy or self._had_accounts or self.accounts.path.exists()

    @property
    def behind_proxy(self) -> bool:
        """Whether a proxy says who is signed in."""
        return self._settings.proxy_user_header is not None

    def of(self, request: HTTPConnection) -> Visitor:
        """Who is behind a request.

        Raises:
            NotSignedIn: nobody that is known, and there are accounts or a proxy.
        """
        if not self.must_sign_in:
            return Visitor(local(self._settings), f"address {self.address(request)}")
        account = self._account(request)
        person = account.person if account else self._by_proxy(request)
        if person is None:
            raise NotSignedIn(_UNKNOWN_TOKEN if _bearer(request) else _SIGN_IN)
        return Visitor(person, f"person {person.name}")

    def address(self, request: HTTPConnection) -> str:
        """Where a request comes from, as far as that can be relied on; the network for IPv6."""
        peer = request.client.host if request.client else ""
        if not self.is_proxied(request):
            return _place(peer)
        hops = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        outside = (hop.strip() for hop in reversed(hops) if not self._is_proxy(hop.strip()))
        return _place(next(outside, peer) or peer)

    def is_proxied(self, request: HTTPConnection) -> bool:
        """Whether a request was passed on by a proxy that is trusted."""
        return self._is_proxy(request.client.host if request.client else "")

    def _is_proxy(self, address: str) -> bool:
        plain = _plain(address)
        return plain is not None and any(plain in network for network in self._proxies)

    def sign_in(self, name: str, password: str) -> tuple[str, datetime] | None:
        """Begin a session.

        Returns:
            What the cookie holds, and when it ends; None where the two do not fit.
        """
        account = self.accounts.with_password(name, password)
        if account is None:
            return None
        key, now = token_urlsafe(32), datetime.now(UTC)
        ends = now + timedelta(hours=self._settings.session_hours)
        with self._lock:
            over = [key for key, session in self._sessions.items() if session.ends <= now]
            for old in over:
                del self._sessions[old]
            self._sessions[digest(key)] = _Session(name, account.password, ends)
        return key, ends

    def sign_out(self, request: HTTPConnection) -> None:
        """End the session of a request; its cookie is void from now on."""
        with self._lock:
            self._sessions.pop(digest(request.cookies.get(COOKIE, "")), None)

    def _account(self, request: HTTPConnection) -> Account | None:
        token = _bearer(request)
        found = self.accounts.with_token(token) if token else None
        if found:
            return found
        session = self._sessions.get(digest(request.cookies.get(COOKIE, "")))
        if session is None or session.ends <= datetime.now(UTC):
            return None
        account = self.accounts.every().get(session.name)
        return account if account and account.password == session.password else None

    def _by_proxy(self, request: HTTPConnection) -> Person | None:
        header = self._settings.proxy_user_header
        if header is None or not self.is_proxied(request):
            return None
        named = [value.strip() for value in request.headers.getlist(header)]
        if len(named) > 1:
            raise Refused(f"The proxy named {len(named)} people in {header}; it has to name one.")
        if not named or not named[0]:
            return None
        account = self.accounts.every().get(named[0])
        return account.person if account else self._stranger(named[0], request)

    def _stranger(self, name: str, request: HTTPConnection) -> Person:
        header = self._settings.proxy_groups_header
        values = request.headers.getlist(header) if header else []
        if len(values) > 1:
            # One of them may be what the browser sent.
            raise Refused(f"The proxy sent {header} {len(values)} times; it has to send it once.")
        groups = {part.strip() for value in values for part in value.split(",") if part.strip()}
        role = next((role for group, role in _ROLES if group in groups), "member")
        audiences = groups - {group for group, _ in _ROLES}
        return Person(name=name, role=role, audiences=frozenset({EVERYONE, *audiences}))


def _bearer(request: HTTPConnection) -> str:
    """The token of a request; a proxy may have put one of its own there, which is not ours."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _place(address: str) -> str:
    """Where one household of addresses is: a single one, or for IPv6 the network."""
    plain = _plain(address)
    is_wide = plain is not None and plain.version == _IPV6
    return str(ip_network((address, 64), strict=False)) if is_wide else str(plain or address)


def _networks(settings: Settings) -> Iterable[IPv4Network | IPv6Network]:
    if settings.proxy_user_header and not settings.proxy_address:
        raise ConfigurationError(
            "OKR_PROXY_USER_HEADER is set, but not where the proxy is. Set OKR_PROXY_ADDRESS to "
            "its address or network, since from anywhere else the header could be made up."
        )
    if settings.proxy_groups_header and not settings.proxy_user_header:
        raise ConfigurationError("OKR_PROXY_GROUPS_HEADER needs OKR_PROXY_USER_HEADER beside it.")
    for part in (settings.proxy_address or "").split(","):
        if not part.strip():
            continue
        try:
            yield ip_network(part.strip(), strict=False)
        except ValueError:
            raise ConfigurationError(
                f"OKR_PROXY_ADDRESS has {part.strip()!r}, which is neither an address such as "
                "10.0.0.5 nor a network such as 10.0.0.0/24."
            ) from None
