#!/usr/bin/env bash
# Load test of the gateway and of a simple server (bench/plain), over loopback: requests per second for
# bench/services.graphql over four feeds of 100 services, all read before. The two are measured in turn, round by round,
# with the server on one core and wrk on another. Prints Markdown.
#
# Needs two cores, cargo, wrk, curl and taskset. By default 3 rounds of 4 runs of 10 seconds; see the variables.

set -euo pipefail
cd "$(dirname "$0")/.."

ROUNDS=${ROUNDS:-3}
DURATION=${DURATION:-10}            # seconds of each run
CONNECTIONS=${CONNECTIONS:-16}
FIRST_PORT=${FIRST_PORT:-18400}     # and the five after it
SERVER_CORE=${SERVER_CORE:-0}
CLIENT_CORE=${CLIENT_CORE:-1}

FEEDS=4
EACH=100
release=${CARGO_TARGET_DIR:-target}/release
gateway_port=$((FIRST_PORT + FEEDS))
plain_port=$((FIRST_PORT + FEEDS + 1))
export BENCH_QUERY=bench/services.graphql

scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

fail() { echo "load.sh: $*" >&2; exit 1; }

# start NAME CORE COMMAND…: starts a command on a core, and sets $started to its process id.
start() {
  local name=$1 core=$2
  shift 2
  taskset -c "$core" "$@" >"$scratch/$name.log" 2>&1 &
  started=$!
  pids+=("$started")
}

# ready NAME PID URL: waits until the URL responds. Gives up after 100 attempts, 100 ms apart.
ready() {
  for _ in $(seq 100); do
    kill -0 "$2" 2>/dev/null || { cat "$scratch/$1.log" >&2; fail "$1 has ended"; }
    if curl --silent --output /dev/null --max-time 1 "$3"; then return; fi
    sleep 0.1
  done
  cat "$scratch/$1.log" >&2
  fail "$1 does not answer at $3"
}

# ask PORT FILE: sends the query and saves the response body as FILE.
ask() {
  tr -s '[:space:]' ' ' <"$BENCH_QUERY" | sed 's/.*/{"query":"&"}/' |
    curl --silent --fail --max-time 10 --header 'content-type: application/json' --header 'accept: application/json' \
      --data-binary @- --output "$2" "http://127.0.0.1:$1/graphql"
}

occurrences() { { grep -o "$1" "$2" || true; } | wc -l; }

# warm NAME PORT: asks until the response has all services. Gives up after 100 attempts, 100 ms apart. Saves the
# response as $scratch/NAME.json.
warm() {
  for _ in $(seq 100); do
    if ask "$2" "$scratch/$1.json" && [ "$(occurrences '"organization":' "$scratch/$1.json")" -eq $((FEEDS * EACH)) ]; then
      return
    fi
    sleep 0.1
  done
  head -c 1000 "$scratch/$1.json" >&2
  fail "$1 does not answer with $((FEEDS * EACH)) services"
}

# load NAME PORT KIND: one run of wrk, whose figures are added to $scratch/NAME-KIND.
load() {
  local port=$2 kind=$3 line
  [ "$kind" = distinct ] && export BENCH_DISTINCT=1 || unset BENCH_DISTINCT
  line=$(taskset -c "$CLIENT_CORE" wrk --threads 1 --connections "$CONNECTIONS" --duration "${DURATION}s" --timeout 10s \
    --script bench/ask.lua "http://127.0.0.1:$port/graphql" | grep '^measured') || fail "wrk failed on $1"
  echo "round $round, $kind, $1: $line" >&2
  [ "${line##* }" -eq 0 ] || fail "$1 refused or dropped ${line##* } requests"
  echo "$line" >>"$scratch/$1-$kind"
}

