//! Records made ready to be written: all that follows from a record alone, worked out by whoever hands it over, several
//! at once, so that the one who writes need not.

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

/// A record and its facts as they are kept.
#[derive(Clone, Debug)]
pub(super) struct EncodedForm {
    pub(super) record: Vec<u8>,
    pub(super) service: Option<ServiceForm>,
}

/// What is kept of a service besides.
#[derive(Clone, Debug)]
pub(super) struct ServiceForm {
    /// The service with what its provider says: that is what facts and words are taken from.
    pub(super) service: Arc<Service>,
    pub(super) facts: Arc<ServiceFacts>,
    pub(super) packed: Vec<u8>,
    /// How the index takes it in, where that has been worked out already.
    pub(super) document: Option<Arc<IndexDocument>>,
}

/// Drafts batches.
#[derive(Clone, Debug)]
pub(super) struct BatchDrafter {
    postcodes: PostcodePlaces,
    documents: DocumentMaker,
}

impl RecordDraft {
    /// Of a record, as little as tells whether it says anything new.
    pub(super) fn begin(record: &AnyRecord) -> Result<(Self, EncodedRecord), StoreError> {
        let plain = EncodedRecord::of(record)?;
        Ok((Self { fingerprint: plain.fingerprint(record.provenance())?, form: None }, plain))
    }

    /// What is to be kept of the record that it is the draft of.
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

    /// Drafts the records of a batch. What fails is left for the writer, who meets the same failure and says so.
    pub(super) fn draft(&self, batch: &mut SyncBatch, kept: &StoreSnapshot) {
        for upsert in &mut batch.upserts {
            upsert.draft = self.one(upsert, kept).ok();
        }
    }

    fn one(&self, upsert: &RecordUpsert, kept: &StoreSnapshot) -> Result<RecordDraft, StoreError> {
        let record = &upsert.record;
        let (draft, plain) = RecordDraft::begin(record)?;
        // What says nothing new is not written again.
        if kept.mark(record.id())?.is_some_and(|mark| mark.fingerprint == draft.fingerprint) {
            return Ok(draft);
        }
        // The walk of a source writes its organisations before or after its services, never meanwhile: a provider that
        // changes later has the writer make this anew.
        let mut form = EncodedForm::of(record, &plain, &self.postcodes, |service| kept.provided(service))?;
        if let Some(made) = &mut form.service {
            made.document = Some(Arc::new(self.documents.of(&made.service, &made.facts)));
        }
        Ok(RecordDraft { form: Some(form), ..draft })
    }
}
