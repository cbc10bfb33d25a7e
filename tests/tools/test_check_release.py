"""The check of a release on archives made by hand."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.tools.check_release import IN_THE_SDIST, IN_THE_WHEEL, check_release

PROJECT = '[project]\nversion = "1.2.3"\n[project.optional-dependencies]\nstudio = []\n'
METADATA = "Metadata-Version: 2.4\nName: transit-model\nVersion: 1.2.3\nProvides-Extra: studio\n\nWords\n"


def _write_release(
    folder: Path,
    *,
    wheel: tuple[str, ...] = IN_THE_WHEEL,
    metadata: str = METADATA,
    heading: str = "1.2.3 - 2026-01-02",
) -> Path:
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {heading}\n\n## 1.0.0 - 2020-01-01\n", encoding="utf-8")
    dist = folder / "dist"
    dist.mkdir()
    with zipfile.ZipFile(dist / "transit_model-1.2.3-py3-none-any.whl", "w") as archive:
        archive.writestr("transit_model-1.2.3.dist-info/METADATA", metadata)
        for name in wheel:
            archive.writestr(name, "")
    with tarfile.open(dist / "transit_model-1.2.3.tar.gz", "w:gz") as source:
        for name in IN_THE_SDIST:
            source.addfile(tarfile.TarInfo(f"transit_model-1.2.3/{name}"), io.BytesIO())
    return dist


def test_a_whole_release_is_whole(tmp_path: Path) -> None:
    assert check_release(_write_release(tmp_path), tmp_path) == []


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"wheel": IN_THE_WHEEL[1:]}, "the wheel lacks transit_model/py.typed"),
        ({"wheel": (*IN_THE_WHEEL, "tests/conftest.py")}, "the wheel holds tests/conftest.py"),
        ({"metadata": METADATA.replace("1.2.3", "1.2.2")}, "the wheel says version 1.2.2, pyproject.toml 1.2.3"),
        ({"metadata": METADATA.replace("studio", "studios")}, "the wheel has no extra studio"),
        ({"heading": "Unreleased"}, "CHANGELOG.md begins with Unreleased, not with 1.2.3 and its day"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, made: dict[str, object], said: str) -> None:
    assert check_release(_write_release(tmp_path, **made), tmp_path) == [said]  # type: ignore[arg-type]


def test_another_version_in_the_folder(tmp_path: Path) -> None:
    dist = _write_release(tmp_path)
    (dist / "transit_model-1.2.2.tar.gz").touch()
    (said,) = check_release(dist, tmp_path)
    assert said.startswith("dist holds transit_model-1.2.2.tar.gz, transit_model-1.2.3")
