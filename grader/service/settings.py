"""What the operator decides, once, when the service starts."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from grader.errors import UsageError

HOST: Final = "127.0.0.1"
PORT: Final = 8642
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

_ON_THIS_MACHINE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing is bound
"""What stands for every address of this machine -> the one that a browser on it opens."""
_ANYWHERE: Final = "192.0.2.1"
"""An address that belongs to nobody (RFC 5737)."""

PY_BYTES: Final = 512 * 1024
"""The most that a file of Python code may have."""
NOTEBOOK_BYTES: Final = 5 * 1024 * 1024


class Hub(msgspec.Struct, frozen=True, kw_only=True):
    """The JupyterHub whose managed service this is."""

    api_url: str
    """Where it says whose a token is, without a slash at the end."""
    prefix: str
    """What its proxy puts before every path, with a slash at both ends."""
    scopes: frozenset[str]
    """A token of a user may be used here if it has one of these."""
    platform: str | None = None
    """The platform whose ids for people are the Hub's names; None: they are the Hub's own."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How the service runs."""

    data: Path
    """The folder of everything that is kept here."""
    database: str
    """A URL: `sqlite:///FILE` or `postgresql://...`."""
    host: str = HOST
    port: int = PORT
    base_url: str | None = None
    """How browsers reach it, without a slash at the end; None: by host and port."""
    solutions: Path | None = None
    """The hidden halves; None: what is trusted here (`grader.exercise.trust`)."""
    secret_file: Path | None = None
    """What hidden inputs are drawn from; None: a secret that is kept in the database."""
    require_isolation: str = "full"
    log_format: Literal["text", "json"] = "text"
    keep_days: float | None = None
    """After how many days code and reports are deleted; None: never."""
    hub: Hub | None = None

    @property
    def url(self) -> str:
        """How browsers reach it, without a slash at the end."""
        return self.base_url or _address(
            _ON_THIS_MACHINE.get(self.host, self.host), self.port
        )

    @property
    def url_for_others(self) -> str:
        """How browsers on other machines reach it, without a slash at the end."""
        if self.base_url is not None or self.host not in _ON_THIS_MACHINE:
            return self.url
        return _address(_own_address(), self.port)

    @property
    def open_to_others(self) -> bool:
        """Whether anybody but this machine can reach it."""
        return self.host not in LOOPBACK


def hub_of(environment: Mapping[str, str], platform: str | None) -> Hub:
    """Return the Hub that has started this, as a Hub tells its services; `UsageError` if none has.

    https://jupyterhub.readthedocs.io/en/stable/reference/services.html
    """
    names = ("API_URL", "SERVICE_NAME", "SERVICE_PREFIX")
    api, name, prefix = (
        environment.get(f"JUPYTERHUB_{each}", "") for each in names
    )
    if not api or not name or not prefix:
        raise UsageError(
            "--hub: no JupyterHub has started this; name the command and the url in its setting "
            "JupyterHub.services"
        )
    return Hub(
        api_url=api.rstrip("/"),
        prefix=f"/{prefix.strip('/')}/",
        scopes=frozenset(
            ["access:services", f"access:services!service={name}"]
        ),
        platform=platform,
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address() -> str:
    """Return the address that this machine sends from, or its name where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            # Of a datagram's socket this sends nothing: it only chooses the way.
            asked.connect((_ANYWHERE, 9))
        except OSError:
            return socket.gethostname()
        address: str = asked.getsockname()[0]
        return address


def default_data() -> Path:
    """Return the folder where data is kept if the operator names none, as XDG says."""
    given = os.environ.get("XDG_DATA_HOME", "")
    home = (
        Path(given)
        if Path(given).is_absolute()
        else Path.home() / ".local/share"
    )
    return home / "exercise-grader"


def database_url(data: Path, given: str | None) -> str:
    """Return the URL of the database, with the driver that is used; `UsageError` for another."""
    if given is None:
        return f"sqlite:///{data / 'service.sqlite'}"
    kind, _, rest = given.partition("://")
    if kind in ("postgresql", "postgres", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if kind == "sqlite":
        return given
    raise UsageError(
        "--database: give postgresql://USER@HOST/NAME or sqlite:///FILE"
    )


def checked_base_url(given: str | None) -> str | None:
    """Return the address that browsers use, without a trailing slash; `UsageError` if none."""
    if given is None:
        return None
    parts = urlsplit(given)
    plain = parts.scheme in ("http", "https") and parts.hostname
    # The addresses of pages, scripts and the LTI tool begin at the host.
    path = parts.path.strip("/")
    if not plain or path or parts.query or parts.fragment or parts.username:
        raise UsageError(
            f"--base-url {given}: give the address that browsers use, without a path, such as "
            "https://grader.uni.example"
        )
    return given.rstrip("/")
