//! Records of kinds that a feed has no list of, taken from the services, places and vocabularies that carry them.

use std::collections::HashMap;
use std::sync::Arc;

use super::round::{Halt, Round};
use super::worth::Worth;
use crate::catalogue::{Batch, StoreError, StoreSnapshot, Upsert};
use crate::model::{
    AnyRecord, Carried, Location, Organization, RecordKind, Service, ServiceAtLocation, SourceKey, Taxonomy,
    TaxonomyTerm,
};
use crate::source::Nested;

/// How many records are looked into at once.
const AT_ONCE: usize = 250;

/// The kinds that are derived, and what has been found of them.
#[derive(Clone)]
struct Deriving {
    source: SourceKey,
    kinds: Vec<RecordKind>,
    /// How full the forms are that have been found, by kind and id: a fuller one replaces them.
    found: HashMap<(RecordKind, Box<str>), Carried>,
}

impl Round<'_> {
    /// Takes the records of kinds without a list from what carries them, where any of that has changed.
    pub(super) async fn derive(&mut self) -> Result<(), Halt> {
        let kinds: Vec<RecordKind> =
            RecordKind::ALL.into_iter().filter(|kind| self.state.is_derived(*kind)).collect();
        let has_changed = self.state.under_way.as_ref().is_some_and(|walk| walk.has_changed);
        if kinds.is_empty() || !has_changed {
            return Ok(());
        }
        let source = self.line.key().clone();
        let mut deriving = Deriving { source, kinds: kinds.clone(), found: HashMap::new() };
        for carrier in [RecordKind::Service, RecordKind::ServiceAtLocation, RecordKind::Taxonomy] {
            if !kinds.contains(&carrier) {
                deriving = self.look_into(carrier, deriving).await?;
            }
        }
        for kind in kinds {
            let (source, walk) = (self.line.key().clone(), self.state.walk);
            let gone = self.line.with_store(move |store| store.unseen(kind, &source, walk)).await?;
            let removals = gone.into_iter().map(|gone| gone.id).collect();
            self.keep(Batch { removals, ..self.batch() }).await?;
        }
        Ok(())
    }

    /// Looks into all records of a kind that carry others.
    async fn look_into(&mut self, carrier: RecordKind, mut deriving: Deriving) -> Result<Deriving, Halt> {
        let mut after: Option<Box<str>> = None;
        loop {
            let from = after.take();
            let looked = self.line.with_store(move |store| deriving.look(store, carrier, from.as_deref()));
            let (back, found, last) = looked.await?;
            deriving = back;
            self.keep(Batch { upserts: found, ..self.batch() }).await?;
            match last {
                Some(last) => after = Some(last),
                None => return Ok(deriving),
            }
        }
    }
}

/// What looking into a stretch of records comes to: the state to go on with, what was found, and the last id looked
/// into; none at the end.
type Looked = (Deriving, Vec<Upsert>, Option<Box<str>>);

impl Deriving {
    fn look(
        mut self,
        store: &StoreSnapshot,
        carrier: RecordKind,
        after: Option<&str>,
    ) -> Result<Looked, StoreError> {
        let records = store.records(carrier, &self.source, after, AT_ONCE)?;
        let last =
            records.last().filter(|_| records.len() == AT_ONCE).map(|last| last.id().upstream().into());
        let mut found = Vec::new();
        for record in records {
            match record {
                AnyRecord::Service(service) => self.within(&service, &mut found),
                AnyRecord::ServiceAtLocation(place) => self.add(place.location.iter().cloned(), &mut found),
                AnyRecord::Taxonomy(taxonomy) => self.add(taxonomy.terms.iter().cloned(), &mut found),
                _ => {}
            }
        }
        Ok((self, found, last))
    }

    fn within(&mut self, service: &Service, found: &mut Vec<Upsert>) {
        self.add(Organization::within(service), found);
        self.add(Location::within(service), found);
        self.add(ServiceAtLocation::within(service), found);
        self.add(Taxonomy::within(service), found);
        self.add(TaxonomyTerm::within(service), found);
    }

    fn add<T: Worth>(&mut self, records: impl IntoIterator<Item = Arc<T>>, found: &mut Vec<Upsert>) {
        if !self.kinds.contains(&T::KIND) {
            return;
        }
        for record in records {
            let key = (T::KIND, Box::from(record.id().upstream()));
            let carried = record.carried();
            if self.found.get(&key).is_some_and(|before| before.covers(carried)) {
                continue;
            }
            self.found.insert(key, carried);
            found.push(Upsert::from(T::any(record)));
        }
    }
}
