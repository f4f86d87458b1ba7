//! Statistics: the services that match, counted in groups.

use crate::graphql::context::FieldContext;
use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, GraphObject, graph_object};

use super::examples::{self, DEFAULT_EXAMPLES, MAX_EXAMPLES};
use super::{PageInfo, SourceReport};
use crate::federation::{DetailsWanted, Dimensions, GroupsWanted, Key, Row, Statistics};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::{GroupOrderInput, ServiceFilterInput};
use crate::graphql::scalars::int;
use crate::model::{self, GroupOrder, GroupPosition, RecordId};

/// How many rows are shown to who does not say.
pub(crate) const DEFAULT_ROWS: i32 = 100;

/// The most rows that may be asked for.
pub(crate) const MAX_ROWS: i32 = 1000;

/// Something that services are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
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
    /// The taxonomy terms that it carries, each once whichever sources have it. Value: the `key` of the
    /// `TaxonomyTermGroup`; label: its name.
    TermGroup,
}

/// Statistics as clients see them.
pub(crate) struct ServiceStatistics {
    statistics: Statistics,
    by: Dimensions,
    order: GroupOrder,
}

impl ServiceStatistics {
    fn row(&self, row: &Row) -> ServiceStatisticsRow {
        ServiceStatisticsRow {
            cursor: self.cursor(row),
            keys: row.keys.iter().map(StatisticsKey::from).collect(),
            services: int(row.services),
            organizations: int(row.organizations),
            locations: int(row.locations),
            median_assured_age_days: row.median_assured_age_days,
            examples: row.examples.clone(),
        }
    }

    fn cursor(&self, row: &Row) -> String {
        row.position.encode(self.by.as_slice(), self.order)
    }
}

/// Counts over the services that match, grouped. Of sources that are read live, what their lists say is counted.
#[graph_object]
impl ServiceStatistics {
    /// All services that match, in all sources that could be considered. A service that says several things in a
    /// dimension counts in several rows, but once here.
    fn total_count(&self) -> i32 {
        int(self.statistics.total_count)
    }

    /// The groups, in the order of `orderBy`: at most `first`, after the cursor `after`.
    fn rows(&self) -> Vec<ServiceStatisticsRow> {
        self.statistics.rows.iter().map(|row| self.row(row)).collect()
    }

    /// How many groups there are in all, whatever `first` and `after` say.
    fn total_rows(&self) -> i32 {
        int(self.statistics.total_rows)
    }

    /// Where these groups lie among all.
    fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.statistics.has_next,
            has_previous_page: self.statistics.has_previous,
            start_cursor: self.statistics.rows.first().map(|row| self.cursor(row)),
            end_cursor: self.statistics.rows.last().map(|row| self.cursor(row)),
        }
    }

    /// Whether more groups follow than `first` lets through.
    fn truncated(&self) -> bool {
        self.statistics.has_next
    }

    /// True when every source asked is considered in full.
    fn complete(&self) -> bool {
        self.statistics.is_complete()
    }

    /// How each source that is asked takes part, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.statistics.reports.iter().cloned().map(SourceReport).collect()
    }
}

/// One group of services.
pub(crate) struct ServiceStatisticsRow {
    cursor: String,
    keys: Vec<StatisticsKey>,
    services: i32,
    organizations: i32,
    locations: i32,
    median_assured_age_days: Option<f64>,
    examples: Vec<RecordId>,
}

/// One group of services.
#[graph_object]
impl ServiceStatisticsRow {
    /// The row's place, to be given as `after`. Opaque; outlives restarts.
    fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What its services have in common, in the order of `groupBy`.
    fn keys(&self) -> &[StatisticsKey] {
        &self.keys
    }

    /// How many services there are in the group.
    fn services(&self) -> i32 {
        self.services
    }

    /// How many different organisations run them.
    fn organizations(&self) -> i32 {
        self.organizations
    }

    /// At how many different locations they are delivered.
    fn locations(&self) -> i32 {
        self.locations
    }

    /// The median of the days since they were last checked, over those that state it; negative where that lies ahead.
    /// Null where none states it.
    fn median_assured_age_days(&self) -> Option<f64> {
        self.median_assured_age_days
    }

    /// The feeds' own ids of some of its services. Group by SOURCE too to know whose they are.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")] first: Option<
            i32,
        >,
    ) -> Result<Vec<String>, ApiError> {
        let wanted = examples::wanted(first)?;
        Ok(self.examples.iter().take(wanted).map(|id| id.upstream().to_owned()).collect())
    }
}

/// What the services of a group have in common in one dimension.
#[derive(GraphObject)]
pub(crate) struct StatisticsKey {
    /// The dimension.
    dimension: ServiceDimension,
    /// The code, key or id. Null for the services that state nothing.
    value: Option<String>,
    /// Its name for people. Null where it has none, or none is at hand.
    label: Option<String>,
}

impl From<&Key> for StatisticsKey {
    fn from(key: &Key) -> Self {
        Self { dimension: key.dimension.into(), value: key.value.clone(), label: key.label.clone() }
    }
}

/// Which groups a client asks for, as it gave the arguments.
pub(crate) struct GroupArguments {
    pub(crate) order_by: Option<GroupOrderInput>,
    pub(crate) first: i32,
    pub(crate) after: Option<String>,
}

impl GroupArguments {
    /// The groups by these dimensions.
    pub(super) fn wanted(self, by: &[model::Dimension], least: i32) -> Result<GroupsWanted, ApiError> {
        if !(least..=MAX_ROWS).contains(&self.first) {
            return Err(ApiError::bad_input(format!("`first` must be {least} to {MAX_ROWS}")));
        }
        let order = self.order_by.map(Into::into).unwrap_or_default();
        let after = self.after.map(|text| GroupPosition::decode(by, order, &text)).transpose();
        let after = after.map_err(|error| ApiError::Cursor { argument: "after", error })?;
        Ok(GroupsWanted { order, after, first: usize::try_from(self.first).unwrap_or_default() })
    }
}

/// The services that meet what the client asks, counted in groups.
pub(crate) async fn statistics(
    ctx: &FieldContext<'_>,
    filter: Option<ServiceFilterInput>,
    group_by: Vec<ServiceDimension>,
    groups: GroupArguments,
) -> Result<ServiceStatistics, ApiError> {
    let by = Dimensions::new(group_by.into_iter().map(Into::into).collect())
        .map_err(|error| ApiError::bad_input(format!("`groupBy` {error}")))?;
    let wanted = groups.wanted(by.as_slice(), 1)?;
    let filter = filter.unwrap_or_default();
    ctx.knowing_names(filter.names_a_place()).await;
    let (filter, order) = (filter.into_filter(ctx)?, wanted.order);
    let wanted = (wanted, details_wanted(ctx));
    let counted = ctx.federation().statistics(&filter, by.clone(), wanted, ctx.searching().await).await;
    incomplete::note(ctx, &counted.reports);
    ApiError::of_unknown(&counted.unknown_terms)?;
    Ok(ServiceStatistics { statistics: counted, by, order })
}

fn details_wanted(ctx: &FieldContext<'_>) -> DetailsWanted {
    let selects = |field| ctx.field().fields("rows").any(|rows| rows.selects(field));
    let examples = if selects("exampleUpstreamIds") { MAX_EXAMPLES.unsigned_abs() as usize } else { 0 };
    DetailsWanted {
        organizations: selects("organizations"),
        locations: selects("locations"),
        assured_age: selects("medianAssuredAgeDays"),
        examples,
    }
}
