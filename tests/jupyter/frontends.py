"""JupyterLab and Notebook 7 as a student opens them: a server on a free port, and a browser."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.ports import free_port

PATIENCE_MS = 120_000
"""For one step in a page: on a busy machine what takes a moment may take much longer."""
expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = (
    shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
PLACES = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
PLUGINS = {
    # Nothing may ask the network, and nothing may pop up in front of the page.
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # The whole notebook is on the page, not only what can be seen of it.
    "notebook-extension/tracker": {"windowingMode": "none"},
}
APPLICATIONS = {
    "jupyterlab": (
        "lab/tree",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=",
    ),
    "notebook": ("notebooks",),
}
"""The modules that serve a notebook: where its page is, and their own options."""


class Frontend:
    """JupyterLab or Notebook 7 with one notebook in its folder."""

    def __init__(
        self, folder: Path, name: str, module: str = "jupyterlab"
    ) -> None:
        self.folder = folder
        self.module = module
        self.notebook = folder / "work" / name
        self.notebook.parent.mkdir()
        self.port = free_port()
        page, *self.options = APPLICATIONS[module]
        self.url = f"http://127.0.0.1:{self.port}/{page}/{name}?token=lesson"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which nothing of whoever runs the tests is read or written."""
        places = {name: str(self.folder / at) for name, at in PLACES.items()}
        return {**os.environ, **places}

    def write_settings(self, theme: str) -> None:
        """Write the settings; they are read when a page is opened."""
        folder = self.folder / "settings" / "@jupyterlab"
        plugins = {**PLUGINS, "apputils-extension/themes": {"theme": theme}}
        for name, values in plugins.items():
            path = folder / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), "utf-8")

    def trust(self) -> None:
        """Sign the notebook, as Jupyter does with what was run on this machine."""
        command = (sys.executable, "-m", "jupyter", "trust", self.notebook)
        subprocess.run(
            command, check=True, capture_output=True, env=self.environment
        )

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve the notebook."""
        server = self._start()
        try:
            yield
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                # It waits for a kernel that was just about to start, and that will end by itself.
                server.kill()
                server.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it answers."""
        command = (
            sys.executable,
            "-m",
            self.module,
            "--no-browser",
            "--allow-root",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=lesson",
            f"--ServerApp.root_dir={self.notebook.parent}",
            *self.options,
        )
        with (self.folder / "log").open("wb") as log:
            server = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
            )
        address = f"http://127.0.0.1:{self.port}/api?token=lesson"
        end = time.monotonic() + 180
        while server.poll() is None and time.monotonic() < end:
            with (
                suppress(OSError, http.client.HTTPException),
                urllib.request.urlopen(address, timeout=30),
            ):
                return server
            time.sleep(0.1)
        server.kill()
        server.wait()
        raise RuntimeError((self.folder / "log").read_text("utf-8"))


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium."""
    assert CHROMIUM, (
        "install chromium: these tests alone see what a student sees"
    )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), timeout=PATIENCE_MS
        )
        yield running
        running.close()
