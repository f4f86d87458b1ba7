//! Facets by any dimension, page by page, and those by groups of terms.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use futures_util::future::join_all;

use super::facets::{TaxonomyTermFacet, found};
use super::{GroupArguments, PageInfo, ServiceDimension, TaxonomyTermGroup};
use crate::federation::{FacetValues, GroupedTerm, GroupsWanted, Matching};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::int;
use crate::model::{Dimension, GroupOrder, RecordId};

/// A page of what the services found say of one thing.
pub(crate) struct FacetValueConnection {
    found: FacetValues,
    of: Dimension,
    order: GroupOrder,
}

/// A page of what the services found say of one thing.
#[graph_object]
impl FacetValueConnection {
    /// What they say, with cursors.
    fn edges(&self) -> Vec<FacetValueEdge> {
        let each = self.found.values.iter();
        each.map(|value| FacetValueEdge { cursor: self.cursor(value), node: FacetValue(value.clone()) })
            .collect()
    }

    /// What they say.
    fn nodes(&self) -> Vec<FacetValue> {
        self.found.values.iter().cloned().map(FacetValue).collect()
    }

    /// Where the page lies among all that they say.
    fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.found.has_next,
            has_previous_page: self.found.has_previous,
            start_cursor: self.found.values.first().map(|value| self.cursor(value)),
            end_cursor: self.found.values.last().map(|value| self.cursor(value)),
        }
    }

    /// How many different things they say, on whatever page.
    fn total_count(&self) -> i32 {
        int(self.found.total)
    }
}

impl FacetValueConnection {
    fn cursor(&self, value: &crate::federation::FacetValue) -> String {
        value.position.encode(&[self.of], self.order)
    }
}

/// Something that services say, in its list.
#[derive(GraphObject)]
pub(crate) struct FacetValueEdge {
    /// Its place in the list, to be given as `after`. Opaque; outlives restarts.
    cursor: String,
    /// What they say.
    node: FacetValue,
}

/// Something that services say, as clients see it.
#[derive(Clone)]
pub(crate) struct FacetValue(crate::federation::FacetValue);

/// Something that services say, and how many do.
#[graph_object]
impl FacetValue {
    /// The code, key or id, as `ServiceDimension` explains it.
    fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Its name for people. Null where it has none, or none is at hand.
    fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// How many services say it.
    fn count(&self) -> i32 {
        int(self.0.services)
    }

    /// The term it is. Null unless counted by TERM_GROUP.
    fn group(&self) -> Option<TaxonomyTermGroup> {
        self.0.group.clone().map(TaxonomyTermGroup)
    }

    /// Each source's own term of the group, as far as the services found carry it. Empty unless counted by TERM_GROUP.
    /// Terms that their source cannot answer for are left out.
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

/// How many services carry a term, whichever sources have it.
#[graph_object]
impl TermGroupFacet {
    /// The term. Its `key` goes into `ServiceFilter.sameTerm`.
    fn group(&self) -> TaxonomyTermGroup {
        TaxonomyTermGroup(self.group.clone())
    }

    /// How many services carry it, each counted once.
    fn count(&self) -> i32 {
        int(self.count)
    }

    /// Each source's own term of the group, as far as the services found carry it: the first 100. Terms that their source
    /// cannot answer for are left out.
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
    matching: &Arc<Matching>,
    taxonomy: Option<String>,
    first: usize,
) -> Result<Vec<TermGroupFacet>, ApiError> {
    let wanted = GroupsWanted::most_frequent(first);
    let found = counted(ctx, matching, Dimension::TermGroup, taxonomy, wanted).await?;
    let facet = |value: crate::federation::FacetValue| {
        let crate::federation::FacetValue { group, services, terms, .. } = value;
        group.map(|group| TermGroupFacet { group, count: services, terms })
    };
    Ok(found.values.into_iter().filter_map(facet).collect())
}

/// A page of what services say of one thing.
pub(super) async fn facet_values(
    ctx: &FieldContext<'_>,
    matching: &Arc<Matching>,
    of: ServiceDimension,
    taxonomy: Option<String>,
    page: GroupArguments,
) -> Result<FacetValueConnection, ApiError> {
    let of: Dimension = of.into();
    if taxonomy.is_some() && !matches!(of, Dimension::TaxonomyTerm | Dimension::TermGroup) {
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
    matching: &Arc<Matching>,
    of: Dimension,
    taxonomy: Option<String>,
    wanted: GroupsWanted,
) -> Result<FacetValues, ApiError> {
    let asking = ctx.searching().await;
    let counted = ctx.federation().facet_values(matching, of, taxonomy, wanted, asking).await;
    counted.ok_or(ApiError::Internal("what matches could not be counted"))
}
