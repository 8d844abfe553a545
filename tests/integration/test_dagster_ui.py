"""The real webserver and daemon on the loopback: the graph loads, what GraphQL launches succeeds."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.landing import INPUT, land_path
from ingest.records import Document
from ingest.warehouse import Warehouse
from tests.integration.pipeline import ARTICLES, NOW, Home, end_group, write_input

pytestmark = pytest.mark.slow

DAY = NOW[:10]
SELECTOR = {
    "repositoryLocationName": "orchestration.definitions",
    "repositoryName": "__repository__",
    "jobName": "pipeline",
}
LAUNCH = """
mutation ($params: ExecutionParams!) {
  launchRun(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
LOCATIONS = """
{ workspaceOrError { ... on Workspace { locationEntries {
    name loadStatus locationOrLoadError { __typename ... on PythonError { message } }
} } } }
"""
ASSETS = "{ assetNodes { assetKey { path } isMaterializable dependencyKeys { path } groupName description } }"
BACKFILL = """
mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
BACKFILL_STATE = """
query ($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
    status runs(limit: 20) { id status } error { message } } } }
"""
TEN_DAYS = [f"2026-02-{day:02}" for day in range(10, 20)]
RUN = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


PATIENCE = 600
"""Seconds until a server or a run is given up: not a measure of speed, the machine may be busy."""


class Server:
    """`python -m orchestration ui`, which is `dagster dev` on workspace.yaml."""

    def __init__(self, home: Home) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.output = (home.data.parent / "ui.log").open("w+", encoding="utf-8")
        self.process = home.start("ui", "--port", str(self.port), output=self.output)

    def ask(self, query: str, **variables: Any) -> Any:
        """Send a GraphQL query; return its data. Raises AssertionError where it is found faulty."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 -- the loopback
            answer = json.load(response)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def wait_until_loaded(self) -> None:
        """Return once the code location is loaded; fail with the server's output where it is not."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.printed()
            try:
                entries = self.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]
            except OSError:
                entries = []
            if entries and all(entry["loadStatus"] == "LOADED" for entry in entries):
                kinds = {entry["locationOrLoadError"]["__typename"] for entry in entries}
                assert kinds == {"RepositoryLocation"}, entries
                return
            time.sleep(0.2)
        raise AssertionError(self.printed())

    def printed(self) -> str:
        """Return what the server has printed."""
        self.output.flush()
        return Path(self.output.name).read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder where documents landed on two earlier days and were never read, as after a kill."""
    folder = tmp_path_factory.mktemp("ui")
    found = Home(folder / "data")
    with Warehouse(found.data / "warehouse.duckdb") as tables:
        for day, text in (
            (TEN_DAYS[0], "Shells killed two nurses in Kobani."),
            (TEN_DAYS[9], "Six died in Homs."),
        ):
            (folder / f"{day}.txt").write_text(text, encoding="utf-8")
            moment = datetime.fromisoformat(f"{day}T06:00:00+00:00")
            landed = land_path(folder / f"{day}.txt", INPUT, moment)
            tables.add_documents([item for item in landed if isinstance(item, Document)])
    return found


@pytest.fixture(scope="module")
def server(home: Home) -> Iterator[Server]:
    found = Server(home)
    try:
        found.wait_until_loaded()
        yield found
    finally:
        end_group(found.process)
        found.output.close()


def test_graph_is_whole(server: Server) -> None:
    nodes = {"/".join(n["assetKey"]["path"]): n for n in server.ask(ASSETS)["assetNodes"]}
    needed = {"/".join(key["path"]) for node in nodes.values() for key in node["dependencyKeys"]}
    assert needed <= nodes.keys()
    assert {
        "raw/documents",
        "raw/articles",
        "raw/claims",
        "marts/fct_casualties",
        "published",
    } <= nodes.keys()
    unmade = {name for name, node in nodes.items() if not node["isMaterializable"]}
    assert {name for name in unmade if not name.startswith("meta/")} == {"raw/rejects", "raw/changes"}, (
        "a model reads a source that no asset makes"
    )
    assert all(node["description"] and node["groupName"] != "default" for node in nodes.values())


@pytest.mark.full
def test_backfill_of_ten_days_is_one_run_and_reads_what_was_kept(server: Server, home: Home) -> None:
    answer = server.ask(
        BACKFILL,
        params={
            "assetSelection": [{"path": ["raw", name]} for name in ("documents", "articles", "claims")],
            "partitionNames": TEN_DAYS,
        },
    )["launchPartitionBackfill"]
    assert answer["__typename"] == "LaunchBackfillSuccess", answer
    state: dict[str, Any] = {"status": ""}
    deadline = time.monotonic() + PATIENCE
    while not state["status"].startswith("COMPLETED"):
        assert time.monotonic() < deadline, f"the backfill is {state}: {server.printed()}"
        time.sleep(0.3)
        state = server.ask(BACKFILL_STATE, id=answer["backfillId"])["partitionBackfillOrError"]
    assert state["status"] == "COMPLETED_SUCCESS", (state, server.printed())
    assert [run["status"] for run in state["runs"]] == ["SUCCESS"]
    with duckdb.connect(str(home.data / "warehouse.duckdb"), read_only=True) as reader:
        days = reader.execute("select landed_on::text from raw.articles order by 1").fetchall()
        assert days == [(TEN_DAYS[0],), (TEN_DAYS[9],)]
        assert reader.execute(
            "select count(distinct article_id) from raw.changes where change = 'read'"
        ).fetchone() == (2,)


def test_run_launched_over_graphql_succeeds(server: Server, home: Home, tmp_path: Path) -> None:
    config = {
        "ops": {
            "raw__documents": {"config": {"input": str(write_input(tmp_path / "input")), "landed_on": DAY}}
        }
    }
    answer = server.ask(
        LAUNCH,
        params={
            "selector": SELECTOR,
            "runConfigData": json.dumps(config),
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": DAY}]},
        },
    )["launchRun"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    status, deadline = "", time.monotonic() + PATIENCE
    while status not in ("SUCCESS", "FAILURE", "CANCELED"):
        assert time.monotonic() < deadline, f"the run is {status}: {server.printed()}"
        time.sleep(0.3)
        status = server.ask(RUN, id=answer["run"]["runId"])["runOrError"]["status"]
    assert status == "SUCCESS", server.printed()
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        # Those of the earlier days are read by a sensor's run of their own, before or after this one.
        titles = reader.execute("select title from marts.dim_article where title is not null").fetchall()
    assert {name.removesuffix(".txt") for name in ARTICLES} <= {title for (title,) in titles}


def test_server_warns_of_nothing_of_ours(server: Server) -> None:
    ours = [line for line in server.printed().splitlines() if "Warning" in line and "/orchestration/" in line]
    assert not ours


def test_all_its_processes_end(server: Server) -> None:
    end_group(server.process)
    with pytest.raises(OSError, match="refused"):
        server.ask(LOCATIONS)
