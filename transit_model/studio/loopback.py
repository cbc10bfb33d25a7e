"""Which requests a server of this machine answers: names of its own, and pages that it has served itself.

A page of another site may send requests to 127.0.0.1 (DNS rebinding, cross-site posts); its Host or Origin betrays it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

HOST: Final = "127.0.0.1"
OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def is_own_name(host: str) -> bool:
    """Return whether a Host header names this machine; any port, since a tunnel may lead here from another."""
    try:
        name = urlsplit(f"//{host.strip()}").hostname or ""
    except ValueError:
        return False
    return "@" not in host and name.rstrip(".") in OWN_NAMES


def is_same_origin(origin: str, host: str) -> bool:
    """Return whether an Origin header names the very server that the Host header does."""
    try:
        parts = urlsplit(origin.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.strip().lower()
