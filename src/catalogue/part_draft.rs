//! Drafts parts of a snapshot for loading. The next part is drafted while one is written, so that two threads work
//! instead of one.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::ServiceForm;
use super::encoded;
use super::index::DocumentMaker;
use super::journal::StepEffects;
use super::provided::provided;
use super::store::{PutDraft, StoreError};
use crate::model::{AnyRecord, Organization, PostcodePlaces, RecordId, Service, ServiceFacts};

/// A part, with what follows from its records.
pub(super) struct DraftedPart {
    pub(super) effects: StepEffects,
    /// One draft for each record of `effects.put`.
    pub(super) drafts: Vec<PutDraft>,
}

/// Drafts the parts of one snapshot, in order.
pub(super) struct PartDrafter {
    postcodes: PostcodePlaces,
    documents: DocumentMaker,
    /// The organisations read so far. A snapshot has them before the services that name them.
    providers: HashMap<RecordId, Arc<Organization>>,
}

impl PartDrafter {
    pub(super) fn new(postcodes: PostcodePlaces, documents: DocumentMaker) -> Self {
        Self { postcodes, documents, providers: HashMap::new() }
    }

    /// Drafts the next part.
    ///
    /// # Errors
    /// If the part, or a record in it, cannot be read.
    pub(super) fn draft(&mut self, part: &[u8]) -> Result<DraftedPart, StoreError> {
        let effects = StepEffects::of_bytes(part)?;
        let mut drafts = Vec::with_capacity(effects.put.len());
        for put in &effects.put {
            let record = encoded::decode(put.id.kind(), &put.record)?;
            if let AnyRecord::Organization(organization) = &record {
                self.providers.insert(put.id.clone(), Arc::clone(organization));
            }
            let form = match &record {
                AnyRecord::Service(service) => self.form(service)?,
                _ => None,
            };
            drafts.push(PutDraft { record, form });
        }
        Ok(DraftedPart { effects, drafts })
    }

    /// Computes the facts and words of a service. Returns `None` if its provider is not known here: the store may have
    /// it.
    fn form(&self, service: &Arc<Service>) -> Result<Option<ServiceForm>, StoreError> {
        if service.provider_apart().is_some_and(|provider| !self.providers.contains_key(provider)) {
            return Ok(None);
        }
        let provider = |id: &RecordId| Ok(self.providers.get(id).cloned().map(AnyRecord::Organization));
        let service = provided(service, provider)?;
        let facts = Arc::new(ServiceFacts::of(&service, &self.postcodes));
        let document = Some(Arc::new(self.documents.of(&service, &facts)));
        Ok(Some(ServiceForm { packed: postcard::to_stdvec(&facts)?, service, facts, document }))
    }
}
