//! Opening a store: a new file, or one that is of this release, of another release, or broken.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableHandle as _, WriteTransaction};
use uuid::Uuid;

use super::closing::{self, OpenDatabase};
use super::overlay::FileOverlay;
use super::scratch::ScratchFile;
use super::tables::{CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, TEXTS};
use super::write::derive_facts;
use super::{RecordStore, StoreError, StorePlace, move_aside};
use crate::model::{PostcodePlaces, ServiceFacts};

/// The name of the store in the catalogue's directory.
const NAME: &str = "catalogue.redb";

/// The format of the tables. Raised when data of an earlier format can no longer be read correctly.
const FORMAT: u64 = 1;

/// The format of facts. Facts are encoded by position, so those of another release are derived again from the records.
pub(super) const FACTS_FORMAT: &str = concat!(env!("CARGO_PKG_VERSION"), "/10");

/// The most of its file that the store caches, in bytes. The operating system caches more.
const CACHE_BYTES: usize = 32 << 20;

/// A database that was opened.
pub(super) struct OpenedStore {
    pub(super) database: Database,
    /// Whether the disk cannot be written to, so that what is written stays in memory.
    pub(super) is_read_only: bool,
}

impl RecordStore {
    /// Opens the store in a directory, which is created if it does not exist. Without a directory, the store is removed
    /// when the gateway stops.
    ///
    /// `postcodes` locate services without coordinates.
    ///
    /// A file that is damaged or of another format is moved aside and a new one created: the sources can be read again.
    /// On a disk that cannot be written to, the store is read, and changes stay in memory.
    ///
    /// # Errors
    /// If another process has the store open, or the directory can be neither read nor created.
    pub fn open(directory: Option<&Path>, postcodes: &PostcodePlaces) -> Result<Self, StoreError> {
        Ok(Self::open_with_facts(directory, postcodes)?.0)
    }

    /// Returns the path of the store in a directory.
    pub(in crate::catalogue) fn path_in(directory: &Path) -> PathBuf {
        directory.join(NAME)
    }

    /// Returns the path of every file of a store that a directory may contain, including stores that were moved aside.
    pub(in crate::catalogue) fn files_in(directory: &Path) -> Vec<PathBuf> {
        let store = Self::path_in(directory);
        let mut files = move_aside::places(&store);
        files.extend([closing::note_in(directory), store]);
        files
    }

    /// Returns whether a directory contains a store that is not empty.
    pub(in crate::catalogue) fn is_in(directory: &Path) -> bool {
        fs::metadata(Self::path_in(directory)).is_ok_and(|file| file.len() > 0)
    }

    /// Opens the store as [`RecordStore::open`] does, and also returns the facts of every service: opening reads them
    /// in any case.
    ///
    /// # Errors
    /// As [`RecordStore::open`].
    pub(in crate::catalogue) fn open_with_facts(
        directory: Option<&Path>,
        postcodes: &PostcodePlaces,
    ) -> Result<(Self, Vec<(u32, ServiceFacts)>), StoreError> {
        let Some(directory) = directory else { return Self::unkept(postcodes) };
        let path = Self::path_in(directory);
        fs::create_dir_all(directory).map_err(|error| unavailable(&path, &error))?;
        let fault = match Self::attempt(directory, postcodes) {
            Ok(opened) => return Ok(opened),
            Err(OpenFault::Refused(error)) => return Err(error),
            Err(OpenFault::Broken(reason)) => reason,
        };
        match closing::set_aside(&path, &fault) {
            Ok(()) => Self::attempt(directory, postcodes).map_err(|fault| match fault {
                OpenFault::Refused(error) => error,
                OpenFault::Broken(reason) => StoreError::Unavailable { path, reason },
            }),
            Err(error) if is_read_only(&error) => {
                tracing::error!(
                    file = %path.display(), reason = fault,
                    "the catalogue's store cannot be used, and nothing can be written beside it; starting with an empty \
                     catalogue that does not survive restarts, and reading every source again"
                );
                Self::unkept(postcodes)
            }
            Err(error) => Err(unavailable(&path, &error)),
        }
    }

