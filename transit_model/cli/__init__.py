"""The command line: parse, call the study, print. No arithmetic and no loop over places.

Heavy libraries are imported inside the commands, so that ``--help`` starts at once.
"""

from __future__ import annotations

from transit_model.cli.app import main

__all__ = ["main"]
