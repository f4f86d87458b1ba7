//! Writing to standard output, where a reader may go away at any time.

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

/// Writes a text and ends its last line.
///
/// # Errors
/// When it cannot be written.
pub(super) fn text(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.trim_end_matches('\n').as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes JSON: laid out for people on a terminal, on one line elsewhere.
///
/// # Errors
/// When it cannot be written.
pub(super) fn json(value: &impl Serialize) -> io::Result<()> {
    let pretty = io::stdout().is_terminal();
    let written = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text(&written?)
}
