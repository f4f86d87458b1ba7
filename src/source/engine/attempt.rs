//! One request and its answer.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;

use super::{Arrival, Engine, Got, Read, Validators, client, headers, packed};
use crate::config::{self, Auth};
use crate::source::dialect::NotAPage;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::patience::Patience;

/// What a source is told of who asks.
pub(super) struct Credentials {
    auth: Option<Auth>,
    headers: HeaderMap,
}

impl Credentials {
    pub(super) fn of(source: &config::Source) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value) in &source.headers {
            insert(&mut headers, name, value.expose());
        }
        if let Some(Auth::Header { name, value }) = &source.auth {
            insert(&mut headers, name, value.expose());
        }
        Self { auth: source.auth.clone(), headers }
    }

    fn request(&self, client: &Client, mut url: Url) -> RequestBuilder {
        if let Some(Auth::Query { name, value }) = &self.auth {
            url.query_pairs_mut().append_pair(name, value.expose());
        }
        let request = client.get(url).header(ACCEPT, "application/json").headers(self.headers.clone());
        match &self.auth {
            Some(Auth::Bearer(token)) => request.bearer_auth(token.expose()),
            Some(Auth::Basic { username, password }) => request.basic_auth(username, Some(password.expose())),
            Some(Auth::Query { .. } | Auth::Header { .. }) | None => request,
        }
    }
}

// The configuration has checked both; what it let through and HTTP does not is left out.
fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}

/// Reading a body larger than this would hold up other work on the same thread.
const READ_INLINE_UP_TO: usize = 32 * 1024;
/// How long the first words of a failure are waited for, once its status is known.
const PATIENCE_FOR_WORDS: Duration = Duration::from_millis(250);

/// A body that could not be read, and how it starts.
struct Unread {
    fault: NotAPage,
    start: String,
}

