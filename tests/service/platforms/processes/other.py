"""A second platform, independent of Open edX: lti1p3platform on Starlette.

Messages, keys, tokens and the checks of what the tool sends are the library's. The grade book
compares whole seconds, as Moodle's does.

    python other.py                        prints its address
    POST /tool    base=URL [keys=URL]      registers a tool; answers with the registration
    GET  /start   tool, user, role, ...    what a course page does: 302 to the tool's login
    GET  /course  the same                 a course page with the tool in an iframe
    GET  /gradebook?tool=                  scores, and how many posts came
    GET  /chosen?tool=                     what deep linking brought
    POST /fault   where, mode, times       see faults.py; POST /works: no faults any more
    POST /rotate                           gives the platform a new key

`claims` of /start is JSON that is put over the claims of the launch; null takes one away.
"""

import asyncio
import json
import socket
import time
import types
import uuid
from html import escape
from typing import Any

import lti1p3platform.registration as signing
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from faults import LOST, SLOW_S, Faults, answer_of
from lti1p3platform.exceptions import LineItemNotFoundException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request as PlatformRequest
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import (
    AssignmentsGradesService,
    NamesRoleProvisioningService,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

LISTENER = socket.create_server(("127.0.0.1", 0))
BASE = f"http://127.0.0.1:{LISTENER.getsockname()[1]}"
FAULTS = Faults()
TOOLS: dict[str, "Tool"] = {}
KEY: dict[str, str] = {}
ASKED: dict[str, int] = {}


# What the page of a course keeps for tools: LTI Client Side postMessages.
STORAGE = """<script>
const kept = new Map();
addEventListener("message", ({ data, source, origin }) => {
  if (data.subject === "lti.put_data") kept.set(data.key, data.value);
  const value = kept.get(data.key);
  source.postMessage({ ...data, subject: `${data.subject}.response`, value }, origin);
});
</script>"""


class Tool:
    """A tool that is registered here, and what came from it."""

    def __init__(self, base: str, keys: str) -> None:
        self.base, self.keys = base, keys
        self.client_id = f"other-{uuid.uuid4().hex[:12]}"
        self.line_items: dict[str, dict[str, Any]] = {}
        self.scores: dict[tuple[str, str], dict[str, Any]] = {}
        self.posts: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.members: dict[str, dict[str, Any]] = {}
        self.chosen: list[dict[str, Any]] = []
        self.rejected: list[dict[str, Any]] = []


def new_key() -> None:
    """Make the key that the platform signs with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    KEY["private"] = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    KEY["public"] = (
        key.public_key()
        .public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
        .decode()
    )


class Configuration(LTI1P3PlatformConfAbstract):
    """The platform as one tool sees it."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        super().__init__()

    def init_platform_config(self, **_more: Any) -> None:
        """Read the registration."""
        self.get_registration()

    def get_registration_by_params(self, **_more: Any) -> Registration:
        """Return the registration of this tool."""
        tool, registration = self.tool, Registration()
        registration.set_iss(BASE).set_client_id(tool.client_id)
        registration.set_deployment_id("d1")
        registration.set_launch_url(f"{tool.base}/lti/launch")
        registration.set_deeplink_launch_url(f"{tool.base}/lti/launch")
        registration.set_oidc_login_url(f"{tool.base}/lti/login")
        registration.set_tool_key_set_url(f"{tool.keys}/lti/jwks")
        registration.set_platform_public_key(KEY["public"])
        registration.set_platform_private_key(KEY["private"])
        return registration


class Login(OIDCLoginAbstract):
    """Begins a launch."""

    def set_lti_message_hint(self, *, hint: str) -> None:
        """Keep what this launch is about."""
        self._lti_message_hint = hint

    def get_redirect(self, url: str) -> RedirectResponse:
        """Send the browser to the tool."""
        return RedirectResponse(url, 302)


class Launch(LTIAdvantageMessageLaunchAbstract):
    """A launch, with some claims as a test wants them."""

    changes: dict[str, Any]

    def get_preflight_response(self) -> dict[str, Any]:
        """Return what the tool asked for."""
        return dict(self._request.query_params)

    def get_launch_message(
        self, include_extra_claims: bool = True
    ) -> dict[str, Any]:
        """Return the claims."""
        message = super().get_launch_message(include_extra_claims)
        return changed(message, self.changes)

    def render_launch_form(
        self, launch_data: dict[str, Any], **_more: Any
    ) -> HTMLResponse:
        """Return the page that posts the launch."""
        hint = json.loads(self.get_preflight_response()["lti_message_hint"])
        sent = dict(launch_data)
        names = ["id_token", "state"]
        if hint.get("storage"):
            sent["lti_storage_target"] = "_parent"
            names.append("lti_storage_target")
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(sent[name])}">'
            for name in names
        )
        return HTMLResponse(
            f'<!doctype html><form action="{escape(launch_data["launch_url"])}" method="post">'
            f"{fields}</form><script>document.forms[0].submit()</script>"
        )


