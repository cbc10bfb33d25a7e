"""``region.yaml``: names, groups, what is known to be missing."""

from __future__ import annotations

import io

from ground import ATTRIBUTION
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted
from tables import Row

REGION_ID = "hubaoewu"
BBOX = (106.0, 37.0, 117.0, 44.0)


def both(zh: str, en: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def build_region(links: list[Row], nodes: list[Row], trips: int) -> str:
    """Return the text of ``region.yaml``; counts in the notes come from the tables themselves."""
    low_links = sum(row["confidence"] == "low" for row in links)
    low_nodes = sum(row["confidence"] == "low" for row in nodes)
    document = {
        "id": REGION_ID,
        "title": both("呼包鄂乌", "Hohhot-Baotou-Ordos-Ulanqab"),
        "crs": "+proj=aea +lat_1=38.5 +lat_2=41.8 +lat_0=40 +lon_0=111 +datum=WGS84 +units=m +no_defs",
        "bbox": list(BBOX),
        "built_as_of": Quoted("2025-12-31"),
        "service_date": Quoted("2020-12-16"),
        "departure_window": [Quoted("07:00"), Quoted("21:00")],
        "timetable_vintage": both(
            f"列车时刻:2020年第四季度运行图(2021年1月20日调图前),{trips}趟;地铁:2020年12月",
            f"trains: late 2020 (before the change of 20 January 2021), {trips} trains; metro: December 2020",
        ),
        "groups": {
            "centres": ["hohhot", "baotou", "ordos", "ulanqab"],
            "alternative_centres": {"ordos": "dongsheng"},
            "county_seats": {"kind": "county_seat"},
            "stations": {"kind": "station"},
            "airports": {"kind": "airport"},
        },
        "main_stations": {
            "hohhot": ["hohhot", "hohhot-east"],
            "baotou": ["baotou", "baotou-east"],
            "ordos": ["ordos"],
            "ulanqab": ["ulanqab", "jining-south"],
        },
        "known_gaps": [
            both(
                "时刻表停在2020年底:不含集大原高铁(2024-12-31)、包银高铁(2025-12-23)开通后的列车",
                "the timetable is of late 2020: no trains of the Jining-Datong-Yuanping HSR (2024-12-31) or the "
                "Baotou-Yinchuan HSR (2025-12-23)",
            ),
            both(
                "2023年起增开的C字头城际列车没有数据",
                "the C-class intercity trains added since 2023 are missing",
            ),
            both(
                "列车只列出18个车站的停站:东胜西、达拉特西、察素齐、萨拉齐、准格尔、托克托东、东胜东、卓资东、旗下营南、"
                "兴和北等小站的停靠未知,没有编造;这些车站在模型里没有列车(东胜西只有2023年的K996)",
                "trains are listed at eighteen stations only; stops at Dongsheng West, Dalad West, Chasuqi, Salaqi, "
                "Jungar, Togtoh East, Dongsheng East, Zhuozi East, Qixiaying South, Xinghe North are unknown and were "
                "not invented, so these stations have no trains here (Dongsheng West only K996 of 2023)",
            ),
            both(
                "列车开行日期未知:按每日开行处理,进京G字头含周末线和高峰线,多于平日",
                "days of running are unknown: every train runs daily; the Beijing G trains include weekend and peak "
                "trains, so there are more than on an ordinary day",
            ),
            both(
                f"公路是走廊网,不是完整路网:{len(links)}条路段中{low_links}条、{len(nodes)}个节点中{low_nodes}个可信度为低"
                "(位置误差1-5公里),不能用于城市内部和乡村道路",
                f"roads are a corridor network, not a full one: {low_links} of {len(links)} links and {low_nodes} of "
                f"{len(nodes)} nodes are of low confidence (1-5 km off); not for city streets or village roads",
            ),
            both(
                "铁路线形仅供显示(精度约100米,2024年后开通的线路没有):列车没有shapes.txt;地铁线形未收录",
                "courses of railways are for display only (good to about 100 m, none for lines opened after 2024): no "
                "shapes.txt for trains; no courses of the metro",
            ),
            both(
                "二连站、化德站没有公布的坐标,以城镇位置代替;站间短距离误差可达数公里",
                "Erlian and Huade stations have no published point; the town stands in, some kilometres off",
            ),
            both(
                "没有城市公交、城际公交和客运班线的时刻:公开资料中没有线路、班次或运行时间",
                "no city buses, intercity buses or coaches: no route, headway or run time was published",
            ),
        ],
        "limits": [
            both(
                "县界为DataV数据的粗略简化,仅供底图显示,不作为行政界线依据",
                "county outlines are a coarse simplification of DataV polygons, display only, no authority on borders",
            ),
            both(
                "人口为2020年普查数;等时圈人口按模型分摊到网格(各旗县区总数不变),目标按旗县区所在地计;两个开发区单列,无驻地,计入所在市总数",
                "population is the 2020 census, spread over the grid by a stated model (county totals kept), counted "
                "at the county seat in goals; two zones have rows of their own without a seat and count towards their "
                "prefecture's total",
            ),
            both(
                "2020年后改建或新建公路通车前的旧路为假定(见links.csv中[judged]各行)",
                "roads that stood before one was built or rebuilt after 2020 are assumed (rows [judged] of links.csv)",
            ),
        ],
        "attribution": both(
            "© OpenStreetMap 贡献者(ODbL,G6线形);人口:国家统计局2020年普查;时刻:cnrail.geogv.org站牌(经RailwayVIS);"
            "县界与中心点:阿里云DataV.GeoAtlas(仅供显示);维基百科(CC BY-SA);地铁站点:MetroMan(MIT);"
            + ATTRIBUTION["zh"],
            "© OpenStreetMap contributors (ODbL, course of the G6); population: NBS 2020 census; timetable: "
            "cnrail.geogv.org boards via RailwayVIS; outlines and centre points: Aliyun DataV.GeoAtlas (display only); "
            "Wikipedia (CC BY-SA); metro stations: MetroMan (MIT); " + ATTRIBUTION["en"],
        ),
    }
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return "# Written by data/build_hubaoewu; do not edit by hand.\n" + stream.getvalue()
