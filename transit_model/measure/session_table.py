"""What a session measures, and on what, as a table for notebooks."""

from __future__ import annotations

from transit_model.domain.html_table import build_table
from transit_model.network.model import Network


def show_session(
    network: Network, scenario_id: str, day: str, window: tuple[int, int], vehicle: str, speeds: str
) -> str:
    """Return the table as HTML; the window in clock seconds."""
    info = network.info
    rows = [
        ("运行日 service day", day),
        ("时刻表 timetable", f"{info.timetable_id} · {info.timetable_vintage['zh']}"),
        ("出发时段 departures", "–".join(f"{s // 3600:02d}:{s % 3600 // 60:02d}" for s in window)),
        ("车辆 vehicle", vehicle),
        ("车速 speeds", speeds),
        ("路段 road links", len(network.links)),
        ("车站 stations", len(network.stations)),
        ("车次 trips", len(network.feed.trips)),
    ]
    return build_table(("", ""), rows, title=f"{scenario_id} · {info.region_id}", notes=())
