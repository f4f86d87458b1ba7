//! Sends one request and reads its response.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{
    AnswerArrival, BodyReader, CacheValidators, EngineAnswer, FeedEngine, client, headers, link_header,
    packed,
};
use crate::config::{self, SourceAuth};
use crate::source::dialect::NotAPage;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::memory::{ArrivingBody, MemoryEstimate, MemoryRefusal, MemoryShare, ReadingPlace};
use crate::source::patience::ReadingPatience;

/// The credentials and headers that are sent with every request to a source.
pub(super) struct SourceCredentials {
    auth: Option<SourceAuth>,
    headers: HeaderMap,
}

impl SourceCredentials {
    pub(super) fn of(source: &config::SourceSettings) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in &source.headers {
            insert(&mut headers, name, value.expose());
        }
        if let Some(SourceAuth::Header { name, value }) = &source.auth {
            insert(&mut headers, name, value.expose());
        }
        Self { auth: source.auth.clone(), headers }
    }

    fn request(&self, client: &Client, mut url: Url) -> RequestBuilder {
        if let Some(SourceAuth::Query { name, value }) = &self.auth {
            remove_parameter(&mut url, name);
            url.query_pairs_mut().append_pair(name, value.expose());
        }
        let request = client.get(url).header(ACCEPT, "application/json").headers(self.headers.clone());
        match &self.auth {
            Some(SourceAuth::Bearer(token)) => request.bearer_auth(token.expose()),
            Some(SourceAuth::Basic { username, password }) => {
                request.basic_auth(username, Some(password.expose()))
            }
            Some(SourceAuth::Query { .. } | SourceAuth::Header { .. }) | None => request,
        }
    }
}

// Feeds repeat the key in their links. It must not be sent twice.
fn remove_parameter(url: &mut Url, name: &str) {
    if url.query_pairs().any(|(key, _)| key == name) {
        let kept: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
}

// The configuration has checked names and values. Anything that HTTP still does not allow is left out.
fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}

/// A larger body, in bytes, is read on another thread, because it would hold up other work on this one.
const READ_INLINE_UP_TO: usize = 32 * 1024;
/// How long to wait for the beginning of an error response's body, which is only logged.
const PATIENCE_FOR_WORDS: Duration = Duration::from_millis(250);

/// A response that has arrived, with the memory reserved until it has been read.
struct Arrived {
    status: StatusCode,
    arrival: AnswerArrival,
    body: Bytes,
    shares: ArrivingBody,
}

/// Why a body could not be read, and how it begins.
struct UnreadBody {
    fault: NotAPage,
    start: String,
}