def changed(message: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return claims with changes put over them; None takes one away."""
    merged = {**message, **changes}
    return {name: value for name, value in merged.items() if value is not None}


class Asked(PlatformRequest):
    """A request, as the library wants it."""

    def build_metadata(self, request: Any) -> Any:
        """Return it as it is."""
        return request


class Grades(AssignmentsGradesService):
    """The grade book."""

    tool: Tool

    def find_lineitems(self, **asked: Any) -> Any:
        """Return the columns of a link, or all."""
        wanted = asked.get("resource_link_id")
        found = [
            item
            for item in self.tool.line_items.values()
            if wanted is None or item.get("resourceLinkId") == wanted
        ]
        return {"content": found, "has_next": False}

    def find_lineitem(self, line_item_id: str) -> Any:
        """Return a column."""
        if line_item_id not in self.tool.line_items:
            raise LineItemNotFoundException
        return self.tool.line_items[line_item_id]

    def create_lineitem(self, creation_data: Any) -> Any:
        """Make a column."""
        return add_line_item(self.tool, creation_data)

    def update_lineitem(self, update_data: Any) -> Any:
        """Change nothing."""
        return update_data

    def delete_lineitem(self, line_item_id: str) -> None:
        """Delete a column."""
        del self.tool.line_items[line_item_id]

    def get_results(self, line_item_id: str, **asked: Any) -> Any:
        """Return the grades of a column."""
        wanted = asked.get("user_id")
        found = [
            {
                "id": f"{BASE}/results/{user}",
                "userId": user,
                "resultScore": score["scoreGiven"],
                "resultMaximum": score["scoreMaximum"],
            }
            for (item, user), score in self.tool.scores.items()
            if item == line_item_id and wanted in (None, user)
        ]
        return {"content": found, "has_next": False}

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        """Take a score, unless it is older than the one that is there, in whole seconds."""
        if line_item_id not in self.tool.line_items:
            raise LineItemNotFoundException
        self.tool.posts.append({"item": line_item_id, **score})
        key = (line_item_id, score["userId"])
        known = self.tool.scores.get(key)
        if known and score["timestamp"][:19] <= known["timestamp"][:19]:
            self.tool.refused.append({"item": line_item_id, **score})
            return UpdateScoreStatus.OLD_TIMESTAMP
        self.tool.scores[key] = score
        return UpdateScoreStatus.SUCCESS


class Members(NamesRoleProvisioningService):
    """Who is in the course."""

    tool: Tool

    def get_member_data_page(self, **_asked: Any) -> Any:
        """Return everybody."""
        return {"content": list(self.tool.members.values()), "has_next": False}

    def get_context_by_id(self) -> Context:
        """Return the course."""
        return Context(id="ctx1", label="CS1", title="CS1")


def add_line_item(tool: Tool, item: dict[str, Any]) -> dict[str, Any]:
    """Make a column of the grade book."""
    name = uuid.uuid4().hex[:8]
    made = {**item, "id": f"{BASE}/ags/{tool.client_id}/lineitems/{name}"}
    tool.line_items[name] = made
    return made


async def tool(request: Request) -> Response:
    """Register a tool."""
    form = await request.form()
    base = str(form["base"])
    made = Tool(base, str(form.get("keys", base)))
    TOOLS[made.client_id] = made
    return JSONResponse(
        {
            "tool": made.client_id,
            "issuer": BASE,
            "client_id": made.client_id,
            "deployment_id": "d1",
            "authorization_url": f"{BASE}/auth",
            "token_url": f"{BASE}/token/{made.client_id}",
            "jwks_url": f"{BASE}/jwks",
        }
    )


async def start(request: Request) -> Response:
    """Begin a launch, as the page of a course does."""
    asked = dict(request.query_params)
    login = Login(request, Configuration(TOOLS[asked["tool"]]))
    login.set_lti_message_hint(hint=json.dumps(asked))
    answer = login.initiate_login(asked.get("user", "u1"))
    if asked.get("storage"):
        answer.headers["Location"] += "&lti_storage_target=_parent"
    return answer


async def course(request: Request) -> Response:
    """Show the page of a course, with the tool in an iframe."""
    url = escape(f"/start?{request.url.query}")
    return HTMLResponse(
        f'<!doctype html><title>Course</title>{STORAGE}<iframe name="tool" src="{url}" '
        'width="1000" height="700"></iframe>'
    )


async def auth(request: Request) -> Response:
    """Send the launch that a tool asked for."""
    query = request.query_params
    hint = json.loads(query["lti_message_hint"])
    tool = TOOLS[query["client_id"]]
    launch = Launch(request, Configuration(tool))
    launch.changes = json.loads(hint.get("claims") or "{}")
    role = "Instructor" if hint.get("role") == "staff" else "Learner"
    roles = [f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}"]
    user, name = query["login_hint"], hint.get("name", "Ada")
    launch.set_user_data(user, roles, full_name=name)
    tool.members[user] = {"user_id": user, "roles": roles, "name": name}
    link = hint.get("link", "link1")
    launch.set_resource_link_claim(link, title=hint.get("link_title", "A link"))
    launch.set_launch_context_claim(
        hint.get("context", "ctx1"), context_title=hint.get("title", "CS1")
    )
    exercise = hint.get("exercise", "convolution")
    launch.set_custom_parameters_claim(
        {"exercise": exercise, **json.loads(hint.get("custom") or "{}")}
        if exercise
        else {}
    )
    offer(launch, tool, hint, link)
    # The library reads the clock for what it signs: the platform's, ahead or behind.
    skew, real = float(hint.get("skew", 0)), signing.time
    signing.time = types.SimpleNamespace(time=lambda: time.time() + skew)
    try:
        return launch.lti_launch()
    finally:
        signing.time = real


def offer(launch: Launch, tool: Tool, hint: dict[str, str], link: str) -> None:
    """Offer the services that a test wants: `grades` is item, items or none.

    `column` names a column that several links share.
    """
    link = hint.get("column", link)
    services = f"{BASE}/ags/{tool.client_id}/lineitems"
    grades = hint.get("grades", "item")
    if grades == "item":
        of_link = [
            item
            for item in tool.line_items.values()
            if item.get("resourceLinkId") == link
        ]
        item = (
            of_link[0]
            if of_link
            else add_line_item(
                tool, {"label": link, "scoreMaximum": 4, "resourceLinkId": link}
            )
        )
        launch.set_ags(services, item["id"])
    elif grades == "items":
        launch.set_ags(services)
    if hint.get("members"):
        launch.set_nrps(f"{BASE}/members/{tool.client_id}")
    if hint.get("deep"):
        launch.set_dl(
            f"{BASE}/deep/{tool.client_id}",
            accept_types={"ltiResourceLink"},
            extra_data=hint.get("data"),
        )


async def jwks(_request: Request) -> Response:
    """Answer with the platform's key."""
    return JSONResponse(Configuration(Tool("", "")).get_jwks())


async def token(request: Request) -> Response:
    """Give an access token, if the library accepts the assertion."""
    form = dict(await request.form())
    configuration = Configuration(TOOLS[request.path_params["tool"]])
    try:
        given = await asyncio.to_thread(configuration.get_access_token, form)
    except Exception as error:  # noqa: BLE001 - whatever the library thinks of it
        said = {"error": "invalid_client", "error_description": repr(error)}
        return JSONResponse(said, 400)
    return JSONResponse(given)


async def as_asked(request: Request) -> Asked:
    """Return a request as the library wants it."""
    body = await request.body()
    return Asked(
        {
            "method": request.method,
            "form_data": {},
            "get_data": dict(request.query_params),
            "headers": {
                "Authorization": request.headers.get("authorization", "")
            },
            "content_type": request.headers.get("content-type"),
            "path": request.url.path,
            "json": json.loads(body) if body else None,
        }
    )


async def grades_of(request: Request) -> Grades:
    """Return the grade book of a tool, for a request."""
    tool = TOOLS[request.path_params["tool"]]
    base = f"{BASE}/ags/{tool.client_id}/lineitems"
    service = Grades(
        await as_asked(request), Configuration(tool), base, f"{base}/x"
    )
    service.tool = tool
    return service


def answered(service: Any, handler: Any, **more: Any) -> Response:
    """Answer as the library does; lists as the standard has them."""
    try:
        out = service.handle_resp(handler, **more)
    except Exception as error:  # noqa: BLE001 - it lets errors of tokens through
        return JSONResponse({"error": repr(error)}, 401)
    result = out.result
    if isinstance(result, dict) and "content" in result:
        result = result["content"]
    return Response(json.dumps(result), out.code, media_type=out.media_type)


async def line_items(request: Request) -> Response:
    """List columns, or make one."""
    service = await grades_of(request)
    if request.method == "POST":
        return answered(service, service.handle_create_lineitem)
    return answered(service, service.handle_get_lineitems)


async def scores(request: Request) -> Response:
    """Take a score. Moodle wants exactly this type."""
    wanted = "application/vnd.ims.lis.v1.score+json"
    if request.headers.get("content-type") != wanted:
        return JSONResponse({"error": "type"}, 415)
    service = await grades_of(request)
    item = request.path_params["item"]
    return answered(service, service.handle_update_score, line_item_id=item)


async def results(request: Request) -> Response:
    """Answer with the grades of a column."""
    service = await grades_of(request)
    item = request.path_params["item"]
    return answered(service, service.handle_get_results, line_item_id=item)


async def members(request: Request) -> Response:
    """Answer with who is in the course."""
    tool = TOOLS[request.path_params["tool"]]
    service = Members(
        await as_asked(request),
        Configuration(tool),
        f"{BASE}/members/{tool.client_id}",
    )
    service.tool = tool
    return answered(service, service.handle_get_members)


async def deep(request: Request) -> Response:
    """Take what a teacher chose, if the library accepts it."""
    tool = TOOLS[request.path_params["tool"]]
    form = dict(await request.form())
    configuration = Configuration(tool)
    try:
        items = await asyncio.to_thread(
            configuration.validate_deeplinking_resp, form
        )
    except Exception as error:  # noqa: BLE001 - whatever the library thinks of it
        tool.rejected.append({"error": repr(error)})
        return HTMLResponse("<title>Refused</title>", 400)
    tool.chosen.extend(items)
    return HTMLResponse("<title>Chosen</title>")


async def configuration(request: Request) -> Response:
    """Say what a tool must know to register itself; a test may change it."""
    changes = json.loads(request.query_params.get("changes") or "{}")
    told = {
        "issuer": BASE,
        "authorization_endpoint": f"{BASE}/auth",
        "token_endpoint": f"{BASE}/token/dynamic",
        "jwks_uri": f"{BASE}/jwks",
        "registration_endpoint": f"{BASE}/registrations",
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle"
        },
    }
    return JSONResponse(changed(told, changes))


