//! Sources: the configured feeds and how they fare.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphEnum, GraphObject, graph_object};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::Enum;

use super::{
    Conformance, DataQuality, Dialect, Organization, Service, SourceCapabilities, SourceMode, SourceValidator,
};
use crate::federation::{self, SourceInfo, SourceState};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{DateTime, Id, Url, int};
use crate::graphql::{incomplete, lookup};
use crate::model::{NodeId, RecordId, RecordKind};

/// A source as clients see it. Every record has one, so its id and how it fares are worked out only if somebody
/// asks, and once.
#[derive(Clone)]
pub(crate) struct Source {
    info: Arc<SourceInfo>,
    id: OnceLock<String>,
    state: OnceLock<Option<SourceState>>,
}

impl Source {
    pub(crate) fn new(info: Arc<SourceInfo>) -> Self {
        Self { info, id: OnceLock::new(), state: OnceLock::new() }
    }

    fn state(&self, ctx: &FieldContext<'_>) -> Option<&SourceState> {
        self.state.get_or_init(|| ctx.federation().state(&self.info.key)).as_ref()
    }

    fn record_id(&self, kind: RecordKind, upstream_id: &str) -> Option<RecordId> {
        (!upstream_id.is_empty()).then(|| RecordId::new(kind, &self.info.key, upstream_id))
    }
}

/// A configured feed.
#[graph_object]
impl Source {
    /// The opaque, globally unique id.
    pub(super) fn id(&self) -> Id<'_> {
        Id(self.id.get_or_init(|| NodeId::of_source(&self.info.key)))
    }

    /// The slug from the configuration, e.g. `bristol`.
    fn key(&self) -> &str {
        self.info.key.as_str()
    }

    /// Name for people.
    fn name(&self) -> &str {
        &self.info.name
    }

    /// Who publishes it. Null where the configuration does not say.
    fn publisher(&self) -> Option<&str> {
        self.info.publisher.as_deref()
    }

    /// The publisher's page about it. Null where the configuration does not say.
    fn homepage(&self) -> Option<Url> {
        self.info.homepage.clone().map(Url)
    }

    /// Base address of the feed, without credentials.
    fn url(&self) -> Url {
        Url(self.info.url.clone())
    }

    /// The licence of the data. Null where the configuration does not say.
    fn licence(&self) -> Option<Licence> {
        let licence = self.info.licence.clone()?;
        Some(Licence { name: licence.name, url: licence.url.map(Url), spdx_id: licence.spdx_id })
    }

    /// Words the licence asks to be shown. Null where there are none.
    fn attribution(&self) -> Option<&str> {
        self.info.attribution.as_deref()
    }

    /// The version of the standard that the feed declares at its root, in its own words. Null where it declares
    /// none or does not answer.
    async fn declared_version(&self, ctx: &FieldContext<'_>) -> Option<String> {
        ctx.federation().declared(&self.info.key, ctx.reading().await).await?.version.clone()
    }

    /// The profile that the feed declares at its root, in its own words. Null where it declares none or does not
    /// answer.
    async fn declared_profile(&self, ctx: &FieldContext<'_>) -> Option<String> {
        ctx.federation().declared(&self.info.key, ctx.reading().await).await?.profile.clone()
    }

    /// The dialect it is read as: configured, or detected from what it answers. `UNKNOWN` before that.
    async fn dialect(&self, ctx: &FieldContext<'_>) -> Dialect {
        ctx.federation().dialect(&self.info.key, ctx.reading().await).await.or(self.info.dialect).into()
    }

    /// How it is read.
    fn mode(&self) -> SourceMode {
        self.info.mode.into()
    }

    /// How it fares.
    fn status(&self, ctx: &FieldContext<'_>) -> SourceStatus {
        self.state(ctx).map_or(SourceStatus::Unavailable, |state| state.status.into())
    }

    /// Services now served from it. Null while unknown.
    fn service_count(&self, ctx: &FieldContext<'_>) -> Option<i32> {
        self.state(ctx)?.service_count.map(int)
    }

    /// When it was last asked. Null before the first time.
    fn last_attempt_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.last_attempt_at.map(DateTime)
    }

    /// When it last answered. Null before the first time.
    fn last_success_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.last_success_at.map(DateTime)
    }

    /// Age of the data now served, in seconds. Null where there is none.
    fn age_seconds(&self, ctx: &FieldContext<'_>) -> Option<i32> {
        self.state(ctx)?.age.as_ref().map(seconds)
    }

    /// When it is next synchronised. Null for a source that is read live, and while it is being synchronised.
    fn next_sync_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.next_sync_at.map(DateTime)
    }

    /// Why it fails. Null where it does not.
    fn error(&self, ctx: &FieldContext<'_>) -> Option<SourceError> {
        self.state(ctx)?.error.as_ref().map(SourceError::from)
    }

    /// What it is known to do. The gateway tries that out once it has read the source, and then every day.
    fn capabilities(&self, ctx: &FieldContext<'_>) -> SourceCapabilities {
        SourceCapabilities(ctx.federation().capabilities(&self.info.key).unwrap_or_default())
    }

    /// Where what it sends departs from the standard it declares, in the records read so far.
    fn conformance(&self, ctx: &FieldContext<'_>) -> Conformance {
        Conformance(ctx.federation().conformance(&self.info.key).unwrap_or_default())
    }

    /// Whether the Open Referral UK validator would pass it, and why not. Null before the first probe.
    fn validator(&self, ctx: &FieldContext<'_>) -> Option<SourceValidator> {
        SourceValidator::of(ctx.federation().capabilities(&self.info.key)?)
    }

    /// How good its data is.
    async fn quality(&self, ctx: &FieldContext<'_>) -> Result<DataQuality, ApiError> {
        let quality = Box::pin(ctx.federation().quality(&self.info.key, ctx.searching().await)).await;
        let quality = quality.ok_or(ApiError::Internal("a source that is not configured"))?;
        incomplete::note_status(ctx, &self.info.key, quality.status);
        Ok(DataQuality(quality))
    }

    /// The service that has this id in the feed. Null where there is none.
    async fn service(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The id in the feed.")] upstream_id: String,
    ) -> Option<Result<Service, ApiError>> {
        lookup::service(ctx, &self.record_id(RecordKind::Service, &upstream_id)?).await.transpose()
    }

    /// The organisation that has this id in the feed. Null where there is none.
    async fn organization(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The id in the feed.")] upstream_id: String,
    ) -> Option<Result<Organization, ApiError>> {
        lookup::organization(ctx, &self.record_id(RecordKind::Organization, &upstream_id)?).await.transpose()
    }
}

