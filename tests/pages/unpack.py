"""Reads what a page carries deflated."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any


def unpack(part: dict[str, Any]) -> Any:
    """Return JSON that a page carries deflated."""
    data = zlib.decompress(base64.b64decode(part["z"]), -15)
    assert len(data) == part["n"]
    return json.loads(data)
