"""What sdist and wheel of a release say and hold: one version everywhere, nothing left out, nothing too much."""

from __future__ import annotations

import re
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
IN_THE_WHEEL = (
    "transit_model/py.typed",
    "transit_model/bundled/data/hubaoewu/region.yaml",
    "transit_model/bundled/data/taixin/region.yaml",
    "transit_model/bundled/scenarios/study.yaml",
)
IN_THE_SDIST = ("README.md", "CHANGELOG.md", "LICENSE", "constraints.txt", "docs/build.py", "tests/conftest.py")


def check_release(dist: Path, repo: Path = REPO) -> list[str]:
    """Return what is wrong with the archives of a folder, and with the changelog beside them, a line each."""
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    wheel, sdist = dist / f"transit_model-{version}-py3-none-any.whl", dist / f"transit_model-{version}.tar.gz"
    found, wanted = sorted(p.name for p in dist.iterdir()), sorted((wheel.name, sdist.name))
    if found != wanted:
        return [f"{dist.name} holds {', '.join(found) or 'nothing'}, not {' and '.join(wanted)}"]
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        said = Parser().parsestr(archive.read(f"transit_model-{version}.dist-info/METADATA").decode("utf-8"))
    with tarfile.open(sdist) as archive_of_source:
        root = f"transit_model-{version}/"
        sources = {name.removeprefix(root) for name in archive_of_source.getnames()}
    wrong = [f"the wheel lacks {name}" for name in IN_THE_WHEEL if name not in held]
    wrong += [f"the sdist lacks {name}" for name in IN_THE_SDIST if name not in sources]
    wrong += [f"the wheel holds {name}" for name in sorted(held) if not name.startswith("transit_model")]
    wrong += [f"made by running: {name}" for name in sorted(held | sources) if "__pycache__" in name]
    if said["Version"] != version:
        wrong.append(f"the wheel says version {said['Version']}, pyproject.toml {version}")
    extras = set(said.get_all("Provides-Extra", []))
    wrong += [f"the wheel has no extra {name}" for name in sorted({*project["optional-dependencies"]} - extras)]
    heading = re.search(r"^## (.+)$", (repo / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    if heading is None or not heading[1].startswith(f"{version} - "):
        wrong.append(f"CHANGELOG.md begins with {heading[1] if heading else 'nothing'}, not with {version} and its day")
    return wrong


if __name__ == "__main__":
    said_wrong = check_release(Path(sys.argv[1]))
    sys.stdout.write(("\n".join(said_wrong) or "sdist, wheel and changelog are of one version and whole") + "\n")
    sys.exit(bool(said_wrong))
