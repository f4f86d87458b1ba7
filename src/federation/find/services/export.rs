//! Exporting services: what matches is put in order once, and read from the same snapshot batch by batch.

use std::sync::Arc;

use super::kept::KeptCandidates;
use super::page::At;
use super::{Matching, ServiceQuery, Wanted, Yardstick};
use crate::catalogue::Snapshot;
use crate::federation::asking::StillAsked;
use crate::federation::export::{ExportBatches, export_version};
use crate::federation::known_terms::UnknownTerm;
use crate::federation::report::damaged;
use crate::federation::select::in_order;
use crate::federation::{
    Asking, ExportBatch, ExportBroken, FacetsWanted, Federation, GridsWanted, PageRequest, RecordExport,
    Report, ReportStatus, SourceError, SourceErrorCode,
};
use crate::model::{HistoryPosition, Postcodes, Service, ServiceFilter, SourceKey};

/// Where an exported service is.
#[derive(Clone, Copy, Debug)]
enum Spot {
    /// In the catalogue, by its number.
    Kept(u32),
    /// Among the live ones, by its place.
    Live(u32),
}

/// Services that have been put in order and are read when it is their turn.
struct ServicesInOrder {
    spots: std::vec::IntoIter<Spot>,
    live: Arc<[Arc<Service>]>,
    snapshot: Option<Arc<Snapshot>>,
}

impl Federation {
    /// All services that match, in the order of the filter: the best match first, the nearest first, or by name; and what
    /// the filter names that no source has.
    ///
    /// A live source is exported as its list says; if that leaves out what only its detail pages say, it is reported as
    /// partial. The stored ones are complete records, with the detail of their own pages.
    pub async fn export_services(
        &self,
        filter: &ServiceFilter,
        asking: &Asking,
    ) -> (RecordExport<Service>, Vec<UnknownTerm>) {
        let query = everything_of(filter);
        let matching = Arc::new(self.measured(filter, Yardstick::of(&query), asking).await);
        let unknown = self.unknown_terms(filter, &matching, asking).await;
        let mut reports = self.reports_of(&matching);
        for one in &matching.live {
            let source = &one.considered.source;
            let is_shallow = one.considered.matches.as_slice().iter().any(|one| one.provenance.shallow);
            if is_shallow && !source.lists_in_full(asking.until(source.limits().deadline)).await {
                lacks_details(&mut reports, &source.info().key, self.clock.now());
            }
        }
        let ordered = self.in_order(&matching, &query, asking).await;
        if ordered.is_none() {
            asking.failed();
            let error = damaged("the matches could not be sorted", self.clock.now());
            reports = reports.into_iter().map(|report| report.failed(error.clone())).collect();
        }
        let (spots, live) = ordered.unwrap_or_default();
        let snapshot = matching.kept.as_ref().map(|kept| Arc::clone(kept.snapshot()));
        let step = snapshot.as_ref().map(|snapshot| HistoryPosition {
            generation: snapshot.store().generation().into(),
            sequence: snapshot.store().sequence(),
        });
        let (freshness, total) = (asking.freshness(), spots.len());
        let version = export_version(&[step], &reports, &self.live_versions());
        let spots = spots.into_iter();
        let batches = Box::new(ServicesInOrder { spots, live: live.into(), snapshot });
        (RecordExport { reports, freshness, version, total, batches }, unknown)
    }

    async fn in_order(
        &self,
        matching: &Arc<Matching>,
        query: &ServiceQuery,
        asking: &Asking,
    ) -> Option<(Vec<Spot>, Vec<Arc<Service>>)> {
        let (matching, query, places) = (Arc::clone(matching), query.clone(), self.places());
        let considered = matching.considered();
        asking.off_thread_if_many(considered, move |asked| spots(&matching, &query, &places, asked)).await
    }
}

fn everything_of(filter: &ServiceFilter) -> ServiceQuery {
    ServiceQuery {
        filter: filter.clone(),
        order: filter.natural_order(),
        page: PageRequest { size: usize::MAX, after: None, before: None, from_end: false },
        wanted: Wanted::default(),
        facets: FacetsWanted::default(),
        grids: GridsWanted::default(),
    }
}

fn lacks_details(reports: &mut [Report], source: &SourceKey, at: chrono::DateTime<chrono::Utc>) {
    let message = "its list leaves out what only detail pages say, which exports of live sources do not read";
    let error = SourceError {
        code: SourceErrorCode::InvalidResponse,
        message: message.to_owned(),
        http_status: None,
        at,
        retry_after: None,
    };
    for report in reports.iter_mut().filter(|report| report.info.key == *source) {
        if report.status != ReportStatus::Failed {
            report.status = ReportStatus::Partial;
            report.error = report.error.take().or_else(|| Some(error.clone()));
        }
    }
}

fn spots(
    matching: &Matching,
    query: &ServiceQuery,
    places: &Postcodes,
    asked: &StillAsked,
) -> (Vec<Spot>, Vec<Arc<Service>>) {
    let yardstick = Yardstick::of(query);
    let kept = matching.kept.as_ref().map(|kept| kept.candidates(query.order, &query.page, asked));
    let KeptCandidates { mut candidates, are_in_order, .. } = kept.unwrap_or_default();
    let mut live: Vec<Arc<Service>> = Vec::new();
    for (number, one) in matching.live.iter().enumerate() {
        let each = asked.while_asked(one.considered.matches.as_slice().iter());
        for service in each {
            let at = At::Live(number, live.len());
            candidates.push(yardstick.candidate(&matching.filter, service, places, at));
            live.push(Arc::clone(service));
        }
    }
    let in_order = match are_in_order && live.is_empty() {
        true => candidates,
        false => in_order(candidates, query.order),
    };
    let spots = in_order.into_iter().filter_map(|candidate| match candidate.at {
        At::Kept(at) => matching.kept.as_ref()?.ordinal(at).map(Spot::Kept),
        At::Live(_, at) => u32::try_from(at).ok().map(Spot::Live),
    });
    (spots.collect(), live)
}

impl ExportBatches<Service> for ServicesInOrder {
    fn next(&mut self, most: usize) -> Option<ExportBatch<Service>> {
        let spots: Vec<Spot> = self.spots.by_ref().take(most).collect();
        let (live, snapshot) = (Arc::clone(&self.live), self.snapshot.clone());
        (!spots.is_empty()).then(|| ExportBatch::new(move || read(&spots, &live, snapshot.as_deref())))
    }
}

fn read(
    spots: &[Spot],
    live: &[Arc<Service>],
    snapshot: Option<&Snapshot>,
) -> Result<Vec<Arc<Service>>, ExportBroken> {
    let each = spots.iter().map(|spot| match spot {
        Spot::Live(at) => live.get(*at as usize).map(Arc::clone).ok_or(ExportBroken),
        Spot::Kept(ordinal) => snapshot.ok_or(ExportBroken)?.passing_service(*ordinal).map_err(|error| {
            tracing::error!(%error, "cannot read a stored service for an export");
            ExportBroken
        }),
    });
    each.collect()
}
