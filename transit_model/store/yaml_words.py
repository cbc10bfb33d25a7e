"""What is wrong with the syntax of a YAML file, in words of who writes it by hand: each has a translation."""

from __future__ import annotations

import re
from typing import Final

_SAID: Final = (
    (r"could not find expected ':'", "a colon is missing after a key"),
    (r"mapping (values|keys) are not allowed here", "a colon stands where none may: quote the text"),
    (r"found unexpected ':'", "a colon stands where none may: quote the text"),
    (r"sequence entries are not allowed here", "a list item (-) stands where none may"),
    (r"found unexpected end of stream", "quotes are not closed"),
    (r"found unexpected document separator|expected a single document|but found another document", "--- stands here"),
    (r"expected ',' or '[\]}]'", "a bracket is not closed, or a comma is missing"),
    (r"expected <block end>", "the line is indented otherwise than those above it"),
    (r"found character .* that cannot start any token", "a text begins with a sign that must be quoted"),
    (r"found unknown escape character|expected escape sequence", "a backslash in double quotes stands for nothing"),
    (r"could not determine a constructor|found undefined tag|expected URI", "tags (!) are not used in these files"),
    (r"special characters are not allowed|unacceptable character", "a control character stands in the text"),
    (r"expected the node content", "a value is missing"),
    (r"day is out of range|month must be in|hour must be in|failed to construct timestamp", "a date does not exist"),
    (r"maximum depth|recursion", "too deeply nested"),
)
"""What the parser says, and our sentence."""
OTHERWISE: Final = "the syntax is wrong here"


def describe_syntax(problem: str) -> str:
    """Return our sentence for what the YAML parser says."""
    return next((said for pattern, said in _SAID if re.search(pattern, problem)), OTHERWISE)
