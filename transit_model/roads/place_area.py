"""The area of a named place, through osmnx and Nominatim (its rules: one request a second, results kept).

https://operations.osmfoundation.org/policies/nominatim/. osmnx waits a second before each request and keeps answers in
its own cache folder; a busy server is asked again a few times only, where osmnx alone would ask for ever.
"""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.roads.overpass import AGENT, BUSY, DEFAULT_NOMINATIM, LARGEST_WAIT_S, OverpassOptions


class PlaceArea(NamedTuple):
    """An area in WGS84 and the full name the server gave it."""

    area: BaseGeometry
    name: str


class _Busy(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, status: int, wait_s: float | None) -> None:
        super().__init__(f"the server answers {status}")
        self.wait_s = wait_s


def find_place_area(
    name: str, options: OverpassOptions, cache_dir: Path, *, sleep: Callable[[float], None] = time.sleep
) -> PlaceArea:
    """Return the area of a place by its name, e.g. ``呼和浩特市`` or ``Andorra``.

    Raises
    ------
    InputError
        ``unknown_place``, ``place_is_a_point``, ``download_failed``, ``bad_address``.
    """
    server = options.nominatim or DEFAULT_NOMINATIM
    if urllib.parse.urlsplit(server).scheme not in ("http", "https"):
        raise InputError(Issue("bad_address", "error", "not an http(s) address", field="nominatim", value=server))
    problem = ""
    for attempt in range(options.tries):
        try:
            return _look_up(name, server, options.timeout_s, cache_dir)
        except _Busy as error:
            problem = str(error)
            wait = error.wait_s if error.wait_s is not None else options.pause_s * 2**attempt
        except InputError:
            raise
        except Exception as error:  # requests, osmnx and geopandas raise their own
            problem = _explain(error, options.timeout_s)
            wait = options.pause_s * 2**attempt
        if attempt + 1 < options.tries:
            sleep(min(wait, LARGEST_WAIT_S))
    hint = "try again later, use --nominatim, or give a box with --overpass WEST,SOUTH,EAST,NORTH"
    message = f"the place cannot be looked up: {problem}"
    raise InputError(Issue("download_failed", "error", message, field="place", value=name, hint=hint))


def _look_up(name: str, server: str, timeout_s: float, cache_dir: Path) -> PlaceArea:
    import osmnx

    def refuse(response: Any, **_: object) -> None:  # noqa: ANN401 - a requests.Response
        if response.status_code in BUSY:
            named = response.headers.get("Retry-After", "")
            raise _Busy(response.status_code, float(named) if named.isdigit() else None)

    with osmnx_settings(
        nominatim_url=server,
        use_cache=True,
        cache_folder=str(cache_dir),
        requests_timeout=timeout_s,
        requests_kwargs={"hooks": {"response": refuse}},
        http_user_agent=AGENT,
        log_console=False,
    ):
        try:
            found = osmnx.geocode_to_gdf(name)
        except osmnx._errors.InsufficientResponseError as error:
            if "responded" in str(error):
                raise
            hint = "write it as the map does, with the country if need be, or give a box with --overpass"
            message = "the server knows no place of this name"
            raise InputError(Issue("unknown_place", "error", message, field="place", value=name, hint=hint)) from error
        except TypeError as error:  # osmnx: none of the results has an area
            hint = "name the town or county it lies in, or give a box with --overpass"
            message = "the place is a point or a line on the map, no area"
            raise InputError(
                Issue("place_is_a_point", "error", message, field="place", value=name, hint=hint)
            ) from error
    full_name = str(found["display_name"].iloc[0]) if "display_name" in found.columns else name
    return PlaceArea(shapely.union_all(found.geometry.to_numpy()), full_name)


def _explain(error: Exception, timeout_s: float) -> str:
    text = str(error)
    if "timed out" in text.lower():
        return f"no answer within {timeout_s:g} s"
    if "responded" in text:
        return f"the answer is no JSON but {text.rsplit('responded: ', maxsplit=1)[-1][:60]!r}"
    if isinstance(error, OSError):  # what requests raises is one
        return f"no connection: {text[:120]}"
    return f"the answer is not understood: {error!r:.120}"


@contextmanager
def osmnx_settings(**changes: object) -> Iterator[None]:
    """Set osmnx's module-level settings for a block and put the old ones back."""
    from osmnx import settings

    before = {name: getattr(settings, name) for name in changes}
    try:
        for name, value in changes.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
