//! Conditions on services.

use crate::graphql::context::FieldContext;
use crate::graphql::enums::ServiceStatus;
use std::cell::Cell;

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;

use super::accessibility::AccessibilityInput;
use super::capacity::CapacityInput;
use super::cost::CostInput;
use super::identifier::IdentifierInput;
use super::issue::IssueInput;
use super::missing::ServiceField;
use super::near::NearInput;
use super::open::OpenInput;
use super::place::PlaceInput;
use super::taxonomy_terms::TaxonomyTermsInput;
use super::within_box::BoxInput;
use super::{bounded, taxonomy_terms, text, words};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::{Date, DateTime, Duration};
use crate::model::{
    self, AgeRange, EssentialDetail, RecordKind, ServiceFilter, TaxonomyTermsFilter, london_today,
};

/// Conditions on services; all that are given must hold. `includeUnknown` decides whether services that lack the
/// information are kept. Filters nest at most 8 deep, and there may be at most 100 in all.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "ServiceFilter")]
pub(crate) struct ServiceFilterInput {
    /// Words that must all occur in names, description, eligibility, fees, alert, taxonomy terms, places or the
    /// organisation's name. Words match as stemmed English, or as the beginning of a word if they have three letters or
    /// more. `"Quoted phrases"` match in order. Text without words is ignored. At most 500 characters.
    text: Option<String>,
    /// A need in everyday words: "no one to talk to", "gran gets lost", "pack in smoking". Not every word has to occur,
    /// and words may be misspelt. Finds services by the terms that services use for that need, best match first;
    /// `edges.matches` shows which words matched. Text without words is ignored. At most 500 characters.
    ask: Option<String>,
    /// The keys of the sources to search. Default: all.
    sources: Option<Vec<String>>,
    /// Has one of these statuses. `ACTIVE` also matches services whose feed gives no status (`edges.unknown` then lists
    /// `status`), unless `includeUnknown` is false. Services with a status outside the standard's list are left out
    /// unless `includeUnknown` is true.
    status: Option<Vec<ServiceStatus>>,
    /// Is for people of this age, in years. A missing limit is no limit.
    age: Option<i32>,
    /// Is for these ages. A missing limit is no limit.
    ages: Option<AgeRangeInput>,
    /// Has a place near here. Services without a known place, online services among them, are left out unless
    /// `includeUnknown` is true. `place` tells how exact the position of a postcode is.
    near: Option<NearInput>,
    /// Has a place in this box. Services without a known place are left out unless `includeUnknown` is true.
    within_box: Option<BoxInput>,
    /// Covers this place: it lies in a declared service area. Being near is not enough. Services without a readable
    /// area are kept unless `includeUnknown` is false.
    serves: Option<PlaceInput>,
    /// Is open then. Services without structured times are left out unless `includeUnknown` is true. An empty object is
    /// ignored.
    open: Option<OpenInput>,
    /// Carries these taxonomy terms. An empty object is ignored.
    taxonomy_terms: Option<TaxonomyTermsInput>,
    /// Carries one of these terms, in any source: `key`s of `TaxonomyTermGroup`, e.g. from a facet. Narrower terms do
    /// not match, so the number of services equals the facet's count. At most 100. An empty list is ignored.
    same_term: Option<Vec<ID>>,
    /// Is run by the organisation with this `id`.
    organization: Option<ID>,
    /// Is run by an organisation with this registration number.
    organization_identifier: Option<IdentifierInput>,
    /// What it may cost. Services without a stated price are left out unless `includeUnknown` is true. An empty object
    /// is ignored.
    cost: Option<CostInput>,
    /// The capacity it must have. Services without stated capacities are left out unless `includeUnknown` is true. An
    /// empty object is ignored.
    capacity: Option<CapacityInput>,
    /// Is offered in one of these languages: ISO 639 or BCP 47 codes, or English names. English is not assumed:
    /// services that name no language are left out unless `includeUnknown` is true.
    languages: Option<Vec<String>>,
    /// Accessibility its place must have. Services without access statements are left out unless `includeUnknown` is
    /// true. An empty object is ignored.
    accessibility: Option<AccessibilityInput>,
    /// Can be attended in one of these ways, e.g. `online`, `phone`, `in_person`, `home-visit`, ignoring case, spaces
    /// and punctuation. A service that does not say, and has only virtual places, counts as `online`.
    attending_types: Option<Vec<String>>,
    /// Changed at or after this instant. A service without a modification date counts as changed when the gateway
    /// noticed that, if its source is synchronised. Of a live source it is kept unless `includeUnknown` is false.
    modified_since: Option<DateTime>,
    /// Checked by its publisher on or after this date. Services without that date are left out unless `includeUnknown`
    /// is true.
    assured_since: Option<Date>,
    /// Checked by its publisher within this time before today, in London time. Services without that date are left out
    /// unless `includeUnknown` is true.
    assured_within: Option<Duration>,
    /// Its record, or a record inside it, has such an issue: for publishers who correct their data. An empty object
    /// matches any issue.
    has_issue: Option<IssueInput>,
    /// Its record lacks all of these: for publishers who look for gaps. To match any of several, use `or`. An empty
    /// list is ignored.
    missing: Option<Vec<ServiceField>>,
    /// Whether to keep services that lack the information a condition asks about. Also applies to nested filters,
    /// unless they set it themselves. When left out, each condition follows its own rule.
    include_unknown: Option<bool>,
    /// All of these filters match as well.
    and: Option<Vec<ServiceFilterInput>>,
    /// At least one of these filters matches as well. An empty list is ignored.
    or: Option<Vec<ServiceFilterInput>>,
    /// This filter does not match. Unknown stays unknown.
    not: Option<Box<ServiceFilterInput>>,
}

