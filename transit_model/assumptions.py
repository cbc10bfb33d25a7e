"""Every judged number of the model, with its unit, basis, source and a sentence in both languages.

The values stand in ``assumptions.yaml`` beside this module; a region pack may override some in its
``region.yaml``, a scenario by a `policy` project. `Assumptions` is frozen and passed as an argument: there are no
module-level settings.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from transit_model.errors import InputError, Issue
from transit_model.wrong_values import describe_wrong

Basis = Literal["published", "derived", "calibrated", "judged"]
AboveZero: TypeAlias = Annotated[float, Field(gt=0, le=600)]
"""Of a table: kilometres an hour."""
Factor: TypeAlias = Annotated[float, Field(gt=0, le=10)]
ZeroOrMore: TypeAlias = Annotated[float, Field(ge=0, le=86_400)]
"""Of a table: seconds of a delay, or a share. None lasts longer than a day."""
Minutes: TypeAlias = Annotated[float, Field(ge=0, le=1440)]
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=86_400)]
Metres: TypeAlias = Annotated[float, Field(ge=0, le=1_000_000)]
"""Bounds part a slip of the pen from a number: a wait ends within the day, a walk within any region."""


class Provision(BaseModel):
    """Where an assumption comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    unit: str
    basis: Basis
    source: str
    source_zh: str = ""
    zh: str
    en: str


class Assumptions(BaseModel):
    """The numbers themselves. Human units, as in the file; convert through `units`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    vehicle_cap_kmh: Mapping[str, AboveZero]
    speed_factor_free: Mapping[str, Factor]
    speed_factor_typical: Mapping[str, Factor]
    speed_factor_peak: Mapping[str, Factor]
    speed_factor_winter: Mapping[str, Factor]
    toll_gate_delay_s: Seconds
    ramp_delay_s: Seconds
    junction_delay_s: Mapping[str, ZeroOrMore]
    car_start_min: Minutes
    car_park_min: Minutes
    taxi_wait_min: Minutes
    taxi_alight_min: Minutes
    walk_speed_kmh: float = Field(gt=0, le=600)
    walk_detour: float = Field(ge=1, le=10)
    walk_max_m: Metres
    access_max_min: float = Field(gt=0, le=1440)
    rail_entry_min: Minutes
    rail_exit_min: Minutes
    rail_change_min: Minutes
    station_reach_km: float = Field(ge=0, le=5000)
    station_reach_stops: int = Field(ge=1, le=100_000)
    transfer_walk_max_m: Metres
    metro_entry_min: Minutes
    metro_exit_min: Minutes
    metro_change_min: Minutes
    bus_entry_min: Minutes
    bus_exit_min: Minutes
    bus_stop_min: Minutes
    max_rides: int = Field(ge=1, le=8)
    snap_max_m: float = Field(gt=0, le=1_000_000)
    off_network_speed_kmh: float = Field(gt=0, le=600)
    off_network_max_min: Minutes
    rail_acceleration_ms2: float = Field(gt=0, le=10)
    rail_braking_ms2: float = Field(gt=0, le=10)
    rail_utilisation: float = Field(gt=0, le=1)
    rail_recovery_share: float = Field(ge=0, lt=1)
    rail_dwell_min: Minutes
    population_rule: Mapping[str, Annotated[float, Field(ge=0, le=1_000_000)]]
    borderline_share: Mapping[str, ZeroOrMore]
    provisions: Mapping[str, Provision]

    def with_changes(self, **changes: Any) -> Assumptions:  # noqa: ANN401 - any field of this class
        """Return a copy with some numbers replaced and checked again.

        Raises
        ------
        InputError
            When a name is unknown or a value is out of range.
        """
        try:
            return Assumptions.model_validate({**self.model_dump(), **changes})
        except ValidationError as error:
            raise InputError(
                [
                    Issue(
                        "bad_assumption",
                        "error",
                        describe_wrong(e),
                        field=".".join(map(str, e["loc"])),
                        value=str(e["input"])[:80],
                        hint="see transit_model/assumptions.yaml for the names and units",
                    )
                    for e in error.errors()
                ]
            ) from error

    def fingerprint(self) -> str:
        """Return a SHA-256 of all numbers."""
        numbers = self.model_dump(exclude={"provisions"})
        return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one row a number: name, value, unit, basis, source, source_zh, zh, en (tables by key)."""
        rows = []
        for name, provision in self.provisions.items():
            value = getattr(self, name)
            items = value.items() if isinstance(value, Mapping) else [("", value)]
            rows += [
                {"name": f"{name}.{key}" if key else name, "value": item, **provision.model_dump()}
                for key, item in items
            ]
        return rows


@cache
def read_default_assumptions() -> Assumptions:
    """Read the default assumptions that ship with the package.

    Raises
    ------
    InputError
        When the shipped file is damaged.
    """
    text = files("transit_model").joinpath("assumptions.yaml").read_text(encoding="utf-8")
    entries = read_plain_entries(text)
    values = {name: entry["value"] for name, entry in entries.items()}
    provisions = {name: {k: v for k, v in entry.items() if k != "value"} for name, entry in entries.items()}
    try:
        return Assumptions.model_validate({**values, "provisions": provisions})
    except ValidationError as error:
        raise InputError(f"assumptions.yaml is damaged: {error}") from error


_NAME = re.compile(r"(\w+):")
_FIELD = re.compile(r"  (\w+): (.+)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_PLAIN = re.compile(r"[^\s\d+.'\"\[\]{}&*!|>%@`,?#-][^#]*")


def read_plain_entries(text: str) -> dict[str, dict[str, Any]]:
    """Return the entries of a YAML file of the form that ours has.

    A name, below it fields of one line: a number, a plain or a double-quoted text, numbers by name in braces. Each
    process reads the file, and a parser of all YAML takes longer than many a question (52 ms and 0.7 ms were measured).

    Raises
    ------
    InputError
        At the first line that says it in another form of YAML.
    """
    entries: dict[str, dict[str, Any]] = {}
    fields: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, field = _NAME.fullmatch(line), _FIELD.fullmatch(line)
        if name is not None and name[1] not in entries:
            fields = entries[name[1]] = {}
        elif field is not None and entries and field[1] not in fields:
            try:
                fields[field[1]] = _read_value(field[2])
            except ValueError as error:
                raise _damaged(number, line) from error
        elif line.strip() and not line.startswith("#"):
            raise _damaged(number, line)
    return entries


def _damaged(number: int, line: str) -> InputError:
    message = "assumptions.yaml is damaged: a line is no name, and no field of a name in one line"
    hint = "value: 30, value: {car: 120, coach: 100}, unit: km/h, or a text in double quotes"
    return InputError(
        Issue("bad_assumption", "error", message, file="assumptions.yaml", line=number, value=line[:80], hint=hint)
    )


def _read_value(text: str) -> Any:  # noqa: ANN401 - a number, a text, numbers by name
    if text.startswith("{") and text.endswith("}"):
        pairs = (part.partition(": ") for part in text[1:-1].split(", "))
        return {name: _read_number(number) for name, _, number in pairs}
    if text.startswith('"'):
        return json.loads(text)
    if _NUMBER.fullmatch(text):
        return _read_number(text)
    if not _PLAIN.fullmatch(text) or ": " in text or text.endswith((":", " ")) or text in _WORDS:
        raise ValueError(text)
    return text


_WORDS = ("true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL", "~")


def _read_number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text) if "." in text else int(text)
