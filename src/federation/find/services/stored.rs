//! What the catalogue has for a question.

use std::sync::Arc;

use tokio::time::Instant;

use super::PageService;
use super::Yardstick;
use super::page::CandidatePlace;
use crate::catalogue::{CatalogueSnapshot, FactsTable, NameWindow, ServiceHit};
use crate::federation::holding::StoredSource;
use crate::federation::query_context::StillAsked;
use crate::federation::report::damaged;
use crate::federation::select::ServiceCandidate;
use crate::federation::{Federation, PageRequest, QueryContext, SourceReport};
use crate::model::{
    AnyRecord, FacetDimension, FacetKey, FacetViewpoint, PreparedFilter, RecordId, ServiceAspect,
    ServiceFilter, Shape, SortOrder, SortPosition, SortPrefix, SortRank, SourceKey, WordCounts, london_today,
};

/// What the catalogue has that matches.
pub(super) struct StoredMatches {
    snapshot: Arc<CatalogueSnapshot>,
    hits: Vec<ServiceHit>,
    placing: HitOrder,
    pub(super) reports: Vec<SourceReport>,
    /// The filter with its phrases read by the words of all services; none where these could not be counted.
    pub(super) counted: Option<ServiceFilter>,
}

/// How those that match come into their order.
enum HitOrder {
    /// They are only counted.
    Uncalled,
    /// For each, what decides its place before its name does.
    Leads(Vec<SortPrefix>),
    /// All services are gone through by name until there are enough that match. Those are sorted by number.
    ByName,
}

/// What was found.
struct IndexMatches {
    hits: Vec<ServiceHit>,
    placing: HitOrder,
    /// How many services of each source.
    matched: Vec<usize>,
}

impl Federation {
    /// Looks for services of these sources in the catalogue; none where there is no such source.
    pub(super) async fn find_stored(
        &self,
        sources: Vec<StoredSource<'_>>,
        filter: &ServiceFilter,
        live: Vec<Arc<WordCounts>>,
        yardstick: Yardstick,
        asking: &QueryContext,
    ) -> Option<StoredMatches> {
        let first = sources.first()?;
        let began = Instant::now();
        self.holdings.until_warm(sources.iter().map(|stored| stored.source), asking).await;
        let (snapshot, today) = (first.snapshot(), london_today(self.clock.now()));
        let asked = filter.clone();
        let keys: Vec<SourceKey> = sources.iter().map(|stored| stored.source.info().key.clone()).collect();
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
        let (IndexMatches { hits, placing, matched }, counted) = match looked {
            Some((looked, counted)) => (looked, Some(counted)),
            None => {
                let (hits, placing, matched) = (Vec::new(), HitOrder::Uncalled, vec![0; sources.len()]);
                (IndexMatches { hits, placing, matched }, None)
            }
        };
        let reports = sources.iter().zip(matched).map(|(stored, matched)| {
            let report = stored.report(matched, began.elapsed(), asking);
            cannot.iter().cloned().fold(report, SourceReport::failed)
        });
        let reports = reports.collect();
        Some(StoredMatches { snapshot, hits, placing, reports, counted })
    }
}

/// A filter with its phrases read by the words of all services; none where these cannot be counted.
fn counted(
    snapshot: &CatalogueSnapshot,
    filter: ServiceFilter,
    live: &[Arc<WordCounts>],
) -> Option<ServiceFilter> {
    if !filter.has_asks() {
        return Some(filter);
    }
    let counted = snapshot.counted(&filter, live);
    counted.inspect_err(|error| tracing::error!(%error, "cannot count the words of the catalogue")).ok()
}

/// The services that match, and how many of each source; none where that cannot be told.
fn look(
    snapshot: &CatalogueSnapshot,
    filter: &ServiceFilter,
    yardstick: Yardstick,
    keys: &[SourceKey],
    today: chrono::NaiveDate,
    still: &StillAsked,
) -> Option<IndexMatches> {
    let asked = PreparedFilter::new(filter, snapshot.vocabulary(), today);
    let found = snapshot.find(&asked, &|| still.is_asked());
    let mut hits = found.inspect_err(|error| tracing::error!(%error, "cannot search the catalogue")).ok()?;
    let matched = retain_of(keys, &mut hits, snapshot, today);
    let placing = placing(&mut hits, snapshot.facts(), yardstick, still);
    Some(IndexMatches { hits, placing, matched })
}

