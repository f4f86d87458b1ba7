//! Connections of services: pages in any order, with what the question makes of each service.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use super::facets::{self, ServiceFacets};
use super::grid::{self, DEFAULT_CELLS, ServiceGrid};
use super::nothing_found::NothingFound;
use super::{Location, PageInfo, Service, SourceReport, views};
use crate::federation::{self, Found, ServicePage, ServiceQuery};
use crate::graphql::error::ApiError;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::int;
use crate::graphql::{detail, incomplete, lookup};
use crate::model::{self, Ask, Cursor, Order, RecordKind, ServiceFilter, TextQuery};

/// A page of services, in the order asked for.
pub(crate) struct ServiceConnection(ServicePage, Arc<[TextQuery]>, Option<NothingFound>);

impl ServiceConnection {
    /// Of a page, the texts its services were looked for by, and what helps if there are none.
    pub(crate) fn new(page: ServicePage, texts: Arc<[TextQuery]>, nothing: Option<NothingFound>) -> Self {
        Self(page, texts, nothing)
    }
}

/// A page of services, in the order asked for.
#[graph_object]
impl ServiceConnection {
    /// The records with their cursors, and what the question makes of each.
    fn edges(&self) -> Vec<ServiceEdge> {
        let asks: Arc<[Ask]> = self.0.asks.as_slice().into();
        let each = self.0.connection.records.iter().zip(&self.0.found);
        each.map(|(service, found)| ServiceEdge {
            service: Arc::clone(service),
            found: found.clone(),
            order: self.0.order,
            texts: Arc::clone(&self.1),
            asks: Arc::clone(&asks),
        })
        .collect()
    }

    /// The records.
    fn nodes(&self) -> Vec<Service> {
        views(&self.0.connection.records, Service)
    }

    /// Where the page lies in the list.
    fn page_info(&self) -> PageInfo {
        let of = |found: &Found| cursor(self.0.order, found);
        PageInfo {
            has_next_page: self.0.connection.has_next_page,
            has_previous_page: self.0.connection.has_previous_page,
            start_cursor: self.0.found.first().map(of),
            end_cursor: self.0.found.last().map(of),
        }
    }

    /// All matches that are known, over all sources: those of a source that is not considered in full as far as it is.
    /// `complete` says whether that is all. Never null.
    fn total_count(&self) -> Option<i32> {
        Some(int(self.0.connection.total_count))
    }

    /// True when every source asked is considered in full.
    fn complete(&self) -> bool {
        self.0.connection.is_complete()
    }

    /// How each source that is asked takes part, in configuration order.
    fn sources(&self) -> Vec<SourceReport> {
        self.0.connection.reports.iter().cloned().map(SourceReport).collect()
    }

    /// What might help where the filter finds nothing: what is found without each of its conditions, and words that are
    /// near. Null where something is found, where no filter is given, or where a source is not considered in full.
    fn nothing_found(&self) -> Option<NothingFound> {
        self.2.clone()
    }

    /// How many of all matches, on whatever page, say what; the most frequent first.
    fn facets(
        &self,
        #[graphql(desc = "At most so many values of each kind, 1 to 1000.", default = 10)] first: i32,
    ) -> Result<ServiceFacets, ApiError> {
        ServiceFacets::new(&self.0, first)
    }

    /// How many of all matches, on whatever page, have a place in which cell of a map's grid: for maps that cannot draw
    /// them all.
    fn grid(
        &self,
        #[graphql(
            desc = "The cells are the tiles of this zoom level of Web Mercator, 0 to 20. A map gets cells of 64 pixels by two levels more than its own."
        )]
        zoom: i32,
        #[graphql(
            desc = "At most so many cells, those with the most services: 1 to 2000.",
            default_with = "DEFAULT_CELLS"
        )]
        first: i32,
    ) -> Result<ServiceGrid, ApiError> {
        let zoom = grid::zoom(zoom)?;
        let count = self.0.grids.at(zoom).cloned();
        ServiceGrid::new(count.ok_or(ApiError::Internal("a grid was not asked for"))?, first)
    }
}

