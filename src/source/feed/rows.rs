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
struct ReadAnswer<'a> {
    arrival: &'a AnswerArrival,
    depth: AnswerDepth,
    patience: &'a ReadingPatience,
    /// The size of the response in bytes.
    answer: usize,
    /// The terms that the response has nested so far.
    terms: RepeatedTerms,
}

impl<'a> ReadAnswer<'a> {
    fn new(
        body: &[u8],
        depth: AnswerDepth,
        arrival: &'a AnswerArrival,
        patience: &'a ReadingPatience,
    ) -> Self {
        Self { arrival, depth, patience, answer: body.len(), terms: RepeatedTerms::default() }
    }
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
        let at = ReadAnswer::new(body, AnswerDepth::List, arrival, patience);
        let (rows, mut tally) = (envelope.rows.len(), DepartureTally::default());
        let (records, left_out) = self.read_rows(std::mem::take(&mut envelope.rows), &at, &mut tally)?;
        envelope.issues.extend(left_out.iter().map(unreadable));
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
            rows,
            skipped: envelope.skipped,
            total_items: envelope.total_items.or(arrival.total_items).or(beside.total_items),
            total_pages: envelope.total_pages.or(beside.total_pages).filter(|pages| *pages > 0),
            broken: envelope.broken,
            left_out: left_out.into_iter().next().map(|too_large| too_large.message),
            is_first: envelope.is_first,
            onward: said.and_then(|said| self.manner.address.onward(from, said)),
            records,
            tally,
            validators: arrival.validators.clone(),
            ..FeedPage::empty(from.clone(), arrival.at, arrival.fresh_for)
        })
    }

    /// Reads the body of a detail page. Returns `None` if it contains no record.
    pub(super) fn read_single<T: FromRow>(
        &self,
        body: &[u8],
        arrival: &AnswerArrival,
        patience: &ReadingPatience,
    ) -> Result<Option<(T, RecordDepartures)>, NotAPage> {
        let at = ReadAnswer::new(body, AnswerDepth::Detail, arrival, patience);
        let mut read = None;
        if let Some(mut row) = self.manner.single(body, patience)? {
            self.redactor.value(&mut row);
            let signs = self.hear(T::KIND, &row, &at);
            read = self.read_row(row, signs, &at).map_err(|_| NotAPage::TooMuch)?;
        }
        if patience.is_over() { Err(NotAPage::GivenUp) } else { Ok(read) }
    }

    // Returns the records, and why others are too large.
    fn read_rows<T: FromRow>(
        &self,
        mut rows: Vec<serde_json::Value>,
        at: &ReadAnswer<'_>,
        tally: &mut DepartureTally,
    ) -> Result<(Vec<T>, Vec<TooLarge>), NotAPage> {
        rows.iter_mut().for_each(|row| self.redactor.value(row));
        // Privacy flags of all rows are collected first: a place hidden by the last row may be shown by the first.
        let signs: Vec<PrivacySigns> = rows.iter().map(|row| self.hear(T::KIND, row, at)).collect();
        let (mut records, mut left_out) = (Vec::with_capacity(rows.len()), Vec::new());
        for (row, signs) in rows.into_iter().zip(signs) {
            if at.patience.is_over() {
                return Err(NotAPage::GivenUp);
            }
            match self.read_row::<T>(row, signs, at) {
                Ok(Some((record, departures))) => {
                    tally.add(record.id().shared_upstream(), departures);
                    records.push(record);
                }
                Ok(None) => {}
                Err(too_large) => left_out.push(too_large),
            }
        }
        Ok((records, left_out))
    }

    /// Notes what a row says is private, so that it is withheld wherever it occurs.
    fn hear(&self, kind: RecordKind, row: &serde_json::Value, at: &ReadAnswer<'_>) -> PrivacySigns {
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

    fn read_row<T: FromRow>(
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

fn unreadable(row: &TooLarge) -> RecordIssue {
    let message = row.message.clone();
    RecordIssue { code: IssueCode::Unreadable, path: String::new(), message, original: None }
}
