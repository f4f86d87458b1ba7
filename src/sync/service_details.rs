//! Reads detail pages of services: those of new and changed services first, each once in a sync run, several at a time.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::deletion_policy::is_many;
use super::regression_guard::RegressionGuard;
use super::sort::DueRecord;
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{RecordUpsert, SyncBatch};
use crate::model::{AnyRecord, ContentHash, DetailForm, RecordId, RecordKind, Service};
use crate::source::{
    CacheValidators, OwnPage, SourceError, SourceErrorCode, detail_unavailable, fill_from_list, has_no_own_id,
};

/// Why detail pages are read, which decides what pages with less content are counted against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DetailReason {
    /// The rows are new or have changed. A broken feed changes all its rows at once, so these pages are counted against
    /// the whole list.
    RowChanged,
    /// The rows have not changed, but it is time to read the pages again. Each run reads only some of these pages, so
    /// they are counted against those that it reads.
    Due,
}

/// A service whose detail page is to be read.
pub(super) struct WantedDetail {
    id: RecordId,
    /// The hash of its row, if known.
    row: Option<ContentHash>,
    /// Its row, if it is in memory.
    listed: Option<Arc<Service>>,
    /// Whether the row is newer than the stored form.
    is_newer: bool,
}

/// Detail pages are written when there are this many,
const FLUSH_AT: usize = 100;
/// or when the first has waited this long, so that they can be served, and are not lost if the gateway stops,
const FLUSH_AFTER: Duration = Duration::from_secs(2);
/// or when they are this large together, in bytes of JSON, because they wait in memory.
const FLUSH_BYTES: usize = 2 << 20;
/// The most bytes of JSON of pages with less content than the stored form, while it is undecided whether to accept
/// them. Further ones are read again in the next sync run.
const MOST_POORER: usize = 4 << 20;
/// If this many services in a row, from the first on, have no detail page, the feed has none.
const NONE_AT_ALL: usize = 20;
/// The prefix of the names of notes about detail pages.
const OWN: &str = "own/";

impl WantedDetail {
    /// A service whose row is in memory.
    pub(super) fn listed(listed: Arc<Service>, is_newer: bool) -> Self {
        let row = Some(listed.provenance.content_hash);
        Self { id: listed.id.clone(), row, listed: Some(listed), is_newer }
    }

    /// A service that is due to be read again.
    pub(super) fn due<T: RegressionGuard>(due: DueRecord<T>) -> Self {
        let listed = due.listed.map(T::any).and_then(Service::of);
        Self { id: due.id, row: due.row, listed, is_newer: false }
    }

    /// A service whose row is not kept in memory. If its detail page cannot be read, the stored form stands.
    pub(super) fn named(listed: &Service) -> Self {
        let row = Some(listed.provenance.content_hash);
        Self { id: listed.id.clone(), row, listed: None, is_newer: false }
    }

    /// Returns the row, if it is in memory.
    pub(super) fn row(&self) -> Option<&Service> {
        self.listed.as_deref()
    }

    /// Drops the row from memory.
    pub(super) fn without_row(self) -> Self {
        Self { listed: None, ..self }
    }
}

/// The result of reading a service's detail page.
struct DetailAnswer {
    wanted: WantedDetail,
    kept: Option<Arc<Service>>,
    page: Result<OwnPage<Service>, SourceError>,
}

/// Detail pages that are to be written.
struct ReadDetails {
    batch: SyncBatch,
    since: Instant,
    /// The number of services whose detail pages had been read before.
    met: u64,
    /// The size of the pages in the batch, in bytes of JSON.
    bytes: usize,
    /// The pages with less content than the stored form.
    poorer: Vec<ReadPage>,
    /// The number of further such pages, for which there is no room.
    poorer_beyond: u64,
    /// The size of `poorer`, in bytes of JSON.
    poorer_bytes: usize,
}

/// A detail page that was read.
struct ReadPage {
    upsert: RecordUpsert,
    /// The validators of the response, for conditional requests.
    note: Option<Vec<u8>>,
}

impl ReadDetails {
    fn begin(batch: SyncBatch) -> Self {
        Self {
            batch,
            since: Instant::now(),
            met: 0,
            bytes: 0,
            poorer: Vec::new(),
            poorer_beyond: 0,
            poorer_bytes: 0,
        }
    }

    fn is_due(&self) -> bool {
        self.batch.len() >= FLUSH_AT || self.bytes >= FLUSH_BYTES || self.since.elapsed() >= FLUSH_AFTER
    }

    // The note goes with the page, and never without it: a page that was refused has to be read again.
    fn accept(&mut self, page: ReadPage) {
        self.bytes += page.upsert.record.provenance().read_bytes;
        self.batch.notes.push((note_name(page.upsert.record.id()), page.note));
        self.batch.upserts.push(page.upsert);
    }

    // Returns the page if there is no room for it.
    fn put_off(&mut self, page: ReadPage) -> Option<ReadPage> {
        self.poorer_bytes += page.upsert.record.provenance().read_bytes;
        if self.poorer_bytes > MOST_POORER {
            self.poorer_beyond += 1;
            return Some(page);
        }
        self.poorer.push(page);
        None
    }
}

