//! What is asked of services.

use crate::graphql::context::FieldContext;
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
use crate::graphql::types::ServiceStatus;
use crate::model::{self, AgeRange, Essential, RecordKind, ServiceFilter, TaxonomyTermsFilter, london_today};

/// Conditions on services; all that are given must hold. A service that does not state a fact asked about is
/// kept or dropped as `includeUnknown` says. Filters nest at most 8 deep and are at most 100 in all.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "ServiceFilter")]
pub(crate) struct ServiceFilterInput {
    /// Words that must all occur in names, description, eligibility, fees, alert, taxonomy terms, places or the
    /// organisation's name: as stemmed English, or as beginnings of three letters or more; `"quoted phrases"`
    /// keep their order. A text without words is no condition; at most 500 characters.
    text: Option<String>,
    /// What somebody needs, as they would say it: "no one to talk to", "gran gets lost", "pack in smoking". Words need not
    /// all occur, and may be misspelt; services are found by what they call it, and those that answer best come first.
    /// `edges.matches` says by which words each was found. A phrase without words is no condition; at most 500 characters.
    ask: Option<String>,
    /// Keys of the sources to ask. Left out, all are asked.
    sources: Option<Vec<String>>,
    /// Has one of these statuses. Services whose feed says nothing of it are found with `ACTIVE` too, with `status` in
    /// `edges.unknown`, unless `includeUnknown` is false; those that say something else than the standard's words are
    /// dropped unless it is true.
    status: Option<Vec<ServiceStatus>>,
    /// Somebody of this age, in years, may use it. An absent bound is no bound.
    age: Option<i32>,
    /// Is for these ages. An absent bound is no bound.
    ages: Option<AgeRangeInput>,
    /// Has a place near here. Services whose places nobody knows are dropped unless `includeUnknown` is true, online
    /// ones with them. The points of postcodes are as exact as `place` says.
    near: Option<NearInput>,
    /// Has a place in this box, as a map shows it. Services whose places nobody knows are dropped unless `includeUnknown`
    /// is true.
    within_box: Option<BoxInput>,
    /// Covers this place: its declared area holds it, which is not the same as being near. Services that state no
    /// area, or none that can be read, are kept unless `includeUnknown` is false.
    serves: Option<PlaceInput>,
    /// Is open then. Services that state no times in a structured way are dropped unless `includeUnknown` is true. An
    /// empty object is no condition.
    open: Option<OpenInput>,
    /// Carries these taxonomy terms. An empty object is no condition.
    taxonomy_terms: Option<TaxonomyTermsInput>,
    /// Carries one of these terms, in whichever source: `key`s of `TaxonomyTermGroup`, e.g. of a facet; at most 100. The
    /// term itself and not those narrower than it, so that as many services are found as the facet counts. An empty list
    /// is no condition.
    same_term: Option<Vec<ID>>,
    /// Is run by the organisation with this `id`.
    organization: Option<ID>,
    /// Is run by an organisation with this registration number.
    organization_identifier: Option<IdentifierInput>,
    /// What it may cost. Services that state no price are dropped unless `includeUnknown` is true. An empty object is no
    /// condition.
    cost: Option<CostInput>,
    /// What must be free of its capacities. Services that state none are dropped unless `includeUnknown` is true. An empty
    /// object is no condition.
    capacity: Option<CapacityInput>,
    /// Is offered in one of these languages: ISO 639 or BCP 47 codes, or English names. English is not taken for
    /// granted: services that name no language are dropped unless `includeUnknown` is true.
    languages: Option<Vec<String>>,
    /// What its place must have for disabled people. Services that state nothing of access are dropped unless
    /// `includeUnknown` is true. An empty object is no condition.
    accessibility: Option<AccessibilityInput>,
    /// Can be attended in one of these ways, e.g. `online`, `phone`, `in_person`, `home-visit`; without regard to
    /// case, spaces and punctuation. A service with none but virtual places is `online` where it says nothing else.
    attending_types: Option<Vec<String>>,
    /// Changed at or after this instant. Services that do not say when they changed are kept unless
    /// `includeUnknown` is false.
    modified_since: Option<DateTime>,
    /// Checked by its publisher on or after this date. Services that do not say when are dropped unless
    /// `includeUnknown` is true.
    assured_since: Option<Date>,
    /// Checked by its publisher within this time before today, by London's calendar. Services that do not say when are
    /// dropped unless `includeUnknown` is true.
    assured_within: Option<Duration>,
    /// Its record carries such an issue, or a record inside it does: for publishers who mend their data. An empty object
    /// means any issue.
    has_issue: Option<IssueInput>,
    /// Its record leaves out all of these: for publishers who look for gaps. For any of several, use `or`. An empty list is
    /// no condition.
    missing: Option<Vec<ServiceField>>,
    /// Keep (true) or drop (false) services that do not state a fact asked about; holds for the filters within,
    /// unless they say otherwise. Left out, each condition's own rule holds.
    include_unknown: Option<bool>,
    /// All of these hold too.
    and: Option<Vec<ServiceFilterInput>>,
    /// At least one of these holds too. An empty list is no condition.
    or: Option<Vec<ServiceFilterInput>>,
    /// This does not hold. What is unknown stays unknown.
    not: Option<Box<ServiceFilterInput>>,
}

