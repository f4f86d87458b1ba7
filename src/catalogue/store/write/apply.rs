//! Applies a step: writes the records, marks, states, notes and history that the leader decided, and what this release
//! derives from them.

use std::sync::Arc;

use redb::ReadableTable as _;

use super::BatchTransaction;
use super::providers::ProviderChange;
use crate::catalogue::draft::ServiceForm;
use crate::catalogue::journal::{PutRecord, SeenRecords, StepEffects};
use crate::catalogue::part_draft::DraftedPart;
use crate::catalogue::store::tables::{key, noticed_at};
use crate::catalogue::store::{StoreError, StoredMark, TouchedService};
use crate::model::{AnyRecord, RecordId, Service, ServiceFacts};

/// A decoded record of a step, with its facts if it is a service.
#[derive(Clone, Debug)]
pub(in crate::catalogue) struct PutDraft {
    pub(in crate::catalogue) record: AnyRecord,
    /// `None` if the record is not a service, or its facts have not been computed yet.
    pub(in crate::catalogue) form: Option<ServiceForm>,
}

impl BatchTransaction<'_> {
    /// Applies a step.
    pub(super) fn apply(&mut self, part: &DraftedPart) -> Result<(), StoreError> {
        let DraftedPart { effects, drafts } = part;
        for id in &effects.gone {
            self.apply_gone(id)?;
        }
        let mut services = Vec::new();
        for (put, draft) in effects.put.iter().zip(drafts) {
            services.extend(
                self.apply_put(put, &draft.record)?.map(|(ordinal, service)| (ordinal, service, draft)),
            );
        }
        // Only now are all providers stored.
        let derived = services.iter().map(|(ordinal, ..)| *ordinal).collect();
        for (ordinal, service, draft) in services {
            match &draft.form {
                Some(form) => self.put_facts(ordinal, form)?,
                None => self.derive_service(ordinal, service)?,
            }
        }
        self.provide_anew(&derived)?;
        for (id, mark) in &effects.marked {
            if self.mark(id)?.is_some() {
                self.put_mark(id, mark)?;
            }
        }
        effects.seen.iter().try_for_each(|seen| self.apply_seen(seen))?;
        self.apply_beside(effects)?;
        (self.sequence, self.next_ordinal) = (effects.sequence, effects.next_ordinal);
        Ok(())
    }

    fn apply_gone(&mut self, id: &RecordId) -> Result<(), StoreError> {
        let Some(mark) = self.mark(id)? else { return Ok(()) };
        self.records.remove(key(id))?;
        self.marks.remove(key(id))?;
        self.note_provider(id, ProviderChange::Changed);
        self.count(id, -1);
        self.drop_service(&mark)
    }

    /// Stores a record. Returns a service with its number.
    fn apply_put<'d>(
        &mut self,
        put: &PutRecord,
        read: &'d AnyRecord,
    ) -> Result<Option<(u32, &'d Arc<Service>)>, StoreError> {
        let PutRecord { id, mark, record, noticed } = put;
        match self.mark(id)? {
            None => self.count(id, 1),
            Some(before) if before.ordinal != mark.ordinal => self.drop_service(&before)?,
            Some(_) => {}
        }
        let before = self.records.insert(key(id), record.as_slice())?;
        let change = before.map_or(ProviderChange::Added, |_| ProviderChange::Changed);
        self.put_mark(id, mark)?;
        self.note_provider(id, change);
        let (AnyRecord::Service(service), Some(ordinal)) = (read, mark.ordinal) else { return Ok(None) };
        match noticed {
            Some(noticed) => drop(self.noticed.insert(ordinal, noticed)?),
            None => drop(self.noticed.remove(ordinal)?),
        }
        self.note_namer(service, ordinal)?;
        Ok(Some((ordinal, service)))
    }

    fn derive_service(&mut self, ordinal: u32, service: &Arc<Service>) -> Result<(), StoreError> {
        let service = self.provided(service)?;
        let facts = Arc::new(ServiceFacts::of(&service, self.postcodes));
        let packed = postcard::to_stdvec(&facts)?;
        self.put_facts(ordinal, &ServiceForm { service, facts, packed, document: None })
    }

    fn drop_service(&mut self, mark: &StoredMark) -> Result<(), StoreError> {
        let Some(ordinal) = mark.ordinal else { return Ok(()) };
        self.facts.remove(ordinal)?;
        self.noticed.remove(ordinal)?;
        self.touched.push(TouchedService::Gone { ordinal });
        Ok(())
    }

    fn apply_seen(&mut self, seen: &SeenRecords) -> Result<(), StoreError> {
        // Microseconds since 1970, like other instants in the store.
        let at = noticed_at(seen.at).unwrap_or_default();
        for upstream in &seen.upstream {
            let id = RecordId::new(seen.kind, &seen.source, upstream);
            if let Some(mut mark) = self.mark(&id)? {
                mark.see(seen.walk, at);
                self.put_mark(&id, &mark)?;
            }
        }
        Ok(())
    }

    fn apply_beside(&mut self, effects: &StepEffects) -> Result<(), StoreError> {
        for (source, state) in &effects.states {
            self.states.insert(source.as_str(), state.as_slice())?;
        }
        for (source, name, note) in &effects.notes {
            let name = (source.as_str(), &**name);
            match note {
                Some(note) => drop(self.notes.insert(name, note.as_slice())?),
                None => drop(self.notes.remove(name)?),
            }
        }
        for (number, change) in &effects.changes {
            self.changes.insert(number, postcard::to_stdvec(change)?.as_slice())?;
        }
        while self.changes.first()?.is_some_and(|(oldest, _)| oldest.value() <= effects.forgotten) {
            self.changes.pop_first()?;
        }
        Ok(())
    }
}