async def registrations(request: Request) -> Response:
    """Register a tool by itself, and refuse what Moodle's `registration_helper` refuses."""
    asked = await request.json()
    if request.headers.get("authorization") != "Bearer once":
        return JSONResponse({"error": "token_already_used"}, 401)
    of_tool = asked["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    wanted = (
        "id_token" in asked["response_types"],
        isinstance(asked["redirect_uris"], list),
        asked["token_endpoint_auth_method"] == "private_key_jwt",
        asked["application_type"] == "web",
        asked["client_name"] and asked["jwks_uri"],
        of_tool["domain"] and of_tool["target_link_uri"],
    )
    if not all(wanted):
        return JSONResponse({"error": "invalid_client_metadata"}, 400)
    base = asked["initiate_login_uri"].removesuffix("/lti/login")
    made = Tool(base, base)
    TOOLS[made.client_id] = TOOLS["dynamic"] = made
    return JSONResponse(
        {
            **asked,
            "client_id": made.client_id,
            "https://purl.imsglobal.org/spec/lti-tool-configuration": {
                **of_tool,
                "deployment_id": "d1",
            },
        }
    )


async def chosen(request: Request) -> Response:
    """Answer with what teachers chose."""
    tool = TOOLS[request.query_params["tool"]]
    return JSONResponse({"chosen": tool.chosen, "rejected": tool.rejected})


