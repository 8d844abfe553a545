"""Each condition of dbt_project/conditions.yml, taken out of its model, makes the unit test named fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.integration.builds import PROJECT, Builds

CONDITIONS = yaml.safe_load((PROJECT / "conditions.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """A copy of the project that may be spoilt, on a warehouse in which every model is built."""
    root = tmp_path_factory.mktemp("spoilt")
    shutil.copytree(PROJECT, root / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    (root / "seeds").symlink_to(PROJECT.parent / "seeds")
    builds = Builds(root, project=root / "dbt_project")
    builds.start()
    builds.run()
    return builds


@pytest.mark.full
def test_the_unit_tests_named_pass_as_the_models_stand(copied: Builds) -> None:
    copied.test(" ".join(f"test_name:{test}" for test in sorted({case["fails"] for case in CONDITIONS})))


@pytest.mark.full
@pytest.mark.parametrize("case", CONDITIONS, ids=[case["rule"] for case in CONDITIONS])
def test_without_the_condition_its_unit_test_fails(copied: Builds, case: dict[str, str]) -> None:
    model = copied.project / "models" / Path(case["model"])
    sound = model.read_text(encoding="utf-8")
    assert sound.count(case["out"]) == 1
    model.write_text(sound.replace(case["out"], case["put"]), encoding="utf-8")
    try:
        with pytest.raises(AssertionError, match="actual differs from expected"):
            copied.test(f"test_name:{case['fails']}")
    finally:
        model.write_text(sound, encoding="utf-8")
