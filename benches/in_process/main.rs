//! Benchmarks of the gateway's own work, part by part, without sockets where possible.
//! Run all with `cargo bench --bench in_process`, or one group with `cargo bench --bench in_process -- merging`.

#![expect(clippy::expect_used, reason = "a benchmark whose stage cannot be set has nothing to measure")]

mod executing;
mod filtering;
mod merging;
mod reading;
mod stage;

use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// Runs all asynchronous work, the feeds included.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

fn main() {
    divan::main();
}
