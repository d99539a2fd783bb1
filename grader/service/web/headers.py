"""The headers of every answer: nothing loads that is not ours, and nobody frames it."""

import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "Content-Security-Policy"
_NOTHING: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
ALWAYS: Final = {
    POLICY: _NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """Adds to every answer the headers that it does not have."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(ALWAYS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


def new_nonce() -> str:
    """Return what a page's own scripts and styles are known by, once."""
    return secrets.token_urlsafe(18)


def html_page(
    html: str,
    nonce: str,
    *,
    frame_ancestors: str = "'none'",
    form_action: str = "'self'",
    status: int = 200,
) -> HTMLResponse:
    """Return a page whose scripts and styles have this nonce."""
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}'",
            # Figures and cards place their parts by style attributes; all their text is escaped.
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            f"form-action {form_action}",
            "base-uri 'none'",
            f"frame-ancestors {frame_ancestors}",
        )
    )
    return HTMLResponse(html, status, {POLICY: policy})
