"""The small file of choices of a region: ``regions/<id>.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "regions"


@dataclass(frozen=True)
class Choices:
    """What a region has to choose: names, groups, timetables, judgements on single rows."""

    values: dict[str, Any]

    @property
    def region(self) -> str:
        """Id of the region."""
        return str(self.values["id"])

    def table(self, key: str) -> dict[str, Any]:
        """Return a mapping; empty when the region makes no such choice."""
        return dict(self.values.get(key) or {})

    def rows(self, key: str) -> list[Any]:
        """Return a list; empty when the region makes no such choice."""
        return list(self.values.get(key) or [])


def read_choices(region: str) -> Choices:
    """Read the choices of a region, and its texts (``<id>_texts.yaml``).

    Raises
    ------
    ValueError
        When there is no such region; the message names those that there are.
    """
    path = FOLDER / f"{region}.yaml"
    if not path.is_file():
        known = sorted(p.stem for p in FOLDER.glob("*.yaml") if not p.stem.endswith("_texts"))
        raise ValueError(f"no region {region!r}; there are: {', '.join(known)}")
    yaml = YAML(typ="safe")
    texts = yaml.load((FOLDER / f"{region}_texts.yaml").read_text(encoding="utf-8"))
    return Choices({**yaml.load(path.read_text(encoding="utf-8")), **texts})
