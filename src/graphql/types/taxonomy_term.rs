//! Taxonomy terms.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::provenance::source_of;
use super::{Provenance, Source, Taxonomy};
use crate::federation::{PageRequest, TaxonomyTermFilter};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::reach::Reach as _;
use crate::graphql::scalars::{Id, Url};
use crate::model::{self, RecordId};

/// A taxonomy term as clients see it.
pub(crate) struct TaxonomyTerm(pub(crate) Arc<model::TaxonomyTerm>);

/// One concept of a vocabulary.
#[Object]
impl TaxonomyTerm {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) async fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The id in the feed.
    pub(super) async fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) async fn source(&self, ctx: &Context<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where it came from, when, and what reading it did to it.
    pub(super) async fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// Identifier of the term inside its vocabulary. Null where the feed gives none.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Label; `(unnamed)` where the feed gives none.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it means. Null where the feed does not say.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// ISO 639 language of the label. Null where the feed does not say.
    async fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// URI of the concept. Null where the feed gives none.
    async fn term_uri(&self) -> Option<Url> {
        self.0.term_uri.clone().map(Url)
    }

    /// Name or URI of the vocabulary, as text. Null where the feed gives none.
    async fn taxonomy_name(&self) -> Option<&str> {
        self.0.taxonomy_name.as_deref()
    }

    /// The vocabulary. Null where the feed names none, or cannot answer for it.
    async fn taxonomy(&self, ctx: &Context<'_>) -> Option<Taxonomy> {
        if let Some(taxonomy) = &self.0.taxonomy {
            return Some(Taxonomy(Arc::clone(taxonomy)));
        }
        lookup::related(lookup::taxonomy(ctx, self.0.taxonomy_id.as_ref()?).await)
    }

    /// The broader term. Null where there is none, or the feed cannot answer for it.
    async fn parent(&self, ctx: &Context<'_>) -> Option<TaxonomyTerm> {
        lookup::related(lookup::taxonomy_term(ctx, self.0.parent_id.as_ref()?).await)
    }

    /// The terms directly below it, by name: the first 1,000. `Taxonomy.terms(parent:)` pages through more.
    async fn children(&self, ctx: &Context<'_>) -> Vec<TaxonomyTerm> {
        let found = ctx.federation().taxonomy_terms(&children_of(&self.0.id), &CHILDREN, ctx.asking()).await;
        found.records.into_iter().map(TaxonomyTerm).collect()
    }
}

/// Children come as a list, not as pages; no term of the vocabularies in use has nearly as many.
const CHILDREN: PageRequest = PageRequest { size: 1_000, after: None, before: None, from_end: false };

fn children_of(term: &RecordId) -> TaxonomyTermFilter {
    TaxonomyTermFilter {
        sources: Some([term.source().clone()].into()),
        parent: Some(term.clone()),
        ..TaxonomyTermFilter::default()
    }
}
