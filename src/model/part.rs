//! What the parts of a record have in common.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Attribute, Metadata, PartId};

/// The id, annotations and history that the standard allows on every part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The part's opaque id; derived where the feed gives none.
    pub id: PartId,
    /// Taxonomy-based annotations of the part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history of the part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<Arc<Metadata>>,
}
