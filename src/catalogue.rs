//! What is kept of the synchronised sources: their records, an index over the services, and what changed.

pub mod sync;
