"""A complete, tiny region pack for tests: two cities 100 km apart, one expressway, four trains, one metro line.

::

                        farm
                         |  \\ (opened 2024)
                         |    \\
    west -- west_gate ===|======== east_gate -- east        === expressway, toll, 120 km/h
      \\                  |                       /
       ------------------ mid -------------------             -- trunk road, 80 km/h

Hand sums, free flow at posted speeds:

- west to east by the expressway: 5 km at 60 + 80 km at 120 + 5 km at 60 = 300 + 2400 + 300 = 3000 s = 50 min;
- west to east by the trunk road: 50 km + 50 km at 80 = 4500 s = 75 min;
- farm to mid: 24 km at 40 = 2160 s = 36 min; farm to east after 2024: 45 km at 60 = 2700 s = 45 min.

Trains west to east: D1 07:30-08:20, D3 12:00-12:50, K7 23:40-24:50 with a stop at mid 24:10-24:15; east to west:
D2 09:00-09:50. The metro runs every 10 minutes from 06:00 to 22:00, 8 minutes from the centre of west to its station.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

REGION = """\
id: mini
title: {zh: 小区域, en: Mini region}
crs: +proj=aea +lat_1=39 +lat_2=42 +lat_0=40.5 +lon_0=111.5 +datum=WGS84 +units=m +no_defs
bbox: [110.0, 40.0, 113.0, 42.0]
built_as_of: "2023-12-31"
service_date: "2020-12-16"
departure_window: ["07:00", "21:00"]
timetable_vintage: {zh: 2020年第四季度, en: late 2020}
groups:
  centres: [west, east]
  alternative_centres: {east: east-alt}
  county_seats: {kind: county_seat}
  stations: {kind: station}
  airports: {kind: airport}
main_stations:
  west: [west-station]
  east: [east-station]
known_gaps:
  - {zh: 没有公交, en: no buses}
limits:
  - {zh: 虚构的区域, en: an invented region}
attribution: {zh: 虚构数据, en: invented data}
"""

PLACES = """\
place_id,kind,name_zh,name_en,aliases,lon,lat,adcode,prefecture,road_node_id,confidence,source
west,centre,西城,West,西市;Westcity,111.000,40.800,100100,West,west,high,[made] by hand
east,centre,东城,East,东市,112.000,40.800,100200,East,east,high,[made] by hand
east-alt,alternative_centre,东新区,East New Area,,111.990,40.810,100200,East,east_gate,high,[made] by hand
west-seat,county_seat,西区,West District,,111.000,40.800,100101,West,west,high,[made] by hand
east-seat,county_seat,东区,East District,,112.000,40.800,100201,East,east,high,[made] by hand
mid,county_seat,中县,Mid County,,111.500,40.700,100102,West,mid,high,[made] by hand
farm,county_seat,农县,Farm County,,111.500,40.900,100202,East,farm,low,[made] by hand
airport_west,airport,西城机场,West Airport,,111.060,40.810,,West,west_gate,medium,[made] by hand
"""

COUNTIES = """\
adcode,name_zh,name_en,prefecture,kind,population_2020,place_id,road_node_id,area_km2,confidence,source
100101,西区,West District,West,county,600000,west-seat,west,500.0,high,[made] by hand
100102,中县,Mid County,West,county,100000,mid,mid,3000.0,high,[made] by hand
100201,东区,East District,East,county,250000,east-seat,east,800.0,high,[made] by hand
100202,农县,Farm County,East,county,50000,farm,farm,4000.0,high,[made] by hand
100299,东开发区,East Zone,East,zone,20000,,,,high,[made] by hand
"""

NODES = """\
node_id,name_zh,name_en,lon,lat,kind,confidence,source
west,西城,West,111.000,40.800,seat,high,[made] by hand
west_gate,西城收费站,West Gate,111.050,40.800,interchange,high,[made] by hand
mid,中县,Mid,111.500,40.700,seat,high,[made] by hand
farm,农县,Farm,111.500,40.900,seat,low,[made] by hand
east_gate,东城收费站,East Gate,111.950,40.800,interchange,high,[made] by hand
east,东城,East,112.000,40.800,seat,high,[made] by hand
"""

LINKS = """\
link_id,from_node_id,to_node_id,oneway,highway,ref,name_zh,length_m,maxspeed_kmh,toll,area,opened,closed,confidence,source
west--west_gate,west,west_gate,0,primary,,西城大街,5000,60,0,urban,,,high,[made] by hand
west_gate--east_gate,west_gate,east_gate,0,motorway,G1,东西高速,80000,120,1,rural,,,high,[made] by hand
east_gate--east,east_gate,east,0,primary,,东城大街,5000,60,0,urban,,,high,[made] by hand
west--mid,west,mid,0,trunk,G2,东西国道,50000,80,0,rural,,,high,[made] by hand
mid--east,mid,east,0,trunk,G2,东西国道,50000,80,0,rural,,,high,[made] by hand
mid--farm,mid,farm,0,tertiary,X1,中农路,24000,40,0,rural,,,low,[made] by hand
farm--east,farm,east,0,secondary,S1,农东路,45000,60,0,rural,2024,,medium,[made] by hand
"""

SHAPES = """\
link_id,seq,lon,lat
west_gate--east_gate,0,111.050,40.800
west_gate--east_gate,1,111.500,40.805
west_gate--east_gate,2,111.950,40.800
"""

STATIONS = """\
stop_id,name_zh,name_en,telecode,aliases,lon,lat,coord_quality,prefecture,county,region,opened,road_node_id,confidence,source
west-station,西城站,West Station,XCZ,,111.020,40.800,point,West,西区,in,1921-05-02,west,high,[made] by hand
mid-station,中县站,Mid Station,ZXZ,,111.500,40.710,approx,West,中县,in,,mid,medium,[made] by hand
east-station,东城站,East Station,DCZ,,111.980,40.800,point,East,东区,in,,east,high,[made] by hand
capital,京城站,Capital,JCZ,,116.400,39.900,point,,,gateway,,,high,[made] by hand
no-place,未名站,Nowhere,,,,,none,East,,in,,,low,[made] by hand
"""

SOURCES = """\
key,publisher,date,title,url,grade
made,the tests,2020,invented by hand,,A
"""

GTFS = {
    "agency.txt": """\
