//! The exported tables: the rows that a record has in each, and their columns.

mod location_table;
mod organization_table;
mod service_columns;
mod service_row;
mod term_table;

pub use location_table::LocationRow;
pub use organization_table::OrganizationRow;
pub use service_row::ServiceRow;
pub use term_table::TermRow;

/// What one row stands for where a record has several places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsOf {
    /// One row for each record, with all its places.
    #[default]
    Records,
    /// One row for each place of a record. A record without places has one row.
    Places,
}
