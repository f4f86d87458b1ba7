//! The gateway about itself.

use crate::graphql::context::FieldContext;
use chrono::Utc;
use oruk_gateway_derive::graph_object;

use crate::federation::{self, SourceState};
use crate::graphql::enums::ReplicaRole;
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

    /// Where this gateway stands among those that keep one catalogue together. `null` if it keeps its catalogue alone.
    fn replica(&self, ctx: &FieldContext<'_>) -> Option<CatalogueReplica> {
        ctx.federation().standing().map(CatalogueReplica)
    }

    /// When the gateway started.
    fn started_at(&self, ctx: &FieldContext<'_>) -> DateTime {
        DateTime(ctx.operation().standing().started_at)
    }
}

/// Where a gateway stands.
pub(crate) struct CatalogueReplica(federation::ReplicaStanding);

/// A gateway among those that keep one catalogue together.
#[graph_object]
impl CatalogueReplica {
    /// The gateway's name.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// What the gateway does.
    fn role(&self) -> ReplicaRole {
        self.0.role().into()
    }

    /// The number of the last step that the gateway has taken. Gateways at one step give equal answers from synchronised
    /// sources.
    fn applied(&self) -> String {
        self.0.applied.to_string()
    }

    /// For how many seconds the gateway has not been level with the others; 0 while it is.
    fn behind_seconds(&self) -> i32 {
        i32::try_from(self.0.behind().as_secs()).unwrap_or(i32::MAX)
    }

    /// How many gateways keep the catalogue together, this one included, when that was last known.
    fn members(&self) -> i32 {
        i32::try_from(self.0.members).unwrap_or(i32::MAX)
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
