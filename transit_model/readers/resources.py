"""Where the bundled data and scenarios lie: the top-level folders of a checkout, or the copies inside a wheel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from transit_model.errors import InputError, Issue
from transit_model.near_names import find_near

REGION_FILE = "region.yaml"
DEFAULT_REGION = "hubaoewu"
SCENARIOS_FOLDER = "scenarios"


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


def find_region(name_or_path: str | Path = DEFAULT_REGION) -> Path:
    """Return the folder of a region pack: a path to one, or the name of a bundled one.

    Raises
    ------
    InputError
        ``unknown_region`` when it is neither; the hint offers the nearest bundled names.
    """
    given = Path(name_or_path)
    if given.name == REGION_FILE and given.is_file():
        return given.parent
    if given.is_dir() and (given / REGION_FILE).is_file():
        return given
    text = str(name_or_path)
    bundled = list_regions()
    if text in bundled:
        return find_data_dir() / text
    near = find_near(text, bundled) or bundled
    message = "the folder holds no region.yaml" if given.is_dir() else "no such region pack"
    hint = f"give a folder with a region.yaml or one of: {', '.join(near)}"
    raise InputError(Issue("unknown_region", "error", message, field="region", value=text, hint=hint))


def find_inputs(region: str | Path | None = None, scenarios: str | Path | None = None) -> tuple[Path, Path]:
    """Return the folders of a region pack (default: the shipped one) and of the scenarios that go with it.

    The scenarios are in the folder given, else in ``scenarios/`` of the pack where it has one, else the shipped ones.

    Raises
    ------
    InputError
        When there is no such region or no such folder.
    """
    where = find_region(DEFAULT_REGION if region is None else region)
    own = where / SCENARIOS_FOLDER
    folder = Path(scenarios) if scenarios else own if own.is_dir() else find_scenarios_dir()
    if not folder.is_dir():
        raise InputError(Issue("no_folder", "error", "no such folder of scenarios", file=str(folder)))
    return where, folder


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
