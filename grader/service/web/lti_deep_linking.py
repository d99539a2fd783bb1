"""Deep linking: a teacher chooses exercises, and the platform makes links of them."""

import time
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from grader.service.data.launches import Confirmed, Offer, offers
from grader.service.data.platforms import Platform, platform_of
from grader.service.lti import words
from grader.service.lti.addresses import for_browsers
from grader.service.lti.deep_linking import (
    Choice,
    content_item,
    response_claims,
)
from grader.service.lti.registration import Addresses
from grader.service.lti.tool_keys import sign
from grader.service.passback.asking import ensure_keys
from grader.service.problems import RefusedError
from grader.service.web.lti_pages import framers, page
from grader.service.web.lti_proof import take
from grader.service.web.parts import parts_of
from grader.service.web.who import in_thread, read_json, require_own_origin

_MOST: Final = 200


class Chosen(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /lti/deep-link` takes."""

    code: str
    state: str
    exercises: list[str]
    proof: str | None = None


async def chooser(
    request: Request,
    platform: Platform,
    confirmed: Confirmed,
    data: dict[str, Any],
) -> Response:
    """Return the page on which a teacher chooses among the exercises."""
    database = parts_of(request).database

    def work() -> list[Offer]:
        with database.read() as db:
            return offers(db)

    multiple = bool(confirmed.payload["multiple"])
    return page(
        title="Choose exercises" if multiple else "Choose an exercise",
        sentence="Each becomes a link in your course, with a column in its grade book.",
        framed_by=framers([platform]),
        script="lti-choose.js",
        data=data,
        form_action=for_browsers(str(confirmed.payload["return_url"]))
        or "'none'",
        choices=await in_thread(work),
        multiple=multiple,
        button="Add to the course",
    )


async def choose(request: Request) -> Response:
    """Trade a code, a proof and a choice for what the browser posts back to the platform."""
    require_own_origin(request)
    given = await read_json(request, Chosen)
    database, settings = parts_of(request).database, parts_of(request).settings

    def work() -> dict[str, str]:
        with database.begin() as db:
            chosen = _choices(offers(db), given.exercises)
            confirmed = take(db, request, given.code, given.state, given.proof)
            payload = confirmed.payload
            if confirmed.kind != "deep-link" or (
                len(chosen) > 1 and not payload["multiple"]
            ):
                raise RefusedError("invalid", words.MALFORMED)
            platform = platform_of(db, payload["platform_id"])
            address = Addresses(settings.url).launch
            claims = response_claims(
                platform.client_id,
                platform.issuer,
                payload["deployment_id"],
                payload["data"],
                [content_item(choice, address) for choice in chosen],
            )
            signed = sign(ensure_keys(db)[0], claims, time.time())
            return {"return_url": payload["return_url"], "jwt": signed}

    return JSONResponse(await in_thread(work))


def _choices(offered: list[Offer], names: list[str]) -> list[Choice]:
    by_name = {offer.name: offer for offer in offered}
    if not names or len(names) > _MOST or not set(names) <= set(by_name):
        raise RefusedError("invalid", words.CHOOSE_ONE)
    return [
        Choice(name, by_name[name].title, by_name[name].points)
        for name in dict.fromkeys(names)
    ]
