//! Reads the bytes of a response into rows of JSON: strictly, mended or salvaged, from any wrapping.

pub(super) mod cut;
pub(super) mod envelope;
mod exact_numbers;
pub(super) mod json_text;
pub(super) mod mend;
mod onward;
pub(super) mod page_names;
mod references;
pub(super) mod repeated_terms;
mod row_wrappings;
pub(super) mod salvage;
mod serialised;
pub(super) mod shape;
pub(super) mod strict;
mod wrapping;
