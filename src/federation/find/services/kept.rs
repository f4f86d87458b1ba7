//! What the catalogue has for a question.

use std::sync::Arc;

use tokio::time::Instant;

use super::Yardstick;
use super::page::At;
use crate::catalogue::{FactsTable, Hit, Snapshot};
use crate::federation::asking::StillAsked;
use crate::federation::report::damaged;
use crate::federation::select::Candidate;
use crate::federation::{Asking, Federation, PageRequest, Report};
use crate::model::{
    AnyRecord, Aspect, Dimension, Lead, Order, Prepared, RecordId, Said, Service, ServiceFilter, SourceKey,
    Viewpoint, WordCounts, london_today,
};
use crate::source::Source;

/// What the catalogue has that matches.
pub(super) struct Kept {
    snapshot: Arc<Snapshot>,
    hits: Vec<Hit>,
    /// For each hit, what decides its place before its name does. Empty if the hits are only counted.
    leads: Vec<Lead>,
    pub(super) reports: Vec<Report>,
    /// The filter with its phrases read by the words of all services; none where these could not be counted.
    pub(super) counted: Option<ServiceFilter>,
}

/// What was found.
struct Looked {
    hits: Vec<Hit>,
    leads: Vec<Lead>,
    /// How many services of each source.
    matched: Vec<usize>,
}

impl Federation {
    /// Looks for services of these sources in the catalogue; none where there is no such source.
    pub(super) async fn consider_kept(
        &self,
        sources: Vec<Arc<Source>>,
        filter: &ServiceFilter,
        live: Vec<Arc<WordCounts>>,
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
        let looking = asking.off_thread_if_many(snapshot.facts().len(), move |still| {
            let asked = counted(&looked, asked, &live)?;
            Some((look(&looked, &asked, yardstick, &keys, today, still)?, asked))
        });
        let looked = looking.await.flatten();
        if looked.is_none() {
            asking.failed();
        }
        let cannot =
            looked.is_none().then(|| damaged("its stored data cannot be searched", self.clock.now()));
        let (Looked { hits, leads, matched }, counted) = match looked {
            Some((looked, counted)) => (looked, Some(counted)),
            None => (Looked { hits: Vec::new(), leads: Vec::new(), matched: vec![0; sources.len()] }, None),
        };
        let reports = sources.iter().zip(matched).map(|(source, matched)| {
            let report = self.kept_report(source, matched, began.elapsed(), asking);
            cannot.iter().cloned().fold(report, Report::failed)
        });
        let reports = reports.collect();
        Some(Kept { snapshot, hits, leads, reports, counted })
    }
}

/// A filter with its phrases read by the words of all services; none where these cannot be counted.
fn counted(snapshot: &Snapshot, filter: ServiceFilter, live: &[Arc<WordCounts>]) -> Option<ServiceFilter> {
    if !filter.has_asks() {
        return Some(filter);
    }
    let counted = snapshot.counted(&filter, live);
    counted.inspect_err(|error| tracing::error!(%error, "cannot count the words of the catalogue")).ok()
}

/// The services that match, and how many of each source; none where that cannot be told.
fn look(
    snapshot: &Snapshot,
    filter: &ServiceFilter,
    yardstick: Yardstick,
    keys: &[SourceKey],
    today: chrono::NaiveDate,
    still: &StillAsked,
) -> Option<Looked> {
    let asked = Prepared::new(filter, snapshot.vocabulary(), today);
    let found = snapshot.find(&asked, &|| still.is_asked());
    let mut hits = found.inspect_err(|error| tracing::error!(%error, "cannot search the catalogue")).ok()?;
    let matched = retain_of(keys, &mut hits, snapshot, today);
    let mut leads = Vec::new();
    if !yardstick.only_counts {
        leads.reserve(hits.len());
        let leads_of = still.while_asked(hits.iter()).map(|hit| {
            yardstick.lead_by_score(|| hit.score).or_else(|| {
                let (facts, name) = snapshot.facts().get_with_name(hit.ordinal)?;
                Some(yardstick.lead(facts, name, || hit.score))
            })
        });
        leads.extend(leads_of.map(Option::unwrap_or_default));
    }
    Some(Looked { hits, leads, matched })
}