/// A range of ages in years, both ends inclusive.
#[derive(Debug, InputObject)]
#[graphql(name = "AgeRangeInput")]
pub(crate) struct AgeRangeInput {
    /// The lowest age in years. Defaults to no lower bound.
    minimum: Option<i32>,
    /// The highest age in years. Defaults to no upper bound.
    maximum: Option<i32>,
    /// How this range relates to the ages the service is for.
    #[graphql(name = "match", default_with = "Some(RangeMatch::Overlaps)")]
    relation: Option<RangeMatch>,
}

/// How a range in a filter relates to a record's own range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::RangeMatch")]
pub(crate) enum RangeMatch {
    /// The ranges have at least one value in common.
    #[default]
    Overlaps,
    /// The record's range contains all of the filter's range.
    Covers,
    /// The record's range lies inside the filter's range.
    Within,
}

/// The deepest nesting of `and`, `or` and `not`.
const MAX_NESTING: usize = 8;

/// The most filters in one, including itself. Each is applied to every service.
const MAX_FILTERS: usize = 100;

impl ServiceFilterInput {
    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<ServiceFilter, ApiError> {
        self.nested(ctx, 1, &Cell::new(MAX_FILTERS))
    }

    /// Returns whether the filter, or one inside it, refers to a place by name.
    pub(crate) fn names_a_place(&self) -> bool {
        let within = |filters: &Option<Vec<Self>>| filters.iter().flatten().any(Self::names_a_place);
        self.near.as_ref().is_some_and(NearInput::is_by_name)
            || within(&self.and)
            || within(&self.or)
            || self.not.as_ref().is_some_and(|filter| filter.names_a_place())
    }

