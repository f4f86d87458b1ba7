//! What the catalogue has for a question.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use tokio::time::Instant;

use super::page::At;
use super::{ServiceQuery, Yardstick};
use crate::catalogue::{Hit, Snapshot};
use crate::federation::select::Candidate;
use crate::federation::{Asking, Federation, Report};
use crate::model::{
    AnyRecord, Facts, Lead, Prepared, RecordId, Service, ServiceFilter, SourceKey, london_today,
};
use crate::source::Source;

/// What the catalogue has that matches.
pub(super) struct Kept {
    snapshot: Arc<Snapshot>,
    hits: Vec<(u32, Lead)>,
    today: chrono::NaiveDate,
    pub(super) reports: Vec<Report>,
}

impl Federation {
    /// Looks for services of these sources in the catalogue; none where there is no such source.
    pub(super) async fn consider_kept(
        &self,
        sources: Vec<Arc<Source>>,
        filter: &ServiceFilter,
        yardstick: Yardstick,
        asking: &Asking,
    ) -> Option<Kept> {
        let catalogue = &self.keeping.as_ref().filter(|_| !sources.is_empty())?.catalogue;
        let began = Instant::now();
        self.until_warm(&sources, asking).await;
        let (snapshot, today) = (catalogue.snapshot(), london_today(self.clock.now()));
        let asked = filter.clone();
        let keys: Vec<SourceKey> = sources.iter().map(|source| source.info().key.clone()).collect();
        let looked = Arc::clone(&snapshot);
        // Looking through many services takes longer than a thread that serves others may be held up.
        let looking = tokio::task::spawn_blocking(move || look(&looked, &asked, yardstick, &keys, today));
        let (hits, matched) = looking.await.unwrap_or_default();
        let reports = sources.iter().zip(matched);
        let reports =
            reports.map(|(source, matched)| self.kept_report(source, matched, began.elapsed(), asking));
        Some(Kept { snapshot, hits, today, reports: reports.collect() })
    }
}

/// The services that match, and how many of each source.
fn look(
    snapshot: &Snapshot,
    filter: &ServiceFilter,
    yardstick: Yardstick,
    keys: &[SourceKey],
    today: chrono::NaiveDate,
) -> (Vec<(u32, Lead)>, Vec<usize>) {
    let asked = Prepared::new(filter, snapshot.vocabulary(), today);
    let found = snapshot.find(&asked).unwrap_or_else(|error| {
        tracing::error!(%error, "the catalogue's index cannot be read");
        Vec::new()
    });
    let mut matched = vec![0; keys.len()];
    let numbers: HashMap<&SourceKey, usize, RandomState> = keys.iter().zip(0..).collect();
    let mut hits = Vec::with_capacity(found.len());
    for Hit { ordinal, score } in found {
        let Some(facts) = snapshot.facts().get(ordinal) else { continue };
        // What is kept of sources that were taken out of the configuration is nobody's business.
        let Some(of_source) = numbers.get(facts.id.source()).and_then(|number| matched.get_mut(*number))
        else {
            continue;
        };
        *of_source += 1;
        hits.push((ordinal, yardstick.lead(facts, || score)));
    }
    (hits, matched)
}

impl Kept {
    pub(super) fn candidates(&self) -> Vec<Candidate<'_>> {
        let facts = self.snapshot.facts();
        let candidate = |(ordinal, lead): &(u32, Lead)| {
            Some(Candidate { facts: facts.get(*ordinal)?, lead: *lead, at: At::Kept(*ordinal) })
        };
        self.hits.iter().filter_map(candidate).collect()
    }

    /// What is known of each service that matches.
    pub(super) fn facts(&self) -> impl Iterator<Item = &Facts> {
        let facts = self.snapshot.facts();
        self.hits.iter().filter_map(|(ordinal, _)| facts.get(*ordinal).map(AsRef::as_ref))
    }

    /// Whether a record is of a source that was looked for here.
    pub(super) fn is_of(&self, id: &RecordId) -> bool {
        self.reports.iter().any(|report| report.info.key == *id.source())
    }

    /// The name of an organisation or a taxonomy term, where it is kept.
    pub(super) fn name(&self, id: &RecordId) -> Option<String> {
        match self.snapshot.store().get(id) {
            Ok(Some(AnyRecord::Organization(organization))) => Some(organization.name.clone()),
            Ok(Some(AnyRecord::TaxonomyTerm(term))) => Some(term.name.clone()),
            Ok(_) => None,
            Err(error) => {
                tracing::error!(source = %id.source(), %error, "a kept record cannot be read");
                None
            }
        }
    }

    /// The conditions that a service does not state the facts for.
    pub(super) fn unknown(&self, ordinal: u32, query: &ServiceQuery) -> Vec<&'static str> {
        let asked = Prepared::new(&query.filter, self.snapshot.vocabulary(), self.today);
        let facts = self.snapshot.facts().get(ordinal);
        facts.map(|facts| asked.unknown(facts, &|_: &_| true)).unwrap_or_default()
    }

    /// The records under these numbers; what cannot be read is left out, with a line in the log.
    pub(super) async fn fetch(&self, ordinals: Vec<u32>) -> HashMap<u32, Arc<Service>> {
        let snapshot = Arc::clone(&self.snapshot);
        let reading = tokio::task::spawn_blocking(move || {
            let read = |ordinal: u32| {
                let id = &snapshot.facts().get(ordinal)?.id;
                match snapshot.store().get(id) {
                    Ok(Some(AnyRecord::Service(service))) => Some((ordinal, service)),
                    Ok(_) => None,
                    Err(error) => {
                        tracing::error!(source = %id.source(), %error, "a kept service cannot be read");
                        None
                    }
                }
            };
            ordinals.into_iter().filter_map(read).collect()
        });
        reading.await.unwrap_or_default()
    }
}
