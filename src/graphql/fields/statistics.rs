//! Answers `serviceStatistics`, and reads the arguments of all fields that return groups.

use crate::federation::{DetailsWanted, GroupDimensions, GroupsWanted};
use crate::graphql::context::FieldContext;
use crate::graphql::enums::ServiceDimension;
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::{GroupOrderInput, ServiceFilterInput};
use crate::graphql::types::{MAX_EXAMPLES, ServiceStatistics};
use crate::model::{self, GroupPosition};

/// The number of rows if the client does not give one.
pub(crate) const DEFAULT_ROWS: i32 = 100;

/// The most rows that may be asked for.
pub(crate) const MAX_ROWS: i32 = 1000;

/// The arguments by which a client asks for groups.
pub(crate) struct GroupArguments {
    pub(crate) order_by: Option<GroupOrderInput>,
    pub(crate) first: i32,
    pub(crate) after: Option<String>,
}

impl GroupArguments {
    /// Reads the arguments for groups by these dimensions. `least` is the least allowed value of `first`.
    pub(crate) fn wanted(self, by: &[model::FacetDimension], least: i32) -> Result<GroupsWanted, ApiError> {
        if !(least..=MAX_ROWS).contains(&self.first) {
            return Err(ApiError::bad_input(format!("`first` must be {least} to {MAX_ROWS}")));
        }
        let order = self.order_by.map(Into::into).unwrap_or_default();
        let after = self.after.map(|text| GroupPosition::decode(by, order, &text)).transpose();
        let after = after.map_err(|error| ApiError::Cursor { argument: "after", error })?;
        Ok(GroupsWanted { order, after, first: usize::try_from(self.first).unwrap_or_default() })
    }
}

/// Returns the counts of matching services in groups.
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
