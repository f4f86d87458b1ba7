//! Searches all holdings for services: the catalogue and the lists of live sources at once.

use std::sync::Arc;

use futures_util::future::{join, join_all};

use super::asked_search::GatheredServices;
use super::matches::HeldMatches;
use super::{Holdings, StoredMatches};
use crate::federation::known_terms::are_all_complete;
use crate::federation::ranking::SearchPlan;
use crate::federation::{MatchingServices, QueryContext, SourceReport};
use crate::model::{AllCounts, PostcodePlaces, ServiceFilter, TermVocabulary, WordCounts};
use crate::source::FeedSource;

impl Holdings {
    pub(in crate::federation) async fn search(
        &self,
        filter: &ServiceFilter,
        plan: SearchPlan,
        places: &Arc<PostcodePlaces>,
        asking: &QueryContext,
    ) -> MatchingServices {
        let (gathered, stored, filter) = self.gather_and_search(filter, plan, places, asking).await;
        let (filter, today, now) = (Arc::new(filter), self.today(), self.now());
        let are_terms_listed = gathered.iter().all(GatheredServices::are_terms_listed);
        let mut live_terms = TermVocabulary::default();
        let mut held: Vec<Box<dyn HeldMatches>> = Vec::with_capacity(gathered.len() + 1);
        for (asked, terms) in join_all(gathered.into_iter().map(|one| one.decide(&filter, today))).await {
            live_terms.absorb(terms);
            held.push(Box::new(asked));
        }
        if let Some(stored) = stored {
            held.push(Box::new(stored));
        }
        let mut reports: Vec<SourceReport> = held.iter().flat_map(|found| found.reports(now)).collect();
        reports.sort_by_key(|report| self.sources.iter().position(|one| one.info().key == report.info.key));
        let terms = self.known_terms(live_terms, are_terms_listed && are_all_complete(&reports));
        MatchingServices { held, filter, reports, terms }
    }

    /// Reads what each live source has, without deciding which services match, and searches the catalogue. Also returns
    /// the filter, with its phrases read.
    async fn gather_and_search(
        &self,
        filter: &ServiceFilter,
        plan: SearchPlan,
        places: &Arc<PostcodePlaces>,
        asking: &QueryContext,
    ) -> (Vec<GatheredServices>, Option<StoredMatches>, ServiceFilter) {
        let may_match = |source: &FeedSource| !filter.rules_out(&source.info().key);
        let stored: Vec<_> = self.stored().filter(|stored| may_match(stored.source)).collect();
        let live = self.live().filter(|feed| may_match(feed.source));
        let gathering =
            join_all(live.map(|feed| feed.gather_services(filter, plan, Arc::clone(places), asking)));
        if !filter.has_asks() {
            let searching = self.search_stored(&stored, filter, Vec::new(), plan, asking);
            let (gathered, found) = join(gathering, searching).await;
            return (gathered, found.map(|(stored, _)| stored), filter.clone());
        }
        // How a phrase is read depends on the words of all services, so the words of live sources are needed first.
        let gathered = gathering.await;
        let live = word_counts(&gathered).await;
        let found = self.search_stored(&stored, filter, live.clone(), plan, asking).await;
        let (stored, counted) = found.unzip();
        let counted = counted.flatten().unwrap_or_else(|| filter.counted(&AllCounts::of(&live)));
        (gathered, stored, counted)
    }
}

async fn word_counts(gathered: &[GatheredServices]) -> Vec<Arc<WordCounts>> {
    let mut counts = Vec::with_capacity(gathered.len());
    for one in gathered {
        counts.push(one.word_counts().await);
    }
    counts
}
