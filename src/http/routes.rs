//! The routes, and the handling common to all requests: an id, a log line, metrics, CORS.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use metrics_exporter_prometheus::PrometheusHandle;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::middleware::CatchPanic;
use poem::{Endpoint, EndpointExt, Request, Response};
use tracing::Instrument;

use super::admin::AdminEndpoints;
use super::answers::AnswerCache;
use super::asker::ClientFinder;
use super::content::ResponseContent;
use super::cors::CrossOrigin;
use super::errors::RequestFault;
use super::exports::ExportEndpoint;
use super::feed::{FeedAddress, MergedFeed};
use super::graphql::{GraphQl, LoggedOperation};
use super::metrics::InFlight;
use super::negotiate::MediaType;
use super::pages::{self, FrontPage};
use super::response::{self, ResponseForm};
use super::{HttpSettings, SourceStates, assets, health, metrics, openapi, request_id};
use crate::admission::OperationAdmission;
use crate::federation::Federation;
use crate::graphql::{ExecuteOperations, OpenExports};

/// The routes of each listener.
pub struct ListenerRoutes {
    /// All routes, without metrics if those have their own listener.
    pub main: BoxEndpoint<'static, Response>,
    /// Metrics and health.
    pub admin: BoxEndpoint<'static, Response>,
}

/// Builds all routes.
///
/// `sdl` is served at `/schema.graphql`, `metrics` at `/metrics`, and the records of `federation` below `/oruk/v3` and
/// `/export`.
pub fn routes<E: ExecuteOperations + OpenExports>(
    executor: Arc<E>,
    federation: Arc<Federation>,
    sources: Arc<dyn SourceStates>,
    metrics: PrometheusHandle,
    sdl: String,
    settings: HttpSettings,
) -> ListenerRoutes {
    let answers = Arc::new(AnswerCache::new(settings.answer_cache_bytes));
    let admission = OperationAdmission::new(settings.admission, settings.processors);
    let admission = Arc::new(admission.with_points(settings.points.clone()));
    let console = settings.console.then(|| pages::console(settings.public_url.as_ref()));
    let (request_timeout, export_timeout) = (settings.request_timeout, settings.export_timeout);
    let opener: Arc<dyn OpenExports> = executor.clone();
    let exports = ExportEndpoint::new(
        opener,
        Arc::clone(&federation),
        Arc::clone(&admission),
        request_timeout,
        export_timeout,
    );
    let graphql = GraphQl::new(executor, Arc::clone(&answers), Arc::clone(&admission), console, &settings);
    let schema = ResponseContent::new("text/plain; charset=utf-8", sdl);
    let openapi =
        ResponseContent::new("application/json; charset=utf-8", openapi::document(&settings).to_string());
    let feed = MergedFeed::new(federation, Arc::clone(&admission), &settings);
    let path = settings.path.clone();
    let askers = ClientFinder::new(settings.trusted_proxies.clone());
    let admin = AdminEndpoints::new(Arc::clone(&answers), Arc::clone(&sources), metrics.clone());
    let metrics = (!settings.metrics_apart).then_some(metrics);
    let front = FrontPage::new(&settings);
    let doors =
        ListenerRouter { graphql, exports, answers, sources, metrics, schema, openapi, feed, front, path };
    ListenerRoutes {
        main: entrance(doors, &settings.cors_origins, settings.path, Some((admission, askers))),
        // No route has an empty path, so none counts as GraphQL: monitoring never waits for admission.
        admin: entrance(admin, &[], String::new(), None),
    }
}

fn entrance(
    doors: impl Endpoint<Output = Response> + 'static,
    cors_origins: &[String],
    path: String,
    sharing: Option<(Arc<OperationAdmission>, ClientFinder)>,
) -> BoxEndpoint<'static, Response> {
    let guarded = doors.with(CatchPanic::new().with_handler(panicked));
    RequestScope { inner: guarded, cors: CrossOrigin::new(cors_origins), path, sharing }.boxed()
}

