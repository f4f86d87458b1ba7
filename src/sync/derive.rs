//! Collects records of kinds that a feed has no list of from the services, places and vocabularies that contain them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::regression_guard::RegressionGuard;
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{ListStretch, RecordUpsert, StoreError, StoreSnapshot, SyncBatch};
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
    /// The fullest form of each record found so far, by kind and id. Copies of a record in several others may differ.
    found: BTreeMap<(RecordKind, Box<str>), (CarriedMembers, AnyRecord)>,
}

impl SyncRun<'_> {
    /// Collects the records of kinds without a list, if anything that contains them has changed.
    pub(super) async fn derive(&mut self) -> Result<(), WalkHalt> {
        let kinds: Vec<RecordKind> =
            RecordKind::ALL.into_iter().filter(|kind| self.state.is_derived(*kind)).collect();
        let has_changed = self.state.under_way.as_ref().is_some_and(|walk| walk.has_changed);
        if kinds.is_empty() || !has_changed {
            return Ok(());
        }
        let source = self.line.key().clone();
        let mut deriving = Deriving { source, kinds: kinds.clone(), found: BTreeMap::new() };
        for carrier in CARRIERS {
            if !kinds.contains(&carrier) {
                deriving = self.look_into(carrier, deriving).await?;
            }
        }
        let mut forms = deriving.found.into_values().map(|(_, form)| form).peekable();
        while forms.peek().is_some() {
            let some = forms.by_ref().take(WRITTEN_AT_ONCE);
            // The derived form always replaces the stored one.
            let upserts = some.map(|form| RecordUpsert { newer: true, ..RecordUpsert::from(form) }).collect();
            self.keep(SyncBatch { upserts, ..self.batch() }).await?;
        }
        for kind in kinds {
            let (source, walk) = (self.line.key().clone(), self.state.walk);
            let gone = self.line.with_store(move |store| store.unseen(kind, &source, walk)).await?;
            let removals = gone.into_iter().map(|gone| gone.id).collect();
            self.keep(SyncBatch { removals, ..self.batch() }).await?;
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
            let ListStretch { records: carriers, last } =
                store.locations_within(carrier, source, after, limit)?;
            carriers.into_iter().for_each(|carrier| self.add(carrier.locations));
            return Ok((self, last));
        }
        let ListStretch { records, last } = store.records(carrier, source, after, limit)?;
        for record in records {
            match record {
                AnyRecord::Service(service) => self.within(&service),
                AnyRecord::ServiceAtLocation(place) => self.add(place.location.iter().cloned()),
                AnyRecord::Organization(provider) => self.within_provider(&provider),
                AnyRecord::Taxonomy(taxonomy) => self.add(taxonomy.terms.iter().cloned()),
                _ => {}
            }
        }
        Ok((self, last))
    }

    fn within(&mut self, service: &Service) {
        self.add(Organization::within(service));
        self.add(Location::within(service));
        self.add(ServiceAtLocation::within(service));
        self.add(Taxonomy::within(service));
        self.add(TaxonomyTerm::within(service));
    }

    fn within_provider(&mut self, provider: &Organization) {
        provider.services.iter().for_each(|service| self.within(service));
        self.add(provider.locations.iter().cloned());
        let terms = terms_of(&provider.attributes);
        self.add(terms.iter().filter_map(|term| term.taxonomy.clone()));
        self.add(terms);
    }

    fn add<T: RegressionGuard>(&mut self, records: impl IntoIterator<Item = Arc<T>>) {
        if !self.kinds.contains(&T::KIND) {
            return;
        }
        for record in records {
            let key = (T::KIND, Box::from(record.id().upstream()));
            let carried = record.carried();
            if self.found.get(&key).is_none_or(|(before, _)| !before.covers(carried)) {
                self.found.insert(key, (carried, T::any(record)));
            }
        }
    }
}
