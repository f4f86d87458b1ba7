//! Facets by any dimension, page by page, and those by groups of terms.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use futures_util::future::join_all;

use super::facets::{TaxonomyTermFacet, found};
use super::{PageInfo, TaxonomyTermGroup};
use crate::federation::{FacetValues, GroupedTerm, GroupsWanted, MatchingServices};
use crate::graphql::enums::ServiceDimension;
use crate::graphql::error::ApiError;
use crate::graphql::fields::GroupArguments;
use crate::graphql::lookup;
use crate::graphql::scalars::int;
use crate::model::{FacetDimension, GroupOrder, RecordId};

/// A page of values in one dimension, over the services that match.
pub(crate) struct FacetValueConnection {
    found: FacetValues,
    of: FacetDimension,
    order: GroupOrder,
}

/// A page of values in one dimension, over the services that match.
#[graph_object]
impl FacetValueConnection {
    /// The values with their cursors.
    fn edges(&self) -> Vec<FacetValueEdge> {
        let each = self.found.values.iter();
        each.map(|value| FacetValueEdge { cursor: self.cursor(value), node: FacetValue(value.clone()) })
            .collect()
    }

    /// The values.
    fn nodes(&self) -> Vec<FacetValue> {
        self.found.values.iter().cloned().map(FacetValue).collect()
    }

    /// The page's position in the list.
    fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.found.has_next,
            has_previous_page: self.found.has_previous,
            start_cursor: self.found.values.first().map(|value| self.cursor(value)),
            end_cursor: self.found.values.last().map(|value| self.cursor(value)),
        }
    }

    /// The number of different values, over all pages.
    fn total_count(&self) -> i32 {
        int(self.found.total)
    }
}

impl FacetValueConnection {
    fn cursor(&self, value: &crate::federation::CountedValue) -> String {
        value.position.encode(&[self.of], self.order)
    }
}

/// A value and its cursor.
#[derive(GraphObject)]
pub(crate) struct FacetValueEdge {
    /// The value's position in the list, for `after`. Opaque; survives restarts.
    cursor: String,
    /// The value.
    node: FacetValue,
}

/// Something that services say, as clients see it.
#[derive(Clone)]
pub(crate) struct FacetValue(crate::federation::CountedValue);

/// A value, and the number of services that have it.
#[graph_object]
impl FacetValue {
    /// The code, key or id; see `ServiceDimension`.
    fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// The display name. `null` when the value has none, or it is not known.
    fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// The number of services that have the value.
    fn count(&self) -> i32 {
        int(self.0.services)
    }

    /// The term. `null` unless grouped by TERM_GROUP.
    fn group(&self) -> Option<TaxonomyTermGroup> {
        self.0.group.clone().map(TaxonomyTermGroup)
    }

    /// Each source's own term of the group, if services in the result carry it. Empty unless grouped by TERM_GROUP.
    /// Leaves out terms that cannot be fetched.
    async fn terms(&self, ctx: &FieldContext<'_>) -> Vec<TaxonomyTermFacet> {
        own_terms(ctx, &self.0.terms).await
    }
}

/// A term of any number of sources, as clients see it counted.
#[derive(Clone)]
pub(crate) struct TermGroupFacet {
    group: GroupedTerm,
    count: usize,
    terms: Vec<(RecordId, usize)>,
}

/// The number of services that carry a term, in any source.
#[graph_object]
impl TermGroupFacet {
    /// The term. Use its `key` in `ServiceFilter.sameTerm`.
    fn group(&self) -> TaxonomyTermGroup {
        TaxonomyTermGroup(self.group.clone())
    }

    /// The number of services that carry it, each counted once.
    fn count(&self) -> i32 {
        int(self.count)
    }

    /// Each source's own term of the group, if services in the result carry it: the first 100. Leaves out terms that
    /// cannot be fetched.
    async fn terms(&self, ctx: &FieldContext<'_>) -> Vec<TaxonomyTermFacet> {
        own_terms(ctx, &self.terms).await
    }
}

/// How many terms of one group are shown.
const MOST_TERMS: usize = 100;

async fn own_terms(ctx: &FieldContext<'_>, terms: &[(RecordId, usize)]) -> Vec<TaxonomyTermFacet> {
    let each = terms.iter().take(MOST_TERMS).map(|(id, count)| async move {
        let term = found(ctx, id, lookup::taxonomy_term(ctx, id).await)?;
        Some(TaxonomyTermFacet { term, count: int(*count) })
    });
    join_all(each).await.into_iter().flatten().collect()
}

/// The most frequent groups of terms.
pub(super) async fn term_group_facets(
    ctx: &FieldContext<'_>,
    matching: &Arc<MatchingServices>,
    taxonomy: Option<String>,
    first: usize,
) -> Result<Vec<TermGroupFacet>, ApiError> {
    let wanted = GroupsWanted::most_frequent(first);
    let found = counted(ctx, matching, FacetDimension::TermGroup, taxonomy, wanted).await?;
    let facet = |value: crate::federation::CountedValue| {
        let crate::federation::CountedValue { group, services, terms, .. } = value;
        group.map(|group| TermGroupFacet { group, count: services, terms })
    };
    Ok(found.values.into_iter().filter_map(facet).collect())
}

/// A page of what services say of one thing.
pub(super) async fn facet_values(
    ctx: &FieldContext<'_>,
    matching: &Arc<MatchingServices>,
    of: ServiceDimension,
    taxonomy: Option<String>,
    page: GroupArguments,
) -> Result<FacetValueConnection, ApiError> {
    let of: FacetDimension = of.into();
    if taxonomy.is_some() && !of.is_of_terms() {
        return Err(ApiError::bad_input(
            "`taxonomy` goes with `of: TAXONOMY_TERM` and `of: TERM_GROUP` only",
        ));
    }
    let wanted = page.wanted(&[of], 0)?;
    let order = wanted.order;
    let found = counted(ctx, matching, of, taxonomy, wanted).await?;
    Ok(FacetValueConnection { found, of, order })
}

async fn counted(
    ctx: &FieldContext<'_>,
    matching: &Arc<MatchingServices>,
    of: FacetDimension,
    taxonomy: Option<String>,
    wanted: GroupsWanted,
) -> Result<FacetValues, ApiError> {
    let asking = ctx.searching().await;
    let counted = ctx.federation().counter.facet_values(matching, of, taxonomy, wanted, asking).await;
    counted.ok_or(ApiError::Internal("the matches could not be counted"))
}
