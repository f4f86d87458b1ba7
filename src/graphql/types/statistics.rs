//! Statistics: the services that match, counted in groups.

use oruk_gateway_derive::{GraphObject, graph_object};

use super::examples::{self, DEFAULT_EXAMPLES};
use super::{PageInfo, SourceReport};
use crate::federation::{GroupDimensions, GroupKey, GroupedStatistics, StatisticsRow};
use crate::graphql::enums::ServiceDimension;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;
use crate::model::{GroupOrder, RecordId};

/// Statistics as clients see them.
pub(crate) struct ServiceStatistics {
    pub(crate) statistics: GroupedStatistics,
    pub(crate) by: GroupDimensions,
    pub(crate) order: GroupOrder,
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
