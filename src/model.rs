//! The nouns and their rules: records, ids, provenance, queries and what it means to match one.
//! No I/O, no clock, no feed's own format, no GraphQL.

mod codes;
mod source_key;

pub use codes::{Dialect, SourceMode};
pub use source_key::{SourceKey, SourceKeyError};
