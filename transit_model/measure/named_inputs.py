"""From what an analyst hands over in Python to places: text, points, tables, one or many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from transit_model.measure.session import Session

_PLACE_HINT: Final = (
    "accepted: an id, a name or a group as text, 'lon,lat', LonLat(lon=, lat=), a Place, a DataFrame or GeoDataFrame "
    "with the column id (and lon, lat or points as geometry), or several of these in a list"
)


def check_workspace(given: Any) -> None:  # noqa: ANN401 - what an analyst writes
    """Check that an argument is a workspace.

    Raises
    ------
    InputError
        ``not_a_workspace`` for anything else.
    """
    if not hasattr(given, "library"):
        message = f"a workspace is wanted, not {type(given).__name__}"
        raise InputError(Issue("not_a_workspace", "error", message, field="ws", hint="ws = tm.open()"))


def read_places(session: Session, given: Any, field: str = "places") -> list[Place]:  # noqa: ANN401 - see below
    """Return the places that an argument means.

    Parameters
    ----------
    session : Session
        Its region says what the names mean and where points may lie.
    given : str, Place, LonLat, (lon, lat), DataFrame, GeoDataFrame, or iterable of them
        Text as on the command line: an id, a name, a group, ``lon,lat``, several with commas. A table has the column
        ``id`` and either ``lon`` and ``lat`` (degrees, WGS84) or points as geometry (any coordinate reference system);
        ``name``, ``name_zh`` and ``name_en`` are taken where they are.

    Raises
    ------
    InputError
        ``not_a_place`` for anything else, with what is accepted; all that `PlaceIndex` tells of a name or a point;
        ``duplicate_id``, ``missing_column``, ``no_crs``, ``not_points`` of a table.
    """
    if not hasattr(session, "places"):
        hint = "session = ws.session('built-2025')"
        message = f"a session is wanted, not {type(session).__name__}"
        raise InputError(Issue("not_a_session", "error", message, field="session", hint=hint))
    if isinstance(given, pd.DataFrame):
        return _read_table(session, given, field)
    if _is_point(given):
        return [_read_point(session, *given)]
    if isinstance(given, Iterable) and not isinstance(given, str | Place | LonLat):
        return [place for one in given for place in read_places(session, one, field)]
    if isinstance(given, Place):
        return [given]
    if isinstance(given, LonLat):
        return [_read_point(session, given.lon, given.lat)]
    if isinstance(given, str):
        return session.places.list_group(given)
    message = f"{type(given).__name__} is no place"
    raise InputError(
        Issue("not_a_place", "error", message, field=field, value=str(given)[:80], hint=_PLACE_HINT)
    ) from None


def _is_point(given: Any) -> bool:  # noqa: ANN401 - what an analyst writes
    return isinstance(given, tuple) and len(given) == 2 and all(_is_number(n) for n in given)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - what an analyst writes
    return isinstance(value, Real) and not isinstance(value, bool)


def _read_point(session: Session, lon: float, lat: float) -> Place:
    return session.places.get_place(f"{float(lon):.7f},{float(lat):.7f}")


def _read_table(session: Session, table: pd.DataFrame, field: str) -> list[Place]:
    places, issues = [], []
    for row in read_place_table(table, field).itertuples(index=False):
        lon, lat = float(row.lon), float(row.lat)
        try:
            _read_point(session, lon, lat)  # it tells a swap and what lies outside the study area
        except InputError as error:
            issues += error.issues
            continue
        places.append(Place(str(row.id), "point", str(row.name_zh), str(row.name_en), LonLat(lon=lon, lat=lat)))
    if issues:
        raise InputError(issues)
    return places


def read_place_table(table: pd.DataFrame, field: str = "places") -> pd.DataFrame:
    """Return ``id, lon, lat, name_zh, name_en`` of a table or GeoDataFrame of places, in degrees (WGS84).

    Raises
    ------
    InputError
        ``duplicate_id``, ``missing_column``, ``no_crs``, ``not_points``, ``bad_value``.
    """
    if not isinstance(table, pd.DataFrame):
        message = f"{type(table).__name__} is no table of places"
        raise InputError(Issue("not_a_table", "error", message, field=field, value=str(table)[:80], hint=_PLACE_HINT))
    points = _list_points(table, field)
    ids = [str(v).strip() for v in table["id"]]
    if wrong := sorted({i for i in ids if not i or ids.count(i) > 1}):
        message = "ids of places must be there, each once"
        raise InputError(Issue("duplicate_id", "error", message, field="id", value=", ".join(wrong)[:80]))
    lost = [i for i, at in zip(ids, points, strict=True) if not all(map(math.isfinite, at))]
    if lost:
        raise InputError(
            [Issue("bad_value", "error", "the place has no coordinates", field=field, value=i) for i in lost]
        )
    names = {
        lang: table.get(f"name_{lang}", table.get("name", table["id"])).astype(str).tolist() for lang in ("zh", "en")
    }
    lon, lat = ([p[k] for p in points] for k in (0, 1))
    return pd.DataFrame({"id": ids, "lon": lon, "lat": lat, "name_zh": names["zh"], "name_en": names["en"]})


def _list_points(table: pd.DataFrame, field: str) -> Sequence[tuple[float, float]]:
    """Return longitude and latitude of each row of a table, in degrees (WGS84)."""
    import geopandas as gpd

    hint = _PLACE_HINT
    if "id" not in table.columns:
        raise InputError(
            Issue("missing_column", "error", "the table of places has no column id", field="id", hint=hint)
        )
    if isinstance(table, gpd.GeoDataFrame):
        if table.crs is None:
            message = "nobody says in which coordinate reference system the points are"
            raise InputError(Issue("no_crs", "error", message, field=field, hint="gdf.set_crs('EPSG:4326')"))
        shapes = table.geometry.to_crs("EPSG:4326")
        if not bool((shapes.geom_type == "Point").all()):
            message = "places are points"
            raise InputError(Issue("not_points", "error", message, field=field, hint="use gdf.representative_point()"))
        return list(zip(shapes.x.astype(float), shapes.y.astype(float), strict=True))
    if missing := [c for c in ("lon", "lat") if c not in table.columns]:
        message = f"the table of places has no column {' and no '.join(missing)}"
        raise InputError(Issue("missing_column", "error", message, field=missing[0], hint=hint))
    numbers = {c: pd.to_numeric(table[c], errors="coerce").astype(float) for c in ("lon", "lat")}
    return list(zip(numbers["lon"], numbers["lat"], strict=True))


def read_place(session: Session, given: Any, field: str) -> Place:  # noqa: ANN401 - what an analyst writes
    """Return the one place that an argument means, see `read_places`."""
    places = read_places(session, given, field)
    if len(places) > 1:
        raise InputError(Issue("one_only", "error", "one place at a time", field=field, value=str(given)[:80]))
    return places[0]
