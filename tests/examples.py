"""How many examples a property is tried on: a part of them in the default run, all in the second step of `.ci/run`.

``HYPOTHESIS_PROFILE=long`` asks for all. No property is left out of the default run.
"""

from __future__ import annotations

import os
from typing import Final

PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "quick")
QUICK_PART: Final = 5
"""The default run tries one in so many examples,"""
QUICK_LEAST: Final = 10
"""but at least so many, unless fewer were declared."""


def examples(declared: int, profile: str = PROFILE) -> int:
    """Return how many examples of those declared are tried in this run.

    Raises
    ------
    ValueError
        When the profile is not ``quick`` or ``long``: a mistyped name would be a run that proves less than it says.
    """
    if profile == "long":
        return declared
    if profile != "quick":
        raise ValueError(f"HYPOTHESIS_PROFILE is quick or long, not {profile!r}")
    return min(declared, max(QUICK_LEAST, declared // QUICK_PART))
