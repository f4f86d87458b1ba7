//! Collects records of kinds that a feed has no list of from the services, places and vocabularies that contain them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::regression_guard::RegressionGuard;
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{ListStretch, LocationsOf, RecordUpsert, StoreError, StoreSnapshot, SyncBatch};
use crate::model::{
    AnyRecord, CarriedMembers, Location, Organization, RecordKind, Service, ServiceAtLocation, SourceKey,
    Taxonomy, TaxonomyTerm,
};
use crate::source::{NestedRecord, terms_of};

/// The kinds of record that contain others.
const CARRIERS: [RecordKind; 4] =
    [RecordKind::Service, RecordKind::ServiceAtLocation, RecordKind::Organization, RecordKind::Taxonomy];

/// How many records are inspected at once.
const AT_ONCE: usize = 250;
/// How many records are written at once.
const WRITTEN_AT_ONCE: usize = 1000;

/// The kinds to derive, and the records found so far.
struct Deriving {
    source: SourceKey,
    kinds: Vec<RecordKind>,
    /// The records found so far, by kind and id.
    found: BTreeMap<(RecordKind, Box<str>), DerivedForm>,
    /// Whether something that may contain records could not be read.
    lacks: bool,
}

/// A record found inside others.
struct DerivedForm {
    /// The fullest form found. Copies of a record in several others may differ.
    record: AnyRecord,
    carried: CarriedMembers,
    read: CarrierTimes,
}

/// When a record that contains others was last read or seen, and until when it is fresh.
type CarrierTimes = (DateTime<Utc>, DateTime<Utc>);

