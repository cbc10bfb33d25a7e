"""A made-up study: three towns in a county of six, awkward names, two cases. Nothing here is real."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from tests.pages.sample_basemap import SCRIPT_NAME, build_sample_basemap
from tests.pages.sample_cells import build_sample_cells, sample_changes, sample_leads
from tests.pages.sample_comparison import build_sample_comparison, sample_outlook
from transit_model.analysis.other_ends import OtherEnds
from transit_model.pages import view as v
from transit_model.pages.view import READINGS, StudyView
from transit_model.scenario.range_notes import RangeNote

EMOJI_NAME = "高铁镇🚄"
CENTRES = {"jia": (110.0, 40.5), "yi": (111.2, 40.7), "bing": (110.4, 39.6)}
CUTOFFS, MODES = (30.0, 60.0, 90.0, 120.0), ("road", "rail", "best")
SPEED = {"road": 1.0, "rail": 0.8, "best": 1.1}

PACE, GAIN = {"promoter": 1.3, "typical": 1.0, "door_to_door": 0.75}, {"built": 1.0, "bridge": 1.15, "everything": 1.35}


def _blob(at: tuple[float, float], radius: float, seed: int) -> Polygon:
    """Return a wavy circle whose waves do not depend on the radius, so that blobs of one seed nest."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 181)[:-1]
    wave = sum(
        a * np.cos(k * angle + p)
        for k, a, p in zip(range(2, 12), rng.random(10) * 0.1, rng.random(10) * 6, strict=True)
    )
    r = radius * (1 + wave)
    return Polygon(np.column_stack([at[0] + r * np.cos(angle) / 0.77, at[1] + r * np.sin(angle)]))


def _rings() -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = []
    for scenario, gain in GAIN.items():
        for mode in MODES:
            for reading in READINGS:
                for i, (origin, at) in enumerate(CENTRES.items()):
                    for cutoff in CUTOFFS:
                        shape: BaseGeometry = _blob(at, cutoff / 120 * 0.9 * SPEED[mode] * PACE[reading] * gain, i)
                        if cutoff > 60:
                            shape = shape - Point(at[0] + 0.25, at[1]).buffer(0.02)
                            shape = shape - Point(at[0] - 0.2, at[1] + 0.3).buffer(0.05 / cutoff * 60)
                        rows.append(
                            {
                                "scenario": scenario,
                                "origin": origin,
                                "mode": mode,
                                "reading": reading,
                                "cutoff_min": cutoff,
                                "area_km2": round(shape.area * 9500, 1),
                                "raster_area_km2": round(shape.area * 9510, 1),
                                "population": float(round(shape.area * 1_234_567)),
                                "geometry": shape,
                            }
                        )
    return gpd.GeoDataFrame(rows, crs="EPSG:4326")


def _places() -> pd.DataFrame:
    rows = [
        ("jia", "centre", "甲市", "Jia", 110.0, 40.5, "甲城;Chia"),
        ("yi", "centre", "乙市", "Yi", 111.2, 40.7, ""),
        ("bing", "centre", "丙市", "Bing", 110.4, 39.6, ""),
        ("evil", "county_seat", SCRIPT_NAME, SCRIPT_NAME, 110.6, 40.45, ""),
        ("emoji", "county_seat", EMOJI_NAME, "Bullet Town 🚄", 109.6, 40.1, ""),
        ("far", "county_seat", "远旗", "Far Banner & Sons", 111.7, 39.5, ""),
        ("airport", "airport", "机场", "Airport", 110.1, 40.6, ""),
    ]
    return pd.DataFrame(rows, columns=["place_id", "kind", "name_zh", "name_en", "lon", "lat", "aliases"])


