//! Connections of services: pages in any order, with what the question makes of each service.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use super::facets::{self, ServiceFacets};
use super::grid::{self, DEFAULT_CELLS, ServiceGrid};
use super::nothing_found::NothingFound;
use super::service_node::ServiceNode;
use super::{Location, PageInfo, SourceReport};
use crate::federation::{self, ServiceMatch, ServicePage, ServiceQuery};
use crate::graphql::error::ApiError;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::int;
use crate::graphql::{detail, incomplete, lookup, selected_rows};
use crate::model::{Cursor, RecordKind, ServiceFilter, TextQuery};

/// A page of services, in the order asked for.
pub(crate) struct ServiceConnection(ServicePage, Arc<[TextQuery]>, Option<NothingFound>);

impl ServiceConnection {
    /// Of a page, the texts its services were looked for by, and what helps if there are none.
    pub(crate) fn new(page: ServicePage, texts: Arc<[TextQuery]>, nothing: Option<NothingFound>) -> Self {
        Self(page, texts, nothing)
    }

    fn cursor(&self, at: usize) -> Option<String> {
        Some(Cursor::encode(RecordKind::Service, self.0.order, &self.0.position(at)?))
    }
}

/// A page of services, in the order asked for.
#[graph_object]
impl ServiceConnection {
    /// The records with their cursors, scores, distances and matches.
    fn edges(&self) -> Vec<ServiceEdge<'_>> {
        let each = self.0.found.iter().zip(self.nodes());
        each.map(|(found, node)| ServiceEdge { connection: self, found, node }).collect()
    }

    /// The records.
    fn nodes(&self) -> Vec<ServiceNode<'_>> {
        let each = self.0.connection.records.iter().enumerate();
        each.map(|(at, service)| ServiceNode { page: &self.0, service, at }).collect()
    }

    /// The page's position in the list.
    fn page_info(&self) -> PageInfo {
        let last = self.0.found.len().saturating_sub(1);
        PageInfo {
            has_next_page: self.0.connection.has_next_page,
            has_previous_page: self.0.connection.has_previous_page,
            start_cursor: self.cursor(0),
            end_cursor: self.cursor(last),
        }
    }

    /// The number of matches known over all sources. It is exact when `complete` is true; otherwise some sources are
    /// counted only in part or not at all. Never `null`.
    fn total_count(&self) -> Option<i32> {
        Some(int(self.0.connection.total_count))
    }

    /// Whether every source asked was considered in full.
    fn complete(&self) -> bool {
        self.0.connection.is_complete()
    }

    /// How far each source asked was considered, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.0.connection.reports.iter().cloned().map(SourceReport).collect()
    }

    /// Hints for a filter that matches nothing: the number of matches without each of its conditions, and similarly
    /// spelt words. `null` when something matches, when there is no filter, or when a source was not considered in
    /// full.
    fn nothing_found(&self) -> Option<NothingFound> {
        self.2.clone()
    }

    /// The most frequent values among all matches, over all pages.
    fn facets(
        &self,
        #[graphql(desc = "The maximum number of values of each kind, 1 to 1000.", default = 10)] first: i32,
    ) -> Result<ServiceFacets, ApiError> {
        ServiceFacets::new(&self.0, first)
    }

    /// Matches per cell of a map grid, over all pages: for maps that cannot draw every match.
    fn grid(
        &self,
        #[graphql(
            desc = "The zoom level, 0 to 20: cells are the Web Mercator tiles of this level. For cells of 64 pixels, use the map's own zoom level plus two."
        )]
        zoom: i32,
        #[graphql(
            desc = "The maximum number of cells to return, 1 to 2000: those with the most services.",
            default_with = "DEFAULT_CELLS"
        )]
        first: i32,
    ) -> Result<ServiceGrid, ApiError> {
        let zoom = grid::zoom(zoom)?;
        let count = self.0.grids.at(zoom).cloned();
        ServiceGrid::new(count.ok_or(ApiError::Internal("a grid was not asked for"))?, first)
    }
}

/// A service, with its cursor and why it matches.
pub(crate) struct ServiceEdge<'c> {
    connection: &'c ServiceConnection,
    found: &'c ServiceMatch,
    node: ServiceNode<'c>,
}

/// How far something is.
#[derive(Clone)]
pub(crate) struct Distance(pub(super) federation::ServiceDistance);

/// The distance of a service or location from the centre of `near`, as the crow flies.
#[graph_object]
impl Distance {
    /// The distance in metres on a sphere.
    fn metres(&self) -> f64 {
        self.0.metres
    }

