//! Exports services: sorts the matches once, and reads them from the same snapshot batch by batch.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{OrderedServices, ServiceFinder};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::export::{batches, export_version};
use crate::federation::holding::{MatchedPlace, version_of};
use crate::federation::known_terms::UnknownTerm;
use crate::federation::report::{damaged, mark_lacking};
use crate::federation::{ExportBroken, QueryContext, RecordExport};
use crate::model::{Service, ServiceFilter, SourceKey};

impl ServiceFinder {
    /// Returns all services that match, and what the filter names that no source has. The order is the filter's: best
    /// match first, nearest first, or by name.
    ///
    /// A live source is exported from its list. If that leaves out what detail pages say, the source is reported as
    /// partial. Synchronised sources are exported with what their detail pages say.
    pub async fn export(
        &self,
        filter: &ServiceFilter,
        asking: &QueryContext,
    ) -> (RecordExport<Service>, Vec<UnknownTerm>) {
        let OrderedServices { services, snapshot, mut reports, unknown_terms } =
            self.in_order(filter, asking).await;
        for key in shallow_live_sources(&services) {
            let Some(holding) = self.holdings.get(&key) else { continue };
            let source = holding.source();
            if !source.lists_in_full(asking.until(source.limits().deadline)).await {
                let message = "its list leaves out what only detail pages say, which exports of live sources do not read";
                mark_lacking(&mut reports, &key, &damaged(message, self.holdings.now()));
            }
        }
        let step = snapshot.as_deref().map(version_of);
        let (freshness, total) = (asking.freshness(), services.len());
        let version = export_version(&[step], &reports, &self.holdings.live_versions());
        let batches = batches(services, move |services| read(services, snapshot.as_deref()));
        (RecordExport { reports, freshness, version, total, batches }, unknown_terms)
    }
}

/// Returns the live sources with services that are known only from list rows.
fn shallow_live_sources(services: &[MatchedPlace]) -> BTreeSet<SourceKey> {
    let shallow = services.iter().filter_map(|service| match service {
        MatchedPlace::Listed(service) if service.provenance.shallow => Some(service.id.source().clone()),
        MatchedPlace::Listed(_) | MatchedPlace::Stored(_) => None,
    });
    shallow.collect()
}

fn read(
    services: Vec<MatchedPlace>,
    snapshot: Option<&CatalogueSnapshot>,
) -> Result<Vec<Arc<Service>>, ExportBroken> {
    let read = services.into_iter().map(|service| service.read_passing(snapshot));
    let read = read.map(|read| match read {
        Ok(service) => service.ok_or(ExportBroken),
        Err(error) => {
            tracing::error!(%error, "cannot read a stored service for an export");
            Err(ExportBroken)
        }
    });
    read.collect()
}