impl SyncRun<'_> {
    /// Reads the detail pages of all services that are stored only as rows, or whose rows have changed.
    pub(super) async fn read_details(&mut self) -> Result<(), WalkHalt> {
        let (source, walk) = (self.line.key().clone(), self.state.walk);
        let marks = self.line.with_store(move |store| store.marks(RecordKind::Service, &source)).await?;
        // Includes services that were due to be read again when the run was interrupted.
        let wanted =
            marks.into_iter().filter(|(_, mark)| mark.walk == walk && (!mark.whole || mark.row.is_none()));
        let wanted =
            wanted.map(|(id, mark)| WantedDetail { id, row: mark.row, listed: None, is_newer: false });
        let wanted = wanted.filter(|wanted| !self.line.was_tried(walk, wanted.id.upstream())).collect();
        self.read_pages(wanted, DetailReason::RowChanged).await
    }

    pub(super) async fn read_pages(
        &mut self,
        wanted: Vec<WantedDetail>,
        reason: DetailReason,
    ) -> Result<(), WalkHalt> {
        if wanted.is_empty() {
            return Ok(());
        }
        self.line.show(|progress| progress.to_hydrate += wanted.len() as u64);
        let line = self.line;
        let at_once = line.source.limits().max_concurrency.max(1);
        let answers = stream::iter(wanted).map(|wanted| async move { ask(line, wanted).await });
        let mut answers = std::pin::pin!(answers.buffer_unordered(at_once));
        let mut taken = ReadDetails::begin(self.batch());
        let (mut without, mut any_with) = (0, false);
        while let Some(answer) = answers.next().await {
            let answer = answer?;
            line.show(|progress| progress.hydrated += 1);
            match &answer.page {
                Ok(OwnPage::Missing) => without += 1,
                Ok(_) => any_with = true,
                Err(_) => {}
            }
            let halted = self.take(answer, &mut taken);
            if taken.is_due() || halted.is_some() {
                let full = std::mem::replace(&mut taken.batch, self.batch());
                self.keep_pages_read(full).await?;
                (taken.since, taken.bytes) = (Instant::now(), 0);
            }
            if let Some(error) = halted {
                return Err(WalkHalt::Feed(error));
            }
            if !any_with && without >= NONE_AT_ALL {
                tracing::debug!(source = %line.key(), "services have no detail pages");
                break;
            }
        }
        self.decide_on_poorer(&mut taken, reason).await?;
        self.keep_pages_read(taken.batch).await
    }

    /// Accepts the pages with less content, unless they are so many that something must be broken.
    async fn decide_on_poorer(
        &mut self,
        taken: &mut ReadDetails,
        reason: DetailReason,
    ) -> Result<(), WalkHalt> {
        let poorer = std::mem::take(&mut taken.poorer);
        let of = match reason {
            DetailReason::RowChanged => self.count(RecordKind::Service).await?,
            DetailReason::Due => taken.met,
        };
        let lost = poorer.len() as u64 + taken.poorer_beyond;
        let now = self.line.clock.now();
        let believed = self.state.history(RecordKind::Service).believes_poorer(now);
        if believed || !is_many(lost, of) {
            poorer.into_iter().for_each(|page| taken.accept(page));
            return Ok(());
        }
        self.poorer += poorer.len() as u64;
        self.sum.refused += poorer.len() as u64;
        poorer.into_iter().for_each(|page| self.leave(page, &mut taken.batch));
        Ok(())
    }

    // The stored form stands.
    fn leave(&self, page: ReadPage, batch: &mut SyncBatch) {
        let id = page.upsert.record.id().clone();
        self.line.note_tried(self.state.walk, id.upstream());
        batch.seen.push(id);
    }

    async fn keep_pages_read(&mut self, batch: SyncBatch) -> Result<(), WalkHalt> {
        // The state may have changed since the batch was begun.
        let written = self.keep(SyncBatch { state: Some(self.state.write()), ..batch }).await?;
        self.note_changes(&written);
        self.withhold_soon().await
    }

    /// Takes a result. Returns the error if no more pages can be read.
    fn take(&mut self, answer: DetailAnswer, taken: &mut ReadDetails) -> Option<SourceError> {
        let DetailAnswer { wanted, kept, page } = answer;
        match page {
            Ok(OwnPage::Read(page, arrival)) => {
                let marks = arrival.validators;
                let note = (!marks.is_empty()).then(|| postcard::to_stdvec(&marks).ok()).flatten();
                self.take_page(page, note, wanted, kept.as_ref(), taken);
            }
            Ok(OwnPage::Unchanged) => {
                taken.met += 1;
                taken.batch.settled.push((wanted.id, wanted.row));
            }
            Ok(OwnPage::Missing) => {
                self.line.note_tried(self.state.walk, wanted.id.upstream());
                taken.batch.upserts.extend(without_page(
                    &wanted,
                    kept,
                    "the feed lists the record but has no detail page for it",
                ));
            }
            Err(error) => return self.miss(error, wanted, kept, &mut taken.batch),
        }
        None
    }

    fn take_page(
        &mut self,
        mut page: Service,
        note: Option<Vec<u8>>,
        wanted: WantedDetail,
        kept: Option<&Arc<Service>>,
        taken: &mut ReadDetails,
    ) {
        if page.is_junk() || kept.is_some_and(|kept| page.is_worse_than(kept)) {
            self.sum.refused += 1;
            self.line.note_tried(self.state.walk, wanted.id.upstream());
            taken.batch.seen.push(wanted.id);
            return;
        }
        match DetailForm::of(&page, wanted.listed.as_deref(), kept.map(AsRef::as_ref)) {
            DetailForm::Complete => {}
            DetailForm::Filled(row) => fill_from_list(&mut page, row),
            DetailForm::Undecided => {
                // In the next sync run, the row will be in memory.
                self.line.note_tried(self.state.walk, wanted.id.upstream());
                taken.batch.settled.push((wanted.id, None));
                return;
            }
        }
        let page = Arc::new(page);
        let kept = kept.filter(|kept| !kept.provenance.shallow);
        let is_poorer = kept.is_some_and(|kept| page.is_poorer_than(kept));
        let read = ReadPage { upsert: RecordUpsert { row: wanted.row, ..RecordUpsert::from(page) }, note };
        taken.met += u64::from(kept.is_some());
        if !is_poorer {
            taken.accept(read);
        } else if let Some(read) = taken.put_off(read) {
            self.poorer += 1;
            self.sum.refused += 1;
            self.leave(read, &mut taken.batch);
        }
    }

    fn miss(
        &mut self,
        error: SourceError,
        wanted: WantedDetail,
        kept: Option<Arc<Service>>,
        batch: &mut SyncBatch,
    ) -> Option<SourceError> {
        match error.code {
            SourceErrorCode::CircuitOpen | SourceErrorCode::RateLimited | SourceErrorCode::Misconfigured => {
                return Some(error);
            }
            // The next try may succeed.
            SourceErrorCode::Timeout | SourceErrorCode::Connection | SourceErrorCode::Tls => {
                self.line.note_tried(self.state.walk, wanted.id.upstream());
                self.keep_without(&wanted, kept, &error.message, batch);
                self.lacks(error);
            }
            SourceErrorCode::HttpStatus | SourceErrorCode::InvalidResponse | SourceErrorCode::TooLarge => {
                self.line.note_tried(self.state.walk, wanted.id.upstream());
                self.keep_without(&wanted, kept, &error.message, batch);
            }
        }
        None
    }

    /// Stores what is known of a service whose detail page may exist but could not be read.
    fn keep_without(
        &mut self,
        wanted: &WantedDetail,
        kept: Option<Arc<Service>>,
        reason: &str,
        batch: &mut SyncBatch,
    ) {
        if kept.as_ref().is_none_or(|kept| kept.provenance.shallow) {
            self.state.note_without_page();
        }
        batch.upserts.extend(without_page(wanted, kept, reason));
    }
}

