//! What decides the place of a service in the order asked for.

use super::{ServiceQuery, WantedFacts};
use crate::model::{NearPoint, OrderBy, ServiceFacts, ServiceFilter, SortOrder, SortPrefix};

/// What a search needs to know beside its filter.
#[derive(Clone, Copy, Debug)]
pub(super) struct SearchPlan {
    pub order: SortOrder,
    /// The number of matches wanted in that order.
    pub page_size: usize,
    /// The circle whose centre distances are measured from.
    pub near: Option<NearPoint>,
    /// Whether matches are scored by their words.
    pub is_ranked: bool,
    /// Whether counting the matches takes the lists of terms.
    pub by_terms: bool,
    /// Whether matches are only counted, and never sorted.
    pub only_counts: bool,
    /// What the order and the counts need of every match.
    pub wanted: WantedFacts,
}

impl SearchPlan {
    pub(super) fn of(query: &ServiceQuery) -> Self {
        let by_terms = query.facets.by_terms;
        let in_order = Self::of_all(&query.filter, query.order);
        let wanted = in_order.wanted.or(WantedFacts::of_counts(query.facets, query.grids));
        Self { page_size: query.page.size, by_terms, wanted, ..in_order }
    }

    pub(super) fn of_all(filter: &ServiceFilter, order: SortOrder) -> Self {
        let (near, is_ranked) = (filter.nearby(), filter.is_ranked());
        let wanted = WantedFacts::of_order(order.by);
        Self { order, page_size: usize::MAX, near, is_ranked, by_terms: false, only_counts: false, wanted }
    }

    pub(super) fn of_counts(by_terms: bool, wanted: WantedFacts) -> Self {
        let order = SortOrder::default();
        Self { order, page_size: 0, near: None, is_ranked: false, by_terms, only_counts: true, wanted }
    }

    /// Returns whether the order is the one that lists and the catalogue are sorted in.
    pub(super) fn is_by_name(self) -> bool {
        self.order == SortOrder::default()
    }

    /// Returns what decides a service's place before its name does.
    pub(super) fn lead<'f>(
        self,
        facts: impl FnOnce() -> &'f ServiceFacts,
        name: SortPrefix,
        score: impl FnOnce() -> f32,
    ) -> SortPrefix {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact for some 285,000 years")]
        let value = match self.order.by {
            OrderBy::Name | OrderBy::Source => return name,
            OrderBy::Relevance => return self.lead_of_score(score),
            OrderBy::Distance => {
                self.near.and_then(|near| facts().points.nearest(near.centre)).map(|nearest| nearest.metres)
            }
            OrderBy::LastModified => facts().last_modified.map(|at| at.timestamp_millis() as f64),
            OrderBy::AssuredDate => {
                facts().assured_date.map(|date| f64::from(chrono::Datelike::num_days_from_ce(&date)))
            }
        };
        self.order.lead(value)
    }

    /// Like [`Self::lead`], if the score alone decides. Otherwise returns `None`.
    pub(super) fn lead_by_score(self, score: impl FnOnce() -> f32) -> Option<SortPrefix> {
        (self.order.by == OrderBy::Relevance).then(|| self.lead_of_score(score))
    }

    fn lead_of_score(self, score: impl FnOnce() -> f32) -> SortPrefix {
        // Scores are tenths. Sums of them in another order may differ by less.
        self.order.lead(self.is_ranked.then(|| f64::from(score() * 10.0).round()))
    }
}
