"""The public names are exactly those listed, and importing the package loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import transit_model


def test_every_public_name_exists_and_says_what_it_is() -> None:
    for name in transit_model.__all__:
        value = getattr(transit_model, name)
        assert getattr(value, "__doc__", None), name
    assert dir(transit_model) == sorted(transit_model.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(transit_model, "no_such_name")


def test_import_is_free() -> None:
    code = "import sys, transit_model; print(sorted({'numpy', 'pandas', 'pydantic', 'numba'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
