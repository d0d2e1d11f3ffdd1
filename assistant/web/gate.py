"""Stands before the whole app: lets through who may come in, and signs people in and out."""

from __future__ import annotations

import logging
from asyncio import Semaphore, to_thread
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.websockets import WebSocketClose

from assistant.accounts import digest
from assistant.errors import NotSignedIn, OkrError, Refused, TooOften
from assistant.web.bounds import (
    UPLOAD,
    bounded,
    is_too_long,
    is_unused,
    longest,
    page_of,
    too_long,
)
from assistant.web.fragments import fragment
from assistant.web.look import FONTS, styles_alone
from assistant.web.visitors import COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.people import Person
    from assistant.web.services import Services

_LOG = logging.getLogger(__name__)
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"

_WHOSE = "okr-visitor"
"""A cookie that scripts can read: tells one person from the next at the same browser, so that a
draft that the browser keeps is not shown to the next."""

_OPEN = frozenset({"/gradio_api/startup-events", "/favicon.ico"})
"""What holds nothing; Gradio asks itself for the first when it starts."""

_STATIC = ("/assets/", "/static/", "/svelte/")
_LONGEST_FORM = 10_000
_AT_ONCE = 2
_WRONG = "Name and password do not fit. Try again, or ask whoever runs this app."
_BROKEN = "The app cannot tell who is signed in. Its log says why."
_ELSEWHERE = "This request comes from another site, so it is refused."
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": "frame-ancestors 'self'",
}


