//! What sources are known to do.

use oruk_gateway_derive::{GraphObject, graph_object};

use crate::federation::{self, EndpointPresence};
use crate::graphql::enums::{ListDepth, ParameterSupport};
use crate::graphql::scalars::{DateTime, int};

/// Capabilities as clients see them.
pub(crate) struct SourceCapabilities(pub(super) federation::FeedCapabilities);

/// What a probe found that a feed can do. The gateway itself applies filters that the feed ignores.
#[graph_object]
impl SourceCapabilities {
    /// When it was last probed. `null` before the first probe.
    fn probed_at(&self) -> Option<DateTime> {
        self.0.probed_at.map(DateTime)
    }

    /// The endpoints that the probe looked for. Empty before the first probe.
    fn endpoints(&self) -> Vec<EndpointCapability> {
        self.0.endpoints.iter().map(EndpointCapability::from).collect()
    }

    /// The query parameters that the probe tried on the list of services. Empty before the first probe.
    fn parameters(&self) -> Vec<ParameterCapability> {
        let parameters = self.0.parameters.iter();
        let capability = |one: &federation::ParameterReport| ParameterCapability {
            name: one.name,
            support: one.honoured.into(),
        };
        parameters.map(capability).collect()
    }

    /// The most records it returns on a page, however many are asked for. `null` when the probe found no limit.
    fn page_size_limit(&self) -> Option<i32> {
        self.0.page_size_limit.map(int)
    }

    /// How much of each record its lists contain.
    fn list_depth(&self) -> ListDepth {
        self.0.list_depth.into()
    }
}

/// An endpoint of a feed.
#[derive(GraphObject)]
pub(crate) struct EndpointCapability {
    /// The path below the feed's base address, e.g. `/services`.
    path: String,
    /// Whether it returns a list.
    available: bool,
    /// The HTTP status it returned. `null` when it did not respond.
    http_status: Option<i32>,
}

impl From<&federation::EndpointReport> for EndpointCapability {
    fn from(endpoint: &federation::EndpointReport) -> Self {
        Self {
            path: endpoint.path.clone(),
            available: matches!(endpoint.presence, EndpointPresence::Available | EndpointPresence::Empty),
            http_status: endpoint.http_status.map(i32::from),
        }
    }
}

/// A query parameter, and whether a feed supports it.
#[derive(GraphObject)]
pub(crate) struct ParameterCapability {
    /// The parameter's name in the standard.
    name: &'static str,
    /// Whether the feed supports it.
    support: ParameterSupport,
}
