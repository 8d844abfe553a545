"""The unit tests of the models, one for each rule, and their data tests on a built warehouse."""

from __future__ import annotations

import pytest

from tests.integration.builds import Builds
from tests.integration.scenarios import NAMES, load_scenario

pytestmark = pytest.mark.slow


def test_rules_hold_and_so_do_the_tables_made_by_them(builds: Builds) -> None:
    for name in NAMES:
        builds.land(load_scenario(name).versions)
    builds.run()
    builds.test("test_type:unit")
    builds.test("test_type:data")
