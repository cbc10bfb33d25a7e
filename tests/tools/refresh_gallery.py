"""Put a gallery together from a folder that ``transit-model run`` wrote: four pages and their manifest.

An artefact to send or to look at, never committed; the manifest says from which data, scenarios and version it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = "gallery"
MANIFEST = "manifest.json"
PAGES = ("index.html", "hubao-hsr.html", "compare-built-2025-hubao-hsr.html", "timeline.html")
BUDGET_BYTES = 5_000_000
_LINK = re.compile(r'href="((?:data/)?[\w.-]+\.(?:html|csv|gpkg|json))')


def hash_text(path: Path) -> str:
    """Return the SHA-256 of a text file, the same whatever the line ends of the checkout."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def hash_scenarios(folder: Path) -> str:
    """Return one SHA-256 over the names and texts of all YAML files of the scenarios folder."""
    files = sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix())
    lines = "".join(f"{p.relative_to(folder).as_posix()} {hash_text(p)}\n" for p in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def describe_inputs() -> dict[str, str]:
    """Return what the gallery depends on, as it is now."""
    from transit_model.measure.workspace import Workspace

    work = Workspace.open()
    return {
        "version": version("transit-model"),
        "region_sha256": work.region.fingerprint,
        "assumptions_sha256": work.assumptions.fingerprint(),
        "scenarios_sha256": hash_scenarios(work.scenarios_dir),
    }


def point_outside(page: str) -> str:
    """Return a page whose links beyond the gallery lead to the folder above, where ``run`` writes by default."""
    return _LINK.sub(lambda m: m[0] if m[1] in PAGES else f'href="../{m[1]}', page)


def refresh(maps: Path, gallery: Path, inputs: dict[str, str]) -> list[Path]:
    """Write the gallery anew and return its files.

    Raises
    ------
    RuntimeError
        When a page is missing, or the gallery would be too heavy; the one before is left as it was.
    """
    missing = [name for name in PAGES if not (maps / name).is_file()]
    if missing:
        raise RuntimeError(f"{maps} holds no {', '.join(missing)}; write the default study there first")
    texts = {name: point_outside((maps / name).read_text(encoding="utf-8")) for name in PAGES}
    total = sum(len(text.encode()) for text in texts.values())
    if total > BUDGET_BYTES:
        raise RuntimeError(f"the gallery would weigh {total / 1e6:.1f} MB, more than {BUDGET_BYTES / 1e6:.0f} MB")
    shutil.rmtree(gallery, ignore_errors=True)
    gallery.mkdir(parents=True)
    for name, text in texts.items():
        (gallery / name).write_text(text, encoding="utf-8", newline="\n")
    manifest: dict[str, Any] = {"inputs": inputs, "files": {name: hash_text(gallery / name) for name in PAGES}}
    (gallery / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8", newline="\n")
    return [gallery / name for name in (*PAGES, MANIFEST)]


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("maps", type=Path, help="the folder that run wrote")
    parser.add_argument("--to", type=Path, help="where the gallery goes; default: gallery in that folder")
    chosen = parser.parse_args(arguments)
    try:
        files = refresh(chosen.maps, chosen.to or chosen.maps / FOLDER, describe_inputs())
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path.stat().st_size / 1e6:5.2f} MB  {path}\n" for path in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
