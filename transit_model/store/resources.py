"""Where the bundled data and scenarios lie: the top-level folders of a checkout, or the copies inside a wheel."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from transit_model.errors import InputError, Issue
from transit_model.near_names import find_near
from transit_model.store.claim import restore_all
from transit_model.store.joined_tables import JOINT

if TYPE_CHECKING:
    from transit_model.store.joined_pack import Pair

REGION_FILE = "region.yaml"
DEFAULT_REGION = "hubaoewu"
SCENARIOS_FOLDER = "scenarios"
_REGION_ID = re.compile(r"""^id:\s*["']?([^"'#\s]+)""", re.MULTILINE)

COURSE_KINDS: Final = (".geojson", ".json", ".gpkg")
"""Files of a GIS beside project files: lines that projects name as their courses."""


def find_data_dir() -> Path:
    """Return the folder that holds the bundled region packs.

    Raises
    ------
    InputError
        When the installation has none.
    """
    return _find_bundled("data")


def find_scenarios_dir() -> Path:
    """Return the folder that holds the bundled scenarios, projects and goals.

    Raises
    ------
    InputError
        When the installation has none.
    """
    return _find_bundled(SCENARIOS_FOLDER)


def find_library(region_id: str) -> Path | None:
    """Return the folder of the bundled scenarios of a region; None where none are bundled for it.

    A shipped region has a folder of its name in the bundled scenarios; those of the default region lie at the top.
    """
    if not set(region_id.split(JOINT)) <= set(list_regions()):
        return None
    own = find_scenarios_dir() / region_id
    if own.is_dir():
        return own
    return find_scenarios_dir() if region_id == DEFAULT_REGION else None


def find_region(name_or_path: str | Path = DEFAULT_REGION) -> Path:
    """Return the folder of a region pack: a path to one, the name of a bundled one, or two of them with a + between.

    Raises
    ------
    InputError
        ``unknown_region`` when it is neither; the hint offers the nearest bundled names.
    """
    given = Path(name_or_path)
    text = str(name_or_path)
    bundled = list_regions()
    if JOINT in text and not given.exists():
        return _find_joined(text)
    if given.is_dir():  # a killed import may have left a part of the pack hidden, or all of it
        restore_all(given)
    elif text not in bundled:
        restore_all(given.parent)
    if given.name == REGION_FILE and given.is_file():
        return given.parent
    if given.is_dir() and (given / REGION_FILE).is_file():
        return given
    if text in bundled:
        return find_data_dir() / text
    found = find_near(text, bundled)
    near = f"did you mean {' or '.join(found)}? " if found else ""
    message = "the folder holds no region.yaml" if given.is_dir() else "no such region pack"
    hint = f"{near}shipped: {', '.join(bundled)}; a folder with a region.yaml does as well"
    raise InputError(Issue("unknown_region", "error", message, field="region", value=text, hint=hint))


def find_pair(text: str) -> Pair:
    """Return the two packs that ``first+second`` means, in the order of their ids, however they were named.

    Raises
    ------
    InputError
        ``unknown_region``, ``cannot_join`` for more than two.
    """
    from transit_model.store.joined_pack import CHOICES, Pair

    parts = text.split(JOINT)
    if len(parts) != 2 or parts[0] == parts[1]:
        message = "two different regions are joined, no more and no fewer"
        raise InputError(Issue("cannot_join", "error", message, field="region", value=text))
    packs = sorted((find_region(part) for part in parts), key=read_region_id)
    ids = [read_region_id(pack) for pack in packs]
    own = find_library(JOINT.join(ids))
    choices = own / CHOICES if own is not None and (own / CHOICES).is_file() else None
    return Pair((ids[0], ids[1]), (packs[0], packs[1]), (find_library(ids[0]), find_library(ids[1])), choices)


def _find_joined(text: str) -> Path:
    from transit_model.store.joined_pack import open_joined

    return open_joined(find_pair(text))


def find_inputs(
    region: str | Path | None = None, scenarios: str | Path | None = None, *, needed: bool = True
) -> tuple[Path, tuple[Path, ...]]:
    """Return the folder of a region pack (default: the shipped one) and the folders of scenarios that go with it.

    The folder given builds on ``scenarios/`` of the pack where it has one, and both on the shipped one where the pack
    is a shipped region, or the same region with other data (its ``id`` is the same). Another region has no part in
    the shipped scenarios.

    Returns
    -------
    Path, tuple of Path
        The pack; folders of scenarios, each once, the one given first.

    Raises
    ------
    InputError
        When there is no such region or no such folder; ``no_scenarios`` when they are `needed` and there are none.
    """
    where = find_region(DEFAULT_REGION if region is None else region)
    own = where / SCENARIOS_FOLDER
    folders = [Path(scenarios)] if scenarios else []
    if folders and not folders[0].is_dir():
        raise InputError(Issue("no_folder", "error", "no such folder of scenarios", file=str(folders[0])))
    folders += [own] if own.is_dir() else []
    library = find_library(read_region_id(where))
    folders += [library] if library is not None else []
    if needed and not folders:
        message = "this region has no scenarios of its own, and the shipped ones are of other regions"
        hint = f"write {SCENARIOS_FOLDER}/today.yaml in it (see REGION.md), or name a folder with --scenarios"
        raise InputError(Issue("no_scenarios", "error", message, file=str(where), hint=hint))
    return where, tuple({folder.resolve(): folder for folder in reversed(folders)}[f] for f in _once(folders))


def _once(folders: list[Path]) -> list[Path]:
    """Return the folders as they really lie, each once; the last place counts, so nothing builds on itself."""
    real = [folder.resolve() for folder in folders]
    return [f for n, f in enumerate(real) if f not in real[n + 1 :]]


def read_region_id(pack: Path) -> str:
    """Return the ``id`` of a region pack without reading the rest; empty when its first lines do not say."""
    try:
        text = (pack / REGION_FILE).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
    found = _REGION_ID.search(text)
    return found[1] if found else ""


def list_regions() -> list[str]:
    """Return the names of the bundled region packs in alphabetical order."""
    return sorted(path.parent.name for path in find_data_dir().glob(f"*/{REGION_FILE}"))


def _find_bundled(name: str) -> Path:
    package = Path(str(files("transit_model")))
    checkout = package.parent
    candidates = [package / "bundled" / name]
    if (checkout / "pyproject.toml").is_file():  # running from a checkout: its folders win
        candidates.insert(0, checkout / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    hint = "reinstall the package, or name a folder with --region"
    raise InputError(Issue("missing_bundle", "error", f"this installation has no bundled {name}", hint=hint))
