"""Registered folders day after day: the tables are as if every file were read each day; what commands say."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from ingest.__main__ import main
from ingest.warehouse import Warehouse, export_sorted
from tests.unit.landing.test_archives import zipped
from tests.unit.landing.test_files import fill

TEXT = "The bridge at Karsa was shelled on Monday, residents said. Twelve men were killed.\n"
OTHER = "The mill at Darvo burned down on Friday, firemen said. Nobody was hurt.\n"
BOOKKEEPING = frozenset({"raw.visits"})


class Desk:
    """A registered folder and the warehouse that it lands in."""

    def __init__(self, place: Path, patch: pytest.MonkeyPatch) -> None:
        self.place, self.patch = place, patch
        self.folder = place / "in"
        self.data = place / "data"
        self.folder.mkdir()
        self.register()

    def register(self, **said: object) -> None:
        """Write the register anew; `said` are keys of the folder's entry."""
        entry = {"id": "desk", "path": str(self.folder), **said}
        (self.place / "sources.yml").write_text(yaml.safe_dump({"sources": [entry]}), "utf-8")

    def load(self, day: int) -> None:
        """Land and parse on a day of March."""
        self.patch.setenv("FRONTLINE_NOW", f"2026-03-{day:02}T06:00:00")
        assert main(["land"]) == main(["parse"]) == 0

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with Warehouse(self.data / "warehouse.duckdb") as warehouse:
            return warehouse.connection.execute(query).fetchall()

    def tables(self) -> str:
        return export_sorted(self.data / "warehouse.duckdb", leave_out=BOOKKEEPING)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FRONTLINE_SOURCES", str(tmp_path / "sources.yml"))
    # Ten seconds on, so that every file has settled.
    clock = SimpleNamespace(time_ns=lambda: time.time_ns() + 10**10)
    monkeypatch.setattr("ingest.landing.folders.time", clock)
    return Desk(tmp_path, monkeypatch)


def lines(*texts: str) -> str:
    return "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))


def live(desk: Desk, *, reads_all: bool) -> list[str]:
    """Live through nine days on which files come, change, change back, break, are mended and go."""
    tables = []
    for day in range(1, 10):
        match day:
            case 1:
                fill(
                    desk.folder, {"a.txt": TEXT, "b.jsonl": lines(TEXT, OTHER), "bad.txt": "", "t.txt": OTHER}
                )
                fill(desk.folder, {"articles.csv": "file,title\na.txt,One\n"})
                zipped(desk.folder / "z.zip", {"m.txt": TEXT.encode(), "bad.txt": b""})
            case 2:
                fill(desk.folder, {"a.txt": OTHER, "b.jsonl": lines(TEXT, OTHER) + "\n{half"})
            case 3:
                fill(desk.folder, {"a.txt": TEXT, "bad.txt": f"{TEXT}Mended.", "c.txt": TEXT})
            case 4:
                fill(desk.folder, {"articles.csv": "file,title,published_at\na.txt,One,2026-03-01\n"})
            case 5:
                (desk.folder / "c.txt").rename(desk.folder / "d.txt")
                zipped(desk.folder / "z.zip", {"m.txt": TEXT.encode(), "n.txt": OTHER.encode()})
            case 6:
                desk.register(fields={"title": "id"}, outlet="The Desk")
            case 7:
                (desk.folder / "b.jsonl").unlink()
                assert main(["forget", "desk:t.txt", "--yes"]) == 0
            case 8:
                fill(desk.folder, {"a.txt": OTHER, "t.txt": TEXT})
        if reads_all and day > 1:
            desk.rows("delete from raw.visits")
        desk.load(day)
        tables.append(desk.tables())
    return tables


