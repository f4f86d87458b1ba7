//! Exports: all matches in order, handed out in batches that belong to one version of the data.

use std::sync::Arc;

use super::find::{
    LocationFilter, OrganizationFilter, RecordLists, TaxonomyTermFilter, WantedOfOrganizations,
};
use super::holding::{AskedFeed, Holdings};
use super::{AnswerFreshness, PageRequest, QueryContext, RecordPage, SourceReport};
use crate::model::{ContentHash, HistoryPosition, Location, Organization, TaxonomyTerm};

/// All records that match, as they were at one moment. Later writes do not change it.
pub struct RecordExport<T> {
    /// How completely each source was considered.
    pub reports: Vec<SourceReport>,
    /// How fresh the data is.
    pub freshness: AnswerFreshness,
    /// The version of the data. Equal for equal data, as far as live sources can tell.
    pub version: String,
    /// The number of records.
    pub total: usize,
    pub(super) batches: ExportBatches<T>,
}

/// A stored record of an export cannot be read. Nothing can be exported in its place, so the export ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of the export cannot be read")]
pub struct ExportBroken;

/// Some records of an export, which may still have to be read. Several batches may be read at once.
pub struct ExportBatch<T>(Box<dyn FnOnce() -> Result<Vec<Arc<T>>, ExportBroken> + Send>);

/// Hands out the next records of an export, at most the given number.
type ExportBatches<T> = Box<dyn FnMut(usize) -> Option<ExportBatch<T>> + Send>;

/// Hands out records in batches. `read` turns places into records.
pub(super) fn batches<P: Send + 'static, T: 'static>(
    records: Vec<P>,
    read: impl Fn(Vec<P>) -> Result<Vec<Arc<T>>, ExportBroken> + Clone + Send + 'static,
) -> ExportBatches<T> {
    let mut left = records.into_iter();
    Box::new(move |most| {
        let records: Vec<P> = left.by_ref().take(most).collect();
        let read = read.clone();
        (!records.is_empty()).then(|| ExportBatch(Box::new(move || read(records))))
    })
}

impl<T> ExportBatch<T> {
    /// Returns the records in order. Waits for the disk, so call it on a thread that may block.
    ///
    /// # Errors
    /// If one of the records cannot be read.
    pub fn read(self) -> Result<Vec<Arc<T>>, ExportBroken> {
        (self.0)()
    }
}

impl<T> RecordExport<T> {
    /// Returns the next records in order, at most `most`. `None` once all have been handed out.
    pub fn next(&mut self, most: usize) -> Option<ExportBatch<T>> {
        (self.batches)(most)
    }

    /// Returns whether every source was considered in full.
    pub fn is_complete(&self) -> bool {
        self.reports.iter().all(|report| report.status.is_complete())
    }
}

impl RecordLists {
    /// Exports all organisations that match, by name.
    pub async fn export_organizations(
        &self,
        filter: &OrganizationFilter,
        asking: &QueryContext,
    ) -> RecordExport<Organization> {
        let before = self.holdings.version();
        let found = self
            .organizations(filter, &PageRequest::EVERYTHING, WantedOfOrganizations::default(), asking)
            .await;
        self.listed_export(found, before, asking)
    }

    /// Exports all locations that match: nearest first if the filter has `near`, otherwise by name.
    pub async fn export_locations(
        &self,
        filter: &LocationFilter,
        asking: &QueryContext,
    ) -> RecordExport<Location> {
        let before = self.holdings.version();
        let found = self.locations(filter, &PageRequest::EVERYTHING, asking).await;
        self.listed_export(found.connection, before, asking)
    }

    /// Exports all taxonomy terms that match, by name.
    pub async fn export_taxonomy_terms(
        &self,
        filter: &TaxonomyTermFilter,
        asking: &QueryContext,
    ) -> RecordExport<TaxonomyTerm> {
        let before = self.holdings.version();
        let found = self.taxonomy_terms(filter, &PageRequest::EVERYTHING, asking).await;
        self.listed_export(found, before, asking)
    }

    // Sources are read one after the other, so some of the records may show a step that was written meanwhile. The
    // version therefore notes the catalogue's position before and after.
    fn listed_export<T: Send + Sync + 'static>(
        &self,
        found: RecordPage<Arc<T>>,
        before: Option<HistoryPosition>,
        asking: &QueryContext,
    ) -> RecordExport<T> {
        let RecordPage { records, reports, .. } = found;
        RecordExport {
            freshness: asking.freshness(),
            version: export_version(
                &[before, self.holdings.version()],
                &reports,
                &self.holdings.live_versions(),
            ),
            reports,
            total: records.len(),
            batches: batches(records, Ok),
        }
    }
}

impl Holdings {
    /// Returns a text that changes when a live source is read: when each was last read.
    pub(super) fn live_versions(&self) -> String {
        let version = |AskedFeed { source, .. }: AskedFeed<'_>| {
            format!("{} {:?}\n", source.info().key, source.standing().last_success_at)
        };
        self.live().map(version).collect()
    }
}

/// Returns the version of an export: a hash of the catalogue's positions, of when live sources were read, and of how
/// completely each source was considered.
pub(super) fn export_version(
    steps: &[Option<HistoryPosition>],
    reports: &[SourceReport],
    live: &str,
) -> String {
    let considered: String = reports
        .iter()
        .map(|report| format!("{} {:?} {:?}\n", report.info.key, report.status, report.matched))
        .collect();
    ContentHash::of(format!("{steps:?}\n{live}{considered}").as_bytes()).as_str().to_owned()
}