# median NAME KIND COLUMN: prints the median of a figure over all rounds.
median() {
  cut -d' ' -f"$3" "$scratch/$1-$2" | sort -n | sed -n "$(((ROUNDS + 1) / 2))p"
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# memory PID KEY: prints a value of /proc/PID/status in MiB.
memory() { awk -v key="$2:" '$1 == key { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

for tool in cargo wrk curl taskset; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done

# Two builds, so that the gateway is built as shipped, without the dependencies of the simple server.
cargo build --quiet --release --bin oruk-gateway
cargo build --quiet --release --features yardstick --example plain

feeds=()
{
  printf '[server]\nlisten = "127.0.0.1:%d"\n' "$gateway_port"
  printf '[graphql]\nmax_page_size = %d\n' $((FEEDS * EACH))
  printf '[defaults]\nmode = "live"\ndialect = "hsds-3"\nfresh_for = "1h"\nrequests_per_second = 1000\n'
  for number in $(seq "$FEEDS"); do
    feeds+=("http://127.0.0.1:$((FIRST_PORT + number - 1))")
    printf '[[sources]]\nkey = "feed-%d"\nurl = "%s"\n' "$number" "${feeds[-1]}"
  done
} >"$scratch/gateway.toml"

for number in $(seq "$FEEDS"); do
  start "feed-$number" "$CLIENT_CORE" "$release/oruk-gateway" demo-feed --dialect hsds-3 --services "$EACH" \
    --seed "$number" --listen "127.0.0.1:$((FIRST_PORT + number - 1))"
  ready "feed-$number" "$started" "${feeds[$((number - 1))]}/"
done
start gateway "$SERVER_CORE" "$release/oruk-gateway" serve --config "$scratch/gateway.toml"
gateway=$started
ready gateway "$gateway" "http://127.0.0.1:$gateway_port/health/live"
start plain "$SERVER_CORE" "$release/examples/plain" "127.0.0.1:$plain_port" "${feeds[@]}"
plain=$started
ready plain "$plain" "http://127.0.0.1:$plain_port/"

warm gateway "$gateway_port"
warm plain "$plain_port"
before=$(memory "$gateway" VmRSS)

# A warm-up that is not measured, so that both servers have started their threads and allocated memory.
round=warm-up measured=$DURATION DURATION=2
for kind in same distinct; do
  load plain "$plain_port" "$kind"
  load gateway "$gateway_port" "$kind"
done
rm "$scratch"/{plain,gateway}-{same,distinct}
DURATION=$measured

for round in $(seq "$ROUNDS"); do
  for kind in same distinct; do
    load plain "$plain_port" "$kind"
    load gateway "$gateway_port" "$kind"
  done
done
ask "$gateway_port" "$scratch/gateway.json"
ask "$plain_port" "$scratch/plain.json"

echo "$CONNECTIONS connections, $ROUNDS × $DURATION s each in turn, server on core $SERVER_CORE and wrk on core $CLIENT_CORE of $(nproc); medians."
echo
echo "| requests | server | requests/s | p50 | p99 | gateway / plain |"
echo "|---|---|---|---|---|---|"
for kind in same distinct; do
  factor=$(ratio "$(median gateway $kind 2)" "$(median plain $kind 2)")
  echo "| $kind | plain | $(median plain $kind 2) | $(median plain $kind 3) ms | $(median plain $kind 4) ms | |"
  echo "| $kind | gateway | $(median gateway $kind 2) | $(median gateway $kind 3) ms | $(median gateway $kind 4) ms | $factor |"
done
echo
echo "| server | answer | services | organisations | VmRSS | VmHWM |"
echo "|---|---|---|---|---|---|"
for name in plain gateway; do
  pid=${!name}
  answer=$scratch/$name.json
  echo "| $name | $(wc -c <"$answer") bytes | $(occurrences '"organization":' "$answer") | $(occurrences '"website":' "$answer") | $(memory "$pid" VmRSS) MiB | $(memory "$pid" VmHWM) MiB |"
done
echo
echo "The gateway's VmRSS before the load was $before MiB."
for what in '"organization":' '"website":'; do
  [ "$(occurrences "$what" "$scratch/gateway.json")" -eq "$(occurrences "$what" "$scratch/plain.json")" ] ||
    fail "the answers do not agree in $what"
done
