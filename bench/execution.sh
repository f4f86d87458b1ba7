#!/usr/bin/env bash
# The cost of execution: the gateway's requests per second as a share of those of a bare poem handler (bench/bare) that
# sends the same bytes, on the same core in the same run. Asks for 400 services with their organisations and for one
# detailed record, each with equal requests, distinct variables and distinct query texts. Prints Markdown.
#
#   bench/execution.sh catalogue     or: bench/execution.sh live
#
# Needs two cores, cargo, wrk, curl, python3 and taskset. GATEWAY and BARE name programs that are built already.
# QUESTIONS=list or QUESTIONS=record asks one of the two. If JOURNAL is the URL of an empty PostgreSQL database, the
# gateway shares its catalogue through a journal there: one question for each database, as their feeds differ.

set -euo pipefail
cd "$(dirname "$0")/.."

MODE=${1:-catalogue}
ROUNDS=${ROUNDS:-3}
DURATION=${DURATION:-5}             # seconds of each run
CONNECTIONS=${CONNECTIONS:-16}
FIRST_PORT=${FIRST_PORT:-18500}     # and the five after it
SERVER_CORE=${SERVER_CORE:-0}
CLIENT_CORE=${CLIENT_CORE:-1}
LIST_EACH=${LIST_EACH:-400}         # services of each of the four feeds for the list question
RECORD_EACH=${RECORD_EACH:-4000}    # and for the record question

JOURNAL=${JOURNAL:-}
QUESTIONS=${QUESTIONS:-list record}

FEEDS=4
release=${CARGO_TARGET_DIR:-target}/release
gateway_port=$((FIRST_PORT + FEEDS))
scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$scratch"
}
trap finish EXIT

fail() { echo "execution.sh: $*" >&2; exit 1; }

# start CORE COMMAND…
start() {
  local core=$1
  shift
  taskset -c "$core" "$@" >"$scratch/log-${#pids[@]}" 2>&1 &
  pids+=("$!")
}

# ready URL: waits until the URL responds. Gives up after 300 attempts, 100 ms apart.
ready() {
  for _ in $(seq 300); do
    if curl --silent --output /dev/null --max-time 1 "$1"; then return; fi
    sleep 0.1
  done
  cat "$scratch"/log-* >&2
  fail "nothing answers at $1"
}

# ask BODY: sends a request to the gateway and prints the response.
ask() {
  curl --silent --fail --max-time 20 --header 'content-type: application/json' --header 'accept: application/json' \
    --data-binary "$1" "http://127.0.0.1:$gateway_port/graphql"
}

[ -z "$JOURNAL" ] || [ "$QUESTIONS" = list ] || [ "$QUESTIONS" = record ] ||
  fail "with JOURNAL, set QUESTIONS to list or record, and use an empty database for each"
for tool in cargo wrk curl python3 taskset; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done

if [ -z "${GATEWAY:-}" ]; then
  cargo build --quiet --release --bin oruk-gateway
  GATEWAY=$release/oruk-gateway
fi
if [ -z "${BARE:-}" ]; then
  cargo build --quiet --release --features yardstick --example bare
  BARE=$release/examples/bare
fi

{
  printf '[server]\nlisten = "127.0.0.1:%d"\n' "$gateway_port"
  printf '[graphql]\nmax_page_size = 400\n[catalogue]\njournal = "%s"\n' "$JOURNAL"
  printf '[defaults]\nmode = "%s"\ndialect = "hsds-3"\nfresh_for = "1h"\nrequests_per_second = 1000\ndeadline = "60s"\n' "$MODE"
  for number in $(seq "$FEEDS"); do
    printf '[[sources]]\nkey = "feed-%d"\nurl = "http://127.0.0.1:%d"\n' "$number" $((FIRST_PORT + number - 1))
  done
} >"$scratch/gateway.toml"

