"""A JupyterHub with the service as its managed service, and users with servers of their own."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from nbformat import v4

from tests.ports import free_port
from tests.service.conftest import SOLUTIONS
from tests.service.platforms.environment import (
    made_from,
)

SETTING = Path(__file__).parent / "setting"
PROXY = "configurable-http-proxy@5.3.0"
WAIT_S = 240


class Hub:
    """A Hub as a process, its proxy and its service below it."""

    def __init__(
        self, folder: Path, *options: str, service_port: int | None = None
    ) -> None:
        made = made_from(SETTING / "requirements.txt", PROXY)
        self.folder = folder
        self.data = folder / "service"
        self.token = secrets.token_hex(16)
        self.url, hub, proxy_api = (
            f"http://127.0.0.1:{free_port()}" for _ in range(3)
        )
        port = service_port or free_port()
        self.service_url = f"http://127.0.0.1:{port}"
        told = {
            "folder": str(folder),
            "url": self.url,
            "hub_url": hub,
            "proxy": str(made / "node_modules/.bin/configurable-http-proxy"),
            "proxy_api": proxy_api,
            "python": str(made / "venv/bin/python"),
            "kernels": str(_kernels(folder)),
            "token": self.token,
            "service_url": self.service_url,
            "service": [
                *(sys.executable, "-m", "grader", "serve", "--hub"),
                *("--data", str(self.data)),
                *("--port", str(port)),
                *("--solutions", str(SOLUTIONS)),
                *options,
            ],
        }
        (folder / "home").mkdir()
        self.log = (folder / "log").open("w+b")
        self.process = subprocess.Popen(
            [
                *(made / "venv/bin/python", "-m", "jupyterhub"),
                *("--config", SETTING / "jupyterhub_config.py"),
            ],
            cwd=folder,
            env={**os.environ, "TOLD": json.dumps(told)},
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.client = httpx.Client(
            base_url=self.url,
            timeout=WAIT_S,
            headers={"Authorization": f"token {self.token}"},
        )
        self.until(self._is_there)

    def user(self, name: str, *, serving: bool = True) -> "User":
        """Return a new user, whose server runs if they need one."""
        return User(self, name, serving=serving)

    def enter(
        self, token: str, exercise: str = "convolution"
    ) -> httpx.Response:
        """Show the service a token, through the Hub's proxy."""
        return httpx.post(
            f"{self.url}/services/grader/api/v1/hub/session",
            headers={"Authorization": f"token {token}"},
            json={"exercise": exercise},
            timeout=WAIT_S,
        )

    def said(self) -> str:
        """Return what the Hub, its service and its users' servers have logged."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def end(self) -> None:
        """End the Hub, and with it all that it has started."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=WAIT_S)
        self.log.close()

    def _is_there(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            hub = self.client.get("/hub/api/")
            service = httpx.get(f"{self.service_url}/healthz", timeout=120)
            return hub.status_code == service.status_code == 200
        return False

    def until(self, done: Callable[[], bool]) -> None:
        """Wait until something is so, while the Hub runs."""
        until = time.monotonic() + WAIT_S
        while not done():
            running = self.process.poll() is None and time.monotonic() < until
            assert running, self.said()[-4000:]
            time.sleep(0.2)


class User:
    """A user of the Hub, with a server and kernels there."""

    def __init__(self, hub: Hub, name: str, *, serving: bool) -> None:
        self.hub, self.name = hub, name
        self.home = hub.folder / "home" / name
        made = hub.client.post(f"/hub/api/users/{name}")
        assert made.status_code == 201, made.text
        if not serving:
            return
        started = hub.client.post(f"/hub/api/users/{name}/server")
        assert started.status_code in {201, 202}, started.text
        hub.until(self._is_ready)

    def save(self, notebook: str, *cells: str) -> None:
        """Save a notebook with these cells of code, as the editor does."""
        new: Any = v4
        nodes = [new.new_code_cell(each) for each in cells]
        answer = self.hub.client.put(
            f"/user/{self.name}/api/contents/{notebook}",
            json={"type": "notebook", "content": new.new_notebook(cells=nodes)},
        )
        assert answer.status_code in {200, 201}, answer.text

    def run(self, notebook: str, *cells: str) -> list[dict[str, Any]]:
        """Run cells in a kernel that the user's server starts for a notebook; return the outputs.

        The server starts it as for a page that opens the notebook. What runs the cells speaks to
        the kernel itself, since no page does.
        """
        session = self.hub.client.post(
            f"/user/{self.name}/api/sessions",
            json={
                "path": notebook,
                "name": notebook,
                "type": "notebook",
                "kernel": {"name": "tests"},
            },
        )
        assert session.status_code == 201, session.text
        kernel = session.json()["kernel"]["id"]
        (connection,) = self.home.rglob(f"kernel-{kernel}.json")
        client = BlockingKernelClient(connection_file=str(connection))
        client.load_connection_file()
        client.start_channels()
        outputs: list[dict[str, Any]] = []
        try:
            client.wait_for_ready(timeout=WAIT_S)
            for cell in cells:
                client.execute_interactive(
                    cell,
                    timeout=WAIT_S,
                    output_hook=lambda message: outputs.append(
                        message["content"]
                    ),
                )
        finally:
            client.stop_channels()
            self.hub.client.delete(
                f"/user/{self.name}/api/sessions/{session.json()['id']}"
            )
        return [each for each in outputs if "execution_state" not in each]

    def token(self, *scopes: str) -> str:
        """Return a token of this user that has these scopes."""
        made = self.hub.client.post(
            f"/hub/api/users/{self.name}/tokens", json={"scopes": scopes}
        )
        assert made.status_code == 201, made.text
        return str(made.json()["token"])

    def _is_ready(self) -> bool:
        told = self.hub.client.get(f"/hub/api/users/{self.name}").json()
        return bool(told["servers"].get("", {}).get("ready"))


def _kernels(folder: Path) -> Path:
    """Return a folder with the kernel that knows the grader, as a Hub's image has it."""
    place = folder / "jupyter" / "kernels" / "tests"
    place.mkdir(parents=True)
    spec = {
        "argv": [
            *(sys.executable, "-m", "ipykernel_launcher"),
            *("-f", "{connection_file}"),
        ],
        "display_name": "tests",
        "language": "python",
    }
    (place / "kernel.json").write_text(json.dumps(spec), "utf-8")
    return folder / "jupyter"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Return a Hub whose users are the service's own people."""
    running = Hub(tmp_path_factory.mktemp("hub"))
    yield running
    running.end()
