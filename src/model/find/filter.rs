//! Filters over services: what a client asks, and what it means for a service to match. Decided only here; push-down
//! and indexes only narrow the candidates.

mod conditions;
mod narrowing;
mod outcome;
mod prepared;
mod relaxed;
mod taxonomy;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{
    AccessFilter, AgeRange, AskedPhrase, AskedPlace, AttendingType, CapacityFilter, Coordinates, CostFilter,
    EssentialDetail, GeoBox, IdentifierFilter, IssueFilter, LanguageCode, NearPoint, OpenFilter, OrderBy,
    RecordId, Service, ServiceStatus, SortOrder, SourceKey, TermGroup, TextQuery, WordRarity,
};

pub use narrowing::FilterNarrowing;
pub use prepared::{PreparedFilter, TextMatches};
pub use taxonomy::{TaxonomyTermRef, TaxonomyTermsFilter};
pub use verdict::{FilterMatch, FilterVerdict};

/// Conditions on services. All that are given must hold.
///
/// If a service does not state a fact that a condition needs, the result is unknown. `include_unknown` says whether
/// such services are kept. If it is `None`, each condition decides: by default a missing date of change or area keeps a
/// service, and any other missing fact drops it. A missing age bound means no limit; ages are unknown only if a bound
/// is stated but could not be read. A condition that asks nothing has no effect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFilter {
    /// Words that must occur.
    pub text: Option<TextQuery>,
    /// A phrase that the service must answer.
    pub ask: Option<AskedPhrase>,
    /// From one of these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// With one of these statuses.
    pub status: Option<Vec<ServiceStatus>>,
    /// For these ages.
    pub ages: Vec<AgeRange>,
    /// Provided by this organisation.
    pub organization: Option<RecordId>,
    /// Provided by an organisation with this registration number.
    pub organization_identifier: Option<IdentifierFilter>,
    /// Delivered at this location.
    pub location: Option<RecordId>,
    /// With a location near this point.
    pub near: Option<NearPoint>,
    /// With a location in this box.
    pub within_box: Option<GeoBox>,
    /// Covering this place.
    pub serves: Option<AskedPlace>,
    /// Open at this time.
    pub open: Option<OpenFilter>,
    /// With these taxonomy terms.
    pub taxonomy_terms: Option<TaxonomyTermsFilter>,
    /// With a term of one of these groups itself, rather than a narrower one.
    pub same_term: Vec<TermGroup>,
    /// At no more than this cost.
    pub cost: Option<CostFilter>,
    /// With these capacities.
    pub capacity: Option<CapacityFilter>,
    /// Offered in one of these languages.
    pub languages: Option<Vec<LanguageCode>>,
    /// With this access for disabled people.
    pub accessibility: Option<AccessFilter>,
    /// Attended in one of these ways.
    pub attending_types: Option<Vec<AttendingType>>,
    /// Changed at or after this instant.
    pub modified_since: Option<DateTime<Utc>>,
    /// Checked on or after this date.
    pub assured_since: Option<NaiveDate>,
    /// Like `assured_since`, but asked for as a duration before today.
    pub assured_within: Option<NaiveDate>,
    /// With such an issue in the record.
    pub has_issue: Option<IssueFilter>,
    /// Without any of these details.
    pub missing: Vec<EssentialDetail>,
    /// Whether services that do not state a fact are kept (`true`) or dropped (`false`). Inner filters inherit it
    /// unless they have their own.
    pub include_unknown: Option<bool>,
    /// All of these.
    pub and: Vec<ServiceFilter>,
    /// At least one of these, if there are any.
    pub or: Vec<ServiceFilter>,
    /// Not this.
    pub not: Option<Box<ServiceFilter>>,
}

impl ServiceFilter {
    /// Returns whether no record of `source` can match, so that the source need not be asked.
    pub fn rules_out(&self, source: &SourceKey) -> bool {
        let is_elsewhere = |id: &Option<RecordId>| id.as_ref().is_some_and(|id| id.source() != source);
        self.sources.as_ref().is_some_and(|keys| !keys.contains(source))
            || is_elsewhere(&self.organization)
            || is_elsewhere(&self.location)
            || self.and.iter().any(|filter| filter.rules_out(source))
            || (!self.or.is_empty() && self.or.iter().all(|filter| filter.rules_out(source)))
    }

    /// Returns the latest instant since which every match must have changed, for pushing down to feeds.
    pub fn must_be_modified_since(&self) -> Option<DateTime<Utc>> {
        let own = self.modified_since.filter(|_| self.include_unknown == Some(false));
        self.and.iter().filter_map(Self::must_be_modified_since).chain(own).max()
    }

    /// Returns whether this filter, or one inside it, asks about taxonomy terms.
    pub fn asks_for_terms(&self) -> bool {
        self.taxonomy_terms.is_some() || !self.same_term.is_empty() || self.within().any(Self::asks_for_terms)
    }

    /// Returns whether this filter, or one inside it, names terms in a way that requires the records of vocabularies.
    pub fn asks_for_vocabularies(&self) -> bool {
        let of_vocabulary = |term: &TaxonomyTermRef| match term {
            TaxonomyTermRef::Group(_) | TaxonomyTermRef::Uri(_) => true,
            TaxonomyTermRef::Code { taxonomy, .. } => taxonomy.is_some(),
            TaxonomyTermRef::Id(_) | TaxonomyTermRef::Name(_) => false,
        };
        let terms = self.taxonomy_terms.iter().flat_map(TaxonomyTermsFilter::references);
        terms.map(|(.., term)| term).any(of_vocabulary)
            || !self.same_term.is_empty()
            || self.within().any(Self::asks_for_vocabularies)
    }