    /// Creates a store that is removed when the gateway stops.
    fn unkept(postcodes: &PostcodePlaces) -> Result<(Self, Vec<(u32, ServiceFacts)>), StoreError> {
        let (database, place) = match ScratchFile::new() {
            Ok(file) => (builder().create_with_backend(file)?, StorePlace::ScratchFile),
            Err(error) => {
                tracing::info!(
                    directory = %ScratchFile::directory().display(), %error,
                    "cannot use a temporary file for the catalogue; holding it in memory"
                );
                (builder().create_with_backend(InMemoryBackend::new())?, StorePlace::Memory)
            }
        };
        Ok((Self::prepared(database, place, postcodes)?, Vec::new()))
    }

    fn attempt(
        directory: &Path,
        postcodes: &PostcodePlaces,
    ) -> Result<(Self, Vec<(u32, ServiceFacts)>), OpenFault> {
        let path = Self::path_in(directory);
        // The database library may panic on a damaged file.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let OpenedStore { database, is_read_only } = attempt_database(&path, false)?;
            if is_read_only {
                tracing::warn!(
                    file = %path.display(),
                    "cannot write to the catalogue's disk: serving the stored data, and holding new data in memory until \
                     the gateway stops"
                );
            } else if let Err(error) = closing::reopen(directory) {
                tracing::warn!(%error, "cannot write to the catalogue's directory, although its store can be written");
            }
            let place =
                if is_read_only { StorePlace::Memory } else { StorePlace::Directory(directory.to_owned()) };
            let store = Self::prepared(database, place, postcodes)?;
            let facts = store.look_through()?;
            Ok((store, facts))
        }));
        match opened {
            Ok(Ok(opened)) => Ok(opened),
            Ok(Err(error)) => Err(OpenFault::of(&path, error)),
            Err(_) => Err(OpenFault::Broken("its pages are inconsistent".to_owned())),
        }
    }

    /// Creates what a new store lacks, and updates a store of another release. A store that lacks nothing is not
    /// written to, so it opens even if the disk is full.
    fn prepared(
        database: Database,
        place: StorePlace,
        postcodes: &PostcodePlaces,
    ) -> Result<Self, StoreError> {
        // Facts also depend on the known postcodes.
        let facts_format = format!("{FACTS_FORMAT}-{:016x}", postcodes.fingerprint());
        let held = OpenDatabase::new(database, place.directory().map(Path::to_owned));
        if !is_prepared(held.database()?, &facts_format)? {
            prepare(held.database()?, &facts_format, postcodes)?;
        }
        Ok(Self { held: Arc::new(held), place, postcodes: postcodes.clone(), mending: Arc::default() })
    }

    /// Returns where the store writes.
    pub(in crate::catalogue) fn place(&self) -> &StorePlace {
        &self.place
    }

    /// Reads what every query needs, so that damage is noticed now rather than at the first query.
    fn look_through(&self) -> Result<Vec<(u32, ServiceFacts)>, StoreError> {
        let snapshot = self.read()?;
        snapshot.history(0, 1)?;
        snapshot.all_facts()
    }
}

/// Opens a file, or creates a new one. If the disk cannot be written to, opens the file for reading. `is_suspect`
/// verifies the checksum of every page first.
pub(super) fn attempt_database(path: &Path, is_suspect: bool) -> Result<OpenedStore, StoreError> {
    let mut builder = builder();
    builder.set_check_integrity_on_open(is_suspect);
    match builder.create(path).map_err(redb::Error::from) {
        Ok(database) => Ok(OpenedStore { database, is_read_only: false }),
        Err(redb::Error::Io(error)) if is_read_only(&error) => over_read_only(path, &builder),
        Err(error) => Err(StoreError::Storage(Box::new(error))),
    }
}

/// Opens a file on a disk that cannot be written to.
pub(super) fn over_read_only(path: &Path, builder: &redb::Builder) -> Result<OpenedStore, StoreError> {
    let overlay = File::open(path).and_then(FileOverlay::over).map_err(|error| match error.kind() {
        ErrorKind::WouldBlock => StoreError::InUse(path.to_owned()),
        _ => unavailable(path, &error),
    })?;
    Ok(OpenedStore { database: builder.create_with_backend(overlay)?, is_read_only: true })
}

