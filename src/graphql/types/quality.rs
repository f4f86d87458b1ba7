//! How good the data of a source is.

use std::sync::Arc;

use super::examples::{self, DEFAULT_EXAMPLES};
use crate::federation::{CheckedRecently, EssentialCompleteness, SourceQuality};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;
use crate::model::{EssentialDetail, RecordId};
use oruk_gateway_derive::graph_object;

/// Quality as clients see it.
pub(crate) struct DataQuality(pub(super) SourceQuality);

/// The quality of a source's data: how complete it is, how fresh, and how well it follows its standard.
#[graph_object]
impl DataQuality {
    /// The number of services assessed: all that are stored of a synchronised source, or listed by a live one.
    fn services(&self) -> i32 {
        int(self.0.services)
    }

    /// How many of the services state each piece of information that people need.
    fn completeness(&self) -> Vec<FieldCompleteness> {
        self.0.completeness.iter().map(FieldCompleteness::from).collect()
    }

    /// Services by days since they were last checked or, failing that, changed. Lists every range, freshest first;
    /// services with neither date come last.
    fn freshness(&self) -> Vec<FreshnessBucket> {
        self.0.recency.iter().map(FreshnessBucket::from).collect()
    }

    /// An overall score, 0 to 100: the weighted mean of completeness (50%: the mean of all `ratio`s), freshness (30%: a
    /// service scores 1 up to 30 days, 0.75 up to 90, 0.5 up to 180, 0.25 up to 365, otherwise 0) and conformance (20%:
    /// the share of checked records without issues). Parts with no data yet are left out of the mean. `null` when there
    /// are no services.
    fn score(&self) -> Option<f64> {
        self.0.score
    }
}

/// How many services state one piece of information.
pub(crate) struct FieldCompleteness {
    field: &'static str,
    filled: i32,
    total: i32,
    ratio: f64,
    lacking: Arc<[RecordId]>,
}

/// How many services state one piece of information.
#[graph_object]
impl FieldCompleteness {
    /// The information, mostly by its name in `Service`: `description`, `organization`, `status`, `contact` (an email
    /// address or a telephone number), `url`, `schedules`, `locations` (a place with a position on a map),
    /// `serviceAreas`, `costs` (prices, or charges in words), `eligibility` (in words or by age), `taxonomyTerms`,
    /// `accessibility`, `languages`, `assuredDate`, `lastModified`.
    fn field(&self) -> &'static str {
        self.field
    }

    /// The number of services that state it.
    fn filled(&self) -> i32 {
        self.filled
    }

    /// The number of services assessed: all of them or, if the feed's list pages leave this information out, those
    /// whose detail page has been read.
    fn total(&self) -> i32 {
        self.total
    }

    /// The share of services that state it, 0 to 1; 0 when `total` is 0.
    fn ratio(&self) -> f64 {
        self.ratio
    }

    /// The feed's own ids of some services that lack it. `services(filter: { missing: … })` finds all of them.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "The maximum number to return, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")]
        first: Option<i32>,
    ) -> Result<Vec<String>, ApiError> {
        upstream_ids(&self.lacking, first)
    }
}

/// The number of services last checked or changed in a range of days.
pub(crate) struct FreshnessBucket {
    label: &'static str,
    from_days: Option<i32>,
    to_days: Option<i32>,
    count: i32,
    examples: Arc<[RecordId]>,
}

/// The number of services last checked or changed in a range of days.
#[graph_object]
impl FreshnessBucket {
    /// The range in words.
    fn label(&self) -> &'static str {
        self.label
    }

    /// The start of the range, in days ago. `null` for services without a date.
    #[graphql(name = "fromDays")]
    fn least_days(&self) -> Option<i32> {
        self.from_days
    }

    /// The end of the range, in days ago. `null` when the range has no end, or for services without a date.
    #[graphql(name = "toDays")]
    fn most_days(&self) -> Option<i32> {
        self.to_days
    }

    /// The number of services.
    fn count(&self) -> i32 {
        self.count
    }

    /// The feed's own ids of some of the services.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "The maximum number to return, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")]
        first: Option<i32>,
    ) -> Result<Vec<String>, ApiError> {
        upstream_ids(&self.examples, first)
    }
}

fn upstream_ids(of: &[RecordId], first: Option<i32>) -> Result<Vec<String>, ApiError> {
    Ok(of.iter().take(examples::wanted(first)?).map(|id| id.upstream().to_owned()).collect())
}

impl From<&EssentialCompleteness> for FieldCompleteness {
    fn from(of: &EssentialCompleteness) -> Self {
        Self {
            field: field(of.essential),
            filled: int(of.filled),
            total: int(of.total),
            ratio: of.ratio(),
            lacking: Arc::clone(&of.lacking),
        }
    }
}

impl From<&CheckedRecently> for FreshnessBucket {
    fn from(of: &CheckedRecently) -> Self {
        let (from_days, to_days) = of.recency.days();
        let (label, count) = (of.recency.label(), int(of.services));
        let [from_days, to_days] = [from_days, to_days].map(|days| days.map(int));
        Self { label, from_days, to_days, count, examples: Arc::clone(&of.examples) }
    }
}

fn field(essential: EssentialDetail) -> &'static str {
    match essential {
        EssentialDetail::Description => "description",
        EssentialDetail::Organization => "organization",
        EssentialDetail::Status => "status",
        EssentialDetail::Contact => "contact",
        EssentialDetail::Url => "url",
        EssentialDetail::Schedules => "schedules",
        EssentialDetail::Locations => "locations",
        EssentialDetail::ServiceAreas => "serviceAreas",
        EssentialDetail::Costs => "costs",
        EssentialDetail::Eligibility => "eligibility",
        EssentialDetail::TaxonomyTerms => "taxonomyTerms",
        EssentialDetail::Accessibility => "accessibility",
        EssentialDetail::Languages => "languages",
        EssentialDetail::AssuredDate => "assuredDate",
        EssentialDetail::LastModified => "lastModified",
        EssentialDetail::Name => "name",
        EssentialDetail::Email => "email",
        EssentialDetail::Phone => "phone",
        EssentialDetail::Address => "address",
        EssentialDetail::Postcode => "postcode",
        EssentialDetail::Coordinates => "coordinates",
        EssentialDetail::Ages => "ages",
        EssentialDetail::Licenses => "licenses",
        EssentialDetail::Capacities => "capacities",
    }
}
