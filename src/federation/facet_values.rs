//! Facets by any dimension, page by page: how many of the services that a search found have each value.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::find::MatchingServices;
use super::known_terms::GroupedTerm;
use super::labels::RecordLabels;
use super::query_context::StillAsked;
use super::rows::MatchedRows;
use super::statistics::{GroupsPage, ServiceCounter, ServiceGroups};
use super::{GroupDimensions, GroupsWanted, QueryContext};
use crate::model::{FacetDimension, FacetKey, GroupOrder, GroupPosition, RecordId, TermGroup};

/// A page of the values that the services found have in one dimension.
#[derive(Debug, Default)]
pub struct FacetValues {
    /// The values, in order.
    pub values: Vec<CountedValue>,
    /// The number of values on all pages.
    pub total: usize,
    /// Whether values follow.
    pub has_next: bool,
    /// Whether values come before.
    pub has_previous: bool,
}

/// A value that services have.
#[derive(Clone, Debug)]
pub struct CountedValue {
    /// The code, key or id.
    pub value: Option<String>,
    /// A name for people, if there is one.
    pub label: Option<String>,
    /// The number of services that have it.
    pub services: usize,
    /// Its place in the order.
    pub position: GroupPosition,
    /// The group, if the value is a group of equal terms.
    pub group: Option<GroupedTerm>,
    /// The terms of that group that the services have, each with the number of services, the most frequent first.
    pub terms: Vec<(RecordId, usize)>,
}

impl ServiceCounter {
    /// Counts the values that the services found have in one dimension, without services that have none. If
    /// `vocabulary` is given, only terms of that vocabulary count. Returns `None` if counting was interrupted.
    pub async fn facet_values(
        &self,
        matching: &Arc<MatchingServices>,
        dimension: FacetDimension,
        vocabulary: Option<String>,
        wanted: GroupsWanted,
        asking: &QueryContext,
    ) -> Option<FacetValues> {
        let by = GroupDimensions::new(vec![dimension]).ok()?;
        let labels = self.holdings.labels(by.as_slice(), wanted.order).await;
        let (today, matching) = (self.holdings.today(), Arc::clone(matching));
        let considered = matching.considered();
        let counting = asking.off_thread_if_many(considered, move |asked| {
            let counting = Counting { matching: &matching, labels: &labels, today, asked };
            counting.values(&by, vocabulary.as_deref(), &wanted)
        });
        let counted = counting.await;
        if counted.is_none() {
            asking.failed();
        }
        counted
    }
}

struct Counting<'c> {
    matching: &'c MatchingServices,
    labels: &'c RecordLabels,
    today: NaiveDate,
    asked: &'c StillAsked,
}

impl Counting<'_> {
    fn values(&self, by: &GroupDimensions, vocabulary: Option<&str>, wanted: &GroupsWanted) -> FacetValues {
        let found = self.matching.rows(self.today);
        let mut groups = ServiceGroups::of(&found, by, self.asked);
        match vocabulary {
            None => groups.retain(|_| true),
            Some(vocabulary) => {
                let terms = self.matching.terms();
                let (is_term, is_group) = (terms.those_of(vocabulary), terms.groups_of(vocabulary));
                groups.retain(|said| match said {
                    FacetKey::Record(id) => is_term(id),
                    FacetKey::TermGroup(group) => is_group(group),
                    _ => true,
                });
            }
        }
        let GroupsPage { groups, total, has_next, has_previous } =
            groups.page(wanted, self.labels.key(self.matching));
        let positions: Vec<GroupPosition> = groups.into_iter().map(|group| group.position).collect();
        FacetValues { values: self.described(&found, positions), total, has_next, has_previous }
    }

    fn described(&self, found: &MatchedRows<'_>, positions: Vec<GroupPosition>) -> Vec<CountedValue> {
        let said = |position: &GroupPosition| position.values.first().cloned().unwrap_or(FacetKey::Nothing);
        let all: Vec<FacetKey> = positions.iter().map(said).collect();
        let records = self.matching.names_of(all.iter().filter_map(FacetKey::record));
        let mut terms = self.terms_within(found, &all);
        let each = positions.into_iter().zip(&all).map(|(position, said)| {
            let group = match said {
                FacetKey::TermGroup(group) => Some(group),
                _ => None,
            };
            CountedValue {
                value: said.text(),
                label: self.labels.of(said, self.matching, &records),
                services: position.services,
                position,
                group: group.map(|group| self.matching.terms().grouped(group)),
                terms: group.and_then(|group| terms.remove(group)).unwrap_or_default(),
            }
        });
        each.collect()
    }

    fn terms_within(
        &self,
        found: &MatchedRows<'_>,
        all: &[FacetKey],
    ) -> HashMap<TermGroup, Vec<(RecordId, usize)>> {
        let groups = all.iter().filter_map(|said| match said {
            FacetKey::TermGroup(group) => Some((group.clone(), Vec::new())),
            _ => None,
        });
        let mut within: HashMap<TermGroup, Vec<(RecordId, usize)>> = groups.collect();
        if within.is_empty() {
            return within;
        }
        for (said, count) in found.most_said(FacetDimension::TaxonomyTerm.into(), usize::MAX) {
            if let FacetKey::Record(id) = said
                && let Some(terms) = within.get_mut(&self.matching.terms().group_of(&id))
            {
                terms.push((id, count));
            }
        }
        within
    }
}

impl GroupsWanted {
    /// Returns the first groups, the ones with the most services first.
    pub fn most_frequent(first: usize) -> Self {
        Self { order: GroupOrder::default(), after: None, first }
    }
}
