"""The platforms of the tests send what another tool accepts, too: they are no echo of ours."""

import json
import subprocess
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from grader.service.lti.launch import read_launch
from tests.service.platforms.environment import PROCESSES, Platform, python
from tests.service.platforms.launching import form_of

TOOL = "http://127.0.0.1:9"


def test_jupyterhubs_own_code_accepts_the_launch(platform: Platform) -> None:
    """What both platforms sign passes the checks of another tool, as it passes ours."""
    registration = platform.register(TOOL)
    start = platform.start_url(registration["tool"], user="ada")
    location = httpx.get(start, timeout=120).headers["Location"]
    login = dict(parse_qsl(urlsplit(location).query))
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration["client_id"],
        "redirect_uri": f"{TOOL}/lti/launch",
        "state": "state",
        "nonce": "nonce",
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
    }
    page = httpx.get(
        f"{registration['authorization_url']}?{urlencode(query)}", timeout=120
    )
    address, form = form_of(page.text)
    assert address == f"{TOOL}/lti/launch"
    checked = subprocess.run(
        [python(), PROCESSES / "second_tool.py"],
        input=json.dumps(
            {
                "login": login,
                "form": form,
                "issuer": registration["issuer"],
                "client_id": registration["client_id"],
                "jwks": registration["jwks_url"],
            }
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    claims = json.loads(checked.stdout)
    assert claims["nonce"] == "nonce"
    assert read_launch(claims).sub == "ada"