    /// The place at this distance. `null` when it cannot be fetched.
    async fn location(&self, ctx: &FieldContext<'_>) -> Option<Location> {
        lookup::found(lookup::location(ctx, self.0.location.as_ref()?).await)
    }
}

/// An extract of a service that matches the filter's words.
#[derive(GraphObject)]
pub(crate) struct TextMatch {
    /// The path of the field in this graph, e.g. `organization.name`.
    field: &'static str,
    /// The extract, as plain text; `…` stands for words left out.
    snippet: String,
    /// The words of `ask` that matched, as given. `null` for matches of `text`.
    asked: Option<String>,
    /// The words in the record that matched them. `null` for matches of `text`.
    found: Option<String>,
}

/// A service, with its cursor and why it matches.
#[graph_object]
impl ServiceEdge<'_> {
    /// The record's position in the list, for `after` or `before`. Opaque; survives restarts.
    fn cursor(&self) -> Result<String, ApiError> {
        self.connection
            .cursor(self.node.at)
            .ok_or(ApiError::Internal("a service of a page has no place in it"))
    }

    /// The record.
    fn node(&self) -> &ServiceNode<'_> {
        &self.node
    }

    /// The conditions of the filter that this service lacks information for, by their names in `ServiceFilter`. It is
    /// in the list because the filter keeps unknowns.
    fn unknown(&self) -> &[&'static str] {
        &self.found.unknown
    }

    /// How well its words match: higher is better. `null` when the filter has neither `text` nor `ask`.
    fn score(&self) -> Option<f64> {
        // Tenths, which a wider number would spell out to their last bit.
        self.found.score.map(|score| (f64::from(score) * 10.0).round() / 10.0)
    }

    /// The distance of its nearest place. `null` when the filter has no `near`, or the service's position is not known.
    fn distance(&self) -> Option<Distance> {
        self.found.distance.as_deref().cloned().map(Distance)
    }

    /// Why the service matches. For `text`, one extract for each field that matches. For `ask`, the best extract for
    /// each need, with `asked` and `found`: *befriending* for *no one to talk to*. Empty when neither is given.
    fn matches(&self) -> Vec<TextMatch> {
        // It is always read where this is asked for.
        let Some(service) = self.node.service.record() else { return Vec::new() };
        let texts = self.connection.1.iter();
        let snippets = texts.flat_map(|text| text.snippets(service.text_fields()));
        let mut seen = std::collections::HashSet::new();
        let each = snippets.filter(|found| seen.insert((found.field, found.snippet.clone())));
        let of_texts = each.map(|found| TextMatch {
            field: found.field,
            snippet: found.snippet,
            asked: None,
            found: None,
        });
        let fields = service.ask_fields();
        let of_asks =
            self.connection.0.asks.iter().flat_map(|ask| ask.reading().matches(&fields)).map(|found| {
                TextMatch {
                    field: found.field,
                    snippet: found.snippet,
                    asked: Some(found.asked.into()),
                    found: Some(found.found.into()),
                }
            });
        of_texts.chain(of_asks).collect()
    }
}

/// The services that meet what the client asks and what the field itself demands.
pub(crate) async fn services(
    ctx: &FieldContext<'_>,
    asked: Option<ServiceFilterInput>,
    order: Option<ServiceOrderInput>,
    demanded: Option<ServiceFilter>,
    page: PageArguments,
) -> Result<ServiceConnection, ApiError> {
    let asked = asked.unwrap_or_default();
    ctx.knowing_names(asked.names_a_place()).await;
    let asked = asked.into_filter(ctx)?;
    let order = order.map_or_else(|| asked.natural_order(), Into::into);
    let page = page.page(ctx, RecordKind::Service, order)?;
    let filter = match demanded.clone() {
        Some(demanded) => ServiceFilter { and: vec![asked.clone()], ..demanded },
        None => asked.clone(),
    };
    let texts = filter.texts().cloned().collect();
    let (wanted, facets, grids) = (detail::of_services(ctx.field()), facets::wanted(ctx), grid::wanted(ctx));
    let (unknown, shape) = (selected_rows::ask_for_unknown(ctx.field()), selected_rows::shape(ctx.field()));
    let query = ServiceQuery { filter, order, page, wanted, facets, grids, unknown, shape };
    let found = ctx.federation().services.find(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    ApiError::of_unknown(&found.unknown_terms)?;
    let found_nothing = found.connection.total_count == 0 && found.connection.is_complete();
    let nothing =
        (found_nothing && asked != ServiceFilter::default()).then_some(NothingFound { asked, demanded });
    Ok(ServiceConnection::new(found, texts, nothing))
}
