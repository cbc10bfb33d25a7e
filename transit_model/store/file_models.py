"""What the models of our YAML files have in common: frozen, unknown keys refused, texts in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FileModel(BaseModel):
    """Part of a file; every field is a key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(FileModel):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
