"""Opens the exports of a gateway with other programs, and compares what they read with the graph.

    python check.py PROGRAM ADDRESS

ADDRESS is a gateway that serves the demonstration. PROGRAM is the gateway's program, which is also started over a feed
with schedules of many kinds (schedules.json). ogrinfo and LibreOffice are used if they are installed. Checks that were
skipped are printed, and fail the run if EXPORTS_NEED_ALL is set.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import recurring_ical_events

LONDON = ZoneInfo("Europe/London")
# Weeks around changes of the clock in spring and autumn, and around Christmas.
WINDOWS = [
    (date(2026, 3, 23), date(2026, 4, 6)),
    (date(2026, 10, 19), date(2026, 11, 2)),
    (date(2026, 12, 14), date(2027, 1, 11)),
    (date(2027, 3, 22), date(2027, 4, 5)),
]
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n]")
NUMBER_OR_PHONE = re.compile(r"^[+-]?\d+(\.\d+)?$|^\+?\d[\d ()]*(; \+?\d[\d ()]*)*$")
remarks = []


def main():
    program, demonstration = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        print(f"the demonstration at {demonstration}")
        check_all(demonstration, scratch)
        with Feed() as feed, Gateway(program, feed.address, scratch) as gateway:
            print(f"schedules of every kind at {gateway.address}")
            check_all(gateway.address, scratch)
            check_kinds(gateway.address)
    for remark in remarks:
        print(f"!!! {remark}")
    if remarks and os.environ.get("EXPORTS_NEED_ALL"):
        sys.exit("not everything was checked")
    print("the exports are read as they are meant")


def check_all(gateway, scratch):
    check_table(gateway, "services", scratch)
    check_table(gateway, "services", scratch, "?rows=places&bom=true")
    for name in ["organizations", "locations", "taxonomy_terms"]:
        check_table(gateway, name, scratch)
    for name in ["services", "locations"]:
        check_map(gateway, name, scratch)
    check_calendar(gateway)


def get(address, accept="*/*"):
    request = urllib.request.Request(address, headers={"accept": accept})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read(), response.headers


def check_table(gateway, name, scratch, query=""):
    body, headers = get(f"{gateway}/export/{name}.csv{query}")
    has_mark = body.startswith(b"\xef\xbb\xbf")
    assert has_mark == ("bom=true" in query), "a byte order mark, if one was asked for"
    text = body.decode("utf-8-sig")
    assert text.count("\r\n") > 0 and headers["content-type"].startswith("text/csv"), headers
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header, rows = rows[0], rows[1:]
    assert all(len(row) == len(header) for row in rows), "rows of one length"
    assert len({row[0] for row in rows}) == int(headers["x-total-count"]), "a row for each record"
    for row in rows:
        for cell in row:
            assert not FORMULA.match(cell) or NUMBER_OR_PHONE.match(cell), f"a formula: {cell!r}"
    check_workbook(header, rows, scratch)
    check_libreoffice(text, header, rows, scratch)
    print(f"  {name}.csv{query}: {len(rows)} rows of {len(header)} columns")


def check_workbook(header, rows, scratch):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in [header, *rows]:
        sheet.append([re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell) for cell in row])
    path = scratch / "table.xlsx"
    workbook.save(path)
    read = openpyxl.load_workbook(path).active
    assert read.max_row == len(rows) + 1, "a workbook holds all rows"
    assert all(cell.data_type != "f" for row in read.iter_rows() for cell in row), "no cell is a formula"


def check_libreoffice(text, header, rows, scratch):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        return remark("LIBREOFFICE IS NOT INSTALLED: no table was opened with it")
    (scratch / "in.csv").write_text(text, encoding="utf-8", newline="")
    home = f"-env:UserInstallation=file://{scratch}/office"
    utf8 = "44,34,76,1"
    into = ["--infilter=CSV:" + utf8, "--convert-to", "ods", "--outdir", str(scratch), str(scratch / "in.csv")]
    back = ["--convert-to", "csv:Text - txt - csv (StarCalc):" + utf8, "--outdir", str(scratch / "back"), str(scratch / "in.ods")]
    for arguments in [into, back]:
        subprocess.run([office, "--headless", home, *arguments], check=True, capture_output=True, timeout=300)
    with open(scratch / "back" / "in.csv", encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == header and len(read) == len(rows) + 1, "LibreOffice finds all rows"
    at = header.index("id")
    assert [row[at] for row in read[1:]] == [row[at] for row in rows], "and in order"


def check_map(gateway, name, scratch):
    body, headers = get(f"{gateway}/export/{name}", accept="application/geo+json") if name == "services" else get(
        f"{gateway}/export/{name}.geojson"
    )
    assert headers["content-type"] == "application/geo+json", headers
    collection = json.loads(body)
    features = collection["features"]
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    assert all(-9 <= longitude <= 2 and 49 <= latitude <= 61 for longitude, latitude in points), "longitude first"
    assert len({feature["id"] for feature in features}) == len(features), "no two features have one id"
    print(f"  {name}.geojson: {len(features)} features, {len(points)} of them somewhere")
    if not shutil.which("ogrinfo"):
        return remark("OGRINFO IS NOT INSTALLED (gdal-bin): no map was opened with it")
    path = scratch / f"{name}.geojson"
    path.write_bytes(body)
    found = subprocess.run(["ogrinfo", "-ro", "-al", "-so", str(path)], check=True, capture_output=True, text=True)
    assert f"Feature Count: {len(features)}\n" in found.stdout, found.stdout
    assert "ERROR" not in found.stderr, found.stderr
    if points:
        assert "Geometry: Point" in found.stdout and 'ID["EPSG",4326]' in found.stdout, found.stdout
    assert "name: String" in found.stdout, found.stdout


def check_calendar(gateway):
    body, headers = get(f"{gateway}/export/services.ics")
    assert headers["content-type"].startswith("text/calendar"), headers
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "folded"
    assert b"\n" not in body.replace(b"\r\n", b""), "lines end as they should"
    calendar = icalendar.Calendar.from_ical(body)
    assert not calendar.errors and all(not part.errors for part in calendar.walk()), "no error"
    events = calendar.walk("VEVENT")
    assert len({str(event["UID"]) for event in calendar.walk() if "UID" in event}) == len(events) + len(
        calendar.walk("VJOURNAL")
    ), "each its own id"
    left_out = {
        str(entry["X-ORUK-SERVICE-ID"])
        for entry in calendar.walk("VJOURNAL")
        if str(entry["X-ORUK-LEFT-OUT"]) in ("NO-SUCH-RULE", "TOO-MUCH")
    }
    again, _ = get(f"{gateway}/export/services.ics")
    uids = [line for line in body.split(b"\r\n") if line.startswith(b"UID")]
    assert uids == [line for line in again.split(b"\r\n") if line.startswith(b"UID")], "ids stay"
    services = {str(event["X-ORUK-SERVICE-ID"]) for event in events} - left_out
    found = Counter()
    for first, last in WINDOWS:
        sessions = Counter(read_sessions(calendar, first, last, left_out))
        expected = Counter(graph_sessions(gateway, services, first, last))
        difference = (sessions - expected, expected - sessions)
        assert sessions == expected, f"{first} to {last}: only in the calendar, only in the graph: {difference}"
        found += sessions
    assert sum(found.values()) > 0, "sessions were compared"
    print(f"  services.ics: {len(events)} events, {len(calendar.walk('VJOURNAL'))} left out; "
          f"{sum(found.values())} sessions are those of the graph")


def read_sessions(calendar, first, last, left_out):
    """Yields the sessions that a reader of RFC 5545 finds: service, date, start and end."""
    # A session counts for the day on which it begins in London. Those that begin on the day before are dropped below.
    for event in recurring_ical_events.of(calendar).between(first - timedelta(days=1), last):
        service, begins = str(event["X-ORUK-SERVICE-ID"]), event["DTSTART"].dt
        if service in left_out:
            continue
        if not isinstance(begins, datetime):
            if first <= begins < last:
                yield service, begins.isoformat(), None, None
            continue
        day = begins.astimezone(LONDON).date()
        if not first <= day < last:
            continue
        ends = event["DTEND"].dt if "DTEND" in event else None
        yield service, day.isoformat(), instant(begins), None if lasts_through_change(begins, ends) else instant(ends)


def graph_sessions(gateway, services, first, last):
    query = """query($ids: [ID!]!, $from: DateTime!, $to: DateTime!) { nodes(ids: $ids) { ... on Service {
      id occurrences(from: $from, to: $to, first: 500) { date start end } } } }"""
    midnight = lambda day: datetime(day.year, day.month, day.day, tzinfo=LONDON)
    services = sorted(services)
    for at in range(0, len(services), 10):
        variables = {"ids": services[at : at + 10], "from": instant(midnight(first)), "to": instant(midnight(last))}
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{gateway}/graphql", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
        assert not answer.get("errors"), answer
        for node in answer["data"]["nodes"]:
            for one in node["occurrences"]:
                begins, ends = one["start"] and parsed(one["start"]), one["end"] and parsed(one["end"])
                if not begins:
                    yield node["id"], one["date"], None, None
                    continue
                yield node["id"], one["date"], instant(begins), None if lasts_through_change(begins, ends) else instant(ends)


def lasts_through_change(begins, ends):
    """Returns whether the clock changes during a session.

    RFC 5545 then counts the length of the session in hours, while the graph uses the time on the clock.
    """
    return ends is not None and begins.astimezone(LONDON).utcoffset() != ends.astimezone(LONDON).utcoffset()


def parsed(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def instant(at):
    return at and at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def check_kinds(gateway):
    """Checks the sessions of the feed in schedules.json."""
    body, _ = get(f"{gateway}/export/services.ics")
    calendar = icalendar.Calendar.from_ical(body)
    sessions = recurring_ical_events.of(calendar)
    begin = lambda name, day: [
        event["DTSTART"].dt.astimezone(timezone.utc).strftime("%H:%M")
        for event in sessions.at(day)
        if str(event["SUMMARY"]).startswith(name) and event["DTSTART"].dt.astimezone(LONDON).date() == day
    ]
    assert begin("Weekly", date(2026, 3, 25)) == ["09:30"] and begin("Weekly", date(2026, 3, 29)) == ["08:30"]
    assert begin("Weekly", date(2026, 10, 21)) == ["08:30"] and begin("Weekly", date(2026, 10, 25)) == ["09:30"]
    assert begin("Closed over", date(2026, 12, 14)) == ["10:00"]
    assert begin("Closed over", date(2026, 12, 21)) == [], "a date left out"
    assert begin("Closed over", date(2026, 10, 19)) == ["13:00"], "other times hold instead"
    left_out = {str(entry["SUMMARY"]): str(entry["X-ORUK-LEFT-OUT"]) for entry in calendar.walk("VJOURNAL")}
    assert left_out == {"In words alone: an opening time that is not in this calendar": "IN-WORDS"}, left_out
    cancelled = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT") if event.get("STATUS") == "CANCELLED"}
    assert cancelled == {"Second Monday and last Friday"}, cancelled


def remark(text):
    if text not in remarks:
        remarks.append(text)


class Feed:
    """Serves the services of schedules.json as a feed over loopback."""

    def __enter__(self):
        page = (Path(__file__).parent / "schedules.json").read_bytes()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.split("?")[0].rstrip("/")
                body = {"": b'{"version": "3.0"}', "/services": page}.get(path)
                self.send_response(200 if body else 404)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(body or b"{}")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Gateway:
    """Runs a gateway over one feed, and waits until it has read the feed."""

    def __init__(self, program, feed, scratch):
        self.configuration = scratch / "gateway.toml"
        self.configuration.write_text(
            '[server]\nlisten = "127.0.0.1:0"\n[defaults]\ndialect = "hsds-3"\n'
            f'[[sources]]\nkey = "kinds"\nurl = "{feed}"\n'
        )
        self.program = program

    def __enter__(self):
        arguments = [self.program, "serve", "--config", str(self.configuration)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = next(
            match[0] for line in self.process.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        for _ in range(300):
            _, headers = get(f"{self.address}/export/services.csv")
            if headers["x-complete"] == "true" and headers["x-total-count"] != "0":
                return self
            time.sleep(0.2)
        raise RuntimeError("the feed is not read")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    main()
