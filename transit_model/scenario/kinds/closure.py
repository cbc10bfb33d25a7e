"""Roads, trains or stops taken away."""

from __future__ import annotations

from collections.abc import Iterator

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import Field, ProjectKind, Template
from transit_model.scenario.road_edit import apply_closure
from transit_model.scenario.road_schema import Closure

_TEMPLATE = Template(
    "停用公路、车次或车站 roads, trains or stops taken away",
    """\
roads: [g6_bikeqi--g6_taigemu]  # 双向 / both directions
# trips: []
# routes: []
# stops: []
""",
    "roads",
    "opens",
    "[2028, 2030]",
)


def _describe(p: Closure, zh: bool, _: Assumptions) -> list[str]:
    names = {"roads": "公路", "trips": "车次", "routes": "线路", "stops": "车站"}
    return [
        (f"停用{names[key]}:" if zh else f"closed {key}: ") + ", ".join(getattr(p, key))
        for key in names
        if getattr(p, key)
    ]


def _list_closed(p: Closure) -> Iterator[tuple[str, str, Field]]:
    for what in ("roads", "trips", "routes", "stops"):
        yield from ((what, name, (what, i)) for i, name in enumerate(getattr(p, what)))


KIND = ProjectKind(
    schema=Closure,
    apply=apply_closure,
    describe=_describe,
    template=_TEMPLATE,
    closes=_list_closed,
)
