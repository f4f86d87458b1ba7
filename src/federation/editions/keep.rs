//! Caches editions, and chooses the one to answer a request from.

use std::sync::Arc;

use moka::future::Cache;
use moka::sync::Cache as SyncCache;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::build::EditionContent;
use super::ids::PublishedIds;
use super::{EditionQuery, ListEdition};
use crate::admission::ClientAddress;
use crate::federation::holding::{Holdings, StoredSource};
use crate::federation::{QueryContext, RecordLists, ServiceFinder, SourceReport};
use crate::model::RecordKind;

const MOST_WEIGHT: u64 = crate::config::memory::EDITIONS;
const MOST_WALKS: u64 = 10_000;
/// For how many seconds the lists of live sources are assumed not to change.
const LIVE_FOR: i64 = 10;

/// Caches editions, and chooses the one to answer a request from.
pub struct EditionKeeper {
    pub(super) holdings: Arc<Holdings>,
    pub(super) services: ServiceFinder,
    pub(super) lists: RecordLists,
    /// Distinguishes the tokens of this process from those of others.
    nonce: Uuid,
    recent: Cache<String, Arc<ListEdition>>,
    /// The token of the edition that a client is walking, by client and by what is listed.
    walks: SyncCache<(ClientAddress, String), String>,
    pub(super) ids: SyncCache<RecordKind, Arc<PublishedIds>>,
}

/// The edition that a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionWanted<'t> {
    /// The edition with this token.
    Token(&'t str),
    /// The edition of the present data, because a walk begins.
    Present,
    /// The edition that the client has been walking, or else the present one.
    Walked,
}

/// No edition has this token, or it is no longer kept, or it lists something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditionGone;

impl EditionKeeper {
    pub(in crate::federation) fn new(services: ServiceFinder, lists: RecordLists) -> Self {
        let recent = Cache::builder()
            .max_capacity(MOST_WEIGHT)
            .weigher(|_: &String, edition: &Arc<ListEdition>| edition.weight())
            .time_to_idle(ListEdition::KEPT_UNREAD)
            .time_to_live(ListEdition::KEPT_AT_MOST)
            .build();
        let walks =
            SyncCache::builder().max_capacity(MOST_WALKS).time_to_idle(ListEdition::KEPT_UNREAD).build();
        let ids = SyncCache::builder().time_to_idle(ListEdition::KEPT_AT_MOST).build();
        let holdings = Arc::clone(&lists.holdings);
        Self { holdings, services, lists, nonce: Uuid::new_v4(), recent, walks, ids }
    }

    /// Returns the edition to answer a client from. `subject` names what is listed: equal for equal queries.
    ///
    /// # Errors
    /// If an edition is asked for by its token, and is not kept or lists something else.
    pub async fn edition(
        &self,
        query: &EditionQuery,
        subject: &str,
        wanted: EditionWanted<'_>,
        client: ClientAddress,
        asking: &QueryContext,
    ) -> Result<Arc<ListEdition>, EditionGone> {
        let walk = (client, subject.to_owned());
        match wanted {
            EditionWanted::Token(token) => {
                let edition = self.recent.get(token).await;
                return edition.filter(|edition| edition.subject == subject).ok_or(EditionGone);
            }
            EditionWanted::Walked => {
                if let Some(token) = self.walks.get(&walk)
                    && let Some(edition) = self.recent.get(&token).await
                {
                    return Ok(edition);
                }
            }
            EditionWanted::Present => {}
        }
        let edition = self.present_edition(query, subject, asking).await;
        self.walks.insert(walk, edition.token.clone());
        Ok(edition)
    }

    /// Returns the edition of the present data. It is built once for everyone who asks at the same time.
    pub(super) async fn present_edition(
        &self,
        query: &EditionQuery,
        subject: &str,
        asking: &QueryContext,
    ) -> Arc<ListEdition> {
        let token = self.token(subject);
        let making = async {
            let version = self.holdings.version();
            let EditionContent { entries, snapshot, reports, unknown_terms } =
                self.edition_content(query, asking).await;
            let (token, subject, made_at) = (token.clone(), subject.to_owned(), self.holdings.now());
            Arc::new(ListEdition {
                token,
                subject,
                version,
                made_at,
                reports,
                unknown_terms,
                entries,
                snapshot,
            })
        };
        let edition = self.recent.get_with(token.clone(), Box::pin(making)).await;
        if edition.reports.iter().any(SourceReport::is_lacking) {
            // The next client may find more, so the answer is shared only briefly. Walks of this edition keep it.
            asking.failed();
        }
        edition
    }

    /// Drops expired editions every now and then. Never returns. The cache itself only drops them when it is used, and
    /// until then they keep the store from reusing space.
    pub async fn keep_forgetting(&self) {
        loop {
            tokio::time::sleep(ListEdition::KEPT_UNREAD).await;
            self.recent.run_pending_tasks().await;
        }
    }

    // Equal as long as nothing is written. Live lists may change at any time, so with live sources, or before all
    // sources are read, the token also changes every few seconds.
    fn token(&self, subject: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.nonce.as_bytes());
        hash.update(self.data_state().to_le_bytes());
        let has_live = self.holdings.live().next().is_some();
        let moment =
            if has_live || !self.is_settled() { self.holdings.now().timestamp() / LIVE_FOR } else { 0 };
        hash.update(moment.to_le_bytes());
        hash.update(subject.as_bytes());
        hash.finalize().iter().take(10).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// Returns a number that changes with every write of records.
    pub(super) fn data_state(&self) -> u64 {
        let Some(snapshot) = self.holdings.snapshot() else { return 0 };
        let keys = self.holdings.sources().iter().map(|source| &source.info().key);
        let each = keys.flat_map(|key| RecordKind::ALL.map(|kind| (kind, key)));
        each.map(|(kind, key)| snapshot.last_write(kind, key)).fold(0, u64::wrapping_add)
    }

    /// Returns whether every synchronised source has been read to its end.
    fn is_settled(&self) -> bool {
        let progress = self.holdings.stored().filter_map(StoredSource::progress);
        progress.into_iter().all(|progress| progress.is_warm && progress.error.is_none())
    }
}
