//! Reads the members of a record from a row of JSON, whatever their spelling, and collects what is left over.

pub(super) mod names;
pub(super) mod nested;
pub(super) mod notes;
pub(super) mod object;
mod owners;
pub(super) mod record;
pub(super) mod republished;
pub(super) mod scalars;