def _od(places: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    at = {p["place_id"]: (p["lon"], p["lat"]) for p in places.to_dict("records")}
    for scenario, gain in GAIN.items():
        for mode in MODES:
            for reading in READINGS:
                for a in CENTRES:
                    for b in at:
                        if a == b:
                            continue
                        km = math.dist((at[a][0] * 85, at[a][1] * 111), (at[b][0] * 85, at[b][1] * 111))
                        minutes = km / (100 * SPEED[mode] * PACE[reading] * gain) * 60
                        if mode == "rail" and b == "far":
                            minutes = math.inf if reading != "typical" else math.nan
                        rows.append(
                            {
                                "from": a,
                                "to": b,
                                "mode": mode,
                                "reading": reading,
                                "scenario": scenario,
                                "minutes": minutes,
                                "p10": minutes * 0.8 if reading == "door_to_door" else math.nan,
                                "p90": minutes * 1.3 if reading == "door_to_door" else math.nan,
                                "km": round(km, 1),
                                "via": "甲东 → 乙南" if mode == "rail" and reading == "promoter" else "",
                                "note": "",
                            }
                        )
    return pd.DataFrame(rows)


def _goals() -> tuple[v.GoalView, ...]:
    return (
        v.GoalView(
            "one-hour-rail",
            {"zh": "一小时铁路圈", "en": "One-hour rail circle"},
            {"zh": "打造1小时铁路经济圈", "en": "build a 1-hour rail circle"},
            "[plan] 某规划 2023",
            mode="rail",
            threshold_min=60,
            target_year=2027,
            judged_on=("promoter", "typical"),
        ),
        v.GoalView(
            "two-hour-road",
            {"zh": "两小时公路圈", "en": "Two-hour road circle"},
            {"zh": "基本实现2小时公路圈", "en": "the 2-hour road circle basically holds"},
            "[press] 某报 2024",
            kind="claim",
            mode="road",
            threshold_min=120,
            judged_on=("typical", "door_to_door"),
            required_share=0.8,
            ambiguity={"zh": "“基本”没有定义", "en": "“basically” is not defined"},
        ),
        v.GoalView(
            "half-hour",
            {"zh": f"半小时 {SCRIPT_NAME}", "en": f"Half hour {SCRIPT_NAME}"},
            {"zh": "半小时快速铁路客运圈", "en": "half-hour rail"},
            "[plan]",
            mode="rail",
            threshold_min=30,
            judged_on=("promoter",),
        ),
        v.GoalView(
            "vague",
            {"zh": "“一日生活圈”", "en": "“One-day living circle”"},
            {"zh": "构建一日生活圈", "en": "build a one-day living circle"},
            "[plan]",
            unmeasurable={"zh": "没有给出时间门槛", "en": "no threshold is given"},
        ),
    )


def _verdicts(goals: tuple[v.GoalView, ...], od: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for goal in goals:
        if goal.threshold_min is None or goal.mode is None:
            continue
        for scenario in GAIN:
            for reading in READINGS:
                part = od[
                    (od["scenario"] == scenario)
                    & (od["reading"] == reading)
                    & (od["mode"] == goal.mode)
                    & (od["from"] == "jia")
                    & od["to"].isin(CENTRES)
                ]
                evidence = [
                    {
                        "from": r["from"],
                        "to": r["to"],
                        "minutes": r["minutes"],
                        "margin_min": goal.threshold_min - r["minutes"],
                        "via": r["via"],
                        "note": "",
                    }
                    for r in part.to_dict("records")
                ]
                value = float(part["minutes"].max())
                margin = goal.threshold_min - value
                word = "borderline" if abs(margin) <= 3 else "met" if margin > 0 else "missed"
                rows.append(
                    {
                        "goal": goal.id,
                        "scenario": scenario,
                        "reading": reading,
                        "verdict": word,
                        "threshold_min": goal.threshold_min,
                        "value_min": value,
                        "margin_min": margin,
                        "share": float((part["minutes"] <= goal.threshold_min).mean()),
                        "judged": reading in goal.judged_on,
                        "reason": "",
                        "evidence": evidence,
                    }
                )
    return pd.DataFrame(rows)


def build_sample_view() -> StudyView:
    """Return the made-up study; equal on every call."""
    places = _places()
    od = _od(places)
    goals = _goals()
    bridge = v.ProjectView(
        "bridge",
        {"zh": "跨河大桥", "en": "River bridge"},
        "under_construction",
        "2028",
        "[plan]",
        "medium",
        ({"zh": "匝道时间30秒为假定", "en": "ramp time of 30 s is assumed"},),
    )
    hsr = v.ProjectView(
        "hsr",
        {"zh": "甲丙高铁", "en": "Jia-Bing HSR"},
        "planned",
        "2030",
        "[plan]",
        "low",
        rests_on=({"zh": "取上限350公里/小时（范围250-350）", "en": "350 km/h, upper end of 250-350"},),
    )
    cells = build_sample_cells(CENTRES, SPEED, PACE, GAIN)
    base_od, all_od = od[od["scenario"] == "built"], od[od["scenario"] == "everything"]
    change = base_od[["from", "to", "mode", "reading"]].assign(
        base_min=base_od["minutes"].to_numpy(),
        scenario_min=all_od["minutes"].to_numpy(),
        change_min=[
            b - a if math.isfinite(a) else math.nan for a, b in zip(base_od["minutes"], all_od["minutes"], strict=True)
        ],
    )
    return StudyView(
        region=v.RegionView(
            "sample",
            {"zh": "甲乙丙", "en": "Jia-Yi-Bing"},
            {
                "zh": "© OpenStreetMap 贡献者（ODbL）；样例数据",
                "en": "© OpenStreetMap contributors (ODbL); sample data",
            },
            {"zh": "列车时刻：2020年第四季度", "en": "trains: late 2020"},
            (109.2, 39.0, 112.5, 41.4),
            "2025-12-31",
            tuple(CENTRES),
            ({"zh": "没有公交时刻", "en": "no bus timetable"},),
            ({"zh": "县界仅供底图显示", "en": "outlines are for display only"},),
        ),
        scenarios=(
            v.ScenarioView(
                "built", {"zh": "现状（2025年底）", "en": "Built end of 2025"}, None, "2025-12-31", (), True
            ),
            v.ScenarioView("bridge", {"zh": "加跨河大桥", "en": "With the bridge"}, "built", "2028-12-31", (bridge,)),
            v.ScenarioView(
                "everything", {"zh": "全部规划", "en": "Everything planned"}, "built", "2030-12-31", (bridge, hsr)
            ),
        ),
        goals=goals,
        verdicts=_verdicts(goals, od),
        od=od,
        rings=_rings(),
        basemap=build_sample_basemap(),
        places=places,
        assumptions=pd.DataFrame(
            [
                {
                    "name": "walk_speed_kmh",
                    "value": 4.5,
                    "unit": "km/h",
                    "basis": "published",
                    "source": "[hcm] handbook",
                    "zh": "步行速度",
                    "en": "walking speed",
                },
                {
                    "name": "rail_entry_min",
                    "value": 20.0,
                    "unit": "min",
                    "basis": "judged",
                    "source": f"judged {SCRIPT_NAME}",
                    "zh": "进站时间",
                    "en": "station entry",
                },
            ]
        ),
        sources=pd.DataFrame(
            [
                {
                    "key": "plan",
                    "publisher": "某局",
                    "date": "2023",
                    "title": "某规划",
                    "url": "http://example.org/plan",
                    "grade": "A",
                },
                {"key": "bad", "publisher": "", "date": "", "title": "x", "url": "javascript:alert(1)", "grade": "C"},
            ]
        ),
        data_quality=pd.DataFrame(
            [
                {"table": "links", "confidence": "high", "rows": 40},
                {"table": "links", "confidence": "low", "rows": 4},
                {"table": "places", "confidence": "medium", "rows": 7},
            ]
        ),
        calibration=pd.DataFrame(
            [
                {
                    "what": "road",
                    "from": "jia",
                    "to": "yi",
                    "observed_min": 75.0,
                    "model_min": 70.5,
                    "residual_min": -4.5,
                    "source": "[plan]",
                },
                {
                    "what": "road",
                    "from": "jia",
                    "to": "bing",
                    "observed_min": 80.0,
                    "model_min": 88.0,
                    "residual_min": 8.0,
                    "source": "[plan]",
                },
            ]
        ),
        window_s=(6 * 3600, 22 * 3600 + 1800),
        warnings=(
            {
                "code": "implausible_speed",
                "message": f"300 km/h {SCRIPT_NAME}",
                "file": "links.csv",
                "line": 7,
            },
        ),
        manifest={"region": "sample", "seed": 1},
        comparisons=(build_sample_comparison(change),),
        **sample_outlook(),
        leads=sample_leads(),
        other_ends={
            ("built", "everything"): OtherEnds(
                (RangeNote("hsr", "高铁", "HSR", "design_speed_kmh", 350.0, 250.0, 350.0, "upper"),), 5100.0
            )
        },
        cells=cells,
        **sample_changes(cells, od, places),
        seat_people={"evil": 20_000, "emoji": 300_000, "far": 50_000},
        timeline=(
            v.TimelineStep(2025, "built"),
            v.TimelineStep(2028, "bridge", (bridge.title,)),
            v.TimelineStep(2030, "everything", (hsr.title,)),
        ),
        speeds={"zh": "小客车，标定行驶速度", "en": "cars at calibrated running speeds"},
    )
