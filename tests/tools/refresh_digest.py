"""One SHA-256 over all that ``transit-model run`` writes: ``python -m tests.tools.refresh_digest MAPS [--check]``.

The guard of a rebuilding: whoever moves code and no number must not move a byte. The committed `run.sha256` holds the
digest of the whole and below it that of each file, so that a difference has a name. Without ``--check`` it is written
anew (``make golden`` runs the study and does that); who moves a number on purpose renews it and reviews what moved.

The versions in the manifest are left out of the digest. Geometry may differ in its last bit with other libraries or
another processor, so the file says what it was made with; with anything else ``--check`` says that nothing is compared.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

from tests.conftest import REPO

TARGET = REPO / "tests" / "golden" / "run.sha256"
MANIFEST = "data/manifest.json"
LEFT_OUT = ("versions", "python", "files")
"""Keys of the manifest that are no result; its list of files is replaced by the files themselves."""
OURS = "transit-model"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_run(maps: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a run by name, the manifest without its versions.

    Raises
    ------
    RuntimeError
        When the folder holds no finished run, or a file is not the one that the manifest names.
    """
    if not (maps / MANIFEST).is_file():
        raise RuntimeError(f"{maps} holds no {MANIFEST}; write the default study there first")
    manifest: dict[str, Any] = json.loads((maps / MANIFEST).read_text(encoding="utf-8"))
    digests = {}
    for name, facts in manifest["files"].items():
        digests[name] = _hash((maps / name).read_bytes()) if (maps / name).is_file() else "missing"
        if digests[name] != facts["sha256"]:
            raise RuntimeError(f"{name} is not the file that {MANIFEST} names")
    kept = {key: value for key, value in manifest.items() if key not in LEFT_OUT}
    digests[MANIFEST] = _hash(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode())
    return dict(sorted(digests.items()))


def describe_makers(maps: Path) -> str:
    """Return what a run was made with: system, processor and the versions of the libraries, ours apart."""
    versions = json.loads((maps / MANIFEST).read_text(encoding="utf-8"))["versions"]
    libraries = [f"{name} {number}" for name, number in sorted(versions.items()) if name != OURS]
    return ", ".join([platform.system(), platform.machine(), *libraries])


def write_text(digests: dict[str, str], builders: str) -> str:
    """Return the text of the committed file: what made it, the digest of the whole, the digests of the files."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    return f"# {builders}\n{_hash(lines.encode())}  (the whole run)\n{lines}"


def list_moved(before: str, after: str) -> list[str]:
    """Return the names of files that came, went or changed between two texts."""
    old, new = ({line[66:]: line[:64] for line in text.splitlines()[2:]} for text in (before, after))
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def check(before: str, after: str) -> tuple[bool, str]:
    """Return whether a run is the committed one, or made by other libraries, and what to say about it."""
    if before == after:
        return True, f"the whole run is the committed one: {after.splitlines()[1][:64]}"
    made, makes = before.splitlines()[0], after.splitlines()[0]
    moved = list_moved(before, after)
    if made != makes:
        return (
            True,
            f"!!! NOT COMPARED: {len(moved)} files differ, but the committed digest was made with\n{made}\n{makes}",
        )
    return False, "\n".join([f"{len(moved)} files moved; if that is meant, say make golden and review:", *moved])


def main(arguments: list[str] | None = None, target: Path = TARGET) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("maps", type=Path, help="the folder that run wrote")
    parser.add_argument("--check", action="store_true", help="compare with the committed digest instead of writing it")
    chosen = parser.parse_args(arguments)
    try:
        after = write_text(digest_run(chosen.maps), describe_makers(chosen.maps))
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    before = target.read_text(encoding="utf-8") if target.exists() else "# nothing\nnothing\n"
    if chosen.check:
        fine, words = check(before, after)
        sys.stdout.write(f"{words}\n")
        return 0 if fine else 1
    target.write_text(after, encoding="utf-8", newline="\n")
    moved = list_moved(before, after)
    sys.stdout.write("\n".join([*moved, f"{len(moved)} files of the run moved"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
