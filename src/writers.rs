//! Writes records in other forms than GraphQL's, for people and programs that do not use GraphQL. Writers are pure:
//! they turn records into bytes, do no I/O, never read the clock, and know nothing of any feed.

mod calendar;
mod contact_words;
mod cost_words;
mod csv;
mod export_column;
mod export_document;
mod geojson;
mod opening_words;
pub mod oruk;
mod row_context;
mod tables;
#[cfg(test)]
mod tests;

pub use calendar::CalendarEvents;
pub use csv::CsvTable;
pub use export_column::{ColumnValue, ExportColumn, ExportRow, UnknownColumn, all_columns, chosen_columns};
pub use export_document::{ExportDocument, ExportHead};
pub use geojson::{GeoJsonFeatures, PlacedRow};
pub use row_context::{RowContext, SourcePublication};
pub use tables::{LocationRow, OrganizationRow, RowsOf, ServiceRow, TermRow};
