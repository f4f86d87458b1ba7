//! The GraphQL endpoint for GET and POST.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use tokio::time::{Instant, timeout_at};
use url::form_urlencoded;

use super::answers::{Answers, Given};
use super::errors::{self, Fault};
use super::negotiate::{self, MediaType};
use super::operation::{self, Kind};
use super::pages::Page;
use super::request::{Asked, Question};
use super::response::{self, Sending};
use super::{Settings, body, caching};
use crate::admission::{Admission, Admitted, Client, Refusal};
use crate::graphql::{Answer, ErrorCode, Execute, Outcome};

const ALLOW: &str = "GET, HEAD, POST, OPTIONS";

/// GraphQL over HTTP.
pub(super) struct GraphQl<E> {
    executor: Arc<E>,
    answers: Arc<Answers>,
    admission: Arc<Admission>,
    console: Option<Page>,
    batching: Option<usize>,
    max_body: usize,
    request_timeout: Duration,
    max_answer: usize,
}

/// A request's operation, for the log.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) name: Option<String>,
    pub(super) kind: Kind,
}

/// The number of a batch's operations that are executed at once.
const OF_A_BATCH_AT_ONCE: usize = 4;

impl<E: Execute> GraphQl<E> {
    /// Creates the endpoint; `console` is the page for browsers that send no query.
    pub(super) fn new(
        executor: Arc<E>,
        answers: Arc<Answers>,
        admission: Arc<Admission>,
        console: Option<Page>,
        settings: &Settings,
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
            _ => Err(Fault::method(ALLOW, "send GraphQL by POST, or by GET with ?query=…")),
        };
        answered.unwrap_or_else(|fault| fault.respond(media_type.content_type()))
    }

    async fn get(&self, request: &Request, media_type: MediaType) -> Result<Response, Fault> {
        let address = request.uri().query().unwrap_or_default();
        if address.len() > self.max_body {
            return Err(Fault::too_long(self.max_body, "use POST"));
        }
        let question = Question::from_address(address)?.ok_or_else(|| {
            Fault::bad_request("`query` is missing; POST {\"query\": \"…\"} or add ?query=…")
        })?;
        let deadline = Instant::now() + self.request_timeout;
        let answered = timeout_at(deadline, self.answer(question, Transport::Get, client(request)))
            .await
            .map_err(|_| Fault::timed_out())??;
        Ok(answered.write(media_type, request.headers(), true).await)
    }

    async fn post(&self, mut request: Request, media_type: MediaType) -> Result<Response, Fault> {
        body::check(request.headers())?;
        let client = client(&request);
        let deadline = Instant::now() + self.request_timeout;
        let body = request.take_body();
        let body = timeout_at(deadline, body::read(request.headers(), body, self.max_body))
            .await
            .map_err(|_| too_slow())??;
        match Asked::from_body(&body, self.batching)? {
            Asked::One(question) => {
                let answered = self.answer(question, Transport::Post, client);
                let answered = timeout_at(deadline, answered).await.map_err(|_| Fault::timed_out())??;
                Ok(answered.write(media_type, request.headers(), false).await)
            }
            Asked::Many(questions) => {
                let answers = self.answers(questions, client);
                let answers = timeout_at(deadline, answers).await.map_err(|_| Fault::timed_out())??;
                let batch = Given::batch(answers.iter().map(AsRef::as_ref));
                Ok(write(&batch, media_type, request.headers(), false, Vec::new()).await)
            }
        }
    }

    /// Returns the responses to a batch, in its order. Several operations are executed at once, and no more once the
    /// responses together are too large.
    async fn answers(&self, questions: Vec<Question>, client: Client) -> Result<Vec<Arc<Given>>, Fault> {
        let (mut answers, mut bytes) = (Vec::with_capacity(questions.len()), 0);
        let mut questions = questions.into_iter().peekable();
        while questions.peek().is_some() {
            let some = questions.by_ref().take(OF_A_BATCH_AT_ONCE).map(|question| async {
                if bytes > self.max_answer {
                    return Ok(Arc::new(Given::new(beyond_batch(self.max_answer))));
                }
                let answered = self.answer(question, Transport::Post, client).await?;
                // One operation of a batch may hold what another is waiting for.
                Ok::<_, Fault>(answered.given)
            });
            for given in try_join_all(some.collect::<Vec<_>>()).await? {
                bytes += given.content.plain().len();
                let is_within = bytes <= self.max_answer;
                answers.push(if is_within {
                    given
                } else {
                    Arc::new(Given::new(beyond_batch(self.max_answer)))
                });
            }
        }
        Ok(answers)
    }

    /// Executes the query, unless an equal one was just answered or is in progress.
    async fn answer(
        &self,
        mut question: Question,
        transport: Transport,
        client: Client,
    ) -> Result<Answered, Fault> {
        let (key, name) = (question.key(), question.operation_name.clone());
        // Only queries are cached, so a hit needs no check of its text.
        if let Some(given) = self.answers.get(&key) {
            return Ok(Answered { given, admitted: None, operation: Operation { name, kind: Kind::Query } });
        }
        let kind = operation::kind(&question.query, question.operation_name.as_deref());
        if kind == Kind::Mutation && transport == Transport::Get {
            return Err(Fault::method("POST", "a mutation must be sent by POST"));
        }
        let mut admitted = None;
        // Boxed, because it is large and the futures that contain it are moved.
        let execute = Box::pin(self.execute(&question, client, &mut admitted));
        let given = match kind {
            Kind::Query => self.answers.get_or_execute(key, execute).await,
            Kind::Mutation | Kind::Other => execute.await.map(Arc::new),
        };
        let given = given.map_err(Fault::refused)?;
        Ok(Answered { given, admitted, operation: Operation { name, kind } })
    }

    /// Executes a query once its client is admitted. `admitted` holds its admission until the response is sent.
    async fn execute(
        &self,
        question: &Question,
        client: Client,
        admitted: &mut Option<Admitted>,
    ) -> Result<Given, Refusal> {
        match self.executor.prepare(question.to_request()) {
            Ok(prepared) => {
                let admitted = admitted.insert(self.admission.admit(client, prepared.cost).await?);
                let answer = self.executor.run(prepared).await;
                answer.large.iter().for_each(|large| admitted.keep(Arc::clone(large)));
                Ok(Given::new(answer))
            }
            Err(answer) => Ok(Given::new(*answer)),
        }
    }
}

