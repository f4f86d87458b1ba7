//! Opening: a new file, one of this release, one of another, or one that is broken.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableHandle as _, WriteTransaction};
use uuid::Uuid;

use super::tables::{CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, TEXTS};
use super::write::derive_facts;
use super::{Store, StoreError};
use crate::model::{Facts, Postcodes};

/// Where the store is in the catalogue's directory.
const NAME: &str = "catalogue.redb";

/// Rises whenever what stands in the tables is no longer to be read as before.
const FORMAT: u64 = 1;

/// Facts are written by position, so those of another release are made again from the records.
const FACTS_FORMAT: &str = concat!(env!("CARGO_PKG_VERSION"), "/5");

/// What the store may keep of its file in memory; the operating system keeps more.
const CACHE_BYTES: usize = 32 << 20;

impl Store {
    /// Opens the store in a directory, which is made where it is not there; none keeps it in memory.
    ///
    /// `postcodes` tell where services without coordinates are.
    ///
    /// A file of another format, or one that is damaged, is moved aside and a new one begun: what is in it can be
    /// read from the sources again.
    ///
    /// # Errors
    /// When another process has the store open, or when the directory can be neither read nor written.
    pub fn open(directory: Option<&Path>, postcodes: &Postcodes) -> Result<Self, StoreError> {
        Ok(Self::open_with_facts(directory, postcodes)?.0)
    }

    /// Where the store of a directory is.
    pub(in crate::catalogue) fn path_in(directory: &Path) -> PathBuf {
        directory.join(NAME)
    }

    /// Where a store is moved that cannot be read.
    pub(in crate::catalogue) fn path_aside(path: &Path) -> PathBuf {
        let mut aside = OsString::from(path);
        aside.push(".broken");
        PathBuf::from(aside)
    }

    /// Whether there is anything of a store in a directory.
    pub(in crate::catalogue) fn is_in(directory: &Path) -> bool {
        fs::metadata(Self::path_in(directory)).is_ok_and(|file| file.len() > 0)
    }

    /// The same as [`Store::open`], with the facts of every service: they are looked through in any case.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub(in crate::catalogue) fn open_with_facts(
        directory: Option<&Path>,
        postcodes: &Postcodes,
    ) -> Result<(Self, Vec<(u32, Facts)>), StoreError> {
        let Some(directory) = directory else {
            let store = Self::prepared(builder().create_with_backend(InMemoryBackend::new())?, postcodes)?;
            return Ok((store, Vec::new()));
        };
        let path = Self::path_in(directory);
        fs::create_dir_all(directory).map_err(|error| unavailable(&path, &error))?;
        match Self::attempt(&path, postcodes) {
            Ok(opened) => Ok(opened),
            Err(Fault::Refused(error)) => Err(error),
            Err(Fault::Broken(reason)) => {
                let aside = move_aside(&path).map_err(|error| unavailable(&path, &error))?;
                tracing::error!(
                    file = %path.display(), moved_to = %aside.display(), reason,
                    "the catalogue's store cannot be read; a new one is begun and every source read again"
                );
                Ok((Self::prepared(builder().create(&path)?, postcodes)?, Vec::new()))
            }
        }
    }

    fn attempt(path: &Path, postcodes: &Postcodes) -> Result<(Self, Vec<(u32, Facts)>), Fault> {
        // A damaged file may make the library give up in the middle.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let store = Self::prepared(builder().create(path)?, postcodes)?;
            let facts = store.look_through()?;
            Ok((store, facts))
        }));
        match opened {
            Ok(Ok(opened)) => Ok(opened),
            Ok(Err(error)) => Err(Fault::of(path, error)),
            Err(_) => Err(Fault::Broken("its pages contradict each other".to_owned())),
        }
    }

    /// Makes what a new store lacks, and brings an older one up to this release. One that has all of it is not written
    /// to: it opens though there be no room.
    fn prepared(database: Database, postcodes: &Postcodes) -> Result<Self, StoreError> {
        // Where places are depends on the postcodes that are known, too.
        let facts_format = format!("{FACTS_FORMAT}-{:016x}", postcodes.fingerprint());
        if !is_prepared(&database, &facts_format)? {
            prepare(&database, &facts_format, postcodes)?;
        }
        Ok(Self { database: Arc::new(database), postcodes: postcodes.clone(), mending: Arc::default() })
    }

    /// Reads what every question needs, so that a damaged store is noticed now and not at the first question.
    fn look_through(&self) -> Result<Vec<(u32, Facts)>, StoreError> {
        let snapshot = self.read()?;
        snapshot.history(0, 1)?;
        snapshot.all_facts()
    }
}

/// Why a file was not opened.
enum Fault {
    /// It can be read by nobody any more, or not by this release.
    Broken(String),
    /// It may be in order: it is not ours to move.
    Refused(StoreError),
}

impl Fault {
    fn of(path: &Path, error: StoreError) -> Self {
        let StoreError::Storage(inner) = &error else { return Self::Broken(error.to_string()) };
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

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Whether a store has everything that this release reads.
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

fn prepare(database: &Database, facts_format: &str, postcodes: &Postcodes) -> Result<(), StoreError> {
    let mut writing = database.begin_write()?;
    writing.set_quick_repair(true);
    make_tables(&writing)?;
    let is_new = writing.open_table(NUMBERS)?.get("format")?.is_none();
    let format = writing.open_table(NUMBERS)?.get("format")?.map_or(FORMAT, |format| format.value());
    if format != FORMAT {
        return Err(StoreError::Record(format!("of format {format}, and this release reads {FORMAT}")));
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
    // In the order in which they are made.
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

/// Only the newest broken file is kept: they must not fill the disk.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let aside = Store::path_aside(path);
    fs::rename(path, &aside)?;
    Ok(aside)
}

fn unavailable(path: &Path, reason: &std::io::Error) -> StoreError {
    StoreError::Unavailable { path: path.to_owned(), reason: reason.to_string() }
}
