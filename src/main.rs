//! The `oruk-gateway` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Reading a page is thousands of small texts asked for and given back, on several threads at once.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// For how many milliseconds the allocator keeps memory that is free before the system gets it back. It would keep it for a
/// second, and a feed that sends heavy pages then takes up to twice what reading them takes. It reads this before `main`.
const KEEPS_FREE_MEMORY_FOR: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "1");

fn main() -> ExitCode {
    let (name, value) = KEEPS_FREE_MEMORY_FOR;
    oruk_gateway::cli::begin_with(name, value);
    oruk_gateway::cli::main()
}
