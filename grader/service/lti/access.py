"""Access tokens: a platform gives one for a signed assertion, and services want it.

1EdTech Security Framework 1.0, 4.1: OAuth 2.0 client credentials with a JWT (RFC 7523).
"""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from grader.service.lti.client import Client, NoAnswerError
from grader.service.lti.tool_keys import ToolKey, sign

_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_EARLY_S: Final = 60
"""A token is renewed so long before it expires."""
_LONGEST_S: Final = 3600
_LENGTH: Final = 16 * 1024


class Access(msgspec.Struct, frozen=True):
    """A token for some scopes of a platform."""

    token: str
    expires_at: float

    def __repr__(self) -> str:
        """Return when it expires; the token is in no log."""
        return f"Access(expires_at={self.expires_at})"


class TokenRefusedError(NoAnswerError):
    """The platform answered, and gave no token."""


async def ask_for_access(
    client: Client,
    key: ToolKey,
    *,
    client_id: str,
    token_url: str,
    audience: str,
    scope: str,
    origins: frozenset[str],
    now: float,
) -> Access:
    """Ask a platform for a token; `NoAnswerError` where it gives none."""
    claims = {"iss": client_id, "sub": client_id, "aud": audience}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": _ASSERTION,
        "client_assertion": sign(key, claims, now),
        "scope": scope,
    }
    answer = await client.post(
        token_url,
        origins,
        urlencode(form).encode("ascii"),
        Content_Type="application/x-www-form-urlencoded",
        Accept="application/json",
    )
    if not answer.is_success:
        said = answer.body[:200].decode("utf-8", "replace")
        raise TokenRefusedError(
            f"no access token: answered {answer.status}, {said!r}"
        )
    return _access(answer.json(), now)


def _access(sent: Any, now: float) -> Access:  # noqa: ANN401 - whatever they sent
    token = sent.get("access_token") if isinstance(sent, dict) else None
    if not isinstance(token, str) or not _may_be_sent(token):
        raise TokenRefusedError("answered without an access token")
    lasts = sent.get("expires_in", _LONGEST_S)
    if not isinstance(lasts, int | float) or isinstance(lasts, bool):
        lasts = _LONGEST_S
    seconds = min(max(float(lasts), 0), _LONGEST_S)
    return Access(token, now + max(seconds - _EARLY_S, 0))


def _may_be_sent(token: str) -> bool:
    """Whether a token may stand in a header."""
    plain = token.isascii() and token.isprintable()
    return plain and 0 < len(token) <= _LENGTH
