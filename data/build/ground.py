"""The ground under the maps: rivers, lakes, province borders, neighbours, shields, relief and courses of railways.

``python data/build/ground.py REGION [--out DIR]`` writes ``data/REGION/ground`` from ``data/sources/ground`` and from
the stations, lines, places and roads of the pack, which must be there already. A file of the same name in
``data/sources/REGION/ground`` takes the place of the shared one, and what is shared is cut to ``ground_box`` of the
region's choices. It depends on these files alone: built twice, it is the same byte for byte. How the sources were cut,
and their licences, is told in ``data/sources/ground/LICENCES.md``.
"""

from __future__ import annotations

import argparse
import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from choices import read_choices
from ground_cut import Box, cut_collection
from ground_rail import find_courses
from ground_shields import place_shields

Row = dict[str, str]

COPIED = ("rivers.geojson", "lakes.geojson", "borders.geojson", "neighbours.csv", "hillshade.json", "hillshade.png")
SHIELD_COLUMNS = ("ref", "lon", "lat", "kind")
COURSE_COLUMNS = ("from_stop_id", "to_stop_id", "seq", "lon", "lat")
BUDGET_BYTES = 500_000
ATTRIBUTION = {
    "zh": "底图：Natural Earth（公有领域）、GSHHG(LGPL)、GeoNames(CC BY)、© OpenStreetMap 贡献者（ODbL，铁路线形）",
    "en": "base map: Natural Earth (public domain), GSHHG (LGPL), GeoNames (CC BY), © OpenStreetMap contributors "
    "(ODbL, courses of railways)",
}
"""The line that ``attribution`` of region.yaml ends with."""


@dataclass(frozen=True)
class GroundSources:
    """The shared folder, the region's own, and the box that shared lines are cut to (west, south, east, north)."""

    shared: Path
    own: Path
    box: Box | None = None

    def find(self, name: str) -> Path:
        """Return the region's own file of this name, or the shared one."""
        return self.own / name if (self.own / name).is_file() else self.shared / name

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; shared lines and areas are cut to the box."""
        path = self.find(name)
        if self.box is None or path.parent == self.own or path.suffix != ".geojson":
            return path.read_bytes()
        return cut_collection(path.read_text(encoding="utf-8"), self.box).encode()


def build_ground(sources: GroundSources, out: Path) -> None:
    """Write ``out/ground`` anew.

    Parameters
    ----------
    sources : GroundSources
    out : Path
        The pack. Reads ``stations.csv``, ``rail_line_stations.csv``, ``places.csv`` and ``roads/`` of it.

    Raises
    ------
    ValueError
        When the folder weighs more than `BUDGET_BYTES`.
    """
    folder = out / "ground"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        (folder / name).write_bytes(sources.read(name))
    courses = find_courses(
        read_rows(out / "stations.csv"),
        read_rows(out / "rail_line_stations.csv"),
        read_rows(sources.find("rail_nodes.csv")),
        read_rows(sources.find("rail_edges.csv")),
        sources.find("rail_main_lines.geojson"),
    )
    write_rows(folder / "rail_shapes.csv", COURSE_COLUMNS, courses)
    shields = place_shields(
        read_rows(out / "roads/links.csv"),
        read_rows(out / "roads/nodes.csv"),
        read_rows(out / "roads/shapes.csv"),
        [*read_rows(out / "places.csv"), *read_rows(folder / "neighbours.csv")],
    )
    write_rows(folder / "shields.csv", SHIELD_COLUMNS, shields)
    weight = sum(p.stat().st_size for p in folder.iterdir())
    if weight > BUDGET_BYTES:
        raise ValueError(f"ground weighs {weight} bytes, more than {BUDGET_BYTES}")


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file into rows of strings."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [dict(row) for row in csv.DictReader(handle)]


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV with LF ends."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Read the command line and build."""
    data = Path(__file__).resolve().parents[1]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", help="id of the region, as in data/build/regions")
    parser.add_argument("--out", type=Path, help="folder of the pack (default data/REGION)")
    args = parser.parse_args()
    sources = data / "sources"
    box = read_choices(args.region).values.get("ground_box")
    build_ground(
        GroundSources(sources / "ground", sources / args.region / "ground", box), args.out or data / args.region
    )


if __name__ == "__main__":
    main()
