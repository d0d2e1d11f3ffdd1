"""From where the app can be reached, and whether it may be without signing in."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

from assistant.errors import ConfigurationError, OkrError

if TYPE_CHECKING:
    from assistant.settings import Settings


def check_reach(host: str, *, must_sign_in: bool, allow_anyone: bool) -> None:
    """Refuse to serve everybody who can reach an address, unless that is what is wanted.

    Args:
        host: a name or an address to listen on.
        must_sign_in: whether there are accounts, or a proxy that signs people in.
        allow_anyone: whether everybody may come in who can reach it.

    Raises:
        ConfigurationError: others could come in, or what is wanted contradicts itself.
        OkrError: the host name is not known.
    """
    if must_sign_in and allow_anyone:
        raise ConfigurationError(
            "There are accounts, or a proxy that signs people in, so not anyone may come in. "
            "Leave out --allow-anyone."
        )
    if not (must_sign_in or allow_anyone or _is_loopback(host)):
        raise ConfigurationError(
            f"Everybody who can reach {host} could use the app, since nobody has to sign in: make "
            "an account with `okr users add NAME --role admin`, name the proxy that signs people "
            "in, or say --allow-anyone."
        )


def own_names(host: str, settings: Settings) -> frozenset[str]:
    """The names by which the app is reached, in small letters: no site but ours has them."""
    configured = (part.strip() for part in settings.web_hosts.split(","))
    names = {host, socket.gethostname(), socket.getfqdn(), *configured}
    return frozenset(name.lower() for name in names if name)


def _is_loopback(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host.strip("[]"), None)
    except (OSError, UnicodeError):
        raise OkrError(f"The app cannot listen on {host!r}: no such address is known.") from None
    addresses = {str(item[4][0]).partition("%")[0] for item in found}
    return bool(addresses) and all(ip_address(address).is_loopback for address in addresses)
