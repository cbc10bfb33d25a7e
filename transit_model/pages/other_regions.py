"""The other shipped regions, for the front page: by name, and by link where their pages stand beside these."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transit_model.store.joined_tables import JOINT
from transit_model.store.resources import DEFAULT_REGION, REGION_FILE, find_data_dir, list_regions
from transit_model.store.yaml_lines import parse_yaml

PAGES: Final = "maps"
MANIFEST: Final = Path("data") / "manifest.json"


@dataclass(frozen=True)
class OtherRegion:
    """A shipped region: its id and title, and where its front page is; None where it has not been written."""

    region_id: str
    title: dict[str, str]
    href: str | None = None


def name_pages_folder(region_id: str | None) -> str:
    """Return the folder that the pages of a region go to by default: ``maps``, of another shipped one ``maps-<id>``."""
    if region_id is None or region_id == DEFAULT_REGION or not set(region_id.split(JOINT)) <= set(list_regions()):
        return PAGES
    return f"{PAGES}-{region_id}"


def list_other_regions(region_id: str, out_dir: Path) -> tuple[OtherRegion, ...]:
    """Return the shipped regions beside this one, by id; none for a region that is not shipped.

    Parameters
    ----------
    region_id : str
        The region whose pages are written.
    out_dir : Path
        Where to. Pages of another region are looked for in the folders of the same parent that bear a default name.
    """
    names = list_regions()
    if region_id not in names:
        return ()
    return tuple(_describe(name, out_dir) for name in names if name != region_id)


def _describe(region_id: str, out_dir: Path) -> OtherRegion:
    file = find_data_dir() / region_id / REGION_FILE
    title = {str(k): str(v) for k, v in parse_yaml(file.read_bytes(), file=REGION_FILE).data["title"].items()}
    folder = name_pages_folder(region_id)
    beside = out_dir.resolve().parent / folder
    return OtherRegion(region_id, title, f"../{folder}/index.html" if _holds(beside, region_id) else None)


def _holds(folder: Path, region_id: str) -> bool:
    """Return whether a folder holds the pages of a region."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("region") == region_id and (folder / "index.html").is_file()
