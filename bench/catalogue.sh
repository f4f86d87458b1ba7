#!/usr/bin/env bash
# Load test of a large catalogue, over loopback: synchronises SERVICES services from FEEDS invented feeds, stops the
# feeds, starts a gateway on the stored data, and sends it requests at a steady mean rate. Prints Markdown.
#
# Needs cargo, wrk, curl and jq. By default 200,000 services from 40 feeds; see the variables.

set -euo pipefail
cd "$(dirname "$0")/.."

FEEDS=${FEEDS:-40}
SERVICES=${SERVICES:-200000}
DURATION=${DURATION:-20}            # seconds of each run
PER_SECOND=${PER_SECOND:-50}
FIRST_PORT=${FIRST_PORT:-18500}     # and the next FEEDS ports
AT_ONCE=${AT_ONCE:-$FEEDS}          # feeds that run at the same time during synchronisation
each=$((SERVICES / FEEDS))
port=$((FIRST_PORT + FEEDS))
release=${CARGO_TARGET_DIR:-target}/release

scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

fail() { echo "catalogue.sh: $*" >&2; exit 1; }

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }
memory() { awk -v key="$2:" '$1 == key { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }

for tool in cargo wrk curl jq; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done
cargo build --quiet --release --bin oruk-gateway

# answers URL: waits until the URL responds. Gives up after 600 attempts, 50 ms apart.
answers() {
  for _ in $(seq 600); do
    if curl --silent --fail --output /dev/null --max-time 1 "$1"; then return; fi
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

taken=0
most=0 # peak memory of `sync`, in MiB
for first in $(seq 1 "$AT_ONCE" "$FEEDS"); do
  up=() keys=()
  for number in $(seq "$first" $((first + AT_ONCE - 1 < FEEDS ? first + AT_ONCE - 1 : FEEDS))); do
    "$release/oruk-gateway" demo-feed --dialect hsds-3 --services "$each" --seed "$number" \
      --listen "127.0.0.1:$((FIRST_PORT + number - 1))" >/dev/null 2>&1 &
    up+=($!) pids+=($!) keys+=(--source "feed-$number")
    answers "http://127.0.0.1:$((FIRST_PORT + number - 1))/"
  done
  began=$(now)
  "$release/oruk-gateway" sync --config "$scratch/gateway.toml" "${keys[@]}" >>"$scratch/sync.log" 2>&1 &
  sync=$!
  pids+=("$sync")
  while kill -0 "$sync" 2>/dev/null; do
    now_most=$(memory "$sync" VmHWM 2>/dev/null || true)
    if ((${now_most:-0} > most)); then most=$now_most; fi
    sleep 0.1
  done
  wait "$sync" || { tail -5 "$scratch/sync.log" >&2; fail "not everything was synchronised"; }
  taken=$(awk -v a="$taken" -v b="$(since "$began")" 'BEGIN { print a + b }')
  for pid in "${up[@]}"; do kill "$pid" 2>/dev/null || true; done
done

began=$(now)
"$release/oruk-gateway" serve --config "$scratch/gateway.toml" >"$scratch/serve.log" 2>&1 &
gateway=$!
pids+=("$gateway")
answers "http://127.0.0.1:$port/health/ready"
ready=$(since "$began")

ask() {
  jq -cn --arg query "$1" '{query: $query}' |
    curl --silent --fail --max-time 30 --header 'content-type: application/json' --data-binary @- \
      "http://127.0.0.1:$port/graphql"
}
kept=$(ask '{ services(first: 1) { totalCount } }' | jq .data.services.totalCount)
ask '{ services(first: 100) { nodes { id } } }' | jq -r '.data.services.nodes[].id' >"$scratch/ids"

# load KIND SECONDS: one run of wrk, with one connection for every five requests a second.
load() {
  local connections=$((PER_SECOND / 5))
  BENCH_KIND=$1 BENCH_PACE=200 BENCH_IDS="$scratch/ids" \
    wrk --threads 1 --connections "$connections" --duration "${2}s" --timeout 10s --script bench/catalogue.lua \
    "http://127.0.0.1:$port/graphql" | grep '^measured' || fail "wrk failed on $1"
}

printf '%s services of %s feeds kept, %s a second in %s MiB at most; ready %s s after the start with every feed down.\n\n' "$kept" "$FEEDS" \
  "$(awk -v n="$SERVICES" -v t="$taken" 'BEGIN { printf "%.0f", n / t }')" "$most" "$ready"
echo '| question | a second | median ms | p99 ms | failed |'
echo '|---|---|---|---|---|'
for kind in find wide text ask count one; do
  load "$kind" 3 >/dev/null
  load "$kind" "$DURATION" | awk -v kind="$kind" '{ printf "| %s | %s | %s | %s | %s |\n", kind, $2, $3, $4, $5 }'
done
printf '\nMemory: %s MiB resident, %s MiB at most.\n' "$(memory "$gateway" VmRSS)" "$(memory "$gateway" VmHWM)"
