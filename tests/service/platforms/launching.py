"""A browser without a window: it follows a launch from the course page to the session."""

import html
import json
import re
from typing import Any

import httpx


class Browser:
    """Follows what pages tell a browser to do, and keeps cookies and what scripts keep."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=120)
        self.kept: dict[str, str] = {}

    def begin(self, url: str) -> httpx.Response:
        """Open a course's link: the platform sends the browser to the tool's login."""
        answer = self.client.get(url)
        assert answer.status_code == 302, answer.text
        return self.client.get(answer.headers["Location"])

    def to_form(self, login: httpx.Response) -> tuple[str, dict[str, str]]:
        """Go on from the login to the platform, and return the form that it would post."""
        data = data_of(login)
        self.kept[data["state"]] = data["proof"]
        answer = self.client.get(data["next"])
        assert answer.status_code == 200, answer.text
        return form_of(answer.text)

    def launch(self, url: str) -> httpx.Response:
        """Open a course's link, and return the page that the launch is answered with."""
        login = self.begin(url)
        assert login.status_code == 200, login.text
        address, fields = self.to_form(login)
        return self.client.post(address, data=fields)

    def confirm(
        self, launched: httpx.Response, **changes: Any
    ) -> httpx.Response:
        """Trade the code of a launch for a session, as the script of its page does."""
        data = data_of(launched)
        body = {
            "code": data["code"],
            "state": data["state"],
            "proof": self.kept.get(data["state"]),
            **changes,
        }
        origin = str(launched.url.copy_with(path="/", query=None)).rstrip("/")
        return self.client.post(f"{origin}/lti/confirm", json=body)

    def enter(self, url: str) -> dict[str, Any]:
        """Open a course's link to the end, and return the session."""
        launched = self.launch(url)
        assert launched.status_code == 200, launched.text
        answer = self.confirm(launched)
        assert answer.status_code == 200, answer.text
        session: dict[str, Any] = answer.json()
        return session


def data_of(page: httpx.Response) -> dict[str, Any]:
    """Return what the script of a page works with."""
    assert page.status_code == 200, page.text
    found = re.search(r'id="data"[^>]*>(.*?)</script>', page.text, re.DOTALL)
    assert found is not None, page.text
    data: dict[str, Any] = json.loads(found[1])
    return data


def sentence_of(page: httpx.Response) -> str:
    """Return the one sentence that a page says."""
    found = re.search(r'id="said"[^>]*>(.*?)</p>', page.text, re.DOTALL)
    assert found is not None, page.text
    return html.unescape(found[1])


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return the address and the fields of the form that a page posts."""
    action = re.search(r'action="([^"]+)"', page)
    assert action is not None, page
    fields = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    unescaped = {name: html.unescape(value) for name, value in fields}
    return html.unescape(action[1]), unescaped
