"""What a platform must prove before anything that it says is believed."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from grader.service.lti import id_token, words
from grader.service.lti.id_token import UnknownKeyError
from grader.service.lti.tool_keys import ToolKey, make_key, sign
from grader.service.lti.words import LaunchRefusedError

NOW = 1_800_000_000.0
GOOD: dict[str, Any] = {
    "iss": "https://lms.example",
    "aud": "client",
    "nonce": "n",
    "iat": NOW,
    "exp": NOW + 300,
}


@pytest.fixture(scope="module")
def key() -> ToolKey:
    """Return a platform's key."""
    return make_key()


def require(now: float = NOW, **changes: Any) -> None:
    """Look at claims that differ from good ones."""
    claims = {
        name: value
        for name, value in {**GOOD, **changes}.items()
        if value is not None
    }
    id_token.require_addressed(claims, "https://lms.example", "client", "n")
    id_token.require_timely(claims, now)


def test_what_was_signed_is_returned(key: ToolKey) -> None:
    """A token that names a key of the platform, and was signed with it, is believed."""
    token = sign(key, {"sub": "ada"}, NOW)
    keyset = {"keys": [key.public_jwk]}
    found = id_token.key_of(keyset, id_token.key_id_of(token))
    assert id_token.verified(token, found)["sub"] == "ada"


def test_another_key_with_the_same_name_is_refused(key: ToolKey) -> None:
    """Naming a key does not help who does not have it."""
    forged = sign(ToolKey(key.kid, make_key().private_pem, {}), GOOD, NOW)
    found = id_token.key_of({"keys": [key.public_jwk]}, key.kid)
    with pytest.raises(LaunchRefusedError, match="cannot tell whether"):
        id_token.verified(forged, found)


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(GOOD, "", "none"),
        jwt.encode(GOOD, "public key as a secret, long enough for it", "HS256"),
        jwt.encode(GOOD, ec.generate_private_key(ec.SECP256R1()), "ES256"),
        "",
        "a.b",
        "a.b.c",
        "é.é.é",
        "bnVsbA.e30.",
        "W10.e30.",
        jwt.utils.base64url_encode(b"[" * 30_000).decode() + ".e30.",
        "a" * (id_token.LENGTH + 1),
    ],
    ids=lambda token: token[:12] or "empty",
)
def test_no_other_way_of_signing_is_taken(token: str) -> None:
    """No signature, a shared secret, another curve, and what is no token at all, are refused."""
    with pytest.raises(LaunchRefusedError) as refused:
        id_token.key_id_of(token)
    assert refused.value.sentence == words.NOT_GENUINE


def short_key() -> dict[str, Any]:
    """Return a key that is too short to prove anything."""
    private = rsa.generate_private_key(65537, 1024)  # noqa: S505 - the point of it
    public = private.public_key()
    jwk: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public))
    return {**jwk, "kid": "k"}


@pytest.mark.parametrize(
    "keyset",
    [
        None,
        [],
        "keys",
        {},
        {"keys": None},
        {"keys": {"kid": "k"}},
        {"keys": ["k", None, 7]},
        {"keys": [{"kid": "k"}]},
        {"keys": [{"kid": "k", "kty": "RSA", "n": 7, "e": []}]},
        {"keys": [{"kid": "k", "kty": "RSA", "n": "", "e": "AQAB"}]},
        {"keys": [{"kid": "k", "kty": "oct", "k": "c2VjcmV0"}]},
        {"keys": [short_key()]},
        {"keys": [{**short_key(), "use": "enc"}]},
    ],
    ids=lambda keyset: str(keyset)[:40],
)
def test_keys_that_are_none_are_not_found(keyset: Any) -> None:
    """Whatever a platform answers when asked for its keys, it is no fault of ours."""
    with pytest.raises(UnknownKeyError):
        id_token.key_of(keyset, "k")


def test_a_token_without_a_key_id_needs_a_single_key(key: ToolKey) -> None:
    """Which of two keys signed must be said; of one it is clear."""
    other = make_key().public_jwk
    alone = {name: key.public_jwk[name] for name in ("kty", "n", "e")}
    assert id_token.key_of({"keys": [alone]}, None) is not None
    with pytest.raises(UnknownKeyError):
        id_token.key_of({"keys": [alone, other]}, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": ["https://lms.example"]},
        {"aud": "another"},
        {"aud": None},
        {"aud": {"client": 1}},
        {"aud": ["another"]},
        {"aud": ["client", "another"]},
        {"aud": ["client", "another"], "azp": "another"},
        {"azp": "another"},
        {"azp": ["client"]},
    ],
    ids=str,
)
def test_claims_for_somebody_else_are_refused(changes: dict[str, Any]) -> None:
    """Another issuer, another audience, another authorized party: not for us."""
    with pytest.raises(LaunchRefusedError) as refused:
        require(**changes)
    assert refused.value.sentence == words.NOT_GENUINE


@pytest.mark.parametrize(
    "changes",
    [{"aud": ["client"]}, {"aud": ["client", "another"], "azp": "client"}],
    ids=str,
)
def test_an_audience_may_be_a_list(changes: dict[str, Any]) -> None:
    """A list that has us is for us; with others in it, we must be the authorized party."""
    require(**changes)


def test_another_nonce_is_another_login() -> None:
    """A token that was made for another login opens nothing."""
    for nonce in ("m", None, 7, ["n"]):
        with pytest.raises(LaunchRefusedError) as refused:
            require(nonce=nonce)
        assert refused.value.sentence == words.CLICK_AGAIN


def test_clocks_may_differ_by_a_minute_both_ways() -> None:
    """60 s ahead or behind is fine; more is told as what it is."""
    require(now=NOW - 60)
    require(now=NOW + 360)
    with pytest.raises(LaunchRefusedError) as refused:
        require(now=NOW - 62)
    assert refused.value.sentence == words.CLOCK
    assert refused.value.log == "the platform's clock is 62 s ahead"
    with pytest.raises(LaunchRefusedError) as refused:
        require(now=NOW + 362)
    assert refused.value.sentence == words.CLICK_AGAIN
    with pytest.raises(LaunchRefusedError) as refused:
        require(nbf=NOW + 600)
    assert refused.value.sentence == words.CLOCK


@pytest.mark.parametrize(
    "at", ["soon", [], float("nan"), float("inf"), 1e300, {}], ids=str
)
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_a_time_that_is_none_is_refused(name: str, at: Any) -> None:
    """A time must be a number near enough to compare; NaN compares with nothing."""
    with pytest.raises(LaunchRefusedError) as refused:
        require(**{name: at})
    assert refused.value.sentence == words.MALFORMED


@pytest.mark.parametrize("name", ["exp", "iat"])
def test_both_times_must_be_there(name: str) -> None:
    """A token without an end would be good for ever."""
    changes: dict[str, Any] = {name: None}
    with pytest.raises(LaunchRefusedError):
        require(**changes)
