//! Sends requests to one source: time limits, a size limit while the body arrives, retries, pace and a circuit breaker.
//! The engine knows nothing about records: callers pass a function that reads the body, and its failure counts as the
//! source's.

mod attempt;
mod breaker;
mod client;
mod gate;
mod headers;
mod link_header;
mod packed;
mod reading_turns;
mod resolver;
mod retry;
mod validators;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::dialect::NotAPage;
use super::error::SourceError;
use super::memory::{MemoryAccount, ReadingMemory, ReadingPlace};
use super::metrics;
use super::patience::ReadingPatience;
use super::redactor::SecretRedactor;
use crate::config;
use crate::model::{InstantClock, LiveMembers};

pub(crate) use client::HttpClients;
pub(crate) use validators::CacheValidators;

use attempt::SourceCredentials;
use breaker::CircuitBreaker;
use gate::SourceGate;
use reading_turns::ReadingTurns;

/// Sends requests to one source.
pub(crate) struct FeedEngine {
    key: String,
    client: reqwest::Client,
    credentials: SourceCredentials,
    /// Removes this source's secrets from its responses.
    redactor: SecretRedactor,
    /// Removes the secrets of all sources from what is logged.
    log_redactor: Arc<SecretRedactor>,
    limits: config::SourceLimits,
    gate: SourceGate,
    turns: ReadingTurns,
    account: MemoryAccount,
    breaker: CircuitBreaker,
    clock: InstantClock,
}

/// The result of a request.
#[derive(Debug)]
pub(crate) enum EngineAnswer<T> {
    /// A response that was read.
    Found(T, AnswerArrival),
    /// The feed has nothing at this URL.
    NotFound,
    /// A response without content, which means an empty list.
    NoContent(AnswerArrival),
}

/// The metadata of a response.
#[derive(Clone, Debug)]
pub(crate) struct AnswerArrival {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// How long the response is fresh.
    pub fresh_for: Duration,
    /// What to send with the next request, so that the feed can say that nothing has changed.
    pub validators: CacheValidators,
    /// The URL of the next page according to the headers, as they write it.
    pub next_link: Option<Box<str>>,
    /// The number of records in the whole list according to the headers.
    pub total_items: Option<u64>,
    /// What else the headers say about the list, under the names that members of a page would have. `None` if nothing.
    pub claims: Option<Arc<Map<String, Value>>>,
    /// Whether the body was compressed without saying so.
    pub was_packed: bool,
}

impl AnswerArrival {
    /// Returns until when the response is fresh.
    pub(crate) fn fresh_until(&self) -> DateTime<Utc> {
        self.at + chrono::TimeDelta::from_std(self.fresh_for).unwrap_or(chrono::TimeDelta::MAX)
    }
}

/// Reads the bytes of a response, until told to give up.
pub(crate) type BodyReader<T> =
    Arc<dyn Fn(&[u8], &AnswerArrival, &ReadingPatience) -> Result<T, NotAPage> + Send + Sync>;

impl FeedEngine {
    /// Returns what removes the source's secrets from its responses.
    pub(crate) fn redactor(&self) -> &SecretRedactor {
        &self.redactor
    }

    /// Creates the engine of one source. `clients`, `log_redactor` and `memory` are shared with the other sources.
    pub(in crate::source) fn new(
        source: &config::SourceSettings,
        clients: &HttpClients,
        log_redactor: Arc<SecretRedactor>,
        memory: &ReadingMemory,
        clock: InstantClock,
    ) -> Self {
        let key = source.key.to_string();
        Self {
            client: clients.with_connect_timeout(source.limits.connect_timeout),
            credentials: SourceCredentials::of(source),
            redactor: SecretRedactor::of([source]),
            log_redactor,
            gate: SourceGate::new(&source.limits),
            turns: ReadingTurns::default(),
            account: memory.account(),
            breaker: CircuitBreaker::new(&key),
            limits: source.limits.clone(),
            key,
            clock,
        }
    }

