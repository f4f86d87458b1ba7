//! What groups are called, and where they stand among others by that.

use std::collections::HashMap;
use std::sync::Arc;

use super::Federation;
use super::find::Matching;
use crate::model::{
    Dimension, GroupOrder, GroupOrderBy, LanguageCode, OrderKey, Organization, Recency, RecordId, RecordKind,
    Said, SortKey, SourceKey,
};
use crate::source::Set;

/// The names of sources and organisations.
#[derive(Default)]
pub(super) struct Labels {
    sources: HashMap<SourceKey, String>,
    /// The organisations of synchronised sources, where groups are put in the order of their names.
    organizations: HashMap<SourceKey, Arc<Set<Organization>>>,
}

impl Federation {
    /// What groups by these dimensions are called, with what putting them in this order takes.
    pub(super) async fn labels(&self, by: &[Dimension], order: GroupOrder) -> Labels {
        let names = self.sources.iter().map(|source| (source.info().key.clone(), source.info().name.clone()));
        let mut labels = Labels { sources: names.collect(), ..Labels::default() };
        if order.by == GroupOrderBy::Key && by.contains(&Dimension::Organization) {
            for source in self.sources.iter().filter(|source| self.is_kept(source)) {
                let set = self.kept_set::<Organization>(source).await.value;
                labels.organizations.extend(set.map(|set| (source.info().key.clone(), set)));
            }
        }
        labels
    }
}

impl Labels {
    /// The name of what is said, for people; `records` has those of organisations and terms.
    pub(super) fn of(
        &self,
        said: &Said,
        matching: &Matching,
        records: &HashMap<&RecordId, String>,
    ) -> Option<String> {
        match said {
            Said::Record(id) => records.get(id).cloned(),
            said => self.own_name(said, matching).map(str::to_owned),
        }
    }

    /// Where what is said stands among all that can be said.
    pub(super) fn key<'m>(&'m self, matching: &'m Matching) -> impl Fn(&Said) -> SortKey {
        let live: HashMap<&RecordId, &OrderKey> = matching.live_organizations().collect();
        move |said| match said {
            Said::PostcodeArea(area) => SortKey::by_name(Some(area)),
            Said::Record(id) if id.kind() == RecordKind::Organization => {
                let kept = self.organizations.get(id.source()).and_then(|set| set.get(id.upstream()));
                let name = kept.map(|organization| &organization.order_key).or_else(|| live.get(id).copied());
                name.map_or(SortKey::Unnamed, |name| SortKey::Name(name.clone()))
            }
            said => SortKey::by_rank(said).unwrap_or_else(|| SortKey::by_name(self.own_name(said, matching))),
        }
    }

    /// The name of what needs no reading for it.
    fn own_name<'m>(&'m self, said: &'m Said, matching: &'m Matching) -> Option<&'m str> {
        match said {
            Said::Source(key) => self.sources.get(key).map(String::as_str),
            Said::Record(id) => matching.terms().name_of(id),
            Said::TermGroup(group) => matching.terms().group_name(group),
            Said::Language(code) => Some(LanguageCode::name(*code)),
            Said::LocalAuthority(code) => code.name(),
            Said::Freshness(recency) => Some(Recency::label(*recency)),
            _ => None,
        }
    }
}
