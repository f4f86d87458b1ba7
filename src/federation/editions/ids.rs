//! Finds the id of a record from the UUID under which it is published.

use std::sync::Arc;

use tokio::time::Instant;
use uuid::Uuid;

use super::{EditionKeeper, EditionQuery};
use crate::federation::holding::Holdings;
use crate::federation::{Federation, QueryContext};
use crate::model::{OriginLicence, RecordId, RecordKind, RecordOrigin, SourceKey};
use crate::source::{RepublicationRule, SourceInfo};

/// The published ids of all records of a kind. Its entries stay true, but it may lack records that came later.
#[derive(Debug)]
pub(in crate::federation) struct PublishedIds {
    /// The first half of each UUID, sorted, with the index of its id.
    by_uuid: Vec<(u64, u32)>,
    ids: Vec<RecordId>,
    /// The state of the data that it was made from.
    state: u64,
    made: Instant,
}

/// The least time between two searches for unknown ids, so that asking for such ids costs little.
const AGAIN_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

impl PublishedIds {
    fn of(ids: Vec<RecordId>, state: u64) -> Self {
        let numbered = ids.iter().zip(0u32..);
        let mut by_uuid: Vec<(u64, u32)> = numbered.map(|(id, at)| (beginning(id.published()), at)).collect();
        by_uuid.sort_unstable();
        Self { by_uuid, ids, state, made: Instant::now() }
    }

    fn get(&self, uuid: Uuid) -> Option<&RecordId> {
        let wanted = beginning(uuid);
        let first = self.by_uuid.partition_point(|(beginning, _)| *beginning < wanted);
        let alike = self.by_uuid.iter().skip(first).take_while(|(beginning, _)| *beginning == wanted);
        alike.filter_map(|(_, at)| self.ids.get(*at as usize)).find(|id| id.published() == uuid)
    }
}

fn beginning(uuid: Uuid) -> u64 {
    uuid.as_u64_pair().0
}

impl EditionKeeper {
    /// Returns the id of the record that is published under a UUID. `None` if there is none.
    pub async fn published_as(
        &self,
        kind: RecordKind,
        uuid: Uuid,
        asking: &QueryContext,
    ) -> Option<RecordId> {
        let known = self.ids.get(&kind);
        if let Some(known) = &known {
            let found = known.get(uuid).cloned();
            let is_current = known.state == self.data_state() && self.holdings.snapshot().is_some();
            if found.is_some() || is_current || known.made.elapsed() < AGAIN_AFTER {
                return found;
            }
        }
        let state = self.data_state();
        let query = EditionQuery::all_of(kind);
        let edition = self.present_edition(&query, &format!("{kind:?}"), asking).await;
        let making = asking.off_thread(move |still| {
            let entries = still.while_asked(edition.entries.iter());
            PublishedIds::of(entries.filter_map(|entry| edition.id(entry)).collect(), state)
        });
        let made = Arc::new(making.await?);
        self.ids.insert(kind, Arc::clone(&made));
        made.get(uuid).cloned()
    }
}

impl Holdings {
    pub(in crate::federation) fn is_published(&self, key: &SourceKey) -> bool {
        self.get(key)
            .is_some_and(|holding| holding.source().info().republication == RepublicationRule::Allowed)
    }
}

impl Federation {
    /// Returns whether the records of a source may be published.
    pub fn is_published(&self, key: &SourceKey) -> bool {
        self.holdings.is_published(key)
    }

    /// Returns how a source is named as the publisher of its records. `None` if no source has this key.
    pub fn publisher(&self, key: &SourceKey) -> Option<RecordOrigin> {
        self.info(key).map(|info| publisher(&info))
    }
}

fn publisher(info: &SourceInfo) -> RecordOrigin {
    let licence = info.licence.as_ref().map(|licence| OriginLicence {
        name: licence.name.clone(),
        url: licence.url.clone(),
        spdx_id: licence.spdx_id.clone(),
    });
    RecordOrigin {
        name: info.name.clone(),
        publisher: info.publisher.clone(),
        homepage: info.homepage.clone(),
        feed: Some(info.url.clone()),
        licence,
        attribution: info.attribution.clone(),
        record_id: None,
        record_url: None,
    }
}