    fn nested(
        self,
        ctx: &FieldContext<'_>,
        level: usize,
        left: &Cell<usize>,
    ) -> Result<ServiceFilter, ApiError> {
        count_filter(level, left)?;
        let within = |filters: Option<Vec<Self>>| -> Result<Vec<_>, _> {
            filters.into_iter().flatten().map(|filter| filter.nested(ctx, level + 1, left)).collect()
        };
        let known = &ctx.federation().places;
        let (places, names) = (known.postcodes(), known.names());
        let organization = |id: ID| lookup::record_id("filter.organization", &id, RecordKind::Organization);
        Ok(ServiceFilter {
            text: text::search(self.text.as_deref())?,
            ask: text::phrase(ctx, self.ask.as_deref())?,
            sources: super::known_sources(ctx, "filter.sources", self.sources)?,
            status: bounded("filter.status", self.status)?
                .map(|wanted| wanted.into_iter().map(Into::into).collect()),
            ages: ages(self.age, self.ages)?,
            organization: self.organization.map(organization).transpose()?,
            near: self
                .near
                .map(|near| near.into_near(&places, &names, ctx.operation().places()))
                .transpose()?,
            within_box: self.within_box.map(BoxInput::into_box).transpose()?,
            serves: self.serves.map(|place| place.into_whereabouts(&places)).transpose()?,
            open: self.open.map(OpenInput::into_filter).transpose()?,
            organization_identifier: self.organization_identifier.map(IdentifierInput::into_filter),
            location: None,
            cost: self.cost.map(CostInput::into_filter).transpose()?,
            capacity: self.capacity.map(CapacityInput::into_filter).transpose()?,
            languages: words::languages(self.languages)?,
            accessibility: self.accessibility.map(AccessibilityInput::into_filter).transpose()?,
            attending_types: words::attending_types(self.attending_types)?,
            taxonomy_terms: asked_terms(self.taxonomy_terms)?,
            same_term: taxonomy_terms::same_term(self.same_term)?,
            modified_since: self.modified_since.map(|at| at.0),
            assured_since: self.assured_since.map(|date| date.0),
            assured_within: assured_within(ctx, self.assured_within)?,
            has_issue: self.has_issue.map(IssueInput::into_filter).transpose()?,
            missing: missing(self.missing)?,
            include_unknown: self.include_unknown,
            and: within(self.and)?,
            or: within(self.or)?,
            not: self.not.map(|filter| filter.nested(ctx, level + 1, left).map(Box::new)).transpose()?,
        })
    }
}

fn count_filter(level: usize, left: &Cell<usize>) -> Result<(), ApiError> {
    if level > MAX_NESTING {
        let message = format!("`filter` nests `and`, `or` and `not` deeper than {MAX_NESTING} levels");
        return Err(ApiError::bad_input(message));
    }
    let Some(still_left) = left.get().checked_sub(1) else {
        let message = format!("`filter` contains more than {MAX_FILTERS} filters");
        return Err(ApiError::bad_input(message));
    };
    left.set(still_left);
    Ok(())
}

fn missing(fields: Option<Vec<ServiceField>>) -> Result<Vec<EssentialDetail>, ApiError> {
    Ok(bounded("filter.missing", fields)?.into_iter().flatten().map(Into::into).collect())
}

fn ages(age: Option<i32>, range: Option<AgeRangeInput>) -> Result<Vec<AgeRange>, ApiError> {
    if age.is_some_and(|age| age < 0) {
        return Err(ApiError::bad_input("`filter.age` must not be negative"));
    }
    // An empty range is ignored, as every empty object.
    let range = range.filter(|range| range.minimum.is_some() || range.maximum.is_some());
    let person = age.map(|age| Ok(AgeRange::of_person(age.into())));
    person.into_iter().chain(range.map(AgeRangeInput::into_range)).collect()
}

// Lists without terms have no effect.
fn asked_terms(input: Option<TaxonomyTermsInput>) -> Result<Option<TaxonomyTermsFilter>, ApiError> {
    let asked = input.map(TaxonomyTermsInput::into_filter).transpose()?;
    Ok(asked.filter(|asked| !asked.is_empty()))
}

impl AgeRangeInput {
    fn into_range(self) -> Result<AgeRange, ApiError> {
        let Self { minimum, maximum, relation } = self;
        if [minimum, maximum].into_iter().flatten().any(|age| age < 0) {
            return Err(ApiError::bad_input("`filter.ages` must not be negative"));
        }
        if minimum.zip(maximum).is_some_and(|(minimum, maximum)| minimum > maximum) {
            return Err(ApiError::bad_input(
                "`filter.ages.minimum` must not be greater than `filter.ages.maximum`",
            ));
        }
        let relation = relation.unwrap_or_default().into();
        Ok(AgeRange { minimum: minimum.map(f64::from), maximum: maximum.map(f64::from), relation })
    }
}

fn assured_within(ctx: &FieldContext<'_>, within: Option<Duration>) -> Result<Option<NaiveDate>, ApiError> {
    let today = london_today(ctx.federation().clock().now());
    let too_long = || ApiError::bad_input("`filter.assuredWithin` reaches too far back");
    within.map(|within| within.before(today).ok_or_else(too_long)).transpose()
}
