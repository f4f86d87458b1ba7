//! The gateway about itself.

use async_graphql::{Context, Object};
use chrono::Utc;

use crate::federation::SourceState;
use crate::graphql::reach::Reach as _;
use crate::graphql::scalars::DateTime;
use crate::model::{Clock, ContentHash, HistoryPosition};

/// What stands for as long as the gateway runs.
pub(crate) struct Standing {
    schema_hash: ContentHash,
    started_at: chrono::DateTime<Utc>,
}

impl Standing {
    /// Begins now.
    pub(crate) fn new(sdl: &str, clock: &Clock) -> Self {
        Self { schema_hash: ContentHash::of(sdl.as_bytes()), started_at: clock.now() }
    }
}

/// The gateway as clients see it.
pub(crate) struct Meta;

/// The gateway about itself.
#[Object]
impl Meta {
    /// The gateway's release.
    async fn version<'a>(&self, ctx: &'a Context<'_>) -> &'a str {
        &ctx.settings().version
    }

    /// Fingerprint of the schema.
    async fn schema_hash<'a>(&self, ctx: &'a Context<'_>) -> &'a str {
        ctx.data_unchecked::<Standing>().schema_hash.as_str()
    }

    /// Changes whenever what is served changes: equal versions mean equal answers.
    async fn data_version(&self, ctx: &Context<'_>) -> String {
        let federation = ctx.federation();
        data_version(federation.catalogue_version(), &federation.states())
    }

    /// When the gateway started.
    async fn started_at(&self, ctx: &Context<'_>) -> DateTime {
        DateTime(ctx.data_unchecked::<Standing>().started_at)
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
