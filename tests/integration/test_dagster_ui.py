"""The real webserver and daemon on the loopback: the graph loads, a run launched over GraphQL succeeds."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

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
RUN = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


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
        deadline = time.monotonic() + 120
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
    return Home(tmp_path_factory.mktemp("ui") / "data")


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
    status, deadline = "", time.monotonic() + 180
    while status not in ("SUCCESS", "FAILURE", "CANCELED"):
        assert time.monotonic() < deadline, f"the run is {status}: {server.printed()}"
        time.sleep(0.3)
        status = server.ask(RUN, id=answer["run"]["runId"])["runOrError"]["status"]
    assert status == "SUCCESS", server.printed()
    with duckdb.connect(str(home.data / "published" / "frontline.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.dim_article").fetchone() == (len(ARTICLES),)


def test_server_warns_of_nothing_of_ours(server: Server) -> None:
    ours = [line for line in server.printed().splitlines() if "Warning" in line and "/orchestration/" in line]
    assert not ours


def test_all_its_processes_end(server: Server) -> None:
    end_group(server.process)
    with pytest.raises(OSError, match="refused"):
        server.ask(LOCATIONS)
