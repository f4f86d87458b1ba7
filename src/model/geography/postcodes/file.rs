//! Full files of postcodes: those of the ONS, told by their header, and OS Code-Point Open, which has none.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use super::grid;
use super::key::PostcodeKey;
use super::table::{PostcodeTable, TableBuilder};
use crate::model::{AreaCode, Coordinates};

/// Why a file of postcodes cannot be used. Quotes nothing from the file.
#[derive(Debug, thiserror::Error)]
pub enum PostcodesError {
    /// The file cannot be read, or is not CSV.
    #[error("cannot be read as CSV: {0}")]
    Unreadable(#[from] csv::Error),
    /// The first line is neither a known header nor a row of Code-Point Open.
    #[error(
        "is not a postcode file: its first line is neither a header with `{missing}` nor a row of Code-Point Open"
    )]
    UnknownLayout {
        /// The columns that a header would need.
        missing: &'static str,
    },
    /// A value does not fit its column.
    #[error("line {line}, column `{column}`: {message}")]
    Value {
        /// The line, counted from one.
        line: u64,
        /// The column's name in the header, or its number.
        column: String,
        /// What is wrong.
        message: &'static str,
    },
    /// No row has a position.
    #[error("contains no postcode with a position")]
    Empty,
}

/// The positions of the columns.
struct Layout {
    postcode: usize,
    first: usize,
    second: usize,
    measure: Measure,
    header: Option<ByteRecord>,
}

/// The unit of positions.
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    /// Latitude, then longitude.
    Degrees,
    /// Easting, then northing, on the National Grid of Great Britain.
    Metres,
}

/// Reads a full file.
pub(super) fn read(reader: impl Read) -> Result<PostcodeTable, PostcodesError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    let layout = Layout::of(&record)?;
    let mut builder = TableBuilder::default();
    let mut areas = Vec::new();
    let mut more = layout.header.is_none() || reader.read_byte_record(&mut record)?;
    while more {
        layout.add(&record, &mut areas, &mut builder)?;
        more = reader.read_byte_record(&mut record)?;
    }
    let table = builder.build();
    if table.len() == 0 { Err(PostcodesError::Empty) } else { Ok(table) }
}

/// The possible names of columns, the preferred ones first; without the year that some releases add.
const POSTCODE: [&str; 6] = ["pcds", "pcd7", "pcd8", "pcd", "pcd2", "postcode"];
const DEGREES: [[&str; 2]; 3] = [["lat", "long"], ["latitude", "longitude"], ["lat", "lon"]];
const METRES: [[&str; 2]; 4] =
    [["oseast1m", "osnrth1m"], ["east1m", "north1m"], ["eastings", "northings"], ["easting", "northing"]];

impl Layout {
    fn of(first: &ByteRecord) -> Result<Self, PostcodesError> {
        Self::of_header(first)
            .or_else(|| Self::of_code_point(first))
            .ok_or(PostcodesError::UnknownLayout { missing: "pcds, lat, long" })
    }

    fn of_header(header: &ByteRecord) -> Option<Self> {
        let names: Vec<String> = header.iter().map(folded).collect();
        let column = |wanted: &str| names.iter().position(|name| name == wanted);
        let pair = |[one, other]: &[&str; 2]| Some((column(one)?, column(other)?));
        let postcode = POSTCODE.iter().find_map(|name| column(name))?;
        let ((first, second), measure) = match DEGREES.iter().find_map(pair) {
            Some(degrees) => (degrees, Measure::Degrees),
            None => (METRES.iter().find_map(pair)?, Measure::Metres),
        };
        Some(Self { postcode, first, second, measure, header: Some(header.clone()) })
    }

    // The columns are postcode, quality, easting, northing, and codes of areas.
    fn of_code_point(row: &ByteRecord) -> Option<Self> {
        let number = |column: usize| text(row.get(column)?).parse::<f64>().ok();
        let is_row = PostcodeKey::read(row.get(0)?).is_some() && number(2).is_some() && number(3).is_some();
        is_row.then_some(Self { postcode: 0, first: 2, second: 3, measure: Measure::Metres, header: None })
    }

    fn add(
        &self,
        row: &ByteRecord,
        areas: &mut Vec<AreaCode>,
        builder: &mut TableBuilder,
    ) -> Result<(), PostcodesError> {
        let postcode = self.value(row, self.postcode)?;
        let Some(key) = PostcodeKey::read(postcode) else {
            return if is_nowhere(postcode) {
                Ok(())
            } else {
                Err(self.fault(row, self.postcode, "is not a postcode"))
            };
        };
        let (Some(first), Some(second)) = (self.number(row, self.first)?, self.number(row, self.second)?)
        else {
            return Ok(());
        };
        let Some(point) = self.point(postcode, first, second) else { return Ok(()) };
        areas.clear();
        areas.extend(row.iter().filter_map(area));
        areas.sort_unstable();
        areas.dedup();
        builder.add(key, point, areas);
        Ok(())
    }

    // A latitude of 99.999999, and 0,0, mean that there is no position.
    fn point(&self, postcode: &[u8], first: f64, second: f64) -> Option<Coordinates> {
        match self.measure {
            Measure::Degrees => Coordinates::new(first, second),
            // Northern Ireland uses a different grid.
            Measure::Metres if postcode.starts_with(b"BT") => None,
            Measure::Metres => grid::point(first, second),
        }
    }

    fn number(&self, row: &ByteRecord, column: usize) -> Result<Option<f64>, PostcodesError> {
        match text(self.value(row, column)?) {
            "" => Ok(None),
            text => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                number.map(Some).ok_or_else(|| self.fault(row, column, "is not a number"))
            }
        }
    }

    fn value<'a>(&self, row: &'a ByteRecord, column: usize) -> Result<&'a [u8], PostcodesError> {
        row.get(column).ok_or_else(|| self.fault(row, column, "is missing"))
    }

    fn fault(&self, row: &ByteRecord, column: usize, message: &'static str) -> PostcodesError {
        let named = self.header.as_ref().and_then(|header| header.get(column));
        let column = named.map_or_else(|| (column + 1).to_string(), |name| text(name).to_owned());
        let line = row.position().map_or(0, csv::Position::line);
        PostcodesError::Value { line, column, message }
    }
}

/// Returns a column's name in lower case, without byte order mark and surrounding spaces.
fn folded(name: &[u8]) -> String {
    text(name).trim_start_matches('\u{feff}').trim().to_ascii_lowercase()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default().trim()
}

/// Returns whether a code has an obsolete form: that of a bank, and those of Newport until the 1990s.
fn is_nowhere(postcode: &[u8]) -> bool {
    postcode.starts_with(b"GIR") || postcode.starts_with(b"NPT")
}

/// Reads an area code of a kind that the gateway uses, from any column: column names change with every release, codes
/// do not.
fn area(value: &[u8]) -> Option<AreaCode> {
    if value.len() != 9 {
        return None;
    }
    AreaCode::parse(text(value)).ok().filter(|area| area.kind().is_some())
}
