//! Verifying a store that may be damaged: its checksums, its structure, and every row of every table.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{
    Database, Key, ReadTransaction, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError,
    Value,
};

use super::open::{OpenFault, OpenedStore, attempt_database};
use super::tables::{CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, TEXTS};
use super::{RecordStore, StoreError, closing};

/// What verifying a store came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreVerdict {
    /// It can be opened.
    Sound,
    /// It must not be opened.
    Damaged(String),
    /// It could not be verified; that says nothing about the store.
    Unknown(String),
}

/// Verifies the store in a directory in this process, mending what a crash leaves undone. Pages that are damaged in
/// certain ways may abort the process.
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

/// Whether the store in a directory has to be verified before it is opened: there is one, and nothing says that it was
/// closed in order.
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

/// Reads every row. What a record says is not looked at: one that cannot be read is mended while running.
fn rows<K: Key, V: Value>(
    reading: &ReadTransaction,
    table: TableDefinition<'_, K, V>,
) -> Result<(), StoreError> {
    let table = match reading.open_table(table) {
        // One of an earlier release; opening makes it.
        Err(TableError::TableDoesNotExist(_)) => return Ok(()),
        table => table?,
    };
    for row in table.iter()? {
        let (key, value) = row?;
        let _ = (key.value(), value.value());
    }
    Ok(())
}
