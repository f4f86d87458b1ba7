//! The gateway about itself.

use crate::graphql::context::FieldContext;
use chrono::Utc;
use oruk_gateway_derive::graph_object;

use crate::federation::SourceState;
use crate::graphql::scalars::DateTime;
use crate::model::{ContentHash, HistoryPosition, InstantClock, SourceMode};

/// What stands for as long as the gateway runs.
pub(crate) struct GatewayStanding {
    schema_hash: ContentHash,
    started_at: chrono::DateTime<Utc>,
}

impl GatewayStanding {
    /// Begins now.
    pub(crate) fn new(sdl: &str, clock: &InstantClock) -> Self {
        Self { schema_hash: ContentHash::of(sdl.as_bytes()), started_at: clock.now() }
    }
}

/// The gateway as clients see it.
pub(crate) struct Meta;

/// Information about the gateway.
#[graph_object]
impl Meta {
    /// The gateway's version.
    fn version(&self, ctx: &FieldContext<'_>) -> String {
        ctx.settings().version.clone()
    }

    /// A hash of the schema.
    fn schema_hash(&self, ctx: &FieldContext<'_>) -> String {
        ctx.operation().standing().schema_hash.as_str().to_owned()
    }

    /// Changes whenever the data changes: equal versions mean equal data.
    fn data_version(&self, ctx: &FieldContext<'_>) -> String {
        let federation = ctx.federation();
        let mut states = federation.states();
        if federation.standing().is_some() {
            // Gateways that share a catalogue tell its version by what is in it, not by what each knows of its feeds.
            states.retain(|state| state.info.mode == SourceMode::Live);
        }
        data_version(federation.catalogue_version(), &states)
    }

    /// When the gateway started.
    fn started_at(&self, ctx: &FieldContext<'_>) -> DateTime {
        DateTime(ctx.operation().standing().started_at)
    }
}

fn data_version(catalogue: Option<HistoryPosition>, states: &[SourceState]) -> String {
    let told = |state: &SourceState| {
        let SourceState { status, service_count, last_success_at, .. } = state;
        format!("{} {status:?} {service_count:?} {last_success_at:?}\n", state.info.key)
    };
    let all: String = states.iter().map(told).collect();
    ContentHash::of(format!("{catalogue:?}\n{all}").as_bytes()).as_str().to_owned()
}
