//! The tables that are exported: which rows a record has, and their columns.

mod location_table;
mod organization_table;
mod service_columns;
mod service_row;
mod term_table;

pub use location_table::LocationRow;
pub use organization_table::OrganizationRow;
pub use service_row::ServiceRow;
pub use term_table::TermRow;

/// What a row is of, where a record has several places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsOf {
    /// A record, with all its places.
    #[default]
    Records,
    /// A record and one of its places. A record without any has one row.
    Places,
}
