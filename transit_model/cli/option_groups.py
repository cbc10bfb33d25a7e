"""Options that belong together as one dataclass: a command takes the group, the parser sees its fields.

The fields stand in the help where the group stands among the parameters; a group may hold groups.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from transit_model.cli.options import (
    BomOption,
    DateOption,
    DebugOption,
    FormatOption,
    LangOption,
    RegionOption,
    ScenariosOption,
    SpeedsOption,
    TimetableOption,
    VehicleOption,
    WindowOption,
)
from transit_model.cli.output import Format, choosing


@dataclass(frozen=True)
class Pack:
    """Where the data are: the region pack, scenarios of one's own, and the timetable where not the usual one."""

    region: RegionOption = None
    scenarios: ScenariosOption = None
    timetable: TimetableOption = None


@dataclass(frozen=True)
class Shown:
    """How the answer is shown."""

    form: FormatOption = Format.TABLE
    lang: LangOption = None
    bom: BomOption = False
    debug: DebugOption = False


@dataclass(frozen=True)
class Driving:
    """Who drives on the roads, and how fast."""

    vehicle: VehicleOption = "car"
    speeds: SpeedsOption = "typical"


@dataclass(frozen=True)
class Moment:
    """The service date and the departures that are measured."""

    date: DateOption = None
    window: WindowOption = None

    @property
    def windows(self) -> tuple[str, ...]:
        """Return the window that was typed, none when that of the region holds."""
        return () if self.window is None else (self.window,)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose groups are spread into single parameters, in their places and in the order of the fields.

    Parameters
    ----------
    command : callable
        Parameters annotated with a dataclass are groups; every field of a group is a parameter ``Annotated`` with
        ``typer.Option`` or a group itself. Names must differ throughout.
    """
    hints = get_type_hints(command, include_extras=True)
    given = inspect.signature(command).parameters.values()
    spread: dict[str, inspect.Parameter] = {}
    for parameter in given:
        hint = hints[parameter.name]
        found = _spread(hint) if is_dataclass(hint) else [(parameter.name, hint, parameter.default)]
        for name, annotation, default in found:
            assert name not in spread, f"{command.__name__}: two options called {name}"
            spread[name] = inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
            )
    groups = {p.name: hints[p.name] for p in given if is_dataclass(hints[p.name])}
    plain = [p.name for p in given if p.name not in groups]

    def run(**values: Any) -> None:  # noqa: ANN401 - what the parser read
        built = {name: _build(kind, values) for name, kind in groups.items()}
        with choosing(values):
            command(**built, **{name: values[name] for name in plain})

    run.__name__, run.__qualname__, run.__doc__ = command.__name__, command.__qualname__, command.__doc__
    run.__module__ = command.__module__
    run.__annotations__ = {**{name: p.annotation for name, p in spread.items()}, "return": None}
    run.__signature__ = inspect.Signature(list(spread.values()))  # type: ignore[attr-defined]
    return run


def _spread(group: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401 - a dataclass
    """Yield name, annotation and default of each single option of a group."""
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        if is_dataclass(hints[field.name]):
            yield from _spread(hints[field.name])
        else:
            yield field.name, hints[field.name], _find_default(field)


def _find_default(field: Field[Any]) -> Any:  # noqa: ANN401 - any value
    return inspect.Parameter.empty if field.default is MISSING else field.default


def _build(group: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a dataclass
    hints = get_type_hints(group)
    return group(
        **{
            field.name: _build(hints[field.name], values) if is_dataclass(hints[field.name]) else values[field.name]
            for field in fields(group)
        }
    )