/// The names of the routes, which are also labels in logs and metrics.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route<'a> {
    GraphQl,
    Front,
    Schema,
    Live,
    Ready,
    Metrics,
    Export(&'a str),
    Asset(&'a str),
    OpenApi,
    Oruk(FeedAddress<'a>),
    Unknown,
}

impl<'a> Route<'a> {
    /// Returns the route of a path, given GraphQL's path.
    fn of(path: &'a str, graphql: &str) -> Self {
        match path {
            _ if path == graphql => Self::GraphQl,
            "/" => Self::Front,
            "/schema.graphql" => Self::Schema,
            "/health/live" => Self::Live,
            "/health/ready" => Self::Ready,
            "/metrics" => Self::Metrics,
            "/openapi.json" => Self::OpenApi,
            _ if path.strip_prefix("/export").is_some_and(is_below) => {
                Self::Export(path.strip_prefix("/export").unwrap_or_default())
            }
            _ => match path.strip_prefix("/assets/") {
                Some(name) => Self::Asset(name),
                None => FeedAddress::of(path).map_or(Self::Unknown, Self::Oruk),
            },
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::GraphQl => "graphql",
            Self::Front => "front",
            Self::Schema => "schema",
            Self::Live => "live",
            Self::Ready => "ready",
            Self::Metrics => "metrics",
            Self::Export(_) => "export",
            Self::Asset(_) => "asset",
            Self::OpenApi => "openapi",
            Self::Oruk(_) => "oruk",
            Self::Unknown => "unknown",
        }
    }
}

/// Returns whether the rest of a path, after a prefix, is that prefix itself or below it.
fn is_below(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}

/// The endpoints of the routes.
struct ListenerRouter<E> {
    graphql: GraphQl<E>,
    exports: ExportEndpoint,
    answers: Arc<AnswerCache>,
    sources: Arc<dyn SourceStates>,
    /// `None` if they have their own listener.
    metrics: Option<PrometheusHandle>,
    schema: ResponseContent,
    openapi: ResponseContent,
    feed: MergedFeed,
    front: FrontPage,
    path: String,
}

impl<E: ExecuteOperations> Endpoint for ListenerRouter<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path().to_owned();
        let route = Route::of(&path, &self.path);
        let allow = if route == Route::GraphQl { "GET, HEAD, POST, OPTIONS" } else { "GET, HEAD, OPTIONS" };
        Ok(match *request.method() {
            _ if !self.has(route) => RequestFault::not_found().respond(MediaType::Json.content_type()),
            Method::OPTIONS => options(allow),
            _ if route == Route::GraphQl => self.graphql.call(request).await,
            // Boxed, because otherwise the future of a GraphQL request, the most common one, would be as large as that
            // of any page.
            Method::GET | Method::HEAD => Box::pin(self.read(route, &request)).await,
            _ => RequestFault::method(allow, "this address accepts only GET and HEAD")
                .respond(MediaType::Json.content_type()),
        })
    }
}

impl<E> ListenerRouter<E> {
    fn has(&self, route: Route<'_>) -> bool {
        match route {
            Route::Unknown => false,
            Route::Metrics => self.metrics.is_some(),
            _ => true,
        }
    }

    async fn read(&self, route: Route<'_>, request: &Request) -> Response {
        let headers = request.headers();
        match route {
            Route::Front => {
                let assured = self.sources.newest_assurances().await;
                self.front
                    .page(&self.sources.states(), &assured, self.sources.standing().as_ref())
                    .send(headers)
                    .await
            }
            Route::Schema => {
                let sending = ResponseForm::plainly(&self.schema, "public, max-age=300");
                response::send(&self.schema, headers, sending).await
            }
            Route::OpenApi => {
                let sending = ResponseForm::plainly(&self.openapi, "public, max-age=300");
                response::send(&self.openapi, headers, sending).await
            }
            Route::Oruk(address) => self.feed.answer(address, request).await,
            Route::Live => health::live(),
            Route::Ready => health::ready(self.sources.as_ref()),
            Route::Metrics => match &self.metrics {
                Some(handle) => metrics::page(handle, &self.answers, headers).await,
                None => RequestFault::not_found().respond(MediaType::Json.content_type()),
            },
            Route::Export(rest) => self.exports.call(rest, request).await,
            Route::Asset(name) => assets::file(name, request).await,
            Route::GraphQl | Route::Unknown => {
                RequestFault::not_found().respond(MediaType::Json.content_type())
            }
        }
    }
}

