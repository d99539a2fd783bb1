"""Which addresses are asked, and which are ours: no request goes where a stranger points.

An address that a launch, a registration or an answer names is used only if its host and port are
those of a platform that the operator registered, over https. Plain http is for platforms on this
machine: `localhost`, names below it, and loopback addresses.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

LENGTH: Final = 2000
"""The most characters of an address."""
# Browsers and libraries disagree about what these do in an address.
_ODD: Final = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\<>\"]")
_PORTS: Final = {"http": 80, "https": 443}


def origin_of(url: str) -> str | None:
    """Return scheme, host and port of an address, such as `https://lms.example:443`.

    None for an address that is never used: another scheme, plain http to another machine, a user
    name in it, odd characters.
    """
    parts = _parts(url)
    if parts is None or parts.hostname is None:
        return None
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or _PORTS[parts.scheme]}"


def origins_of(urls: Iterable[str]) -> frozenset[str]:
    """Return the origins of the addresses that have one."""
    return frozenset(origin for url in urls if (origin := origin_of(url)))


def is_allowed(url: str, origins: frozenset[str]) -> bool:
    """Whether an address lies at one of the origins that may be asked."""
    origin = origin_of(url)
    return origin is not None and origin in origins


def for_browsers(url: str) -> str | None:
    """Return the origin of an address as a content security policy writes it, without 80 or 443."""
    origin = origin_of(url)
    if origin is None:
        return None
    scheme = origin.partition(":")[0]
    return origin.removesuffix(f":{_PORTS[scheme]}")


def is_ours(url: str, base_url: str) -> bool:
    """Whether an address is a page of this service: same origin, below the same path."""
    parts, base = _parts(url), _parts(base_url)
    if parts is None or base is None or origin_of(url) != origin_of(base_url):
        return False
    root = base.path.rstrip("/") + "/"
    below = parts.path == root.rstrip("/") or parts.path.startswith(root)
    return below and ".." not in parts.path and "%2e" not in parts.path.lower()


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, a name below it, or a loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def below(url: str, part: str) -> str:
    """Return an address with a part added to its path; a query stays behind the path.

    Moodle's line items have one: `.../lineitems/7/lineitem?type_id=3`.
    """
    parts = urlsplit(url)
    path = f"{parts.path.rstrip('/')}/{part}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _parts(url: str) -> SplitResult | None:
    if len(url) > LENGTH or _ODD.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = parts.scheme in _PORTS and parts.hostname and port != 0
    if not plain or "@" in parts.netloc:
        return None
    return parts
