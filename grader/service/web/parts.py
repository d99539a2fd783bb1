"""All that the routes work with, in one record."""

from typing import cast

import msgspec
from starlette.requests import Request

from grader.service.data import Database
from grader.service.settings import Settings


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened when the service started."""

    settings: Settings
    database: Database


def parts_of(request: Request) -> Parts:
    """Return the parts of the service that has got a request."""
    return cast("Parts", request.app.state.parts)