fn placing(
    hits: &mut [ServiceHit],
    facts: &FactsTable,
    yardstick: Yardstick,
    still: &StillAsked,
) -> HitOrder {
    if yardstick.only_counts {
        return HitOrder::Uncalled;
    }
    if yardstick.order == SortOrder::default() && is_found_soon(yardstick.page_size, hits.len(), facts.len())
    {
        if !hits.is_sorted_by_key(|hit| hit.ordinal) {
            hits.sort_unstable_by_key(|hit| hit.ordinal);
        }
        return HitOrder::ByName;
    }
    let leads = still.while_asked(hits.iter()).map(|hit| {
        yardstick.lead_by_score(|| hit.score).or_else(|| {
            let (facts, name) = facts.get_with_name(hit.ordinal)?;
            Some(yardstick.lead(facts, name, || hit.score))
        })
    });
    HitOrder::Leads(leads.map(Option::unwrap_or_default).collect())
}

/// Whether going through all services by name comes to a page of those that match sooner than putting these in order.
fn is_found_soon(page_size: usize, matching: usize, all: usize) -> bool {
    /// What it takes to put one in order, where going past one is the unit.
    const TO_ORDER: usize = 16;
    let wanted = page_size.min(matching) + 1;
    all.saturating_mul(wanted) <= matching.saturating_mul(matching).saturating_mul(TO_ORDER)
}

