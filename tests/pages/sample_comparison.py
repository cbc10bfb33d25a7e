"""What a comparison shows beside its minutes: people, shares, and areas gained and saved; made up by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from transit_model.pages.view import ComparisonView

MEASURE = {"zh": "甲市到各旗县的加权平均旅行时间", "en": "Weighted mean travel time from Jia"}


def sample_shares() -> pd.DataFrame:
    """A gain of 9 minutes: bridge and line earn nothing alone; a bus earns nothing at all; a road loses one."""
    parts = [("bridge", "跨河大桥", 5.0, 0.0, 9.0), ("hsr", "甲丙高铁", 5.0, 0.0, 9.0), ("bus", "公交", 0.0, 0.0, 0.0)]
    parts.append(("toll", "收费站", -1.0, -1.0, -1.0))
    return pd.DataFrame(
        [
            {
                "measure": "watt:jia:best",
                "measure_zh": MEASURE["zh"],
                "measure_en": MEASURE["en"],
                "unit": "min",
                "project": key,
                "project_zh": name,
                "project_en": key,
                "n_projects": 1,
                "before": 100.0,
                "after": 91.0,
                "shapley": shapley_min,
                "stderr": 0.0,
                "add_one": alone,
                "leave_one_out": last,
            }
            for key, name, shapley_min, alone, last in parts
        ]
    )


def sample_people() -> pd.DataFrame:
    """One circle that gains 1,200 people, one that stays."""
    rows = [("jia", "best", "door_to_door", 60.0, 5000.0, 6200.0, 1200.0)]
    rows.append(("jia", "road", "door_to_door", 60.0, 5000.0, 5000.0, 0.0))
    columns = ["origin", "mode", "reading", "cutoff_min", "base", "scenario", "change"]
    return pd.DataFrame(rows, columns=columns)


def sample_gained() -> gpd.GeoDataFrame:
    """One square newly within an hour of Jia."""
    rows = {"origin": ["jia"], "mode": ["best"], "reading": ["door_to_door"], "cutoff_min": [60.0]}
    return gpd.GeoDataFrame(
        rows | {"area_km2": [100.0]}, geometry=[shapely.box(111.0, 40.5, 111.2, 40.6)], crs="EPSG:4326"
    )


def sample_saved() -> gpd.GeoDataFrame:
    """Two nested squares that save at least 5 and 15 minutes from Jia."""
    rows = {
        "origin": ["jia", "jia"],
        "mode": ["best", "best"],
        "reading": ["door_to_door", "door_to_door"],
        "saved_min": [5.0, 15.0],
        "area_km2": [400.0, 100.0],
        "population": [2000.0, 300.0],
    }
    squares = [shapely.box(110.8, 40.3, 111.4, 40.8), shapely.box(111.0, 40.5, 111.2, 40.6)]
    return gpd.GeoDataFrame(rows, geometry=squares, crs="EPSG:4326")


def sample_kinds() -> tuple[dict[str, object], ...]:
    """The certificate of two modes: cells and pairs of the best mode, pairs alone of rail."""
    counts = {"pairs": 12, "worsened_pairs": 0, "untouched_pairs": 7}
    best = {"mode": "best", "reading": "door_to_door", "improvement_only": True, **counts}
    rail = {"mode": "rail", "reading": "typical", "improvement_only": False, **counts, "worsened_pairs": 3}
    none = {"cells": 0, "worsened_cells": 0, "untouched_cells": 0}
    return {**best, "cells": 10_400, "worsened_cells": 0, "untouched_cells": 9_100}, {**rail, **none}


def build_sample_comparison(change: pd.DataFrame) -> ComparisonView:
    """Compare the built network with everything planned."""
    return ComparisonView(
        "built",
        "everything",
        {"null_edit_max_s": 0.0, "untouched_identical": True, "measured_on": ["best/door_to_door"]},
        sample_kinds(),
        cell_m=500.0,
        saved_from_min=5.0,
        od=change,
        population=sample_people(),
        attribution=sample_shares(),
        gained=sample_gained(),
        saved=sample_saved(),
    )


def sample_outlook() -> dict[str, pd.DataFrame]:
    """Roads from Jia, and what lies ahead of the one-hour rail goal, as fields of the view: met in 2030 by the line."""
    reading = {"goal": "one-hour-rail", "reading": "typical"}
    nearest = {"nearest_scenario": "everything", "nearest_value_min": 55.0, "nearest_margin_min": 5.0}
    take = {"scenario": "built", "project": "hsr", "project_zh": "甲丙高铁", "project_en": "Jia-Bing HSR"}
    take_min = {"with": "bridge", "now_min": 80.0, "value_min": 55.0, "margin_min": 5.0, "meets": True}
    chance = {"scenario": "everything", "draws": 64, "seed": 1, "probability": 0.75, "stderr": 0.05}
    spread = {"p10": 50.0, "p50": 55.0, "p90": 66.0, "word": "depends", "depends_on": "hsr.commercial_speed_kmh"}
    words = {"depends_zh": "高铁的旅行速度", "depends_en": "speed of the line"}
    ahead = {"first_met": 2030, **nearest, "nearest_verdict": "met"}
    ways = [("jia", "far", ["G6", "S1", ""], [120.0, 30.5, 4.4]), ("jia", "emoji", ["G6", ""], [40.0, 0.0])]
    routes = [
        {
            "scenario": scenario,
            "from": start,
            "to": end,
            "step": n,
            "ref": ref,
            "project": "bridge" if ref == "S1" else "",
            "km": km,
        }
        for scenario in ("built", "everything")
        for start, end, refs, lengths in ways
        for n, (ref, km) in enumerate(zip(refs, lengths, strict=True))
    ]
    return {
        "routes": pd.DataFrame(routes),
        "outlook": pd.DataFrame([{**reading, **ahead}]).astype({"first_met": "Int64"}),
        "single_projects": pd.DataFrame([{**reading, **take, **take_min}]),
        "uncertainty": pd.DataFrame([{**reading, **chance, **spread, **words}]),
    }
