//! A schema with a field for each thing that can happen, and a gateway that serves it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_graphql::{EmptySubscription, Object, Request, Schema, ServerError};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use metrics_exporter_prometheus::PrometheusRecorder;
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, Response};
use url::Url;

use super::Reply;
use crate::admission::AdmissionSettings;
use crate::federation::{
    Federation, FeedStatus, NewestAssurance, RepublicationRule, SourceError, SourceErrorCode, SourceInfo,
    SourceState,
};
use crate::graphql::{
    DemandedServices, ErrorCode, ExecuteOperations, ExportedList, KeepingTime, OpenExports, OpenedExport,
    OperationAnswer, PreparedExport, PreparedOperation, WrittenData,
};
use crate::http::{HttpSettings, ListenerRoutes, SourceStates, routes};
use crate::model::{Dialect, InstantClock, SourceKey, SourceMode};
use crate::telemetry;

pub(super) struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_default())
    }

    async fn long(&self) -> String {
        "long ".repeat(1000)
    }

    async fn fails(&self) -> Option<async_graphql::Result<String>> {
        Some(Err("no".into()))
    }

    async fn slow(&self) -> String {
        tokio::time::sleep(Duration::from_secs(5)).await;
        "at last".to_owned()
    }

    async fn never(&self) -> String {
        std::future::pending().await
    }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn write(&self) -> bool {
        true
    }
}

pub(super) struct Toy {
    schema: Schema<Query, Mutation, EmptySubscription>,
    freshness: KeepingTime,
    executions: AtomicUsize,
}

impl ExecuteOperations for Toy {
    type Operation = Request;

    fn prepare(&self, operation: Request) -> Result<PreparedOperation<Request>, Box<OperationAnswer>> {
        Ok(PreparedOperation { operation, cost: 1 })
    }

    async fn run(
        &self,
        PreparedOperation { operation: request, .. }: PreparedOperation<Request>,
    ) -> OperationAnswer {
        self.executions.fetch_add(1, Ordering::Relaxed);
        assert!(request.query != "{ panics }", "as asked");
        let response = self.schema.execute(request).await;
        let refused = response.errors.iter().any(|error| error.path.is_empty());
        let data = (!refused).then(|| WrittenData::of_json(&serde_json::to_vec(&response.data).unwrap()));
        let (errors, extensions) = (response.errors, response.extensions);
        OperationAnswer { data, errors, extensions, freshness: self.freshness, large: None }
    }
}

impl OpenExports for Toy {
    fn prepare_export(
        &self,
        _: ExportedList,
        _: serde_json::Value,
    ) -> Result<PreparedExport, Vec<ServerError>> {
        Err(vec![ErrorCode::BadUserInput.error("toys export nothing")])
    }

    fn open_export(
        &self,
        _: PreparedExport,
        _: DemandedServices,
    ) -> BoxFuture<'_, Result<OpenedExport, ServerError>> {
        std::future::ready(Err(ErrorCode::BadUserInput.error("toys export nothing"))).boxed()
    }
}

struct Two;

/// The same date of the last assurance for all sources.
fn assured_in_march() -> HashMap<SourceKey, NewestAssurance> {
    let assurance = NewestAssurance { date: "2026-03-01".parse().unwrap(), days_ago: 12 };
    HashMap::from([(SourceKey::parse("northford").unwrap(), assurance)])
}

impl SourceStates for Two {
    fn states(&self) -> Vec<SourceState> {
        vec![
            state("northford", FeedStatus::Fresh, None),
            SourceState { dialect: None, ..state("<b>", FeedStatus::Unavailable, Some("no answer")) },
        ]
    }

    fn newest_assurances(&self) -> BoxFuture<'_, HashMap<SourceKey, NewestAssurance>> {
        Box::pin(async { assured_in_march() })
    }

    fn is_ready(&self) -> Result<(), String> {
        Ok(())
    }
}

