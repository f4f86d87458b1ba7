//! Sources: the configured feeds and how they fare.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::{Conformance, DataQuality, Organization, Service, SourceCapabilities, SourceValidator};
use crate::federation::{self, SourceInfo, SourceState};
use crate::graphql::enums::{Dialect, SourceErrorCode, SourceMode, SourceStatus};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{DateTime, Id, Url, int};
use crate::graphql::{incomplete, lookup};
use crate::model::{NodeId, OriginLicence, RecordId, RecordKind};

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

    /// The key from the configuration, e.g. `bristol`.
    fn key(&self) -> &str {
        self.info.key.as_str()
    }

    /// The display name.
    fn name(&self) -> &str {
        &self.info.name
    }

    /// The publisher. `null` when not configured.
    fn publisher(&self) -> Option<&str> {
        self.info.publisher.as_deref()
    }

    /// The publisher's page about it. `null` when not configured.
    fn homepage(&self) -> Option<Url> {
        self.info.homepage.clone().map(Url)
    }

    /// The base address of the feed, without credentials.
    fn url(&self) -> Url {
        Url(self.info.url.clone())
    }

    /// The licence of the data. `null` when not configured.
    fn licence(&self) -> Option<Licence> {
        let licence = self.info.licence.clone()?;
        Some(Licence { name: licence.name, url: licence.url.map(Url), spdx_id: licence.spdx_id })
    }

    /// The attribution that the licence requires. `null` when there is none.
    fn attribution(&self) -> Option<&str> {
        self.info.attribution.as_deref()
    }

    /// The version of the standard that the feed declares at its root, as written there. `null` when it declares none
    /// or does not respond.
    async fn declared_version(&self, ctx: &FieldContext<'_>) -> Option<String> {
        ctx.federation().declared(&self.info.key, ctx.reading().await).await?.version.clone()
    }

    /// The profile that the feed declares at its root, as written there. `null` when it declares none or does not
    /// respond.
    async fn declared_profile(&self, ctx: &FieldContext<'_>) -> Option<String> {
        ctx.federation().declared(&self.info.key, ctx.reading().await).await?.profile.clone()
    }

    /// The dialect it is read as, configured or detected. `UNKNOWN` until detected.
    async fn dialect(&self, ctx: &FieldContext<'_>) -> Dialect {
        ctx.federation().dialect(&self.info.key, ctx.reading().await).await.or(self.info.dialect).into()
    }

    /// Whether it is synchronised or read live.
    fn mode(&self) -> SourceMode {
        self.info.mode.into()
    }

    /// The source's present state.
    fn status(&self, ctx: &FieldContext<'_>) -> SourceStatus {
        self.state(ctx).map_or(SourceStatus::Unavailable, |state| state.status.into())
    }

    /// The number of services now served from it. `null` while unknown.
    fn service_count(&self, ctx: &FieldContext<'_>) -> Option<i32> {
        self.state(ctx)?.service_count.map(int)
    }

    /// When the gateway last sent it a request. `null` before the first.
    fn last_attempt_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.last_attempt_at.map(DateTime)
    }

    /// When it last responded. `null` before the first response.
    fn last_success_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.last_success_at.map(DateTime)
    }

    /// The age of the data now served, in seconds. `null` when there is no data.
    fn age_seconds(&self, ctx: &FieldContext<'_>) -> Option<i32> {
        self.state(ctx)?.age.as_ref().map(seconds)
    }

    /// When it is next synchronised. `null` for a live source, and during a synchronisation.
    fn next_sync_at(&self, ctx: &FieldContext<'_>) -> Option<DateTime> {
        self.state(ctx)?.next_sync_at.map(DateTime)
    }

    /// Why it is failing. `null` when it is not.
    fn error(&self, ctx: &FieldContext<'_>) -> Option<SourceError> {
        self.state(ctx)?.error.as_ref().map(SourceError::from)
    }

    /// The capabilities found by probing it. The gateway probes after it has first read the source, and then daily.
    fn capabilities(&self, ctx: &FieldContext<'_>) -> SourceCapabilities {
        SourceCapabilities(ctx.federation().capabilities(&self.info.key).unwrap_or_default())
    }

    /// Departures from the standard that it declares, in the records read so far.
    fn conformance(&self, ctx: &FieldContext<'_>) -> Conformance {
        Conformance(ctx.federation().conformance(&self.info.key).unwrap_or_default())
    }

    /// Whether the Open Referral UK validator would pass it, and why not. `null` before the first probe.
    fn validator(&self, ctx: &FieldContext<'_>) -> Option<SourceValidator> {
        SourceValidator::of(ctx.federation().capabilities(&self.info.key)?)
    }

    /// The quality of its data.
    async fn quality(&self, ctx: &FieldContext<'_>) -> Result<DataQuality, ApiError> {
        let quality = Box::pin(ctx.federation().quality.of(&self.info.key, ctx.searching().await)).await;
        let quality = quality.ok_or(ApiError::Internal("a source that is not configured"))?;
        incomplete::note_status(ctx, &self.info.key, quality.status);
        Ok(DataQuality(quality))
    }

    /// The service with this id in the feed. `null` when there is none.
    async fn service(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The record's id in the feed.")] upstream_id: String,
    ) -> Option<Result<Service, ApiError>> {
        lookup::service(ctx, &self.record_id(RecordKind::Service, &upstream_id)?).await.transpose()
    }

    /// The organisation with this id in the feed. `null` when there is none.
    async fn organization(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The record's id in the feed.")] upstream_id: String,
    ) -> Option<Result<Organization, ApiError>> {
        lookup::organization(ctx, &self.record_id(RecordKind::Organization, &upstream_id)?).await.transpose()
    }
}

/// The licence under which data is published.
#[derive(GraphObject)]
pub(crate) struct Licence {
    /// The licence's name.
    name: String,
    /// The address of the licence's text. `null` when not configured.
    url: Option<Url>,
    /// The SPDX id. `null` when it has none.
    spdx_id: Option<String>,
}

impl Licence {
    pub(super) fn of_origin(licence: &OriginLicence) -> Self {
        Self {
            name: licence.name.clone(),
            url: licence.url.clone().map(Url),
            spdx_id: licence.spdx_id.clone(),
        }
    }
}

/// A failure of a source.
#[derive(GraphObject)]
pub(crate) struct SourceError {
    /// The kind of failure.
    code: SourceErrorCode,
    /// What happened. Safe to show to anyone.
    message: String,
    /// The HTTP status that the feed returned. `null` when it did not respond.
    http_status: Option<i32>,
    /// When it happened.
    at: DateTime,
    /// How long the feed asks clients to wait before the next request, in seconds. `null` when it does not say.
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

/// Whole seconds.
pub(super) fn seconds(duration: &Duration) -> i32 {
    int(duration.as_secs())
}
