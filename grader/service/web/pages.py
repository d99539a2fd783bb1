"""The routes of the pages: shells without anything personal, which fetch what they show."""

import functools
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.exercise.given_files import read_given
from grader.service import words
from grader.service.graders.exercises import Exercises
from grader.service.problems import RefusedError
from grader.service.web.headers import html_page, new_nonce
from grader.service.web.lti_pages import all_framers
from grader.service.web.parts import parts_of
from grader.service.web.shells import Shells
from grader.service.web.who import in_thread

_COMPRESSED: Final = [Middleware(GZipMiddleware, minimum_size=1000)]


@functools.cache
def _shells(exercises: Exercises) -> Shells:
    """Return the pages of the exercises that are offered, made once."""
    return Shells(exercises)


def _page(
    path: str, make: Callable[[Shells, str, Request], str | None]
) -> Route:
    """Return the route of a page that is made of the shells, a nonce and the request."""

    async def answer(request: Request) -> Response:
        nonce = new_nonce()
        exercises = parts_of(request).exercises

        def work() -> str | None:
            return make(_shells(exercises), nonce, request)

        html = await in_thread(work)
        if html is None:
            raise RefusedError("not-found", words.NOT_FOUND)
        framed_by = await all_framers(request)
        return html_page(html, nonce, frame_ancestors=framed_by)

    return Route(path, answer, middleware=_COMPRESSED)


async def given_file(request: Request) -> Response:
    """Return a file that an exercise gives to everybody, such as a table of words, to be kept."""
    exercise = parts_of(request).exercises.get(request.path_params["exercise"])
    name = request.path_params["name"]
    if name not in exercise.files:
        raise RefusedError("not-found", words.NOT_FOUND)
    data = await in_thread(lambda: read_given(exercise.folder, name))
    return Response(
        data,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"
        },
    )


ROUTES: Final = [
    _page("/", lambda pages, nonce, _: pages.start(nonce)),
    _page("/enter", lambda pages, nonce, _: pages.enter(nonce)),
    _page(
        "/work/{exercise}",
        lambda pages, nonce, request: pages.work(
            request.path_params["exercise"], nonce
        ),
    ),
    Route("/work/{exercise}/files/{name}", given_file),
    _page("/class", lambda pages, nonce, _: pages.class_list(nonce)),
    _page("/class/{link}", lambda pages, nonce, _: pages.one_class(nonce)),
    _page("/review/{submission}", lambda pages, nonce, _: pages.review(nonce)),
]
