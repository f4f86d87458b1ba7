//! Learns from the addresses of sources where postcodes are and what places are called. It learns again when addresses
//! have changed, rather than for each query.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::QueryContext;
use super::holding::Holdings;
use crate::model::{AddressNames, Location, PlaceNames, PostcodePlaces, Service, SourceKey};
use crate::source::RecordSet;

/// After a lesson, the next one waits for this many times its duration, so that addresses that change all the time are
/// not read all the time.
const PART_OF_THE_TIME: u32 = 20;

/// The wait between the first and second lesson from addresses, and the longest wait between later ones.
const FIRST_LESSON: Duration = Duration::from_secs(1);
const LESSON_EVERY: Duration = Duration::from_secs(60);

/// Knows where postcodes are and what places are called.
pub struct PlaceLearner {
    holdings: Arc<Holdings>,
    postcodes: ArcSwap<PostcodePlaces>,
    names: Arc<ArcSwap<PlaceNames>>,
    lesson: Arc<Mutex<Lesson>>,
}

#[derive(Default)]
struct Lesson {
    learnt: Option<LearntState>,
    next: Option<Instant>,
}

/// Tells whether addresses may have changed: the catalogue's number of changes, and when live lists were read.
#[derive(PartialEq)]
struct LearntState {
    sequence: Option<u64>,
    live: Vec<(SourceKey, DateTime<Utc>)>,
}

impl PlaceLearner {
    pub(super) fn new(holdings: Arc<Holdings>) -> Self {
        let (postcodes, names, lesson) = (ArcSwap::default(), Arc::default(), Arc::default());
        Self { holdings, postcodes, names, lesson }
    }

    /// Returns the positions of postcodes that are known by now.
    pub fn postcodes(&self) -> Arc<PostcodePlaces> {
        self.postcodes.load_full()
    }

    pub(super) fn learn_postcodes(&self, postcodes: Arc<PostcodePlaces>) {
        self.postcodes.store(postcodes);
    }

    /// Returns the place names that are known by now.
    pub fn names(&self) -> Arc<PlaceNames> {
        self.names.load_full()
    }

    /// Learns the place names in current addresses, as far as that takes no longer than a query may be held up.
    pub async fn know_names(&self, asking: &QueryContext) {
        self.know_names_within(MOST_WAIT, asking).await;
    }

    /// Like [`Self::know_names`], but waits for at most `most`. What takes longer is learnt for the next query.
    pub(super) async fn know_names_within(&self, most: Duration, asking: &QueryContext) {
        let _ = tokio::time::timeout(most, self.learn_names(asking)).await;
    }

    /// Learns where postcodes are from the addresses that sources publish, whenever these have changed. They add to a
    /// file of postcodes, or stand alone without one. Returns only if reading panics.
    pub async fn keep_learning(&self) {
        let Some(synced) = self.holdings.synced() else { return std::future::pending().await };
        let (mut learnt, mut wait) = (None, FIRST_LESSON);
        loop {
            let snapshot = synced.catalogue.snapshot();
            let sequence = snapshot.store().sequence();
            if learnt != Some(sequence) {
                let known = self.postcodes();
                let lesson = move || snapshot.store().addresses().map(|addresses| known.learning(addresses));
                match tokio::task::spawn_blocking(lesson).await {
                    Ok(Ok(places)) => self.learn_postcodes(Arc::new(places)),
                    Ok(Err(error)) => tracing::error!(%error, "cannot read stored addresses"),
                    Err(_) => return,
                }
                learnt = Some(sequence);
                self.learn_synchronised_names().await;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LESSON_EVERY);
        }
    }

    /// Learns from stored addresses, for no query in particular. Does nothing if there are live sources, which are only
    /// read for a query.
    pub(super) async fn learn_synchronised_names(&self) {
        if self.holdings.live().next().is_none() {
            self.learn_names(&QueryContext::begin()).await;
        }
    }

    /// Learns place names from addresses, if these have changed. Callers that come during a lesson wait for it.
    async fn learn_names(&self, asking: &QueryContext) {
        let lesson = Arc::clone(&self.lesson).lock_owned().await;
        if lesson.next.is_some_and(|next| Instant::now() < next) {
            return;
        }
        self.holdings.until_warm(self.holdings.sources(), asking).await;
        let live = self.live_services(asking).await;
        let snapshot = self.holdings.snapshot();
        let learnt = LearntState {
            sequence: snapshot.as_ref().map(|snapshot| snapshot.store().sequence()),
            live: live.iter().map(|(key, set)| (key.clone(), set.fetched_at)).collect(),
        };
        if lesson.learnt.as_ref() == Some(&learnt) {
            return;
        }
        let (places, known) = (self.postcodes(), Arc::clone(&self.names));
        let read = move || {
            let mut names = AddressNames::default();
            if let Some(snapshot) = snapshot
                && let Err(error) = snapshot.store().each_location(|location| names.add(location, &places))
            {
                tracing::error!(%error, "cannot read stored addresses");
            }
            live.iter().for_each(|(_, set)| add_all(&mut names, set, &places));
            PlaceNames::with_learnt(names.places())
        };
        // The caller may go away. The lesson is finished all the same.
        let _ = tokio::task::spawn_blocking(move || finish(lesson, learnt, &known, read)).await;
    }

    /// Returns the services of live sources from the cache, or reads them now.
    async fn live_services(&self, asking: &QueryContext) -> Vec<(SourceKey, Arc<RecordSet<Service>>)> {
        let live = self.holdings.live();
        let reads = live.map(async |feed| {
            let seen = feed.cached_list::<Service>(asking).await;
            Some((feed.source.info().key.clone(), seen.value?))
        });
        join_all(reads).await.into_iter().flatten().collect()
    }
}

const MOST_WAIT: Duration = Duration::from_secs(5);

/// Lessons that take no longer than this are not put off.
const QUICK: Duration = Duration::from_millis(50);

fn finish(
    mut lesson: OwnedMutexGuard<Lesson>,
    learnt: LearntState,
    known: &ArcSwap<PlaceNames>,
    read: impl FnOnce() -> PlaceNames,
) {
    let began = Instant::now();
    known.store(Arc::new(read()));
    let took = began.elapsed();
    lesson.learnt = Some(learnt);
    // What is learnt quickly is learnt as often as addresses change.
    lesson.next = (took > QUICK).then(|| Instant::now() + took * PART_OF_THE_TIME);
}

fn add_all(names: &mut AddressNames, services: &RecordSet<Service>, places: &PostcodePlaces) {
    let at_locations = services.records().iter().flat_map(|service| &service.service_at_locations);
    let locations = at_locations.filter_map(|place| place.location.as_deref());
    let mut seen = std::collections::HashSet::new();
    let once = locations.filter(|location: &&Location| seen.insert(location.id.clone()));
    once.for_each(|location| names.add(location, places));
}
