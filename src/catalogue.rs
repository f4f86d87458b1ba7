//! What is kept of the synchronised sources: their records, an index over the services, and what changed.
//!
//! The store is the truth, one transaction per step of a synchronisation. The index and the table of facts follow
//! from it and can be made again from it at any time. Readers hold a [`Snapshot`] of all three, taken at one moment.

mod batch;
pub mod sync;

pub use batch::{Batch, Upsert, Written};
