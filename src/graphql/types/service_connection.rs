//! Connections of services: pages in any order, with what the question makes of each service.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use super::facets::{self, ServiceFacets};
use super::{List, Location, PageInfo, Service, SourceReport, views};
use crate::federation::{self, Found, ServicePage, ServiceQuery};
use crate::graphql::error::ApiError;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::paging::PageArguments;
use crate::graphql::reach::Reach as _;
use crate::graphql::scalars::int;
use crate::graphql::{detail, incomplete, lookup};
use crate::model::{self, Cursor, Order, RecordKind, ServiceFilter, TextQuery};

/// A page of services, in the order asked for.
pub(crate) struct ServiceConnection(ServicePage, Arc<[TextQuery]>);

impl ServiceConnection {
    /// Of a page and the texts its services were looked for by.
    pub(crate) fn new(page: ServicePage, texts: Arc<[TextQuery]>) -> Self {
        Self(page, texts)
    }
}

/// A page of services, in the order asked for.
#[Object]
impl ServiceConnection {
    /// The records with their cursors, and what the question makes of each.
    async fn edges(&self) -> List<ServiceEdge> {
        let each = self.0.connection.records.iter().zip(&self.0.found);
        each.map(|(service, found)| ServiceEdge {
            service: Arc::clone(service),
            found: found.clone(),
            order: self.0.order,
            texts: Arc::clone(&self.1),
        })
        .collect()
    }

    /// The records.
    async fn nodes(&self) -> List<Service> {
        views(&self.0.connection.records, Service)
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> PageInfo {
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
    async fn total_count(&self) -> Option<i32> {
        Some(int(self.0.connection.total_count))
    }

    /// True when every source asked is considered in full.
    async fn complete(&self) -> bool {
        self.0.connection.is_complete()
    }

    /// How each source that is asked takes part, in configuration order.
    async fn sources(&self) -> List<SourceReport> {
        self.0.connection.reports.iter().cloned().map(SourceReport).collect()
    }

    /// How many of all matches, on whatever page, say what; the most frequent first.
    async fn facets(
        &self,
        #[graphql(desc = "At most so many values of each kind, 1 to 1000.", default = 10)] first: i32,
    ) -> Result<ServiceFacets, ApiError> {
        ServiceFacets::new(&self.0, first)
    }
}

/// A service in its list.
pub(crate) struct ServiceEdge {
    service: Arc<model::Service>,
    found: Found,
    order: Order,
    texts: Arc<[TextQuery]>,
}

/// How far something is.
pub(crate) struct Distance(pub(super) federation::Distance);

/// How far a service or location is from the middle of what is asked to be near, as the crow flies.
#[Object]
impl Distance {
    /// Metres on the sphere.
    async fn metres(&self) -> f64 {
        self.0.metres
    }

    /// The place that is so far. Null where its source cannot answer for it.
    async fn location(&self, ctx: &Context<'_>) -> Option<Location> {
        lookup::found(lookup::location(ctx, self.0.location.as_ref()?).await)
    }
}

/// Where the text asked for is found in a service.
#[derive(SimpleObject)]
pub(crate) struct TextMatch {
    /// The member, as a path in the graph, e.g. `organization.name`.
    field: &'static str,
    /// Some words around the place, as plain text; `…` stands for what is left out.
    snippet: String,
}

/// A service in its list.
#[Object]
impl ServiceEdge {
    /// The record's place in the list, to be given as `after` or `before`. Opaque; outlives restarts.
    async fn cursor(&self) -> String {
        cursor(self.order, &self.found)
    }

    /// The record.
    async fn node(&self) -> Service {
        Service(Arc::clone(&self.service))
    }

    /// The conditions asked for that this service does not state the facts for, by their names in `ServiceFilter`:
    /// it is in the list because it is kept as unknown.
    async fn unknown(&self) -> &[&'static str] {
        &self.found.unknown
    }

    /// How well its words match those asked for: the greater the better. Null where no text is asked for.
    async fn score(&self) -> Option<f32> {
        self.found.score
    }

    /// How far its nearest place is. Null where `filter.near` is not given, or nobody knows where the service is.
    async fn distance(&self) -> Option<Distance> {
        self.found.distance.clone().map(Distance)
    }

    /// Where the text asked for is found in it, one place for each member that has it. Empty where no text is asked
    /// for.
    async fn matches(&self) -> List<TextMatch> {
        let snippets = self.texts.iter().flat_map(|text| text.snippets(self.service.text_fields()));
        let mut seen = std::collections::HashSet::new();
        let each = snippets.map(|found| TextMatch { field: found.field, snippet: found.snippet });
        each.filter(|found| seen.insert((found.field, found.snippet.clone()))).collect()
    }
}

/// The services that meet what the client asks and what the field itself demands.
pub(crate) async fn services(
    ctx: &Context<'_>,
    asked: Option<ServiceFilterInput>,
    order: Option<ServiceOrderInput>,
    demanded: Option<ServiceFilter>,
    page: PageArguments,
) -> Result<ServiceConnection, ApiError> {
    let asked = asked.unwrap_or_default().into_filter(ctx)?;
    let order = order.map_or_else(|| asked.natural_order(), Into::into);
    let page = page.page(ctx, RecordKind::Service, order)?;
    let filter = match demanded {
        Some(demanded) => ServiceFilter { and: vec![asked], ..demanded },
        None => asked,
    };
    let texts = filter.texts().cloned().collect();
    let (wanted, facets) = (detail::of_services(ctx), facets::wanted(ctx));
    let query = ServiceQuery { filter, order, page, wanted, facets };
    let found = ctx.federation().services(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    ApiError::of_unknown(&found.unknown_terms)?;
    Ok(ServiceConnection::new(found, texts))
}

fn cursor(order: Order, found: &Found) -> String {
    Cursor::encode(RecordKind::Service, order, &found.position)
}
