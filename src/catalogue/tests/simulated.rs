//! What a simulation of several gateways needs of the catalogue: a disk that may be full, a view of everything a copy
//! holds, and an oracle that says what it should hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

use super::{at, batch, rich, service_id, source};
use crate::catalogue::journal::{MemoryJournal, PutRecord, StepChain, StepEffects, StepNumber};
use crate::catalogue::room::VolumeRoom;
use crate::catalogue::store::{HistoryChange, RecordStore};
use crate::catalogue::{
    CatalogueError, CatalogueOpening, CatalogueSnapshot, ReplicaSettings, StoreError, StoreSnapshot,
    StoreVerifier, StoredCatalogue, SyncBatch,
};
use crate::model::{FilterNarrowing, InstantClock, PostcodePlaces, RecordId, RecordKind, SourceKey};

/// Opens a catalogue that shares a journal, on a disk with `free` bytes.
pub(crate) async fn open_simulated(
    directory: PathBuf,
    free: Arc<AtomicU64>,
    clock: InstantClock,
    journal: MemoryJournal,
    name: &str,
) -> Result<StoredCatalogue, CatalogueError> {
    let opening = CatalogueOpening {
        directory: Some(directory),
        rules: "rules".to_owned(),
        postcodes: PostcodePlaces::default(),
        clock,
        verifier: &StoreVerifier::default(),
        replica: Some(ReplicaSettings { journal: Arc::new(journal), name: name.to_owned() }),
    };
    let told = Box::new(move |_: &_| Ok(free.load(Ordering::Relaxed)));
    StoredCatalogue::open_in(opening, |directory| VolumeRoom::told_by(directory, told)).await
}

/// Returns the path of the store in a directory.
pub(crate) fn store_file(directory: &std::path::Path) -> PathBuf {
    RecordStore::path_in(directory)
}

/// Returns how far a copy follows the journal. `None` if it follows none.
pub(crate) fn place_of(snapshot: &CatalogueSnapshot) -> Option<(StepNumber, StepChain)> {
    snapshot.store().journal_place().map(|place| (place.step, place.chain))
}

/// Makes a copy treat one of its records as unreadable, so that it is loaded again.
pub(crate) fn doubt_a_record(snapshot: &CatalogueSnapshot) {
    if let Some((_, facts)) = snapshot.facts().iter().next() {
        snapshot.store().mending().record_failed(&facts.id);
    }
}

/// Everything that a copy of the catalogue holds and shares with the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CopyContent {
    records: BTreeMap<RecordId, Arc<PutRecord>>,
    states: BTreeMap<SourceKey, Arc<[u8]>>,
    notes: BTreeMap<(SourceKey, Box<str>), Arc<[u8]>>,
    pub(crate) changes: BTreeMap<u64, Arc<HistoryChange>>,
    pub(crate) sequence: u64,
    next_ordinal: u32,
}

impl CopyContent {
    /// Returns what a copy holds.
    pub(crate) fn of(store: &StoreSnapshot) -> Result<Self, StoreError> {
        let mut content = Self::default();
        store.parts(usize::MAX, |part| {
            content.take(part);
            Ok(true)
        })?;
        Ok(content)
    }

    /// Returns what a copy holds after another step. The oracle has its own rules, and shares no code with the store.
    pub(crate) fn after(&self, bytes: &[u8]) -> Self {
        let mut bytes = bytes.to_vec();
        bytes[0] = StepEffects::FORMAT;
        let mut content = self.clone();
        content.take(StepEffects::of_bytes(&bytes).unwrap());
        content
    }

    fn take(&mut self, step: StepEffects) {
        for id in &step.gone {
            self.records.remove(id);
        }
        for put in step.put {
            self.records.insert(put.id.clone(), Arc::new(put));
        }
        for (id, mark) in step.marked {
            self.records.entry(id).and_modify(|record| Arc::make_mut(record).mark = mark);
        }
        for seen in &step.seen {
            let at = DateTime::<Utc>::from_timestamp_micros(seen.at).unwrap();
            for upstream in &seen.upstream {
                let id = RecordId::new(seen.kind, &seen.source, upstream);
                self.records.entry(id).and_modify(|record| {
                    let mark = &mut Arc::make_mut(record).mark;
                    (mark.walk, mark.missed) = (seen.walk, 0);
                    mark.seen_at = mark.seen_at.max(at);
                });
            }
        }
        self.states.extend(step.states.into_iter().map(|(source, state)| (source, state.into())));
        for (source, name, note) in step.notes {
            match note {
                Some(note) => drop(self.notes.insert((source, name), note.into())),
                None => drop(self.notes.remove(&(source, name))),
            }
        }
        self.changes.extend(step.changes.into_iter().map(|(number, change)| (number, Arc::new(change))));
        self.changes.retain(|number, _| *number > step.forgotten);
        (self.sequence, self.next_ordinal) = (step.sequence, step.next_ordinal);
    }

    /// Returns the ids of the records of a kind and source.
    pub(crate) fn ids(&self, kind: RecordKind, source: &SourceKey) -> BTreeSet<&str> {
        let of = self.records.keys().filter(|id| id.kind() == kind && id.source() == source);
        of.map(RecordId::upstream).collect()
    }

    /// Returns the ids of all records.
    pub(crate) fn all_ids(&self) -> impl Iterator<Item = &RecordId> {
        self.records.keys()
    }

