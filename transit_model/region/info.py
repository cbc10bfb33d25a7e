"""`region.yaml` to `RegionInfo`: a frozen schema, unknown keys refused, every mistake with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator

from transit_model.assumptions import read_default_assumptions
from transit_model.domain.region import IMPLIED_TIMETABLE, RegionInfo, TimetableInfo
from transit_model.domain.tables import PLACE_KINDS
from transit_model.errors import InputError, Issue
from transit_model.region.tables import FEED_FOLDER
from transit_model.store.file_models import Bilingual, FileModel
from transit_model.store.yaml_lines import YamlDocument, validate_model
from transit_model.units import parse_clock_s


class TimetableEntry(FileModel):
    """One item of `timetables`."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    folder: str = Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$")
    valid_from: date
    vintage: Bilingual
    service_date: date | None = None
    source: tuple[str, ...] = ()
    notes: Bilingual | None = None
    stations_listed: Literal["all", "some"] = "all"


class RegionFile(FileModel):
    """What `region.yaml` may say."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*(\+[a-z0-9][a-z0-9_-]*)?$")
    title: Bilingual
    crs: str
    bbox: tuple[float, float, float, float]
    built_as_of: date
    service_date: date
    departure_window: tuple[str, str]
    timetable_vintage: Bilingual | None = None
    timetables: tuple[TimetableEntry, ...] | None = Field(None, min_length=1)
    groups: dict[str, tuple[str, ...] | dict[str, str]]
    main_stations: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    known_gaps: tuple[Bilingual, ...] = ()
    limits: tuple[Bilingual, ...] = ()
    attribution: Bilingual
    assumptions: dict[str, Any] = Field(default_factory=dict)
    roads_only: bool = False

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
    issues += _check_assumptions(content, document) + _check_timetables(content, document)
    timetables = _list_timetables(content)
    newest = timetables[-1]
    start, end = content.departure_window
    info = RegionInfo(
        region_id=content.id,
        title=content.title.model_dump(),
        crs=content.crs,
        bbox=content.bbox,
        built_as_of=content.built_as_of,
        service_date=newest.service_date,
        window=(parse_clock_s(start), parse_clock_s(end)),
        timetable_vintage=newest.vintage,
        groups=groups,
        main_stations=content.main_stations,
        alternative_centres=alternative,
        known_gaps=tuple(text.model_dump() for text in content.known_gaps),
        limits=tuple(text.model_dump() for text in content.limits),
        attribution=content.attribution.model_dump(),
        assumptions=content.assumptions,
        timetable_id=newest.timetable_id,
        timetables=timetables,
        roads_only=content.roads_only,
    )
    return info, issues


def _list_timetables(content: RegionFile) -> tuple[TimetableInfo, ...]:
    """Return the timetables oldest first; without `timetables:` the one in the folder ``gtfs``."""
    if content.timetables is None:
        words = content.timetable_vintage.model_dump() if content.timetable_vintage else {"zh": "", "en": ""}
        return (TimetableInfo(IMPLIED_TIMETABLE, FEED_FOLDER, None, words, content.service_date),)
    return tuple(
        TimetableInfo(
            entry.id,
            entry.folder,
            entry.valid_from,
            entry.vintage.model_dump(),
            entry.service_date or content.service_date,
            entry.source,
            entry.notes.model_dump() if entry.notes else None,
            lists_all=entry.stations_listed == "all",
        )
        for entry in sorted(content.timetables, key=lambda e: e.valid_from)
    )


def _check_timetables(content: RegionFile, document: YamlDocument) -> list[Issue]:
    """``missing_key``, ``duplicate_timetable``, ``overlapping_timetables``, ``timetable_order``."""
    if content.timetables is None:
        if content.timetable_vintage is not None:
            return []
        hint = "say of when the trains are: timetable_vintage: {zh: ..., en: ...}, or declare timetables:"
        message = "the region does not say of when its timetable is"
        return [Issue("missing_key", "error", message, document.file, None, "timetable_vintage", None, hint)]
    issues: list[Issue] = []

    def add(code: str, at: int, field: str, value: object, message: str, hint: str) -> None:
        line = document.line_of("timetables", at, field)
        name = f"timetables.{at}.{field}"
        issues.append(Issue(code, "error", message, document.file, line, name, str(value), hint))

    for i, entry in enumerate(content.timetables):
        for other in content.timetables[:i]:
            if entry.id == other.id:
                add("duplicate_timetable", i, "id", entry.id, "two timetables have this id", "ids must be unique")
            if entry.folder == other.folder:
                message, hint = f"{other.id} has this folder already", "give each timetable a folder of its own"
                add("duplicate_timetable", i, "folder", entry.folder, message, hint)
            if entry.valid_from == other.valid_from:
                message = f"{entry.id} and {other.id} would both be the newest from this day on"
                hint = "each timetable ends where the next begins: give them different days, or leave one out"
                add("overlapping_timetables", i, "valid_from", entry.valid_from, message, hint)
        if i and entry.valid_from < content.timetables[i - 1].valid_from:
            message = f"{entry.id} begins before {content.timetables[i - 1].id}, which stands above it"
            add("timetable_order", i, "valid_from", entry.valid_from, message, "list timetables by valid_from")
    return issues


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