/// Keeps the services of these sources, and counts how many each has.
fn retain_of(
    keys: &[SourceKey],
    hits: &mut Vec<Hit>,
    snapshot: &Snapshot,
    today: chrono::NaiveDate,
) -> Vec<usize> {
    let from = Viewpoint { today, terms: snapshot.vocabulary() };
    let sources = snapshot.facts().column(Aspect::Of(Dimension::Source), from);
    let place = |said: &Said| match said {
        Said::Source(key) => keys.iter().position(|asked| asked == key),
        _ => None,
    };
    let places: Vec<Option<usize>> = sources.numbering().said().as_slice().iter().map(place).collect();
    let counts = sources.counted(hits.iter().map(|hit| hit.ordinal), places.len());
    let mut matched = vec![0; keys.len()];
    for (place, count) in places.iter().zip(&counts) {
        place.and_then(|place| matched.get_mut(place)).into_iter().for_each(|of_source| *of_source += count);
    }
    // What is kept of sources that were taken out of the configuration is nobody's business.
    if matched.iter().sum::<usize>() < hits.len() {
        let is_asked = |number: u32| places.get(number as usize).is_some_and(Option::is_some);
        sources.retain_saying(hits, |hit| hit.ordinal, is_asked);
    }
    matched
}

/// Of fewer pages than that, all is looked at.
const FEW_PAGES: usize = 8;

impl Kept {
    /// What is known of all services that are kept.
    pub(super) fn facts(&self) -> &FactsTable {
        self.snapshot.facts()
    }

    /// The numbers of those that match.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = u32> {
        self.hits.iter().map(|hit| hit.ordinal)
    }

    /// The number of a match.
    pub(super) fn ordinal(&self, at: usize) -> Option<u32> {
        self.hits.get(at).map(|hit| hit.ordinal)
    }

    /// The catalogue as it stood when this was looked for.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// What may be on a page.
    pub(super) fn candidates(&self, order: Order, page: &PageRequest) -> impl Iterator<Item = Candidate<'_>> {
        let bar = self.bar(order, page);
        let hits = self.hits.iter().zip(&self.leads).enumerate();
        let reaches = move |lead: Lead| bar.is_none_or(|bar| lead <= bar);
        hits.filter(move |(_, (_, lead))| reaches(**lead)).filter_map(|(at, (hit, lead))| {
            let (facts, name) = self.facts().get_with_name(hit.ordinal)?;
            Some(Candidate { facts, lead: *lead, name, at: At::Kept(at) })
        })
    }

    // The lead of the first one behind the first page: what is not even as good is not looked at, which saves most of the
    // work where very many match.
    fn bar(&self, order: Order, page: &PageRequest) -> Option<Lead> {
        let is_first = page.after.is_none() && page.before.is_none() && !page.from_end;
        if !is_first || !order.goes_by_lead() || self.leads.len() <= page.size.saturating_mul(FEW_PAGES) {
            return None;
        }
        let mut leads = self.leads.clone();
        Some(*leads.select_nth_unstable(page.size).1)
    }

    /// Whether a record is of a source that was looked for here.
    pub(super) fn is_of(&self, id: &RecordId) -> bool {
        self.reports.iter().any(|report| report.info.key == *id.source())
    }

    /// The name of an organisation or a taxonomy term, where it is kept.
    pub(super) fn name(&self, id: &RecordId) -> Option<String> {
        match self.record(id)? {
            AnyRecord::Organization(organization) => Some(organization.name.clone()),
            AnyRecord::TaxonomyTerm(term) => Some(term.name.clone()),
            _ => None,
        }
    }

    /// How well the words of a match answer.
    pub(super) fn score(&self, at: usize) -> Option<f32> {
        self.hits.get(at).map(|hit| hit.score)
    }

    /// The record of a match; none where it cannot be read, with a line in the log. Waits for the disk.
    pub(super) fn service(&self, at: usize) -> Option<Arc<Service>> {
        let read = self.snapshot.service(self.hits.get(at)?.ordinal);
        read.inspect_err(|error| tracing::error!(%error, "cannot read a stored service")).ok()
    }

    /// The question made ready to be held against what is kept.
    pub(super) fn prepared<'q>(&self, filter: &'q ServiceFilter, today: chrono::NaiveDate) -> Prepared<'q> {
        Prepared::new(filter, self.snapshot.vocabulary(), today)
    }

    fn record(&self, id: &RecordId) -> Option<AnyRecord> {
        self.snapshot.record(id).unwrap_or_else(|error| {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            None
        })
    }
}
