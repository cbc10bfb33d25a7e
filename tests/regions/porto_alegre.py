"""Porto Alegre as a region folder: OSM extract, two GTFS feeds, hexagons with people. Follows REGION.md step by step.

Run ``python -m tests.regions.porto_alegre FOLDER`` to have it outside a test.
"""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

from tests.conftest import find_shared
from transit_model.gtfs.feed_import import import_feeds
from transit_model.gtfs.write import write_gtfs
from transit_model.roads.osm_roads import RoadOptions
from transit_model.roads.road_files import import_roads, write_road_tables

REGION = """\
id: porto-alegre
title: {zh: 阿雷格里港, en: Porto Alegre}
crs: +proj=laea +lat_0=-30.05 +lon_0=-51.2 +datum=WGS84 +units=m +no_defs
bbox: [-51.28, -30.13, -51.12, -29.97]
built_as_of: "2020-08-12"
service_date: "2019-05-15"
departure_window: ["12:00", "16:00"]
timetable_vintage: {zh: 2019年5月周三12-16时, en: "Wednesdays of May 2019, 12:00-16:00 only"}
groups:
  centres: [public_market, bus_central_station, gasometer_museum]
  points: {kind: facility}
known_gaps:
  - {zh: 时刻表只有12-16时, en: the timetable holds 12:00-16:00 only}
limits:
  - {zh: 测试用数据, en: test data}
attribution: {zh: © OpenStreetMap 贡献者(ODbL);EPTC;Trensurb, en: © OpenStreetMap contributors (ODbL); EPTC; Trensurb}
assumptions:
  walk_max_m: 1500
  off_network_max_min: 10
  off_network_speed_kmh: 4.5
  transfer_walk_max_m: 400
  station_reach_km: 0.4
"""
FILES = {
    "scenarios/today.yaml": """\
id: today
title: {zh: 现状, en: today}
base: {as_of: 2020-08-12}
""",
    "scenarios/brisk.yaml": """\
id: brisk
title: {zh: 步行更快, en: brisk walkers}
base: today
projects: [brisk]
""",
    "scenarios/projects/brisk.yaml": """\
kind: policy
id: brisk
title: {zh: 步行更快, en: brisk walkers}
status: study
source: [poa]
confidence: low
opens: 2030
assumptions: {walk_speed_kmh: 6.0}
""",
    "scenarios/study.yaml": """\
id: default
title: {zh: 阿雷格里港, en: Porto Alegre}
scenarios: [today, brisk]
comparisons:
  - {base: today, scenario: brisk}
goals: all
""",
    "scenarios/goals/campus.yaml": """\
id: campus
title: {zh: 45分钟到校, en: 45 minutes to the campus}
kind: goal
quote: {zh: 四十五分钟到校, en: the campus within 45 minutes}
source: "[poa] made up for the test"
mode: best
threshold_min: 45
judged_on: [typical, door_to_door]
pairs: {hub: ufrgs, to: [public_market, bus_central_station]}
""",
}
CENTRES = ("public_market", "bus_central_station", "gasometer_museum")


def build(folder: Path, data: Path) -> Path:
    """Write the region folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    roads = import_roads(data / "poa_osm.pbf", RoadOptions(speeds="br", merge_speeds=True))
    write_road_tables(roads, folder / "roads")
    feed, _ = import_feeds([data / "poa_eptc.zip", data / "poa_trensurb.zip"], ["eptc:", "trensurb:"])
    write_gtfs(feed, folder / "gtfs")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "region.yaml").write_text(REGION, encoding="utf-8")
    with (data / "poa_points_of_interest.csv").open(encoding="utf-8-sig") as file:
        points = list(csv.DictReader(file))
    lines = ["place_id,kind,name_zh,name_en,lon,lat,confidence,source"]
    for point in points:
        name = point["id"].replace("_", " ").title()
        kind = "centre" if point["id"] in CENTRES else "facility"
        lines.append(f"{point['id']},{kind},{name},{name},{point['lon']},{point['lat']},medium,[poa] r5r sample data")
    (folder / "places.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "sources.csv").write_text(
        "key,publisher,date,title,url,grade\n"
        "osm,OpenStreetMap contributors,2020-08-12,extract of Porto Alegre,https://www.openstreetmap.org,B\n"
        "poa,r5r,2021,sample data of the r5r package,https://github.com/ipeaGIT/r5r,B\n",
        encoding="utf-8",
    )
    shutil.copyfile(data / "poa_hexgrid.csv", folder / "population.csv")
    return folder


if __name__ == "__main__":
    shared = find_shared("data")
    if shared is None:
        sys.exit("the folder of public extracts is not beside this checkout")
    build(Path(sys.argv[1]), shared / "osm" / "porto_alegre")