async def gradebook(request: Request) -> Response:
    """Answer with what arrived."""
    tool = TOOLS[request.query_params["tool"]]
    found = [
        {
            "user": user,
            "link": tool.line_items[item].get("resourceLinkId"),
            "score": score["scoreGiven"],
            "max": score["scoreMaximum"],
            "timestamp": score["timestamp"],
        }
        for (item, user), score in tool.scores.items()
    ]
    return JSONResponse(
        {
            "scores": found,
            "posts": tool.posts,
            "refused": tool.refused,
            "line_items": list(tool.line_items.values()),
        }
    )


async def asked(_request: Request) -> Response:
    """Answer how often each path was asked for."""
    return JSONResponse(ASKED)


async def fault(request: Request) -> Response:
    """Let some requests go wrong."""
    form = await request.form()
    times = int(str(form.get("times", 1)))
    FAULTS.add(str(form["where"]), str(form["mode"]), times)
    return JSONResponse({})


async def works(_request: Request) -> Response:
    """Let everything work again."""
    FAULTS.clear()
    return JSONResponse({})


async def rotate(_request: Request) -> Response:
    """Give the platform a new key, in place of its old one."""
    new_key()
    return JSONResponse({})


APP = Starlette(
    routes=[
        Route("/tool", tool, methods=["POST"]),
        Route("/start", start),
        Route("/course", course),
        Route("/auth", auth),
        Route("/jwks", jwks),
        Route("/token/{tool}", token, methods=["POST"]),
        Route("/ags/{tool}/lineitems", line_items, methods=["GET", "POST"]),
        Route("/ags/{tool}/lineitems/{item}/scores", scores, methods=["POST"]),
        Route("/ags/{tool}/lineitems/{item}/results", results),
        Route("/members/{tool}", members),
        Route("/deep/{tool}", deep, methods=["POST"]),
        Route("/.well-known/openid-configuration", configuration),
        Route("/registrations", registrations, methods=["POST"]),
        Route("/chosen", chosen),
        Route("/gradebook", gradebook),
        Route("/asked", asked),
        Route("/fault", fault, methods=["POST"]),
        Route("/works", works, methods=["POST"]),
        Route("/rotate", rotate, methods=["POST"]),
    ]
)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer as the platform does, or as a fault wants it."""
    mode = FAULTS.take(scope["path"]) if scope["type"] == "http" else None
    if scope["type"] == "http":
        ASKED[scope["path"]] = ASKED.get(scope["path"], 0) + 1
    if mode is None:
        await APP(scope, receive, send)
        return
    if mode == "slow":
        await asyncio.to_thread(FAULTS.stop_waiting.wait, SLOW_S)
    if mode == LOST:
        await APP(scope, receive, nowhere)
    status, headers, body = answer_of(mode)
    await Response(body, status, headers)(scope, receive, send)


async def nowhere(_message: Any) -> None:
    """Lose an answer."""


if __name__ == "__main__":
    new_key()
    print(json.dumps({"base": BASE}), flush=True)  # noqa: T201 - what the tests wait for
    uvicorn.Server(
        uvicorn.Config(
            application, log_level="warning", access_log=False, ws="none"
        )
    ).run(sockets=[LISTENER])
