//! The UUIDs under which the gateway publishes records and their parts, because the standard requires UUIDs.

use uuid::Uuid;

use crate::model::{PartId, RecordId};

impl RecordId {
    /// Returns the id in the feed that the gateway publishes: a version 5 UUID in the URL namespace, of
    /// `urn:oruk-gateway:` and the id that clients see.
    pub fn published(&self) -> Uuid {
        published(self.as_str())
    }
}

impl PartId {
    /// Returns the id in the feed that the gateway publishes, computed like a record's.
    pub fn published(&self) -> Uuid {
        published(self.as_str())
    }
}

fn published(encoded: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, ["urn:oruk-gateway:", encoded].concat().as_bytes())
}
