"""The shipped region on a made-up street lattice of any size: real timetable, grid, people and places, invented roads.

Nodes stand on a square lattice over the bounding box, every link is two-way. Every tenth line is a trunk road, every
fortieth a motorway that meets the others at interchanges only. Stations and seats join the nearest node that is on an
ordinary road. So all that depends on the number of nodes is as large as asked for, and nothing is downloaded.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy.spatial import cKDTree

from transit_model.domain.region import Region

TRUNK_EVERY, MOTORWAY_EVERY = 10, 40
_KMH = {"motorway": 120.0, "trunk": 80.0, "tertiary": 40.0}


def put_on_lattice(region: Region, n_nodes: int) -> Region:
    """Return the region with its roads replaced by a lattice of about `n_nodes` nodes."""
    west, south, east, north = region.info.bbox
    forth = Transformer.from_crs("EPSG:4326", region.info.crs, always_xy=True)
    x, y = forth.transform([west, east, west, east], [south, south, north, north])
    low_x, high_x, low_y, high_y = max(x[0], x[2]), min(x[1], x[3]), max(y[0], y[1]), min(y[2], y[3])
    step = float(np.sqrt((high_x - low_x) * (high_y - low_y) / n_nodes))
    nx, ny = int((high_x - low_x) // step) + 1, int((high_y - low_y) // step) + 1
    xs, ys = np.meshgrid(low_x + step * np.arange(nx), low_y + step * np.arange(ny))
    lon, lat = forth.transform(xs.ravel(), ys.ravel(), direction="INVERSE")
    ids = np.array([f"n{i}" for i in range(nx * ny)])
    nodes = pd.DataFrame({"node_id": ids, "name_zh": "", "name_en": "", "lon": lon, "lat": lat})
    nodes = nodes.assign(kind="junction", confidence="high", source="[made] lattice")
    number = np.arange(nx * ny).reshape(ny, nx)
    across, up = (number[:, :-1], number[:, 1:]), (number[:-1], number[1:])
    tail = np.concatenate([across[0].ravel(), up[0].ravel()])
    head = np.concatenate([across[1].ravel(), up[1].ravel()])
    line = np.concatenate([np.repeat(np.arange(ny), nx - 1), np.tile(np.arange(nx), ny - 1)])
    highway = np.where(
        line % MOTORWAY_EVERY == MOTORWAY_EVERY // 2,
        "motorway",
        np.where(line % TRUNK_EVERY == 0, "trunk", "tertiary"),
    )
    links = pd.DataFrame({"link_id": [f"r{i}" for i in range(len(tail))], "from_node_id": ids[tail]})
    links = links.assign(
        to_node_id=ids[head],
        oneway=False,
        highway=highway,
        ref="",
        name_zh="",
        length_m=step,
        maxspeed_kmh=pd.Series(highway).map(_KMH).to_numpy(),
        toll=highway == "motorway",
        area="rural",
        opened="",
        closed="",
        confidence="high",
        source="[made] lattice",
    )
    ordinary = np.unique(np.concatenate([tail[highway != "motorway"], head[highway != "motorway"]]))
    tree = cKDTree(np.column_stack([xs.ravel()[ordinary], ys.ravel()[ordinary]]))

    def join(table: pd.DataFrame) -> pd.DataFrame:
        has = (table["road_node_id"] != "").to_numpy() & table["lon"].notna().to_numpy()
        px, py = forth.transform(table["lon"].to_numpy(dtype=float)[has], table["lat"].to_numpy(dtype=float)[has])
        out = table["road_node_id"].astype(object).to_numpy().copy()
        out[has] = ids[ordinary[tree.query(np.column_stack([px, py]))[1]]]
        out[~has] = ""
        return table.assign(road_node_id=out.astype(str))

    return replace(
        region,
        nodes=nodes,
        links=links[list(region.links.columns)],
        shapes=region.shapes.iloc[:0],
        places=join(region.places),
        stations=join(region.stations),
        counties=region.counties.assign(road_node_id=""),
        fingerprint=f"lattice-{n_nodes}",
    )
