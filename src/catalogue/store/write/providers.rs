//! Services and their providers. The facts and words of a service also depend on the provider's own record, and are
//! derived again when that changes.

use std::collections::HashSet;
use std::mem;
use std::sync::Arc;

use redb::ReadableTable as _;

use super::BatchTransaction;
use crate::catalogue::draft::ServiceForm;
use crate::catalogue::provided::provided;
use crate::catalogue::store::StoreError;
use crate::model::{AnyRecord, RecordId, RecordKind, Service, ServiceFacts};

/// How an organisation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ProviderChange {
    /// It is new: the facts of its services were derived without it.
    Added,
    /// It was there before, or is gone.
    Changed,
}

impl BatchTransaction<'_> {
    /// Returns a service with what its provider's own record says, if the store has that record.
    pub(super) fn provided(&self, service: &Arc<Service>) -> Result<Arc<Service>, StoreError> {
        provided(service, |id| self.record(id))
    }

    /// Notes the provider of a service.
    pub(super) fn note_namer(&mut self, service: &Service, ordinal: u32) -> Result<(), StoreError> {
        if let Some(provider) = service.provider() {
            self.namers.insert((provider.source().as_str(), provider.upstream(), ordinal), ())?;
        }
        Ok(())
    }

    /// Notes that an organisation was added, changed or removed. Ignores other kinds.
    pub(super) fn note_provider(&mut self, id: &RecordId, change: ProviderChange) {
        if id.kind() == RecordKind::Organization {
            let noted = self.providers.entry(id.clone()).or_insert(change);
            *noted = (*noted).max(change);
        }
    }

    /// Derives the facts again of services of the changed organisations. The facts of those in `derived` follow from the
    /// changed organisations already.
    pub(super) fn provide_anew(&mut self, derived: &HashSet<u32>) -> Result<(), StoreError> {
        for (provider, change) in mem::take(&mut self.providers) {
            let (source, upstream) = (provider.source().as_str(), provider.upstream());
            let rows = self.namers.range((source, upstream, 0)..=(source, upstream, u32::MAX))?;
            let ordinals = rows.map(|row| Ok(row?.0.value().2)).collect::<Result<Vec<u32>, StoreError>>()?;
            for ordinal in ordinals.into_iter().filter(|ordinal| !derived.contains(ordinal)) {
                match self.service_under(ordinal)?.filter(|one| one.provider() == Some(&provider)) {
                    Some(service) => self.renew(ordinal, &service, change)?,
                    None => drop(self.namers.remove((source, upstream, ordinal))?),
                }
            }
        }
        Ok(())
    }

    fn renew(
        &mut self,
        ordinal: u32,
        stored: &Arc<Service>,
        change: ProviderChange,
    ) -> Result<(), StoreError> {
        let service = self.provided(stored)?;
        if change == ProviderChange::Added && Arc::ptr_eq(&service, stored) {
            return Ok(());
        }
        let facts = Arc::new(ServiceFacts::of(&service, self.postcodes));
        let form = ServiceForm { packed: postcard::to_stdvec(&facts)?, service, facts, document: None };
        self.put_facts(ordinal, &form)
    }

    /// Returns the service that has this ordinal. `None` if it has been removed or cannot be read.
    fn service_under(&self, ordinal: u32) -> Result<Option<Arc<Service>>, StoreError> {
        let facts = self.facts.get(ordinal)?;
        let facts = facts.and_then(|bytes| postcard::from_bytes::<ServiceFacts>(bytes.value()).ok());
        let Some(facts) = facts else { return Ok(None) };
        Ok(self.record(&facts.id)?.and_then(|record| match record {
            AnyRecord::Service(service) => Some(service),
            _ => None,
        }))
    }
}
