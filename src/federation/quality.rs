//! The quality of a source's data: how complete and recent it is, and how well it conforms to its standard.

mod assurance;
mod tally;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, Weak};

use chrono::NaiveDate;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::holding::{AskedFeed, Holding, Holdings};
use super::source_matches::MatchingRecords;
use super::{ConformanceSummary, PlaceLearner, QueryContext, ReportStatus};
use crate::admission::off_thread;
use crate::catalogue::CatalogueSnapshot;
use crate::model::{EssentialDetail, PostcodePlaces, RecencyBand, RecordId, Service, SourceKey};
use crate::source::RecordSet;

pub use assurance::NewestAssurance;
use tally::{QualityTally, TallySummary};

/// The quality of a source's data.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceQuality {
    /// How completely its services were considered.
    pub status: ReportStatus,
    /// The number of services considered.
    pub services: usize,
    /// How many of them state each essential detail.
    pub completeness: Arc<[EssentialCompleteness]>,
    /// How many of them were last checked or changed in each range of days, the most recent range first.
    pub recency: Arc<[CheckedRecently]>,
    /// All of this in one number from 0 to 100. `None` if there are no services.
    pub score: Option<f64>,
}

/// The most example records for each count.
pub(super) const MOST_EXAMPLES: usize = 50;

/// The number of services last checked or changed in a range of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRecently {
    /// The range.
    pub recency: RecencyBand,
    /// The number of services.
    pub services: usize,
    /// Some of these services.
    pub examples: Arc<[RecordId]>,
}

/// How many services state an essential detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EssentialCompleteness {
    /// The detail.
    pub essential: EssentialDetail,
    /// The number of services that state it.
    pub filled: usize,
    /// The number of services that could state it.
    pub total: usize,
    /// Some of the services that leave it out.
    pub lacking: Arc<[RecordId]>,
}

impl EssentialCompleteness {
    /// Returns the share of services that state it, from 0 to 1. Returns 0 if none could.
    #[expect(clippy::cast_precision_loss, reason = "nobody has as many services as that")]
    pub fn ratio(&self) -> f64 {
        if self.total == 0 { 0.0 } else { self.filled as f64 / self.total as f64 }
    }
}

/// The tallies of all synchronised sources, cached until the catalogue or the date changes.
#[derive(Default)]
pub(super) struct QualityTallies(Mutex<Option<CountedQuality>>);

struct CountedQuality {
    // Weak, because a held snapshot would keep the store from reusing its pages.
    snapshot: Weak<CatalogueSnapshot>,
    today: NaiveDate,
    by_source: Arc<HashMap<SourceKey, TallySummary>>,
}

/// The tallies of live sources, each cached until its list, the positions of postcodes or the date change.
#[derive(Default)]
struct LiveTallies(std::sync::Mutex<HashMap<SourceKey, LiveTally>>);

struct LiveTally {
    counted: Weak<RecordSet<Service>>,
    places: Weak<PostcodePlaces>,
    today: NaiveDate,
    summary: TallySummary,
}

impl LiveTallies {
    fn summary(
        &self,
        key: &SourceKey,
        set: &Arc<RecordSet<Service>>,
        places: &Arc<PostcodePlaces>,
        today: NaiveDate,
    ) -> TallySummary {
        let is_current = |tally: &&LiveTally| {
            let is_of_these = Weak::as_ptr(&tally.counted) == Arc::as_ptr(set);
            is_of_these && Weak::as_ptr(&tally.places) == Arc::as_ptr(places) && tally.today == today
        };
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tally) = tallies.get(key).filter(is_current) {
            return tally.summary.clone();
        }
        let facts = set.records().iter().map(|service| service.facts(places));
        let summary = QualityTally::of(facts, today).summary();
        let (counted, places) = (Arc::downgrade(set), Arc::downgrade(places));
        tallies.insert(key.clone(), LiveTally { counted, places, today, summary: summary.clone() });
        summary
    }
}

/// Judges the quality of sources' data.
pub struct QualityJudge {
    holdings: Arc<Holdings>,
    places: Arc<PlaceLearner>,
    live: LiveTallies,
}

impl QualityJudge {
    pub(super) fn new((holdings, places): (Arc<Holdings>, Arc<PlaceLearner>)) -> Self {
        Self { holdings, places, live: LiveTallies::default() }
    }

    /// Judges the quality of a source's data: of the listed services if the source is live, and of the stored ones if
    /// it is synchronised. Returns `None` if no source has this key.
    pub async fn of(&self, key: &SourceKey, asking: &QueryContext) -> Option<SourceQuality> {
        let holding = self.holdings.get(key)?;
        let (tally, status) = match holding {
            Holding::Stored(stored) => {
                let tally = self.stored_tallies().await.get(key).cloned().unwrap_or_default();
                (tally, stored.quality_status())
            }
            Holding::Live(feed) => self.tally_live(feed, asking).await,
        };
        Some(tally.quality(&holding.source().conformance(), status))
    }

    async fn tally_live(&self, feed: AskedFeed<'_>, asking: &QueryContext) -> (TallySummary, ReportStatus) {
        let listed = feed.services(Instant::now(), asking).await;
        let status = match listed.report(self.holdings.now()).status {
            ReportStatus::Stale => ReportStatus::Complete,
            status => status,
        };
        let MatchingRecords::All(set) = &listed.matches else { return (TallySummary::default(), status) };
        let (key, places) = (&feed.source.info().key, self.places.postcodes());
        (self.live.summary(key, set, &places, self.holdings.today()), status)
    }

    /// Counts the services of all synchronised sources together, because clients that ask for one usually ask for all.
    async fn stored_tallies(&self) -> Arc<HashMap<SourceKey, TallySummary>> {
        let Some(synced) = self.holdings.synced() else { return Arc::default() };
        let (snapshot, today) = (synced.catalogue.snapshot(), self.holdings.today());
        let mut counted = synced.tallies.0.lock().await;
        let current = counted.as_ref().filter(|counted| {
            counted.today == today && Weak::as_ptr(&counted.snapshot) == Arc::as_ptr(&snapshot)
        });
        if let Some(counted) = current {
            return Arc::clone(&counted.by_source);
        }
        let looked = Arc::clone(&snapshot);
        let counting = off_thread(move || tally_each(&looked, today));
        let by_source = Arc::new(counting.await.unwrap_or_default());
        let snapshot = Arc::downgrade(&snapshot);
        *counted = Some(CountedQuality { snapshot, today, by_source: Arc::clone(&by_source) });
        by_source
    }
}

fn tally_each(snapshot: &CatalogueSnapshot, today: NaiveDate) -> HashMap<SourceKey, TallySummary> {
    let mut tallies: HashMap<&SourceKey, QualityTally> = HashMap::new();
    for (_, facts) in snapshot.facts().iter() {
        tallies.entry(facts.id.source()).or_default().add(facts, today);
    }
    tallies.into_iter().map(|(key, tally)| (key.clone(), tally.summary())).collect()
}

impl TallySummary {
    fn quality(&self, conformance: &ConformanceSummary, status: ReportStatus) -> SourceQuality {
        SourceQuality {
            status,
            services: self.services,
            completeness: Arc::clone(&self.completeness),
            recency: Arc::clone(&self.recency),
            score: self.score(conformance),
        }
    }
}