fn state(name: &str, status: FeedStatus, error: Option<&str>) -> SourceState {
    let info = SourceInfo {
        key: SourceKey::parse("northford").unwrap(),
        name: name.to_owned(),
        publisher: None,
        homepage: None,
        url: Url::parse("http://127.0.0.1/").unwrap(),
        licence: None,
        attribution: None,
        republication: RepublicationRule::Allowed,
        dialect: None,
        mode: SourceMode::Live,
    };
    let error =
        error.map(|message| SourceError::new(SourceErrorCode::Timeout, message, DateTime::<Utc>::UNIX_EPOCH));
    SourceState {
        next_sync_at: None,
        dialect: Some(Dialect::Southampton),
        info: Arc::new(info),
        status,
        service_count: Some(1_234),
        last_attempt_at: None,
        last_success_at: None,
        age: Some(Duration::from_secs(240)),
        error,
    }
}

pub(super) struct Unready;

impl SourceStates for Unready {
    fn states(&self) -> Vec<SourceState> {
        Vec::new()
    }

    fn newest_assurances(&self) -> BoxFuture<'_, HashMap<SourceKey, NewestAssurance>> {
        Box::pin(async { HashMap::new() })
    }

    fn is_ready(&self) -> Result<(), String> {
        Err("no source has been read yet".to_owned())
    }
}

/// A gateway, with what tests need to see inside it.
pub(super) struct Gateway {
    main: BoxEndpoint<'static, Response>,
    admin: BoxEndpoint<'static, Response>,
    toy: Arc<Toy>,
    pub(super) recorder: PrometheusRecorder,
}

impl Gateway {
    pub(super) fn new() -> Self {
        Self::with(KeepingTime::NONE, settings())
    }

    /// A gateway whose answers have this freshness.
    pub(super) fn fresh(remaining: u64, age: u64, degraded: bool) -> Self {
        let [remaining, age] = [remaining, age].map(Duration::from_secs);
        Self::with(KeepingTime { remaining, age, degraded }, settings())
    }

    pub(super) fn set(change: impl FnOnce(&mut HttpSettings)) -> Self {
        let mut settings = settings();
        change(&mut settings);
        Self::with(KeepingTime::NONE, settings)
    }

    pub(super) fn over(sources: Arc<dyn SourceStates>) -> Self {
        Self::build(KeepingTime::NONE, sources, settings())
    }

    fn with(freshness: KeepingTime, settings: HttpSettings) -> Self {
        Self::build(freshness, Arc::new(Two), settings)
    }

    fn build(freshness: KeepingTime, sources: Arc<dyn SourceStates>, settings: HttpSettings) -> Self {
        LazyLock::force(&LISTENER);
        let schema = Schema::new(Query, Mutation, EmptySubscription);
        let sdl = schema.sdl();
        let toy = Arc::new(Toy { schema, freshness, executions: AtomicUsize::new(0) });
        let recorder = telemetry::recorder().unwrap();
        let federation =
            Arc::new(Federation::new(Vec::new(), InstantClock::fixed(DateTime::<Utc>::UNIX_EPOCH)));
        let ListenerRoutes { main, admin } =
            routes(Arc::clone(&toy), federation, sources, recorder.handle(), sdl, settings);
        Self { main, admin, toy, recorder }
    }

    pub(super) async fn send(&self, request: poem::Request) -> Reply {
        Reply::read(self.main.get_response(request).await).await
    }

    /// Sends a request to the routes of the second listener.
    pub(super) async fn send_to_admin(&self, request: poem::Request) -> Reply {
        Reply::read(self.admin.get_response(request).await).await
    }

    pub(super) fn executions(&self) -> usize {
        self.toy.executions.load(Ordering::Relaxed)
    }
}

/// A subscriber from the first request on. Without one, a log line that is first reached while no one listens may be
/// disabled for good, and the test that reads the log would miss it.
static LISTENER: LazyLock<bool> = LazyLock::new(|| {
    let deaf = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
    tracing::subscriber::set_global_default(deaf).is_ok()
});

pub(in crate::http) fn settings() -> HttpSettings {
    HttpSettings {
        path: "/graphql".to_owned(),
        console: true,
        introspection: true,
        batching: None,
        max_body: 10_000,
        request_timeout: Duration::from_secs(15),
        export_timeout: Duration::from_secs(60),
        max_answer: 10 << 20,
        cors_origins: vec!["*".to_owned()],
        public_url: None,
        metrics_apart: false,
        trusted_proxies: Vec::new(),
        admission: AdmissionSettings { max_running_cost: 100, max_waiting: 10, max_waiting_per_client: 5 },
        points: None,
        processors: 2,
        answer_cache_bytes: 1_000_000,
    }
}
