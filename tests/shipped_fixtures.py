"""The town as a session, and the shipped region read once for all tests."""

from __future__ import annotations

import pytest

from tests.network.town import make_town
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace


@pytest.fixture(scope="session")
def town() -> Session:
    """The town on its Wednesday, departures 07:00-12:00."""
    return Session("town", make_town())


@pytest.fixture(scope="session")
def shipped() -> Workspace:
    """The region and the scenarios that ship with the package."""
    return Workspace.open()


@pytest.fixture(scope="session")
def built_2025(shipped: Workspace) -> Session:
    return shipped.session("built-2025")


@pytest.fixture(scope="session")
def built_2020(shipped: Workspace) -> Session:
    return shipped.session("built-2020")
