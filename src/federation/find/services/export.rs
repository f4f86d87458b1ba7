//! Exporting services: what matches is put in order once, and read from the same snapshot batch by batch.

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
    /// All services that match, in the order of the filter: the best match first, the nearest first, or by name; and what
    /// the filter names that no source has.
    ///
    /// A live source is exported as its list says; if that leaves out what only its detail pages say, it is reported as
    /// partial. Of a synchronised source, what its detail pages say is exported too.
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

/// The live sources of which some service is only what its list says of it.
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
