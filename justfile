# Shortcuts. `just` lists them.

default:
    @just --list --unsorted

# Run this before a push
check:
    just fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    cargo deny check bans licenses sources
    cargo test
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# Format the sources: `cargo fmt` alone does not find the modules that a macro declares
fmt *arguments:
    cargo fmt {{ arguments }} -- src/source/dialects/*.rs src/demo/varieties/*.rs

# All tests, or those whose name contains a word: just test paging
test *words:
    cargo test {{ words }}

# Accept the current schema and snapshots; read the difference before you commit it
bless:
    cargo run --quiet -- schema > schema.graphql.new
    mv schema.graphql.new schema.graphql
    INSTA_UPDATE=always cargo test
    git diff --stat

# Serve the demonstration, or the configuration given by `--config`
run *arguments:
    cargo run --release -- {{ arguments }}

# Serve one invented feed: just demo-feed oruk-3 --latency 200 --fault error-500:0.1
demo-feed dialect="oruk-3" *arguments:
    cargo run --release -- demo-feed --dialect {{ dialect }} --listen 127.0.0.1:9000 {{ arguments }}

# Run the in-process benchmarks, or those whose name contains a word: just bench merging
bench *words:
    cargo bench --bench in_process -- {{ words }}

# Load test: the gateway compared with a simple server; takes two minutes, needs two idle cores and wrk
load:
    bench/load.sh

# Benchmark the first query of a new gateway, over twenty slow feeds
cold:
    cargo bench --bench fan_out

# Run the GraphQL-over-HTTP audits against a running gateway
audit url="http://127.0.0.1:8080":
    npm --prefix tests/audits ci --no-audit --no-fund
    node tests/audits/audit.mjs {{ url }}/graphql

# Compare a running gateway with graphql-js on random operations; its data must not change meanwhile
reference url="http://127.0.0.1:8080" seed="1" operations="4000":
    npm --prefix tests/reference ci --no-audit --no-fund
    node tests/reference/compare.mjs {{ url }} --seed {{ seed }} --operations {{ operations }}

# Run the snippets of docs/clients.md as printed against a running gateway that serves the demonstration
clients url="http://127.0.0.1:8080":
    npm --prefix tests/clients ci --no-audit --no-fund
    node tests/clients/run.mjs {{ url }} target/debug/oruk-gateway

# Compose the subgraph with another one, and query it through a router
subgraph:
    cargo build
    npm --prefix tests/subgraph ci --no-audit --no-fund
    GATEWAY=target/debug/oruk-gateway node --test tests/subgraph/run.mjs

# Check the pages of a running gateway in Chromium, or only: console, access, keyboard
pages-check url="http://127.0.0.1:8080" *checks:
    npm --prefix web ci --no-audit --no-fund
    npm --prefix web run check:pages -- {{ url }} {{ checks }}

# Build the pages from their sources
pages:
    npm --prefix web ci --no-audit --no-fund
    npm --prefix web run build

# Check the dependencies for known vulnerabilities; needs the network
advisories:
    cargo deny check advisories

# Write the program's components to oruk-gateway.cdx.json, as CycloneDX JSON
sbom:
    cargo cyclonedx --version >/dev/null 2>&1 || cargo install --locked cargo-cyclonedx
    cargo cyclonedx --format json --target all --override-filename oruk-gateway.cdx

# Fuzz a target until it is stopped or fails: just fuzz html -max_total_time=60
fuzz target *arguments:
    cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
    cargo fuzz run --sanitizer none {{ target }} -- -timeout=30 -rss_limit_mb=2048 {{ arguments }}

# Build the container image from base images named by digest; prints the digests
image tag="oruk-gateway":
    deploy/build-image.sh {{ tag }}

# Run all checks, as after a push
ci:
    .ci/run
