"""The labelled sets beside the repository: their articles as input lines, and their scorers' figures.

Texts stay where they are: what is written here goes to a temporary folder and is deleted with it.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.commands.extract import extract

SHARED = Path(__file__).resolve().parents[3] / "shared"
Figures = dict[str, float]


@dataclass(frozen=True)
class LabelledSet:
    """A set by name, where its articles lie under SHARED, and the function that scores claims on it."""

    name: str
    path: str
    read: Callable[[Path], list[dict]]
    score: Callable[[Path, list[dict], Path, Path], Figures]

    @property
    def source(self) -> Path:
        return SHARED / self.path

    def is_there(self) -> bool:
        return self.source.exists()


def measure(labelled: LabelledSet, workspace: Path, limit: int | None) -> Figures:
    """Extract the set's articles with the command's own code and return what its scorer says, by figure."""
    rows = sample(labelled.read(labelled.source), limit)
    folder = workspace / labelled.name
    folder.mkdir()
    lines = [
        json.dumps({k: row[k] for k in ("id", "text", "published_at")}, ensure_ascii=False) for row in rows
    ]
    articles, claims = folder / "articles.jsonl", folder / "claims.jsonl"
    articles.write_text("".join(line + "\n" for line in lines), "utf-8")
    with claims.open("wb") as target:
        if extract(io.BytesIO(articles.read_bytes()), target, None):
            print(f"{labelled.name}: some articles were rejected", file=sys.stderr)
    return {"articles": len(rows)} | labelled.score(labelled.source, rows, claims, folder)


def sample(rows: list[dict], limit: int | None) -> list[dict]:
    """Return the same `limit` rows in every run, in the order of the set; all where limit is None."""
    if limit is None or limit >= len(rows):
        return rows
    chosen = {row["id"] for row in sorted(rows, key=lambda row: sha256(row["id"].encode()).digest())[:limit]}
    return [row for row in rows if row["id"] in chosen]


def read_jsonl(path: Path) -> list[dict]:
    """Return the rows of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def read_gold(folder: Path) -> list[dict]:
    """Return the annotated articles of a gold folder as input rows."""
    rows = []
    for article in read_jsonl(folder / "articles.jsonl"):
        (text,) = (folder / "texts").glob(article["article"] + "*.txt")
        rows.append(
            {
                "id": article["article"],
                "text": text.read_text("utf-8"),
                "published_at": article["published_at"],
            }
        )
    return rows


def run(*command: object) -> str:
    """Run a scorer and return what it prints; its complaint is ours."""
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name} failed:\n{done.stderr}")
    return done.stdout


def score_gold(folder: Path, rows: list[dict], claims: Path, workspace: Path) -> Figures:
    """Score against gold.jsonl; traps once for all claims and once for the casualty claims alone."""
    texts = workspace / "texts"
    texts.mkdir()
    for row in rows:
        (texts / f"{row['id']}.txt").write_text(row["text"], "utf-8")
    ids = {row["id"] for row in rows}
    gold = workspace / "gold.jsonl"
    facts = [fact for fact in read_jsonl(folder / "gold.jsonl") if fact["article"] in ids]
    gold.write_text("".join(json.dumps(fact) + "\n" for fact in facts), "utf-8")
    casualties = workspace / "casualties.jsonl"
    found = claims.read_text("utf-8").splitlines(keepends=True)
    casualties.write_text("".join(line for line in found if json.loads(line)["kind"] == "casualty"), "utf-8")
    scorer = SHARED / "gold" / "score.py"
    result = json.loads(run(scorer, gold, claims, texts, "--json"))
    alone = json.loads(run(scorer, gold, casualties, texts, "--json"))
    figures: Figures = {}
    for level in ("core", "full"):
        for kind, values in result[level].items():
            figures[f"{kind} {level} F1"] = values["f1"]
            if level == "core":
                figures |= {f"{kind} core {key}": values[key] for key in ("precision", "recall")}
    figures |= {f"{field} right": share for field, share in result["fields"].items()}
    return figures | {
        "traps": result["traps"]["of"],
        "traps fallen for": result["traps"]["fallen_for"],
        "traps fallen for by casualty claims": alone["traps"]["fallen_for"],
    }


def score_bench(*patterns: tuple[str, str]) -> Callable[[Path, list[dict], Path, Path], Figures]:
    """Return a function that runs a set's own scorer on the sampled rows and picks figures out of its words.

    The scorers find their gold beside themselves: they are run as copies beside a gold of the rows in hand. A
    pattern is a figure's name and a regular expression whose only group is the number.
    """

    def score(source: Path, rows: list[dict], claims: Path, workspace: Path) -> Figures:
        name = source.stem
        tools, gold = workspace / "bench" / "tools", workspace / "bench" / name
        shutil.copytree(SHARED / "bench" / "tools", tools)
        gold.mkdir()
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (gold / source.name).write_text("".join(lines), "utf-8")
        predictions = workspace / "predictions.jsonl"
        predictions.write_text(run(tools / "claims_to_facts.py", gold / source.name, claims), "utf-8")
        told = run(tools / f"score_{name}.py", predictions)
        return {
            figure: float(found[1])
            for figure, pattern in patterns
            if (found := re.search(pattern, told, re.MULTILINE))
        }

    return score


_KILLED = ("killed F1", r"^killed .*? F1=([\d.]+)")
_INJURED = ("injured F1", r"^injured .*? F1=([\d.]+)")
_DAY = ("event day among dates", r"exact-day-among-dates=([\d.]+)")
_PLACE = ("place first", r"first-place=([\d.]+)")
_ANY_PLACE = ("place among places", r"found-among-places=([\d.]+)")

SETS = (
    LabelledSet("gold seeds", "gold/seeds", read_gold, score_gold),
    LabelledSet("gold dev", "gold/dev", read_gold, score_gold),
    LabelledSet(
        "wad", "bench/wad/wad.jsonl", read_jsonl,
        score_bench(
            ("killed EM(answerable)", r"^killed .*?EM\(answerable n=\d+\)=([\d.]+)"),
            _KILLED, _INJURED, _DAY, _PLACE, _ANY_PLACE,
        ),
    ),
    LabelledSet(
        "acled", "bench/acled/acled.jsonl", read_jsonl,
        score_bench(
            _KILLED,
            ("killed precision", r"^killed .*? P=([\d.]+)"),
            ("positive count where unknown", r"positive death count ([\d.]+)"),
            ("territory recall", r"^territory events: .*? R=([\d.]+)"),
            ("territory precision", r"^territory events: .*? P=([\d.]+)"),
            ("territory place right", r"place-right=([\d.]+)"),
            ("movement F1", r"^movement of forces: .*? F1=([\d.]+)"),
            _DAY, _PLACE,
        ),
    ),
    LabelledSet(
        "airwars", "bench/airwars/airwars.jsonl", read_jsonl,
        score_bench(
            ("killed in range", r"^killed .*?inRange=([\d.]+)"),
            ("injured in range", r"^injured .*?inRange=([\d.]+)"),
            _KILLED, _DAY, _PLACE,
        ),
    ),
    LabelledSet(
        "muc4", "bench/muc4/muc4.jsonl", read_jsonl,
        score_bench(
            ("F1", r"^all .*? F1=([\d.]+)"),
            ("precision", r"^all .*?P=([\d.]+)"),
            ("recall", r"^all .*? R=([\d.]+)"),
            ("F1 with place", r"^all .*?F1_with_place=([\d.]+)"),
            ("date recall", r"^all .*?date_recall=([\d.]+)"),
        ),
    ),
)  # fmt: skip
