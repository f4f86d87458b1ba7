//! Reads the bytes of a response into records, and checks them against the standard and the configured limits.

use std::sync::Arc;

use url::Url;

use super::FeedPage;
use crate::model::{ContentHash, IssueCode, RecordIssue, RecordKind, SourceKey};
use crate::source::ceilings::{RecordCeilings, TooLarge};
use crate::source::collection::{FromRow, endpoint_name};
use crate::source::conformance::{ConformanceLedger, DepartureTally, FeedStandard, RecordDepartures};
use crate::source::dialect::{AnswerDepth, NotAPage, ReadingContext};
use crate::source::dialect_state::FeedManner;
use crate::source::dialects::{PrivacySigns, RepeatedTerms, claims_beside, id_of, packed_issue, stated};
use crate::source::engine::AnswerArrival;
use crate::source::kept_back::{KeptBack, StatedPrivacy};
use crate::source::onward::OnwardWord;
use crate::source::patience::ReadingPatience;
use crate::source::redactor::SecretRedactor;

/// What is needed to read rows, on any thread.
pub(super) struct ReadingRows {
    pub(super) key: SourceKey,
    pub(super) manner: Arc<FeedManner>,
    pub(super) standard: Option<FeedStandard>,
    pub(super) omits_assurers: bool,
    pub(super) kept_back: Arc<KeptBack>,
    pub(super) ledger: Arc<ConformanceLedger>,
    pub(super) ceilings: RecordCeilings,
    pub(super) redactor: SecretRedactor,
}

/// The response that is being read.
pub(super) struct ReadAnswer<'a> {
    pub(super) arrival: &'a AnswerArrival,
    pub(super) depth: AnswerDepth,
    pub(super) patience: &'a ReadingPatience,
    /// The size of the response in bytes.
    pub(super) answer: usize,
    /// The terms that the response has nested so far.
    pub(super) terms: RepeatedTerms,
}

impl ReadingRows {
    pub(super) fn read_page<T: FromRow>(
        &self,
        from: &Url,
        body: &[u8],
        arrival: &AnswerArrival,
        patience: &ReadingPatience,
    ) -> Result<FeedPage<T>, NotAPage> {
        let mut envelope = self.manner.envelope(body, patience)?;
        envelope.rows.iter_mut().for_each(|row| self.redactor.value(row));
        let at = ReadAnswer {
            arrival,
            depth: AnswerDepth::List,
            patience,
            answer: body.len(),
            terms: RepeatedTerms::default(),
        };
        let (mut tally, mut left_out) = (DepartureTally::default(), None);
        let (rows, mut records) = (envelope.rows.len(), Vec::with_capacity(envelope.rows.len()));
        // Privacy flags of all rows are collected first: a place hidden by the last row may be shown by the first.
        let signs: Vec<PrivacySigns> = envelope.rows.iter().map(|row| self.hear(T::KIND, row, &at)).collect();
        for (row, signs) in std::mem::take(&mut envelope.rows).into_iter().zip(signs) {
            if patience.is_over() {
                return Err(NotAPage::GivenUp);
            }
            match self.read_row::<T>(row, signs, &at) {
                Ok(Some((record, departures))) => {
                    tally.add(record.id().shared_upstream(), departures);
                    records.push(record);
                }
                Ok(None) => {}
                Err(TooLarge { message }) => {
                    left_out.get_or_insert_with(|| message.clone());
                    envelope.issues.push(unreadable(message));
                }
            }
        }
        envelope.issues.extend(packed_issue().filter(|_| arrival.was_packed));
        for issue in &envelope.issues {
            tracing::debug!(source = %self.key, code = issue.code.as_str(), reason = %issue.message, "page departs from the standard");
        }
        tally.add_page(&envelope.issues);
        let beside = arrival.claims.as_deref().map(|claims| claims_beside(claims, rows)).unwrap_or_default();
        let link = arrival.next_link.as_deref().map(|link| OnwardWord::Link(link.to_owned()));
        let said = [envelope.onward.take(), link, beside.onward].into_iter().flatten();
        let said = said.reduce(OnwardWord::or_stronger);
        Ok(FeedPage {
            url: from.clone(),
            rows,
            skipped: envelope.skipped,
            total_items: envelope.total_items.or(arrival.total_items).or(beside.total_items),
            total_pages: envelope.total_pages.or(beside.total_pages).filter(|pages| *pages > 0),
            broken: envelope.broken,
            left_out,
            is_first: envelope.is_first,
            onward: said.and_then(|said| self.manner.address.onward(from, said)),
            records,
            fetched_at: arrival.at,
            fresh_for: arrival.fresh_for,
            tally,
            validators: arrival.validators.clone(),
            unchanged: Vec::new(),
            shares: Vec::new(),
        })
    }

    /// Notes what a row says is private, so that it is withheld wherever it occurs.
    pub(super) fn hear(
        &self,
        kind: RecordKind,
        row: &serde_json::Value,
        at: &ReadAnswer<'_>,
    ) -> PrivacySigns {
        let (stated, signs) = stated(kind, row, self.omits_assurers);
        if !stated.is_empty() || !self.kept_back.is_empty() {
            let page = self.name_of_page(kind, at.depth, row, &stated);
            self.kept_back.hear(&page, &stated, at.arrival.at);
        }
        signs
    }

    /// Returns the name under which a row's privacy flags are remembered: where it was read, its kind and its id.
    fn name_of_page(
        &self,
        kind: RecordKind,
        depth: AnswerDepth,
        row: &serde_json::Value,
        stated: &StatedPrivacy,
    ) -> String {
        let place = match depth {
            AnswerDepth::List => "listed",
            AnswerDepth::Detail => "own",
        };
        let id = id_of(row).filter(|id| id.len() <= self.ceilings.id_length);
        // Without an id, there is no telling whether a later row replaces this one.
        let id = id.unwrap_or_else(|| ContentHash::of(format!("{stated:?}").as_bytes()).as_str().to_owned());
        format!("{place}/{}/{id}", endpoint_name(kind))
    }

    pub(super) fn read_row<T: FromRow>(
        &self,
        mut row: serde_json::Value,
        signs: PrivacySigns,
        at: &ReadAnswer<'_>,
    ) -> Result<Option<(T, RecordDepartures)>, TooLarge> {
        let left_out = self.ceilings.apply(&mut row, at.answer, signs.values())?;
        let mut departures = RecordDepartures::by_rule(self.standard, T::KIND, &row);
        let reading = ReadingContext {
            source: &self.key,
            record_url: &*self.manner.address,
            fetched_at: at.arrival.at,
            fresh_until: at.arrival.fresh_until(),
            depth: at.depth,
            omits_assurers: self.omits_assurers,
            kept_back: &self.kept_back,
            signs: Some(signs),
            shape: None,
            max_id_length: self.ceilings.id_length,
            max_parts: self.ceilings.parts,
            terms: &at.terms,
            patience: at.patience,
        };
        let Some(mut record) = T::from_row(self.manner.description.reader, row, &reading) else {
            return Ok(None);
        };
        record.provenance_mut().issues.extend(left_out);
        departures.noted(&record.issues());
        departures.tied(&record);
        Ok(Some((record, departures)))
    }
}

fn unreadable(message: String) -> RecordIssue {
    RecordIssue { code: IssueCode::Unreadable, path: String::new(), message, original: None }
}
