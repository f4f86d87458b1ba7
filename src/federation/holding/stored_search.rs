//! Searches the catalogue for all synchronised sources at once.

use std::sync::Arc;

use chrono::NaiveDate;
use tokio::time::Instant;

use super::stored_matches::{HitOrder, StoredMatches};
use super::{Holdings, StoredSource};
use crate::catalogue::{CatalogueSnapshot, FactsTable, FoundServices, ServiceHit};
use crate::federation::QueryContext;
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::report::damaged;
use crate::model::{
    FacetDimension, FacetKey, FacetViewpoint, PreparedFilter, ServiceAspect, ServiceFilter, SourceKey,
    WordCounts,
};

struct IndexMatches {
    hits: Arc<Vec<ServiceHit>>,
    placing: HitOrder,
    matched: Vec<usize>,
}

impl Holdings {
    /// Searches the catalogue for services of these sources. Returns the matches, and the filter with its phrases read
    /// by the words of all services, or no filter if the search failed. Returns `None` if `sources` is empty.
    pub(super) async fn search_stored(
        &self,
        sources: &[StoredSource<'_>],
        filter: &ServiceFilter,
        live: Vec<Arc<WordCounts>>,
        plan: SearchPlan,
        asking: &QueryContext,
    ) -> Option<(StoredMatches, Option<ServiceFilter>)> {
        let first = sources.first()?;
        let began = Instant::now();
        self.until_warm(sources.iter().map(|stored| stored.source), asking).await;
        let (snapshot, today) = (first.snapshot(), self.today());
        let asked = filter.clone();
        let keys: Vec<SourceKey> = sources.iter().map(|stored| stored.source.info().key.clone()).collect();
        let looked = Arc::clone(&snapshot);
        // A search over many services would hold up this thread, which serves other requests, for too long.
        let looking = asking.off_thread_if_many(snapshot.facts().len(), move |still| {
            let asked = counted(&looked, asked, &live)?;
            Some((look(&looked, &asked, plan, &keys, today, still)?, asked))
        });
        let found = looking.await.flatten();
        let mut cannot = None;
        if found.is_none() {
            asking.failed();
            cannot = Some(damaged("its stored data cannot be searched", self.now()));
        }
        let (IndexMatches { hits, placing, matched }, counted) = match found {
            Some((found, counted)) => (found, Some(counted)),
            None => (IndexMatches::none_of(sources.len()), None),
        };
        let report = |(stored, matched): (&StoredSource<'_>, usize)| {
            let report = stored.report(matched, began.elapsed(), asking);
            match &cannot {
                Some(error) => report.failed(error.clone()),
                None => report,
            }
        };
        let reports = sources.iter().zip(matched).map(report).collect();
        Some((StoredMatches { snapshot, hits, placing, reports }, counted))
    }
}

impl IndexMatches {
    fn none_of(sources: usize) -> Self {
        Self { hits: Arc::default(), placing: HitOrder::Uncalled, matched: vec![0; sources] }
    }
}

/// Reads the phrases of a filter by the words of all services. Returns `None` if the words cannot be counted; the log
/// says why.
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

/// Finds the matching services and counts them by source. Returns `None` if the index cannot be searched; the log says
/// why.
fn look(
    snapshot: &CatalogueSnapshot,
    filter: &ServiceFilter,
    plan: SearchPlan,
    keys: &[SourceKey],
    today: NaiveDate,
    still: &StillAsked,
) -> Option<IndexMatches> {
    let asked = PreparedFilter::new(filter, snapshot.vocabulary(), today);
    let found = snapshot.find(&asked, &|| still.is_asked());
    let found = found.inspect_err(|error| tracing::error!(%error, "cannot search the catalogue")).ok()?;
    let are_in_order = found.by_source.is_some();
    let (mut hits, matched) = retain_of(keys, found, snapshot, today);
    let placing = placing(&mut hits, are_in_order, snapshot.facts(), plan, still);
    Some(IndexMatches { hits, placing, matched })
}

fn placing(
    hits: &mut Arc<Vec<ServiceHit>>,
    are_in_order: bool,
    facts: &FactsTable,
    plan: SearchPlan,
    still: &StillAsked,
) -> HitOrder {
    if plan.only_counts {
        return HitOrder::Uncalled;
    }
    if plan.is_by_name() && is_found_soon(plan.page_size, hits.len(), facts.len()) {
        if !are_in_order && !hits.is_sorted_by_key(|hit| hit.ordinal) {
            Arc::make_mut(hits).sort_unstable_by_key(|hit| hit.ordinal);
        }
        return HitOrder::ByName;
    }
    let leads = still.while_asked(hits.iter()).map(|hit| {
        plan.lead_by_score(|| hit.score).or_else(|| {
            let (facts, name) = facts.get_with_name(hit.ordinal)?;
            Some(plan.lead(|| facts, name, || hit.score))
        })
    });
    HitOrder::Leads(leads.map(Option::unwrap_or_default).collect())
}

/// Returns whether going through all services by name finds a page of matches sooner than sorting the matches would.
fn is_found_soon(page_size: usize, matching: usize, all: usize) -> bool {
    /// The cost of putting one match in order, as a multiple of the cost of skipping one service.
    const TO_ORDER: usize = 16;
    let wanted = page_size.min(matching) + 1;
    all.saturating_mul(wanted) <= matching.saturating_mul(matching).saturating_mul(TO_ORDER)
}

/// Returns the services of these sources, and how many each has.
fn retain_of(
    keys: &[SourceKey],
    found: FoundServices,
    snapshot: &CatalogueSnapshot,
    today: NaiveDate,
) -> (Arc<Vec<ServiceHit>>, Vec<usize>) {
    let FoundServices { mut hits, by_source } = found;
    let from = FacetViewpoint { today, terms: snapshot.vocabulary() };
    let sources = snapshot.facts().column(ServiceAspect::Of(FacetDimension::Source), from);
    let place = |said: &FacetKey| match said {
        FacetKey::Source(key) => keys.iter().position(|asked| asked == key),
        _ => None,
    };
    let places: Vec<Option<usize>> = sources.numbering().said().as_slice().iter().map(place).collect();
    let ordinals = hits.iter().map(|hit| hit.ordinal);
    let counts = by_source.unwrap_or_else(|| sources.counted(ordinals, places.len()).into());
    let mut matched = vec![0; keys.len()];
    for (place, count) in places.iter().zip(counts.iter()) {
        if let Some(of_source) = place.and_then(|place| matched.get_mut(place)) {
            *of_source += count;
        }
    }
    // Stored services of sources that are no longer configured are not shown.
    if matched.iter().sum::<usize>() < hits.len() {
        let is_asked = |number: u32| places.get(number as usize).is_some_and(Option::is_some);
        sources.retain_saying(Arc::make_mut(&mut hits), |hit| hit.ordinal, is_asked);
    }
    (hits, matched)
}
