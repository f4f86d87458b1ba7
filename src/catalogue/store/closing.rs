//! Records whether the store was closed properly, in a file beside it that holds the store's size and time of change.
//!
//! The file is removed when the store is opened and written once it is closed, so it is missing after a crash, a kill
//! or a power cut. It does not count if the store's size or time of change differs, as after a backup was restored.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use redb::Database;

use super::{RecordStore, StoreError, move_aside};

/// The name of the file in the catalogue's directory.
const NAME: &str = "catalogue.closed";

/// Returns the path of the file.
pub(super) fn note_in(directory: &Path) -> PathBuf {
    directory.join(NAME)
}

/// Returns whether the store in this directory was closed properly.
pub(super) fn was_closed(directory: &Path) -> bool {
    let note = fs::read_to_string(note_in(directory));
    note.is_ok_and(|note| state_of(directory).is_ok_and(|state| state == note))
}

/// Removes the file, so that it is missing if the process ends before the store is closed.
pub(super) fn reopen(directory: &Path) -> io::Result<()> {
    match fs::remove_file(note_in(directory)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync(directory),
    }
}

fn note(directory: &Path) -> io::Result<()> {
    let path = note_in(directory);
    fs::write(&path, state_of(directory)?)?;
    File::open(&path)?.sync_all()?;
    sync(directory)
}

/// Returns the store's size and the time of its last change, in nanoseconds since 1970.
fn state_of(directory: &Path) -> io::Result<String> {
    let store = fs::metadata(RecordStore::path_in(directory))?;
    let changed = store.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    Ok(format!("{} {}", store.len(), changed.as_nanos()))
}

#[cfg(unix)]
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where a directory can be synced")]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// An open database. Dropping it closes it and, if that succeeds, records that it was closed.
#[derive(Debug)]
pub(super) struct OpenDatabase {
    database: Option<Database>,
    directory: Option<PathBuf>,
}

impl OpenDatabase {
    /// Holds a database. `directory` is where to record that it was closed, if anywhere.
    pub(super) fn new(database: Database, directory: Option<PathBuf>) -> Self {
        Self { database: Some(database), directory }
    }

    /// Returns the database.
    pub(super) fn database(&self) -> Result<&Database, StoreError> {
        self.database.as_ref().ok_or(StoreError::Closed)
    }
}

impl Drop for OpenDatabase {
    fn drop(&mut self) {
        let closed = self.database.take().map(Database::close);
        let noted = match (closed, &self.directory) {
            (Some(Err(error)), _) => Err(io::Error::other(error)),
            (_, Some(directory)) if !std::thread::panicking() => note(directory),
            _ => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "the store was not closed properly; it is verified at the next start");
        }
    }
}

/// Moves a store that cannot be used aside, so that a new one can be created.
///
/// # Errors
/// If the file cannot be renamed.
pub(super) fn set_aside(path: &Path, reason: &str) -> io::Result<()> {
    let aside = move_aside::newest_first(path)?;
    tracing::error!(
        file = %path.display(), moved_to = %aside.display(), reason,
        "the catalogue's store cannot be used; creating a new one and reading every source again"
    );
    Ok(())
}
