//! Completes a page from the details of its services, if the lists of live sources leave out something that is wanted.

use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;

use super::{MatchingServices, PageService, ServiceFinder};
use crate::federation::holding::AskedMatches;
use crate::federation::report::mark_lacking;
use crate::federation::{QueryContext, RecordPage, WantedFacts};
use crate::model::{Service, SourceKey};

impl ServiceFinder {
    /// Reads the details of those services of a page whose rows say too little, all at once.
    pub(super) async fn complete_page(
        &self,
        page: &mut RecordPage<PageService>,
        matching: &MatchingServices,
        wanted: WantedFacts,
        asking: &QueryContext,
    ) {
        let lacking = matching.asked().filter(|asked| asked.lacks(wanted)).map(AskedMatches::key);
        let lacking: HashSet<&SourceKey> = lacking.collect();
        let silent = silent_sources(page, matching, wanted, asking).await;
        if lacking.is_empty() && silent.is_empty() {
            return;
        }
        let is_poor = |service: &Service| {
            let source = service.id.source();
            lacking.contains(source) || (silent.contains(source) && wanted.is_silent(service))
        };
        self.read_details(page, is_poor, asking).await;
    }

    async fn read_details(
        &self,
        page: &mut RecordPage<PageService>,
        is_poor: impl Fn(&Service) -> bool,
        asking: &QueryContext,
    ) {
        let sources: HashMap<_, _> =
            self.holdings.sources().iter().map(|source| (&source.info().key, source)).collect();
        let detailed = join_all(page.records.iter().map(async |on_page| {
            let listed = on_page.record().filter(|service| is_poor(service))?;
            let source = sources.get(listed.id.source())?;
            Some((*source, source.in_detail(listed, asking.until(source.limits().deadline)).await))
        }))
        .await;
        for (at, detailed) in detailed.into_iter().enumerate() {
            let Some((source, detailed)) = detailed else { continue };
            if let Some(on_page) = page.records.get_mut(at)
                && let Some(listed) = on_page.record().cloned()
            {
                *on_page = PageService::Detailed(detailed.service, listed);
            }
            if let Some(error) = detailed.error.filter(|_| detailed.is_lacking) {
                asking.degraded(source.limits().fresh_for);
                mark_lacking(&mut page.reports, &source.info().key, &error);
            }
        }
    }
}

/// Returns the live sources whose rows on this page leave out something that is wanted, and whose details are known to
/// say more than rows do.
async fn silent_sources<'m>(
    page: &RecordPage<PageService>,
    matching: &'m MatchingServices,
    wanted: WantedFacts,
    asking: &QueryContext,
) -> HashSet<&'m SourceKey> {
    let on_page = page.records.iter().filter_map(PageService::record);
    let silent: HashSet<&SourceKey> =
        on_page.filter(|service| wanted.is_silent(service)).map(|service| service.id.source()).collect();
    let asked = matching.asked().filter(|asked| silent.contains(asked.key()));
    let sources = asked.map(async |asked| {
        let source = &asked.considered.source;
        let until = asking.until(source.limits().deadline);
        (!source.rows_say_all(until).await).then_some(asked.key())
    });
    join_all(sources).await.into_iter().flatten().collect()
}
