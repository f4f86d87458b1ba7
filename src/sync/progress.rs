//! How far the synchronisation of a source has come, for those who watch it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::deletion_policy::DeletionDoubt;
use crate::model::RecordKind;
use crate::source::SourceError;

/// How far the synchronisation of a source has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncProgress {
    /// What it is doing.
    pub phase: SyncPhase,
    /// Services that the walk under way, or the last one, has seen in lists.
    pub walked: u64,
    /// Services that the feed says it has, if it says so.
    pub expected: Option<u64>,
    /// Services' own pages that the walk has read.
    pub hydrated: u64,
    /// Services' own pages that it wants to read, those it has read included.
    pub to_hydrate: u64,
    /// When the walk under way, or the last one, began.
    pub started_at: Option<DateTime<Utc>>,
    /// When a walk last came to its end.
    pub finished_at: Option<DateTime<Utc>>,
    /// When the next walk begins, while none is under way.
    pub next_at: Option<DateTime<Utc>>,
    /// Why the last walk is not whole, if it is not; what is not believed of what it saw, if it is.
    pub error: Option<SourceError>,
    /// Services of which only their rows are known, since their own pages could not be had.
    pub without_page: u64,
    /// Whether the feed says that it has more services than it shows.
    pub falls_short: bool,
    /// Why not all records of a kind are kept, by kind; of services the other members tell.
    pub unread: Arc<BTreeMap<RecordKind, SourceError>>,
    /// Whether a walk has ever read the list of services to its end: before that, what is kept is not all there is.
    pub is_warm: bool,
    /// Whether there is something to answer from, if not all there is: something was kept when the gateway was started, or
    /// a walk has come to its end. Nobody waits for the rest.
    pub has_arrived: bool,
    /// Whether the last walk left out what exceeds a ceiling of the configuration.
    pub is_cut: bool,
    /// Why records that the last walk did not see are kept all the same. `None` if it saw all.
    pub doubt: Option<DeletionDoubt>,
}

/// What a synchronisation is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncPhase {
    /// Waiting for the next walk.
    #[default]
    Waiting,
    /// Reading lists.
    Listing,
    /// Reading services' own pages.
    Hydrating,
    /// Taking together what services say of organisations, places and terms.
    Deriving,
}

impl SyncPhase {
    /// One word for people and for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Listing => "listing",
            Self::Hydrating => "details",
            Self::Deriving => "deriving",
        }
    }
}