/// Keeps the services of these sources, and counts how many each has.
fn retain_of(
    keys: &[SourceKey],
    hits: &mut Vec<ServiceHit>,
    snapshot: &CatalogueSnapshot,
    today: chrono::NaiveDate,
) -> Vec<usize> {
    let from = FacetViewpoint { today, terms: snapshot.vocabulary() };
    let sources = snapshot.facts().column(ServiceAspect::Of(FacetDimension::Source), from);
    let place = |said: &FacetKey| match said {
        FacetKey::Source(key) => keys.iter().position(|asked| asked == key),
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

impl StoredMatches {
    /// What is known of all services that are kept.
    pub(super) fn facts(&self) -> &FactsTable {
        self.snapshot.facts()
    }

    /// The catalogue that it was found in.
    pub(super) fn snapshot(&self) -> &Arc<CatalogueSnapshot> {
        &self.snapshot
    }

    /// The number of a match.
    pub(super) fn ordinal(&self, at: usize) -> Option<u32> {
        self.hits.get(at).map(|hit| hit.ordinal)
    }

    /// The numbers of those that match.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = u32> {
        self.hits.iter().map(|hit| hit.ordinal)
    }

    /// What may be on a page.
    pub(super) fn candidates(
        &self,
        order: SortOrder,
        page: &PageRequest,
        asked: &StillAsked,
    ) -> KeptCandidates<'_> {
        match &self.placing {
            HitOrder::Uncalled => KeptCandidates::default(),
            HitOrder::ByName => self.candidates_by_name(page),
            HitOrder::Leads(leads) => {
                let bar = bar(leads, order, page);
                let reaches = |lead: SortPrefix| bar.is_none_or(|bar| lead <= bar);
                let hits = self.hits.iter().zip(leads).enumerate();
                let hits = asked.while_asked(hits).filter(|(_, (_, lead))| reaches(**lead));
                let candidates = hits.filter_map(|(at, (hit, lead))| {
                    let (facts, name) = self.facts().get_with_name(hit.ordinal)?;
                    Some(ServiceCandidate { facts, lead: *lead, name, at: CandidatePlace::Kept(at) })
                });
                KeptCandidates { candidates: candidates.collect(), ..KeptCandidates::default() }
            }
        }
    }

    fn candidates_by_name(&self, page: &PageRequest) -> KeptCandidates<'_> {
        let (facts, by_name) = (self.facts(), self.facts().by_name());
        let NameWindow { skipped, within, behind } =
            by_name.between(page.after.as_ref(), page.before.as_ref(), facts);
        let matches = self.membership();
        let is_match = |ordinal: &u32| matches.as_ref().is_none_or(|all| is_member(all, *ordinal));
        let candidate = |ordinal: &u32| {
            let at = self.hits.binary_search_by_key(ordinal, |hit| hit.ordinal).ok()?;
            let (facts, name) = facts.get_with_name(*ordinal)?;
            Some(ServiceCandidate { facts, lead: name, name, at: CandidatePlace::Kept(at) })
        };
        // One more than wanted tells whether the list goes on.
        let wanted = page.size.saturating_add(1);
        let candidates = match page.from_end {
            false => within.iter().filter(|one| is_match(one)).filter_map(candidate).take(wanted).collect(),
            true => {
                within.iter().rev().filter(|one| is_match(one)).filter_map(candidate).take(wanted).collect()
            }
        };
        let (goes_before, follows) = (skipped.iter().any(is_match), behind.iter().any(is_match));
        KeptCandidates { candidates, goes_before, follows, are_in_order: true }
    }

    /// Whether each service matches, by its number. `None` if all do.
    fn membership(&self) -> Option<Vec<bool>> {
        if self.hits.len() == self.facts().len() {
            return None;
        }
        let last = self.hits.last().map_or(0, |hit| hit.ordinal);
        let mut matches = vec![false; last as usize + 1];
        for hit in &self.hits {
            matches.get_mut(hit.ordinal as usize).into_iter().for_each(|matches| *matches = true);
        }
        Some(matches)
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

    /// A match as a page shows it: what was written of it in a shape, or its record. `None` if that cannot be read, with a
    /// line in the log. Waits for the disk.
    pub(super) fn page_service(
        &self,
        at: usize,
        shape: Option<Shape>,
        today: chrono::NaiveDate,
    ) -> Option<PageService> {
        let ordinal = self.ordinal(at)?;
        let held = shape.and_then(|shape| self.snapshot.service_rendering(shape, ordinal, today));
        if let Some(rendering) = held {
            return Some(PageService::Written(rendering, ordinal));
        }
        let read = self.snapshot.service(ordinal);
        let read = read.inspect_err(|error| tracing::error!(%error, "cannot read a stored service")).ok()?;
        Some(match read.is_as_stored {
            true => PageService::Stored(read.service, ordinal),
            false => PageService::Made(read.service),
        })
    }

    /// The place of a service in the order of names.
    pub(super) fn position(&self, ordinal: u32) -> Option<SortPosition> {
        let (facts, name) = self.facts().get_with_name(ordinal)?;
        Some(SortRank::new(name, name, &facts.order_key, &facts.id).to_position())
    }

    /// The question made ready to be held against what is kept.
    pub(super) fn prepared<'q>(
        &self,
        filter: &'q ServiceFilter,
        today: chrono::NaiveDate,
    ) -> PreparedFilter<'q> {
        PreparedFilter::new(filter, self.snapshot.vocabulary(), today)
    }

    fn record(&self, id: &RecordId) -> Option<AnyRecord> {
        self.snapshot.record(id).unwrap_or_else(|error| {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            None
        })
    }
}

/// What may be on a page of what the catalogue has.
#[derive(Default)]
pub(super) struct KeptCandidates<'k> {
    pub(super) candidates: Vec<ServiceCandidate<'k>>,
    /// Whether others that match lie before the part of the list that the page is of.
    pub(super) goes_before: bool,
    /// Whether others that match lie behind that part.
    pub(super) follows: bool,
    /// Whether they are in the order asked for, beginning at the end that the page is at.
    pub(super) are_in_order: bool,
}

fn is_member(matches: &[bool], ordinal: u32) -> bool {
    matches.get(ordinal as usize).is_some_and(|matches| *matches)
}

// The lead of the first one behind the first page: what is not even as good is not looked at, which saves most of the work
// where very many match.
fn bar(leads: &[SortPrefix], order: SortOrder, page: &PageRequest) -> Option<SortPrefix> {
    let is_first = page.after.is_none() && page.before.is_none() && !page.from_end;
    if !is_first || !order.goes_by_lead() || leads.len() <= page.size.saturating_mul(FEW_PAGES) {
        return None;
    }
    let mut leads = leads.to_vec();
    Some(*leads.select_nth_unstable(page.size).1)
}