impl SyncRun<'_> {
    /// Collects the records of kinds without a list, if anything that contains them has changed. They are as fresh as
    /// what contains them.
    pub(super) async fn derive(&mut self) -> Result<(), WalkHalt> {
        let kinds: Vec<RecordKind> =
            RecordKind::ALL.into_iter().filter(|kind| self.state.is_derived(*kind)).collect();
        let has_changed = self.state.under_way.as_ref().is_some_and(|walk| walk.has_changed);
        if kinds.is_empty() {
            return Ok(());
        }
        let carriers = CARRIERS.into_iter().filter(|carrier| !kinds.contains(carrier));
        if !has_changed && self.has_seen_all(carriers.clone()).await? {
            return self.see_derived(&kinds).await;
        }
        let source = self.line.key().clone();
        let mut deriving = Deriving { source, kinds: kinds.clone(), found: BTreeMap::new(), lacks: false };
        for carrier in carriers {
            deriving = self.look_into(carrier, deriving).await?;
        }
        let lacks = deriving.lacks;
        let mut forms = deriving.found.into_values().map(DerivedForm::into_record).peekable();
        while forms.peek().is_some() {
            let some = forms.by_ref().take(WRITTEN_AT_ONCE);
            // The derived form always replaces the stored one.
            let upserts = some.map(|form| RecordUpsert { newer: true, ..RecordUpsert::from(form) }).collect();
            self.keep(SyncBatch { upserts, ..self.batch() }).await?;
        }
        // A damaged copy is loaded anew without anything counting as changed, so what is deleted now because it could
        // not be read would not be collected again.
        for kind in kinds.into_iter().filter(|_| !lacks) {
            let (source, walk) = (self.line.key().clone(), self.state.walk);
            let gone = self.line.with_store(move |store| store.unseen(kind, &source, walk)).await?;
            let removals = gone.into_iter().map(|gone| gone.id).collect();
            self.keep(SyncBatch { removals, ..self.batch() }).await?;
        }
        Ok(())
    }

    /// Returns whether the run has seen every stored record of these kinds.
    async fn has_seen_all(&self, kinds: impl Iterator<Item = RecordKind>) -> Result<bool, WalkHalt> {
        for kind in kinds {
            if !self.unseen(kind, self.state.walk).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Notes that all records of these kinds were seen, unchanged, without reading or writing them.
    async fn see_derived(&mut self, kinds: &[RecordKind]) -> Result<(), WalkHalt> {
        for kind in kinds {
            for seen in self.unseen(*kind, self.state.walk).await?.chunks(WRITTEN_AT_ONCE) {
                self.keep(SyncBatch { seen: seen.to_vec(), ..self.batch() }).await?;
            }
        }
        Ok(())
    }

    /// Inspects all records of a kind that contains others.
    async fn look_into(&mut self, carrier: RecordKind, mut deriving: Deriving) -> Result<Deriving, WalkHalt> {
        let mut after: Option<Box<str>> = None;
        loop {
            let from = after.take();
            let looked = self.line.with_store(move |store| deriving.look(store, carrier, from.as_deref()));
            let (back, last) = looked.await?;
            deriving = back;
            match last {
                Some(last) => after = Some(last),
                None => return Ok(deriving),
            }
        }
    }
}

/// The state after a stretch of records, and the id of the last one. `None` at the end.
type Looked = (Deriving, Option<Box<str>>);

impl Deriving {
    fn look(
        mut self,
        store: &StoreSnapshot,
        carrier: RecordKind,
        after: Option<&str>,
    ) -> Result<Looked, StoreError> {
        let (source, limit) = (&self.source, AT_ONCE);
        // A fast path: for nearly every feed, locations are the only derived kind.
        if self.kinds == [RecordKind::Location] {
            let ListStretch { records: carriers, last, lacks } =
                store.locations_within(carrier, source, after, limit)?;
            for LocationsOf { locations, seen_at, fresh_until, .. } in carriers {
                self.add(locations, (seen_at, fresh_until));
            }
            self.lacks |= lacks;
            return Ok((self, last));
        }
        let ListStretch { records, last, lacks } = store.records(carrier, source, after, limit)?;
        self.lacks |= lacks;
        for record in records {
            let read = (record.provenance().fetched_at, record.provenance().fresh_until);
            match record {
                AnyRecord::Service(service) => self.within(&service, read),
                AnyRecord::ServiceAtLocation(place) => self.add(place.location.iter().cloned(), read),
                AnyRecord::Organization(provider) => self.within_provider(&provider, read),
                AnyRecord::Taxonomy(taxonomy) => self.add(taxonomy.terms.iter().cloned(), read),
                _ => {}
            }
        }
        Ok((self, last))
    }

    fn within(&mut self, service: &Service, read: CarrierTimes) {
        self.add(Organization::within(service), read);
        self.add(Location::within(service), read);
        self.add(ServiceAtLocation::within(service), read);
        self.add(Taxonomy::within(service), read);
        self.add(TaxonomyTerm::within(service), read);
    }

    fn within_provider(&mut self, provider: &Organization, read: CarrierTimes) {
        provider.services.iter().for_each(|service| self.within(service, read));
        self.add(provider.locations.iter().cloned(), read);
        let terms = terms_of(&provider.attributes);
        self.add(terms.iter().filter_map(|term| term.taxonomy.clone()), read);
        self.add(terms, read);
    }

    /// Adds records from inside a record that was read at these times.
    fn add<T: RegressionGuard>(&mut self, records: impl IntoIterator<Item = Arc<T>>, read: CarrierTimes) {
        if !self.kinds.contains(&T::KIND) {
            return;
        }
        for record in records {
            let carried = record.carried();
            match self.found.entry((T::KIND, record.id().upstream().into())) {
                Entry::Vacant(none) => {
                    none.insert(DerivedForm { carried, record: T::any(record), read });
                }
                Entry::Occupied(mut before) => {
                    let before = before.get_mut();
                    before.read = before.read.max(read);
                    if !before.carried.covers(carried) {
                        (before.carried, before.record) = (carried, T::any(record));
                    }
                }
            }
        }
    }
}

impl DerivedForm {
    fn into_record(self) -> AnyRecord {
        let Self { mut record, read: (read_at, fresh_until), .. } = self;
        if read_at > record.provenance().fetched_at {
            record.see_again(read_at, fresh_until);
        }
        record
    }
}
