"""No request goes where a stranger points."""

import pytest

from grader.service.lti.addresses import (
    below,
    for_browsers,
    is_allowed,
    is_ours,
    origin_of,
    origins_of,
)

ALLOWED = origins_of(["https://lms.example/token", "http://127.0.0.1:8000"])


@pytest.mark.parametrize(
    "url",
    [
        "https://lms.example/ags/1",
        "https://LMS.example:443/ags?x=1#y",
        "http://127.0.0.1:8000/jwks",
    ],
)
def test_registered_hosts_are_asked(url: str) -> None:
    """Scheme, host and port are those of a registered address; the path is the platform's."""
    assert is_allowed(url, ALLOWED)


@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example/ags/1",
        "https://lms.example:8443/ags/1",
        "https://lms.example.evil.example/",
        "https://evil.example/?lms.example",
        "https://lms.example@evil.example/",
        "https://evil.example#@lms.example/",
        "https://evil.example\\@lms.example/",
        "https://user:word@lms.example/",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:5432/",
        "http://127.0.0.1:8000@evil.example/",
        "http://localhost:8000/",
        "http://[::1]:8000/",
        "http://2130706433:8000/",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "javascript:alert(1)",
        "//lms.example/",
        "lms.example",
        "",
        "https://",
        "https://lms.example:0/",
        "https://lms.example:99999/",
        "https://[lms.example/",
        "https://lms.example/\r\nHost: evil",
        "https://lms.example/\x00",
        "https://lms.exam\u200bple/",
        "https://lms。example/",
        "https://lms.example/" + "a" * 3000,
    ],
    ids=lambda url: ascii(url)[:50],
)
def test_no_other_host_is_asked(url: str) -> None:
    """Other hosts, ports and schemes, names that look alike, and addresses that trick parsers."""
    assert not is_allowed(url, ALLOWED)


def test_plain_http_is_for_this_machine_alone() -> None:
    """Loopback addresses and names below localhost may do without TLS; nobody else."""
    for host in ("127.0.0.1", "localhost", "lms.localhost", "[::1]"):
        assert origin_of(f"http://{host}:8000/") == f"http://{host}:8000"
    for host in ("lms.example", "10.0.0.1", "localhost.example", "[::]"):
        assert origin_of(f"http://{host}:8000/") is None


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://tool.example/grader/lti/launch", True),
        ("https://tool.example/grader", True),
        ("https://tool.example:443/grader/work/x", True),
        ("https://tool.example/grader2/lti", False),
        ("https://tool.example/", False),
        ("https://tool.example/grader/../admin", False),
        ("https://tool.example/grader/%2e%2E/admin", False),
        ("https://evil.example/grader/", False),
        ("https://tool.example.evil.example/grader/", False),
        ("https://tool.example@evil.example/grader/", False),
        ("//evil.example/grader/", False),
        ("javascript:alert(1)//tool.example/grader/", False),
        ("http://tool.example/grader/", False),
    ],
)
def test_a_target_must_be_ours(url: str, ours: bool) -> None:
    """A launch leads to a page below our address, or nowhere: there is no open redirect."""
    assert is_ours(url, "https://tool.example/grader") is ours


def test_a_policy_names_an_origin_without_its_usual_port() -> None:
    """As browsers write it."""
    assert for_browsers("https://lms.example/x") == "https://lms.example"
    assert (
        for_browsers("https://lms.example:8443") == "https://lms.example:8443"
    )
    assert for_browsers("https://lms.example/; script-src *") is None
    assert for_browsers("data:") is None


def test_a_query_stays_behind_the_path() -> None:
    """Moodle's line items have a query, and scores are posted below their path."""
    item = "https://moodle.example/2/lineitems/7/lineitem?type_id=3"
    scores = "https://moodle.example/2/lineitems/7/lineitem/scores?type_id=3"
    assert below(item, "scores") == scores
    assert (
        below("https://x.example/a/", "results")
        == "https://x.example/a/results"
    )
