"""Somebody who reads the published file all the time, and wants it whole."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb

PAUSE_SECONDS = 0.2


class Reader:
    """Opens the published file again and again in a thread of its own. Use it in a `with` statement.

    `wrong` holds what was not whole; `seen` the publications and how often each was read.
    """

    def __init__(self, published: Path) -> None:
        self.published = published
        self.wrong: list[str] = []
        self.seen: Counter[str] = Counter()
        self.articles: set[int] = set()
        self._hashed: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._stop.is_set():
            if self.published.exists():
                self.look()
            time.sleep(PAUSE_SECONDS)

    def look(self) -> None:
        """Read what is published now; note what is not as its own datapackage.json says."""
        try:
            folder = self.published.resolve(strict=True).parent
            with duckdb.connect(str(self.published), read_only=True) as tables:
                # The name may have changed hands between the two lines above: then look again.
                if self.published.resolve(strict=True).parent != folder:
                    return
                self._compare(folder, tables)
        except (OSError, ValueError, KeyError, duckdb.Error) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")

    def _compare(self, folder: Path, tables: duckdb.DuckDBPyConnection) -> None:
        package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
        for name, rows in package["rows"].items():
            schema, _, table = name.partition(".")
            if schema not in ("marts", "exports"):
                continue
            found = tables.execute(f'select count(*) from "{schema}"."{table}"').fetchall()[0][0]
            if found != rows:
                self.wrong.append(f"{folder.name}: {name} has {found} rows, not {rows}")
        strangers = tables.execute(
            "select count(*) from marts.fct_casualties as c left join marts.dim_article as a"
            " using (article_id) where a.article_id is null"
        ).fetchall()[0][0]
        if strangers:
            self.wrong.append(f"{folder.name}: {strangers} claims whose article is not there")
        if folder.name not in self._hashed:
            self._compare_files(folder, package)
            self._hashed.add(folder.name)
        self.seen[folder.name] += 1
        self.articles.add(package["rows"]["marts.dim_article"])

    def _compare_files(self, folder: Path, package: dict[str, Any]) -> None:
        for resource in package["resources"]:
            if isinstance(resource["path"], list):
                continue
            content = (folder / resource["path"]).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            if len(content) != resource["bytes"] or digest not in resource["hash"]:
                self.wrong.append(f"{folder.name}: {resource['path']} is not what its descriptor says")