agency_id,agency_name,agency_url,agency_timezone,agency_lang
rail,小铁路,https://example.org/,Asia/Shanghai,zh
""",
    "stops.txt": """\
stop_id,stop_name,stop_lat,stop_lon
west-station,西城站,40.800,111.020
mid-station,中县站,40.710,111.500
east-station,东城站,40.800,111.980
metro-centre,市中心,40.801,111.001
metro-station,火车站,40.801,111.021
""",
    "routes.txt": """\
route_id,agency_id,route_short_name,route_long_name,route_type
rail-d,rail,D,动车,2
rail-k,rail,K,快速,2
metro-1,rail,1,1号线,1
""",
    "trips.txt": """\
route_id,service_id,trip_id,trip_headsign,trip_short_name,direction_id
rail-d,daily,D1,东城,D1,0
rail-d,daily,D3,东城,D3,0
rail-k,daily,K7,东城,K7,0
rail-d,daily,D2,西城,D2,1
metro-1,daily,metro-1-0,火车站,1,0
metro-1,daily,metro-1-1,市中心,1,1
""",
    "stop_times.txt": """\
trip_id,arrival_time,departure_time,stop_id,stop_sequence
D1,07:30:00,07:30:00,west-station,1
D1,08:20:00,08:20:00,east-station,2
D3,12:00:00,12:00:00,west-station,1
D3,12:50:00,12:50:00,east-station,2
K7,23:40:00,23:40:00,west-station,1
K7,24:10:00,24:15:00,mid-station,2
K7,24:50:00,24:50:00,east-station,3
D2,09:00:00,09:00:00,east-station,1
D2,09:50:00,09:50:00,west-station,2
metro-1-0,06:00:00,06:00:00,metro-centre,1
metro-1-0,06:08:00,06:08:00,metro-station,2
metro-1-1,06:00:00,06:00:00,metro-station,1
metro-1-1,06:08:00,06:08:00,metro-centre,2
""",
    "calendar.txt": """\
service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
daily,1,1,1,1,1,1,1,20201001,20210120
""",
    "calendar_dates.txt": """\
service_id,date,exception_type
daily,20210101,2
""",
    "frequencies.txt": """\
trip_id,start_time,end_time,headway_secs,exact_times
metro-1-0,06:00:00,22:00:00,600,0
metro-1-1,06:00:00,22:00:00,600,0
""",
    "transfers.txt": """\
from_stop_id,to_stop_id,transfer_type,min_transfer_time
west-station,metro-station,2,300
metro-station,west-station,2,300
""",
    "feed_info.txt": """\
