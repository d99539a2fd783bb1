"""The keys of this tool: it signs with one while platforms already know the next.

Two are live: the older signs, the newer waits. A rotation retires the older, so the one that
signs then has been published for as long as the last rotation is ago, and no platform's cache of
our keys is too old.
"""

import json
import secrets
from typing import Any, Final

import jwt
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from grader.service.lti.id_token import ALGORITHM

BITS: Final = 2048
SIGNED_FOR_S: Final = 300
"""How long what we sign may be used."""


class ToolKey(msgspec.Struct, frozen=True):
    """A key pair of this tool."""

    kid: str
    private_pem: str
    public_jwk: dict[str, Any]

    def __repr__(self) -> str:
        """Return its id; the private half is in no log."""
        return f"ToolKey({self.kid!r})"


def make_key() -> ToolKey:
    """Make a new key pair."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    kid = secrets.token_hex(16)
    public = json.loads(
        jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key())
    )
    jwk = {
        "kty": "RSA",
        "n": public["n"],
        "e": public["e"],
        "kid": kid,
        "alg": ALGORITHM,
        "use": "sig",
    }
    return ToolKey(kid, pem.decode("ascii"), jwk)


def sign(key: ToolKey, claims: dict[str, Any], now: float) -> str:
    """Return claims as a token that this tool signed, fit for five minutes and one use."""
    timed = {
        **claims,
        "iat": int(now),
        "exp": int(now) + SIGNED_FOR_S,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(
        timed, key.private_pem, ALGORITHM, headers={"kid": key.kid}
    )
