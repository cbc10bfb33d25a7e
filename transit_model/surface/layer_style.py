"""How a layer of rings looks in QGIS and other GIS: a QML and an SLD document, graduated by the cutoff.

QGIS takes the style of a GeoPackage from its table ``layer_styles`` (written by its own *Save as default style in
database*); SLD 1.1 is read by GeoServer, MapServer and the like.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

STYLE_LAYER: Final = "layer_styles"
COLUMN: Final = "cutoff_min"
# Five steps of viridis, dark where one is soon: told apart in grey and by the colour-blind.
_RAMP: Final = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_OPACITY: Final = 0.55
_DATE: Final = "2000-01-01T00:00:00.001Z"  # the format wants thousandths, and GDAL leaves out those that are 0
_OGC: Final = "http://www.opengis.net/"
_QML_TYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def choose_colours(n: int) -> list[tuple[int, int, int]]:
    """Return n colours from dark to light along the ramp."""
    at = np.linspace(0.0, len(_RAMP) - 1.0, n) if n > 1 else np.array([len(_RAMP) / 2 - 0.5])
    channels = np.array([np.interp(at, range(len(_RAMP)), [c[k] for c in _RAMP]) for k in range(3)])
    return [(int(r), int(g), int(b)) for r, g, b in channels.round().T]


def build_qml(cutoffs_min: Sequence[float]) -> str:
    """Return the QGIS style: a range ends at each cutoff; the longest is drawn first, so that none hides another."""
    cutoffs = sorted(set(cutoffs_min))
    root = ElementTree.Element("qgis", version="3.22.0", styleCategories="Symbology")
    kind = {"type": "graduatedSymbol", "attr": COLUMN, "graduatedMethod": "GraduatedColor", "enableorderby": "1"}
    renderer = ElementTree.SubElement(root, "renderer-v2", kind)
    ranges, symbols = (ElementTree.SubElement(renderer, name) for name in ("ranges", "symbols"))
    lower = 0.0
    for number, (cutoff, colour) in enumerate(zip(cutoffs, choose_colours(len(cutoffs)), strict=True)):
        values = {"lower": repr(lower), "upper": repr(float(cutoff)), "symbol": str(number), "render": "true"}
        ElementTree.SubElement(ranges, "range", {**values, "label": f"≤ {cutoff:g} min · {cutoff:g} 分钟"})
        lower = float(cutoff)
        symbol = ElementTree.SubElement(symbols, "symbol", type="fill", name=str(number), alpha=str(_OPACITY))
        layer = ElementTree.SubElement(
            symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"}
        )
        look = {"color": ",".join(map(str, (*colour, 255))), "style": "solid"}
        look |= {"outline_color": look["color"], "outline_style": "solid", "outline_width": "0.4"}
        options = ElementTree.SubElement(layer, "Option", type="Map")
        for name, value in look.items():
            ElementTree.SubElement(options, "Option", name=name, type="QString", value=value)
            ElementTree.SubElement(layer, "prop", k=name, v=value)  # read by QGIS before 3.26
    order = ElementTree.SubElement(renderer, "orderby")
    ElementTree.SubElement(order, "orderByClause", asc="0", nullsFirst="0").text = f'"{COLUMN}"'
    ElementTree.SubElement(root, "layerGeometryType").text = "2"
    return _QML_TYPE + ElementTree.tostring(root, encoding="unicode")


def build_sld(cutoffs_min: Sequence[float], layer: str) -> str:
    """Return the same style as SLD 1.1: one `FeatureTypeStyle` for each cutoff, the longest first."""
    cutoffs = sorted(set(cutoffs_min))
    spaces = {"xmlns": _OGC + "sld", "xmlns:se": _OGC + "se", "xmlns:ogc": _OGC + "ogc"}
    root = ElementTree.Element("StyledLayerDescriptor", {"version": "1.1.0", **spaces})
    named = ElementTree.SubElement(root, "NamedLayer")
    ElementTree.SubElement(named, "se:Name").text = layer
    style = ElementTree.SubElement(named, "UserStyle")
    for cutoff, colour in reversed(list(zip(cutoffs, choose_colours(len(cutoffs)), strict=True))):
        rule = ElementTree.SubElement(ElementTree.SubElement(style, "se:FeatureTypeStyle"), "se:Rule")
        ElementTree.SubElement(rule, "se:Name").text = f"{cutoff:g} min"
        equal = ElementTree.SubElement(ElementTree.SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
        ElementTree.SubElement(equal, "ogc:PropertyName").text = COLUMN
        ElementTree.SubElement(equal, "ogc:Literal").text = f"{cutoff:g}"
        symbolizer = ElementTree.SubElement(rule, "se:PolygonSymbolizer")
        tint = "#{:02x}{:02x}{:02x}".format(*colour)
        fill, stroke = (ElementTree.SubElement(symbolizer, f"se:{part}") for part in ("Fill", "Stroke"))
        ElementTree.SubElement(fill, "se:SvgParameter", name="fill").text = tint
        ElementTree.SubElement(fill, "se:SvgParameter", name="fill-opacity").text = str(_OPACITY)
        ElementTree.SubElement(stroke, "se:SvgParameter", name="stroke").text = tint
    return ElementTree.tostring(root, encoding="unicode")


def tabulate_style(cutoffs_min: Sequence[float], layer: str, geometry_column: str) -> pd.DataFrame:
    """Return the row of ``layer_styles`` from which QGIS styles a layer, in the columns that QGIS gives the table."""
    import pandas as pd

    row = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": layer,
        "f_geometry_column": geometry_column,
        "styleName": layer,
        "styleQML": build_qml(cutoffs_min),
        "styleSLD": build_sld(cutoffs_min, layer),
        "useAsDefault": True,
        "description": "rings by cutoff_min, minutes · 按时限分级",
        "owner": "",
        "ui": "",
        "update_time": pd.Timestamp(_DATE),
    }
    return pd.DataFrame([row])
