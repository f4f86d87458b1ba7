#!/usr/bin/env bash
# Exports of a large catalogue, over loopback: synchronises SERVICES services from FEEDS invented feeds, stops the
# feeds, starts a gateway on the stored data, and downloads each export. Prints Markdown: seconds, size, and the peak
# memory beyond what the gateway used before.
#
# Needs curl and python3, and cargo unless PROGRAM names a gateway that is built. Linux only.

set -euo pipefail
cd "$(dirname "$0")/.."

FEEDS=${FEEDS:-20}
SERVICES=${SERVICES:-200000}
FIRST_PORT=${FIRST_PORT:-18600}     # and the next FEEDS ports
PROGRAM=${PROGRAM:-}
each=$((SERVICES / FEEDS))
port=$((FIRST_PORT + FEEDS))
base="http://127.0.0.1:$port"

scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

fail() { echo "exports.sh: $*" >&2; exit 1; }
memory() { awk -v key="$2:" '$1 == key { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }

if [[ -z "$PROGRAM" ]]; then
  cargo build --quiet --release --bin oruk-gateway
  PROGRAM=${CARGO_TARGET_DIR:-target}/release/oruk-gateway
fi

# answers URL: waits until the URL responds. Gives up after 1,200 attempts, 50 ms apart.
answers() {
  for _ in $(seq 1200); do
    if curl --silent --fail --output /dev/null --max-time 5 "$1"; then return; fi
    sleep 0.05
  done
  fail "nothing answers at $1"
}

{
  printf '[server]\nlisten = "127.0.0.1:%d"\n[catalogue]\ndirectory = "%s/kept"\n' "$port" "$scratch"
  printf '[defaults]\ndialect = "hsds-3"\nrequests_per_second = 1000\nmax_concurrency = 4\npage_size = 100\n'
  for number in $(seq "$FEEDS"); do
    printf '[[sources]]\nkey = "feed-%d"\nurl = "http://127.0.0.1:%d"\n' "$number" $((FIRST_PORT + number - 1))
  done
} >"$scratch/gateway.toml"

up=()
for number in $(seq "$FEEDS"); do
  "$PROGRAM" demo-feed --dialect hsds-3 --services "$each" --seed "$number" \
    --listen "127.0.0.1:$((FIRST_PORT + number - 1))" >/dev/null 2>&1 &
  up+=($!) pids+=($!)
done
for number in $(seq "$FEEDS"); do answers "http://127.0.0.1:$((FIRST_PORT + number - 1))/"; done
"$PROGRAM" sync --config "$scratch/gateway.toml" >"$scratch/sync.log" 2>&1 ||
  { tail -5 "$scratch/sync.log" >&2; fail "not everything was synchronised"; }
for pid in "${up[@]}"; do kill "$pid" 2>/dev/null || true; done

"$PROGRAM" serve --config "$scratch/gateway.toml" >"$scratch/serve.log" 2>&1 &
gateway=$!
pids+=("$gateway")
answers "$base/health/ready"
# A first export, so that work done only once is not counted for any of those below.
curl --silent --fail --output /dev/null "$base/export/services.csv?fields=id"

printf '| export | rows | MiB | seconds | first byte, seconds | memory before, MiB | most beyond it, MiB |\n'
printf '|---|---:|---:|---:|---:|---:|---:|\n'

# row NAME PATH COUNTED CURL-OPTIONS…: downloads an export and prints its row of the table.
row() {
  local name="$1" path="$2" counted="$3" before most figures
  shift 3
  before=$(memory "$gateway" VmRSS)
  # Resets VmHWM, the peak memory.
  echo 5 >"/proc/$gateway/clear_refs"
  figures=$(curl --silent --fail --output "$scratch/export" \
    --write-out '%{size_download} %{time_total} %{time_starttransfer}' "$@" "$base$path") || fail "$name broke off"
  most=$(memory "$gateway" VmHWM)
  read -r bytes seconds first <<<"$figures"
  printf '| %s | %s | %.1f | %.2f | %.2f | %s | %s |\n' "$name" "$(counted "$counted")" \
    "$(awk -v bytes="$bytes" 'BEGIN { print bytes / 1048576 }')" "$seconds" "$first" "$before" $((most > before ? most - before : 0))
}

# counted WHAT: prints the number of CSV rows for `csv`, a dash for `-`, and else the number of lines that match WHAT.
counted() {
  case "$1" in
    csv) python3 -c 'import csv, sys; print(sum(1 for _ in csv.reader(open(sys.argv[1], newline="", encoding="utf-8"))) - 1)' "$scratch/export" ;;
    -) printf '–' ;;
    *) grep -c -- "$1" "$scratch/export" ;;
  esac
}

row "services.csv" "/export/services.csv" csv
row "services.csv, a row a place" "/export/services.csv?rows=places" csv
row "services.csv, 5 columns" "/export/services.csv?fields=id,name,organization,postcodes,licence" csv
row "services.csv, gzip" "/export/services.csv" - --header 'accept-encoding: gzip'
row "services.csv, read at 20 MiB a second" "/export/services.csv" csv --limit-rate 20M
row "services.geojson" "/export/services.geojson" '"type":"Feature",'
row "services.ics" "/export/services.ics" '^BEGIN:VEVENT'
row "organizations.csv" "/export/organizations.csv" csv
row "locations.geojson" "/export/locations.geojson" '"type":"Feature",'
row "not modified" "/export/services.csv" - --header "if-none-match: $(curl --silent --head "$base/export/services.csv" | tr -d '\r' | awk 'tolower($1) == "etag:" { $1 = ""; print substr($0, 2) }')"