    /// Divides the pace by the number of these gateways, which all send requests to the source.
    pub(in crate::source) fn sharing_pace_among(self, members: LiveMembers) -> Self {
        Self { gate: self.gate.sharing_pace_among(members), ..self }
    }

    /// Requests and reads a URL, with retries if the failure may be temporary. `place` decides which memory may be
    /// used.
    ///
    /// # Errors
    /// The failure of the last try.
    pub(crate) async fn get<T: Send + 'static>(
        &self,
        url: &Url,
        read: BodyReader<T>,
        place: &ReadingPlace,
    ) -> Result<EngineAnswer<T>, SourceError> {
        match self.get_if_changed(url, read, &CacheValidators::default(), place).await? {
            Some(got) => Ok(got),
            // Cannot happen: a 304 to an unconditional request is a failure.
            None => Ok(EngineAnswer::NotFound),
        }
    }

    /// Like [`FeedEngine::get`], but conditional. Returns `None` if the feed says that nothing has changed since the
    /// response that `known` came with.
    ///
    /// # Errors
    /// The failure of the last try.
    pub(crate) async fn get_if_changed<T: Send + 'static>(
        &self,
        url: &Url,
        read: BodyReader<T>,
        known: &CacheValidators,
        place: &ReadingPlace,
    ) -> Result<Option<EngineAnswer<T>>, SourceError> {
        retry::with_patience(self.limits.retries, || self.try_once(url, &read, known, place)).await
    }

    /// Requests and reads a URL once, for something that is useful but not necessary. A failure does not count against
    /// the source's health.
    ///
    /// # Errors
    /// The failure of the try.
    pub(crate) async fn glance<T: Send + 'static>(
        &self,
        url: &Url,
        read: BodyReader<T>,
    ) -> Result<EngineAnswer<T>, SourceError> {
        self.breaker.permit(&self.clock)?;
        let _permit = self.gate.enter(&self.clock).await?;
        let began = tokio::time::Instant::now();
        let result = self
            .attempt(url, &read, &CacheValidators::default(), &ReadingPlace::record())
            .await
            .map_err(|error| self.gate.heed(error));
        metrics::requested(&self.key, began.elapsed(), result.as_ref().err().map(|error| error.code));
        if result.is_ok() {
            self.gate.answered();
        }
        Ok(result?.unwrap_or(EngineAnswer::NotFound))
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Logs a message with the beginning of a body. A feed's own words go nowhere else.
    pub(crate) fn log_start(&self, what: &str, body: &[u8]) {
        tracing::warn!(source = %self.key, start = self.log_redactor.start_of(body), "{what}");
    }

    async fn try_once<T: Send + 'static>(
        &self,
        url: &Url,
        read: &BodyReader<T>,
        known: &CacheValidators,
        place: &ReadingPlace,
    ) -> Result<Option<EngineAnswer<T>>, SourceError> {
        self.breaker.permit(&self.clock)?;
        let _permit = self.gate.enter(&self.clock).await?;
        let began = tokio::time::Instant::now();
        let result = self.attempt(url, read, known, place).await.map_err(|error| self.gate.heed(error));
        self.note(url, &result, began.elapsed());
        result
    }

    // Log only the path of the URL: the rest may contain credentials.
    fn note<T>(&self, url: &Url, result: &Result<T, SourceError>, took: Duration) {
        metrics::requested(&self.key, took, result.as_ref().err().map(|error| error.code));
        match result {
            Err(error) => {
                let took_ms = took.as_millis();
                let path = &*self.log_redactor.text(url.path());
                tracing::warn!(source = %self.key, path, code = error.code.as_str(), reason = %error.message, took_ms, "a request to the source failed");
                self.breaker.failed(error);
            }
            Ok(_) => {
                self.gate.answered();
                self.breaker.succeeded();
            }
        }
    }
}
