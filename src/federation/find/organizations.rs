//! Lists of organisations.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use super::RecordLists;
use super::search_text;
use crate::federation::report::{damaged, mark_lacking};
use crate::federation::source_matches::SourceMatches;
use crate::federation::{PageRequest, QueryContext, RecordPage, SourceError};
use crate::model::{
    CarriedMembers, IdentifierFacts, IdentifierFilter, IssueCode, IssueFilter, Organization,
    OrganizationField, RichText, SearchText, SourceKey, TextQuery, TriState, UnsaidFields,
};

/// Conditions on organisations. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct OrganizationFilter {
    /// The words that must occur in the names or description.
    pub text: Option<TextQuery>,
    /// Only organisations of these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Only organisations with this registration number.
    pub identifier: Option<IdentifierFilter>,
    /// Only organisations with one of these issues in their record.
    pub has_issue: Option<IssueFilter>,
    /// Only organisations that leave out all of these fields.
    pub missing: Vec<OrganizationField>,
    /// Only organisations changed at or after this instant, and those that do not say when they changed.
    pub modified_since: Option<DateTime<Utc>>,
}

/// The parts of organisations that a query selects and that list rows, or services that name the organisation, may
/// leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedOfOrganizations {
    /// Nested members.
    pub nested: CarriedMembers,
    /// Other fields.
    pub fields: UnsaidFields,
}

impl WantedOfOrganizations {
    /// Returns whether an organisation lacks any of these parts, though its detail may have them.
    pub fn is_lacking_in(self, organization: &Organization) -> bool {
        organization.provenance.shallow
            && (!organization.carried.covers(self.nested)
                || !self.fields.and(UnsaidFields::by(organization)).is_empty())
    }
}

impl RecordLists {
    /// Lists organisations over all sources. Completes those of the page from their details, if parts are wanted that
    /// they lack.
    pub async fn organizations(
        &self,
        filter: &OrganizationFilter,
        page: &PageRequest,
        wanted: WantedOfOrganizations,
        asking: &QueryContext,
    ) -> RecordPage<Arc<Organization>> {
        let considered = self.considered_organizations(filter, asking).await;
        let mut connection = self.connect(considered.iter(), page);
        let completed = |one: Arc<Organization>| async move {
            if wanted.is_lacking_in(&one) {
                self.holdings.organization_in_detail(&one, asking).await
            } else {
                one
            }
        };
        connection.records =
            join_all(std::mem::take(&mut connection.records).into_iter().map(completed)).await;
        let lacking = connection.records.iter().filter(|one| wanted.is_lacking_in(one) && is_lacking(one));
        let lacking: BTreeSet<SourceKey> = lacking.map(|one| one.id.source().clone()).collect();
        let error = self.without_details();
        lacking.iter().for_each(|source| mark_lacking(&mut connection.reports, source, &error));
        connection
    }

    pub(in crate::federation) async fn considered_organizations(
        &self,
        filter: &OrganizationFilter,
        asking: &QueryContext,
    ) -> Vec<SourceMatches<Organization>> {
        let is_asked = |key: &SourceKey| filter.sources.as_ref().is_none_or(|keys| keys.contains(key));
        self.consider_each(is_asked, |source| async {
            let considered = self.holdings.list::<Organization>(source, asking).await;
            let mut considered = considered.holding(filter.text.as_ref(), words).await;
            if filter.asks_of_details() {
                // Lists leave out registration numbers, and do not show what else they leave out. Detail pages have
                // both.
                let all = considered.matches.as_slice().iter();
                let deep = join_all(all.map(|one| self.holdings.organization_in_detail(one, asking))).await;
                let is_lacking = deep.iter().any(|one| is_lacking(one));
                considered.replace(deep);
                if is_lacking {
                    // Whether the organisations without a detail match is not known.
                    considered.lacks(Some(self.without_details()), asking);
                }
            }
            considered.retain(|organization| filter.matches(organization)).await
        })
        .await
    }

    fn without_details(&self) -> SourceError {
        damaged("cannot read the detail pages of organisations", self.holdings.now())
    }
}

impl OrganizationFilter {
    fn asks_of_details(&self) -> bool {
        self.identifier.is_some() || self.has_issue.is_some() || !self.missing.is_empty()
    }

    /// Returns whether all conditions hold, except the one on words.
    fn matches(&self, organization: &Organization) -> bool {
        self.identifier
            .as_ref()
            .is_none_or(|asked| IdentifierFacts::of(organization).matches(asked) == TriState::Yes)
            && self
                .has_issue
                .as_ref()
                .is_none_or(|asked| asked.is_any_of("", &organization.provenance.issues))
            && self.missing.iter().all(|field| field.is_missing_in(organization))
            && self.modified_since.is_none_or(|since| {
                organization.provenance.last_modified.is_none_or(|modified| modified >= since)
            })
    }
}

fn is_lacking(organization: &Organization) -> bool {
    organization.provenance.issues.iter().any(|issue| issue.code == IssueCode::DetailUnavailable)
}

fn words(organization: &Organization) -> SearchText {
    let Organization { name, alternate_name, description, .. } = organization;
    search_text(&[Some(name.as_str()), alternate_name.as_deref(), description.as_ref().map(RichText::text)])
}