impl Engine {
    pub(super) async fn attempt<T: Send + 'static>(
        &self,
        url: &Url,
        read: &Read<T>,
        known: &Validators,
    ) -> Result<Option<Got<T>>, SourceError> {
        let exchange = self.exchange(url, known);
        let (status, arrival, body) = match tokio::time::timeout(self.limits.timeout, exchange).await {
            Ok(exchanged) => exchanged?,
            Err(_) => {
                let message =
                    format!("no whole answer within {}", humantime::format_duration(self.limits.timeout));
                return Err(self.error(SourceErrorCode::Timeout, message));
            }
        };
        if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(Some(Got::NotFound));
        }
        if status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let value = self.read(body, arrival.clone(), read).await?;
        Ok(Some(Got::Found(value, arrival)))
    }

    async fn exchange(
        &self,
        url: &Url,
        known: &Validators,
    ) -> Result<(StatusCode, Arrival, Bytes), SourceError> {
        let request = self.credentials.request(&self.client, url.clone()).headers(known.as_conditions());
        let mut response = request.send().await.map_err(|error| self.transport_error(&error))?;
        let status = response.status();
        self.gate.heed_budget(response.headers(), self.clock.now());
        let is_unchanged = status == StatusCode::NOT_MODIFIED && !known.is_empty();
        let is_answer = status.is_success() || is_unchanged;
        if !is_answer && !matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            self.log_refusal(&mut response).await;
            return Err(self.status_error(&response));
        }
        let fresh_for = headers::fresh_for(response.headers(), self.limits.fresh_for);
        let validators = Validators::of(response.headers());
        let body = if status.is_success() { self.body(response).await? } else { Bytes::new() };
        let was_packed = packed::is_packed(&body);
        Ok((status, Arrival { at: self.clock.now(), fresh_for, validators, was_packed }, body))
    }

    async fn body(&self, mut response: Response) -> Result<Bytes, SourceError> {
        let cap = self.limits.max_response;
        let claimed = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
        let mut body = BytesMut::with_capacity(claimed.min(cap));
        if claimed > cap {
            return Err(self.too_large());
        }
        while let Some(chunk) = response.chunk().await.map_err(|error| self.transport_error(&error))? {
            if body.len() + chunk.len() > cap {
                return Err(self.too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// Reads an answer's bytes; many of them off the threads that serve, in turn, and no longer than anybody waits.
    pub(in crate::source) async fn read<T: Send + 'static>(
        &self,
        body: Bytes,
        arrival: Arrival,
        read: &Read<T>,
    ) -> Result<T, SourceError> {
        let patience = Patience::default();
        let is_small = body.len() <= READ_INLINE_UP_TO && !packed::is_packed(&body);
        let result = if is_small {
            self.reading(arrival, read)(body, &patience)
        } else {
            let turn = self.turns.take().await;
            // Over when this is dropped: the deadline has passed, the walk is given up, or the gateway stops.
            let _waiting = patience.while_waiting();
            let reading = self.reading(arrival, read);
            let reading = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                reading(body, &patience)
            });
            let Ok(read) = tokio::time::timeout(self.limits.reading_timeout, reading).await else {
                return Err(self.took_too_long());
            };
            read.map_err(|_| {
                self.error(SourceErrorCode::InvalidResponse, "the answer could not be read".into())
            })?
        };
        result.map_err(|unread| self.unread(&unread))
    }

    fn unread(&self, Unread { fault, start }: &Unread) -> SourceError {
        match fault {
            NotAPage::GivenUp => return self.took_too_long(),
            NotAPage::TooMuch | NotAPage::TooLong => {
                return self.error(SourceErrorCode::TooLarge, fault.to_string());
            }
            _ => {}
        }
        tracing::warn!(source = %self.key, %fault, start, "the answer begins otherwise than one that can be read");
        self.error(SourceErrorCode::InvalidResponse, fault.to_string())
    }

    fn took_too_long(&self) -> SourceError {
        let within = humantime::format_duration(self.limits.reading_timeout);
        let message = format!(
            "an answer could not be read within {within} (`reading_timeout`); ask for smaller pages with `page_size`"
        );
        // No timeout, which would be tried again: the same bytes take as long.
        self.error(SourceErrorCode::InvalidResponse, message)
    }

    /// Reads a body, on whatever thread, without the secrets that its source was told. What cannot be read is quoted in
    /// the log and nowhere else.
    fn reading<T: 'static>(
        &self,
        arrival: Arrival,
        read: &Read<T>,
    ) -> impl FnOnce(Bytes, &Patience) -> Result<T, Unread> + Send + use<T> {
        let (redactor, log_redactor) = (self.redactor.clone(), Arc::clone(&self.log_redactor));
        let (read, most) = (Read::clone(read), self.limits.max_response);
        move |body, patience| {
            let body = packed::unpacked(body, most, patience)
                .map_err(|fault| Unread { fault, start: String::new() })?;
            let body = redactor.body(body);
            read(&body, &arrival, patience)
                .map_err(|fault| Unread { fault, start: log_redactor.start_of(&body) })
        }
    }

    /// Says in the log what a feed answered with a status that is no success: its first words, if they come at once.
    async fn log_refusal(&self, response: &mut Response) {
        let words = tokio::time::timeout(PATIENCE_FOR_WORDS, response.chunk()).await;
        if let Ok(Ok(Some(words))) = words {
            let (status, start) = (response.status().as_u16(), self.log_redactor.start_of(&words));
            tracing::warn!(source = %self.key, status, start, "the feed answered with a failure");
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
            ..self.error(code, format!("answered {}", status.as_u16()))
        }
    }

    fn transport_error(&self, error: &reqwest::Error) -> SourceError {
        if error.is_timeout() {
            let message = if error.is_connect() { "no connection in time" } else { "no answer in time" };
            return self.error(SourceErrorCode::Timeout, message.into());
        }
        if error.is_redirect() {
            let reason = client::refused_redirect(error).unwrap_or("redirects wrongly");
            return self.error(SourceErrorCode::InvalidResponse, reason.to_owned());
        }
        if is_tls(error) {
            return self.error(SourceErrorCode::Tls, "no trustworthy connection".into());
        }
        let message = if error.is_connect() { "no connection" } else { "the connection broke" };
        self.error(SourceErrorCode::Connection, message.into())
    }

    fn too_large(&self) -> SourceError {
        let cap = bytesize::ByteSize::b(self.limits.max_response as u64);
        self.error(SourceErrorCode::TooLarge, format!("an answer of more than {cap}"))
    }

    fn error(&self, code: SourceErrorCode, message: String) -> SourceError {
        SourceError { code, message, http_status: None, at: self.clock.now(), retry_after: None }
    }
}

fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return true;
        }
        // The reason often sits inside an `io::Error`.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        cause = error.source();
    }
    false
}