async fn ask(line: &super::source_sync::SourceSync, wanted: WantedDetail) -> Result<DetailAnswer, WalkHalt> {
    let (id, source) = (wanted.id.clone(), line.key().clone());
    let read = line.with_store(move |store| {
        let kept = store.get(&id)?.and_then(Service::of);
        let is_whole = store.mark(&id)?.is_some_and(|mark| mark.whole);
        let note = if is_whole { store.note(&source, &note_name(&id))? } else { None };
        Ok((kept, note))
    });
    let (kept, note) = read.await?;
    let known: CacheValidators = note.and_then(|note| postcard::from_bytes(&note).ok()).unwrap_or_default();
    let has_own_page = kept.as_ref().is_none_or(|kept| !has_no_own_id(&kept.provenance));
    let page = match has_own_page {
        true => line.source.own_page(wanted.id.upstream(), &known).await,
        // The feed does not know an id that was derived by the gateway.
        false => Ok(OwnPage::Missing),
    };
    Ok(DetailAnswer { wanted, kept, page })
}

/// Returns the row of a service whose detail page could not be read, with an issue that says so. Returns `None` if
/// there is nothing to change.
fn without_page(wanted: &WantedDetail, kept: Option<Arc<Service>>, reason: &str) -> Option<RecordUpsert> {
    let row = match (&wanted.listed, kept) {
        (Some(listed), _) if wanted.is_newer => Arc::clone(listed),
        (_, Some(kept)) if kept.provenance.shallow => kept,
        _ => return None,
    };
    let issue = detail_unavailable(reason);
    if row.provenance.issues.contains(&issue) {
        return None;
    }
    let mut row = Arc::unwrap_or_clone(row);
    row.provenance.issues.push(issue);
    let record = AnyRecord::Service(Arc::new(row));
    Some(RecordUpsert { newer: wanted.is_newer, row: wanted.row, ..RecordUpsert::from(record) })
}

fn note_name(id: &RecordId) -> Box<str> {
    format!("{OWN}{}", id.upstream()).into()
}
