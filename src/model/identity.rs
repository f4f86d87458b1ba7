//! What identifies records, parts, sources and dialects, and the content of a record.

mod content_hash;
mod dialects;
mod id;
mod live_members;
mod published_id;
mod source_key;

pub use content_hash::ContentHash;
pub use dialects::Dialect;
pub(crate) use dialects::for_each_dialect;
pub use id::{IdError, NodeId, PartId, RecordId, RecordKind, canonical_id};
pub use live_members::LiveMembers;
pub use source_key::{SourceKey, SourceKeyError};
