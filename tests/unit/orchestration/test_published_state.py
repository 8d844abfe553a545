"""When dbt may rest, and when what it built before must go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from ingest.landing import INPUT, land_path
from ingest.records import Document
from orchestration import resources
from orchestration.resources import BUILT_FROM, MODELS, PUBLISHED, WarehouseFile


@pytest.fixture
def warehouse(tmp_path: Path) -> WarehouseFile:
    return WarehouseFile(
        path=str(tmp_path / "warehouse.duckdb"), published=str(tmp_path / "frontline.duckdb")
    )


@pytest.fixture
def instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.ephemeral()


def publish(instance: dg.DagsterInstance, warehouse: WarehouseFile) -> None:
    """Note what the asset `published` notes, with its file in place."""
    Path(warehouse.published).touch()
    noted = {BUILT_FROM: warehouse.built_from(), MODELS: resources.models_version()}
    instance.report_runless_asset_event(dg.AssetMaterialization(PUBLISHED, metadata=noted))


def test_nothing_new_since_publishing_lets_dbt_rest(
    instance: dg.DagsterInstance, warehouse: WarehouseFile
) -> None:
    assert not warehouse.is_published(instance), "never published"
    publish(instance, warehouse)
    assert warehouse.is_published(instance)


def test_a_lost_file_is_published_again(instance: dg.DagsterInstance, warehouse: WarehouseFile) -> None:
    publish(instance, warehouse)
    Path(warehouse.published).unlink()
    assert not warehouse.is_published(instance)


def test_whatever_lands_starts_dbt(
    instance: dg.DagsterInstance, warehouse: WarehouseFile, tmp_path: Path
) -> None:
    publish(instance, warehouse)
    (tmp_path / "one.txt").write_text("An article.", encoding="utf-8")
    landed = land_path(tmp_path / "one.txt", INPUT, datetime(2026, 3, 1, tzinfo=UTC))
    with warehouse.open() as tables:
        tables.add_documents([item for item in landed if isinstance(item, Document)])
    assert not warehouse.is_published(instance)


@pytest.mark.parametrize(("changed", "from_nothing"), [("models_version", True), ("project_version", False)])
def test_a_changed_project_starts_dbt_and_changed_sql_from_nothing(
    instance: dg.DagsterInstance,
    warehouse: WarehouseFile,
    monkeypatch: pytest.MonkeyPatch,
    changed: str,
    from_nothing: bool,
) -> None:
    publish(instance, warehouse)
    assert not warehouse.is_of_other_models(instance)
    # Changed SQL is a changed project; a changed seed is that alone.
    monkeypatch.setattr(resources, "project_version", lambda: "another")
    monkeypatch.setattr(resources, changed, lambda: "another")
    assert not warehouse.is_published(instance)
    assert warehouse.is_of_other_models(instance) is from_nothing
