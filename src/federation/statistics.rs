//! Statistics: counts of the matching services in groups.

mod details;
mod dimension;
mod groups;
#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use chrono::NaiveDate;

use super::find::{MatchingServices, ServiceFinder};
use super::holding::Holdings;
use super::known_terms::UnknownTerm;
use super::labels::RecordLabels;
use super::query_context::StillAsked;
use super::ranking::SearchPlan;
use super::report::damaged;
use super::{QueryContext, SourceReport, WantedFacts};
use crate::model::{FacetDimension, FacetKey, GroupOrderBy, GroupPosition, RecordId, ServiceFilter};

pub use details::DetailsWanted;
pub use dimension::{DimensionsError, GroupDimensions};
pub use groups::GroupsWanted;

pub(super) use groups::{GroupsPage, ServiceGroups};

/// Services counted in groups.
#[derive(Clone, Debug, Default)]
pub struct GroupedStatistics {
    /// The number of all services that match.
    pub total_count: usize,
    /// The groups that were asked for, in order.
    pub rows: Vec<StatisticsRow>,
    /// The number of groups on all pages.
    pub total_rows: usize,
    /// Whether groups follow.
    pub has_next: bool,
    /// Whether groups come before.
    pub has_previous: bool,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
    /// The terms and vocabularies in the filter that no source has.
    pub unknown_terms: Vec<UnknownTerm>,
}

/// One group of services.
#[derive(Clone, Debug, PartialEq)]
pub struct StatisticsRow {
    /// What its services have in common, in the order of the dimensions.
    pub keys: Vec<GroupKey>,
    /// The number of services.
    pub services: usize,
    /// The number of organisations that run them. 0 if it was not asked for.
    pub organizations: usize,
    /// The number of their locations. 0 if it was not asked for.
    pub locations: usize,
    /// The median of the days since its services were last checked. `None` if none states it, or it was not asked for.
    pub median_assured_age_days: Option<f64>,
    /// Some of its services, at most as many as were asked for.
    pub examples: Vec<RecordId>,
    /// Its place in the order.
    pub position: GroupPosition,
}

/// What the services of a group have in common in one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKey {
    /// The dimension.
    pub dimension: FacetDimension,
    /// The code, key or id. `None` if the services have no value.
    pub value: Option<String>,
    /// A name for people, if there is one.
    pub label: Option<String>,
}

impl GroupedStatistics {
    /// Returns whether every source was considered in full.
    pub fn is_complete(&self) -> bool {
        self.reports.iter().all(|report| report.status.is_complete())
    }
}

/// Counts services by what they say.
pub struct ServiceCounter {
    pub(super) holdings: Arc<Holdings>,
    pub(super) services: ServiceFinder,
}

impl ServiceCounter {
    /// Counts the matching services of all sources in groups. `wanted` says which groups to return, and `details` what
    /// to find out of each beside its count.
    pub async fn statistics(
        &self,
        filter: &ServiceFilter,
        by: GroupDimensions,
        (wanted, details): (GroupsWanted, DetailsWanted),
        asking: &QueryContext,
    ) -> GroupedStatistics {
        let of_rows = by.iter().map(WantedFacts::of_dimension).fold(details.of_rows(), WantedFacts::or);
        let plan = SearchPlan::of_counts(by.needs_terms(wanted.order.by), of_rows);
        let matching = self.services.search(filter, plan, asking).await;
        let mut reports = matching.reports.clone();
        let unknown_terms = matching.unknown_terms(filter, asking).await;
        let today = self.holdings.today();
        let labels = self.holdings.labels(by.as_slice(), wanted.order).await;
        // Counting many services would hold up this thread, which serves other requests, for too long.
        let counting = asking.off_thread_if_many(matching.considered(), move |asked| {
            count(&matching, &by, (&wanted, details), today, &labels, asked)
        });
        let counted = counting.await;
        if counted.is_none() {
            asking.failed();
            let error = damaged("the matches could not be counted", self.holdings.now());
            reports = SourceReport::all_failed(reports, &error);
        }
        GroupedStatistics { reports, unknown_terms, ..counted.unwrap_or_default() }
    }
}

impl GroupDimensions {
    /// Returns whether counting by these dimensions takes the lists of terms.
    fn needs_terms(&self, by: GroupOrderBy) -> bool {
        self.iter().any(|dimension| match dimension {
            FacetDimension::TermGroup => true,
            FacetDimension::TaxonomyTerm => by == GroupOrderBy::Key,
            _ => false,
        })
    }
}

fn count(
    matching: &MatchingServices,
    by: &GroupDimensions,
    (wanted, details): (&GroupsWanted, DetailsWanted),
    today: NaiveDate,
    labels: &RecordLabels,
    asked: &StillAsked,
) -> GroupedStatistics {
    let found = matching.rows(today);
    let groups = ServiceGroups::of(&found, by, asked);
    let page = groups.page(wanted, labels.key(matching));
    let named = page.groups.iter().flat_map(|group| &group.position.values).filter_map(FacetKey::record);
    let records = matching.names_of(asked.while_asked(named));
    let details = groups.detailed(&page.groups, details);
    let rows = page.groups.iter().zip(details).map(|(group, detail)| {
        let keys = by.iter().zip(&group.position.values).map(|(dimension, value)| GroupKey {
            dimension,
            value: value.text(),
            label: labels.of(value, matching, &records),
        });
        StatisticsRow {
            keys: keys.collect(),
            services: group.position.services,
            organizations: detail.organizations,
            locations: detail.locations,
            median_assured_age_days: detail.median_assured_age_days,
            examples: detail.examples,
            position: group.position.clone(),
        }
    });
    GroupedStatistics {
        total_count: found.len(),
        rows: rows.collect(),
        total_rows: page.total,
        has_next: page.has_next,
        has_previous: page.has_previous,
        ..GroupedStatistics::default()
    }
}
