//! The store: every record of the synchronised sources, the history of changes, and the state of each source's
//! synchronisation.
//!
//! All functions here block. Async code must call them on a thread that may block.

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

/// Moves the store of a directory aside, so that a new one can be created.
pub(super) fn set_aside(directory: &Path, reason: &str) -> std::io::Result<()> {
    closing::set_aside(&RecordStore::path_in(directory), reason)
}

/// Why the store could not carry out an operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the file open.
    #[error("{} is in use by another process; give each gateway its own `catalogue.directory`", .0.display())]
    InUse(PathBuf),
    /// The file can be neither read nor created.
    #[error("{} cannot be opened: {reason}; check that `catalogue.directory` exists, has room and can be written to", .path.display())]
    Unavailable {
        /// The file.
        path: PathBuf,
        /// What the system reported.
        reason: String,
    },
    /// Reading or writing failed.
    #[error("the store failed: {0}")]
    Storage(#[from] Box<redb::Error>),
    /// A record or its mark cannot be read or written.
    #[error("a record in the store is {0}")]
    Record(String),
    /// The volume of the store has too little room, so nothing was written.
    #[error("no room: {} MiB free at {}, but {} MiB are needed before anything is written", .free >> 20, .path.display(), .wanted >> 20)]
    NoRoom {
        /// The directory of the store.
        path: PathBuf,
        /// The number of bytes that are free.
        free: u64,
        /// The number of bytes that must be free before anything is written.
        wanted: u64,
    },
    /// The ordinals for services are used up.
    #[error("the store has run out of numbers for services; remove it, and it is rebuilt")]
    Exhausted,
    /// Several gateways share the catalogue, and another one writes to it.
    #[error("another gateway leads; this one does not write to the catalogue")]
    NotLeading,
    /// Several gateways share the catalogue, and it is unknown whether the journal has decided this write.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A step of the journal cannot be applied.
    #[error("a step of the journal is {0}")]
    Step(#[from] StepError),
    /// The work was not completed: the gateway is stopping, or a task failed.
    #[error("the catalogue is closed")]
    Closed,
}

impl StoreError {
    /// Creates the error for work that panicked, as it may on a damaged page.
    pub(super) fn broken_off() -> Self {
        Self::Record("damaged beyond what could be noticed".to_owned())
    }

    /// Returns whether the store was closed while it was read.
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
    /// In a directory, kept when the gateway stops.
    Directory(PathBuf),
    /// In a temporary file, removed when the gateway stops.
    ScratchFile,
    /// In memory, perhaps over a file on a disk that cannot be written to.
    Memory,
}

impl StorePlace {
    /// Returns the directory, if the store is kept when the gateway stops.
    fn directory(&self) -> Option<&Path> {
        if let Self::Directory(directory) = self { Some(directory) } else { None }
    }

    /// Returns a directory on the volume that the store takes up. `None` if the store is in memory.
    pub(super) fn volume(&self) -> Option<PathBuf> {
        match self {
            Self::Directory(directory) => Some(directory.clone()),
            Self::ScratchFile => Some(ScratchFile::directory()),
            Self::Memory => None,
        }
    }
}

/// An open store. It allows one writer at a time; each reader holds a [`StoreSnapshot`].
#[derive(Clone, Debug)]
pub struct RecordStore {
    held: Arc<OpenDatabase>,
    place: StorePlace,
    postcodes: PostcodePlaces,
    mending: Arc<StoreMending>,
}
