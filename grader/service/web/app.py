"""The application: routes, headers, what becomes of errors, and what runs beside them."""

import contextlib
from collections.abc import AsyncIterator

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware

from grader.service.lti.client import Client
from grader.service.passback.asking import Asking
from grader.service.passback.sender import Sender
from grader.service.web import (
    class_page,
    health,
    hub,
    lti,
    pages,
    programs,
    session,
    static_files,
)
from grader.service.web.described import routes
from grader.service.web.errors import Faults, add_error_handlers
from grader.service.web.headers import SecurityHeaders
from grader.service.web.measures import Measured, Measures
from grader.service.web.parts import Parts
from grader.service.web.waiting import Elsewhere


def make_app(parts: Parts) -> Starlette:
    """Return the application that answers with these parts."""
    measures = Measures(parts)
    parts.desk.graded = measures.graded
    app = Starlette(
        routes=[
            *session.ROUTES,
            *routes(programs.OPERATIONS),
            *class_page.ROUTES,
            *lti.ROUTES,
            *health.ROUTES,
            *static_files.ROUTES,
            *pages.ROUTES,
        ],
        lifespan=_beside,
        middleware=[
            Middleware(hub.UnderPrefix, settings=parts.settings),
            Middleware(Measured, measures=measures),
            Middleware(
                SecurityHeaders,
                https=parts.settings.url.startswith("https:"),
            ),
            Middleware(Faults),
        ],
    )
    app.state.parts = parts
    app.state.elsewhere = Elsewhere(parts.database)
    app.state.measures = measures
    app.state.clocks = health.Clocks()
    add_error_handlers(app)
    return app


@contextlib.asynccontextmanager
async def _beside(app: Starlette) -> AsyncIterator[None]:
    """Send scores to course platforms while the application runs."""
    client = Client()
    app.state.asking = Asking(app.state.parts.database, client)
    app.state.hub = hub.Asking(app.state.parts.settings.hub)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(Sender(app.state.asking).run)
        yield
        tasks.cancel_scope.cancel()
    await app.state.hub.close()
    await client.close()
