//! Taxonomies.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use async_graphql::ID;
use futures_util::future::join_all;

use super::provenance::source_of;
use super::{Metadata, Provenance, Source, TaxonomyTerm, TaxonomyTermConnection, views};
use crate::federation::TaxonomyTermFilter;
use crate::graphql::error::ApiError;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url};
use crate::graphql::{detail, incomplete, lookup};
use crate::model::{self, RecordId, RecordKind, SortOrder};

/// A taxonomy as clients see it.
#[derive(Clone)]
pub(crate) struct Taxonomy(pub(crate) Arc<model::Taxonomy>);

impl Taxonomy {
    /// The nested terms, if they state what is selected of them: then nothing has to be waited for.
    fn carried_terms(&self, ctx: &FieldContext<'_>) -> Option<Vec<TaxonomyTerm>> {
        let wanted = detail::of_terms(ctx.field(), false);
        self.0.terms.iter().map(|nested| TaxonomyTerm::at_hand(nested, wanted)).collect()
    }
}

/// A vocabulary of taxonomy terms.
#[graph_object]
impl Taxonomy {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The record's id in the feed.
    pub(super) fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where the record comes from, when it was read, and what the gateway changed.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// The name; `(unnamed)` when the feed gives none.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it covers. `null` when the feed does not say.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Its identifier or home page. `null` when the feed gives none.
    fn uri(&self) -> Option<Url> {
        self.0.uri.clone().map(Url)
    }

    /// The version. `null` when the feed does not say.
    fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// The terms nested in the taxonomy's own record. Some may be missing from the feed's list of terms; `terms`
    /// returns those in the list.
    #[at_hand(self.carried_terms(ctx))]
    async fn nested_terms(&self, ctx: &FieldContext<'_>) -> Vec<TaxonomyTerm> {
        let wanted = detail::of_terms(ctx.field(), false);
        join_all(self.0.terms.iter().map(|nested| TaxonomyTerm::in_full(ctx, nested, wanted))).await
    }

    /// Its terms, by name.
    async fn terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Only terms directly below the term with this `id`. Default: all terms.")]
        parent: Option<ID>,
        #[graphql(
            desc = "The first *n* records. Without `first` and `last`, a page has 20 records, or as many as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
        #[graphql(desc = "The last *n* records. Cannot be combined with `first`.")] last: Option<i32>,
        #[graphql(desc = "Records before this cursor. Default: to the end.")] before: Option<String>,
    ) -> Result<TaxonomyTermConnection, ApiError> {
        let page = PageArguments { first, after, last, before }.page(
            ctx,
            RecordKind::TaxonomyTerm,
            SortOrder::default(),
        )?;
        let parent =
            parent.map(|id| lookup::record_id("parent", &id, RecordKind::TaxonomyTerm)).transpose()?;
        let filter = TaxonomyTermFilter { parent, ..terms_of(&self.0.id) };
        let found = ctx.federation().lists.taxonomy_terms(&filter, &page, ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.into())
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// Members the feed sends that the schema has no field for, unchanged. Members of nested objects are named by path,
    /// e.g. `phones[0].fax`. `null` when there are none.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}

fn terms_of(taxonomy: &RecordId) -> TaxonomyTermFilter {
    TaxonomyTermFilter {
        sources: Some([taxonomy.source().clone()].into()),
        taxonomy: Some(taxonomy.as_str().to_owned()),
        ..TaxonomyTermFilter::default()
    }
}
