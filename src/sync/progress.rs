//! The progress of a source's synchronisation, for observers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::deletion_policy::DeletionDoubt;
use crate::model::RecordKind;
use crate::source::SourceError;

/// The progress of a source's synchronisation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncProgress {
    /// What it is doing now.
    pub phase: SyncPhase,
    /// The number of services seen in lists by the current sync run, or the last one.
    pub walked: u64,
    /// The number of services that the feed claims to have. `None` if it makes no claim.
    pub expected: Option<u64>,
    /// The number of detail pages of services that the run has read.
    pub hydrated: u64,
    /// The number of detail pages of services that the run wants to read, including those already read.
    pub to_hydrate: u64,
    /// When the current sync run, or the last one, began.
    pub started_at: Option<DateTime<Utc>>,
    /// When a sync run last ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When the next sync run begins. `None` while one is in progress.
    pub next_at: Option<DateTime<Utc>>,
    /// When the oldest of the stored services was last read or seen, as long as their list was never read to its end.
    pub oldest_at: Option<DateTime<Utc>>,
    /// Why the last sync run is incomplete or, if it is complete, which part of what it saw is not accepted.
    pub error: Option<SourceError>,
    /// The number of services known only from list rows, because their detail pages could not be read.
    pub without_page: u64,
    /// Whether the feed claims more services than it shows.
    pub falls_short: bool,
    /// Why not all records of a kind are stored, by kind. For services, the other fields tell.
    pub unread: Arc<BTreeMap<RecordKind, SourceError>>,
    /// Whether a sync run has ever read the list of services to its end. Before that, the stored services are
    /// incomplete.
    pub is_warm: bool,
    /// Whether queries can be answered, perhaps incompletely: records were stored before the gateway started, or a sync
    /// run has ended. Queries do not wait for the rest.
    pub has_arrived: bool,
    /// Whether the last sync run left out what exceeds a configured limit.
    pub is_cut: bool,
    /// Why records that the last sync run did not see are kept. `None` if it saw all of them.
    pub doubt: Option<DeletionDoubt>,
}

/// What a synchronisation is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncPhase {
    /// Waiting for the next sync run.
    #[default]
    Waiting,
    /// Reading lists.
    Listing,
    /// Reading detail pages of services.
    Hydrating,
    /// Collecting organisations, places and terms from services.
    Deriving,
}

impl SyncPhase {
    /// Returns one word, for people and for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Listing => "listing",
            Self::Hydrating => "details",
            Self::Deriving => "deriving",
        }
    }
}
