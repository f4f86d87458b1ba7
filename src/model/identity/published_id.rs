//! The ids under which the gateway publishes records and their parts, where the standard wants UUIDs.

use uuid::Uuid;

use crate::model::{PartId, RecordId};

impl RecordId {
    /// Its id in the feed that the gateway publishes: a UUID of version 5, of `urn:oruk-gateway:` and the text clients
    /// hold, among URLs.
    pub fn published(&self) -> Uuid {
        published(self.as_str())
    }
}

impl PartId {
    /// Its id in the feed that the gateway publishes, as of a record.
    pub fn published(&self) -> Uuid {
        published(self.as_str())
    }
}

fn published(encoded: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, ["urn:oruk-gateway:", encoded].concat().as_bytes())
}
