"""The manifest of a region pack: which files, with which SHA-256. Line ends do not count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transit_model.errors import InputError, Issue
from transit_model.region.tables import MANIFEST_FILE

_SCHEMA = 1


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the manifest of the pack in a folder.

    Raises
    ------
    InputError
        ``missing_manifest``, ``bad_manifest``.
    """
    try:
        content = json.loads((path / MANIFEST_FILE).read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        hint = "without it nobody can tell whether files were changed"
        message = "the pack has no manifest"
        raise InputError(Issue("missing_manifest", "warning", message, file=MANIFEST_FILE, hint=hint)) from error
    except (OSError, ValueError) as error:
        line = getattr(error, "lineno", None)
        message = f"the manifest is not JSON: {error}"
        raise InputError(Issue("bad_manifest", "error", message, file=MANIFEST_FILE, line=line)) from error
    files = content.get("files") if isinstance(content, dict) else None
    good = isinstance(files, dict) and all(
        isinstance(f, dict) and isinstance(f.get("sha256"), str) for f in files.values()
    )
    if not good or content.get("schema") != _SCHEMA:
        hint = 'expected {"schema": 1, "files": {path: {"sha256": ...}}}'
        raise InputError(
            Issue("bad_manifest", "error", "the manifest is not of schema 1", file=MANIFEST_FILE, hint=hint)
        )
    return dict(content)


def check_manifest(path: Path, hashes: Mapping[str, str]) -> list[Issue]:
    """Compare the files of a pack with its manifest.

    Parameters
    ----------
    path : Path
        Folder of the pack.
    hashes : mapping
        Relative path to `hash_text` of every file present.

    Returns
    -------
    list of Issue
        ``missing_file`` (error) for a listed file that is not there, ``manifest_mismatch`` (warning) for an edited
        one, ``unlisted_file`` (warning), and those of `read_manifest`.
    """
    try:
        listed = read_manifest(path)["files"]
    except InputError as error:
        return error.issues
    issues: list[Issue] = []
    for name, entry in sorted(listed.items()):
        if name not in hashes:
            hint = "fetch the pack again, or build it anew"
            issues.append(
                Issue("missing_file", "error", "the manifest lists a file that is not there", name, hint=hint)
            )
        elif hashes[name] != entry["sha256"]:
            hint = "results will differ from those of the published pack; their fingerprint says so"
            message = "the file was edited after the manifest was written"
            issues.append(Issue("manifest_mismatch", "warning", message, file=name, hint=hint))
    for name in sorted(set(hashes) - set(listed)):
        issues.append(Issue("unlisted_file", "warning", "the manifest does not list this file", file=name))
    return issues
