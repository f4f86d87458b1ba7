//! Exports: all that matches, in order, handed out in batches that belong to one version of the data.

use std::sync::Arc;

use super::find::{
    LocationFilter, OrganizationFilter, RecordLists, TaxonomyTermFilter, WantedOfOrganizations,
};
use super::holding::{AskedFeed, Holdings};
use super::{AnswerFreshness, PageRequest, QueryContext, RecordPage, SourceReport};
use crate::model::{ContentHash, HistoryPosition, Location, Organization, TaxonomyTerm};

/// Everything that matches, as it was at one moment. What is written afterwards does not change it.
pub struct RecordExport<T> {
    /// How far each source was considered.
    pub reports: Vec<SourceReport>,
    /// How fresh the data is.
    pub freshness: AnswerFreshness,
    /// The version of the data: equal for equal data, as far as sources that are read live allow.
    pub version: String,
    /// The number of records.
    pub total: usize,
    pub(super) batches: ExportBatches<T>,
}

/// A stored record of an export cannot be read. Nothing can be exported in its place, so the export ends here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of the export cannot be read")]
pub struct ExportBroken;

/// Some records of an export, which may still have to be read. Several batches may be read at once.
pub struct ExportBatch<T>(Box<dyn FnOnce() -> Result<Vec<Arc<T>>, ExportBroken> + Send>);

/// Hands out the next records of an export, at most so many.
type ExportBatches<T> = Box<dyn FnMut(usize) -> Option<ExportBatch<T>> + Send>;

/// Hands out records in batches; `read` makes them of what stands for them.
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
    /// Returns the records in order. Waits for the disk, so for threads that may.
    ///
    /// # Errors
    /// If one of them cannot be read.
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
    /// All organisations that match, by name.
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

    /// All locations that match: the nearest first if the filter has `near`, otherwise by name.
    pub async fn export_locations(
        &self,
        filter: &LocationFilter,
        asking: &QueryContext,
    ) -> RecordExport<Location> {
        let before = self.holdings.version();
        let found = self.locations(filter, &PageRequest::EVERYTHING, asking).await;
        self.listed_export(found.connection, before, asking)
    }

    /// All taxonomy terms that match, by name.
    pub async fn export_taxonomy_terms(
        &self,
        filter: &TaxonomyTermFilter,
        asking: &QueryContext,
    ) -> RecordExport<TaxonomyTerm> {
        let before = self.holdings.version();
        let found = self.taxonomy_terms(filter, &PageRequest::EVERYTHING, asking).await;
        self.listed_export(found, before, asking)
    }

    // Sources are read one by one: a step that was written meanwhile may show in some of them.
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
    /// What the data of live sources goes by: when they were last read.
    pub(super) fn live_versions(&self) -> String {
        let version = |AskedFeed { source, .. }: AskedFeed<'_>| {
            format!("{} {:?}\n", source.info().key, source.standing().last_success_at)
        };
        self.live().map(version).collect()
    }
}

/// The version of what is exported: steps of the catalogue, what live sources go by, and how far each was considered.
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