impl FeedEngine {
    pub(super) async fn attempt<T: Send + 'static>(
        &self,
        url: &Url,
        read: &BodyReader<T>,
        known: &CacheValidators,
        place: &ReadingPlace,
    ) -> Result<Option<EngineAnswer<T>>, SourceError> {
        let Arrived { status, arrival, body, shares } = self.exchange(url, known, place).await?;
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(Some(EngineAnswer::NotFound));
        }
        if status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT) {
            return Ok(Some(EngineAnswer::NoContent(arrival)));
        }
        let value = self.read(body, arrival.clone(), read, place).await?;
        // What was read may be the bytes themselves, so their memory stays reserved.
        shares.into_shares().into_iter().filter(|_| !place.is_page()).for_each(|share| place.keep(share));
        Ok(Some(EngineAnswer::Found(value, arrival)))
    }

    async fn exchange(
        &self,
        url: &Url,
        known: &CacheValidators,
        place: &ReadingPlace,
    ) -> Result<Arrived, SourceError> {
        let mut by = Instant::now() + self.limits.timeout;
        let request = self.credentials.request(&self.client, url.clone()).headers(known.as_conditions());
        let response = timeout_at(by, request.send()).await.map_err(|_| self.too_slow())?;
        let mut response = response.map_err(|error| self.transport_error(&error))?;
        let status = response.status();
        self.gate.heed_budget(response.headers(), self.clock.now());
        let is_unchanged = status == StatusCode::NOT_MODIFIED && !known.is_empty();
        let is_answer = status.is_success() || is_unchanged;
        if !is_answer && !matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            self.log_refusal(&mut response).await;
            return Err(self.status_error(&response));
        }
        let fresh_for = headers::fresh_for(response.headers(), self.limits.fresh_for);
        let validators = CacheValidators::of(response.headers(), &self.redactor);
        let next_link = link_header::next(response.headers());
        let total_items = headers::total_items(response.headers());
        let claims =
            Some(headers::claims(response.headers())).filter(|claims| !claims.is_empty()).map(Arc::new);
        let (body, shares) = match status.is_success() {
            true => self.body(response, &mut by, place).await?,
            false => <(Bytes, ArrivingBody)>::default(),
        };
        let at = self.clock.now();
        let was_packed = packed::is_packed(&body);
        let arrival = AnswerArrival { at, fresh_for, validators, next_link, total_items, claims, was_packed };
        Ok(Arrived { status, arrival, body, shares })
    }

    /// Receives a body before `by`. Time spent waiting for memory is added to `by`.
    async fn body(
        &self,
        mut response: Response,
        by: &mut Instant,
        place: &ReadingPlace,
    ) -> Result<(Bytes, ArrivingBody), SourceError> {
        let cap = self.limits.max_response;
        let claimed = response.content_length().and_then(|length| usize::try_from(length).ok());
        if claimed.is_some_and(|claimed| claimed > cap) {
            return Err(self.too_large());
        }
        let (mut body, mut arriving) = (BytesMut::new(), ArrivingBody::default());
        loop {
            let chunk = timeout_at(*by, response.chunk()).await.map_err(|_| self.too_slow())?;
            let Some(chunk) = chunk.map_err(|error| self.transport_error(&error))? else { break };
            let length = body.len() + chunk.len();
            if length > cap {
                return Err(self.too_large());
            }
            let began = Instant::now();
            let admitted = self.account.let_arrive(&mut arriving, length, claimed, cap, place).await;
            admitted.map_err(|refusal| self.no_memory(refusal))?;
            *by += began.elapsed();
            if length > body.capacity() {
                // Memory is reserved for what may arrive, not for whatever length a feed claims.
                let room = claimed.map_or(length, |claimed| arriving.room_for(claimed).max(length));
                body.reserve(room - body.len());
            }
            body.extend_from_slice(&chunk);
        }
        Ok((body.freeze(), arriving))
    }

    /// Reads the bytes of a response once there is a turn and enough memory. Large bodies are read on another thread.
    /// Gives up after the configured `reading_timeout`.
    pub(in crate::source) async fn read<T: Send + 'static>(
        &self,
        body: Bytes,
        arrival: AnswerArrival,
        read: &BodyReader<T>,
        place: &ReadingPlace,
    ) -> Result<T, SourceError> {
        let body = if packed::is_packed(&body) { self.unpacked(body).await? } else { body };
        let estimate = MemoryEstimate::of(&body);
        let share = self.account.let_read(estimate, place).await;
        let share = share.map_err(|refusal| self.no_memory(refusal))?;
        let reading = self.reading(arrival, read);
        let (result, share) = if body.len() <= READ_INLINE_UP_TO {
            (reading(body, &ReadingPatience::default()), share)
        } else {
            self.read_in_turn(body, share, reading).await?
        };
        let value = result.map_err(|unread| self.unread(&unread))?;
        if let Some(mut share) = share.filter(|_| place.is_page()) {
            share.shrink_to(estimate.records());
            place.keep(share);
        }
        Ok(value)
    }

    /// Decompresses a body on another thread, because it may grow to hundreds of times its size.
    async fn unpacked(&self, body: Bytes) -> Result<Bytes, SourceError> {
        let most = self.limits.max_response;
        let unpacking = move |body, patience: &ReadingPatience| {
            packed::unpacked(body, most, patience).map_err(|fault| UnreadBody { fault, start: String::new() })
        };
        let (unpacked, _) = self.read_in_turn(body, None, unpacking).await?;
        unpacked.map_err(|unread| self.unread(&unread))
    }

    async fn read_in_turn<T: Send + 'static>(
        &self,
        body: Bytes,
        share: Option<MemoryShare>,
        reading: impl FnOnce(Bytes, &ReadingPatience) -> Result<T, UnreadBody> + Send + 'static,
    ) -> Result<(Result<T, UnreadBody>, Option<MemoryShare>), SourceError> {
        let turn = self.turns.take().await;
        let patience = ReadingPatience::default();
        // Dropped when the deadline has passed, the walk is given up, or the gateway stops.
        let _waiting = patience.while_waiting();
        // The reader takes its memory even if nobody waits for it any more, so it holds the share.
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            (reading(body, &patience), share)
        });
        let Ok(read) = tokio::time::timeout(self.limits.reading_timeout, reading).await else {
            return Err(self.took_too_long());
        };
        read.map_err(|_| {
            self.error(SourceErrorCode::InvalidResponse, "the response could not be read".into())
        })
    }

    fn unread(&self, UnreadBody { fault, start }: &UnreadBody) -> SourceError {
        match fault {
            NotAPage::GivenUp => return self.took_too_long(),
            NotAPage::TooMuch | NotAPage::TooLong => {
                return self.error(SourceErrorCode::TooLarge, fault.to_string());
            }
            _ => {}
        }
        tracing::warn!(source = %self.key, %fault, start, "the response cannot be read");
        self.error(SourceErrorCode::InvalidResponse, fault.to_string())
    }

    fn too_slow(&self) -> SourceError {
        let message =
            format!("no complete response within {}", humantime::format_duration(self.limits.timeout));
        self.error(SourceErrorCode::Timeout, message)
    }

    fn no_memory(&self, refusal: MemoryRefusal) -> SourceError {
        let code = match refusal {
            MemoryRefusal::TooMuch(_) => SourceErrorCode::TooLarge,
            MemoryRefusal::NoneInTime => SourceErrorCode::Timeout,
        };
        self.error(code, refusal.message(self.account.most()))
    }

    fn took_too_long(&self) -> SourceError {
        let within = humantime::format_duration(self.limits.reading_timeout);
        let message = format!(
            "a response could not be read within {within} (`reading_timeout`); set a smaller `page_size`"
        );
        // Not a timeout, which would be retried: the same bytes would take as long again.
        self.error(SourceErrorCode::InvalidResponse, message)
    }

    /// Returns a function that removes the source's secrets from a body and reads it, on any thread. Unreadable bodies
    /// are quoted only in the log.
    fn reading<T: 'static>(
        &self,
        arrival: AnswerArrival,
        read: &BodyReader<T>,
    ) -> impl FnOnce(Bytes, &ReadingPatience) -> Result<T, UnreadBody> + Send + use<T> {
        let (redactor, log_redactor) = (self.redactor.clone(), Arc::clone(&self.log_redactor));
        let read = BodyReader::clone(read);
        move |body, patience| {
            let body = redactor.body(body);
            read(&body, &arrival, patience)
                .map_err(|fault| UnreadBody { fault, start: log_redactor.start_of(&body) })
        }
    }

    /// Logs the status of an error response, and how its body begins if that arrives at once.
    async fn log_refusal(&self, response: &mut Response) {
        let words = tokio::time::timeout(PATIENCE_FOR_WORDS, response.chunk()).await;
        if let Ok(Ok(Some(words))) = words {
            let (status, start) = (response.status().as_u16(), self.log_redactor.start_of(&words));
            tracing::warn!(source = %self.key, status, start, "the feed returned an error");
        }
    }

    fn status_error(&self, response: &Response) -> SourceError {
        let status = response.status();
        let code = match status {
            StatusCode::TOO_MANY_REQUESTS => SourceErrorCode::RateLimited,
            _ => SourceErrorCode::HttpStatus,
        };
        SourceError {
            http_status: Some(status.as_u16()),
            retry_after: headers::retry_after(response.headers(), self.clock.now()),
            ..self.error(code, format!("returned HTTP {}", status.as_u16()))
        }
    }

    fn transport_error(&self, error: &reqwest::Error) -> SourceError {
        if error.is_timeout() {
            let message = if error.is_connect() { "no connection in time" } else { "no response in time" };
            return self.error(SourceErrorCode::Timeout, message.into());
        }
        if error.is_redirect() {
            let reason = client::refused_redirect(error).unwrap_or("redirects incorrectly");
            return self.error(SourceErrorCode::InvalidResponse, reason.to_owned());
        }
        if is_tls(error) {
            return self.error(SourceErrorCode::Tls, "no trusted connection".into());
        }
        let message = if error.is_connect() { "no connection" } else { "the connection broke" };
        self.error(SourceErrorCode::Connection, message.into())
    }

    fn too_large(&self) -> SourceError {
        let cap = bytesize::ByteSize::b(self.limits.max_response as u64);
        self.error(SourceErrorCode::TooLarge, format!("a response of more than {cap}"))
    }

    fn error(&self, code: SourceErrorCode, message: String) -> SourceError {
        SourceError::new(code, message, self.clock.now())
    }
}

/// Returns whether TLS is the cause of an error, or of its causes.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    // The cause is often inside an `io::Error`, or two of them, whose source is that of what is inside.
    let inside = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || inside.is_some_and(|inside| is_tls(inside))
        || error.source().is_some_and(is_tls)
}