class Gate:
    """ASGI middleware.

    Args:
        app: what stands behind.
        services: know who is behind a request.
        hosts: names by which the app is reached where nobody has to sign in, in small letters.
            Addresses and ``localhost`` always are.
    """

    def __init__(self, app: ASGIApp, services: Services, hosts: frozenset[str]) -> None:
        self._app = app
        self._services = services
        self._hosts = hosts
        self._checking = Semaphore(_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        try:
            answer = await self._answer(asked, receive)
        except OkrError as error:
            answer = self._refusal(asked, error)
        if answer is None:
            received = bounded(receive, self._most(asked))
            await self._app(scope, received, self._marked(asked, send))
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await answer(scope, receive, _with_headers(send, dict(_HEADERS)))

    async def _answer(self, asked: HTTPConnection, receive: Receive) -> Response | None:
        """The answer to a request that goes no further; None where it does.

        Raises:
            OkrError: it is refused.
        """
        visitors, path = self._services.visitors, asked.scope["path"]
        self._check_site(asked)
        if path in _OPEN or (path.startswith(FONTS) and ".." not in path):
            return None
        if path == SIGN_OUT and asked.scope.get("method") == "POST":
            visitors.sign_out(asked)
            return _left(asked)
        if path != SIGN_IN:
            return self._beyond(asked)
        if not visitors.must_sign_in:
            return RedirectResponse(_home(asked), 303)
        if asked.scope.get("method") != "POST":
            return self._page(asked)
        return await self._sign_in(Request(asked.scope, receive))

    def _beyond(self, asked: HTTPConnection) -> Response | None:
        """The answer to a request for what the app does not have, or too much; None for others.

        Raises:
            OkrError: it is refused.
        """
        mine, path = self._services.of(asked), asked.scope["path"]
        if is_unused(path) or not mine.may_hear(page_of(asked)):
            return JSONResponse({"detail": "Not Found"}, 404)
        most = self._most(asked)
        if is_too_long(asked, most):
            return JSONResponse({"detail": too_long(most)}, 413)
        # Of whoever manages, each file is counted where it is taken in.
        if path == UPLOAD and not mine.person.may("manage"):
            mine.spend("upload")
        return None

    def _most(self, asked: HTTPConnection) -> int:
        """How many megabytes a request may send."""
        services = self._services
        many = asked.scope["path"] == UPLOAD and services.of(asked).person.may("manage")
        return longest(services.settings, many=many)

    def _check_site(self, asked: HTTPConnection) -> None:
        """Refuse what another site had a browser send, and names that are not ours.

        Raises:
            Refused: it was another site's doing.
        """
        host = _host(asked.headers.get("host", ""))
        if not self._services.visitors.must_sign_in and not self._is_ours(host):
            raise Refused(
                f"The app does not know itself by the name {host!r}. If that is its name, put it "
                "into OKR_WEB_HOSTS."
            )
        origin = asked.headers.get("origin")
        if origin is not None and _netloc(origin) not in self._own(asked):
            raise Refused(_ELSEWHERE)
        is_link = asked.headers.get("sec-fetch-mode") == "navigate" and asked.scope.get(
            "method"
        ) in ("GET", "HEAD")
        if asked.headers.get("sec-fetch-site") in ("cross-site", "same-site") and not is_link:
            raise Refused(_ELSEWHERE)

    def _is_ours(self, host: str) -> bool:
        """Whether a page at this host can be nobody's but ours: no name, or one of our names."""
        try:
            ip_address(host)
        except ValueError:
            return host == "localhost" or host.endswith(".localhost") or host in self._hosts
        return True

    def _own(self, asked: HTTPConnection) -> set[str]:
        own = {asked.headers.get("host", "").lower()}
        if self._services.visitors.is_proxied(asked):
            own.add(asked.headers.get("x-forwarded-host", "").lower())
        return own - {""}

    async def _sign_in(self, asked: Request) -> Response:
        length = asked.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _LONGEST_FORM:
            return self._page(asked, problem=_WRONG, status=413)
        try:
            form = parse_qs((await asked.body()).decode(errors="replace"), max_num_fields=4)
        except (ValueError, ClientDisconnect):
            form = {}
        name, password = (form.get(field, [""])[0] for field in ("name", "password"))
        services, name = self._services, name.strip()
        counted = (("sign-in", services.visitors.address(asked)), ("guess", name))
        try:
            for action, key in counted:
                services.limits.spend(action, key)  # type: ignore[arg-type]
        except TooOften as error:
            return self._page(asked, name=name, problem=str(error), refused=error)
        async with self._checking:
            begun = await to_thread(services.visitors.sign_in, name, password)
        if begun is None:
            return self._page(asked, name=name, problem=_WRONG, status=401)
        for action, key in counted:
            services.limits.give_back(action, key)  # type: ignore[arg-type]
        services.visitors.sign_out(asked)
        answer = RedirectResponse(_home(asked), 303)
        answer.set_cookie(
            COOKIE,
            begun[0],
            expires=begun[1],
            httponly=True,
            samesite="lax",
            secure=_is_https(asked),
        )
        return answer

    def _page(
        self,
        asked: HTTPConnection,
        *,
        name: str = "",
        problem: str = "",
        status: int = 200,
        refused: TooOften | None = None,
    ) -> Response:
        by_password = any(
            item.password for item in self._services.visitors.accounts.every().values()
        )
        page = fragment(
            "sign-in",
            user=name,
            problem=problem,
            left="out" in asked.query_params,
            by_password=by_password,
            styles=Markup(styles_alone()),  # noqa: S704 our own files
        )
        headers = {"cache-control": "no-store"}
        if refused:
            status, headers["retry-after"] = 429, str(refused.retry_after)
        return HTMLResponse(page, status, headers)

    def _refusal(self, asked: HTTPConnection, error: OkrError) -> Response:
        if not isinstance(error, Refused):
            _LOG.error("%s", error)
            return JSONResponse({"detail": _BROKEN}, 500)
        if isinstance(error, TooOften):
            told = {"retry-after": str(error.retry_after)}
            return JSONResponse({"detail": str(error)}, 429, told)
        if not isinstance(error, NotSignedIn):
            return JSONResponse({"detail": str(error)}, 403)
        is_page = asked.headers.get("accept", "").startswith("text/html")
        if is_page and asked.scope.get("method") == "GET":
            return RedirectResponse(f"{_home(asked)}{SIGN_IN[1:]}", 303)
        return JSONResponse({"detail": str(error)}, 401, {"www-authenticate": "Bearer"})

    def _marked(self, asked: HTTPConnection, send: Send) -> Send:
        """Have answers that hold something kept nowhere, and name the visitor to the page."""
        headers = dict(_HEADERS)
        path = asked.scope["path"]
        if not self._services.visitors.must_sign_in or path in _OPEN or path.startswith(_STATIC):
            return _with_headers(send, headers)
        headers["cache-control"] = "no-store"
        if path == "/":
            headers["set-cookie"] = _whose(asked, self._services.visitors.of(asked).person)
        return _with_headers(send, headers)


def _with_headers(send: Send, headers: dict[str, str]) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = MutableHeaders(scope=message)
            for name, value in headers.items():
                own.append(name, value) if name == "set-cookie" else own.setdefault(name, value)
        await send(message)

    return marked


def _left(asked: HTTPConnection) -> Response:
    answer = RedirectResponse(f"{_home(asked)}{SIGN_IN[1:]}?out", 303)
    for name in (COOKIE, _WHOSE):
        answer.delete_cookie(name)
    return answer


def _whose(asked: HTTPConnection, person: Person) -> str:
    answer = Response()
    value = digest(person.name)[:16]
    answer.set_cookie(_WHOSE, value, samesite="lax", secure=_is_https(asked))
    return answer.headers["set-cookie"]


def _is_https(asked: HTTPConnection) -> bool:
    """Whether the browser came by https, also where a proxy speaks http to us."""
    return asked.url.scheme == "https" or asked.headers.get("origin", "").startswith("https://")


def _home(asked: HTTPConnection) -> str:
    return f"{asked.scope.get('root_path', '').rstrip('/')}/"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _host(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""
