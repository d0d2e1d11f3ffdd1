import pytest

from assistant.llm import faults
from assistant.llm.faults import Endpoint

TO = Endpoint(url="http://a/v1", model="m", keyed=True, seconds=60, tokens=100)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://localhost:8080/v1", "http://localhost:8080/v1"),
        ("https://ann:s3cret@host/v1?key=s3cret#s3cret", "https://host/v1"),
        ("https://s3cret@host:1/v1", "https://host:1/v1"),
        ("http://a:b@c@host/v1", "http://host/v1"),
    ],
)
def test_a_url_is_shown_without_secrets(url, shown):
    assert faults.shown_url(url) == shown


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("key 12345 is wrong", "key *** is wrong", id="the secret itself"),
        pytest.param("Incorrect API key provided: sk-ab***yz.", "Incorrect API key provided: ***",
                     id="a masked key"),
        pytest.param("Authorization: Bearer abcdef", "Authorization: ***", id="a bearer token"),
        pytest.param("a\n\x1b[31m b\t c", "a [31m b c", id="control characters"),
        pytest.param("x" * 300, "x" * 199 + "…", id="long"),
    ],
)  # fmt: skip
def test_the_words_of_an_endpoint_are_cleaned(said, kept):
    assert faults.clean(said, ("12345", "")) == kept


@pytest.mark.parametrize(
    ("status", "said", "kind", "again"),
    [
        (400, "bad", "rejected", False),
        (413, "prompt is too long", "overlong", False),
        (422, "no", "rejected", False),
        (429, "slow down", "busy", True),
        (429, "insufficient_quota", "quota", False),
        (500, "", "server", True),
        (503, "loading model", "server", True),
        (599, "", "server", True),
        (302, "", "redirect", False),
    ],
)
def test_only_what_may_pass_is_tried_again(status, said, kind, again):
    fault = faults.from_status(TO, status, said)

    assert (fault.kind, fault.again) == (kind, again)
    assert str(fault) == f"{fault.why}. {fault.how}"
    assert "http://a/v1" in fault.why
