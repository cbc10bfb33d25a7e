"""Maps of areas for notebooks: one to move about in, one to print. What draws them is the extra ``notebook``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

COLOURS: Final = {"gained": "#2166ac", "lost": "#d95f02"}
"""Blue and orange: told apart by the colour-blind."""


def explore_areas(areas: gpd.GeoDataFrame, **options: Any) -> folium.Map:  # noqa: ANN401 - options of geopandas
    """Return an interactive map of areas, without tiles unless `options` ask for them.

    geopandas draws it; where matplotlib and mapclassify, which it wants, are not installed, a plain map without
    options does.

    Raises
    ------
    InputError
        When options were given and geopandas cannot draw; its hint names the extra.
    """
    import folium

    try:
        made: folium.Map = areas.explore(**{"tiles": None, **options})
    except ImportError as error:
        if options:
            raise _ask_for_extra("explore") from error
        made = folium.Map(tiles=None)
        if len(areas):
            shown = folium.GeoJsonTooltip([c for c in areas.columns if c != "geometry"])
            folium.GeoJson(areas.to_json(), tooltip=shown).add_to(made)
            west, south, east, north = (float(v) for v in areas.total_bounds)
            made.fit_bounds([[south, west], [north, east]])
    return made


def plot_areas(areas: gpd.GeoDataFrame, title: str, **options: Any) -> Axes:  # noqa: ANN401 - options of geopandas
    """Draw what is gained and lost with matplotlib, in two colours with a legend.

    Parameters
    ----------
    areas : GeoDataFrame
        With `change`: ``gained`` or ``lost``; WGS84.
    title : str
        In English: the fonts of matplotlib have no Chinese.
    **options
        Of ``GeoDataFrame.plot``: ``ax``, ``figsize``, ``alpha`` and the like.

    Returns
    -------
    Axes
        Empty but for its title when nothing is gained or lost.

    Raises
    ------
    InputError
        When matplotlib is not installed; its hint names the extra.
    """
    try:
        import matplotlib.pyplot as plt
        from matplotlib.patches import Patch
    except ImportError as error:
        raise _ask_for_extra("plot") from error

    axes: Axes = options.pop("ax", None) or plt.subplots(figsize=options.pop("figsize", (8, 6)))[1]
    kinds = [kind for kind in COLOURS if (areas["change"] == kind).any()]
    for kind in kinds:
        areas[areas["change"] == kind].plot(**{"color": COLOURS[kind], "alpha": 0.6, "ax": axes, **options})
    if kinds:
        axes.legend(handles=[Patch(color=COLOURS[kind], label=kind) for kind in kinds])
    axes.set(xlabel="longitude", ylabel="latitude", title=title if kinds else f"{title}: no change")
    return axes


def choose_kind(rows: pd.DataFrame, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for each column named that stands in the rows: the one wanted, or the first where that is None.

    Raises
    ------
    InputError
        When no row has what is wanted; the hint lists what there is.
    """
    found = {}
    for name, value in wanted.items():
        known = rows[name].drop_duplicates().tolist()
        chosen = known[0] if value is None and known else value
        if chosen not in known:
            hint = ", ".join(f"{k:g}" if isinstance(k, float) else str(k) for k in known)
            message = "nothing of the kind was compared"
            raise InputError(Issue("not_compared", "error", message, field=name, value=str(chosen), hint=hint))
        found[name] = chosen
        rows = rows[rows[name] == chosen]
    return found


def _ask_for_extra(what: str) -> InputError:
    return InputError(
        Issue(
            "missing_extra",
            "error",
            "maps in a notebook need matplotlib and mapclassify",
            field=what,
            hint='pip install "transit-model[notebook]"',
        )
    )