def test_the_tables_are_those_of_a_folder_that_is_read_whole_every_day(desk, monkeypatch):
    known = live(desk, reads_all=False)
    for path in sorted(desk.place.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    fresh = Desk(desk.place, monkeypatch)
    for day, tables in enumerate(live(fresh, reads_all=True), 1):
        assert known[day - 1] == tables, f"day {day}"
    assert len(set(known)) == 8, "on the last day nothing happened, on all others something"


def test_landing_says_how_many_files_were_passed_over(desk, capsys):
    fill(desk.folder, {"a.txt": TEXT, "b.txt": OTHER, "bad.txt": ""})
    desk.load(1)
    told = capsys.readouterr().out
    assert "Landed 2 documents, 2 of them new; 1 rejects, 1 of them new." in told
    desk.load(2)
    told = capsys.readouterr().out
    assert "Landed 0 documents, 0 of them new; 0 rejects, 0 of them new; 3 files unchanged since they" in told
    assert desk.rows("select location from raw.rejects") == [("bad.txt",)]


def test_what_a_person_hands_over_is_read_whole_every_time(desk, capsys):
    fill(desk.folder, {"a.txt": TEXT})
    for new in (1, 0):
        assert main(["land", str(desk.folder)]) == 0
        assert f"Landed 1 documents, {new} of them new; 0 rejects, 0 of them new." in capsys.readouterr().out
    assert desk.rows("select * from raw.visits") == []


def test_a_run_that_dies_before_its_visits_reads_again_and_doubles_nothing(desk, monkeypatch):
    fill(desk.folder, {"a.txt": TEXT, "b.jsonl": lines(TEXT, OTHER)})

    def die(*_: object) -> None:
        raise MemoryError("killed")

    with monkeypatch.context() as dying:
        dying.setattr("ingest.warehouse.arrivals.add_visits", die)
        with pytest.raises(MemoryError):
            desk.load(1)
    assert desk.rows("select count(*) from raw.documents") == [(3,)]
    assert desk.rows("select * from raw.visits") == []
    desk.load(1)
    before = desk.tables()
    assert desk.rows("select count(*) from raw.documents") == [(3,)]
    assert desk.rows("select address from raw.visits order by all") == [("a.txt",), ("b.jsonl",)]
    desk.load(2)
    assert desk.tables() == before


def test_retry_reads_what_was_refused_and_leaves_the_others_closed(desk, capsys, monkeypatch):
    fill(desk.folder, {"a.txt": TEXT, "b.jsonl": lines(TEXT) + "\n{half", "bad.txt": "", "worse.txt": ""})
    desk.load(1)
    read: list[str] = []
    from ingest.landing import files, folders

    monkeypatch.setattr(folders, "read", lambda file: (read.append(file.name), files.read(file))[1])
    capsys.readouterr()
    assert main(["retry"]) == 1
    assert "0 of 3 rejects are mended, 3 are left." in capsys.readouterr().out
    assert read == ["b.jsonl", "bad.txt", "worse.txt"]
    fill(desk.folder, {"b.jsonl": lines(TEXT, OTHER), "bad.txt": OTHER})
    (desk.folder / "worse.txt").unlink()
    assert main(["retry"]) == 0
    assert "3 of 3 rejects are mended, 0 are left." in capsys.readouterr().out
    assert desk.rows("select count(*) from raw.documents") == [(4,)]


def test_a_file_mended_since_is_no_reject_after_the_next_landing(desk):
    fill(desk.folder, {"bad.txt": ""})
    desk.load(1)
    assert desk.rows("select location from raw.rejects") == [("bad.txt",)]
    fill(desk.folder, {"bad.txt": TEXT})
    desk.load(2)
    assert desk.rows("select location from raw.rejects") == []
    assert desk.rows("select document_id from raw.articles") == [("desk:bad.txt",)]


def test_two_names_that_read_the_same_stay_one_reject(desk):
    fill(desk.folder, {"\\xff.txt": TEXT})
    (desk.folder / "\udcff.txt").write_text(OTHER)
    for day in (1, 2, 3):
        desk.load(day)
        found = desk.rows("select location, reason_code, landed_on::varchar from raw.rejects")
        assert found == [("\\xff.txt", "named_twice", "2026-03-01")]
