//! What somebody asks of services, and what it means for a service to match: the one home of that meaning.
//! Push-down and indexes only narrow the candidates.

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

/// Conditions on services; all that are given must hold.
///
/// A service that does not state a fact asked about is neither a match nor a miss but unknown. Whether unknown
/// ones are kept is `include_unknown`'s business, or, where that is not given, each condition's own: by default
/// a missing time of change or area keeps a service and any other missing fact drops it. A missing age bound is no
/// bound; ages are unknown only if a bound is stated and could not be read. A condition that asks nothing is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFilter {
    /// Words that must occur.
    pub text: Option<TextQuery>,
    /// A phrase that must be answered.
    pub ask: Option<AskedPhrase>,
    /// Only these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// One of these states.
    pub status: Option<Vec<ServiceStatus>>,
    /// Ages it must be for.
    pub ages: Vec<AgeRange>,
    /// Run by this organisation.
    pub organization: Option<RecordId>,
    /// Run by an organisation with this registration number.
    pub organization_identifier: Option<IdentifierFilter>,
    /// Delivered at this location.
    pub location: Option<RecordId>,
    /// With a place near here.
    pub near: Option<NearPoint>,
    /// With a place in this box.
    pub within_box: Option<GeoBox>,
    /// Covering this place.
    pub serves: Option<AskedPlace>,
    /// Open then.
    pub open: Option<OpenFilter>,
    /// Annotated with these terms.
    pub taxonomy_terms: Option<TaxonomyTermsFilter>,
    /// Annotated with a term of one of these groups, and not only with one narrower than it.
    pub same_term: Vec<TermGroup>,
    /// Costs no more than this.
    pub cost: Option<CostFilter>,
    /// With so much of its capacities free.
    pub capacity: Option<CapacityFilter>,
    /// Spoken in one of these languages.
    pub languages: Option<Vec<LanguageCode>>,
    /// With access for disabled people.
    pub accessibility: Option<AccessFilter>,
    /// Attended in one of these ways.
    pub attending_types: Option<Vec<AttendingType>>,
    /// Changed at or after this instant.
    pub modified_since: Option<DateTime<Utc>>,
    /// Checked on or after this date.
    pub assured_since: Option<NaiveDate>,
    /// The same, where it was asked for as a time before today.
    pub assured_within: Option<NaiveDate>,
    /// With such an issue in its record.
    pub has_issue: Option<IssueFilter>,
    /// Leaving out all of these.
    pub missing: Vec<EssentialDetail>,
    /// Keep (true) or drop (false) services that do not state a fact asked about; given to the filters within,
    /// unless they say otherwise.
    pub include_unknown: Option<bool>,
    /// All of these.
    pub and: Vec<ServiceFilter>,
    /// At least one of these, where there are any.
    pub or: Vec<ServiceFilter>,
    /// Not this.
    pub not: Option<Box<ServiceFilter>>,
}

impl ServiceFilter {
    /// Whether no record of `source` can match, so that it need not be asked.
    pub fn rules_out(&self, source: &SourceKey) -> bool {
        let is_elsewhere = |id: &Option<RecordId>| id.as_ref().is_some_and(|id| id.source() != source);
        self.sources.as_ref().is_some_and(|keys| !keys.contains(source))
            || is_elsewhere(&self.organization)
            || is_elsewhere(&self.location)
            || self.and.iter().any(|filter| filter.rules_out(source))
            || (!self.or.is_empty() && self.or.iter().all(|filter| filter.rules_out(source)))
    }

    /// The latest instant that every match must have been changed since; for pushing down.
    pub fn must_be_modified_since(&self) -> Option<DateTime<Utc>> {
        let own = self.modified_since.filter(|_| self.include_unknown == Some(false));
        self.and.iter().filter_map(Self::must_be_modified_since).chain(own).max()
    }

    /// Whether it, or a filter within, asks about taxonomy terms.
    pub fn asks_for_terms(&self) -> bool {
        self.taxonomy_terms.is_some() || !self.same_term.is_empty() || self.within().any(Self::asks_for_terms)
    }

    /// Whether it, or a filter within, names terms by what the records of their vocabularies say.
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

    /// All terms that it, and the filters within, name in `taxonomyTerms`: each with the list that it stands in and its
    /// place there.
    pub fn named_terms(&self) -> Vec<(&'static str, usize, &TaxonomyTermRef)> {
        let own = self.taxonomy_terms.iter().flat_map(TaxonomyTermsFilter::references);
        own.chain(self.within().flat_map(Self::named_terms)).collect()
    }

    /// All groups of terms that it, and the filters within, name in `sameTerm`: each with its place there.
    pub fn named_groups(&self) -> Vec<(usize, &TermGroup)> {
        let own = self.same_term.iter().enumerate();
        own.chain(self.within().flat_map(Self::named_groups)).collect()
    }

    /// Whether it, or a filter within, asks about what the provider of a service says of itself.
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

    /// Whether it, or a filter within, has taxonomy terms stand for those narrower than them.
    pub fn asks_for_narrower_terms(&self) -> bool {
        self.taxonomy_terms.as_ref().is_some_and(|terms| terms.include_descendants)
            || self.within().any(Self::asks_for_narrower_terms)
    }

    /// The texts that every match must hold: what relevance is judged by.
    pub fn texts(&self) -> impl Iterator<Item = &TextQuery> {
        self.throughout().filter_map(|filter| filter.text.as_ref())
    }

    /// All texts it asks for, wherever.
    pub fn all_texts(&self) -> Vec<&TextQuery> {
        self.text.iter().chain(self.within().flat_map(Self::all_texts)).collect()
    }

    /// The phrases that every match must answer: what relevance is judged by, too.
    pub fn asks(&self) -> impl Iterator<Item = &AskedPhrase> {
        self.throughout().filter_map(|filter| filter.ask.as_ref())
    }

    /// Whether it, or a filter within, asks a phrase.
    pub fn has_asks(&self) -> bool {
        self.ask.is_some() || self.within().any(Self::has_asks)
    }

    /// The same filter with its phrases, wherever they stand in it, read by the words that services say.
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

    /// Whether matches are ranked by their words.
    pub fn is_ranked(&self) -> bool {
        self.texts().next().is_some() || self.asks().next().is_some()
    }

    /// How well a service's words answer all that every match must hold, in tenths.
    pub fn tenths(&self, service: &Service) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "scores are far below 2^24")]
        let asks = self
            .asks()
            .filter_map(|ask| ask.reading().tenths(service.ask_text()))
            .map(|tenths| tenths as f32);
        self.texts().filter_map(|text| text.tenths(service.search_text())).chain(asks).sum()
    }

    /// Where every match must be near: what distance is counted from. Of several, the first.
    pub fn nearby(&self) -> Option<NearPoint> {
        self.throughout().find_map(|filter| filter.near)
    }

    /// Whether a point lies wherever every match must have a place: in all boxes and circles.
    pub fn has_place_at(&self, point: Coordinates) -> bool {
        self.throughout().all(|filter| {
            filter.near.is_none_or(|near| near.holds(point))
                && filter.within_box.is_none_or(|bounds| bounds.holds(point))
        })
    }

    /// It and all filters within that every match must meet.
    fn throughout(&self) -> impl Iterator<Item = &Self> {
        let mut next = vec![self];
        std::iter::from_fn(move || {
            let filter = next.pop()?;
            next.extend(filter.and.iter().rev());
            Some(filter)
        })
    }

    /// The order its matches come in where none is asked for.
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
