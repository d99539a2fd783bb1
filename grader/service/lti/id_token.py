"""Proves that a platform sent a launch: its signature, whom it is for, and when.

LTI Core 1.3 with the 1EdTech Security Framework 1.0, 5.1.3 ("Authentication Response Validation").
Everything is a function of what came in, the keys and the time.
"""

import json
import warnings
from collections.abc import Mapping
from typing import Any, Final

import jwt
from jwt.types import Options

from grader.service.lti import words
from grader.service.lti.words import LaunchRefusedError

ALGORITHM: Final = "RS256"
LEEWAY_S: Final = 60
"""How far the platform's clock may be ahead or behind."""
LENGTH: Final = 64 * 1024
"""The most characters of a token."""
KEYS: Final = 100
"""The most keys of a platform that are looked at."""
_KEY_BITS: Final = 2048
_FAR_AWAY: Final = 1e12

# All but the signature is looked at here: the library has no time but its own, and no `azp`.
_SIGNATURE_ALONE: Final[Options] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class UnknownKeyError(Exception):
    """The platform's keys, as they are known here, do not have the one that signed."""


def key_id_of(token: str) -> str | None:
    """Return the id of the key that signed a token, None if it names none.

    Raises `LaunchRefusedError` for anything that is not a signed token.
    """
    if len(token) > LENGTH:
        raise _not_genuine(f"the token has {len(token)} characters")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise _not_genuine(f"no token: {error}") from error
    if header.get("alg") != ALGORITHM:
        raise _not_genuine(f"signed by {header.get('alg')!r}, not {ALGORITHM}")
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None


def key_of(keyset: Any, key_id: str | None) -> jwt.PyJWK:  # noqa: ANN401 - whatever they sent
    """Return the key with an id from a platform's keys; `UnknownKeyError` if it is not there.

    A token that names no key is accepted only where there is but one.
    """
    keys = keyset.get("keys") if isinstance(keyset, dict) else None
    listed = [key for key in keys or () if isinstance(key, dict)][:KEYS]
    signing = [key for key in listed if key.get("use", "sig") == "sig"]
    if key_id is None:
        named = signing if len(signing) == 1 else []
    else:
        named = [key for key in signing if key.get("kid") == key_id]
    for key in named:
        found = _rsa(key)
        if found is not None:
            return found
    raise UnknownKeyError(f"no key {key_id!r} among {len(signing)}")


def verified(token: str, key: jwt.PyJWK) -> dict[str, Any]:
    """Return the claims of a token that this key signed; `LaunchRefusedError` for any other."""
    try:
        claims = jwt.decode(
            token, key, algorithms=[ALGORITHM], options=_SIGNATURE_ALONE
        )
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise _not_genuine(str(error)) from error
    return dict(claims)


def require_addressed(
    claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str
) -> None:
    """Refuse claims of another platform, for another tool, or of another login."""
    if claims.get("iss") != issuer:
        raise _not_genuine(f"from {claims.get('iss')!r}, not {issuer!r}")
    audience = claims.get("aud")
    listed = [audience] if isinstance(audience, str) else audience
    if not isinstance(listed, list) or client_id not in listed:
        raise _not_genuine(f"for {audience!r}, not {client_id!r}")
    party = claims.get("azp")
    if party != client_id and (party is not None or len(listed) > 1):
        raise _not_genuine(f"authorized for {party!r}, not {client_id!r}")
    if claims.get("nonce") != nonce:
        raise LaunchRefusedError(words.CLICK_AGAIN, "the nonce is another one")


def require_timely(claims: Mapping[str, Any], now: float) -> None:
    """Refuse claims that are expired or from the future, by the clock here and 60 s."""
    expires = _time(claims, "exp")
    issued = _time(claims, "iat")
    starts = _time(claims, "nbf") if "nbf" in claims else issued
    if now > expires + LEEWAY_S:
        raise LaunchRefusedError(
            words.CLICK_AGAIN, f"expired {now - expires:.0f} s ago"
        )
    ahead = max(issued, starts) - now
    if ahead > LEEWAY_S:
        raise LaunchRefusedError(
            words.CLOCK, f"the platform's clock is {ahead:.0f} s ahead"
        )


def _time(claims: Mapping[str, Any], name: str) -> float:
    at = claims.get(name)
    # A NaN compares with nothing, and JSON from elsewhere may hold one.
    if not isinstance(at, int | float) or not abs(at) < _FAR_AWAY:
        raise LaunchRefusedError(
            words.MALFORMED, f"{name} is not a time: {at!r}"
        )
    return float(at)


def _rsa(key: dict[str, Any]) -> jwt.PyJWK | None:
    if key.get("kty") != "RSA":
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a short key is refused below
            found = jwt.PyJWK(json.loads(json.dumps(key)), ALGORITHM)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return found if found.key.key_size >= _KEY_BITS else None


def _not_genuine(reason: str) -> LaunchRefusedError:
    return LaunchRefusedError(words.NOT_GENUINE, reason, "unauthorized")