    /// Compares the content with what it should be.
    ///
    /// # Errors
    /// If it differs. The text says how.
    pub(crate) fn equals(&self, wanted: &Self) -> Result<(), String> {
        if self == wanted {
            return Ok(());
        }
        let ids: BTreeSet<_> = self.records.keys().chain(wanted.records.keys()).collect();
        let others = ids.into_iter().filter(|id| self.records.get(id) != wanted.records.get(id));
        let others: Vec<String> = others
            .map(|id| format!("{id:?}: {:?} instead of {:?}", self.records.get(id), wanted.records.get(id)))
            .collect();
        Err(format!(
            "holds other content: records {others:#?}; sequence {} instead of {}; states {}; notes {}; changes {}",
            self.sequence,
            wanted.sequence,
            self.states == wanted.states,
            self.notes == wanted.notes,
            self.changes == wanted.changes,
        ))
    }
}

/// Checks that the facts, the index and the counts follow their store.
///
/// # Errors
/// If one of them does not. The text says which.
pub(crate) fn follows_its_store(snapshot: &CatalogueSnapshot, content: &CopyContent) -> Result<(), String> {
    let services: BTreeMap<u32, &RecordId> =
        content.records.values().filter_map(|record| Some((record.mark.ordinal?, &record.id))).collect();
    let facts: BTreeMap<u32, &RecordId> =
        snapshot.facts().iter().map(|(ordinal, facts)| (ordinal, &facts.id)).collect();
    if facts != services {
        return Err(format!("facts of {facts:?} instead of {services:?}"));
    }
    let found = snapshot.searcher.candidates(&FilterNarrowing::All).map_err(|error| error.to_string())?;
    let found: BTreeSet<u32> = found.iter().map(|hit| hit.ordinal).collect();
    if found != services.keys().copied().collect() {
        return Err(format!("finds {found:?} instead of {services:?}"));
    }
    let sources: BTreeSet<&SourceKey> = content.records.keys().map(RecordId::source).collect();
    for (source, kind) in sources.iter().flat_map(|source| RecordKind::ALL.map(|kind| (*source, kind))) {
        let (count, wanted) = (snapshot.store().count(kind, source), content.ids(kind, source).len());
        let count = count.map_err(|error| error.to_string())?;
        if count != wanted as u64 {
            return Err(format!("counts {count} {kind:?} of {source} instead of {wanted}"));
        }
    }
    Ok(())
}

/// Reads all services, as a query would. Returns how many there are.
///
/// # Errors
/// If one cannot be read.
pub(crate) fn query_all(snapshot: &CatalogueSnapshot) -> Result<usize, String> {
    let found = snapshot.searcher.candidates(&FilterNarrowing::All).map_err(|error| error.to_string())?;
    for hit in &found {
        snapshot.service(hit.ordinal).map_err(|error| error.to_string())?;
    }
    Ok(found.len())
}

/// Returns what a copy holds after two services were added, and after one of them was removed.
pub(crate) fn sample_contents() -> [CopyContent; 2] {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let content = || CopyContent::of(&store.read().unwrap()).unwrap();
    store.write(&[batch(1, ["a", "b"].map(|upstream| rich(upstream, at(0))))], at(1)).unwrap();
    let before = content();
    let removal = SyncBatch { removals: vec![service_id("a")], ..SyncBatch::new(source("elmshire"), 2) };
    store.write(&[removal], at(2)).unwrap();
    [before, content()]
}

#[test]
fn content_that_differs_in_anything_is_seen() {
    let [before, after] = sample_contents();
    before.equals(&before.clone()).unwrap();
    after.equals(&before).unwrap_err();
    let spoiled = |spoil: &dyn Fn(&mut CopyContent)| {
        let mut spoiled = before.clone();
        spoil(&mut spoiled);
        spoiled.equals(&before).unwrap_err();
    };
    let first = before.all_ids().next().unwrap().clone();
    let record = |content: &mut CopyContent, spoil: &dyn Fn(&mut PutRecord)| {
        spoil(Arc::make_mut(content.records.get_mut(&first).unwrap()));
    };
    spoiled(&|content| record(content, &|record| record.record.push(0)));
    spoiled(&|content| record(content, &|record| record.mark.walk += 1));
    spoiled(&|content| record(content, &|record| record.noticed = None));
    spoiled(&|content| drop(content.records.remove(&first)));
    spoiled(&|content| drop(content.changes.remove(&1)));
    spoiled(&|content| drop(content.states.insert(source("elmshire"), Arc::new([1]))));
    spoiled(&|content| drop(content.notes.insert((source("elmshire"), "a".into()), Arc::new([1]))));
    spoiled(&|content| content.sequence += 1);
    spoiled(&|content| content.next_ordinal += 1);
}

#[tokio::test]
async fn facts_an_index_and_counts_that_do_not_follow_the_store_are_seen() {
    let catalogue =
        StoredCatalogue::open(None, PostcodePlaces::default(), InstantClock::fixed(at(60))).await.unwrap();
    let earlier = catalogue.snapshot();
    catalogue.submit(batch(1, ["a", "b"].map(|upstream| rich(upstream, at(0))))).await.unwrap();
    let snapshot = catalogue.snapshot();
    let content = CopyContent::of(snapshot.store()).unwrap();
    follows_its_store(&snapshot, &content).unwrap();
    assert_eq!(query_all(&snapshot), Ok(2));
    follows_its_store(&earlier, &content).unwrap_err();
    let mut fewer = content.clone();
    fewer.records.remove(&service_id("a"));
    follows_its_store(&snapshot, &fewer).unwrap_err();
    let mut fewer = content;
    fewer.records.retain(|id, _| id.kind() == RecordKind::Service && id.upstream() == "a");
    follows_its_store(&snapshot, &fewer).unwrap_err();
}