/// A service in its list.
pub(crate) struct ServiceEdge {
    service: Arc<model::Service>,
    found: Found,
    order: Order,
    texts: Arc<[TextQuery]>,
    asks: Arc<[Ask]>,
}

/// How far something is.
#[derive(Clone)]
pub(crate) struct Distance(pub(super) federation::Distance);

/// How far a service or location is from the middle of what is asked to be near, as the crow flies.
#[graph_object]
impl Distance {
    /// Metres on the sphere.
    fn metres(&self) -> f64 {
        self.0.metres
    }

    /// The place that is so far. Null where its source cannot answer for it.
    async fn location(&self, ctx: &FieldContext<'_>) -> Option<Location> {
        lookup::found(lookup::location(ctx, self.0.location.as_ref()?).await)
    }
}

/// Where the text asked for is found in a service.
#[derive(GraphObject)]
pub(crate) struct TextMatch {
    /// The member, as a path in the graph, e.g. `organization.name`.
    field: &'static str,
    /// Some words around the place, as plain text; `…` stands for what is left out.
    snippet: String,
    /// The words of `ask` that led here, as they were said. Null where it was `text` that was found.
    asked: Option<String>,
    /// The words of the record that answer them, as it says them. Null where it was `text` that was found.
    found: Option<String>,
}

/// A service in its list.
#[graph_object]
impl ServiceEdge {
    /// The record's place in the list, to be given as `after` or `before`. Opaque; outlives restarts.
    fn cursor(&self) -> String {
        cursor(self.order, &self.found)
    }

    /// The record.
    fn node(&self) -> Service {
        Service(Arc::clone(&self.service))
    }

    /// The conditions asked for that this service does not state the facts for, by their names in `ServiceFilter`:
    /// it is in the list because it is kept as unknown.
    fn unknown(&self) -> &[&'static str] {
        &self.found.unknown
    }

    /// How well its words match those asked for: the greater the better. Null where neither `text` nor `ask` is given.
    fn score(&self) -> Option<f64> {
        // Tenths, which a wider number would spell out to their last bit.
        self.found.score.map(|score| (f64::from(score) * 10.0).round() / 10.0)
    }

    /// How far its nearest place is. Null where `filter.near` is not given, or nobody knows where the service is.
    fn distance(&self) -> Option<Distance> {
        self.found.distance.clone().map(Distance)
    }

    /// Why it is found. Of `text`, one place for each member that has it; of `ask`, the place that answers best for each
    /// thing that is wanted, with `asked` and `found`: by *befriending*, for *no one to talk to*. Empty where neither is
    /// given.
    fn matches(&self) -> Vec<TextMatch> {
        let snippets = self.texts.iter().flat_map(|text| text.snippets(self.service.text_fields()));
        let mut seen = std::collections::HashSet::new();
        let each = snippets.filter(|found| seen.insert((found.field, found.snippet.clone())));
        let of_texts = each.map(|found| TextMatch {
            field: found.field,
            snippet: found.snippet,
            asked: None,
            found: None,
        });
        let fields = self.service.ask_fields();
        let of_asks =
            self.asks.iter().flat_map(|ask| ask.reading().matches(&fields)).map(|found| TextMatch {
                field: found.field,
                snippet: found.snippet,
                asked: Some(found.asked.into()),
                found: Some(found.found.into()),
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
    let query = ServiceQuery { filter, order, page, wanted, facets, grids };
    let found = ctx.federation().services(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    ApiError::of_unknown(&found.unknown_terms)?;
    let found_nothing = found.connection.total_count == 0 && found.connection.is_complete();
    let nothing =
        (found_nothing && asked != ServiceFilter::default()).then_some(NothingFound { asked, demanded });
    Ok(ServiceConnection::new(found, texts, nothing))
}

fn cursor(order: Order, found: &Found) -> String {
    Cursor::encode(RecordKind::Service, order, &found.position)
}
