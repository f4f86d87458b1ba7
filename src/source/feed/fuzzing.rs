//! Reads bytes as a response, without a feed that sends them.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;

use super::FeedPage;
use super::rows::ReadingRows;
use crate::config;
use crate::source::ceilings::RecordCeilings;
use crate::source::collection::FromRow;
use crate::source::conformance::ConformanceLedger;
use crate::source::dialect::NotAPage;
use crate::source::dialect_state::DialectState;
use crate::source::engine::{AnswerArrival, CacheValidators};
use crate::source::kept_back::KeptBack;
use crate::source::patience::ReadingPatience;
use crate::source::redactor::SecretRedactor;

/// Reads responses of a source whose dialect is configured.
pub(in crate::source) struct FuzzedBytes {
    context: ReadingRows,
    from: url::Url,
    arrival: AnswerArrival,
}

impl FuzzedBytes {
    /// Returns `None` if the source has no dialect.
    pub(in crate::source) fn of(source: &config::SourceSettings) -> Option<Self> {
        let manner = DialectState::of(source).manner()?;
        let context = ReadingRows {
            key: source.key.clone(),
            standard: manner.description.standard.of_version(None),
            manner,
            omits_assurers: true,
            kept_back: Arc::new(KeptBack::default()),
            ledger: Arc::new(ConformanceLedger::default()),
            ceilings: RecordCeilings::of(&source.limits),
            redactor: SecretRedactor::of([source]),
        };
        let validators = CacheValidators::default();
        let (at, fresh_for) = (DateTime::UNIX_EPOCH, Duration::ZERO);
        let (next_link, total_items, claims) = (None, None, None);
        let arrival =
            AnswerArrival { at, fresh_for, validators, next_link, total_items, claims, was_packed: false };
        Some(Self { context, from: source.url.clone(), arrival })
    }

    /// Reads a page of a list.
    pub(in crate::source) fn page<T: FromRow>(
        &self,
        body: &[u8],
        patience: &ReadingPatience,
    ) -> Result<FeedPage<T>, NotAPage> {
        self.context.read_page(&self.from, body, &self.arrival, patience)
    }

    /// Reads a detail page. Returns `None` if it contains no record.
    pub(in crate::source) fn record<T: FromRow>(&self, body: &[u8], patience: &ReadingPatience) -> Option<T> {
        self.context.read_single(body, &self.arrival, patience).ok()?.map(|(record, _)| record)
    }
}
