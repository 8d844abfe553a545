"""The dbt models as assets, their tests as asset checks."""

import json
import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets
from pydantic import Field

from orchestration import recovery
from orchestration.manifest import PARTIAL_PARSE, prepared_manifest
from orchestration.partitions import OWNERS, POOL
from orchestration.resources import WarehouseFile
from orchestration.settings import dbt_artifacts

BOOKKEEPING = "meta"
"""The schema in which the models note what they have built."""
READ_BY_PEOPLE = {"marts", "versions", "exports", "bi"}
"""Groups of models that stand in the published file."""


class Translator(DagsterDbtTranslator):
    """Names groups after the project's folders, and says how each table is kept."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the folder below models/ (staging, intermediate, marts, ...); seeds are reference."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        if dbt_resource_props["resource_type"] == "source":
            return "raw"
        return str(dbt_resource_props["fqn"][1])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the description alone, which begins with the grain; the SQL stands in the docs."""
        return str(dbt_resource_props.get("description") or dbt_resource_props["name"])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """Add how the table is kept to the kinds, and an owner where the project names none."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        props = self.get_resource_props(manifest, unique_id)
        kept_as = props.get("config", {}).get("materialized")
        kinds = {"dbt", "duckdb"} | ({kept_as} if kept_as else set())
        return spec.replace_attributes(kinds=kinds, owners=spec.owners or OWNERS)


MANIFEST: dict[str, Any] = json.loads(prepared_manifest().read_text("utf-8"))
TRANSLATOR = Translator(settings=DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


def bookkeeping() -> list[dg.AssetSpec]:
    """Return the tables in which models note what they have built: read as sources, written by the models."""
    return [
        dg.AssetSpec(
            TRANSLATOR.get_asset_key(props),
            group_name=BOOKKEEPING,
            description=TRANSLATOR.get_description(props),
        )
        for props in MANIFEST["sources"].values()
        if props["schema"] == BOOKKEEPING
    ]


class Build(dg.Config):
    """How to build."""

    full_refresh: bool = Field(False, description="Build all models again from the raw tables, from nothing.")


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=TRANSLATOR, name="dbt", pool=POOL)
def models(
    context: dg.AssetExecutionContext, config: Build, dbt: DbtCliResource, warehouse: WarehouseFile
) -> Iterator[dg.Output[Any] | dg.AssetCheckResult]:
    """Build and test all models, or the selected ones; where nothing changed since the last publishing, none.

    Unit tests are left to `make test`: they test the code, not the night's data.
    """
    may_rest = not context.is_subset and not config.full_refresh
    if may_rest and warehouse.is_published(context.instance):
        context.log.info(
            "Nothing landed, and no version changed since the last publishing: dbt is not started."
        )
        return
    artifacts = dbt_artifacts()
    artifacts.mkdir(parents=True, exist_ok=True)
    (artifacts / "run_results.json").unlink(missing_ok=True)
    if not (artifacts / PARTIAL_PARSE.name).exists():
        shutil.copyfile(PARTIAL_PARSE, artifacts / PARTIAL_PARSE.name)
    command = ["build", "--exclude-resource-type", "unit_test"]
    if config.full_refresh or warehouse.is_of_other_models(context.instance):
        command.append("--full-refresh")
    invocation = dbt.cli(command, context=context, target_path=artifacts)
    recovery.sign_dbt(context.instance, context.run_id, invocation.process.pid)
    yield from invocation.stream()
