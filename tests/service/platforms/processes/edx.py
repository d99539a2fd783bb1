"""Open edX's own platform half (lti-consumer-xblock), with the LMS around it replaced.

Its URLs, models, views, keys and grade book services are those of Open edX. What is replaced is
what the LMS would be asked for: the block, its grade book, who may write.

    python edx.py                          prints its address
    POST /tool    base=URL [keys=URL]      registers a tool; answers with the registration
    GET  /start   tool, user, role, ...    what a course page does: 302 to the tool's login
    GET  /course  the same                 a course page with the tool in an iframe
    GET  /gradebook                        what arrived in the LMS
    POST /fault   where, mode, times       see faults.py; POST /works: no faults any more
    POST /rotate  tool                     gives the platform a new key
"""

import json
import sys
import time
import types
import uuid
from html import escape
from pathlib import Path
from socketserver import ThreadingMixIn
from tempfile import TemporaryDirectory
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from faults import LOST, SLOW_S, Faults, answer_of

FOLDER = TemporaryDirectory(prefix="edx-")


class Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread."""

    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the tests read this process's output."""


SERVER = make_server("127.0.0.1", 0, lambda *_: [], Server, Handler)
BASE = f"http://127.0.0.1:{SERVER.server_port}"
settings.configure(
    SECRET_KEY="of a test",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "config_models",
        "waffle",
        "lti_consumer",
        "rest_framework",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(FOLDER.name) / "edx.sqlite3"),
            "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "edx_django_utils.cache.middleware.RequestCacheMiddleware",
        "edx_django_utils.cache.middleware.TieredCacheMiddleware",
    ],
    CACHES={
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request"
                ]
            },
        }
    ],
    PLATFORM_NAME="Open edX",
    LMS_ROOT_URL=BASE,
    LMS_BASE=BASE.removeprefix("http://"),
    LTI_BASE=BASE,
    LTI_API_BASE=BASE,
    FEATURES={},
    SESSION_ENGINE="django.contrib.sessions.backends.cache",
    USAGE_KEY_PATTERN=r"(?P<usage_key_string>[^/]+)",
    USAGE_ID_PATTERN=r"(?P<usage_id>[^/]+)",
    EVENT_TRACKING_ENABLED=False,
    LOCALE_PATHS=[],
    STATIC_URL="/static/",
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.management import call_command  # noqa: E402 - Django wants its settings first
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import (  # noqa: E402
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import include, path  # noqa: E402
from lti_consumer import api  # noqa: E402
from lti_consumer.data import Lti1p3LaunchData  # noqa: E402
from lti_consumer.lti_1p3 import key_handlers  # noqa: E402
from lti_consumer.models import Lti1p3Passport, LtiConfiguration  # noqa: E402
from lti_consumer.plugin import compat, views  # noqa: E402
from opaque_keys.edx.keys import UsageKey  # noqa: E402

FAULTS = Faults()
GRADEBOOK: list[dict[str, Any]] = []
SKEW = {"s": 0.0}


class Block:
    """Stands for the block of the course, and for its grade book."""

    weight, display_name, has_score = 4, "Convolution", True
    accept_grades_past_due, start, due = True, None, None

    def __init__(self, location: UsageKey) -> None:
        self.location = location
        self.scope_ids = types.SimpleNamespace(usage_id=location)

    def is_past_due(self) -> bool:
        """Say that the course still takes grades."""
        return False

    def max_score(self) -> int:
        """Return the points of the block."""
        return self.weight

    def set_user_module_score(
        self, user: str, score: float, max_score: float, comment: str
    ) -> None:
        """Write a grade into the grade book of the course."""
        GRADEBOOK.append(
            {
                "link": str(self.location),
                "user": user,
                "score": score,
                "max": max_score,
                "comment": comment,
            }
        )


compat.load_block_as_user = Block
compat.load_enough_xblock = Block
compat.get_user_from_external_user_id = lambda user: user
compat.user_has_studio_write_access = lambda _user, _course: True
views.track_event = lambda *_arguments, **_more: None
# The clock of the platform, ahead or behind.
key_handlers.time = types.SimpleNamespace(time=lambda: time.time() + SKEW["s"])


def tool(request: HttpRequest) -> JsonResponse:
    """Register a tool for a block of its own."""
    base = request.POST["base"]
    keys = request.POST.get("keys", base)
    name = uuid.uuid4().hex[:12]
    passport = Lti1p3Passport.objects.create(
        name=name,
        lti_1p3_client_id=f"edx-{name}",
        lti_1p3_tool_keyset_url=f"{keys}/lti/jwks",
    )
    config = LtiConfiguration.objects.create(
        version="lti_1p3",
        config_store="CONFIG_ON_DB",
        location=UsageKey.from_string(
            f"block-v1:Org+CS1+2026+type@lti_consumer+block@{name}"
        ),
        lti_1p3_passport=passport,
        lti_1p3_oidc_url=f"{base}/lti/login",
        lti_1p3_launch_url=f"{base}/lti/launch",
        lti_advantage_ags_mode="declarative",
        lti_advantage_deep_linking_enabled=True,
        lti_advantage_deep_linking_launch_url=f"{base}/lti/launch",
        lti_advantage_enable_nrps=False,
    )
    config.refresh_from_db()
    v1 = f"{BASE}/api/lti_consumer/v1"
    return JsonResponse(
        {
            "tool": str(config.config_id),
            "link": str(config.location),
            "issuer": api.get_lti_consumer(config.config_id).iss,
            "client_id": config.lti_1p3_client_id,
            "deployment_id": "1",
            "authorization_url": f"{v1}/launch/",
            "token_url": f"{v1}/token/{passport.passport_id}",
            "jwks_url": f"{v1}/public_keysets/{passport.passport_id}",
        }
    )


def start(request: HttpRequest) -> HttpResponse:
    """Begin a launch, as the page of a course does."""
    asked = request.GET
    config = LtiConfiguration.objects.get(config_id=asked["tool"])
    SKEW["s"] = float(asked.get("skew", 0))
    exercise = asked.get("exercise", "convolution")
    data = Lti1p3LaunchData(
        user_id=asked.get("user", "7"),
        user_role=asked.get("role", "student"),
        config_id=config.config_id,
        resource_link_id=str(config.location),
        name=asked.get("name", "Ada"),
        context_id=asked.get("context", "course-v1:Org+CS1+2026"),
        context_type=["course_offering"],
        context_title=asked.get("title", "CS1"),
        launch_presentation_document_target="iframe",
        custom_parameters={"exercise": exercise} if exercise else {},
    )
    return HttpResponseRedirect(
        api.get_lti_1p3_launch_start_url(
            data, deep_link_launch=bool(asked.get("deep"))
        )
    )


def course(request: HttpRequest) -> HttpResponse:
    """Show the page of a course, with the tool in an iframe."""
    url = escape(f"/start?{request.META['QUERY_STRING']}")
    return HttpResponse(
        f'<!doctype html><title>Course</title><iframe name="tool" src="{url}" '
        'width="1000" height="700"></iframe>'
    )


def gradebook(_request: HttpRequest) -> JsonResponse:
    """Answer with what arrived."""
    return JsonResponse(GRADEBOOK, safe=False)


def fault(request: HttpRequest) -> JsonResponse:
    """Let some requests go wrong."""
    asked = request.POST
    FAULTS.add(asked["where"], asked["mode"], int(asked.get("times", 1)))
    return JsonResponse({})


def works(_request: HttpRequest) -> JsonResponse:
    """Let everything work again."""
    FAULTS.clear()
    return JsonResponse({})


def rotate(request: HttpRequest) -> JsonResponse:
    """Give the platform a new key, in place of its old one."""
    config = LtiConfiguration.objects.get(config_id=request.POST["tool"])
    passport = config.lti_1p3_passport
    passport.lti_1p3_internal_private_key = ""
    passport.save()
    passport._generate_lti_1p3_keys_if_missing()  # noqa: SLF001 - as its admin page does
    return JsonResponse({})


urlpatterns = [
    path("tool", tool),
    path("start", start),
    path("course", course),
    path("gradebook", gradebook),
    path("fault", fault),
    path("works", works),
    path("rotate", rotate),
    path("api/", include("lti_consumer.plugin.urls")),
]
DJANGO = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer as Open edX does, or as a fault wants it."""
    mode = FAULTS.take(environ["PATH_INFO"])
    if mode is None:
        return DJANGO(environ, start_response)
    if mode == "slow":
        FAULTS.stop_waiting.wait(SLOW_S)
    if mode == LOST:
        b"".join(DJANGO(environ, lambda *_: None))
    status, headers, body = answer_of(mode)
    start_response(f"{status} As asked", list(headers.items()))
    return [body]


if __name__ == "__main__":
    sys.modules["edx"] = sys.modules["__main__"]
    call_command("migrate", verbosity=0, run_syncdb=True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
    connection.close()
    SERVER.set_app(application)
    print(json.dumps({"base": BASE}), flush=True)  # noqa: T201 - what the tests wait for
    SERVER.serve_forever()