# open EACH: starts four feeds of EACH services and a gateway, and waits until the gateway has read them all.
open() {
  local number
  for number in $(seq "$FEEDS"); do
    start "$CLIENT_CORE" "$GATEWAY" demo-feed --dialect hsds-3 --services "$1" --seed "$number" \
      --listen "127.0.0.1:$((FIRST_PORT + number - 1))"
    ready "http://127.0.0.1:$((FIRST_PORT + number - 1))/"
  done
  start "$SERVER_CORE" "$GATEWAY" serve --config "$scratch/gateway.toml"
  ready "http://127.0.0.1:$gateway_port/health/live"
  for _ in $(seq 300); do
    if ask '{"query":"{ services(first: 0) { totalCount complete } }"}' |
      grep -q "\"totalCount\":$((FEEDS * $1)),\"complete\":true"; then
      return
    fi
    sleep 0.5
  done
  fail "the gateway does not read its feeds"
}

close() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  pids=()
}

# Writes the variables of the requests. For lists: every cursor that at least 400 services follow, with page sizes from
# 400 down to 381, so that no answer of the last second is asked for again. For records: every id.
variables() {
  python3 - "$gateway_port" "$scratch" <<'PYTHON'
import itertools, json, sys, urllib.request
port, scratch = sys.argv[1:]
cursors, ids, after = [], [], None
while True:
    query = "query($after: String) { services(first: 400, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"
    body = json.dumps({"query": query, "variables": {"after": after}}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"content-type": "application/json"})
    page = json.load(urllib.request.urlopen(request))["data"]["services"]
    cursors += [edge["cursor"] for edge in page["edges"]]
    ids += [edge["node"]["id"] for edge in page["edges"]]
    after = page["pageInfo"]["endCursor"]
    if not page["pageInfo"]["hasNextPage"]:
        break
pages = itertools.product(range(400, 380, -1), cursors[:-400])
written = lambda each: "\n".join(json.dumps(variables, separators=(",", ":")) for variables in each)
open(f"{scratch}/list", "w").write(written({"first": first, "after": after} for first, after in pages))
open(f"{scratch}/record", "w").write(written({"id": id} for id in ids))
PYTHON
}

# load NAME PORT QUESTION KIND: one run of wrk, whose figures are added to $scratch/NAME-QUESTION-KIND.
load() {
  local line
  line=$(BENCH_QUERY="bench/execution-$3.graphql" BENCH_VALUES="$scratch/$3" BENCH_KIND=$4 \
    taskset -c "$CLIENT_CORE" wrk --threads 1 --connections "$CONNECTIONS" --duration "${DURATION}s" --timeout 10s \
    --script bench/execution.lua "http://127.0.0.1:$2/graphql" | grep '^measured') || fail "wrk failed on $1"
  echo "$3, $4, $1: $line" >&2
  [ "${line##* }" -eq 0 ] || fail "$1 refused or dropped ${line##* } requests"
  echo "$line" >>"$scratch/$1-$3-$4"
}

median() { cut -d' ' -f2 "$scratch/$1" | sort -n | sed -n "$(((ROUNDS + 1) / 2))p"; }

echo "| $MODE | bare, requests/s | equal | distinct variables | distinct texts |"
echo "|---|--:|--:|--:|--:|"
port=$((gateway_port + 1))
for question in $QUESTIONS; do
  each=$LIST_EACH
  [ "$question" = record ] && each=$RECORD_EACH
  open "$each"
  variables
  query=$(tr -s '[:space:]' ' ' <"bench/execution-$question.graphql")
  ask "{\"query\":\"query Q$query\",\"variables\":$(head -n 1 "$scratch/$question")}" >"$scratch/answer-$question"
  grep -q '"errors"' "$scratch/answer-$question" && fail "$(head -c 500 "$scratch/answer-$question")"
  start "$SERVER_CORE" "$BARE" "127.0.0.1:$port" "$scratch/answer-$question"
  ready "http://127.0.0.1:$port/"
  for _ in $(seq "$ROUNDS"); do
    load bare "$port" "$question" equal
    for kind in equal variables texts; do load gateway "$gateway_port" "$question" "$kind"; done
  done
  close
  bare=$(median "bare-$question-equal")
  printf '| %s, %d bytes | %.0f |' "$question" "$(stat -c %s "$scratch/answer-$question")" "$bare"
  for kind in equal variables texts; do
    awk -v a="$(median "gateway-$question-$kind")" -v b="$bare" 'BEGIN { printf " %.2f |", a / b }'
  done
  echo
done
