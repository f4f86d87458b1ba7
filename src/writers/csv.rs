//! CSV for spreadsheets: RFC 4180, UTF-8, with a header, and without cells that a spreadsheet would run as a formula.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use ::csv::{Terminator, Writer, WriterBuilder};

use super::export_column::{ColumnValue, ExportColumn, ExportRow};
use super::export_document::{ExportDocument, ExportHead};
use super::row_context::RowContext;
use super::tables::RowsOf;

/// The bytes at the start of a file by which Excel recognises UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// The separator between several values in one cell.
const BETWEEN_VALUES: &str = "; ";

/// A CSV file of rows of one kind, such as services.
pub struct CsvTable<R: ExportRow> {
    columns: Vec<ExportColumn<R>>,
    of: RowsOf,
    context: Arc<RowContext>,
    has_mark: bool,
}

impl<R: ExportRow> CsvTable<R> {
    /// Returns a file with these columns. With `has_mark`, the file starts with a byte order mark, for Excel.
    pub fn new(columns: Vec<ExportColumn<R>>, of: RowsOf, context: Arc<RowContext>, has_mark: bool) -> Self {
        Self { columns, of, context, has_mark }
    }

    fn write_row(&self, row: &R, cell: &mut String, to: &mut Writer<Vec<u8>>) {
        for column in &self.columns {
            cell.clear();
            write_cell(&(column.read)(row), cell);
            // Writing to memory cannot fail.
            let _ = to.write_field(defused(cell).as_ref());
        }
        let _ = to.write_record(None::<&[u8]>);
    }
}

impl<R: ExportRow> ExportDocument<R::Record> for CsvTable<R> {
    fn begin(&self, _: &ExportHead) -> Vec<u8> {
        let mut writer = writer(if self.has_mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() });
        let _ = writer.write_record(self.columns.iter().map(|column| column.name));
        written(writer)
    }

    fn records(&self, records: &[Arc<R::Record>], _: bool) -> Vec<u8> {
        let (mut writer, mut cell) = (writer(Vec::new()), String::new());
        for record in records {
            for row in R::rows(record, self.of, &self.context) {
                self.write_row(&row, &mut cell, &mut writer);
            }
        }
        written(writer)
    }

    fn end(&self) -> Vec<u8> {
        Vec::new()
    }
}

fn writer(into: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(into)
}

fn written(writer: Writer<Vec<u8>>) -> Vec<u8> {
    writer.into_inner().unwrap_or_default()
}

fn write_cell(value: &ColumnValue<'_>, cell: &mut String) {
    match value {
        ColumnValue::Nothing => {}
        ColumnValue::Text(text) => cell.push_str(text),
        ColumnValue::Texts(texts) => {
            for (nth, text) in texts.iter().enumerate() {
                cell.push_str(if nth > 0 { BETWEEN_VALUES } else { "" });
                cell.push_str(text);
            }
        }
        // Writing to a string cannot fail.
        ColumnValue::Number(number) => _ = write!(cell, "{number}"),
        ColumnValue::Truth(is) => cell.push_str(if *is { "true" } else { "false" }),
    }
    // Spreadsheet cells cannot hold NUL, and some programs end the text at a NUL.
    cell.retain(|c| c != '\0');
}

/// Returns a cell that no spreadsheet takes for a formula: puts an apostrophe before a cell that starts like one.
/// Leaves numbers and telephone numbers unchanged.
fn defused(cell: &str) -> Cow<'_, str> {
    let begins_formula = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    let is_risky = cell.starts_with(begins_formula)
        || cell.trim_start().trim_start_matches('\u{feff}').starts_with(begins_formula);
    if is_risky && !is_number(cell) && !is_telephone(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Returns whether a cell is a plain decimal number. Negative longitudes are such numbers and must not be escaped.
fn is_number(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    match unsigned.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(unsigned),
    }
}

/// Returns whether a cell holds only telephone numbers whose characters a spreadsheet cannot calculate with.
fn is_telephone(cell: &str) -> bool {
    cell.split(BETWEEN_VALUES).all(|number| {
        let digits = number.strip_prefix('+').unwrap_or(number);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not_damaged() {
        for risky in [
            "=1+2",
            "+1+2",
            "-1+2",
            "-2-3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "=cmd|' /C calc'!A0",
            "-",
            "+44-117-496-0001",
            "+",
            "-5%",
            "\u{ff1d}1",
            "\u{feff}=1",
            "-.5",
            "- free -",
            "+44 117; =1",
        ] {
            assert_eq!(defused(risky), format!("'{risky}"));
        }
        for safe in [
            "",
            "-0.12",
            "+5",
            "12",
            "+44 117 496 0001",
            "+44 (0)117 496 0001",
            "+44 117; +44 118",
            "0117-496",
            "a=b",
            "Free",
            "'=1",
        ] {
            assert_eq!(defused(safe), safe);
        }
    }

    #[test]
    fn cells_hold_what_they_say() {
        let cell = |value: ColumnValue<'_>| {
            let mut cell = String::new();
            write_cell(&value, &mut cell);
            cell
        };
        assert_eq!(cell(ColumnValue::Number(-2.58781)), "-2.58781");
        assert_eq!(cell(ColumnValue::Number(5.0)), "5");
        assert_eq!(cell(ColumnValue::texts(["a", "", "b", "a"])), "a; b");
        assert_eq!(cell(ColumnValue::texts([" "])), "");
        assert_eq!(cell("a\0b".into()), "ab");
    }
}
