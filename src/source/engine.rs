//! QueryContext one source: one HTTP client, deadlines, a byte cap while streaming, retries, pace and a circuit
//! breaker. Knows nothing of records: what an answer means is the caller's to say, and what it says counts.

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

/// Asks one source.
pub(crate) struct FeedEngine {
    key: String,
    client: reqwest::Client,
    credentials: SourceCredentials,
    /// Takes this source's own secrets out of what it answers.
    redactor: SecretRedactor,
    /// Takes those of all sources out of what is logged of it.
    log_redactor: Arc<SecretRedactor>,
    limits: config::SourceLimits,
    gate: SourceGate,
    turns: ReadingTurns,
    account: MemoryAccount,
    breaker: CircuitBreaker,
    clock: InstantClock,
}

/// What a source says to a question for one address.
#[derive(Debug)]
pub(crate) enum EngineAnswer<T> {
    /// An answer, read.
    Found(T, AnswerArrival),
    /// That there is nothing there.
    NotFound,
    /// An answer without content, which says that there is nothing to be listed.
    NoContent(AnswerArrival),
}

/// An answer's arrival.
#[derive(Clone, Debug)]
pub(crate) struct AnswerArrival {
    /// When it came.
    pub at: DateTime<Utc>,
    /// How long it stays within its freshness target.
    pub fresh_for: Duration,
    /// What to ask by next time whether it has changed.
    pub validators: CacheValidators,
    /// Where its headers say that its list goes on, as they write it.
    pub next_link: Option<Box<str>>,
    /// How many records its headers say the whole list has.
    pub total_items: Option<u64>,
    /// What else they say of the list, by the names that members of a page would have; none where that is nothing.
    pub claims: Option<Arc<Map<String, Value>>>,
    /// Whether it was compressed and did not say so.
    pub was_packed: bool,
}

impl AnswerArrival {
    /// Until when it is within its freshness target.
    pub(crate) fn fresh_until(&self) -> DateTime<Utc> {
        self.at + chrono::TimeDelta::from_std(self.fresh_for).unwrap_or(chrono::TimeDelta::MAX)
    }
}

/// Makes something of an answer's bytes, for as long as there is patience with it.
pub(crate) type BodyReader<T> =
    Arc<dyn Fn(&[u8], &AnswerArrival, &ReadingPatience) -> Result<T, NotAPage> + Send + Sync>;

impl FeedEngine {
    /// Takes the source's own secrets out of what it answers.
    pub(crate) fn redactor(&self) -> &SecretRedactor {
        &self.redactor
    }

    /// For one source, sharing `clients`, `log_redactor` and `memory` with the others.
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

    /// Asks at a pace that is divided by these gateways.
    pub(in crate::source) fn sharing_pace_among(self, members: LiveMembers) -> Self {
        Self { gate: self.gate.sharing_pace_among(members), ..self }
    }

    /// Gets and reads what is at `url`, trying again where that may help. `place` decides which memory it may take.
    ///
    /// # Errors
    /// What the last try failed with.
    pub(crate) async fn get<T: Send + 'static>(
        &self,
        url: &Url,
        read: BodyReader<T>,
        place: &ReadingPlace,
    ) -> Result<EngineAnswer<T>, SourceError> {
        match self.get_if_changed(url, read, &CacheValidators::default(), place).await? {
            Some(got) => Ok(got),
            // A 304 that nobody asked for has failed before.
            None => Ok(EngineAnswer::NotFound),
        }
    }

    /// The same; none where the feed says that nothing has changed since what `known` is of was read.
    ///
    /// # Errors
    /// What the last try failed with.
    pub(crate) async fn get_if_changed<T: Send + 'static>(
        &self,
        url: &Url,
        read: BodyReader<T>,
        known: &CacheValidators,
        place: &ReadingPlace,
    ) -> Result<Option<EngineAnswer<T>>, SourceError> {
        retry::with_patience(self.limits.retries, || self.try_once(url, &read, known, place)).await
    }

    /// Gets and reads what is at `url` in a single try that may fail without saying anything of the source's health:
    /// for what is good to know and can be done without.
    ///
    /// # Errors
    /// What the try failed with.
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

    /// The current instant.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Says something in the log of a body, and how that begins: the only place where a feed's own words go.
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

    // Of the address only the path is told: credentials may stand in the rest of it.
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
