//! Drafts steps and parts of snapshots: reads their records and works out what follows from them, so that the only writer
//! has little to do but write.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use super::draft::ServiceForm;
use super::encoded;
use super::index::DocumentMaker;
use super::journal::StepEffects;
use super::provided::provided;
use super::store::{PutDraft, StoreError};
use crate::model::{AnyRecord, Organization, PostcodePlaces, RecordId, Service, ServiceFacts};

/// A step or part, with what follows from its records.
pub(super) struct DraftedPart {
    pub(super) effects: StepEffects,
    /// One draft for each record of `effects.put`.
    pub(super) drafts: Vec<PutDraft>,
}

/// Drafts steps, or the parts of one snapshot, in their order.
pub(super) struct PartDrafter {
    postcodes: PostcodePlaces,
    documents: DocumentMaker,
    /// The organisations read so far. In a snapshot they come before the services that name them.
    providers: HashMap<RecordId, Arc<Organization>>,
}

impl PartDrafter {
    pub(super) fn new(postcodes: PostcodePlaces, documents: DocumentMaker) -> Self {
        Self { postcodes, documents, providers: HashMap::new() }
    }

    /// Drafts several parts, on as many threads as there are processors.
    ///
    /// A thread does not know the organisations in the parts of other threads. That does no harm: when parts are
    /// applied, the facts of services are derived again if their organisation has changed.
    ///
    /// # Errors
    /// As for [`PartDrafter::draft`].
    pub(super) fn draft_all(
        parts: &[&[u8]],
        drafter: &(dyn Fn() -> Self + Sync),
    ) -> Result<Vec<DraftedPart>, StoreError> {
        let draft = |parts: &[&[u8]]| {
            let mut drafter = drafter();
            parts.iter().map(|part| drafter.draft(part)).collect::<Result<Vec<_>, _>>()
        };
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let each = parts.len().div_ceil(threads).max(1);
        if parts.len() <= each {
            return draft(parts);
        }
        let drafted = thread::scope(|scope| {
            let working: Vec<_> = parts.chunks(each).map(|some| scope.spawn(move || draft(some))).collect();
            let worked =
                working.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(StoreError::broken_off())));
            worked.collect::<Result<Vec<_>, _>>()
        });
        Ok(drafted?.into_iter().flatten().collect())
    }

    /// Drafts the next part.
    ///
    /// # Errors
    /// If the part, or a record in it, cannot be read.
    pub(super) fn draft(&mut self, part: &[u8]) -> Result<DraftedPart, StoreError> {
        let effects = StepEffects::of_bytes(part)?;
        let read = effects.put.iter().map(|put| Ok(encoded::decode(put.id.kind(), &put.record)?));
        let read: Vec<AnyRecord> = read.collect::<Result<_, StoreError>>()?;
        effects.gone.iter().for_each(|id| drop(self.providers.remove(id)));
        // First all of them: a part may have a service before its provider.
        for record in &read {
            if let AnyRecord::Organization(organization) = record {
                self.providers.insert(organization.id.clone(), Arc::clone(organization));
            }
        }
        let drafts = read.into_iter().map(|record| {
            let form = match &record {
                AnyRecord::Service(service) => self.form(service)?,
                _ => None,
            };
            Ok(PutDraft { record, form })
        });
        let drafts = drafts.collect::<Result<_, StoreError>>()?;
        Ok(DraftedPart { effects, drafts })
    }

    /// Computes the facts and words of a service. Returns `None` if its provider is not known here: the store may have
    /// it.
    fn form(&self, service: &Arc<Service>) -> Result<Option<ServiceForm>, StoreError> {
        if service.provider().is_some_and(|provider| !self.providers.contains_key(provider)) {
            return Ok(None);
        }
        let provider = |id: &RecordId| Ok(self.providers.get(id).cloned().map(AnyRecord::Organization));
        let service = provided(service, provider)?;
        let facts = Arc::new(ServiceFacts::of(&service, &self.postcodes));
        let document = Some(Arc::new(self.documents.of(&service, &facts)));
        Ok(Some(ServiceForm { packed: postcard::to_stdvec(&facts)?, service, facts, document }))
    }
}
