//! What the parts of a record have in common.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Attribute, Metadata, PartId};

/// The id, annotations and history that the standard allows on every part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordPart {
    /// The part's opaque id; derived if the feed gives none.
    pub id: PartId,
    /// Taxonomy-based annotations of the part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history of the part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<Arc<Metadata>>,
    /// The feed's id of the contact that this part belongs to. It is not published. It shows which parts to withhold
    /// together with a contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_contact: Option<Box<str>>,
}

impl RecordPart {
    /// Returns a part with an id and nothing else.
    pub fn bare(id: PartId) -> Self {
        Self { id, attributes: Vec::new(), metadata: Vec::new(), of_contact: None }
    }
}