/// A range of ages in years, both ends inclusive.
#[derive(Debug, InputObject)]
#[graphql(name = "AgeRangeInput")]
pub(crate) struct AgeRangeInput {
    /// Lowest age in years. Left out, there is no lower bound.
    minimum: Option<i32>,
    /// Highest age in years. Left out, there is no upper bound.
    maximum: Option<i32>,
    /// How this range relates to the service's own.
    #[graphql(name = "match", default_with = "Some(RangeMatch::Overlaps)")]
    relation: Option<RangeMatch>,
}

/// How an asked range relates to a record's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::RangeMatch")]
pub(crate) enum RangeMatch {
    /// The two have a value in common.
    #[default]
    Overlaps,
    /// The record's range holds all of the asked one.
    Covers,
    /// The record's range lies inside the asked one.
    Within,
}

/// Deepest nesting of `and`, `or` and `not`.
const MAX_NESTING: usize = 8;

/// Most filters in one, itself counted: each is held against every service.
const MAX_FILTERS: usize = 100;

impl ServiceFilterInput {
    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<ServiceFilter, ApiError> {
        self.nested(ctx, 1, &Cell::new(MAX_FILTERS))
    }

    /// Whether it, or a filter within, goes by the name of a place.
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
        if level > MAX_NESTING {
            let message = format!("`filter` nests `and`, `or` and `not` deeper than {MAX_NESTING} levels");
            return Err(ApiError::bad_input(message));
        }
        let Some(still_left) = left.get().checked_sub(1) else {
            let message = format!("`filter` holds more than {MAX_FILTERS} filters");
            return Err(ApiError::bad_input(message));
        };
        left.set(still_left);
        let within = |filters: Option<Vec<Self>>| {
            filters
                .into_iter()
                .flatten()
                .map(|filter| filter.nested(ctx, level + 1, left))
                .collect::<Result<Vec<_>, _>>()
        };
        let (places, names) = (ctx.federation().places(), ctx.federation().place_names());
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

fn missing(fields: Option<Vec<ServiceField>>) -> Result<Vec<Essential>, ApiError> {
    Ok(bounded("filter.missing", fields)?.into_iter().flatten().map(Into::into).collect())
}

fn ages(age: Option<i32>, range: Option<AgeRangeInput>) -> Result<Vec<AgeRange>, ApiError> {
    if age.is_some_and(|age| age < 0) {
        return Err(ApiError::bad_input("`filter.age` must not be negative"));
    }
    let person = age.map(|age| Ok(AgeRange::of_person(age.into())));
    person.into_iter().chain(range.map(AgeRangeInput::into_range)).collect()
}

// Lists without a term ask nothing.
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
            return Err(ApiError::bad_input("`filter.ages.minimum` must not be over `filter.ages.maximum`"));
        }
        let relation = relation.unwrap_or_default().into();
        Ok(AgeRange { minimum: minimum.map(f64::from), maximum: maximum.map(f64::from), relation })
    }
}

fn assured_within(ctx: &FieldContext<'_>, within: Option<Duration>) -> Result<Option<NaiveDate>, ApiError> {
    let today = london_today(ctx.federation().clock().now());
    let too_long = || ApiError::bad_input("`filter.assuredWithin` reaches back before any calendar");
    within.map(|within| within.before(today).ok_or_else(too_long)).transpose()
}
