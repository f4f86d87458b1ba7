//! The root of the graph.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use async_graphql::ID;
use futures_util::future::join_all;

use super::detail;
use super::error::ApiError;
use super::incomplete;
use super::input::{
    ChangeFilterInput, GroupOrderInput, LocationFilterInput, OrganizationFilterInput, ServiceFilterInput,
    ServiceOrderInput, TaxonomyTermFilterInput, known_sources,
};
use super::lookup::{self, MAX_IDS};
use super::paging::PageArguments;
use super::scalars::Postcode;
use super::types::{
    ChangeConnection, DEFAULT_PLACES, DEFAULT_ROWS, GroupArguments, Location, LocationConnection, Meta, Node,
    Organization, OrganizationConnection, Place, PlaceCandidate, Service, ServiceAtLocation,
    ServiceConnection, ServiceDimension, ServiceStatistics, Source, Suggestion, SuggestionKind, Taxonomy,
    TaxonomyTerm, TaxonomyTermConnection, TaxonomyTermGroupConnection, changes, locations, places, services,
    statistics, suggest, term_groups,
};
use crate::model::{Order, PostcodeDoubt, RecordId, RecordKind, SourceKey};

/// The root of every query.
#[derive(Clone, Copy)]
pub(super) struct Query;

/// The one graph over every configured feed.
#[graph_object]
impl Query {
    /// Anything with an `id`. Null where there is no such thing.
    async fn node(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "An `id` of this graph.")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        lookup::node(ctx, "id", &id).await.transpose()
    }

    /// Things by their ids, as many and in the same order. Null where there is no such thing.
    async fn nodes(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Ids of this graph, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node, ApiError>>>, ApiError> {
        if ids.len() > MAX_IDS {
            return Err(ApiError::bad_input(format!(
                "`ids` holds {}; at most {MAX_IDS} are allowed",
                ids.len()
            )));
        }
        let nodes = join_all(ids.iter().map(|id| lookup::node(ctx, "ids", id))).await;
        Ok(nodes.into_iter().map(Result::transpose).collect())
    }

    /// Services over all sources.
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a connection that can be filtered and ordered"
    )]
    async fn services(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all.")] filter: Option<ServiceFilterInput>,
        #[graphql(
            desc = "The order. Null means by RELEVANCE where the filter asks for a text, by DISTANCE where it asks for what is near, else by NAME."
        )]
        order_by: Option<ServiceOrderInput>,
        #[graphql(
            desc = "So many from the beginning of the list. Null, with `last` null too, means 20 or as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
        #[graphql(desc = "So many from the end of the list. Null means counting from the beginning.")]
        last: Option<i32>,
        #[graphql(desc = "Before this cursor only. Null means to the end.")] before: Option<String>,
    ) -> Result<ServiceConnection, ApiError> {
        let page = PageArguments { first, after, last, before };
        services(ctx, filter, order_by, None, page).await
    }

    /// The service with this `id`. Null where there is none.
    async fn service(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a service.")] id: ID,
    ) -> Option<Result<Service, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::Service), async |id| lookup::service(ctx, &id).await)
            .await
    }

    /// Organisations over all sources, by name.
    async fn organizations(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all.")] filter: Option<OrganizationFilterInput>,
        #[graphql(
            desc = "So many from the beginning of the list. Null, with `last` null too, means 20 or as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
        #[graphql(desc = "So many from the end of the list. Null means counting from the beginning.")]
        last: Option<i32>,
        #[graphql(desc = "Before this cursor only. Null means to the end.")] before: Option<String>,
    ) -> Result<OrganizationConnection, ApiError> {
        let page = PageArguments { first, after, last, before }.page(
            ctx,
            RecordKind::Organization,
            Order::default(),
        )?;
        let filter = filter.unwrap_or_default().into_filter(ctx)?;
        let wanted = detail::of_organizations(ctx.field());
        let found = ctx.federation().organizations(&filter, &page, wanted, ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.into())
    }

    /// The organisation with this `id`. Null where there is none.
    async fn organization(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of an organisation.")] id: ID,
    ) -> Option<Result<Organization, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::Organization), async |id| {
            lookup::organization(ctx, &id).await
        })
        .await
    }

    /// Locations over all sources: the nearest first where the filter asks for what is near, else by name.
    async fn locations(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all.")] filter: Option<LocationFilterInput>,
        #[graphql(
            desc = "So many from the beginning of the list. Null, with `last` null too, means 20 or as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
        #[graphql(desc = "So many from the end of the list. Null means counting from the beginning.")]
        last: Option<i32>,
        #[graphql(desc = "Before this cursor only. Null means to the end.")] before: Option<String>,
    ) -> Result<LocationConnection, ApiError> {
        locations(ctx, filter, PageArguments { first, after, last, before }).await
    }

    /// The location with this `id`. Null where there is none.
    async fn location(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a location.")] id: ID,
    ) -> Option<Result<Location, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::Location), async |id| lookup::location(ctx, &id).await)
            .await
    }

    /// The service at a location with this `id`. Null where there is none.
    async fn service_at_location(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a service at a location.")] id: ID,
    ) -> Option<Result<ServiceAtLocation, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::ServiceAtLocation), async |id| {
            lookup::service_at_location(ctx, &id).await
        })
        .await
    }

    /// The vocabularies of the sources, by name; those of a source that cannot answer are left out.
    async fn taxonomies(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Keys of the sources to ask. Null means all.")] sources: Option<Vec<String>>,
    ) -> Result<Vec<Taxonomy>, ApiError> {
        let sources = known_sources(ctx, "sources", sources)?;
        let found = ctx.federation().taxonomies(sources.as_ref(), ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.records.into_iter().map(Taxonomy).collect())
    }

    /// The taxonomy with this `id`. Null where there is none.
    async fn taxonomy(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a taxonomy.")] id: ID,
    ) -> Option<Result<Taxonomy, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::Taxonomy), async |id| lookup::taxonomy(ctx, &id).await)
            .await
    }

    /// Taxonomy terms over all sources, by name.
    async fn taxonomy_terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all.")] filter: Option<TaxonomyTermFilterInput>,
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
        let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
        let asking = ctx.searching().await;
        let found = ctx.federation().taxonomy_terms(&filter, &page, asking).await;
        incomplete::note(ctx, &found.reports);
        if found.total_count == 0 {
            let unknown = ctx.federation().unknown_of_terms(&filter, &found.reports, asking).await;
            ApiError::of_unknown(&unknown)?;
        }
        Ok(found.into())
    }

    /// Taxonomy terms over all sources, each once whichever sources have it, by name. Terms are one if their URI is the
    /// same, else their vocabulary and code, else their vocabulary and name.
    async fn taxonomy_term_groups(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What one of their terms must be. Null means all.")] filter: Option<
            TaxonomyTermFilterInput,
        >,
        #[graphql(desc = "So many from the beginning of the list. Null means 20 or as configured.")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
    ) -> Result<TaxonomyTermGroupConnection, ApiError> {
        term_groups(ctx, filter, first, after).await
    }

    /// The taxonomy term with this `id`. Null where there is none.
    async fn taxonomy_term(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a taxonomy term.")] id: ID,
    ) -> Option<Result<TaxonomyTerm, ApiError>> {
        one(lookup::record_id("id", &id, RecordKind::TaxonomyTerm), async |id| {
            lookup::taxonomy_term(ctx, &id).await
        })
        .await
    }

    /// The configured feeds, in configuration order.
    fn sources(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Keys of the sources wanted. Null means all.")] keys: Option<Vec<String>>,
    ) -> Result<Vec<Source>, ApiError> {
        let keys = known_sources(ctx, "keys", keys)?;
        let wanted = |key: &SourceKey| keys.as_ref().is_none_or(|keys| keys.contains(key));
        let states = ctx.federation().states().into_iter().filter(|state| wanted(&state.info.key));
        Ok(states.map(|state| Source::new(Arc::clone(&state.info))).collect())
    }

    /// The feed with this key. Null where none has it.
    fn source(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The slug from the configuration, e.g. `bristol`.")] key: String,
    ) -> Option<Source> {
        lookup::source(ctx, &SourceKey::parse(&key).ok()?)
    }

    /// What changed in the sources in catalogue mode: created, updated and deleted, in the order in which the gateway
    /// noticed. It compares what it reads with what it read before, so that this holds for feeds that offer nothing of
    /// the kind. Sources in live mode are not compared: where there are no others, nothing ever changes here, and
    /// `endCursor` stays good until there are.
    async fn changes(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "After this cursor only: `endCursor` of the page before, or of the last one that was read. Null means from the oldest change that is remembered: those of 90 days, 500,000 at most."
        )]
        since: Option<String>,
        #[graphql(desc = "Which ones. Null means all.")] filter: Option<ChangeFilterInput>,
        #[graphql(
            desc = "At most so many: 0 to 100, or to the largest page configured if that is more. Null means 100.",
            default_with = "Some(100)"
        )]
        first: Option<i32>,
    ) -> Result<ChangeConnection, ApiError> {
        changes(ctx, since, filter, first).await
    }

    /// Where a postcode is, or the first part of one, e.g. `BS1`. Fails with `POSTCODE_UNKNOWN` where no place is known
    /// for it.
    fn place(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The postcode, with any case and spacing.")] postcode: Postcode,
    ) -> Option<Result<Place, ApiError>> {
        let placed = ctx.federation().places().lookup_asked(&postcode.0);
        let placed = placed.ok_or_else(|| ApiError::PostcodeUnknown {
            argument: "postcode",
            doubt: PostcodeDoubt::of(&postcode.0),
        });
        Some(placed.map(|placed| Place::new(postcode.0, placed)))
    }

    /// The places that may be meant by a name, a name with its county or council (`Newport, Isle of Wight`), a postcode or
    /// the first part of one (`BS3`); the likeliest first. Towns and villages are built in; parts of towns are known as far
    /// as the addresses of the sources name them. Empty where nothing is even spelt nearly so.
    async fn places(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What the place is called, or how its name begins; at most 100 characters.")]
        name: String,
        #[graphql(desc = "At most so many, 1 to 50.", default_with = "Some(DEFAULT_PLACES)")] first: Option<
            i32,
        >,
    ) -> Result<Vec<PlaceCandidate>, ApiError> {
        places(ctx, &name, first).await
    }

    /// Counts over the services that match, grouped by one to three different things. A service that says several
    /// things in a dimension counts in each of their groups, one that says nothing in the group without a value.
    async fn service_statistics(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all.")] filter: Option<ServiceFilterInput>,
        #[graphql(desc = "What to group by: 1 to 3 dimensions, none of them twice.")] group_by: Vec<
            ServiceDimension,
        >,
        #[graphql(
            desc = "The order of the rows. Null means by COUNT, the largest first. KEY goes by what is grouped by: `{ field: KEY, direction: DESC }` with `first: 12` is the last twelve months."
        )]
        order_by: Option<GroupOrderInput>,
        #[graphql(desc = "At most so many rows, 1 to 1000.", default_with = "Some(DEFAULT_ROWS)")]
        first: Option<i32>,
        #[graphql(
            desc = "After this cursor only, of the same `groupBy` and `orderBy`. Null means from the beginning."
        )]
        after: Option<String>,
    ) -> Result<ServiceStatistics, ApiError> {
        let groups = GroupArguments { order_by, first: first.unwrap_or(DEFAULT_ROWS), after };
        Box::pin(statistics(ctx, filter, group_by, groups)).await
    }

    /// Names that begin with what somebody has typed so far, or have a word that does: of services, organisations, taxonomy
    /// terms, needs and places. Case, accents and punctuation make no difference. Names that begin so come first; of these
    /// needs, then places, then the others by how many services they stand for, then by name. No kind takes more than half of
    /// the suggestions while another has one. Empty if no letter or digit has been typed.
    async fn suggest(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "What has been typed: the beginning of a name, or of a word in it and what follows. At most 100 characters."
        )]
        prefix: String,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(10)")] first: Option<i32>,
        #[graphql(desc = "Names of what. Null means all kinds.")] kinds: Option<Vec<SuggestionKind>>,
    ) -> Result<Vec<Suggestion>, ApiError> {
        suggest(ctx, prefix, first, kinds).await
    }

    /// The gateway about itself.
    fn meta(&self) -> Meta {
        Meta
    }
}

/// The one record that an argument names.
async fn one<V, F>(
    id: Result<RecordId, ApiError>,
    get: impl FnOnce(RecordId) -> F,
) -> Option<Result<V, ApiError>>
where
    F: Future<Output = Result<Option<V>, ApiError>>,
{
    match id {
        Ok(id) => get(id).await.transpose(),
        Err(error) => Some(Err(error)),
    }
}
