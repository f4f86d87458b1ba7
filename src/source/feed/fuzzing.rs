//! Reads the bytes of an answer without a feed that sends them.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;

use super::Page;
use super::rows::{At, Context};
use crate::config;
use crate::source::ceilings::Ceilings;
use crate::source::collection::FromRow;
use crate::source::conformance::Ledger;
use crate::source::dialect::{Depth, NotAPage};
use crate::source::dialects::RepeatedTerms;
use crate::source::engine::{Arrival, Validators};
use crate::source::kept_back::KeptBack;
use crate::source::patience::Patience;
use crate::source::redactor::Redactor;
use crate::source::spoken::Spoken;

/// Reads the answers of a source whose dialect is configured.
pub(in crate::source) struct Bytes {
    context: Context,
    from: url::Url,
    arrival: Arrival,
}

impl Bytes {
    /// Returns `None` if the source has no dialect.
    pub(in crate::source) fn of(source: &config::Source) -> Option<Self> {
        let manner = Spoken::of(source).manner()?;
        let context = Context {
            key: source.key.clone(),
            standard: manner.description.standard.of_version(None),
            manner,
            omits_assurers: true,
            kept_back: Arc::new(KeptBack::default()),
            ledger: Arc::new(Ledger::default()),
            ceilings: Ceilings::of(&source.limits),
            redactor: Redactor::of([source]),
        };
        let validators = Validators::default();
        let (at, fresh_for) = (DateTime::UNIX_EPOCH, Duration::ZERO);
        let (next_link, total_items, claims) = (None, None, None);
        let arrival =
            Arrival { at, fresh_for, validators, next_link, total_items, claims, was_packed: false };
        Some(Self { context, from: source.url.clone(), arrival })
    }

    /// Reads a page of a list.
    pub(in crate::source) fn page<T: FromRow>(
        &self,
        body: &[u8],
        patience: &Patience,
    ) -> Result<Page<T>, NotAPage> {
        self.context.read_page(&self.from, body, &self.arrival, patience)
    }

    /// Reads a detail page. Returns `None` if it holds no record.
    pub(in crate::source) fn record<T: FromRow>(&self, body: &[u8], patience: &Patience) -> Option<T> {
        let row = self.context.manner.single(body, patience).ok()??;
        let at = At {
            arrival: &self.arrival,
            depth: Depth::Detail,
            patience,
            answer: body.len(),
            terms: RepeatedTerms::default(),
        };
        let signs = self.context.hear(T::KIND, &row, &at);
        self.context.read_row(row, signs, &at).ok()?.map(|(record, _)| record)
    }
}
