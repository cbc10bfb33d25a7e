"""Run every kernel of this room once on next to nothing, so that all of them are compiled and kept."""

from __future__ import annotations

from functools import partial

import numpy as np

from transit_model.surface.grid import Grid


def draw_once() -> None:
    """Draw rings on 120 cells, with few roads and with many, with barriers and without; spread people as well."""
    from transit_model.surface.bin_kernels import time_links
    from transit_model.surface.disaggregation import Pulls, find_road_distance
    from transit_model.surface.isochrone import compute_rings
    from transit_model.surface.population import sum_within
    from transit_model.surface.rim_kernels import mark_within
    from transit_model.surface.surface import Courses, Exits, RoadSegments, compute_surface
    from transit_model.surface.walk_kernels import walk_round

    grid = Grid("EPSG:32649", 500_000.0, 4_500_000.0, 250.0, 12, 10)
    x, y = grid.centres()
    speed_ms, max_s = 5.0, 600.0
    compute = partial(
        compute_surface, grid, Exits(x[:1], y[1:2], [0.0]), off_network_speed_ms=speed_ms, off_network_max_s=max_s
    )
    tail, head, ticks = np.zeros(200, dtype=np.int32), np.ones(200, dtype=np.int32), np.full(200, 600, dtype=np.int32)
    rows, back = np.arange(200), np.full(200, -1)
    first_s, last_s = np.empty(200), np.empty(200)
    for n in (1, 200):  # as few roads as are spread, and so many that cells look for them
        links = (tail, head, ticks)
        time_links(np.array([0.0, 60.0]), links, rows[:n], back[:n], False, False, first_s[:n], last_s[:n])
        courses = Courses(np.arange(n + 1) * 2, np.tile(x[[0, 3]], n), np.tile(y[[1, 1]], n))
        roads = RoadSegments(courses, grid, speed_ms, max_s)
        for listed in (False, True):
            if listed:
                roads.expect_many()
            timed = roads.time(first_s[:n], last_s[:n])
            surface = compute(edges=timed)
        compute(edges=timed, zones=np.zeros(grid.shape, np.int32))
    compute_rings(surface, [100.0, 3600.0])
    mark_within(np.ones(grid.shape, bool), np.zeros(1, np.int64), np.empty(grid.shape, bool))
    start = (x[:1], y[:1], np.zeros(1), np.full(1, 300.0))
    walk_round(start, grid.centres(), (1.0, 500.0, speed_ms), surface.time_s, surface.edge_s, surface.beyond_s)
    sum_within(surface.time_s, [np.ones(grid.shape)], [300.0])
    point = np.column_stack([x[:1], y[:1]])
    find_road_distance(grid, Pulls(point[:0], point[:0], point), 1000.0)
