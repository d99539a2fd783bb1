"""Platforms of others, as processes, in an environment of their own that is made once."""

import fcntl
import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

PROCESSES = Path(__file__).parent / "processes"
START_S = 120


def python() -> str:
    """Return the interpreter that has the platforms' libraries."""
    folder = made_from(PROCESSES / "requirements.txt")
    return str(folder / "venv/bin/python")


def made_from(requirements: Path, npm: str | None = None) -> Path:
    """Return a folder with an environment, `venv`; the first who asks installs it.

    It is kept where temporary files are, for as long as its list is the same. `npm` is a package
    that is installed beside it, in `node_modules`.
    """
    wanted = requirements.read_bytes() + (npm or "").encode()
    name = hashlib.sha256(wanted + sys.version.encode()).hexdigest()[:16]
    folder = (
        Path(tempfile.gettempdir()) / f"grader-platforms-{os.getuid()}-{name}"
    )
    folder.mkdir(mode=0o700, exist_ok=True)
    assert folder.stat().st_uid == os.getuid(), f"{folder} is somebody else's"
    made = folder / "made"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            venv.create(folder / "venv", with_pip=True, clear=True)
            installed = subprocess.run(
                [
                    folder / "venv/bin/python",
                    *("-m", "pip", "install", "--quiet"),
                    *("--disable-pip-version-check", "--requirement"),
                    requirements,
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            assert installed.returncode == 0, installed.stderr[-2000:]
            if npm is not None:
                found = shutil.which("npm")
                assert found is not None, "npm: run .ci/system-packages"
                installed = subprocess.run(
                    [found, "install", "--silent", "--prefix", folder, npm],
                    check=False,
                    capture_output=True,
                    text=True,
                )
                assert installed.returncode == 0, installed.stderr[-2000:]
            made.touch()
    return folder


class Platform:
    """A platform as a process, and what a test does with it."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.process = subprocess.Popen(
            [python(), PROCESSES / script],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], START_S)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"{script} did not start"
        self.base = json.loads(line)["base"]
        self.client = httpx.Client(base_url=self.base, timeout=120)

    def register(self, tool: str, **more: str) -> dict[str, str]:
        """Register a tool by its address, and return what the tool must know."""
        answer = self.client.post("/tool", data={"base": tool, **more})
        assert answer.status_code == 200, answer.text
        registration: dict[str, str] = answer.json()
        return registration

    def fault(self, where: str, mode: str, times: int = 1) -> None:
        """Let requests go wrong, see `processes/faults.py`."""
        asked = {"where": where, "mode": mode, "times": str(times)}
        assert self.client.post("/fault", data=asked).status_code == 200

    def works(self) -> None:
        """Let everything work again."""
        assert self.client.post("/works").status_code == 200

    def rotate(self, tool: str) -> None:
        """Give the platform a new key."""
        answer = self.client.post("/rotate", data={"tool": tool})
        assert answer.status_code == 200, answer.text

    def start_url(self, tool: str, **asked: str) -> str:
        """Return where a course page begins a launch."""
        return f"{self.base}/start?{urlencode({'tool': tool, **asked})}"

    def course_url(self, tool: str, **asked: str) -> str:
        """Return the course page that has the tool in a frame."""
        return f"{self.base}/course?{urlencode({'tool': tool, **asked})}"

    def read(self, path: str, **asked: str) -> Any:
        """Return what the platform answers as JSON."""
        answer = self.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end(self) -> None:
        """End the process."""
        self.client.close()
        self.process.kill()
        self.process.communicate()
