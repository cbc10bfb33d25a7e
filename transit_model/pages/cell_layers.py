"""Minutes at the cells of a map as a page carries them: small, and read back exactly by ``map_cells.js``.

A layer is the cells of one scenario, origin, mode and reading in the order of `Lattice.sample`. Written is the
difference to a layer that is much alike (that of the base, or of the typical reading), of this the step from cell to
cell, folded to whole numbers from 0, as all low bytes and then all high bytes, in a raw DEFLATE stream (RFC 1951).
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import MODE_RULES, PARTS, Mode, Reading
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from transit_model.study.cell_minutes import Key
    from transit_model.surface.lattice import Minutes

LEVEL: Final = 7
_ALIKE: Final = (Reading.TYPICAL, Reading.PROMOTER, Reading.DOOR_TO_DOOR)
"""Readings in the order in which layers of one mode are told; later ones are differences to the first."""


def encode_raster(view: StudyView) -> dict[str, Any] | None:
    """Return where the cells lie: west, north (Web Mercator degrees), step, nx, ny, and which are inside."""
    if view.cells is None:
        return None
    lattice = view.cells.lattice
    return {
        "west": lattice.west_lon,
        "north": lattice.north_y,
        "step": lattice.step,
        "nx": lattice.nx,
        "ny": lattice.ny,
        "inside": deflate(np.packbits(lattice.inside).tobytes()),
    }


def encode_layers(view: StudyView, scenario: str, base: str | None) -> list[list[Any]]:
    """Return the layers of a scenario: scenario, origin, mode, reading, reference, data.

    The reference is the key of a layer, or empty; without data a layer equals its reference. ``least:`` with modes
    behind it is the least of their layers. With a `base` the references are its layers.
    """
    if view.cells is None:
        return []
    minutes = view.cells.minutes
    out = []
    for key in sorted((k for k in minutes if k[0] == scenario), key=_order):
        reference = _choose_reference(minutes, key, base)
        values = minutes[key]
        parts = _list_parts(minutes, key)
        if parts and np.array_equal(_take_least([minutes[p] for p in parts]), values):
            out.append([*key, "least:" + ",".join(p[2] for p in parts), ""])
            continue
        if reference is not None and np.array_equal(minutes[reference], values):
            out.append([*key, "|".join(reference), ""])
            continue
        before = minutes[reference] if reference is not None else np.zeros_like(values)
        out.append([*key, "|".join(reference) if reference else "", encode_steps(values, before)])
    return out


def _order(key: Key) -> tuple[str, int, int]:
    return key[1], [m.value for m in Mode].index(key[2]), [r.value for r in _ALIKE].index(key[3])


def _choose_reference(minutes: Any, key: Key, base: str | None) -> Key | None:  # noqa: ANN401 - mapping of layers
    """Return a layer that is told before this one and is much alike."""
    scenario, origin, mode, reading = key
    if base is not None and (base, origin, mode, reading) in minutes:
        return base, origin, mode, reading
    rule = MODE_RULES.get(Mode(mode))
    likely = [(scenario, origin, m.value, reading) for m in (rule.chains if rule is not None else ())]
    likely.append((scenario, origin, mode, _ALIKE[0].value))
    return next((k for k in likely if k != key and k in minutes), None)


def _list_parts(minutes: Any, key: Key) -> list[Key]:  # noqa: ANN401 - mapping of layers
    """Return the layers that one is the least of, see `PARTS`; none for a mode that is itself."""
    scenario, origin, mode, reading = key
    parts = [m.value for m in PARTS[Mode(mode)] if m.value != mode]
    return [k for m in parts if (k := (scenario, origin, m, reading)) in minutes]


def _take_least(layers: list[Minutes]) -> Minutes:
    """Return the least of layers cell by cell; 0 is not reached."""
    far = np.iinfo(np.uint16).max
    least = np.min([np.where(layer == 0, far, layer) for layer in layers], axis=0)
    return np.where(least == far, 0, least).astype(np.uint16)


def encode_steps(values: Minutes, before: Minutes) -> str:
    """Return the differences of two layers as text, see the module."""
    difference = values.astype(np.int32) - before.astype(np.int32)
    steps = np.diff(difference, prepend=np.int32(0))
    folded: npt.NDArray[np.int32] = np.where(steps >= 0, 2 * steps, -2 * steps - 1)
    low, high = (folded & 0xFF).astype(np.uint8), (folded >> 8).astype(np.uint16)
    return deflate(low.tobytes() + (high & 0xFF).astype(np.uint8).tobytes() + (high >> 8).astype(np.uint8).tobytes())


def deflate(data: bytes) -> str:
    """Return bytes as base64 of a raw DEFLATE stream."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode("ascii")
