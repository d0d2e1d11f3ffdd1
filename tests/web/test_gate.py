"""The gate before the app: whom it lets in, from which address, site and name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.errors import ConfigurationError, NotSignedIn, OkrError, Refused, TooOften
from assistant.people import Person
from assistant.settings import Settings
from assistant.web.gate import Gate
from assistant.web.reach import check_reach, own_names
from assistant.web.services import Services
from tests.conftest import Command

SECRET = "one long password"
TALK = "ws://127.0.0.1:7860/talk"
NOT_SIGNED_IN = "You are not signed in, or not any more. Sign in and try again."
ELSEWHERE = "This request comes from another site, so it is refused."
Coming = Callable[..., TestClient]


@pytest.fixture
def coming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coming:
    """A visitor before the gate: ``coming(accounts=True, at="10.0.0.9", proxy_address=...)``."""
    monkeypatch.setattr("assistant.accounts._ROUNDS", 4)

    def come(
        *,
        accounts: bool = False,
        at: str = "127.0.0.1",
        url: str = "http://127.0.0.1:7860",
        services: Services | None = None,
        **given: Any,
    ) -> TestClient:
        own = services or Services(Settings(home=tmp_path, **given))
        if accounts:
            own.visitors.accounts.add(Person(name="anna", audiences=frozenset({"board"})), SECRET)

        async def who(request: Request) -> PlainTextResponse:
            person = own.of(request).person
            return PlainTextResponse(f"{person.name} {person.role} {sorted(person.audiences)}")

        async def talk(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text("hello")

        paths = ["/", "/config", "/gradio_api/queue/join", "/gradio_api/mcp", "/file=x"]
        routes: list[Any] = [Route(path, who, methods=["GET", "POST"]) for path in paths]
        app = Starlette(routes=[*routes, WebSocketRoute("/talk", talk)])
        gate = Gate(app, own, own_names("127.0.0.1", own.settings))
        client = TestClient(gate, base_url=url, client=(at, 50000), follow_redirects=False)
        client.services = own  # type: ignore[attr-defined]
        return client

    return come


def signed_in(client: TestClient, **headers: str) -> TestClient:
    """The same visitor, signed in."""
    form = {"name": "anna", "password": SECRET}
    assert client.post("/sign-in", data=form, headers=headers).status_code == 303
    return client


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/queue/join", "/gradio_api/mcp"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_answers_who_is_not_signed_in(coming: Coming, path: str, method: str) -> None:
    answer = coming(accounts=True).request(method, path)
    assert (answer.status_code, answer.json()) == (401, {"detail": NOT_SIGNED_IN})
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_browser_is_led_to_the_page_where_one_signs_in(coming: Coming) -> None:
    client = coming(accounts=True)
    answer = client.get("/", headers={"accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_a_socket_is_closed_to_who_is_not_signed_in(coming: Coming) -> None:
    client = coming(accounts=True)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(TALK):
        pass
    signed_in(client)
    with client.websocket_connect(TALK) as socket:
        assert socket.receive_text() == "hello"
    elsewhere = {"origin": "http://evil.example"}
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(TALK, headers=elsewhere),
    ):
        pass


def test_a_session_ends_when_one_signs_out(coming: Coming) -> None:
    client = signed_in(coming(accounts=True))
    assert client.get("/").text == "anna member ['board']"
    kept = client.cookies["okr-session"]
    left = client.post("/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in?out")
    assert "okr-session" not in client.cookies
    client.cookies.set("okr-session", kept)
    assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda accounts: accounts.remove("anna"), id="the account is removed"),
        pytest.param(
            lambda accounts: accounts.set_password("anna", "another password"),
            id="the password is changed",
        ),
        pytest.param(lambda accounts: accounts.path.unlink(), id="the file is gone"),
        pytest.param(lambda accounts: accounts.path.write_text("{"), id="the file is damaged"),
    ],
)
def test_a_session_ends_when(coming: Coming, change: Callable[[Any], None]) -> None:
    coming(accounts=True)
    client = signed_in(coming())
    change(client.services.visitors.accounts)  # type: ignore[attr-defined]
    assert client.get("/").status_code in (401, 500)
    assert "anna" not in client.get("/").text


def test_a_session_ends_in_time(coming: Coming) -> None:
    client, form = coming(accounts=True, session_hours=1e-9), {"name": "anna", "password": SECRET}
    cookie = client.post("/sign-in", data=form).headers["set-cookie"].partition(";")[0]
    assert cookie.startswith("okr-session=")
    assert client.get("/", headers={"cookie": cookie}).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(coming: Coming) -> None:
    client, form = coming(accounts=True), {"name": "anna", "password": SECRET}
    plain = client.post("/sign-in", data=form).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    client = coming(url="https://okr.example")
    assert "secure" in client.post("/sign-in", data=form).headers["set-cookie"].lower()
    behind = coming(url="http://okr.example").post(
        "/sign-in", data=form, headers={"origin": "https://okr.example"}
    )
    assert "secure" in behind.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "wrong"), ("nobody", SECRET), ("", ""), ("<b>anna</b>", "wrong")],
)
def test_what_does_not_fit_is_the_same_sentence(coming: Coming, name: str, password: str) -> None:
    answer = coming(accounts=True).post("/sign-in", data={"name": name, "password": password})
    assert answer.status_code == 401
    assert "Name and password do not fit. Try again, or ask whoever runs this app." in answer.text
    assert "<b>anna" not in answer.text
    assert "set-cookie" not in answer.headers


def test_failures_are_counted_for_each_address_and_success_is_not(coming: Coming) -> None:
    client = coming(accounts=True, limit_sign_in=2)
    services = client.services  # type: ignore[attr-defined]
    for _ in range(4):
        signed_in(client)
    wrong = {"name": "anna", "password": "wrong"}
    statuses = [client.post("/sign-in", data=wrong).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]
    refused = client.post("/sign-in", data={"name": "anna", "password": SECRET})
    assert refused.status_code == 429
    assert 890 < int(refused.headers["retry-after"]) <= 900
    assert (
        "Too many failures to sign in: the limit is 2 in a quarter of an hour. "
        "Try again in 15 minutes."
    ) in refused.text
    signed_in(coming(services=services, at="10.0.0.9"))


def test_one_name_can_be_guessed_only_so_often_from_many_addresses(coming: Coming) -> None:
    services = coming(accounts=True, limit_sign_in=1).services  # type: ignore[attr-defined]
    wrong = {"name": "anna", "password": "wrong"}
    statuses = [
        coming(services=services, at=f"10.0.0.{at}").post("/sign-in", data=wrong).status_code
        for at in range(11)
    ]
    assert statuses == [401] * 10 + [429]


def test_a_form_that_is_no_form_is_refused(coming: Coming) -> None:
    client = coming(accounts=True)
    assert client.post("/sign-in", data={"password": "x" * 20_000}).status_code == 413
    files = {"name": ("a.txt", b"anna")}
    assert client.post("/sign-in", files=files).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"origin": "http://127.0.0.1:7860"}, 200, id="our own"),
        pytest.param({"origin": "http://evil.example"}, 403, id="another"),
        pytest.param({"origin": "http://127.0.0.1:9999"}, 403, id="another port"),
        pytest.param({"origin": "null"}, 403, id="none that is told"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="another, without a word"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"sec-fetch-site": "same-origin"}, 200, id="our own, by the browser"),
        pytest.param(
            {"origin": "http://evil.example", "x-forwarded-host": "evil.example"},
            403,
            id="a made-up name",
        ),
        pytest.param({}, 200, id="no browser"),
    ],
)
@pytest.mark.parametrize("accounts", [True, False], ids=["signed in", "open"])
def test_what_another_site_sends_is_refused(
    coming: Coming, headers: dict[str, str], status: int, accounts: bool
) -> None:
    client = coming(accounts=accounts)
    if accounts:
        signed_in(client)
    answer = client.post("/gradio_api/queue/join", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"detail": ELSEWHERE}


def test_a_link_from_another_site_opens_the_page_and_does_nothing_else(coming: Coming) -> None:
    client = coming()
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=link).status_code == 200
    assert client.post("/config", headers=link).status_code == 403


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:7860", True),
        ("localhost:7860", True),
        ("[::1]:7860", True),
        ("192.168.1.7", True),
        ("okr.example", True),
        ("OKR.example:7860", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example:7860", False),
        ("[", False),
    ],
)
def test_where_nobody_signs_in_only_our_names_are_answered(
    coming: Coming, host: str, is_ours: bool
) -> None:
    answer = coming(web_hosts="okr.example, other").get("/", headers={"host": host})
    assert answer.status_code == (200 if is_ours else 403)
    if host == "evil.example":
        assert answer.json()["detail"] == (
            "The app does not know itself by the name 'evil.example'. If that is its name, put it "
            "into OKR_WEB_HOSTS."
        )


PROXY = {"proxy_address": "10.0.0.0/24, ::1", "proxy_user_header": "Remote-User"}
GROUPS = {**PROXY, "proxy_groups_header": "Remote-Groups"}


@pytest.mark.parametrize(
    ("given", "at", "headers", "said"),
    [
        pytest.param(PROXY, "10.0.0.5", {"Remote-User": "eve"}, "eve member ['everyone']", id="it"),
        pytest.param(PROXY, "::1", {"Remote-User": "eve"}, "eve member ['everyone']", id="IPv6"),
        pytest.param(
            PROXY, "::ffff:10.0.0.5", {"Remote-User": "eve"}, "eve member ['everyone']", id="mapped"
        ),
        pytest.param(PROXY, "10.0.1.5", {"Remote-User": "eve"}, None, id="another address"),
        pytest.param(
            PROXY,
            "10.0.1.5",
            {"Remote-User": "eve", "X-Forwarded-For": "10.0.0.5"},
            None,
            id="an address that is made up",
        ),
        pytest.param(PROXY, "10.0.0.5", {}, None, id="nobody"),
        pytest.param(PROXY, "10.0.0.5", {"Remote-User": " "}, None, id="a blank"),
        pytest.param({}, "10.0.0.5", {"Remote-User": "eve"}, None, id="no proxy is trusted"),
        pytest.param(
            {"proxy_address": "10.0.0.5"}, "10.0.0.5", {"Remote-User": "eve"}, None, id="no header"
        ),
        pytest.param(PROXY, "10.0.0.5", {"Remote-User": "anna"}, "anna member ['board']", id="own"),
        pytest.param(
            GROUPS,
            "10.0.0.5",
            {"Remote-User": "eve", "Remote-Groups": "okr-office, board"},
            "eve office ['board', 'everyone']",
            id="groups",
        ),
        pytest.param(
            PROXY,
            "10.0.0.5",
            {"Remote-User": "eve", "Remote-Groups": "okr-admin"},
            "eve member ['everyone']",
            id="groups that nobody asked for",
        ),
    ],
)
def test_a_header_counts_from_the_proxy_alone(
    coming: Coming, given: dict[str, str], at: str, headers: dict[str, str], said: str | None
) -> None:
    coming(accounts=True)
    answer = coming(at=at, **given).get("/", headers=headers)
    if said is None:
        assert (answer.status_code, answer.json()) == (401, {"detail": NOT_SIGNED_IN})
    else:
        assert (answer.status_code, answer.text) == (200, said)


def test_groups_are_told_once(coming: Coming) -> None:
    client = coming(at="10.0.0.5", **GROUPS)
    told = [("Remote-User", "eve"), ("Remote-Groups", "okr-admin"), ("Remote-Groups", "board")]
    answer = client.get("/", headers=told)
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "The proxy sent Remote-Groups 2 times; it has to send it once."},
    )


def test_two_names_in_one_request_are_nobody(coming: Coming) -> None:
    client = coming(at="10.0.0.5", **PROXY)
    answer = client.get("/", headers=[("Remote-User", "eve"), ("Remote-User", "root")])
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "The proxy named 2 people in Remote-User; it has to name one."},
    )


def test_behind_a_proxy_there_is_no_password_to_ask_for(coming: Coming) -> None:
    page = coming(at="10.0.0.5", **PROXY).get("/sign-in").text
    assert "You are not signed in" in page
    assert "<form" not in page


def test_behind_a_proxy_failures_count_for_the_address_that_it_names(coming: Coming) -> None:
    client = coming(accounts=True, at="10.0.0.5", limit_sign_in=1, **PROXY)
    wrong = {"name": "anna", "password": "wrong"}

    def tried(forwarded: str) -> int:
        return client.post(
            "/sign-in", data=wrong, headers={"x-forwarded-for": forwarded}
        ).status_code

    assert tried("6.6.6.6, 203.0.113.7") == 401
    assert tried("7.7.7.7, 203.0.113.7, 10.0.0.9") == 429
    assert tried("2001:db8::1") == 401
    assert tried("2001:db8::2") == 429
    assert tried("nonsense") == 401


def test_a_token_signs_a_program_in(coming: Coming) -> None:
    client = coming(accounts=True)
    token = client.services.visitors.accounts.make_token("anna")  # type: ignore[attr-defined]
    answer = client.get("/config", headers={"authorization": f"Bearer {token}"})
    assert answer.text == "anna member ['board']"
    refused = client.get("/config", headers={"authorization": f"Bearer {token}x"})
    assert (refused.status_code, refused.json()) == (
        401,
        {"detail": "This token is not known, or not any more. Ask for a new one."},
    )


def test_without_a_request_nobody_is_signed_in(coming: Coming) -> None:
    services = coming().services  # type: ignore[attr-defined]
    assert services.of(None).person.role == "admin"
    services = coming(accounts=True).services  # type: ignore[attr-defined]
    with pytest.raises(NotSignedIn, match=r"^Nobody is signed in. Sign in and try again.$"):
        services.of(None)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("scan", "Scans are for the strategy office. Ask for that role if you need it."),
        (
            "evaluate",
            "Prompt evaluations are for the strategy office. Ask for that role if you need it.",
        ),
        ("manage", "Uploads and indexing are for admins. Ask one of them."),
    ],
)
def test_what_a_role_does_not_permit_is_a_sentence(
    tmp_path: Path, what: Any, sentence: str
) -> None:
    member = Services(Settings(home=tmp_path), Person(name="anna"))
    member.require("review")
    with pytest.raises(Refused) as refused:
        member.require(what)
    assert str(refused.value) == sentence


def test_what_is_costly_is_counted_for_the_person(coming: Coming) -> None:
    shared = coming(accounts=True, limit_reviews=1).services  # type: ignore[attr-defined]
    token = shared.visitors.accounts.make_token("anna")
    scope = {"type": "http", "client": ("10.0.0.1", 1), "path": "/", "method": "GET"}
    asked = Request({**scope, "headers": [(b"authorization", f"Bearer {token}".encode())]})
    shared.of(asked).spend("review")
    with pytest.raises(TooOften) as refused:
        shared.of(asked).spend("review")
    assert refused.value.retry_after > 3590


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_this_machine_may_be_served_without_signing_in(host: str) -> None:
    check_reach(host, must_sign_in=False, allow_anyone=False)
    assert "okr.example" in own_names(host, Settings(web_hosts="OKR.example"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "0", "[::]"])
def test_other_addresses_are_not_served_to_anyone(host: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_reach(host, must_sign_in=False, allow_anyone=False)
    assert str(refused.value) == (
        f"Everybody who can reach {host} could use the app, since nobody has to sign in: make an "
        "account with `okr users add NAME --role admin`, name the proxy that signs people in, or "
        "say --allow-anyone."
    )
    check_reach(host, must_sign_in=True, allow_anyone=False)
    check_reach(host, must_sign_in=False, allow_anyone=True)


def test_not_both_anyone_and_only_some() -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_reach("127.0.0.1", must_sign_in=True, allow_anyone=True)
    assert str(refused.value) == (
        "There are accounts, or a proxy that signs people in, so not anyone may come in. "
        "Leave out --allow-anyone."
    )


def test_an_address_that_is_not_known_is_a_sentence() -> None:
    with pytest.raises(OkrError) as refused:
        check_reach("nowhere.invalid", must_sign_in=False, allow_anyone=False)
    assert str(refused.value) == (
        "The app cannot listen on 'nowhere.invalid': no such address is known."
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"proxy_user_header": "Remote-User"},
            "OKR_PROXY_USER_HEADER is set, but not where the proxy is. Set OKR_PROXY_ADDRESS to "
            "its address or network, since from anywhere else the header could be made up.",
        ),
        (
            {"proxy_address": "proxy.example", "proxy_user_header": "Remote-User"},
            "OKR_PROXY_ADDRESS has 'proxy.example', which is neither an address such as 10.0.0.5 "
            "nor a network such as 10.0.0.0/24.",
        ),
        (
            {"proxy_groups_header": "Remote-Groups"},
            "OKR_PROXY_GROUPS_HEADER needs OKR_PROXY_USER_HEADER beside it.",
        ),
    ],
)
def test_a_proxy_that_is_not_described_well_is_a_sentence(
    tmp_path: Path, given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Services(Settings(home=tmp_path, **given))  # type: ignore[arg-type]
    assert str(refused.value) == sentence


def test_the_command_refuses_to_serve_everybody(okr: Command, workplace: Path) -> None:
    refused = okr("serve", "--host", "0.0.0.0", "--port", "0")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("Everybody who can reach 0.0.0.0 could use the app, since nobody")
    assert refused.err.count("\n") == 1
