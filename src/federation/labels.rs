//! The labels of groups, and the order of groups by label.

use std::collections::HashMap;
use std::sync::Arc;

use super::find::MatchingServices;
use super::holding::Holdings;
use crate::model::{
    FacetDimension, FacetKey, GroupOrder, GroupOrderBy, LanguageCode, OrderKey, Organization, RecencyBand,
    RecordId, RecordKind, SortKey, SourceKey,
};
use crate::source::RecordSet;

#[derive(Default)]
pub(super) struct RecordLabels {
    sources: HashMap<SourceKey, String>,
    /// The organisations of synchronised sources, if groups are sorted by their names.
    organizations: HashMap<SourceKey, Arc<RecordSet<Organization>>>,
}

impl Holdings {
    /// Collects what it takes to label groups by these dimensions, and to sort them in this order.
    pub(super) async fn labels(&self, by: &[FacetDimension], order: GroupOrder) -> RecordLabels {
        let infos = self.sources().iter().map(|source| source.info());
        let names = infos.map(|info| (info.key.clone(), info.name.clone()));
        let mut labels = RecordLabels { sources: names.collect(), ..RecordLabels::default() };
        if order.by == GroupOrderBy::Key && by.contains(&FacetDimension::Organization) {
            for stored in self.stored() {
                let set = stored.list::<Organization>().await.value;
                labels.organizations.extend(set.map(|set| (stored.source.info().key.clone(), set)));
            }
        }
        labels
    }
}

impl RecordLabels {
    /// Returns a label for a value. `records` has the names of organisations and terms.
    pub(super) fn of(
        &self,
        said: &FacetKey,
        matching: &MatchingServices,
        records: &HashMap<&RecordId, String>,
    ) -> Option<String> {
        match said {
            FacetKey::Record(id) => records.get(id).cloned(),
            said => self.own_name(said, matching).map(str::to_owned),
        }
    }

    /// Returns a function that gives the sort key of a value.
    pub(super) fn key<'m>(&'m self, matching: &'m MatchingServices) -> impl Fn(&FacetKey) -> SortKey {
        let live: HashMap<&RecordId, &OrderKey> = matching.live_organizations().collect();
        move |said| match said {
            FacetKey::PostcodeArea(area) => SortKey::by_name(Some(area)),
            FacetKey::Record(id) if id.kind() == RecordKind::Organization => {
                let listed = self.organizations.get(id.source()).and_then(|set| set.get(id.upstream()));
                match (listed, live.get(id)) {
                    (Some(organization), _) => SortKey::Name(organization.order_key.clone()),
                    (None, Some(name)) => SortKey::Name((*name).clone()),
                    (None, None) => SortKey::Unnamed,
                }
            }
            said => SortKey::by_rank(said).unwrap_or_else(|| SortKey::by_name(self.own_name(said, matching))),
        }
    }

    /// Returns the name of a value that can be named without reading a record.
    fn own_name<'m>(&'m self, said: &'m FacetKey, matching: &'m MatchingServices) -> Option<&'m str> {
        match said {
            FacetKey::Source(key) => self.sources.get(key).map(String::as_str),
            FacetKey::Record(id) => matching.terms().name_of(id),
            FacetKey::TermGroup(group) => matching.terms().group_name(group),
            FacetKey::Language(code) => Some(LanguageCode::name(*code)),
            FacetKey::LocalAuthority(code) => code.name(),
            FacetKey::Freshness(recency) => Some(RecencyBand::label(*recency)),
            _ => None,
        }
    }
}
