//! What the gateway's own work costs, piece by piece, without sockets where they can be left out.
//! Run by `cargo bench --bench in_process`, or one of it by `… -- merging`.

#![expect(clippy::expect_used, reason = "a benchmark whose stage cannot be set has nothing to measure")]

mod executing;
mod filtering;
mod merging;
mod reading;
mod stage;

use std::sync::LazyLock;

use tokio::runtime::Runtime;

/// Everything asynchronous runs here; the feeds too.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

fn main() {
    divan::main();
}
