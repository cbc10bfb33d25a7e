"""The mini pack with a folder of projects, scenarios and goals whose answers are known by hand.

West to east by rail: 50 min by the fastest train of the base. `hsr` and `twin` each run 90 km at 180 km/h = 30 min, so
one replaces the other. By road at posted speeds: 5 km at 60 + 80 km at 120 + 5 km at 60 = 50 min. `bridge_west` and
`bridge_east` make 40 + 45 km at 120 = 42.5 min, and one without the other leads nowhere. `byway` changes a road that
no goal uses.
"""

from __future__ import annotations

from pathlib import Path

from tests.minipack import write_minipack
from transit_model.measure.workspace import Workspace

_HEAD = """\
id: {id}
kind: {kind}
title: {{zh: {id}, en: {id}}}
status: planned
opens: {opens}
source: [made]
confidence: low
"""
_LINE = """\
stations:
  - {stop_id: west-station, chainage_km: 0}
  - {stop_id: east-station, chainage_km: 90}
commercial_speed_kmh: 180
service: {kind: headway, headway_min: 60, first_departure: "06:00", last_departure: "22:00"}
ranges:
  commercial_speed_kmh: [90, 180]
  service.headway_min: [20, 120]
"""
_BODIES = {
    "hsr": ("rail_line", "2027", _LINE),
    "twin": ("rail_line", "unknown", _LINE),
    "bridge_west": (
        "road_link",
        "[2025, 2028]",
        """\
highway: motorway
design_speed_kmh: 120
toll: false
nodes: [{id: island, name: {zh: 岛, en: Island}, lon: 111.47, lat: 40.82}]
roads: [{from: west, to: island, length_km: 40}]
""",
    ),
    "bridge_east": (
        "road_link",
        "2026",
        """\
highway: motorway
design_speed_kmh: 120
toll: false
roads: [{from: island, to: east, length_km: 45}]
requires: [bridge_west]
ranges: {design_speed_kmh: [60, 120]}
""",
    ),
    "byway": ("road_upgrade", "2024", "roads: [mid--farm]\nhighway: tertiary\ndesign_speed_kmh: 60\n"),
    "coach": (
        "bus_line",
        "unknown",
        """\
stops: [{node: west}, {node: east}]
service: {kind: headway, headway_min: 30, first_departure: "06:00", last_departure: "22:00"}
ranges: {service.headway_min: [15, 60]}
""",
    ),
    "rival": (
        "road_link",
        "unknown",
        "highway: trunk\ndesign_speed_kmh: 80\ntoll: false\n"
        "roads: [{from: mid, to: east_gate, length_km: 45}]\nconflicts: [bridge_west]\n",
    ),
}
_GOAL = """\
id: {id}
title: {{zh: {id}, en: {id}}}
kind: goal
quote: {{zh: 引文, en: quote}}
source: "[made]"
mode: {mode}
threshold_min: {threshold}
judged_on: [promoter, typical, door_to_door]
{where}
"""
_PAIR = "pairs: {pairs: [[west, east]]}"
_GOALS = {
    "rail-40": ("rail", 40, _PAIR),
    "rail-20": ("rail", 20, _PAIR),
    "road-45": ("road", 45, _PAIR),
    "bus-60": ("bus", 60, _PAIR),
    "best-seats": (
        "best",
        50,
        "coverage: {from: [west, east], to: county_seats, weight: population}\nrequired_share: 0.9",
    ),
}
_SCENARIOS = {
    "built": "base: {as_of: 2023-12-31}",
    "planned": "base: built\nprojects: [hsr, bridge_west, bridge_east, coach]",
    "rail-only": "base: built\nprojects: [hsr]",
}


def write_mini_scenarios(folder: Path) -> Path:
    """Write projects, scenarios and goals into a folder and return it."""
    for name in ("projects", "goals"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, (kind, opens, body) in _BODIES.items():
        text = _HEAD.format(id=name, kind=kind, opens=opens) + body
        (folder / "projects" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, (mode, threshold, where) in _GOALS.items():
        text = _GOAL.format(id=name, mode=mode, threshold=threshold, where=where)
        (folder / "goals" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, body in _SCENARIOS.items():
        text = f"id: {name}\ntitle: {{zh: {name}, en: {name}}}\n{body}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def open_mini_workspace(folder: Path) -> Workspace:
    """Write the mini pack and its scenarios and open both."""
    return Workspace.open(str(write_minipack(folder / "mini")), write_mini_scenarios(folder / "scenarios"))
