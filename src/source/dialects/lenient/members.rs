//! From a row of JSON to the members of a record: by names however they are spelled, with all that is left over.

pub(super) mod names;
pub(super) mod nested;
pub(super) mod notes;
pub(super) mod object;
mod owners;
pub(super) mod record;
pub(super) mod republished;
pub(super) mod scalars;
