"""No part of an answer waits for the browser to confirm the part before it."""

from __future__ import annotations

import socket

from transit_model.studio.server import open_studio


def test_connections_send_at_once() -> None:
    server = open_studio(None, None, None)
    try:
        listener = server._socket
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    finally:
        server._socket.close()
