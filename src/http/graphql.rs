//! The GraphQL endpoint for GET and POST.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use super::answers::{AnswerCache, GivenResponse};
use super::errors::{self, RequestFault};
use super::negotiate::{self, MediaType};
use super::operation::{self, OperationKind};
use super::pages::HtmlPage;
use super::request::{GraphqlRequest, RequestBody};
use super::response::{self, ResponseForm};
use super::{HttpSettings, body, caching};
use crate::admission::{AdmissionRefusal, AdmittedOperation, ClientAddress, OperationAdmission};
use crate::graphql::{ErrorCode, ExecuteOperations, OperationAnswer, OperationOutcome};

const ALLOW: &str = "GET, HEAD, POST, OPTIONS";

/// GraphQL over HTTP.
pub(super) struct GraphQl<E> {
    executor: Arc<E>,
    answers: Arc<AnswerCache>,
    admission: Arc<OperationAdmission>,
    console: Option<HtmlPage>,
    batching: Option<usize>,
    max_body: usize,
    request_timeout: Duration,
    max_answer: usize,
}

/// A request's operation, as it is logged.
#[derive(Clone, Debug)]
pub(super) struct LoggedOperation {
    pub(super) name: Option<String>,
    pub(super) kind: OperationKind,
}

/// The number of a batch's operations that are executed at once.
const OF_A_BATCH_AT_ONCE: usize = 4;

impl<E: ExecuteOperations> GraphQl<E> {
    /// Creates the endpoint; `console` is the page for browsers that send no query.
    pub(super) fn new(
        executor: Arc<E>,
        answers: Arc<AnswerCache>,
        admission: Arc<OperationAdmission>,
        console: Option<HtmlPage>,
        settings: &HttpSettings,
    ) -> Self {
        let (batching, max_body) = (settings.batching, settings.max_body);
        let (request_timeout, max_answer) = (settings.request_timeout, settings.max_answer);
        Self { executor, answers, admission, console, batching, max_body, request_timeout, max_answer }
    }

    pub(super) async fn call(&self, request: Request) -> Response {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if is_read
            && let Some(console) = &self.console
            && negotiate::prefers_html(request.headers())
            && !asks(&request)
        {
            return console.send(request.headers()).await;
        }
        let Some(media_type) = negotiate::media_type(request.headers()) else {
            return not_acceptable().respond(MediaType::Json.content_type());
        };
        let answered = match *request.method() {
            Method::GET | Method::HEAD => self.get(&request, media_type).await,
            Method::POST => self.post(request, media_type).await,
            _ => Err(RequestFault::method(ALLOW, "send GraphQL by POST, or by GET with ?query=…")),
        };
        answered.unwrap_or_else(|fault| fault.respond(media_type.content_type()))
    }

    async fn get(&self, request: &Request, media_type: MediaType) -> Result<Response, RequestFault> {
        let address = request.uri().query().unwrap_or_default();
        if address.len() > self.max_body {
            return Err(RequestFault::too_long(self.max_body, "use POST"));
        }
        let question = GraphqlRequest::from_address(address)?.ok_or_else(|| {
            RequestFault::bad_request("`query` is missing; POST {\"query\": \"…\"} or add ?query=…")
        })?;
        let deadline = Instant::now() + self.request_timeout;
        let answered = timeout_at(deadline, self.answer(question, Transport::Get, client(request)))
            .await
            .map_err(|_| RequestFault::timed_out())??;
        Ok(answered.write(media_type, request.headers(), true).await)
    }

    async fn post(&self, mut request: Request, media_type: MediaType) -> Result<Response, RequestFault> {
        body::check(request.headers())?;
        let client = client(&request);
        let deadline = Instant::now() + self.request_timeout;
        let body = request.take_body();
        let body = timeout_at(deadline, body::read(request.headers(), body, self.max_body))
            .await
            .map_err(|_| too_slow())??;
        match RequestBody::from_body(&body, self.batching)? {
            RequestBody::One(question) => {
                let answered = self.answer(question, Transport::Post, client);
                let answered =
                    timeout_at(deadline, answered).await.map_err(|_| RequestFault::timed_out())??;
                Ok(answered.write(media_type, request.headers(), false).await)
            }
            RequestBody::Many(questions) => {
                let answers = self.answers(questions, client);
                let answers =
                    timeout_at(deadline, answers).await.map_err(|_| RequestFault::timed_out())??;
                let batch = GivenResponse::batch(answers.iter().map(AsRef::as_ref));
                Ok(write(&batch, media_type, request.headers(), false, Vec::new()).await)
            }
        }
    }

