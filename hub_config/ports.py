"""Ports: which are free, and a clear word when one is not."""

from __future__ import annotations

import contextlib
import socket

from coursewright.records.errors import Conflict


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; held all at once, so that they differ."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]


def check_port(ip: str, port: int) -> None:
    """Raises Conflict when somebody listens there already."""
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((ip, port))
        except OSError as error:
            raise Conflict(
                f"Port {port} on {ip} cannot be used: {error.strerror}. Nothing was started."
                f" Try another one: coursewright up --port {port + 1}"
            ) from error
