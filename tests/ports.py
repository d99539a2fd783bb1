"""Ports for what must know its own before it listens."""

import secrets
import socket

_PORTS = range(20_000, 32_000)
"""Below those that the kernel gives to whoever asks for any: nobody else takes one in between."""


def free_port() -> int:
    """Return a port that nobody listens at, and that no other test gets while this process lives.

    The same number of UDP is held for that, which disturbs nobody.
    """
    for port in secrets.SystemRandom().sample(_PORTS, len(_PORTS)):
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", port))
            with socket.create_server(("127.0.0.1", port)):
                pass
        except OSError:
            held.close()
            continue
        held.detach()  # until the process ends
        return port
    raise AssertionError("there is no free port")