feed_publisher_name,feed_publisher_url,feed_lang,feed_version
the tests,https://example.org/,zh,1
""",
}

OUTLINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"adcode": "100101", "name_zh": "西区", "name_en": "West District", "prefecture": "West"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[110.9, 40.6], [111.3, 40.6], [111.3, 41.0], [110.9, 41.0], [110.9, 40.6]]],
            },
        }
    ],
}


def make_minipack_files() -> dict[str, str]:
    """Return the files of the pack, relative path to text, without the manifest; change them as you like."""
    return {
        "region.yaml": REGION,
        "places.csv": PLACES,
        "counties.csv": COUNTIES,
        "county_outlines.geojson": json.dumps(OUTLINES, ensure_ascii=False),
        "roads/nodes.csv": NODES,
        "roads/links.csv": LINKS,
        "roads/shapes.csv": SHAPES,
        "stations.csv": STATIONS,
        "sources.csv": SOURCES,
        "calibration/road_time_truth.csv": "from_node_id,to_node_id,km,minutes,use,source\nwest,east,100,80,1,[made]\n",
        **{f"gtfs/{name}": text for name, text in GTFS.items()},
    }


OLD_TIMETABLE, NEW_TIMETABLE = "TT2020", "TT2023"
"""Ids of the timetables of `make_two_timetables_files`, valid from 2020-10-01 and 2023-07-01."""


def make_two_timetables_files() -> dict[str, str]:
    """Return the files of the pack with two timetables: the trains above, and later quicker ones with a stop at mid.

    TT2023, west to east: D1 07:30-08:10 (40 min), D3 12:00-12:50 (50 min), C5 15:00-15:20 mid 15:22-15:44 (44 min); no
    K7; east to west D2 09:00-09:50. Both run every day from 2020-10-01 to 2024-12-31 but 2021-01-01; TT2020 does not
    run on 2024-01-31 and 2024-02-01 either.
    """
    files = make_minipack_files()
    feed = {name.removeprefix("gtfs/"): files.pop(name) for name in list(files) if name.startswith("gtfs/")}
    long = feed["calendar.txt"].replace("20210120", "20241231")
    idle = feed["calendar_dates.txt"] + "daily,20240131,2\ndaily,20240201,2\n"
    old = {**feed, "calendar.txt": long, "calendar_dates.txt": idle}
    times = feed["stop_times.txt"].replace("D1,08:20:00,08:20:00", "D1,08:10:00,08:10:00").splitlines(keepends=True)
    times = [line for line in times if not line.startswith("K7,")]
    new = {
        **feed,
        "calendar.txt": long,
        "routes.txt": feed["routes.txt"] + "rail-c,rail,C,城际,2\n",
        "trips.txt": feed["trips.txt"].replace("rail-k,daily,K7,东城,K7,0", "rail-c,daily,C5,东城,C5,0"),
        "stop_times.txt": "".join(times)
        + "C5,15:00:00,15:00:00,west-station,1\n"
        + "C5,15:20:00,15:22:00,mid-station,2\n"
        + "C5,15:44:00,15:44:00,east-station,3\n",
    }
    for folder, tables in ((OLD_TIMETABLE, old), (NEW_TIMETABLE, new)):
        files |= {f"timetables/{folder}/{name}": text for name, text in tables.items()}
    words = "timetable_vintage: {zh: 2020年第四季度, en: late 2020}\n"
    files["region.yaml"] = files["region.yaml"].replace(words, TIMETABLES)
    return files


TIMETABLES = """\
timetables:
  - id: TT2020
    folder: timetables/TT2020
    valid_from: 2020-10-01
    vintage: {zh: 2020年第四季度, en: late 2020}
    source: [made]
  - id: TT2023
    folder: timetables/TT2023
    valid_from: 2023-07-01
    vintage: {zh: 2023年下半年, en: second half of 2023}
    source: [made]
    service_date: 2023-07-05
    notes: {zh: 只有一个星期三, en: one Wednesday only}
"""


def write_pack(folder: Path, files: Mapping[str, str | bytes], *, manifest: bool = True) -> Path:
    """Write files of a pack and, unless told otherwise, a manifest that fits them; return the folder."""
    hashes = {}
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        text_only = data if b"\0" in data else data.replace(b"\r\n", b"\n")
        hashes[name] = {"sha256": hashlib.sha256(text_only).hexdigest()}
    if manifest:
        text = json.dumps({"schema": 1, "region": "mini", "built_by": "tests", "files": hashes}, indent=1)
        (folder / "manifest.json").write_bytes(text.encode())
    return folder


def write_minipack(folder: Path) -> Path:
    """Write the whole pack into a folder and return it."""
    return write_pack(folder, make_minipack_files())
