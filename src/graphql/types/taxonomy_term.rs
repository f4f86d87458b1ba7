//! Taxonomy terms.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{Metadata, Provenance, ServiceConnection, Source, Taxonomy, TaxonomyTermGroup, carried, views};
use crate::federation::{FacetsWanted, GridsWanted, PageRequest, ServiceQuery, WantedFacts};
use crate::graphql::error::ApiError;
use crate::graphql::fields::services;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url, int};
use crate::graphql::{detail, incomplete, lookup};
use crate::model::{
    self, RecordId, ServiceFilter, SortOrder, TaxonomyTermRef, TaxonomyTermsFilter, UnsaidFields,
};

/// A taxonomy term as clients see it.
#[derive(Clone)]
pub(crate) struct TaxonomyTerm(pub(crate) Arc<model::TaxonomyTerm>);

impl TaxonomyTerm {
    /// Returns a nested term, if it states what is wanted of it.
    pub(super) fn at_hand(nested: &Arc<model::TaxonomyTerm>, wanted: UnsaidFields) -> Option<Self> {
        (!detail::is_term_lacking(wanted, nested)).then(|| Self(Arc::clone(nested)))
    }

    /// Returns a nested term, completed from its own record if it does not state what is wanted of it.
    pub(super) async fn in_full(
        ctx: &FieldContext<'_>,
        nested: &Arc<model::TaxonomyTerm>,
        wanted: UnsaidFields,
    ) -> Self {
        if let Some(term) = Self::at_hand(nested, wanted) {
            return term;
        }
        Self(ctx.federation().records.term_in_full(nested, ctx.reading().await).await)
    }
}

/// A term of a vocabulary.
#[graph_object]
impl TaxonomyTerm {
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

    /// The term's code in its vocabulary. `null` when the feed gives none.
    fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The label; `(unnamed)` when the feed gives none.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The definition. `null` when the feed does not say.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// ISO 639 language of the label. `null` when the feed does not say.
    fn language(&self) -> Option<&str> {
        self.0.language.as_deref()
    }

    /// The URI of the concept. `null` when the feed gives none.
    fn term_uri(&self) -> Option<Url> {
        self.0.term_uri.clone().map(Url)
    }

    /// Name or URI of the vocabulary, as text. `null` when the feed gives none.
    fn taxonomy_name(&self) -> Option<&str> {
        self.0.taxonomy_name.as_deref()
    }

    /// The term across sources: this one, and equal terms of other feeds.
    async fn group(&self, ctx: &FieldContext<'_>) -> TaxonomyTermGroup {
        TaxonomyTermGroup(ctx.federation().lists.group_of_term(&self.0, ctx.reading().await).await)
    }

    /// The vocabulary. `null` when the feed names none or it cannot be fetched.
    #[at_hand(carried(self.0.taxonomy.as_ref(), self.0.taxonomy_id.as_ref(), Taxonomy))]
    async fn taxonomy(&self, ctx: &FieldContext<'_>) -> Option<Taxonomy> {
        if let Some(taxonomy) = &self.0.taxonomy {
            return Some(Taxonomy(Arc::clone(taxonomy)));
        }
        let id = self.0.taxonomy_id.as_ref()?;
        lookup::related(lookup::taxonomy(ctx, id).await, id, self.0.provenance.read(), Taxonomy)
    }

    /// The broader term. `null` when there is none or it cannot be fetched.
    #[at_hand(carried(None, self.0.parent_id.as_ref(), TaxonomyTerm))]
    async fn parent(&self, ctx: &FieldContext<'_>) -> Option<TaxonomyTerm> {
        let id = self.0.parent_id.as_ref()?;
        lookup::related(lookup::taxonomy_term(ctx, id).await, id, self.0.provenance.read(), TaxonomyTerm)
    }

    /// The terms directly below it, by name: the first 1,000. `Taxonomy.terms(parent:)` pages through all of them.
    async fn children(&self, ctx: &FieldContext<'_>) -> Vec<TaxonomyTerm> {
        let found =
            ctx.federation().lists.narrower_terms(&self.0.id, MOST_CHILDREN, ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        found.records.into_iter().map(TaxonomyTerm).collect()
    }

    /// The number of services of its source that carry the term. `null` when it is not known.
    async fn service_count(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Whether services with a narrower term, at any depth, count too. `null` means true.",
            default_with = "Some(true)"
        )]
        include_descendants: Option<bool>,
    ) -> Option<i32> {
        let query = ServiceQuery {
            filter: carrying(&self.0.id, include_descendants),
            order: SortOrder::default(),
            page: PageRequest { size: 0, after: None, before: None, from_end: false },
            wanted: WantedFacts::default(),
            facets: FacetsWanted::default(),
            grids: GridsWanted::default(),
            unknown: false,
            shape: None,
        };
        let found = ctx.federation().services.find(&query, ctx.searching().await).await.connection;
        found.is_complete().then(|| int(found.total_count))
    }

    /// The services of its source that carry the term.
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a connection that can be filtered and ordered"
    )]
    async fn services(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Whether services with a narrower term, at any depth, count too. `null` means true.",
            default_with = "Some(true)"
        )]
        include_descendants: Option<bool>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<ServiceFilterInput>,
        #[graphql(
            desc = "The order of the list. Defaults to RELEVANCE if the filter has `text` or `ask`, else to DISTANCE if it has `near`, else to NAME."
        )]
        order_by: Option<ServiceOrderInput>,
        #[graphql(
            desc = "The first *n* records. Without `first` and `last`, a page has 20 records, or as many as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
        #[graphql(desc = "The last *n* records. Cannot be combined with `first`.")] last: Option<i32>,
        #[graphql(desc = "Records before this cursor. Default: to the end.")] before: Option<String>,
    ) -> Result<ServiceConnection, ApiError> {
        let page = PageArguments { first, after, last, before };
        let own = carrying(&self.0.id, include_descendants);
        services(ctx, filter, order_by, Some(own), page).await
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

// No source has services that carry another one's term.
fn carrying(term: &RecordId, include_descendants: Option<bool>) -> ServiceFilter {
    let terms = TaxonomyTermsFilter {
        any_of: vec![TaxonomyTermRef::Id(term.clone())],
        include_descendants: include_descendants.unwrap_or(true),
        ..TaxonomyTermsFilter::default()
    };
    let sources = [term.source().clone()].into();
    ServiceFilter { sources: Some(sources), taxonomy_terms: Some(terms), ..ServiceFilter::default() }
}

/// Children come as a list, not as pages; no term of the vocabularies in use has nearly as many.
const MOST_CHILDREN: usize = 1_000;
