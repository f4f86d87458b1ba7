//! Taxonomies.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use async_graphql::ID;

use super::provenance::source_of;
use super::{Metadata, Provenance, Source, TaxonomyTerm, TaxonomyTermConnection, views};
use crate::federation::TaxonomyTermFilter;
use crate::graphql::error::ApiError;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url};
use crate::graphql::{incomplete, lookup};
use crate::model::{self, Order, RecordId, RecordKind};

/// A taxonomy as clients see it.
#[derive(Clone)]
pub(crate) struct Taxonomy(pub(crate) Arc<model::Taxonomy>);

/// A vocabulary that taxonomy terms are drawn from.
#[graph_object]
impl Taxonomy {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The id in the feed.
    pub(super) fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where it came from, when, and what reading it did to it.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// Name; `(unnamed)` where the feed gives none.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What it covers. Null where the feed does not say.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Its identifier or home. Null where the feed gives none.
    fn uri(&self) -> Option<Url> {
        self.0.uri.clone().map(Url)
    }

    /// Its release. Null where the feed does not say.
    fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// The terms that its own record nests, as that has them: some that the feed does not list may be among them. `terms`
    /// finds those that it lists.
    fn nested_terms(&self) -> Vec<TaxonomyTerm> {
        views(&self.0.terms, TaxonomyTerm)
    }

    /// Its terms, by name.
    async fn terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Only terms directly below the term with this `id`. Null means all.")]
        parent: Option<ID>,
        #[graphql(
            desc = "So many from the beginning of the list. Null, with `last` null too, means 20 or as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
        #[graphql(desc = "So many from the end of the list. Null means counting from the beginning.")]
        last: Option<i32>,
        #[graphql(desc = "Before this cursor only. Null means to the end.")] before: Option<String>,
    ) -> Result<TaxonomyTermConnection, ApiError> {
        let page = PageArguments { first, after, last, before }.page(
            ctx,
            RecordKind::TaxonomyTerm,
            Order::default(),
        )?;
        let parent =
            parent.map(|id| lookup::record_id("parent", &id, RecordKind::TaxonomyTerm)).transpose()?;
        let filter = TaxonomyTermFilter { parent, ..terms_of(&self.0.id) };
        let found = ctx.federation().taxonomy_terms(&filter, &page, ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.into())
    }

    /// Change history.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// What the feed sent that the model has no place for, kept as it came. Members of parts go by their path, e.g.
    /// `phones[0].fax`. Null where there is nothing.
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
