//! Writes to standard output, whose reader may close it at any time.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

/// Writes text, and ends its last line.
///
/// # Errors
/// If it cannot be written.
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.trim_end_matches('\n').as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes JSON: indented on a terminal, otherwise on one line.
///
/// # Errors
/// If it cannot be written.
pub(super) fn json(value: &impl Serialize) -> io::Result<()> {
    let pretty = io::stdout().is_terminal();
    let written = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text(&written?)
}
