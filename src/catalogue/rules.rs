//! Removes a catalogue that was read under other privacy rules: what an operator has decided to leave out must not be
//! served just because it was stored before.

use std::fs::{self, File, TryLockError};
use std::io::{Error, ErrorKind};
use std::path::Path;

use super::index::CatalogueIndex;
use super::store::{RecordStore, StoreError};

/// The name of the file with the rules in the catalogue's directory.
const NAME: &str = "rules.txt";

/// Removes what is stored in a directory if it was read under other rules, or by a release that did not record its
/// rules.
///
/// # Errors
/// If another process uses the catalogue, or what is stored cannot be removed. Then it must not be opened.
pub(super) fn begin_anew_under(directory: &Path, rules: &str) -> Result<(), StoreError> {
    let path = directory.join(NAME);
    if fs::read_to_string(&path).is_ok_and(|known| known == rules) {
        return Ok(());
    }
    let failed = |error: &Error| StoreError::Unavailable { path: path.clone(), reason: error.to_string() };
    fs::create_dir_all(directory).map_err(|error| failed(&error))?;
    remove_kept(directory)?;
    // Written last, so that an interrupted removal is repeated.
    fs::write(&path, rules).map_err(|error| failed(&error))
}

fn remove_kept(directory: &Path) -> Result<(), StoreError> {
    let store = RecordStore::path_in(directory);
    let failed = |path: &Path, error: &Error| StoreError::Unavailable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    match File::open(&store) {
        Ok(file) => match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(store)),
            Err(TryLockError::Error(error)) => return Err(failed(&store, &error)),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&store, &error)),
    }
    let kept = RecordStore::files_in(directory);
    let files = kept.iter().map(|path| (path, fs::remove_file(path)));
    let index = CatalogueIndex::path_in(directory);
    let index = std::iter::once((&index, fs::remove_dir_all(&index)));
    for (path, removed) in files.chain(index) {
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(path, &error)),
            Err(_) => {}
            Ok(()) => tracing::warn!(
                path = %path.display(),
                "removed, because it was read under different rules; every source is read again"
            ),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PostcodePlaces;

    #[test]
    fn what_was_read_by_other_rules_is_removed_and_what_was_read_by_these_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let (at, store) = (directory.path(), RecordStore::path_in(directory.path()));
        let aside = store.with_extension("redb.broken");
        let read_otherwise = |rules: &str| {
            begin_anew_under(at, rules).unwrap();
            !store.exists()
        };
        drop(RecordStore::open(Some(at), &PostcodePlaces::default()).unwrap());
        fs::write(&aside, "damaged").unwrap();
        assert!(read_otherwise("1/serve"), "by a release that wrote nothing down");
        assert!(!aside.exists());
        drop(RecordStore::open(Some(at), &PostcodePlaces::default()).unwrap());
        assert!(!read_otherwise("1/serve"));
        assert!(read_otherwise("1/omit"));
    }

    #[test]
    fn what_another_process_uses_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let open = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
        let refused = begin_anew_under(directory.path(), "1/omit");
        assert!(matches!(refused, Err(StoreError::InUse(_))), "{refused:?}");
        assert!(RecordStore::path_in(directory.path()).exists());
        drop(open);
    }
}
