//! Verifies a store that may be damaged: its checksums, its structure, and every row of every table.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{
    Database, Key, ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError,
    Value,
};

use super::open::{OpenFault, OpenedStore, attempt_database};
use super::tables::{CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, TEXTS};
use super::{RecordStore, StoreError, closing};

/// The result of verifying a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreVerdict {
    /// The store can be opened.
    Sound,
    /// The store must not be opened. Contains the reason.
    Damaged(String),
    /// The store could not be verified, which says nothing about it. Contains the reason.
    Unknown(String),
}

/// Verifies the store in a directory in this process, and completes what a crash has left undone. Some kinds of damage
/// may abort the process.
pub fn verify_store(directory: &Path) -> StoreVerdict {
    let verified = catch_unwind(AssertUnwindSafe(|| {
        let path = RecordStore::path_in(directory);
        let OpenedStore { database, .. } =
            attempt_database(&path, true).map_err(|error| OpenFault::of(&path, error))?;
        walk(&database).map_err(|error| OpenFault::of(&path, error))?;
        database.close().map_err(|error| OpenFault::of(&path, error.into()))
    }));
    match verified {
        Ok(Ok(())) => StoreVerdict::Sound,
        Ok(Err(OpenFault::Broken(reason))) => StoreVerdict::Damaged(reason),
        Ok(Err(OpenFault::Refused(error))) => StoreVerdict::Unknown(error.to_string()),
        Err(_) => StoreVerdict::Damaged("its pages are inconsistent".to_owned()),
    }
}

/// Returns whether the store in a directory must be verified before it is opened: it exists, and nothing shows that it
/// was closed properly.
pub(in crate::catalogue) fn is_to_be_verified(directory: &Path) -> bool {
    super::RecordStore::is_in(directory) && !closing::was_closed(directory)
}

fn walk(database: &Database) -> Result<(), StoreError> {
    let reading = database.begin_read()?;
    rows(&reading, RECORDS)?;
    rows(&reading, MARKS)?;
    rows(&reading, FACTS)?;
    rows(&reading, NOTICED)?;
    rows(&reading, NAMERS)?;
    rows(&reading, COUNTS)?;
    rows(&reading, CHANGES)?;
    rows(&reading, STATES)?;
    rows(&reading, NOTES)?;
    rows(&reading, NUMBERS)?;
    rows(&reading, TEXTS)
}

/// Reads every row. Does not decode records: an unreadable record is repaired while the gateway runs.
fn rows<K: Key, V: Value>(
    reading: &ReadTransaction,
    table: TableDefinition<'_, K, V>,
) -> Result<(), StoreError> {
    let table = match reading.open_table(table) {
        // A store of an earlier release; opening it creates the table.
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        table => table?,
    };
    for row in table.iter()? {
        let (key, value) = row?;
        let _ = (key.value(), value.value());
    }
    Ok(())
}
