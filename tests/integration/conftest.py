"""What the integration tests share: dbt and a warehouse of their own, made once a session."""

from __future__ import annotations

import pytest

from tests.integration.builds import Builds


@pytest.fixture(scope="session")
def session_builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """dbt with its parsed project and loaded seeds, kept for the session."""
    return Builds(tmp_path_factory.mktemp("warehouse"))


@pytest.fixture
def builds(session_builds: Builds) -> Builds:
    """An empty warehouse with the reference seeds."""
    session_builds.start()
    return session_builds