/// The handling common to all requests.
struct RequestScope<D> {
    inner: D,
    cors: CrossOrigin,
    path: String,
    /// Shares the processors among clients.
    sharing: Option<(Arc<OperationAdmission>, ClientFinder)>,
}

impl<D: Endpoint<Output = Response>> Endpoint for RequestScope<D> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let id = request_id::of(request.headers());
        let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
        let mut response = self.answer(request).instrument(span).await;
        response.headers_mut().insert(request_id::X_REQUEST_ID, id);
        Ok(response)
    }
}

impl<D: Endpoint<Output = Response>> RequestScope<D> {
    async fn answer(&self, request: Request) -> Response {
        let (started, _in_flight) = (Instant::now(), InFlight::new());
        let method = request.method().clone();
        let route = Route::of(request.uri().path(), &self.path).label();
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = match self.cors.preflight(&request) {
            Some(response) => response,
            None => self.take_turns(request).await,
        };
        self.cors.mark(origin.as_ref(), response.headers_mut());
        if method == Method::HEAD {
            // The headers stay as for GET, including the length.
            drop(response.take_body());
        }
        let took = started.elapsed();
        metrics::record(route, response.status(), took);
        log(&method, route, &response, (took.as_secs_f64() * 1e6).round() / 1e3);
        response
    }
}

impl<D: Endpoint<Output = Response>> RequestScope<D> {
    async fn take_turns(&self, mut request: Request) -> Response {
        let Some((admission, askers)) = &self.sharing else { return self.inner.get_response(request).await };
        let client = askers.client(&request);
        request.extensions_mut().insert(client);
        admission.lane(client).run(self.inner.get_response(request)).await
    }
}

/// Logs one line per request, never the query or the client.
fn log(method: &Method, route: &'static str, response: &Response, ms: f64) {
    let status = response.status().as_u16();
    match response.data::<LoggedOperation>() {
        Some(LoggedOperation { name, kind }) => {
            let name = name.as_deref().filter(|name| is_name(name));
            tracing::info!(%method, route, status, ms, operation = name, kind = kind.as_str(), "answered");
        }
        None => tracing::info!(%method, route, status, ms, "answered"),
    }
}

/// Returns whether a text is a valid GraphQL name. Only names are logged, because any other text from a client may
/// contain anything.
fn is_name(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn options(allow: &'static str) -> Response {
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

#[expect(clippy::needless_pass_by_value, reason = "the middleware hands the payload over")]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let words = payload.downcast_ref::<&str>().copied();
    let words = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words");
    tracing::error!(panic = words, "a handler panicked");
    RequestFault::internal().respond(MediaType::Json.content_type())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::openapi;

    /// Returns every route. The match makes whoever adds a route add it here, too.
    fn every_route() -> Vec<Route<'static>> {
        use Route::{Asset, Export, Front, GraphQl, Live, Metrics, OpenApi, Oruk, Ready, Schema, Unknown};
        let all = [
            GraphQl,
            Front,
            Schema,
            Live,
            Ready,
            Metrics,
            Export(""),
            Asset(""),
            OpenApi,
            Oruk(FeedAddress::Root),
            Unknown,
        ];
        all.into_iter()
            .inspect(|route| match route {
                GraphQl | Front | Schema | Live | Ready | Metrics | Export(_) | Asset(_) | OpenApi
                | Oruk(_) | Unknown => {}
            })
            .collect()
    }

    #[test]
    fn every_route_is_described() {
        let described = openapi::labels(&crate::http::tests::settings());
        let routes: BTreeSet<&str> =
            every_route().into_iter().filter(|route| *route != Route::Unknown).map(Route::label).collect();
        assert_eq!(described, routes);
    }
}
