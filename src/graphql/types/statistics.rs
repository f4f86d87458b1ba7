//! Statistics: the services that match, counted in groups.

use crate::graphql::context::FieldContext;
use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, GraphObject, graph_object};

use super::examples::{self, DEFAULT_EXAMPLES, MAX_EXAMPLES};
use super::{PageInfo, SourceReport};
use crate::federation::{
    DetailsWanted, GroupDimensions, GroupKey, GroupedStatistics, GroupsWanted, StatisticsRow,
};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::{GroupOrderInput, ServiceFilterInput};
use crate::graphql::scalars::int;
use crate::model::{self, GroupOrder, GroupPosition, RecordId};

/// How many rows are shown to who does not say.
pub(crate) const DEFAULT_ROWS: i32 = 100;

/// The most rows that may be asked for.
pub(crate) const MAX_ROWS: i32 = 1000;

/// A dimension that services can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "crate::model::FacetDimension")]
pub(crate) enum ServiceDimension {
    /// The source. Value: its `key`. Label: its name.
    Source,
    /// Whether it operates. Value: a `ServiceStatus`.
    Status,
    /// The taxonomy terms of the service, its provider, places, prices and areas. Value: the term's `id`. Label: its
    /// name.
    TaxonomyTerm,
    /// The organisation that runs it. Value: the organisation's `id`. Label: its name.
    Organization,
    /// The council areas of its places, found by postcode. Value: the ONS code, e.g. `E06000023`. Label: the area's
    /// name.
    LocalAuthority,
    /// The letters that the postcodes of its places begin with. Value: the letters, e.g. `BS`.
    PostcodeArea,
    /// The days of the week on which it opens within 35 days from today. Value: a `DayOfWeek`.
    Day,
    /// Whether it is free today. Value: `FREE`, `PAID` or, if not stated, `UNKNOWN`.
    Cost,
    /// Days since it was last checked or, failing that, changed, in the ranges of `Source.quality.freshness`. Value:
    /// `0-30`, `31-90`, `91-180`, `181-365` or `366-`. Label: the range in words.
    Freshness,
    /// The month of the last change, in London time. Value: year and month, e.g. `2026-05`.
    ModifiedMonth,
    /// The languages it is offered in. Value: the ISO 639-3 code, e.g. `urd`. Label: the English name.
    Language,
    /// The taxonomy terms it carries, each counted once even if several sources have it. Value: the `key` of the
    /// `TaxonomyTermGroup`. Label: its name.
    TermGroup,
}

/// Statistics as clients see them.
pub(crate) struct ServiceStatistics {
    statistics: GroupedStatistics,
    by: GroupDimensions,
    order: GroupOrder,
}

impl ServiceStatistics {
    fn row(&self, row: &StatisticsRow) -> ServiceStatisticsRow {
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

    fn cursor(&self, row: &StatisticsRow) -> String {
        row.position.encode(self.by.as_slice(), self.order)
    }
}

/// Counts of matching services, in groups. For live sources, counts use the feed's list pages.
#[graph_object]
impl ServiceStatistics {
    /// All matching services, in all sources that could be considered. A service with several values in a dimension
    /// counts in several rows, but only once here.
    fn total_count(&self) -> i32 {
        int(self.statistics.total_count)
    }

    /// The groups, in the order of `orderBy`: at most `first`, after the cursor `after`.
    fn rows(&self) -> Vec<ServiceStatisticsRow> {
        self.statistics.rows.iter().map(|row| self.row(row)).collect()
    }

    /// The number of groups in all, regardless of `first` and `after`.
    fn total_rows(&self) -> i32 {
        int(self.statistics.total_rows)
    }

    /// The position of these groups in the list of all groups.
    fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.statistics.has_next,
            has_previous_page: self.statistics.has_previous,
            start_cursor: self.statistics.rows.first().map(|row| self.cursor(row)),
            end_cursor: self.statistics.rows.last().map(|row| self.cursor(row)),
        }
    }

    /// Whether there are more groups than `first` returns.
    fn truncated(&self) -> bool {
        self.statistics.has_next
    }

    /// Whether every source asked was considered in full.
    fn complete(&self) -> bool {
        self.statistics.is_complete()
    }

    /// How far each source asked was considered, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.statistics.reports.iter().cloned().map(SourceReport).collect()
    }
}

/// A group of services.
pub(crate) struct ServiceStatisticsRow {
    cursor: String,
    keys: Vec<StatisticsKey>,
    services: i32,
    organizations: i32,
    locations: i32,
    median_assured_age_days: Option<f64>,
    examples: Vec<RecordId>,
}

/// A group of services.
#[graph_object]
impl ServiceStatisticsRow {
    /// The row's position, for `after`. Opaque; survives restarts.
    fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The values its services have in common, in the order of `groupBy`.
    fn keys(&self) -> &[StatisticsKey] {
        &self.keys
    }

    /// The number of services in the group.
    fn services(&self) -> i32 {
        self.services
    }

    /// The number of different organisations that run them.
    fn organizations(&self) -> i32 {
        self.organizations
    }

    /// The number of different locations where they are delivered.
    fn locations(&self) -> i32 {
        self.locations
    }

    /// The median number of days since the services were last checked, over those that say. Negative when the date lies
    /// ahead. `null` when none says.
    fn median_assured_age_days(&self) -> Option<f64> {
        self.median_assured_age_days
    }

    /// The feeds' own ids of some of its services. Group by SOURCE as well to tell which feed they are from.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "The maximum number to return, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")]
        first: Option<i32>,
    ) -> Result<Vec<String>, ApiError> {
        let wanted = examples::wanted(first)?;
        Ok(self.examples.iter().take(wanted).map(|id| id.upstream().to_owned()).collect())
    }
}

/// The value that the services of a group share in one dimension.
#[derive(GraphObject)]
pub(crate) struct StatisticsKey {
    /// The dimension.
    dimension: ServiceDimension,
    /// The code, key or id. `null` for services without a value.
    value: Option<String>,
    /// The display name. `null` when the value has none, or it is not known.
    label: Option<String>,
}

impl From<&GroupKey> for StatisticsKey {
    fn from(key: &GroupKey) -> Self {
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
    pub(super) fn wanted(self, by: &[model::FacetDimension], least: i32) -> Result<GroupsWanted, ApiError> {
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
    let by = GroupDimensions::new(group_by.into_iter().map(Into::into).collect())
        .map_err(|error| ApiError::bad_input(format!("`groupBy` {error}")))?;
    let wanted = groups.wanted(by.as_slice(), 1)?;
    let filter = filter.unwrap_or_default();
    ctx.knowing_names(filter.names_a_place()).await;
    let (filter, order) = (filter.into_filter(ctx)?, wanted.order);
    let wanted = (wanted, details_wanted(ctx));
    let counted =
        ctx.federation().counter.statistics(&filter, by.clone(), wanted, ctx.searching().await).await;
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
