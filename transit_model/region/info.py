"""`region.yaml` to `RegionInfo`: a frozen schema, unknown keys refused, every mistake with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from transit_model.assumptions import read_default_assumptions
from transit_model.domain.region import RegionInfo
from transit_model.domain.tables import PLACE_KINDS
from transit_model.errors import InputError, Issue
from transit_model.store.yaml_lines import YamlDocument, validate_model
from transit_model.units import parse_clock_s


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(_Frozen):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class RegionFile(_Frozen):
    """What `region.yaml` may say."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: Bilingual
    crs: str
    bbox: tuple[float, float, float, float]
    built_as_of: date
    service_date: date
    departure_window: tuple[str, str]
    timetable_vintage: Bilingual
    groups: dict[str, tuple[str, ...] | dict[str, str]]
    main_stations: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    known_gaps: tuple[Bilingual, ...] = ()
    limits: tuple[Bilingual, ...] = ()
    attribution: Bilingual
    assumptions: dict[str, Any] = Field(default_factory=dict)

    @field_validator("crs")
    @classmethod
    def _metric_crs(cls, text: str) -> str:
        import pyproj

        try:
            crs = pyproj.CRS.from_user_input(text)
        except pyproj.exceptions.CRSError as error:
            msg = "not a CRS that PROJ knows"
            raise ValueError(msg) from error
        if not crs.is_projected or any(axis.unit_name not in ("metre", "meter") for axis in crs.axis_info):
            msg = "the CRS must be projected, in metres (an equal-area one, e.g. +proj=aea)"
            raise ValueError(msg)
        return text

    @field_validator("bbox")
    @classmethod
    def _ordered_bbox(cls, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        west, south, east, north = box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            msg = "bbox must be west_lon, south_lat, east_lon, north_lat"
            raise ValueError(msg)
        return box

    @field_validator("groups")
    @classmethod
    def _known_kinds(cls, groups: dict[str, tuple[str, ...] | dict[str, str]]) -> dict[str, Any]:
        for name, group in groups.items():
            kind = group.get("kind") if isinstance(group, dict) else None
            if kind is not None and kind not in PLACE_KINDS:
                msg = f"group {name}: kind must be one of {', '.join(PLACE_KINDS)}"
                raise ValueError(msg)
        return groups

    @field_validator("departure_window")
    @classmethod
    def _ordered_window(cls, window: tuple[str, str]) -> tuple[str, str]:
        if parse_clock_s(window[0]) >= parse_clock_s(window[1]):
            msg = "the departure window must start before it ends"
            raise ValueError(msg)
        return window


def read_region_info(document: YamlDocument, members: dict[str, list[str]]) -> tuple[RegionInfo | None, list[Issue]]:
    """Return the region of a checked document.

    Parameters
    ----------
    document : YamlDocument
    members : dict
        Place kind to the ids of that kind, to resolve groups by kind; stations are stop_ids.

    Returns
    -------
    RegionInfo or None, list of Issue
        ``unknown_key``, ``missing_key``, ``bad_value``, ``unknown_place``, ``bad_assumption``.
    """
    content, issues = validate_model(RegionFile, document)
    if content is None:
        return None, issues
    places = {place for kind, ids in members.items() if kind != "station" for place in ids}
    known = places | set(members.get("station", ()))
    groups: dict[str, tuple[str, ...]] = {}
    alternative: dict[str, str] = {}
    for name, group in content.groups.items():
        if isinstance(group, dict) and set(group) == {"kind"}:
            # An id that a place has too means the place; `study.places` knows its station by the longer name.
            is_stop = group["kind"] == "station"
            ids = members.get(group["kind"], ())
            groups[name] = tuple(f"station:{i}" if is_stop and i in places else i for i in ids)
            continue
        listed = tuple(dict.fromkeys(group.values())) if isinstance(group, dict) else group
        groups[name] = listed
        if isinstance(group, dict):
            alternative.update(group)
        for place in dict.fromkeys([*group, *listed]):
            if place not in known:
                line = document.line_of("groups", name)
                message = f"group {name} names a place that is not in places.csv"
                issues.append(Issue("unknown_place", "error", message, document.file, line, f"groups.{name}", place))
    groups.setdefault("centres", ())
    for place in content.main_stations:
        if place not in places:
            line = document.line_of("main_stations", place)
            message = "main_stations names a place that is not in places.csv"
            issues.append(Issue("unknown_place", "error", message, document.file, line, "main_stations", place))
    issues += _check_assumptions(content, document)
    start, end = content.departure_window
    info = RegionInfo(
        region_id=content.id,
        title=content.title.model_dump(),
        crs=content.crs,
        bbox=content.bbox,
        built_as_of=content.built_as_of,
        service_date=content.service_date,
        window=(parse_clock_s(start), parse_clock_s(end)),
        timetable_vintage=content.timetable_vintage.model_dump(),
        groups=groups,
        main_stations=content.main_stations,
        alternative_centres=alternative,
        known_gaps=tuple(text.model_dump() for text in content.known_gaps),
        limits=tuple(text.model_dump() for text in content.limits),
        attribution=content.attribution.model_dump(),
        assumptions=content.assumptions,
    )
    return info, issues


def _check_assumptions(content: RegionFile, document: YamlDocument) -> list[Issue]:
    if not content.assumptions:
        return []
    try:
        read_default_assumptions().with_changes(**content.assumptions)
    except InputError as error:
        return [
            replace(
                issue,
                file=document.file,
                line=document.line_of("assumptions", (issue.field or "").split(".")[0]),
                field=f"assumptions.{issue.field}",
            )
            for issue in error.issues
        ]
    return []
