//! Lays text out for the terminal, or for 80 columns if the output goes elsewhere.

use std::io;

use comfy_table::{ContentArrangement, Table, presets};
use terminal_size::{Width, terminal_size_of};

/// The width for output that is not a terminal.
const USUAL_COLUMNS: u16 = 80;
/// Narrower tables would cut every word.
const LEAST_COLUMNS: u16 = 40;
/// Wider text is hard to read.
const MOST_COLUMNS: u16 = 100;

/// Returns the width for tables and paragraphs on standard output.
pub(super) fn output_columns() -> u16 {
    terminal_columns().unwrap_or(USUAL_COLUMNS)
}

/// Returns the width of the terminal that standard output is, within limits. `None` if it is not a terminal.
pub(super) fn terminal_columns() -> Option<u16> {
    let (Width(columns), _) = terminal_size_of(io::stdout())?;
    Some(columns.clamp(LEAST_COLUMNS, MOST_COLUMNS))
}

/// Returns an empty table of at most this width, whose cells are wrapped.
pub(super) fn wrapping_table(columns: u16) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
    table
}

/// Wraps a line between words; what follows the first line is indented.
pub(super) fn wrapped_line(line: &str, columns: u16) -> String {
    const INDENT: &str = "  ";
    let mut text = String::new();
    let mut reached = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if reached > 0 && reached + 1 + length > usize::from(columns) {
            text.push('\n');
            text.push_str(INDENT);
            reached = INDENT.len();
        } else if reached > 0 {
            text.push(' ');
            reached += 1;
        }
        text.push_str(word);
        reached += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_between_words_and_words_are_left_whole() {
        assert_eq!(wrapped_line("one two three", 7), "one two\n  three");
        assert_eq!(wrapped_line("one two", 7), "one two");
        assert_eq!(
            wrapped_line("https://elm.example/long is long", 10),
            "https://elm.example/long\n  is long"
        );
    }
}
