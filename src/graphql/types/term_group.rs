//! Taxonomy terms across sources: groups of terms that are one.

use crate::graphql::context::FieldContext;
use async_graphql::ID;
use futures_util::future::join_all;
use oruk_gateway_derive::{GraphObject, graph_object};

use super::facets::found;
use super::{PageInfo, SourceReport, TaxonomyTerm};
use crate::federation::PageRequest;
use crate::federation::{GroupedTerm, TermGroupPage};
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::input::TaxonomyTermFilterInput;
use crate::graphql::lookup;
use crate::graphql::scalars::{Url, int};
use crate::model::GroupPosition;

/// How many terms of one group are shown.
const MOST_TERMS: usize = 100;

/// A term of any number of sources, as clients see it.
#[derive(Clone)]
pub(crate) struct TaxonomyTermGroup(pub(crate) GroupedTerm);

/// A taxonomy term across sources: the equal terms of all feeds.
#[graph_object]
impl TaxonomyTermGroup {
    /// The key that the terms share, e.g. `code:esd-service-types:298`, for `ServiceFilter.sameTerm`,
    /// `TaxonomyTermRef.group` or `TaxonomyTermFilter.group`. It is made from the URI; failing that, from vocabulary
    /// and code; failing that, from vocabulary and name; failing that, from the term's id. It does not depend on other
    /// sources, and survives restarts.
    fn key(&self) -> ID {
        ID(self.0.group.as_str().to_owned())
    }

    /// The name, as written by the first source by key; `(unnamed)` when that source gives none.
    fn name(&self) -> &str {
        self.0.name.as_deref().unwrap_or("(unnamed)")
    }

    /// The code in the vocabulary, as written by the first source. `null` when that source gives none.
    fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The URI of the concept, as written by the first source. `null` when that source gives none.
    fn term_uri(&self) -> Option<Url> {
        self.0.uri.as_deref().and_then(|uri| url::Url::parse(uri).ok()).map(Url)
    }

    /// The vocabulary: by its usual name if many feeds share it, e.g. `esdServiceTypes`, otherwise as the first of the
    /// sources writes it. `null` when that source names none.
    fn taxonomy_name(&self) -> Option<&str> {
        self.0.vocabulary.as_deref()
    }

    /// The terms in all synchronised sources, and in the live sources considered, ordered by source key: the first 100.
    /// Leaves out terms that cannot be fetched.
    async fn terms(&self, ctx: &FieldContext<'_>) -> Vec<TaxonomyTerm> {
        let each = self
            .0
            .terms
            .iter()
            .take(MOST_TERMS)
            .map(|id| async move { found(ctx, id, lookup::taxonomy_term(ctx, id).await) });
        join_all(each).await.into_iter().flatten().collect()
    }
}

/// A page of groups of terms, as clients see it.
pub(crate) struct TaxonomyTermGroupConnection(TermGroupPage);

/// A page of taxonomy terms across sources, by name.
#[graph_object]
impl TaxonomyTermGroupConnection {
    /// The terms with their cursors.
    fn edges(&self) -> Vec<TaxonomyTermGroupEdge> {
        let edge = |(group, position): &(GroupedTerm, GroupPosition)| TaxonomyTermGroupEdge {
            cursor: cursor(position),
            node: TaxonomyTermGroup(group.clone()),
        };
        self.0.groups.iter().map(edge).collect()
    }

    /// The terms.
    fn nodes(&self) -> Vec<TaxonomyTermGroup> {
        self.0.groups.iter().map(|(group, _)| TaxonomyTermGroup(group.clone())).collect()
    }

    /// The page's position in the list.
    fn page_info(&self) -> PageInfo {
        let of = |(_, position): &(GroupedTerm, GroupPosition)| cursor(position);
        PageInfo {
            has_next_page: self.0.has_next,
            has_previous_page: self.0.has_previous,
            start_cursor: self.0.groups.first().map(of),
            end_cursor: self.0.groups.last().map(of),
        }
    }

    /// The number of terms known, over all pages.
    fn total_count(&self) -> i32 {
        int(self.0.total)
    }

    /// Whether every source asked was considered in full.
    fn complete(&self) -> bool {
        self.0.reports.iter().all(|report| report.status.is_complete())
    }

    /// How far each source asked was considered, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.0.reports.iter().cloned().map(SourceReport).collect()
    }
}

/// A term and its cursor.
#[derive(GraphObject)]
pub(crate) struct TaxonomyTermGroupEdge {
    /// The term's position in the list, for `after`. Opaque; survives restarts.
    cursor: String,
    /// The term.
    node: TaxonomyTermGroup,
}

fn cursor(position: &GroupPosition) -> String {
    let (by, order) = TermGroupPage::ORDER;
    position.encode(&by, order)
}

/// The terms across sources that meet what the client asks.
pub(crate) async fn term_groups(
    ctx: &FieldContext<'_>,
    filter: Option<TaxonomyTermFilterInput>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<TaxonomyTermGroupConnection, ApiError> {
    let (by, order) = TermGroupPage::ORDER;
    let size = PageRequest::new(ctx.settings().paging(), first, None, None, None)?.size;
    let after = after.map(|text| GroupPosition::decode(&by, order, &text)).transpose();
    let after = after.map_err(|error| ApiError::Cursor { argument: "after", error })?;
    let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
    let asking = ctx.searching().await;
    let found = ctx.federation().lists.term_groups(&filter, size, after, asking).await;
    incomplete::note(ctx, &found.reports);
    if found.total == 0 {
        ApiError::of_unknown(
            &ctx.federation().lists.unknown_of_terms(&filter, &found.reports, asking).await,
        )?;
    }
    Ok(TaxonomyTermGroupConnection(found))
}
