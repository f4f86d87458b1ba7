//! The `oruk-gateway` command.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Reading a page is thousands of small texts asked for and given back, on several threads at once.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    oruk_gateway::cli::main()
}
