"""Where an import takes its map from: a file, or a download by name or box that becomes a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from transit_model.store.cache import Cache

SourceArgument = Annotated[
    Path | None, typer.Argument(help="FILE.osm.pbf, .osm, .osm.gz, .osm.bz2, or a layer of lines.", metavar="FILE")
]
FolderOption = Annotated[
    Path, typer.Option("--out", "-o", help="Region folder; what is imported is replaced in it.", metavar="DIR")
]
PlaceOption = Annotated[str | None, typer.Option("--place", help="Download the area of this name.")]
BoxOption = Annotated[
    str | None, typer.Option("--overpass", help="Download a box: west,south,east,north.", metavar="BOX")
]
MirrorOption = Annotated[str | None, typer.Option("--mirror", help="Address of another Overpass server.")]
NominatimOption = Annotated[str | None, typer.Option("--nominatim", help="Address of another Nominatim server.")]
TimeoutOption = Annotated[float, typer.Option("--timeout", help="Seconds to wait for one answer.", min=1)]
TileOption = Annotated[float, typer.Option("--tile", help="Largest side of a tile in degrees.", min=0.01, max=5)]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", help="Cache folder; else TRANSIT_MODEL_CACHE, else the user's.", metavar="DIR"),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Read afresh and keep nothing of the import.")]


@dataclass(frozen=True)
class Download:
    """What to download and how; neither place nor box when a file is given."""

    place: PlaceOption = None
    overpass: BoxOption = None
    mirror: MirrorOption = None
    nominatim: NominatimOption = None
    timeout_s: TimeoutOption = 180.0
    tile_deg: TileOption = 0.5


@dataclass(frozen=True)
class CacheOptions:
    """Where imports are kept."""

    cache: CacheOption = None
    no_cache: NoCacheOption = False


class MapSource(NamedTuple):
    """A map file, and lines that say what was fetched when (none for a file of the user's own)."""

    path: Path
    messages: list[str]


def open_source(
    file: Path | None, download: Download, cache: Cache, classes: Sequence[str], layers: Sequence[str]
) -> MapSource:
    """Return the map file to read, downloaded when a place or box is named.

    Raises
    ------
    InputError
        ``one_source``, and those of the download.
    """
    if sum(v is not None for v in (file, download.place, download.overpass)) != 1:
        hint = "a FILE, or --place NAME, or --overpass BOX"
        raise InputError(Issue("one_source", "error", "name one source", hint=hint))
    if file is not None:
        return MapSource(file, [])
    from transit_model.roads.overpass import OverpassOptions, download_extract, parse_box

    options = OverpassOptions(
        timeout_s=download.timeout_s,
        mirror=download.mirror or "",
        nominatim=download.nominatim or "",
        tile_deg=download.tile_deg,
    )
    if download.overpass is not None:
        return MapSource(*download_extract(parse_box(download.overpass), options, cache, classes, layers=layers))
    from transit_model.roads.place_area import find_place_area

    found = find_place_area(str(download.place), options, cache.folder / "nominatim")
    path, messages = download_extract(found.area, options, cache, classes, layers=layers)
    return MapSource(path, [f"{download.place}: {found.name}", *messages])


def list_download_rules(download: Download) -> dict[str, tuple[bool, str]]:
    """Return when the options of a download are used, for `refuse_unused`."""
    fetched = download.place is not None or download.overpass is not None
    when = "by a download: with --place or --overpass"
    rules = dict.fromkeys(("mirror", "timeout_s", "tile_deg"), (fetched, when))
    return {**rules, "nominatim": (download.place is not None, "by a download with --place")}
