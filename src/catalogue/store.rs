//! The store: every record of the synchronised sources, what changed in them, and where their synchronisers are.
//!
//! Everything here blocks; callers that must not are to call from threads that may.

mod closing;
mod move_aside;
mod open;
mod overlay;
mod read;
mod scratch;
mod tables;
#[cfg(test)]
mod tests;
mod verify;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::encoded::KeptError;
use super::journal::{JournalError, StepError};
use super::mending::StoreMending;
use crate::model::PostcodePlaces;
use closing::OpenDatabase;
use scratch::ScratchFile;

pub use read::{HistoryStretch, ListStretch, LocationsOf, StoreSnapshot, SyncNote, UnseenRecord};
pub use tables::{HistoryChange, HistoryChangeKind, StoredMark};
pub(super) use verify::is_to_be_verified;
pub use verify::{StoreVerdict, verify_store};
pub(super) use write::{JournalPlace, LoadingStore, PreparedWrite, PutDraft, TouchedService, WriteOutcome};

/// Moves the store of a directory aside, so that a new one is begun.
pub(super) fn set_aside(directory: &Path, reason: &str) -> std::io::Result<()> {
    closing::set_aside(&RecordStore::path_in(directory), reason)
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the file open.
    #[error("{} is in use by another process; give each gateway its own `catalogue.directory`", .0.display())]
    InUse(PathBuf),
    /// The file can be neither read nor made.
    #[error("{} cannot be opened: {reason}; check that `catalogue.directory` exists, has room and can be written to", .path.display())]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the store failed: {0}")]
    Storage(#[from] Box<redb::Error>),
    /// A record, or what is known of one, cannot be read or written.
    #[error("a record in the store is {0}")]
    Record(String),
    /// There is too little room where the store is; nothing was tried.
    #[error("no room: {} MiB free at {}, but {} MiB are needed before anything is written", .free >> 20, .path.display(), .wanted >> 20)]
    NoRoom {
        /// Where.
        path: PathBuf,
        /// The bytes that are free there.
        free: u64,
        /// The bytes that are to be free.
        wanted: u64,
    },
    /// No number is left for another service.
    #[error("the store has run out of numbers for services; remove it, and it is rebuilt")]
    Exhausted,
    /// Several gateways keep the catalogue together, and another one writes to it.
    #[error("another gateway leads; this one does not write to the catalogue")]
    NotLeading,
    /// Several gateways keep the catalogue together, and it cannot be told whether this was decided.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What the journal holds cannot be taken.
    #[error("a step of the journal is {0}")]
    Step(#[from] StepError),
    /// The work did not end: the gateway is about to stop, or something broke.
    #[error("the catalogue is closed")]
    Closed,
}

impl StoreError {
    /// The error for work that panicked, as it may on a damaged page.
    pub(super) fn broken_off() -> Self {
        Self::Record("damaged beyond what could be noticed".to_owned())
    }

    /// Whether the store was closed while it was read.
    fn is_closed(&self) -> bool {
        matches!(self, Self::Storage(inner) if matches!(**inner, redb::Error::DatabaseClosed))
    }
}

impl From<KeptError> for StoreError {
    fn from(error: KeptError) -> Self {
        Self::Record(error.to_string())
    }
}

impl From<postcard::Error> for StoreError {
    fn from(error: postcard::Error) -> Self {
        Self::Record(format!("damaged: {error}"))
    }
}

macro_rules! from_redb {
    ($($error:ident)*) => {
        $(impl From<redb::$error> for StoreError {
            fn from(error: redb::$error) -> Self {
                Self::Storage(Box::new(error.into()))
            }
        })*
    };
}
from_redb!(DatabaseError TransactionError TableError StorageError CommitError SetDurabilityError);

/// Where a store writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StorePlace {
    /// In a directory that outlives the gateway.
    Directory(PathBuf),
    /// In a temporary file that goes with the gateway.
    ScratchFile,
    /// In memory, perhaps over a file that can only be read.
    Memory,
}

impl StorePlace {
    /// The directory that is kept, if there is one.
    fn directory(&self) -> Option<&Path> {
        if let Self::Directory(directory) = self { Some(directory) } else { None }
    }

    /// A directory on the disk that what is written takes room of; none if it takes memory.
    pub(super) fn volume(&self) -> Option<PathBuf> {
        match self {
            Self::Directory(directory) => Some(directory.clone()),
            Self::ScratchFile => Some(ScratchFile::directory()),
            Self::Memory => None,
        }
    }
}

/// The store, open. One at a time may write; whoever reads holds a [`StoreSnapshot`].
#[derive(Clone, Debug)]
pub struct RecordStore {
    held: Arc<OpenDatabase>,
    place: StorePlace,
    postcodes: PostcodePlaces,
    mending: Arc<StoreMending>,
}
