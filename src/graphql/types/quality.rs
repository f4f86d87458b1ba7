//! How good the data of a source is.

use super::examples::{self, DEFAULT_EXAMPLES};
use crate::federation::{Checked, Completeness, Quality};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;
use crate::model::{Essential, RecordId};
use oruk_gateway_derive::graph_object;

/// Quality as clients see it.
pub(crate) struct DataQuality(pub(super) Quality);

/// How good the data of a source is: how complete, how fresh, and how well it keeps to its standard.
#[graph_object]
impl DataQuality {
    /// How many services are looked at: those kept of a synchronised source, those listed by one that is read live.
    fn services(&self) -> i32 {
        int(self.0.services)
    }

    /// How many of them state what people need to be told.
    fn completeness(&self) -> Vec<FieldCompleteness> {
        self.0.completeness.iter().map(FieldCompleteness::from).collect()
    }

    /// How many days ago they were last checked or, where that is not stated, changed. Every range, the freshest
    /// first; those that state neither come last.
    fn freshness(&self) -> Vec<FreshnessBucket> {
        self.0.recency.iter().map(FreshnessBucket::from).collect()
    }

    /// All of it in one number, 0 to 100: the weighted mean of completeness (50%: the mean of the ratios of all
    /// fields), freshness (30%: a service counts in full up to 30 days, three quarters up to 90, half up to 180, a
    /// quarter up to 365, else not at all) and conformance (20%: the share of the records checked that are without
    /// any issue). What nothing is known of yet is left out of the mean. Null where there is no service.
    fn score(&self) -> Option<f64> {
        self.0.score
    }
}

/// How many services state one thing.
pub(crate) struct FieldCompleteness {
    field: &'static str,
    filled: i32,
    total: i32,
    ratio: f64,
    lacking: Vec<RecordId>,
}

/// How many services state one thing.
#[graph_object]
impl FieldCompleteness {
    /// What they state, mostly by its name in `Service`: `description`, `organization`, `status`, `contact` (an email
    /// address or a telephone number), `url`, `schedules`, `locations` (a place that can be put on a map),
    /// `serviceAreas`, `costs` (prices, or words about them), `eligibility` (in words or by age), `taxonomyTerms`,
    /// `accessibility`, `languages`, `assuredDate`, `lastModified`.
    fn field(&self) -> &'static str {
        self.field
    }

    /// How many state it.
    fn filled(&self) -> i32 {
        self.filled
    }

    /// How many are looked at for it: all of them, or, where the list pages of the feed do not carry it, those whose
    /// own page has been read.
    fn total(&self) -> i32 {
        self.total
    }

    /// The share that states it, 0 to 1; 0 where none is looked at.
    fn ratio(&self) -> f64 {
        self.ratio
    }

    /// The feed's own ids of some services that leave it out. `services(filter: { missing: … })` finds all of them.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")] first: Option<
            i32,
        >,
    ) -> Result<Vec<String>, ApiError> {
        upstream_ids(&self.lacking, first)
    }
}

/// How many services were last checked or changed in a range of days.
pub(crate) struct FreshnessBucket {
    label: &'static str,
    from_days: Option<i32>,
    to_days: Option<i32>,
    count: i32,
    examples: Vec<RecordId>,
}

/// How many services were last checked or changed in a range of days.
#[graph_object]
impl FreshnessBucket {
    /// The range in words.
    fn label(&self) -> &'static str {
        self.label
    }

    /// The fewest days ago. Null where no date is stated.
    #[graphql(name = "fromDays")]
    fn least_days(&self) -> Option<i32> {
        self.from_days
    }

    /// The most days ago. Null where there is no bound, or no date is stated.
    #[graphql(name = "toDays")]
    fn most_days(&self) -> Option<i32> {
        self.to_days
    }

    /// How many services.
    fn count(&self) -> i32 {
        self.count
    }

    /// The feed's own ids of some of them.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")] first: Option<
            i32,
        >,
    ) -> Result<Vec<String>, ApiError> {
        upstream_ids(&self.examples, first)
    }
}

fn upstream_ids(of: &[RecordId], first: Option<i32>) -> Result<Vec<String>, ApiError> {
    Ok(of.iter().take(examples::wanted(first)?).map(|id| id.upstream().to_owned()).collect())
}

impl From<&Completeness> for FieldCompleteness {
    fn from(of: &Completeness) -> Self {
        Self {
            field: field(of.essential),
            filled: int(of.filled),
            total: int(of.total),
            ratio: of.ratio(),
            lacking: of.lacking.clone(),
        }
    }
}

impl From<&Checked> for FreshnessBucket {
    fn from(of: &Checked) -> Self {
        let (from_days, to_days) = of.recency.days();
        let (label, count) = (of.recency.label(), int(of.services));
        let [from_days, to_days] = [from_days, to_days].map(|days| days.map(int));
        Self { label, from_days, to_days, count, examples: of.examples.clone() }
    }
}

fn field(essential: Essential) -> &'static str {
    match essential {
        Essential::Description => "description",
        Essential::Organization => "organization",
        Essential::Status => "status",
        Essential::Contact => "contact",
        Essential::Url => "url",
        Essential::Schedules => "schedules",
        Essential::Locations => "locations",
        Essential::ServiceAreas => "serviceAreas",
        Essential::Costs => "costs",
        Essential::Eligibility => "eligibility",
        Essential::TaxonomyTerms => "taxonomyTerms",
        Essential::Accessibility => "accessibility",
        Essential::Languages => "languages",
        Essential::AssuredDate => "assuredDate",
        Essential::LastModified => "lastModified",
        Essential::Name => "name",
        Essential::Email => "email",
        Essential::Phone => "phone",
        Essential::Address => "address",
        Essential::Postcode => "postcode",
        Essential::Coordinates => "coordinates",
        Essential::Ages => "ages",
        Essential::Licenses => "licenses",
        Essential::Capacities => "capacities",
    }
}