/// The response to an operation for which a batch has no room left.
fn beyond_batch(most: usize) -> Answer {
    let message =
        format!("the responses of the batch together exceed the limit of {most} bytes (`max_answer`)");
    Answer::refused(vec![ErrorCode::QueryTooComplex.error(message)])
}

/// Returns the client identified at the entrance.
fn client(request: &Request) -> Client {
    request.extensions().get().copied().unwrap_or_else(Client::unknown)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transport {
    Get,
    Post,
}

struct Answered {
    given: Arc<Given>,
    admitted: Option<Admitted>,
    operation: Operation,
}

impl Answered {
    async fn write(self, media_type: MediaType, request: &HeaderMap, is_read: bool) -> Response {
        let mut response =
            write(&self.given, media_type, request, is_read, self.admitted.into_iter().collect()).await;
        response.set_data(self.operation);
        response
    }
}

async fn write(
    given: &Given,
    media_type: MediaType,
    request: &HeaderMap,
    is_read: bool,
    held: Vec<Admitted>,
) -> Response {
    given.codes.iter().copied().for_each(errors::count);
    let freshness = given.freshness();
    let has_errors = !given.codes.is_empty();
    let sending = Sending {
        content_type: media_type.content_type(),
        cache_control: caching::cache_control(freshness, has_errors),
        is_conditional: is_read && !has_errors,
        vary: "accept, accept-encoding",
        held,
    };
    let mut response = response::send(&given.content, request, sending).await;
    response.headers_mut().insert(header::AGE, caching::age(freshness));
    if given.outcome == Outcome::Refused && media_type == MediaType::GraphQl {
        response.set_status(StatusCode::BAD_REQUEST);
    }
    response
}

/// Returns whether the URL contains a query.
fn asks(request: &Request) -> bool {
    let address = request.uri().query().unwrap_or_default();
    form_urlencoded::parse(address.as_bytes()).any(|(name, _)| name == "query")
}

fn not_acceptable() -> Fault {
    let message = "responses are application/graphql-response+json or application/json; accept one of them";
    Fault::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message)
}

fn too_slow() -> Fault {
    Fault::new(
        StatusCode::REQUEST_TIMEOUT,
        ErrorCode::Timeout,
        "the body did not arrive within the time allowed",
    )
    .header(header::CONNECTION, HeaderValue::from_static("close"))
}
