//! Pages of an edition.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::{EditionEntry, EditionKeeper, ListEdition};
use crate::federation::QueryContext;
use crate::model::{AnyRecord, Service, SourceKey};

/// The records of a page of an edition, in order.
#[derive(Debug, Default)]
pub struct EditionPage {
    /// The records.
    pub records: Vec<AnyRecord>,
    /// The sources of which a record of the page cannot be read, or only as its list states it.
    pub lacking: BTreeSet<SourceKey>,
}

/// The number of live records that are completed at once.
const AT_ONCE: usize = 8;

impl EditionKeeper {
    /// Reads at most `size` records of an edition, starting at index `from`.
    pub async fn edition_page(
        &self,
        edition: &Arc<ListEdition>,
        from: usize,
        size: usize,
        asking: &QueryContext,
    ) -> EditionPage {
        let of_edition = Arc::clone(edition);
        // Reading may wait for the disk.
        let reading = asking.off_thread(move |still| {
            let mut page = EditionPage::default();
            for entry in still.while_asked(of_edition.entries.iter().skip(from).take(size)) {
                match of_edition.read(entry) {
                    Some(record) => {
                        still.hold(record.weight());
                        page.records.push(record);
                    }
                    None => page.lacking.extend(of_edition.id(entry).map(|id| id.source().clone())),
                }
                if !still.may_hold_more() {
                    break;
                }
            }
            page
        });
        let Some(mut page) = reading.await else {
            asking.failed();
            return EditionPage {
                lacking: edition.reports.iter().map(|one| one.info.key.clone()).collect(),
                ..EditionPage::default()
            };
        };
        let completing = stream::iter(std::mem::take(&mut page.records));
        let completed = completing.map(|record| self.completed(record, asking)).buffered(AT_ONCE);
        let completed: Vec<(AnyRecord, Option<SourceKey>)> = completed.collect().await;
        for (record, lacking) in completed {
            page.records.push(record);
            page.lacking.extend(lacking);
        }
        if !page.lacking.is_empty() {
            asking.failed();
        }
        page
    }

    /// Removes from a record what has become private since it was read, and completes a live service from its detail
    /// page. Also returns the source if that page cannot be read.
    async fn completed(&self, record: AnyRecord, asking: &QueryContext) -> (AnyRecord, Option<SourceKey>) {
        let Some(holding) = self.holdings.get(record.id().source()) else { return (record, None) };
        let source = holding.source();
        let record = source.less_private(&record).unwrap_or(record);
        let AnyRecord::Service(service) = &record else { return (record, None) };
        let Some(detailed) = holding.detail_of(service, asking).await else { return (record, None) };
        let lacking = detailed.is_lacking.then(|| source.info().key.clone());
        let service: Arc<Service> = detailed.service;
        (AnyRecord::Service(service), lacking)
    }
}

impl ListEdition {
    fn read(&self, entry: &EditionEntry) -> Option<AnyRecord> {
        let snapshot = self.snapshot.as_ref();
        let read = match entry {
            EditionEntry::Live(record) => return Some(record.clone()),
            EditionEntry::Service(ordinal) => {
                snapshot?.completed_service(*ordinal).map(|one| Some(AnyRecord::Service(one)))
            }
            EditionEntry::Stored(id) => snapshot?.record(id),
        };
        read.inspect_err(|error| tracing::error!(%error, "cannot read a stored record")).ok()?
    }
}
