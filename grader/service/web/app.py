"""The application: routes, headers, and what becomes of errors."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from grader.service.web import (
    api,
    class_page,
    pages,
    session,
    static_files,
)
from grader.service.web.errors import add_error_handlers
from grader.service.web.headers import SecurityHeaders
from grader.service.web.parts import Parts


def make_app(parts: Parts) -> Starlette:
    """Return the application that answers with these parts."""
    app = Starlette(
        routes=[
            *session.ROUTES,
            *api.ROUTES,
            *class_page.ROUTES,
            *static_files.ROUTES,
            *pages.ROUTES,
        ],
        middleware=[
            Middleware(
                SecurityHeaders,
                https=parts.settings.url.startswith("https:"),
            )
        ],
    )
    app.state.parts = parts
    add_error_handlers(app)
    return app
