//! From an answer's bytes to records, held to the standard and to what may be kept of a feed.

use std::sync::Arc;

use url::Url;

use super::Page;
use crate::model::{IssueCode, RecordIssue, SourceKey};
use crate::source::ceilings::{Ceilings, TooLarge};
use crate::source::collection::FromRow;
use crate::source::conformance::{Departures, Ledger, Standard, Tally};
use crate::source::dialect::{Depth, NotAPage, Reading};
use crate::source::dialects::packed_issue;
use crate::source::engine::Arrival;
use crate::source::patience::Patience;
use crate::source::spoken::Manner;

/// What reading rows needs, on whatever thread it is done.
pub(super) struct Context {
    pub(super) key: SourceKey,
    pub(super) manner: Arc<Manner>,
    pub(super) standard: Option<Standard>,
    pub(super) omits_assurers: bool,
    pub(super) ledger: Arc<Ledger>,
    pub(super) ceilings: Ceilings,
}

/// An answer that is read.
pub(super) struct At<'a> {
    pub(super) arrival: &'a Arrival,
    pub(super) depth: Depth,
    pub(super) patience: &'a Patience,
    /// How many bytes it has.
    pub(super) answer: usize,
}

impl Context {
    pub(super) fn read_page<T: FromRow>(
        &self,
        from: &Url,
        body: &[u8],
        arrival: &Arrival,
        patience: &Patience,
    ) -> Result<Page<T>, NotAPage> {
        let mut envelope = self.manner.reader.envelope(body, patience)?;
        let at = At { arrival, depth: Depth::List, patience, answer: body.len() };
        let mut tally = Tally::default();
        let (rows, mut records) = (envelope.rows.len(), Vec::with_capacity(envelope.rows.len()));
        for row in std::mem::take(&mut envelope.rows) {
            if patience.is_over() {
                return Err(NotAPage::GivenUp);
            }
            match self.read_row::<T>(row, &at) {
                Ok(Some((record, departures))) => {
                    tally.add(record.id().upstream(), departures);
                    records.push(record);
                }
                Ok(None) => {}
                Err(TooLarge { message }) => {
                    envelope.broken.get_or_insert_with(|| message.clone());
                    envelope.issues.push(unreadable(message));
                }
            }
        }
        envelope.issues.extend(packed_issue().filter(|_| arrival.was_packed));
        for issue in &envelope.issues {
            tracing::debug!(source = %self.key, code = issue.code.as_str(), reason = %issue.message, "page departs from the standard");
        }
        tally.add_page(&envelope.issues);
        Ok(Page {
            url: from.clone(),
            rows,
            total_items: envelope.total_items,
            total_pages: envelope.total_pages.filter(|pages| *pages > 0),
            broken: envelope.broken,
            next: envelope.next.and_then(|link| self.manner.address.follow(from, &link)),
            records,
            fetched_at: arrival.at,
            fresh_for: arrival.fresh_for,
            tally,
            validators: arrival.validators.clone(),
            unchanged: Vec::new(),
        })
    }

    pub(super) fn read_row<T: FromRow>(
        &self,
        mut row: serde_json::Value,
        at: &At<'_>,
    ) -> Result<Option<(T, Departures)>, TooLarge> {
        let left_out = self.ceilings.apply(&mut row, at.answer)?;
        let mut departures = Departures::by_rule(self.standard, T::KIND, &row);
        let reading = Reading {
            source: &self.key,
            record_url: &*self.manner.address,
            fetched_at: at.arrival.at,
            fresh_until: at.arrival.fresh_until(),
            depth: at.depth,
            omits_assurers: self.omits_assurers,
            shape: None,
            max_id_length: self.ceilings.id_length,
            patience: at.patience,
        };
        let Some(mut record) = T::from_row(&*self.manner.reader, row, &reading) else { return Ok(None) };
        record.provenance_mut().issues.extend(left_out);
        departures.noted(&record.issues());
        Ok(Some((record, departures)))
    }
}

fn unreadable(message: String) -> RecordIssue {
    RecordIssue { code: IssueCode::Unreadable, path: String::new(), message, original: None }
}