/// A licence that data is published under.
#[derive(GraphObject)]
pub(crate) struct Licence {
    /// Its name.
    name: String,
    /// Its text. Null where the configuration does not say.
    url: Option<Url>,
    /// Its SPDX id. Null where it has none.
    spdx_id: Option<String>,
}

/// A failure of a source.
#[derive(GraphObject)]
pub(crate) struct SourceError {
    /// The kind of failure.
    code: SourceErrorCode,
    /// What happened, in words that are safe to show.
    message: String,
    /// The HTTP status the feed answers with. Null where it does not answer.
    http_status: Option<i32>,
    /// When.
    at: DateTime,
    /// How long the feed asks to be left alone, in seconds. Null where it does not say.
    retry_after_seconds: Option<i32>,
}

impl From<&federation::SourceError> for SourceError {
    fn from(error: &federation::SourceError) -> Self {
        Self {
            code: error.code.into(),
            message: error.message.clone(),
            http_status: error.http_status.map(i32::from),
            at: DateTime(error.at),
            retry_after_seconds: error.retry_after.as_ref().map(seconds),
        }
    }
}

/// How a source fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SourceStatus")]
pub(crate) enum SourceStatus {
    /// Answering, data within its freshness target.
    Fresh,
    /// Serving data older than its freshness target because the feed fails or is slow.
    Stale,
    /// First reading under way: what has arrived is served.
    Warming,
    /// No data to serve.
    Unavailable,
    /// Refused by configuration or left out after a fatal fault; the error says why.
    Quarantined,
}

/// The kinds of failure of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SourceErrorCode")]
pub(crate) enum SourceErrorCode {
    /// No answer within the time allowed.
    Timeout,
    /// No connection, or it broke.
    Connection,
    /// No trustworthy connection.
    Tls,
    /// An answer with a status that is no success.
    HttpStatus,
    /// The feed says it is asked too often.
    RateLimited,
    /// An answer that is no page of records, or kept records that cannot be read.
    InvalidResponse,
    /// An answer larger than allowed.
    TooLarge,
    /// Not asked, since it failed too often just now.
    CircuitOpen,
    /// Cannot be asked as it is configured, or what it sends cannot be kept.
    Misconfigured,
}

/// Whole seconds.
pub(super) fn seconds(duration: &Duration) -> i32 {
    int(duration.as_secs())
}
