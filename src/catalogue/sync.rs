//! Synchronising.

mod plan;
