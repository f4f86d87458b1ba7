//! What sources are known to do.

use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, GraphObject, graph_object};

use crate::federation::{self, Honour, Presence};
use crate::graphql::scalars::{DateTime, int};

/// Capabilities as clients see them.
pub(crate) struct SourceCapabilities(pub(super) federation::Capabilities);

/// What a probe found a feed to do. Filters that it ignores are applied by the gateway.
#[graph_object]
impl SourceCapabilities {
    /// When that was last tried out. Null before the first time.
    fn probed_at(&self) -> Option<DateTime> {
        self.0.probed_at.map(DateTime)
    }

    /// The endpoints that were looked for. Empty before the first time.
    fn endpoints(&self) -> Vec<EndpointCapability> {
        self.0.endpoints.iter().map(EndpointCapability::from).collect()
    }

    /// The query parameters that were tried on the list of services. Empty before the first time.
    fn parameters(&self) -> Vec<ParameterCapability> {
        let parameters = self.0.parameters.iter();
        let capability = |one: &federation::ParameterReport| ParameterCapability {
            name: one.name,
            support: one.honoured.into(),
        };
        parameters.map(capability).collect()
    }

    /// The most records it puts on a page, however many are asked for. Null where no limit showed.
    fn page_size_limit(&self) -> Option<i32> {
        self.0.page_size_limit.map(int)
    }

    /// How much of a record its lists carry.
    fn list_depth(&self) -> ListDepth {
        self.0.list_depth.into()
    }
}

/// An endpoint of a feed.
#[derive(GraphObject)]
pub(crate) struct EndpointCapability {
    /// Its path below the feed's address, e.g. `/services`.
    path: String,
    /// Whether it answers with a list.
    available: bool,
    /// The HTTP status it answers with. Null where it does not answer.
    http_status: Option<i32>,
}

impl From<&federation::EndpointReport> for EndpointCapability {
    fn from(endpoint: &federation::EndpointReport) -> Self {
        Self {
            path: endpoint.path.clone(),
            available: matches!(endpoint.presence, Presence::Available | Presence::Empty),
            http_status: endpoint.http_status.map(i32::from),
        }
    }
}

/// A query parameter, and what a feed makes of it.
#[derive(GraphObject)]
pub(crate) struct ParameterCapability {
    /// Its name in the standard.
    name: &'static str,
    /// What the feed makes of it.
    support: ParameterSupport,
}

/// What a feed makes of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "Honour")]
pub(crate) enum ParameterSupport {
    /// It narrows the list.
    Honoured,
    /// The list is the same with it.
    Ignored,
    /// Requests that have it are refused.
    Rejected,
    /// It could not be told.
    Unknown,
}

/// How much of a record a feed's lists carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ListDepth")]
pub(crate) enum ListDepth {
    /// Less than the record's own page.
    Shallow,
    /// All of it.
    Full,
    /// Not found out yet.
    Unknown,
}
