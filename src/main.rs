//! The `oruk-gateway` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    oruk_gateway::cli::main()
}
