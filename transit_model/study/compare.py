"""Two scenarios side by side: differences and the certificate that the comparison is sound (design 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.html_table import build_table, name_kind, show_minutes_change
from transit_model.domain.modes import Mode, Reading
from transit_model.domain.rounding import subtract_shown
from transit_model.errors import Issue
from transit_model.indicators.change import settle_times
from transit_model.measure.input_cache import is_improvement_only, list_improved_modes, list_same_inputs
from transit_model.measure.people import place_people
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.scenario.scenario_schema import StudyChoices
from transit_model.streets.memory import return_freed_memory
from transit_model.study.area_map import choose_kind, explore_areas, plot_areas
from transit_model.study.certificate import Certificate
from transit_model.study.rebuilt_base import RebuiltBase
from transit_model.study.scenario_tables import (
    RingCache,
    list_kinds,
    list_ring_origins,
    make_content_key,
    sort_kinds,
)
from transit_model.study.touched import Edit
from transit_model.surface.gained import CellTimes, list_changed_areas
from transit_model.surface.population import sum_within
from transit_model.units import S_PER_MIN, min_to_s

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    from matplotlib.axes import Axes

F64 = npt.NDArray[np.float64]
_PAIR = ["from", "to", "mode", "reading"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed between two scenarios.

    Attributes
    ----------
    od : DataFrame
        from, to, mode, reading, base_min, scenario_min, change_min.
    population : DataFrame
        origin, mode, reading, cutoff_min, base, scenario, change (persons within the cutoff).
    certificate : mapping
        See `Certificate.as_dict`.
    cells : list of CellTimes
        Cell times of both, for the areas that change, cut to the block that holds them; empty when only tables were
        compared.
    cutoffs_min : tuple of float
        Minutes that areas and people are counted within.
    failures : tuple of Issue
        What failed of the certificate, a fault of the model; empty when the comparison is sound.
    ways : DataFrame
        base_via, scenario_via of each row of `od`: the mode taken and the stations, empty by road.
    """

    base: str
    scenario: str
    od: pd.DataFrame
    population: pd.DataFrame
    certificate: dict[str, Any]
    cells: list[CellTimes] = field(default_factory=list, repr=False)
    cutoffs_min: tuple[float, ...] = StudyChoices().cutoffs_min
    failures: tuple[Issue, ...] = ()
    ways: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    @cached_property
    def gained(self) -> gpd.GeoDataFrame:
        """Newly reached cells: origin, mode, reading, cutoff_min, change, area_km2, population, geometry (WGS84)."""
        return list_changed_areas(self.cells, self.cutoffs_min, ("gained",))

    def as_geodataframe(self) -> gpd.GeoDataFrame:
        """Return what is gained and what is lost, in the columns of `gained`; `change` says which."""
        return list_changed_areas(self.cells, self.cutoffs_min, ("gained", "lost"))

    def explore(self, **options: Any) -> folium.Map:  # noqa: ANN401 - options of geopandas
        """Return an interactive map of what is gained, as ``GeoDataFrame.explore`` draws it.

        No tiles are loaded unless asked for, e.g. ``tiles="OpenStreetMap"``.
        """
        return explore_areas(self.gained, **options)

    def plot(
        self,
        mode: str | None = None,
        reading: str | None = None,
        cutoff_min: float | None = None,
        **options: Any,  # noqa: ANN401 - options of geopandas
    ) -> Axes:
        """Draw what is gained and lost with matplotlib (extra ``notebook``), for one mode, reading and cutoff.

        Absent, they are the first mode and reading compared and the longest cutoff. `options` are those of
        ``GeoDataFrame.plot``: ``ax``, ``figsize``, ``alpha``.

        Raises
        ------
        InputError
            When nothing of the kind was compared, or matplotlib is not installed.
        """
        wanted = {"mode": mode, "reading": reading, "cutoff_min": cutoff_min or max(self.cutoffs_min)}
        found = choose_kind(self.population, wanted)
        areas = self.as_geodataframe()
        for name, value in found.items():
            areas = areas[areas[name] == value]
        title = f"{self.base} → {self.scenario}: {found['mode']}, {found['reading']}, {found['cutoff_min']:g} min"
        return plot_areas(areas, title, **options)

    def _repr_html_(self) -> str:
        return _show_comparison(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract form (design 8); minutes are None when unreachable.

        Pairs tell their ways before and after, people also the ground gained and lost in km2 (`gained`).
        """
        ways = self.ways.to_dict("records") or [{"base_via": "", "scenario_via": ""}] * len(self.od)
        return {
            "base": self.base,
            "scenario": self.scenario,
            "certificate": self.certificate,
            "od": [_plain_change(r) | w for r, w in zip(self.od.to_dict("records"), ways, strict=True)],
            "population": [_plain_row(r) for r in self._add_areas().to_dict("records")],
        }

    def _add_areas(self) -> pd.DataFrame:
        """Return `population` with gained_km2 and lost_km2, whole cells."""
        keys = ["origin", "mode", "reading", "cutoff_min"]
        areas = list_changed_areas(self.cells, self.cutoffs_min, ("gained", "lost"), outline=False)
        table = self.population
        for change in ("gained", "lost"):
            km2 = areas.loc[areas["change"] == change, [*keys, "area_km2"]].rename(
                columns={"area_km2": f"{change}_km2"}
            )
            table = table.merge(pd.DataFrame(km2).astype(table.dtypes[keys]), on=keys, how="left")
        return table.fillna({"gained_km2": 0.0, "lost_km2": 0.0})


def _plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(k): (round(v, 2) if math.isfinite(v) else None) if isinstance(v, float) else v for k, v in row.items()}


def _plain_change(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row whose difference is that of its rounded minutes."""
    plain = _plain_row(row)
    if plain["base_min"] is not None and plain["scenario_min"] is not None and plain["change_min"]:
        plain["change_min"] = subtract_shown(plain["scenario_min"], plain["base_min"], 2)
    return plain


def compare_od(base: pd.DataFrame, scenario: pd.DataFrame) -> pd.DataFrame:
    """Return both minutes of each pair, mode and reading, and their difference (NaN when both are unreachable).

    A mode that runs in one of them only is unreachable in the other. A difference within the tolerance is 0.
    """
    both = _join_sides(base, scenario, "minutes", ("base_min", "scenario_min")).fillna(np.inf)
    before_s, after_s = (both[c].to_numpy(dtype=np.float64) * S_PER_MIN for c in ("base_min", "scenario_min"))
    same = settle_times(before_s, after_s) == before_s
    with np.errstate(invalid="ignore"):
        change = both["scenario_min"] - both["base_min"]
    return both.assign(change_min=change.where(~same | ~np.isfinite(before_s), 0.0))


def _join_sides(base: pd.DataFrame, scenario: pd.DataFrame, column: str, names: tuple[str, str]) -> pd.DataFrame:
    """Return a column of two OD tables side by side, for every pair, mode and reading that one of them has."""
    both = pd.concat([base[_PAIR], scenario[_PAIR]]).drop_duplicates(ignore_index=True)
    for name, table in zip(names, (base, scenario), strict=True):
        both = both.merge(table[[*_PAIR, column]].rename(columns={column: name}), on=_PAIR, how="left")
    return both


def compare_measured(
    cache: RingCache,
    again: RebuiltBase,
    pair: tuple[str, str],
    od_base: pd.DataFrame,
    od_scenario: pd.DataFrame,
    *,
    builders: tuple[SurfaceBuilder, SurfaceBuilder] | None = None,
    tick: Callable[[str], object] = lambda _text: None,
) -> Comparison:
    """Compare two measured scenarios.

    Parameters
    ----------
    cache : RingCache
        Holds the surfaces of both.
    again : RebuiltBase
        For the null edit.
    pair : (str, str)
        Base and scenario id.
    builders : (SurfaceBuilder, SurfaceBuilder), optional
        Of base and scenario. With them the certificate covers all kinds of rings, says which cells and pairs the edit
        cannot have touched, and whether it only improves.
    tick : callable
        Called when all that starts at a place is compared.

    Returns
    -------
    Comparison
        Whole where the certificate fails too: its `failures` name cells and pairs.
    """
    base, scenario = pair
    assert cache.people is not None
    builder = again.builder
    certificate = Certificate(builder.grid)
    same: list[tuple[Mode, Reading]] = []
    if builders is not None:
        both = again.session, builders[1].session
        certificate.improvement_only = is_improvement_only(*both)
        certificate.improved, same = list_improved_modes(*both), list_same_inputs(*both)
    certificate.add_pairs(od_base, od_scenario, same, again.get_od())
    unmoved = frozenset() if builders is None else again.list_unmoved(builders[0])
    rows: list[tuple[str, str, str, float, float, float, float]] = []
    cutoffs_min, compared = cache.choices.cutoffs_min, cache.choices.compared_kinds
    cutoffs_s = [min_to_s(cutoff) for cutoff in cutoffs_min]
    cells: list[CellTimes] = []
    drawn = compared if builders is None else _list_drawn(cache.choices, builders)
    limit_s = cache.find_limit_s(builder if builders is None else builders[0])
    # of bases that are the same the one whose times at nodes are kept
    old = builders[0] if builders is not None and unmoved.issuperset(drawn) else builder
    edit = None if builders is None else Edit(old, builders[1])
    for place in list_ring_origins(again.session, cache.choices):
        place_id = place.place_id
        for kind in drawn:
            mode, reading = kind
            keys = [] if builders is None else [make_content_key(m, place, kind) for m in builders]
            keys += keys[:1] if kind in unmoved or builders is None else [make_content_key(builder, place, kind)]
            if kind in compared:
                first, third = cache.get_both_times(pair, place_id, kind)
            elif builders is None or len(set(keys)) == 1:
                certificate.add_same_surface(kind)
                continue
            else:
                first, third = (
                    cache.times[key].fill() if key in cache.times else m.compute(place, *kind, limit_s=limit_s).time_s
                    for m, key in zip(builders, keys, strict=False)
                )
            touched = None if edit is None else edit.find_touched(place, mode, reading)
            # Built of inputs that are the same to the bit, a surface is the same to the bit.
            rebuilt = first if keys and keys[0] == keys[2] else again.get_times(place, kind, limit_s)
            known = None
            if math.isfinite(limit_s):
                known = np.minimum(first, third) <= min_to_s(cache.shown_min)
                first, third, rebuilt = (keep_cells(times, known, limit_s) for times in (first, third, rebuilt))
            what = f"{place_id} {mode.value}/{reading.value}"
            certificate.add_surface(what, kind, (first, rebuilt, third), touched, known)
            if kind not in compared:
                continue
            third = first if third is first else settle_times(first, third)
            both_times = CellTimes(place_id, mode.value, reading.value, builder.grid, first, third, cache.people)
            cells.append(both_times.cut_to_changes())  # all that is asked of them later
            (before,), (after,) = (sum_within(times, [cache.people], cutoffs_s) for times in (first, third))
            rows += [
                (place_id, mode.value, reading.value, cutoff, old, new, new - old)
                for cutoff, old, new in zip(cutoffs_min, before, after, strict=True)
            ]
        tick(f"{base} → {scenario}: {place_id}")
    columns = ["origin", "mode", "reading", "cutoff_min", "base", "scenario", "change"]
    return Comparison(
        base,
        scenario,
        compare_od(od_base, od_scenario),
        pd.DataFrame(rows, columns=columns),
        certificate.as_dict(),
        cells,
        cutoffs_min,
        tuple(certificate.failures),
        _join_sides(od_base, od_scenario, "via", ("base_via", "scenario_via")).fillna("").drop(columns=_PAIR),
    )


def _list_drawn(
    choices: StudyChoices, builders: tuple[SurfaceBuilder, SurfaceBuilder]
) -> tuple[tuple[Mode, Reading], ...]:
    """Return the kinds of rings that one of two scenarios has."""
    runs = {kind for builder in builders for kind in list_kinds(builder.session, choices)}
    return tuple(kind for kind in choices.ring_kinds if kind in runs or kind in choices.compared_kinds)


def keep_cells(time_s: F64, known: npt.NDArray[np.bool_], limit_s: float) -> F64:
    """Return the times of some cells up to a limit, `inf` elsewhere: what a surface with a limit surely holds."""
    return np.where(known & (time_s <= limit_s), time_s, math.inf)


def compare_sessions(
    base: Session,
    again: Session | Callable[[], Session],
    scenario: Session,
    od_base: pd.DataFrame,
    od_scenario: pd.DataFrame,
    population: str = "model",
    choices: StudyChoices | None = None,
    tick: Callable[[str], object] = lambda _text: None,
) -> Comparison:
    """Measure the surfaces of two sessions and compare them; `again` is the base built a second time, or builds it.

    `population` says how people are placed, see `measure.people.place_people`; `choices` what is
    compared, the defaults when absent. `tick` is called after each of `count_comparison_steps` steps.

    Returns
    -------
    Comparison
        Whole where the certificate fails too: its `failures` name cells and pairs.
    """
    return_freed_memory()  # between stages: what each leaves behind is as much as it needs
    cache = RingCache(choices or StudyChoices())
    builders = cache.builder_of(base), cache.builder_of(scenario)
    cache.people = place_people(builders[0], population)
    tick("人口上网格 people on the grid")
    _measure_both(cache, builders, tick)
    return_freed_memory()
    rebuilt = again if isinstance(again, Session) else again()
    return_freed_memory()
    pair = (base.scenario_id, scenario.scenario_id)
    return compare_measured(
        cache, RebuiltBase(rebuilt, cache.choices, builders), pair, od_base, od_scenario, builders=builders, tick=tick
    )


def count_comparison_steps(choices: StudyChoices, n_origins: int) -> int:
    """Return how many times `compare_sessions` ticks: people, the kinds of rings of both scenarios, their comparison.

    `n_origins` are the places that rings start from.
    """
    return 1 + n_origins * (2 * len(choices.ring_kinds) + 1)


def _measure_both(
    cache: RingCache, builders: tuple[SurfaceBuilder, SurfaceBuilder], tick: Callable[[str], object]
) -> None:
    """Keep the cell times that a comparison reads, one scenario after the other: roads on the grid take most memory.

    Without a limit only those of the compared kinds are kept, and the others made when they are compared.
    """
    choices = cache.choices
    places = [{p.place_id: p for p in list_ring_origins(b.session, choices)} for b in builders]
    kinds = set(choices.compared_kinds)
    if cache.find_limit_s(builders[0]) < math.inf:
        kinds |= {kind for b in builders for kind in list_kinds(b.session, choices)}
    wanted: set[tuple[str, tuple[Mode, Reading]]] = set()
    for name in places[0]:
        for kind in sort_kinds(kinds):
            keys = {make_content_key(b, of[name], kind) for b, of in zip(builders, places, strict=True)}
            if kind in choices.compared_kinds or len(keys) == 2:
                wanted.add((name, kind))
    for builder, of in zip(builders, places, strict=True):
        for name in places[0]:
            for kind in sort_kinds(choices.ring_kinds):
                if (name, kind) in wanted:
                    cache.measure_times(builder, of[name], kind)
                tick(f"{builder.session.scenario_id}: {name} {kind[0].value}")
        if builder is builders[1] or not builders[1].roads.rests_on(builder.roads):
            builder.release()


def _show_comparison(comparison: Comparison) -> str:
    """Return the pairs that change most, and the certificate."""
    moved = comparison.od[comparison.od["change_min"].notna() & (comparison.od["change_min"] != 0)]
    moved = moved.sort_values("change_min", key=abs, ascending=False, kind="stable")
    rows = [
        (
            r["from"],
            r["to"],
            *name_kind(r["mode"], r["reading"]),
            *show_minutes_change(r["base_min"], r["scenario_min"]),
        )
        for r in moved.to_dict("records")
    ]
    proof = comparison.certificate
    return build_table(
        ("起点 from", "终点 to", "方式 mode", "口径 reading", "基准 base", "方案 scenario", "变化 change (min)"),
        rows,
        title=f"{comparison.base} → {comparison.scenario}",
        notes=(
            f"{len(rows)}组起讫点有变化 · {len(rows)} of {len(comparison.od)} rows change",
            f"校验 certificate: null edit {proof.get('null_edit_max_s', math.nan):g} s, "
            f"worsened cells {proof.get('worsened_cells', '–')}, "
            f"untouched identical {proof.get('untouched_identical', '–')}",
        ),
    )
