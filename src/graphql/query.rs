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
use super::subgraph::{EntityRepresentation, SubgraphEntity, SubgraphService, entities};
use super::types::{
    ChangeConnection, DEFAULT_PLACES, DEFAULT_ROWS, GroupArguments, Location, LocationConnection, Meta, Node,
    Organization, OrganizationConnection, Place, PlaceCandidate, RecordById, Service, ServiceAtLocation,
    ServiceConnection, ServiceDimension, ServiceStatistics, Source, Suggestion, SuggestionKind, Taxonomy,
    TaxonomyTerm, TaxonomyTermConnection, TaxonomyTermGroupConnection, changes, locations, places,
    record_by_id, services, statistics, suggest, term_groups,
};
use crate::model::{PostcodeDoubt, RecordKind, SortOrder, SourceKey};

/// The root of every query.
#[derive(Clone, Copy)]
pub(super) struct Query;

/// One graph over every configured feed.
#[graph_object]
impl Query {
    /// Any object with an `id`. `null` when there is no such object.
    async fn node(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "An `id` of this graph.")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        lookup::node(ctx, "id", &id).await.transpose()
    }

    /// Objects by their ids, in the order given. An entry is `null` when there is no such object.
    async fn nodes(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Ids of this graph, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node, ApiError>>>, ApiError> {
        if ids.len() > MAX_IDS {
            return Err(ApiError::bad_input(format!(
                "`ids` has {} entries; at most {MAX_IDS} are allowed",
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
        services(ctx, filter, order_by, None, page).await
    }

    /// The service with this `id`. `null` when there is none.
    async fn service(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a service.")] id: ID,
    ) -> Option<Result<RecordById<Service>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::Service);
        record_by_id(ctx, id, Service, async |id| lookup::service(ctx, &id).await).await
    }

    /// Organisations over all sources, by name.
    async fn organizations(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<OrganizationFilterInput>,
        #[graphql(
            desc = "The first *n* records. Without `first` and `last`, a page has 20 records, or as many as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
        #[graphql(desc = "The last *n* records. Cannot be combined with `first`.")] last: Option<i32>,
        #[graphql(desc = "Records before this cursor. Default: to the end.")] before: Option<String>,
    ) -> Result<OrganizationConnection, ApiError> {
        let page = PageArguments { first, after, last, before }.page(
            ctx,
            RecordKind::Organization,
            SortOrder::default(),
        )?;
        let filter = filter.unwrap_or_default().into_filter(ctx)?;
        let wanted = detail::of_organizations(ctx.field());
        let found = ctx.federation().lists.organizations(&filter, &page, wanted, ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.into())
    }

    /// The organisation with this `id`. `null` when there is none.
    async fn organization(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of an organisation.")] id: ID,
    ) -> Option<Result<RecordById<Organization>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::Organization);
        record_by_id(ctx, id, Organization, async |id| lookup::organization(ctx, &id).await).await
    }

    /// Locations over all sources: nearest first if the filter has `near`, otherwise by name.
    async fn locations(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<LocationFilterInput>,
        #[graphql(
            desc = "The first *n* records. Without `first` and `last`, a page has 20 records, or as many as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
        #[graphql(desc = "The last *n* records. Cannot be combined with `first`.")] last: Option<i32>,
        #[graphql(desc = "Records before this cursor. Default: to the end.")] before: Option<String>,
    ) -> Result<LocationConnection, ApiError> {
        locations(ctx, filter, PageArguments { first, after, last, before }).await
    }

    /// The location with this `id`. `null` when there is none.
    async fn location(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a location.")] id: ID,
    ) -> Option<Result<RecordById<Location>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::Location);
        record_by_id(ctx, id, Location, async |id| lookup::location(ctx, &id).await).await
    }

    /// The service at a location with this `id`. `null` when there is none.
    async fn service_at_location(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a service at a location.")] id: ID,
    ) -> Option<Result<RecordById<ServiceAtLocation>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::ServiceAtLocation);
        record_by_id(ctx, id, ServiceAtLocation, async |id| lookup::service_at_location(ctx, &id).await).await
    }

    /// The vocabularies of the sources, by name. Leaves out sources that cannot be read.
    async fn taxonomies(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The keys of the sources to search. Default: all.")] sources: Option<Vec<String>>,
    ) -> Result<Vec<Taxonomy>, ApiError> {
        let sources = known_sources(ctx, "sources", sources)?;
        let found = ctx.federation().lists.taxonomies(sources.as_ref(), ctx.searching().await).await;
        incomplete::note(ctx, &found.reports);
        Ok(found.records.into_iter().map(Taxonomy).collect())
    }

    /// The taxonomy with this `id`. `null` when there is none.
    async fn taxonomy(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a taxonomy.")] id: ID,
    ) -> Option<Result<RecordById<Taxonomy>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::Taxonomy);
        record_by_id(ctx, id, Taxonomy, async |id| lookup::taxonomy(ctx, &id).await).await
    }

    /// Taxonomy terms over all sources, by name.
    async fn taxonomy_terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<TaxonomyTermFilterInput>,
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
        let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
        let asking = ctx.searching().await;
        let found = ctx.federation().lists.taxonomy_terms(&filter, &page, asking).await;
        incomplete::note(ctx, &found.reports);
        if found.total_count == 0 {
            let unknown = ctx.federation().lists.unknown_of_terms(&filter, &found.reports, asking).await;
            ApiError::of_unknown(&unknown)?;
        }
        Ok(found.into())
    }

    /// Taxonomy terms over all sources, by name, each listed once even if several sources have it. Terms are the same
    /// if their URI is the same; failing that, their vocabulary and code; failing that, their vocabulary and name.
    async fn taxonomy_term_groups(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions that one of their terms must meet. Default: none.")] filter: Option<
            TaxonomyTermFilterInput,
        >,
        #[graphql(desc = "The first *n* records. Default: 20, or as configured.")] first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
    ) -> Result<TaxonomyTermGroupConnection, ApiError> {
        term_groups(ctx, filter, first, after).await
    }

    /// The taxonomy term with this `id`. `null` when there is none.
    async fn taxonomy_term(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The `id` of a taxonomy term.")] id: ID,
    ) -> Option<Result<RecordById<TaxonomyTerm>, ApiError>> {
        let id = lookup::record_id("id", &id, RecordKind::TaxonomyTerm);
        record_by_id(ctx, id, TaxonomyTerm, async |id| lookup::taxonomy_term(ctx, &id).await).await
    }

    /// The configured feeds, in configuration order.
    fn sources(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The keys of the sources to return. Default: all.")] keys: Option<Vec<String>>,
    ) -> Result<Vec<Source>, ApiError> {
        let keys = known_sources(ctx, "keys", keys)?;
        let wanted = |key: &SourceKey| keys.as_ref().is_none_or(|keys| keys.contains(key));
        let states = ctx.federation().states().into_iter().filter(|state| wanted(&state.info.key));
        Ok(states.map(|state| Source::new(Arc::clone(&state.info))).collect())
    }

    /// The feed with this key. `null` when there is none.
    fn source(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The key from the configuration, e.g. `bristol`.")] key: String,
    ) -> Option<Source> {
        lookup::source(ctx, &SourceKey::parse(&key).ok()?)
    }

    /// Records created, updated and deleted in synchronised sources, in the order in which the gateway noticed. The
    /// gateway compares each synchronisation with the one before, so this works for feeds that do not report changes
    /// themselves. Live sources are not compared: with live sources only, there are never any changes, and `endCursor`
    /// stays valid until a source is synchronised.
    async fn changes(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Returns changes after this cursor: the `endCursor` of the last page you read. Defaults to the oldest change retained: changes are retained for 90 days, 500,000 at most."
        )]
        since: Option<String>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<ChangeFilterInput>,
        #[graphql(
            desc = "The maximum number to return: 0 to 100, or to the largest page size configured if that is greater. Defaults to 100.",
            default_with = "Some(100)"
        )]
        first: Option<i32>,
    ) -> Result<ChangeConnection, ApiError> {
        changes(ctx, since, filter, first).await
    }

    /// The location of a postcode or of its first part, e.g. `BS1`. Fails with `POSTCODE_UNKNOWN` if its location is
    /// not known.
    fn place(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The postcode or its first part, in any case and spacing.")] postcode: Postcode,
    ) -> Option<Result<Place, ApiError>> {
        let placed = ctx.federation().places.postcodes().lookup_asked(&postcode.0);
        let placed = placed.ok_or_else(|| ApiError::PostcodeUnknown {
            argument: "postcode",
            doubt: PostcodeDoubt::of(&postcode.0),
        });
        Some(placed.map(|placed| Place::new(postcode.0, placed)))
    }

    /// Places that match a name, a name with its county or council (`Newport, Isle of Wight`), a postcode or the first
    /// part of one (`BS3`), likeliest first. Towns and villages are built in; parts of towns are known only if
    /// addresses in your sources name them. Empty when no name is even similar.
    async fn places(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The name of the place, or the beginning of it. At most 100 characters.")]
        name: String,
        #[graphql(desc = "The maximum number to return, 1 to 50.", default_with = "Some(DEFAULT_PLACES)")]
        first: Option<i32>,
    ) -> Result<Vec<PlaceCandidate>, ApiError> {
        places(ctx, &name, first).await
    }

    /// Counts of matching services, grouped by one to three dimensions. A service with several values in a dimension
    /// counts in each of their groups; a service with no value counts in the group whose value is `null`.
    async fn service_statistics(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<ServiceFilterInput>,
        #[graphql(desc = "The dimensions to group by: 1 to 3, all different.")] group_by: Vec<
            ServiceDimension,
        >,
        #[graphql(
            desc = "The order of the rows. Defaults to COUNT, largest first. For the last twelve months, group by MODIFIED_MONTH and use `{ field: KEY, direction: DESC }` with `first: 12`."
        )]
        order_by: Option<GroupOrderInput>,
        #[graphql(
            desc = "The maximum number of rows to return, 1 to 1000.",
            default_with = "Some(DEFAULT_ROWS)"
        )]
        first: Option<i32>,
        #[graphql(
            desc = "Returns rows after this cursor, with the same `groupBy` and `orderBy`. Defaults to the start of the list."
        )]
        after: Option<String>,
    ) -> Result<ServiceStatistics, ApiError> {
        let groups = GroupArguments { order_by, first: first.unwrap_or(DEFAULT_ROWS), after };
        Box::pin(statistics(ctx, filter, group_by, groups)).await
    }

    /// Suggests names for text typed so far: names of services, organisations, taxonomy terms, needs and places that
    /// begin with it or have a word that does. Ignores case, accents and punctuation. Names that begin with the text
    /// come first; among them needs, then places, then the others by number of services, then by name. No kind fills
    /// more than half of the list while another has suggestions left. Empty until a letter or digit has been typed.
    async fn suggest(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "The text typed so far: the beginning of a name, or of a later word in it. At most 100 characters."
        )]
        prefix: String,
        #[graphql(desc = "The maximum number to return, 0 to 50.", default_with = "Some(10)")] first: Option<
            i32,
        >,
        #[graphql(desc = "The kinds of name to suggest. Default: all.")] kinds: Option<Vec<SuggestionKind>>,
    ) -> Result<Vec<Suggestion>, ApiError> {
        suggest(ctx, prefix, first, kinds).await
    }

    /// Information about the gateway.
    fn meta(&self) -> Meta {
        Meta
    }

    /// This graph as a subgraph, for composing it with others.
    #[graphql(name = "_service")]
    fn subgraph_service(&self) -> SubgraphService {
        SubgraphService
    }

    /// Entities that a router knows by their keys, in the order given. An entry is `null` when there is no such entity.
    #[graphql(name = "_entities")]
    async fn entities(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What the router knows of each.")] representations: Vec<EntityRepresentation>,
    ) -> Vec<Option<Result<SubgraphEntity, ApiError>>> {
        entities(ctx, &representations).await
    }
}
