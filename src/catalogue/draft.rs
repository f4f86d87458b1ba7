//! Prepares records to be written. What follows from a record alone is computed by the threads that submit batches,
//! several at once, so that the only writer has less to do.

use std::borrow::Cow;
use std::sync::Arc;

use super::batch::{RecordUpsert, SyncBatch};
use super::encoded::EncodedRecord;
use super::index::{DocumentMaker, IndexDocument};
use super::store::{StoreError, StoreSnapshot};
use crate::model::{AnyRecord, PostcodePlaces, Service, ServiceFacts};

/// What follows from a record.
#[derive(Clone, Debug)]
pub(crate) struct RecordDraft {
    pub(super) fingerprint: [u8; 16],
    form: Option<EncodedForm>,
}

/// A record and its facts, encoded for the store.
#[derive(Clone, Debug)]
pub(super) struct EncodedForm {
    pub(super) record: Vec<u8>,
    pub(super) service: Option<ServiceForm>,
}

/// What the store and the index need of a service, besides the record.
#[derive(Clone, Debug)]
pub(super) struct ServiceForm {
    /// The service with its provider nested: its facts and words come from both.
    pub(super) service: Arc<Service>,
    pub(super) facts: Arc<ServiceFacts>,
    pub(super) packed: Vec<u8>,
    /// The service's document for the index, if it has been computed already.
    pub(super) document: Option<Arc<IndexDocument>>,
}

#[derive(Clone, Debug)]
pub(super) struct BatchDrafter {
    postcodes: PostcodePlaces,
    documents: DocumentMaker,
}

impl RecordDraft {
    /// Begins the draft of a record: computes only what shows whether its content changed.
    pub(super) fn begin(record: &AnyRecord) -> Result<(Self, EncodedRecord), StoreError> {
        let plain = EncodedRecord::of(record)?;
        Ok((Self { fingerprint: plain.fingerprint(record.provenance())?, form: None }, plain))
    }

    /// Returns the encoded form of the record that this is the draft of. Computes it now if the drafter has not.
    pub(super) fn form(
        &self,
        record: &AnyRecord,
        postcodes: &PostcodePlaces,
        provided: impl FnOnce(&Arc<Service>) -> Result<Arc<Service>, StoreError>,
    ) -> Result<Cow<'_, EncodedForm>, StoreError> {
        match &self.form {
            Some(form) => Ok(Cow::Borrowed(form)),
            None => EncodedForm::of(record, &EncodedRecord::of(record)?, postcodes, provided).map(Cow::Owned),
        }
    }
}

impl EncodedForm {
    fn of(
        record: &AnyRecord,
        plain: &EncodedRecord,
        postcodes: &PostcodePlaces,
        provided: impl FnOnce(&Arc<Service>) -> Result<Arc<Service>, StoreError>,
    ) -> Result<Self, StoreError> {
        let service = match record {
            AnyRecord::Service(service) => {
                let service = provided(service)?;
                let facts = Arc::new(ServiceFacts::of(&service, postcodes));
                Some(ServiceForm { packed: postcard::to_stdvec(&facts)?, service, facts, document: None })
            }
            _ => None,
        };
        Ok(Self { record: plain.packed(), service })
    }
}

impl BatchDrafter {
    pub(super) fn new(postcodes: PostcodePlaces, documents: DocumentMaker) -> Self {
        Self { postcodes, documents }
    }

    /// Drafts the records of a batch. Failures are ignored here: the writer meets and reports them.
    pub(super) fn draft(&self, batch: &mut SyncBatch, kept: &StoreSnapshot) {
        for upsert in &mut batch.upserts {
            upsert.draft = self.one(upsert, kept).ok();
        }
    }

    fn one(&self, upsert: &RecordUpsert, kept: &StoreSnapshot) -> Result<RecordDraft, StoreError> {
        let record = &upsert.record;
        let (draft, plain) = RecordDraft::begin(record)?;
        // An unchanged record is not written again.
        if kept.mark(record.id())?.is_some_and(|mark| mark.fingerprint == draft.fingerprint) {
            return Ok(draft);
        }
        // The walk of a source writes its organisations before or after its services, never at the same time. If a
        // provider changes later, the writer derives the service's facts again.
        let mut form = EncodedForm::of(record, &plain, &self.postcodes, |service| kept.provided(service))?;
        if let Some(made) = &mut form.service {
            made.document = Some(Arc::new(self.documents.of(&made.service, &made.facts)));
        }
        Ok(RecordDraft { form: Some(form), ..draft })
    }
}