    /// Returns all references in `taxonomyTerms` of this filter and those inside it, each with the name of its list and
    /// its index there.
    pub fn named_terms(&self) -> Vec<(&'static str, usize, &TaxonomyTermRef)> {
        let own = self.taxonomy_terms.iter().flat_map(TaxonomyTermsFilter::references);
        own.chain(self.within().flat_map(Self::named_terms)).collect()
    }

    /// Returns all groups in `sameTerm` of this filter and those inside it, each with its index there.
    pub fn named_groups(&self) -> Vec<(usize, &TermGroup)> {
        let own = self.same_term.iter().enumerate();
        own.chain(self.within().flat_map(Self::named_groups)).collect()
    }

    /// Returns whether this filter, or one inside it, depends on the record of the service's provider.
    pub fn asks_of_providers(&self) -> bool {
        let Self {
            text, ask, organization_identifier, taxonomy_terms, same_term, has_issue, missing, ..
        } = self;
        text.is_some()
            || ask.is_some()
            || organization_identifier.is_some()
            || taxonomy_terms.is_some()
            || !same_term.is_empty()
            || has_issue.is_some()
            || missing.contains(&EssentialDetail::TaxonomyTerms)
            || self.within().any(Self::asks_of_providers)
    }

    /// Returns whether this filter, or one inside it, asks for a registration number of the provider.
    pub fn asks_of_registration_numbers(&self) -> bool {
        self.throughout().any(|filter| filter.organization_identifier.is_some())
    }

    /// Returns whether this filter, or one inside it, includes narrower taxonomy terms.
    pub fn asks_for_narrower_terms(&self) -> bool {
        self.taxonomy_terms.as_ref().is_some_and(|terms| terms.include_descendants)
            || self.within().any(Self::asks_for_narrower_terms)
    }

    /// Returns the searches that every match must meet. Relevance is computed from these.
    pub fn texts(&self) -> impl Iterator<Item = &TextQuery> {
        self.throughout().filter_map(|filter| filter.text.as_ref())
    }

    /// Returns all searches in this filter and those inside it.
    pub fn all_texts(&self) -> Vec<&TextQuery> {
        self.text.iter().chain(self.within().flat_map(Self::all_texts)).collect()
    }

    /// Returns the phrases that every match must answer. Relevance is also computed from these.
    pub fn asks(&self) -> impl Iterator<Item = &AskedPhrase> {
        self.throughout().filter_map(|filter| filter.ask.as_ref())
    }

    /// Returns whether this filter, or one inside it, has a phrase.
    pub fn has_asks(&self) -> bool {
        self.ask.is_some() || self.within().any(Self::has_asks)
    }

    /// Returns the filter with all its phrases read again with the counts of the words that services use.
    #[must_use]
    pub fn counted(&self, counts: &dyn WordRarity) -> Self {
        let each = |filters: &[Self]| filters.iter().map(|filter| filter.counted(counts)).collect();
        Self {
            ask: self.ask.as_ref().map(|ask| ask.counted(counts)),
            and: each(&self.and),
            or: each(&self.or),
            not: self.not.as_ref().map(|filter| Box::new(filter.counted(counts))),
            ..self.clone()
        }
    }

    /// Returns whether matches have a relevance.
    pub fn is_ranked(&self) -> bool {
        self.texts().next().is_some() || self.asks().next().is_some()
    }

    /// Returns how well a service's words answer the searches and phrases that every match must meet, in tenths.
    pub fn tenths(&self, service: &Service) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "scores are far below 2^24")]
        let asks = self
            .asks()
            .filter_map(|ask| ask.reading().tenths(service.ask_text()))
            .map(|tenths| tenths as f32);
        self.texts().filter_map(|text| text.tenths(service.search_text())).chain(asks).sum()
    }

    /// Returns the circle that every match must be near; the first, if there are several. Distances are measured from
    /// its centre.
    pub fn nearby(&self) -> Option<NearPoint> {
        self.throughout().find_map(|filter| filter.near)
    }

    /// Returns whether a point lies in all boxes and circles in which every match must have a location.
    pub fn has_place_at(&self, point: Coordinates) -> bool {
        self.throughout().all(|filter| {
            filter.near.is_none_or(|near| near.holds(point))
                && filter.within_box.is_none_or(|bounds| bounds.holds(point))
        })
    }

    /// Returns this filter and all those inside it that every match must meet.
    fn throughout(&self) -> impl Iterator<Item = &Self> {
        let mut next = vec![self];
        std::iter::from_fn(move || {
            let filter = next.pop()?;
            next.extend(filter.and.iter().rev());
            Some(filter)
        })
    }

    /// Returns the order of matches if the client asks for none.
    pub fn natural_order(&self) -> SortOrder {
        let by = match (self.is_ranked(), self.nearby()) {
            (true, _) => OrderBy::Relevance,
            (false, Some(_)) => OrderBy::Distance,
            (false, None) => OrderBy::Name,
        };
        SortOrder { by, ..SortOrder::default() }
    }

    fn within(&self) -> impl Iterator<Item = &Self> {
        self.and.iter().chain(&self.or).chain(self.not.as_deref())
    }
}
