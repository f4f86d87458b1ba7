//! Statistics: the services that match, counted in groups.

use async_graphql::{ComplexObject, Context, Enum, Object, SimpleObject};

use super::examples::{self, DEFAULT_EXAMPLES, MAX_EXAMPLES};
use super::{List, SourceReport};
use crate::federation::{Dimensions, Key, Row, Statistics};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::ServiceFilterInput;
use crate::graphql::reach::Reach as _;
use crate::graphql::scalars::int;
use crate::model::RecordId;

/// How many rows are shown to who does not say.
pub(crate) const DEFAULT_ROWS: i32 = 100;

/// The most rows that may be asked for.
pub(crate) const MAX_ROWS: i32 = 1000;

/// Something that services are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::model::Dimension")]
pub(crate) enum ServiceDimension {
    /// The source. Value: its `key`; label: its name.
    Source,
    /// Whether it operates. Value: of `ServiceStatus`.
    Status,
    /// The taxonomy terms that it carries, as do its provider, places, prices and areas. Value: the term's `id`;
    /// label: its name.
    TaxonomyTerm,
    /// The organisation that runs it. Value: the organisation's `id`; label: its name.
    Organization,
    /// The council areas of its places, as far as postcodes tell. Value: the statistical code, e.g. `E06000023`;
    /// label: the area's name.
    LocalAuthority,
    /// The letters that the postcodes of its places begin with. Value: these, e.g. `BS`.
    PostcodeArea,
    /// The days of the week on which it opens within 35 days from today on. Value: of `DayOfWeek`.
    Day,
    /// Whether it is free today. Value: `FREE`, `PAID` or, where that is not stated, `UNKNOWN`.
    Cost,
    /// How many days ago it was last checked or, where that is not stated, changed: the ranges of
    /// `Source.quality.freshness`. Value: `0-30`, `31-90`, `91-180`, `181-365` or `366-`; label: that of the range.
    Freshness,
    /// The month of the last change, in London. Value: year and month, e.g. `2026-05`.
    ModifiedMonth,
    /// The languages it is offered in. Value: the code of ISO 639-3, e.g. `urd`; label: the English name.
    Language,
}

/// Statistics as clients see them.
pub(crate) struct ServiceStatistics(Statistics);

/// Counts over the services that match, grouped. Of sources that are read live, what their lists say is counted.
#[Object]
impl ServiceStatistics {
    /// All services that match, in all sources that could be considered. A service that says several things in a
    /// dimension counts in several rows, but once here.
    async fn total_count(&self) -> i32 {
        int(self.0.total_count)
    }

    /// The groups: those with the most services first, of those with as many in the order of their keys.
    async fn rows(&self) -> List<ServiceStatisticsRow> {
        self.0.rows.iter().map(ServiceStatisticsRow::from).collect()
    }

    /// Whether there are more groups than `first` lets through.
    async fn truncated(&self) -> bool {
        self.0.truncated
    }

    /// True when every source asked is considered in full.
    async fn complete(&self) -> bool {
        self.0.is_complete()
    }

    /// How each source that is asked takes part, in configuration order.
    async fn sources(&self) -> List<SourceReport> {
        self.0.reports.iter().cloned().map(SourceReport).collect()
    }
}

/// One group of services.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ServiceStatisticsRow {
    /// What its services have in common, in the order of `groupBy`.
    keys: List<StatisticsKey>,
    /// How many services there are in the group.
    services: i32,
    /// How many different organisations run them.
    organizations: i32,
    /// At how many different locations they are delivered.
    locations: i32,
    /// The median of the days since they were last checked, over those that state it; negative where that lies ahead.
    /// Null where none states it.
    median_assured_age_days: Option<f64>,
    #[graphql(skip)]
    examples: Vec<RecordId>,
}

#[ComplexObject]
impl ServiceStatisticsRow {
    /// The feeds' own ids of some of its services. Group by SOURCE too to know whose they are.
    async fn example_upstream_ids(
        &self,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")] first: Option<
            i32,
        >,
    ) -> Result<List<String>, ApiError> {
        let wanted = examples::wanted(first)?;
        Ok(self.examples.iter().take(wanted).map(|id| id.upstream().to_owned()).collect())
    }
}

/// What the services of a group have in common in one dimension.
#[derive(SimpleObject)]
pub(crate) struct StatisticsKey {
    /// The dimension.
    dimension: ServiceDimension,
    /// The code, key or id. Null for the services that state nothing.
    value: Option<String>,
    /// Its name for people. Null where it has none, or none is at hand.
    label: Option<String>,
}

impl From<&Row> for ServiceStatisticsRow {
    fn from(row: &Row) -> Self {
        Self {
            keys: row.keys.iter().map(StatisticsKey::from).collect(),
            services: int(row.services),
            organizations: int(row.organizations),
            locations: int(row.locations),
            median_assured_age_days: row.median_assured_age_days,
            examples: row.examples.clone(),
        }
    }
}

impl From<&Key> for StatisticsKey {
    fn from(key: &Key) -> Self {
        Self { dimension: key.dimension.into(), value: key.value.clone(), label: key.label.clone() }
    }
}

/// The services that meet what the client asks, counted in groups.
pub(crate) async fn statistics(
    ctx: &Context<'_>,
    filter: Option<ServiceFilterInput>,
    group_by: Vec<ServiceDimension>,
    first: Option<i32>,
) -> Result<ServiceStatistics, ApiError> {
    let by = Dimensions::new(group_by.into_iter().map(Into::into).collect())
        .map_err(|error| ApiError::bad_input(format!("`groupBy` {error}")))?;
    let first = first.unwrap_or(DEFAULT_ROWS);
    if !(1..=MAX_ROWS).contains(&first) {
        return Err(ApiError::bad_input(format!("`first` must be 1 to {MAX_ROWS}")));
    }
    let filter = filter.unwrap_or_default();
    ctx.knowing_names(filter.names_a_place()).await;
    let filter = filter.into_filter(ctx)?;
    let first = usize::try_from(first).unwrap_or_default();
    let names_some = ctx.look_ahead().field("rows").field("exampleUpstreamIds").exists();
    let examples = if names_some { MAX_EXAMPLES.unsigned_abs() as usize } else { 0 };
    let counted = ctx.federation().statistics(&filter, by, (first, examples), ctx.searching().await).await;
    incomplete::note(ctx, &counted.reports);
    Ok(ServiceStatistics(counted))
}