    /// Returns the responses to a batch, in its order. Several operations are executed at once, and no more once the
    /// responses together are too large.
    async fn answers(
        &self,
        questions: Vec<GraphqlRequest>,
        client: ClientAddress,
    ) -> Result<Vec<Arc<GivenResponse>>, RequestFault> {
        let (mut answers, mut bytes) = (Vec::with_capacity(questions.len()), 0);
        let mut questions = questions.into_iter().peekable();
        while questions.peek().is_some() {
            let some = questions.by_ref().take(OF_A_BATCH_AT_ONCE).map(|question| async {
                if bytes > self.max_answer {
                    return Ok(Arc::new(GivenResponse::new(beyond_batch(self.max_answer))));
                }
                let answered = self.answer(question, Transport::Post, client).await?;
                // One operation of a batch may hold what another is waiting for.
                Ok::<_, RequestFault>(answered.given)
            });
            for given in try_join_all(some.collect::<Vec<_>>()).await? {
                bytes += given.content.plain().len();
                let is_within = bytes <= self.max_answer;
                answers.push(if is_within {
                    given
                } else {
                    Arc::new(GivenResponse::new(beyond_batch(self.max_answer)))
                });
            }
        }
        Ok(answers)
    }

    /// Executes the query, unless an equal one was just answered or is in progress.
    async fn answer(
        &self,
        mut question: GraphqlRequest,
        transport: Transport,
        client: ClientAddress,
    ) -> Result<AnsweredRequest, RequestFault> {
        let (key, name) = (question.key(), question.operation_name.clone());
        // Only queries are cached, so a hit needs no check of its text.
        if let Some(given) = self.answers.get(&key) {
            return Ok(AnsweredRequest {
                given,
                admitted: None,
                operation: LoggedOperation { name, kind: OperationKind::Query },
            });
        }
        let kind = operation::kind(&question.query, question.operation_name.as_deref());
        if kind == OperationKind::Mutation && transport == Transport::Get {
            return Err(RequestFault::method("POST", "a mutation must be sent by POST"));
        }
        let mut admitted = None;
        // Boxed, because it is large and the futures that contain it are moved.
        let execute = Box::pin(self.execute(&question, client, &mut admitted));
        let given = match kind {
            OperationKind::Query => self.answers.get_or_execute(key, execute).await,
            OperationKind::Mutation | OperationKind::Other => execute.await.map(Arc::new),
        };
        let given = given.map_err(RequestFault::refused)?;
        Ok(AnsweredRequest { given, admitted, operation: LoggedOperation { name, kind } })
    }

    /// Executes a query once its client is admitted. `admitted` holds its admission until the response is sent.
    async fn execute(
        &self,
        question: &GraphqlRequest,
        client: ClientAddress,
        admitted: &mut Option<AdmittedOperation>,
    ) -> Result<GivenResponse, AdmissionRefusal> {
        match self.executor.prepare(question.to_request()) {
            Ok(prepared) => {
                let admitted = admitted.insert(self.admission.admit(client, prepared.cost).await?);
                let answer = self.executor.run(prepared).await;
                answer.large.iter().for_each(|large| admitted.keep(Arc::clone(large)));
                Ok(GivenResponse::new(answer))
            }
            Err(answer) => Ok(GivenResponse::new(*answer)),
        }
    }
}

/// The response to an operation for which a batch has no room left.
fn beyond_batch(most: usize) -> OperationAnswer {
    let message =
        format!("the responses of the batch together exceed the limit of {most} bytes (`max_answer`)");
    OperationAnswer::refused(vec![ErrorCode::QueryTooComplex.error(message)])
}

/// Returns the client identified at the entrance.
fn client(request: &Request) -> ClientAddress {
    request.extensions().get().copied().unwrap_or_else(ClientAddress::unknown)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Get,
    Post,
}

struct AnsweredRequest {
    given: Arc<GivenResponse>,
    admitted: Option<AdmittedOperation>,
    operation: LoggedOperation,
}

impl AnsweredRequest {
    async fn write(self, media_type: MediaType, request: &HeaderMap, is_read: bool) -> Response {
        let mut response =
            write(&self.given, media_type, request, is_read, self.admitted.into_iter().collect()).await;
        response.set_data(self.operation);
        response
    }
}

async fn write(
    given: &GivenResponse,
    media_type: MediaType,
    request: &HeaderMap,
    is_read: bool,
    held: Vec<AdmittedOperation>,
) -> Response {
    given.codes.iter().copied().for_each(errors::count);
    let freshness = given.freshness();
    let has_errors = !given.codes.is_empty();
    let sending = ResponseForm {
        content_type: media_type.content_type(),
        cache_control: caching::cache_control(freshness, has_errors),
        is_conditional: is_read && !has_errors,
        vary: "accept, accept-encoding",
        held,
    };
    let mut response = response::send(&given.content, request, sending).await;
    response.headers_mut().insert(header::AGE, caching::age(freshness));
    if given.outcome == OperationOutcome::Refused && media_type == MediaType::GraphQl {
        response.set_status(StatusCode::BAD_REQUEST);
    }
    response
}

/// Returns whether the URL contains a query.
fn asks(request: &Request) -> bool {
    let address = request.uri().query().unwrap_or_default();
    form_urlencoded::parse(address.as_bytes()).any(|(name, _)| name == "query")
}

fn not_acceptable() -> RequestFault {
    let message = "responses are application/graphql-response+json or application/json; accept one of them";
    RequestFault::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message)
}

fn too_slow() -> RequestFault {
    RequestFault::new(
        StatusCode::REQUEST_TIMEOUT,
        ErrorCode::Timeout,
        "the body did not arrive within the time allowed",
    )
    .header(header::CONNECTION, HeaderValue::from_static("close"))
}