fn is_read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied)
}

/// Why a file was not opened.
pub(super) enum OpenFault {
    /// The file cannot be read, or not by this release.
    Broken(String),
    /// The file may be in order, so it must not be moved aside.
    Refused(StoreError),
}

impl OpenFault {
    pub(super) fn of(path: &Path, error: StoreError) -> Self {
        let inner = match &error {
            StoreError::Storage(inner) => inner,
            StoreError::InUse(_) | StoreError::Unavailable { .. } => return Self::Refused(error),
            _ => return Self::Broken(error.to_string()),
        };
        match &**inner {
            redb::Error::DatabaseAlreadyOpen => Self::Refused(StoreError::InUse(path.to_owned())),
            redb::Error::Io(io)
                if !matches!(io.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) =>
            {
                Self::Refused(unavailable(path, io))
            }
            other => Self::Broken(other.to_string()),
        }
    }
}

pub(super) fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Returns whether a store has everything that this release reads.
fn is_prepared(database: &Database, facts_format: &str) -> Result<bool, StoreError> {
    let reading = database.begin_read()?;
    let tables: Vec<String> = reading.list_tables()?.map(|table| table.name().to_owned()).collect();
    if !table_names().iter().all(|name| tables.iter().any(|table| table == name)) {
        return Ok(false);
    }
    let format = reading.open_table(NUMBERS)?.get("format")?.map(|format| format.value());
    let facts = reading.open_table(TEXTS)?.get("facts")?.map(|text| text.value().to_owned());
    Ok(format == Some(FORMAT) && facts.as_deref() == Some(facts_format))
}

fn prepare(database: &Database, facts_format: &str, postcodes: &PostcodePlaces) -> Result<(), StoreError> {
    let mut writing = database.begin_write()?;
    writing.set_quick_repair(true);
    make_tables(&writing)?;
    let is_new = writing.open_table(NUMBERS)?.get("format")?.is_none();
    let format = writing.open_table(NUMBERS)?.get("format")?.map_or(FORMAT, |format| format.value());
    if format != FORMAT {
        return Err(StoreError::Record(format!("of format {format}, but this release reads {FORMAT}")));
    }
    let known = writing.open_table(TEXTS)?.get("facts")?.map(|text| text.value().to_owned());
    if known.as_deref() != Some(facts_format) {
        derive_facts(&writing, postcodes)?;
    }
    {
        writing.open_table(NUMBERS)?.insert("format", FORMAT)?;
        let mut texts = writing.open_table(TEXTS)?;
        texts.insert("facts", facts_format)?;
        if is_new {
            texts.insert("generation", Uuid::new_v4().to_string().as_str())?;
        }
    }
    writing.commit()?;
    Ok(())
}

fn table_names() -> [&'static str; 11] {
    // In the order in which they are created.
    [
        RECORDS.name(),
        MARKS.name(),
        FACTS.name(),
        NOTICED.name(),
        NAMERS.name(),
        COUNTS.name(),
        CHANGES.name(),
        STATES.name(),
        NOTES.name(),
        NUMBERS.name(),
        TEXTS.name(),
    ]
}

fn make_tables(writing: &WriteTransaction) -> Result<(), StoreError> {
    writing.open_table(RECORDS)?;
    writing.open_table(MARKS)?;
    writing.open_table(FACTS)?;
    writing.open_table(NOTICED)?;
    writing.open_table(NAMERS)?;
    writing.open_table(COUNTS)?;
    writing.open_table(CHANGES)?;
    writing.open_table(STATES)?;
    writing.open_table(NOTES)?;
    writing.open_table(NUMBERS)?;
    writing.open_table(TEXTS)?;
    Ok(())
}

fn unavailable(path: &Path, reason: &std::io::Error) -> StoreError {
    StoreError::Unavailable { path: path.to_owned(), reason: reason.to_string() }
}
