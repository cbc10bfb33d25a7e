"""Where people live on the grid: the census spread by a stated model, or a crude rule, or the user's own data."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import shape

from transit_model.domain.plausible import COUNTY_MAX_PERSONS, REGION_MAX_PERSONS
from transit_model.errors import InputError, Issue
from transit_model.measure.road_courses import lay_roads
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.network.model import Network
from transit_model.region.point_table import read_point_table
from transit_model.surface.disaggregation import County, DisaggregationRule, Pulls, spread_census
from transit_model.surface.population import build_points, sum_on_grid

Method = Literal["model", "seat", "even"]
PARTS = ("seat", "towns", "villages")
METHODS: tuple[Method, ...] = ("model", "seat", "even")


def build_population(builder: SurfaceBuilder, method: Method = "model") -> npt.NDArray[np.float64]:
    """Return persons by cell of the region grid, (ny, nx).

    Parameters
    ----------
    method : {"model", "seat", "even"}
        The disaggregation model (`population_rule` of the assumptions), everybody at the county seat, or an even
        spread. Without county outlines every county stays at its seat. County totals are kept to the person.
    """
    counties = list_counties(builder)
    rule = DisaggregationRule(**builder.session.network.assumptions.population_rule)
    pulls = _list_pulls(builder) if method == "model" else None
    spread = spread_census(builder.grid, counties, method, rule=rule if method == "model" else None, pulls=pulls)
    return spread.population.astype(np.float64)


def place_people(builder: SurfaceBuilder, how: str | Path = "model") -> npt.NDArray[np.float64]:
    """Return persons by cell, (ny, nx), by what the option ``--population`` names: a method, or a file of one's own.

    Raises
    ------
    InputError
        When it is neither a method nor a file that can be read.
    """
    for method in METHODS:
        if str(how) == method:
            return build_population(builder, method)
    path = Path(how)
    if not path.is_file():
        hint = f"use {', '.join(METHODS)}, or a .tif or .csv that exists"
        raise InputError(
            Issue(
                "no_population", "error", "no such way to place people", field="population", value=str(how), hint=hint
            )
        )
    return read_population(builder, path)


def read_population(builder: SurfaceBuilder, path: Path) -> npt.NDArray[np.float64]:
    """Return persons by cell of the region grid from a user's file, (ny, nx).

    What does not stop the reading (people outside the study area, another encoding) is added to `builder.notices`.

    Parameters
    ----------
    path : Path
        A GeoTIFF of persons by cell (any CRS; each cell's people go to its centre), or a CSV with the columns
        ``lon, lat, population``.

    Raises
    ------
    InputError
        When the file cannot be read or is of another kind, holds nobody, nobody inside the study area, or more people
        than there can be.
    """
    notices: list[Issue] = []
    if path.suffix.lower() in {".tif", ".tiff"}:
        table = _read_raster(path, notices)
    elif path.suffix.lower() == ".csv":
        points = read_point_table(path, numbers=["population"])
        table = pd.DataFrame({"lon": points.lon, "lat": points.lat, "population": points.numbers["population"]})
        notices += points.notices
        _check_persons(points.numbers["population"], path, "correct the row")
    else:
        raise InputError(
            Issue("unknown_format", "error", "cannot tell the population file", file=str(path), hint="use .tif or .csv")
        )
    total = float(table["population"].sum())
    if total == 0:
        hint = (
            "a table without people has another meaning than one that is missing: leave --population out for the census"
        )
        raise InputError(Issue("no_people", "error", "nobody lives in this file", file=str(path), hint=hint))
    placed = sum_on_grid(build_points(table, builder.grid), builder.grid)
    if not placed.population.any():
        what = "nobody of this file lives in the study area"
        hint = "lon before lat? another region?"
        raise InputError(Issue("population_outside", "error", what, file=str(path), hint=hint))
    if placed.outside > 0:
        what = f"{placed.outside:,.0f} of {total:,.0f} people live outside the study area and are counted nowhere"
        hint = "right for a file of a whole country; else widen the bbox of region.yaml"
        notices.append(Issue("population_outside", "warning", what, file=str(path), hint=hint))
    builder.notices += notices
    return placed.population


def _check_persons(persons: npt.NDArray[np.float64], path: Path, hint: str) -> None:
    """Refuse numbers of people that no place or country has: a nodata value that lost its name, most often."""
    absurd = persons > COUNTY_MAX_PERSONS
    total = float(persons[np.isfinite(persons)].sum())
    if not absurd.any() and total <= REGION_MAX_PERSONS:
        return
    what = f"{np.count_nonzero(absurd)} values are above {COUNTY_MAX_PERSONS:,} people in one place"
    if not absurd.any():
        what = f"{total:,.0f} people in all are more than any country has"
    value = f"{float(persons.max()):g}"
    raise InputError(Issue("population_impossible", "error", what, file=str(path), value=value, hint=hint))


def _read_raster(path: Path, notices: list[Issue]) -> pd.DataFrame:
    import rasterio
    from pyproj import Transformer
    from rasterio.errors import RasterioError

    try:
        with rasterio.open(path) as source:
            read = source.read(1, masked=True)
            crs, transform = source.crs, source.transform
    except RasterioError as error:
        raise InputError(
            Issue("bad_raster", "error", str(error), file=str(path), hint="a GeoTIFF of persons")
        ) from error
    if crs is None:
        raise InputError(Issue("missing_crs", "error", "the raster has no CRS", file=str(path), hint="assign its CRS"))
    known = ~np.ma.getmaskarray(read)
    people = np.ma.getdata(read)
    rows, columns = np.nonzero(known & (people > 0))
    persons = people[rows, columns].astype(np.float64)
    nodata = "is it the mark of missing cells? declare it as nodata, e.g. gdal_edit.py -a_nodata VALUE"
    _check_persons(persons, path, nodata)
    below = known & (people < 0)
    if below.any():
        what = f"{np.count_nonzero(below)} cells hold less than 0 people and were read as empty"
        value = f"{float(people[below].min()):g}"
        notices.append(Issue("negative_people", "warning", what, file=str(path), value=value, hint=nodata))
    x, y = rasterio.transform.xy(transform, rows, columns)
    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(np.asarray(x), np.asarray(y))
    return pd.DataFrame({"lon": lon, "lat": lat, "population": persons})


def _get_settled(builder: SurfaceBuilder) -> Network:
    """Return the base under a scenario: its projects move nobody, so that all scenarios have the same people."""
    network = builder.session.network
    return network if network.base_tables is None else network.with_tables(**vars(network.base_tables))


def list_counties(builder: SurfaceBuilder) -> list[County]:
    """Return the counties of the census with seat and outline in metres on the grid; the outline may be None."""
    network = _get_settled(builder)
    outlines = {
        str(f["properties"]["adcode"]): shape(f["geometry"]) for f in (network.outlines or {}).get("features", [])
    }
    settled = _read_settled(network)
    places = {p.place_id: p.at for p in builder.session.places.places}
    nodes = network.nodes.set_index("node_id")
    counties = []
    for row in network.counties.to_dict("records"):
        seat, node = str(row["place_id"]), str(row["road_node_id"])
        if seat in places:
            lon, lat = places[seat].lon, places[seat].lat
        elif node in nodes.index:
            lon, lat = float(nodes.at[node, "lon"]), float(nodes.at[node, "lat"])
        else:
            continue
        x, y = builder.grid.project([lon], [lat])
        outline = outlines.get(str(row["adcode"]))
        flat = None if outline is None else shapely.transform(outline, lambda xy: _project(builder, xy[:, 0], xy[:, 1]))
        code = str(row["adcode"])
        parts = settled.get(code)
        counties.append(County(code, int(row["population_2020"]), flat, float(x[0]), float(y[0]), settled=parts))
    return counties


def _read_settled(network: Network) -> dict[str, tuple[int, int, int]]:
    """Return the persons of each county in its seat, in other towns and in villages, where the pack tells them."""
    table = network.pack_tables.get("settlements")
    if table is None:
        return {}
    by_part = table.pivot_table(index="adcode", columns="part", values="persons", aggfunc="sum", fill_value=0)
    parts = by_part.reindex(columns=list(PARTS), fill_value=0).astype("int64")
    return {
        str(code): (int(row[0]), int(row[1]), int(row[2]))
        for code, row in zip(parts.index, parts.to_numpy(), strict=True)
    }


def _list_pulls(builder: SurfaceBuilder) -> Pulls:
    network = _get_settled(builder)
    town = network.nodes["name_zh"].str.endswith("镇") | (network.nodes["kind"] == "town")
    towns = network.nodes[town]
    stations = network.stations[network.stations["lon"].notna()]
    roads = lay_roads(network, builder.grid, [builder.roads])
    return Pulls(
        towns=_project(builder, towns["lon"], towns["lat"]),
        stations=_project(builder, stations["lon"], stations["lat"]),
        roads=roads.list_points(builder.grid.cell_m),
    )


def _project(builder: SurfaceBuilder, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    x, y = builder.grid.project(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return np.column_stack([x, y]).reshape(-1, 2)
